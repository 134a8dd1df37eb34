/* The network's part of snug-fetch: one page by http or https. See fetch_program.h for what is refused. */
#ifndef SNUG_WORK_FETCH_PAGE_H
#define SNUG_WORK_FETCH_PAGE_H

#include "base/arena.h"
#include "base/buf.h"
#include "text/page_head.h"

#include <stdbool.h>

struct fetched_page {
	const char *url;                      /* where it was found in the end; in the arena */
	struct buf *html;                     /* its beginning, until its head ends; in the arena */
	char charset[PAGE_HEAD_CHARSET_SIZE]; /* of its Content-Type; "" when that has none */
};

/* False when there is nothing to be had. libcurl must be initialised. */
bool fetch_page(struct arena *arena, const char *url, const char *allow, struct fetched_page *out);

#endif
