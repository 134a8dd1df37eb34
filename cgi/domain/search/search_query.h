/* What somebody types into the search box, taken apart:
 *
 *   words            all of them, wherever they stand; -word: without it
 *   "a phrase"       these words one after the other
 *   word*            words that begin so
 *   from:name        by that person; several: by any of them
 *   in:channel       there, threads of the channel included; several: in any of them
 *   mentions:name    of a person or role, or me
 *   has:file         image, video, sound, link, embed, poll, pin, forward; all of them
 *   is:thread        in a thread; is:reply, is:pinned
 *   before:day after:day on:day     2026-01-31, 2026-01, 2026, today, yesterday (UTC)
 *
 * Names with spaces stand in quotes: from:"Ada Lovelace". A - before any of them but the last line turns it round.
 * Every text is a query: what is none of the above is words, and so is what looks like it but is not. */
#ifndef SNUG_DOMAIN_SEARCH_QUERY_H
#define SNUG_DOMAIN_SEARCH_QUERY_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SEARCH_QUERY_MAX = 1024, /* code points */
	SEARCH_TERMS_MAX = 32,   /* what comes beyond is passed over */
	SEARCH_NAMES_MAX = 16,   /* of each kind */
	SEARCH_PREFIX_MIN = 2,   /* shorter ones are whole words: too much begins so */
};

struct search_term {
	struct str text; /* as typed, without quotes and operators */
	bool is_prefix, is_excluded;
};

struct search_name {
	struct str text;
	bool is_excluded;
	int64_t id; /* given by id, not by name (Discord's parameters); 0: by name */
};

struct search_names {
	struct search_name list[SEARCH_NAMES_MAX];
	size_t count;
};

struct search_query {
	struct search_term terms[SEARCH_TERMS_MAX];
	size_t term_count;
	struct search_names from, in, mentions;
	unsigned has, has_not;  /* enum search_has */
	int64_t min_id, max_id; /* inclusive; 0 and INT64_MAX: no bound */
};

/* An empty one. */
void search_query_init(struct search_query *query);

/* Adds what the text asks; it is borrowed. Any valid UTF-8 text without NUL will do. now_ms says what today is. */
void search_query_parse(struct search_query *query, struct str text, int64_t now_ms);

/* The same, but a - is part of what is looked for. */
void search_query_parse_content(struct search_query *query, struct str text, int64_t now_ms);

/* Whether it asks nothing at all. */
bool search_query_is_empty(const struct search_query *query);

/* The bit of a name as people type it behind has:, 0 when there is none. */
unsigned search_has_of(struct str name);

#endif
