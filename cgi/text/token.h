/* What stands in a stored text for a person, role, channel, custom emoji or moment, in Discord's forms: <@id>, <@!id>,
 * <@&id>, <#id>, <:name:id>, <a:name:id>, <t:seconds>, <t:seconds:style>. */
#ifndef SNUG_TEXT_TOKEN_H
#define SNUG_TEXT_TOKEN_H

#include "base/str.h"

#include <stdint.h>

enum token_kind { TOKEN_USER, TOKEN_ROLE, TOKEN_CHANNEL, TOKEN_EMOJI, TOKEN_TIME };

enum { TOKEN_EMOJI_NAME_MIN = 2, TOKEN_EMOJI_NAME_MAX = 32 };

struct token {
	enum token_kind kind;
	size_t n;        /* bytes, from < to > */
	int64_t id;      /* greater than 0; of TOKEN_TIME seconds since 1970 */
	struct str name; /* of TOKEN_EMOJI, without colons: [A-Za-z0-9_], borrowed */
	char style;      /* of TOKEN_TIME: one of tTdDfFR */
};

/* Whether text begins with such a form. Looks at no more than the longest one has. */
bool token_match(struct str text, struct token *out);

/* The length of what may be a custom emoji's name at the beginning of text. */
size_t token_emoji_name(struct str text);

#endif
