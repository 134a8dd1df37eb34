/* When the write-ahead log is moved into the database. The store's connection does every checkpoint: SQLite
 * before 3.51.3 can lose committed rows when one connection checkpoints while another commits. */
#ifndef SNUG_STORE_CHECKPOINT_H
#define SNUG_STORE_CHECKPOINT_H

#include "sql/sql.h"

struct checkpoint_state {
	int64_t tried_at_bytes; /* size of the log at the last passive one */
	int64_t last_at_ms;     /* clock_monotonic_ms of the last of any kind */
	bool has_alarmed;
};

/* Between groups, of which the last had so many callers: passive when the log grew by a few megabytes, and when the
 * store is idle; waiting for readers, for a bounded time, once it is large. A checkpoint costs two flushes and the
 * writing of its pages, and everybody who asks meanwhile waits for it: where many ask it comes less often (measured
 * with 2 ms a flush and 64 clients: every 4 MB one post in fourteen waited 8 to 16 ms longer). */
void checkpoint_consider(struct checkpoint_state *state, struct sql *db, int callers);

/* At the end: everything into the database, an empty log. */
void checkpoint_finish(struct sql *db);

#endif
