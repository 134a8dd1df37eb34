/* What the index of messages is to be told, until the transaction ends. SQLite's FTS5 writes a segment of its own
 * whenever a savepoint begins or ends, and ops may have some; told once, a group of ops makes one segment. Store only.
 *
 * Invariant: entries of an op that failed are cut off again (op_execute), so that at the end of a transaction the queue
 * holds exactly what its ops changed. */
#ifndef SNUG_DOMAIN_SEARCH_QUEUE_H
#define SNUG_DOMAIN_SEARCH_QUEUE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;

struct search_entry {
	int64_t message_id;
	bool is_leaving;                         /* else it enters */
	size_t order;                            /* in which the entries came */
	size_t text_at, text_n, tags_at, tags_n; /* in words */
};

/* All zero is an empty one. */
struct search_queue {
	struct search_entry *entries;
	size_t count, capacity;
	struct buf words;
	bool has_losses; /* words were taken away somewhere in the database: they are to be purged */
	int unmerged;    /* segments that were added since the last merge had nothing to do */
	int merge_from;  /* as it was last set; 0: not by this process */
};

/* How many segments of like size are made one: the more, the less often each word is written anew, and the more of them
 * a search has to look into. While a purge goes on any two are: FTS5 goes on with a merge of two only once it has
 * merged those of a lower level that are as many, so where these were too few to be merged the purge would never end.
 */
enum { SEARCH_MERGE_FROM_PURGE = 2, SEARCH_MERGE_FROM_IDLE = 4, SEARCH_MERGE_FROM_BUSY = 16 };

/* A place in the queue, to go back to. */
struct search_mark {
	size_t count, words_n;
	bool has_losses;
};

struct search_mark search_queue_mark(const struct search_queue *queue);
void search_queue_cut(struct search_queue *queue, struct search_mark mark);

void search_queue_add(struct search_queue *queue, int64_t message_id, bool is_leaving, struct str text,
		      struct str tags);

/* Tells the index, within the open transaction but outside of any savepoint, and empties the queue. An index that turns
 * out to be damaged is told nothing and made anew: search_mark_damaged. */
enum err search_queue_flush(struct search_queue *queue, struct sql *db, int64_t now_ms) MUST_USE;

/* One step of merging, of up to so many pages (search_segments_merge), from one of SEARCH_MERGE_FROM_ on. Within a
 * transaction. */
enum err search_queue_merge(struct search_queue *queue, struct sql *db, int merge_from, int pages,
			    bool *is_done) MUST_USE;

/* Notes that the index is not what it should be: search_catch_up makes it anew. */
enum err search_mark_damaged(struct sql *db) MUST_USE;

void search_queue_clear(struct search_queue *queue);
void search_queue_free(struct search_queue *queue);

#endif
