/* Which signs "||" of a text begin and end a spoiler. Whatever becomes of a text (HTML, a line, addresses, what search
 * shows) asks here, so that nobody shows what another hides.
 *
 * Signs belong together within the same span. Of a line whose last sign is alone the spoiler goes on to the next such
 * line, over all that is between: paragraphs, items, code. Signs with nothing between them are none, nor are those in
 * code, in a link, or behind a backslash. */
#ifndef SNUG_TEXT_MARKDOWN_SPOILERS_H
#define SNUG_TEXT_MARKDOWN_SPOILERS_H

#include "base/arena.h"
#include "base/str.h"

struct markdown_spoilers;

enum markdown_sign { MARKDOWN_SIGN_NONE, MARKDOWN_SIGN_OPENS, MARKDOWN_SIGN_CLOSES };

/* copy is markdown_copy's of the text. In the arena. */
const struct markdown_spoilers *markdown_spoilers_find(struct arena *arena, struct str text, struct str copy);

/* What p in the text is: with NONE "||" is just text. Between OPENS and its CLOSES others may open and close. */
enum markdown_sign markdown_sign_at(const struct markdown_spoilers *spoilers, const char *p);

#endif
