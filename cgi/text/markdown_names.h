/* What the mentions of a text are called. */
#ifndef SNUG_TEXT_MARKDOWN_NAMES_H
#define SNUG_TEXT_MARKDOWN_NAMES_H

#include "text/markdown.h"
#include "text/token.h"

/* So many mentions of a text have names, the rest keep their ids: each is looked for in lists. */
enum { MARKDOWN_NAMED_MAX = 100 };

/* What is shown for a mention of a person, role or channel, with its sign ("@Ann"), in the arena. What is not named:
 * the form itself, and for a channel "#…". */
struct str markdown_name(struct arena *arena, const struct markdown_names *names, const struct token *token,
			 struct str form, int *named);

/* Whether a mention of that person or role is one of whoever reads. */
bool markdown_is_of_reader(const struct markdown_names *names, int64_t id);

/* The length of "@everyone" or "@here" at p, when the text means it and it stands for itself; text is all of it. */
size_t markdown_everyone(const struct markdown_names *names, struct str text, const char *p);

#endif
