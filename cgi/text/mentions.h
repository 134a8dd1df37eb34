/* Whom a message's text mentions: what markdown_to_html shows as a mention, and nothing else. What stands in code, in a
 * link's label or behind a backslash is just text. */
#ifndef SNUG_TEXT_MENTIONS_H
#define SNUG_TEXT_MENTIONS_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MENTIONS_MAX = 100 }; /* of each kind; further ones are text that names nobody */

struct mentions {
	int64_t users[MENTIONS_MAX], roles[MENTIONS_MAX]; /* each once, as they come first */
	size_t user_count, role_count;
	bool is_everyone; /* @everyone or @here */
};

/* text is valid UTF-8. Costs next to nothing where the text has no "@". */
void mentions_find(struct arena *arena, struct str text, struct mentions *out);

#endif
