/* The segments that the index consists of. Each transaction that told it something added one; merging makes fewer of
 * them, and what was taken out of the index is gone from the disk once the segment in which it stood was merged into
 * the oldest. */
#ifndef SNUG_DOMAIN_SEARCH_SEGMENTS_H
#define SNUG_DOMAIN_SEARCH_SEGMENTS_H

#include "sql/sql.h"

struct search_segments {
	int count;
	bool is_merging;                   /* a merge has begun and goes on with the next step */
	int64_t largest_id, largest_pages; /* the segment of most pages; ids are used again */
	bool has_asked;                    /* whether the segment that was asked for is there */
};

/* Reads what there is. asked (may be NULL) is an earlier reading: whether its largest segment is there still. */
enum err search_segments_read(struct sql *db, const struct search_segments *asked,
			      struct search_segments *out) MUST_USE;

/* One step of merging, of up to so many pages; from a negative number on all segments become one. *is_done when there
 * was nothing to merge. Store only, within a transaction. */
enum err search_segments_merge(struct sql *db, int pages, bool *is_done) MUST_USE;

#endif
