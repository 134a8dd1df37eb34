/* Unicode's emoji, as they are listed for keyboards (UTS #51), and the names that people type for them. The tables are
 * made when Snug is built, from Debian's unicode-data and unicode-cldr-core: tools/emoji.
 *
 * Many emoji have several spellings, with and without U+FE0F: each is known, and one of them is the whole one
 * ("fully-qualified"), by which two reactions with the same emoji are found to be the same. */
#ifndef SNUG_TEXT_EMOJI_H
#define SNUG_TEXT_EMOJI_H

#include "base/str.h"

enum { EMOJI_TEXT_MAX = 35, EMOJI_NAME_MAX = 95 }; /* bytes */

/* The length in bytes of the longest emoji that text begins with, 0 when it begins with none. whole (may be NULL) is
 * set to its whole spelling, which lives for ever. Takes no longer for long texts. */
size_t emoji_match(struct str text, struct str *whole);

/* Whether text is one emoji and nothing else, in any of its spellings. */
bool emoji_is_known(struct str text);

/* The whole spelling of the emoji that text is, or of the one that is called so ("thumbsup", "thumbs_up"; no colons);
 * empty when there is none. They live for ever. */
struct str emoji_whole(struct str text);
struct str emoji_by_name(struct str name);

/* What the emoji that text is is called, without colons; empty when it is none. */
struct str emoji_name(struct str text);

#endif
