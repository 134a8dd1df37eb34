/* A number that goes up whenever a session or an account may have changed, in memory that snug-store alone can write
 * and the others only read (base/shared.h). Nobody is told that a session has ended before the number has gone up: so
 * what was read of a session holds for as long as the number is what it was before that read began. */
#ifndef SNUG_DOMAIN_SESSION_SESSION_CHANGES_H
#define SNUG_DOMAIN_SESSION_SESSION_CHANGES_H

#include "base/err.h"
#include "sql/sql.h"

#include <stdbool.h>
#include <stdint.h>

struct session_changes_memory;

/* The store's side: maps the memory, raises the number once, since a store that died may have committed without doing
 * so, and from then on with every commit of the connection that touches what sessions are found by. Before anybody is
 * served. Errors: ERR_INTERNAL. */
enum err session_changes_watch(struct sql *db, int fd) MUST_USE;

/* A reader's side. fd -1, or memory that no store has made use of yet: nothing can be relied on. */
struct session_changes {
	int fd;
	const struct session_changes_memory *memory; /* NULL until it is there */
};

void session_changes_open(struct session_changes *changes, int fd);

/* The number as it is now; false where there is none. */
bool session_changes_read(struct session_changes *changes, uint64_t *number);

#endif
