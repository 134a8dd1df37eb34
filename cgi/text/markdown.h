/* The Markdown of messages: CommonMark by md4c with strikethrough and links that are recognised as they are, without
 * tables and raw HTML, and with what chats have beside it: single line breaks, ||spoilers||, mentions, custom emoji.
 *
 * Text comes from strangers. markdown_to_html is the one place where it becomes HTML, and writes no element and no
 * attribute but those of text/html.h: what it does not know stays text. Work and output are bounded, nesting too. */
#ifndef SNUG_TEXT_MARKDOWN_H
#define SNUG_TEXT_MARKDOWN_H

#include "base/arena.h"
#include "base/buf.h"
#include "json/view.h"

enum {
	MARKDOWN_TEXT_MAX = 64 * 1024,  /* bytes; a longer text is shown as it is */
	MARKDOWN_HTML_MAX = 128 * 1024, /* so that a page of such messages is within what a page may be */
	MARKDOWN_BLOCK_DEPTH_MAX = 12,  /* what is nested deeper is shown, without more nesting */
	MARKDOWN_SPAN_DEPTH_MAX = 16,
	MARKDOWN_LARGE_EMOJI_MAX = 27, /* a text of no more emoji, and nothing else, is shown larger */
	MARKDOWN_URL_MAX = 2048,
	MARKDOWN_ADDRESSES_MAX = 100, /* links of a paragraph; further addresses are text */
};

/* How a text calls what it mentions. Members are borrowed and may be NULL; what they do not name keeps its id. */
struct markdown_names {
	const struct view *users;    /* a list of user views */
	const struct view *others;   /* people too, as {"id","name"} */
	const struct view *roles;    /* a list of {"id","name"} */
	const struct view *channels; /* a list of {"id","name"}: those that the reader may see; none: neutral names */
	struct str place;            /* of the conversation: links to channels begin with it */
	struct str reader;           /* the ids that mention whoever reads, with spaces between; empty: it is for all */
	bool is_for_everyone;        /* @everyone and @here are mentions, and not just text */
};

/* Appends the text as HTML: blocks, for an element of its own. text is valid UTF-8; should it not be, the output is no
 * more than its bytes are. names may be NULL. */
void markdown_to_html(struct arena *arena, struct str text, const struct markdown_names *names, struct buf *out);

/* The text in one line of at most max code points, for where there is no room for more: markup is gone, mentions have
 * their names, and of spoilers nothing shows. In the arena. */
struct str markdown_to_line(struct arena *arena, struct str text, const struct markdown_names *names, size_t max);

/* The same of any length, and where in it something is hidden, of which it has nothing: offsets, in order. */
struct markdown_plain {
	struct str text;
	const size_t *hidden;
	size_t hidden_count;
};

struct markdown_plain markdown_to_plain(struct arena *arena, struct str text, const struct markdown_names *names);

/* The addresses (http and https) that the text links to and that may be shown a preview of: each once, in order, none
 * from code, from a spoiler, or <in angle brackets>. In the arena; at most max, the count is returned. */
size_t markdown_links(struct arena *arena, struct str text, struct str *out, size_t max);

#endif
