/* What is shown of a hit: the part of a text in which the words stand that were asked for. */
#ifndef SNUG_DOMAIN_SEARCH_SNIPPET_H
#define SNUG_DOMAIN_SEARCH_SNIPPET_H

#include "domain/search/search_query.h"
#include "sql/sql.h"
#include "json/jw.h"
#include "json/view.h"

/* What a query looks for, as the index has it; made once for all hits of a search. */
struct search_words;

enum err search_words_of(struct sql *db, struct arena *arena, const struct search_query *query,
			 struct search_words **out) MUST_USE;

/* Writes member snippet of a message's JSON view: [{"text": …, "hit": bool, "spoiler": bool}], plain text whose pieces
 * follow each other. The part of the message that has the words is taken: its text, else what was forwarded, a file's
 * name, an embed, a poll. It is as people read it: markup is gone, people and roles have their names, and channels
 * those that the view has as known_channels; of what is hidden as a spoiler nothing is told (text is ""). */
enum err search_snippet_to_json(struct sql *db, struct arena *arena, struct jw *jw, const struct search_words *words,
				const struct view *message) MUST_USE;

#endif
