/* Percent-encoding (RFC 3986 section 2.1). */
#ifndef SNUG_HTTP_PERCENT_H
#define SNUG_HTTP_PERCENT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>

enum percent_flag {
	PERCENT_PLUS_IS_BLANK = 1, /* as in forms and query strings; in paths a plus is a plus */
};

/* Decodes into the arena, NUL-terminated. ERR_BAD_REQUEST for '%' without two hexadecimal digits, and when the result
 * holds a NUL or is not UTF-8. */
enum err percent_decode(struct arena *arena, struct str text, unsigned flags, struct str *out) MUST_USE;

/* Appends the text with everything but RFC 3986's unreserved characters encoded: fit for a path segment or a query. */
void percent_encode(struct buf *out, struct str text);

#endif
