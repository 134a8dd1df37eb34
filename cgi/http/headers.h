/* The response headers that keep browsers safe, as a table: headers.def. snug-web, snug-api and snug-live write them,
 * and snug run gives them to lighttpd for static files. */
#ifndef SNUG_HTTP_HEADERS_H
#define SNUG_HTTP_HEADERS_H

#include "base/buf.h"

#include <stddef.h>

enum header_scope {
	HEADER_ALWAYS = 1,     /* needs not be asked for */
	HEADER_PAGE = 2,       /* HTML for people */
	HEADER_DATA = 4,       /* JSON and event streams */
	HEADER_FILE = 8,       /* a file as it is: static ones, and pictures */
	HEADER_PICTURE = 16,   /* may be shown by pages of other sites; goes with FILE */
	HEADER_OWN = 32,       /* may not: needs not be asked for, holds where PICTURE does not */
	HEADER_HTTPS = 64,     /* people reach this site by https */
	HEADER_FRAMED = 256,   /* instead of FILE: our own pages may show it in a frame */
	HEADER_UNFRAMED = 512, /* nobody may: needs not be asked for, holds where FRAMED does not */
	HEADER_WORKER = 1024,  /* instead of FILE: a script that runs as a worker, and loads others of ours */
	HEADER_PRIVATE = 128   /* shows something that needs a login: never kept by a cache */
};

struct header {
	const char *name;
	const char *value;
};

/* The next row that goes with scopes, from row *i on, which is moved behind it; start with 0. NULL: there are no more.
 */
const struct header *headers_next(unsigned scopes, size_t *i);

/* Appends "Name: value\r\n" for each row that goes with scopes. */
void headers_put(struct buf *out, unsigned scopes);

/* The same, where pages may show pictures, sound and documents from a second origin ("https://files.example.org")
 * beside their own; NULL: from none. */
void headers_put_with(struct buf *out, unsigned scopes, const char *files_from);

#endif
