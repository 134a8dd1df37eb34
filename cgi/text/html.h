/* The only HTML that is written in C: the elements and attributes that a message's text may have, as functions, so that
 * there is no way to write another. Text and attribute values are escaped here. tests/fuzz/fuzz_markdown.c has the same
 * list as an oracle. */
#ifndef SNUG_TEXT_HTML_H
#define SNUG_TEXT_HTML_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Elements that have no attributes. */
enum html_element {
	HTML_P,
	HTML_STRONG,
	HTML_EM,
	HTML_DEL,
	HTML_CODE,
	HTML_PRE,
	HTML_BLOCKQUOTE,
	HTML_UL,
	HTML_LI,
	HTML_H3, /* headings of a text stand below those of the page */
	HTML_H4,
	HTML_H5,
	HTML_H6,
};

void html_open(struct buf *out, enum html_element element);
void html_close(struct buf *out, enum html_element element);
void html_break(struct buf *out); /* <br> */
void html_rule(struct buf *out);  /* <hr> */

void html_text(struct buf *out, struct str text);
void html_byte(struct buf *out, char c);

void html_ol_open(struct buf *out, unsigned start);
void html_ol_close(struct buf *out);
void html_large_emoji_open(struct buf *out); /* a paragraph; closed as one */

/* A block of code; language is left out unless it is a word that a class may be named by. */
void html_code_open(struct buf *out, struct str language);
void html_code_close(struct buf *out);

/* A link to elsewhere. url must have passed html_url_is_safe. title is for links that do not show their address. */
void html_link_open(struct buf *out, struct str url, bool has_title);
void html_link_close(struct buf *out);

/* Whether it is an http, https or mailto address of a sane length. */
bool html_url_is_safe(struct str url);

/* Hidden until its box is ticked, which works by keyboard and without scripts. What it is called stands in the page:
 * the element word-spoiler. */
void html_spoiler_open(struct buf *out);
void html_spoiler_close(struct buf *out);

/* A mention is closed as HTML_MENTION… says: a channel's is a link, all others are spans. is_mine: of whoever reads. */
enum html_mention { HTML_MENTION_USER, HTML_MENTION_ROLE, HTML_MENTION_EVERYONE };
void html_mention(struct buf *out, enum html_mention kind, int64_t id, bool is_mine, struct str shown);
void html_channel(struct buf *out, struct str place, int64_t id, struct str shown);

void html_custom_emoji(struct buf *out, int64_t id, struct str name);

/* A moment in UTC, which a script shows in its reader's zone. */
void html_moment(struct buf *out, int64_t seconds, char style);

#endif
