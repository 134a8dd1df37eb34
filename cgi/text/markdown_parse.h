/* md4c as the files of this folder use it: the dialect, and what it is to leave alone. */
#ifndef SNUG_TEXT_MARKDOWN_PARSE_H
#define SNUG_TEXT_MARKDOWN_PARSE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#include <md4c.h>

/* Bytes that stand in the copy for others in places where md4c would misread those. A text has none of the control
 * characters.
 */
enum {
	MARKDOWN_UNDERSCORE = 0x01,
	MARKDOWN_ASTERISK = 0x02,
	MARKDOWN_LESS = 0x03,
	MARKDOWN_COLON = 0x04,
	MARKDOWN_DOT = 0x05,
	MARKDOWN_BAR = '('
};

/* A copy of the text, as long as it, with those bytes: what callbacks are given points into it. NULL when the text is
 * longer than MARKDOWN_TEXT_MAX. */
const char *markdown_copy(struct arena *arena, struct str text);

/* Parses the copy. parser has the callbacks; its flags are set here. False when md4c could not, or a callback said so.
 */
bool markdown_parse(struct str copy, MD_PARSER *parser, void *context);

/* The piece that a callback was given, in the text that the copy is of, where nothing stands for anything else. */
struct str markdown_piece(struct str text, struct str copy, const char *p, size_t n);

/* Whether a piece of text begins with a character that a backslash stands before. */
bool markdown_is_escaped(struct str text, struct str piece);

/* Whether a piece of text begins a link <in angle brackets>. */
bool markdown_is_bracketed(struct str text, struct str piece);

/* Whether url was recognised in the text as it stands there: label is the first piece of the link's label. "www.…" gets
 * its scheme from md4c. */
bool markdown_is_autolink(struct str text, struct str label, struct str url);

/* What of such a label is no address any more, since the sign of a spoiler ends it; empty when there is none. */
struct str markdown_behind_address(struct str text, struct str label, struct str url);

/* Appends the text of an entity ("&amp;", "&#38;"), or it as it is when it has no such name here. */
void markdown_put_entity(struct buf *out, struct str entity);

/* An attribute, such as a link's address, with its entities and all bytes resolved; in the arena. */
struct str markdown_attribute(struct arena *arena, const MD_ATTRIBUTE *attribute);

#endif
