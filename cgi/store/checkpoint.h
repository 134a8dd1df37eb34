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

/* Between groups: passive when the log grew by a few megabytes, and when the store is idle; waiting for readers, for a
 * bounded time, once it is large. */
void checkpoint_consider(struct checkpoint_state *state, struct sql *db, bool is_idle);

/* At the end: everything into the database, an empty log. */
void checkpoint_finish(struct sql *db);

#endif
