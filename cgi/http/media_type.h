/* The Content-Type header (RFC 9110 section 8.3.1): "application/json; charset=utf-8". */
#ifndef SNUG_HTTP_MEDIA_TYPE_H
#define SNUG_HTTP_MEDIA_TYPE_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>

enum { MEDIA_TYPE_PARAMETERS_MAX = 8 };

struct media_type {
	struct str essence;  /* "application/json", as sent: compare with media_type_is */
	struct str charset;  /* without quotes; empty when there is none */
	struct str boundary; /* of multipart types; the same */
};

/* ERR_BAD_REQUEST when it is malformed: not type/subtype, a parameter without a value, an open quote, a repeated
 * charset or boundary. */
enum err media_type_parse(struct str value, struct media_type *out) MUST_USE;

/* Whether it is that type, in text that is UTF-8: the charset is absent or says so. Case is ignored. */
bool media_type_is(const struct media_type *type, const char *essence);

#endif
