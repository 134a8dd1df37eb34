/* Text as the index of messages takes it. SQLite's tokenizer (unicode61, which folds case and accents) makes words of
 * what stands between anything that is no letter or digit; this makes of any text one in which that gives what people
 * look for: scripts that are written without spaces become single characters, of which a query is a phrase; emoji
 * become words; letters of half or full width become the usual ones; marks that may or may not be written go, from
 * letters, too. Both what is indexed and what is asked pass through here, so they meet.
 *
 * It is a function of the text alone, and must stay that: taking a message out of the index takes the same text again.
 * Whoever changes what comes out raises SEARCH_TEXT_VERSION, and everything is indexed anew (domain/search/search.h).
 */
#ifndef SNUG_TEXT_SEARCH_TEXT_H
#define SNUG_TEXT_SEARCH_TEXT_H

#include "base/buf.h"
#include "base/str.h"

#include <stdint.h>

enum { SEARCH_TEXT_VERSION = 4 };

/* Appends valid UTF-8 text to out, ready to be made words of, and a space unless out is empty still. origins, when it
 * is not NULL, is given for each byte that came to out where in the text it came from, as one uint32_t each, and at the
 * end one for the end. */
void search_text_put(struct buf *out, struct str text, struct buf *origins);

/* The same for a message's content, in which <@1>, <#1> and such stand for names: these are left out, of <:name:1> the
 * name stays. */
void search_text_put_content(struct buf *out, struct str content, struct buf *origins);

/* Appends a word that no text has, so that no phrase reaches from what stands before it to what comes behind. */
void search_text_put_gap(struct buf *out);

#endif
