/* The upkeep of the index of messages and of the database's files, between groups and in bounded steps.
 *
 * Merging: each group adds a small segment to the index; from time to time some become one.
 * Purging: what was deleted or edited is overwritten in the tables at once, but its words stay in segments of the index
 * until these are merged into the oldest, and all of it in the write-ahead log. So when the store starts, and whenever
 * purge_after_s have passed, all segments become one if something was taken away, and then the log is moved into the
 * database and cut to nothing. The unused parts of pages are zeroed as they are written (sql/vfs.c). */
#ifndef SNUG_STORE_UPKEEP_H
#define SNUG_STORE_UPKEEP_H

#include "domain/search/search_segments.h"
#include "store/ops.h"

/* What sql_migrate copies the database to, in the data folder; it goes after a week. */
#define UPKEEP_OLD_COPY "snug.db.before-migration"

struct upkeep {
	enum { UPKEEP_WAITING, UPKEEP_MERGING, UPKEEP_EMPTYING } stage; /* of purging */
	int64_t begun_at_ms;           /* wall clock: what was taken away until then is being purged */
	int64_t emptied_at_ms;         /* monotonic: when the log was last cut to nothing */
	struct search_segments oldest; /* as they were when it began */
	bool has_merged;               /* the index was purged, and not only the log */
	bool
	    knows_segments; /* engine->search.unmerged counts all that wait to be merged: those of the last store are */
	bool is_due;        /* whatever the time: what was due when the last store ended is not known */
};

void upkeep_init(struct upkeep *upkeep);

/* Takes one step; while the store is_busy with callers nothing is merged but by search_queue_flush, where it has to be.
 * *is_done when nothing more is to be done at once. What fails was logged, and is tried again. */
enum err upkeep_step(struct upkeep *upkeep, struct op_engine *engine, bool is_busy, bool *is_done) MUST_USE;

#endif
