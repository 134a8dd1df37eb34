/* What the index is asked: an expression of FTS5's query language, in which every word stands in quotes. */
#ifndef SNUG_DOMAIN_SEARCH_MATCH_H
#define SNUG_DOMAIN_SEARCH_MATCH_H

#include "domain/search/search_resolve.h"

/* In the arena. Every query gives a valid one: of what no word can be made, nothing is found. */
enum err search_match(struct sql *db, struct arena *arena, const struct search_access *access,
		      const struct search_query *query, const struct search_resolved *resolved,
		      const char **out) MUST_USE;

/* Whether the words that the index makes of this text, ready to be made words of, end in one that is long enough to be
 * looked for as a beginning. */
enum err search_match_is_prefix(struct sql *db, struct str ready, bool *out) MUST_USE;

#endif
