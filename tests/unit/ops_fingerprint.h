/* A number for all that a database holds: what left no trace left it as it was. */
#ifndef SNUG_TESTS_OPS_FINGERPRINT_H
#define SNUG_TESTS_OPS_FINGERPRINT_H

#include <sqlite3.h>
#include <stdint.h>

/* Of what is committed, by a connection beside the store's. It stays open for the next call, until another file is
 * asked about or it is closed. */
uint64_t ops_fingerprint(const char *path);
void ops_fingerprint_close(void);

/* Of what a connection sees, such as within its transaction. */
uint64_t ops_fingerprint_of(sqlite3 *connection);

#endif
