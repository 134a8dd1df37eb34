/* What the index is asked: an expression of FTS5's query language, in which every word stands in quotes. */
#ifndef SNUG_DOMAIN_SEARCH_MATCH_H
#define SNUG_DOMAIN_SEARCH_MATCH_H

#include "domain/search/search_resolve.h"

/* In the arena. Every query gives a valid one: of what no word can be made, nothing is found.
 *
 * What matches may stand where the user cannot read, unless is_narrowed asks for no other places: that is exact, and
 * dear where the words are rare, as the index walks through both lists. A query that asks nothing else is narrowed
 * always. */
enum err search_match(struct sql *db, struct arena *arena, const struct search_access *access,
		      const struct search_query *query, const struct search_resolved *resolved, bool is_narrowed,
		      const char **out) MUST_USE;

/* A term, ready to be made words of, and whether its last word is looked for as a beginning. A beginning of one
 * character would be that of too much: what stands before it is looked for then, or, when nothing does, that one word.
 * In the arena. */
enum err search_term_ready(struct sql *db, struct arena *arena, const struct search_term *term, struct str *out,
			   bool *is_prefix) MUST_USE;

#endif
