/* The response headers that keep browsers safe, as a table: headers.def. snug-live writes the same ones. */
#ifndef SNUG_HTTP_HEADERS_H
#define SNUG_HTTP_HEADERS_H

#include "base/buf.h"

enum header_scope {
	HEADER_ALWAYS = 1,  /* needs not be asked for */
	HEADER_PAGE = 2,    /* HTML for people */
	HEADER_DATA = 4,    /* JSON and event streams */
	HEADER_HTTPS = 8,   /* people reach this site by https */
	HEADER_PRIVATE = 16 /* shows something that needs a login: never kept by a cache */
};

/* Appends "Name: value\r\n" for each row whose scope is ALWAYS or among scopes. */
void headers_put(struct buf *out, unsigned scopes);

#endif
