/* What a page of another site says of itself: title, description and name, from the head of its HTML (<title>, <meta>,
 * Open Graph, Twitter's cards). A scanner of a few elements, made for strangers' bytes: it goes through them once,
 * keeps what it finds within bounds, and understands nothing else of HTML. Used where nothing but memory is within
 * reach (work/fetch_program.h); fuzzed. */
#ifndef SNUG_TEXT_PAGE_HEAD_H
#define SNUG_TEXT_PAGE_HEAD_H

#include "base/arena.h"
#include "base/str.h"

#include <stddef.h>

enum { PAGE_HEAD_CHARSET_SIZE = 41 };

struct page_head {
	struct str title, description, site; /* one line each, valid UTF-8, in the arena; "" when there is none */
};

/* Most code points of each. */
struct page_head_limits {
	size_t title, description, site;
};

/* html is UTF-8; what in it is not becomes U+FFFD. */
void page_head_read(struct arena *arena, struct str html, const struct page_head_limits *limits, struct page_head *out);

/* The name of the encoding that the page gives itself near its beginning (a byte order mark, <meta charset>, <meta
 * http-equiv>), in lower case; "" when it gives none. */
void page_head_charset(struct str html, char out[PAGE_HEAD_CHARSET_SIZE]);

/* The same from a Content-Type such as "text/html; charset=utf-8". */
void page_head_type_charset(struct str content_type, char out[PAGE_HEAD_CHARSET_SIZE]);

/* Whether the head has ended in these bytes, so that the rest need not be read. */
bool page_head_is_whole(struct str html);

#endif
