/* The parameters of a FastCGI request ("REQUEST_METHOD=GET"), as a table that refuses what libfcgi would pass over:
 * lighttpd turns X_Forwarded_For into a second HTTP_X_FORWARDED_FOR, and whoever takes the first or the last is fooled
 * one way. */
#ifndef SNUG_FRONT_PARAMS_H
#define SNUG_FRONT_PARAMS_H

#include "base/err.h"
#include "base/str.h"

#include <stddef.h>

/* Of the head (its address and its headers) half of what lighttpd lets through, so that what is too long is refused here,
 * where it is known what was asked for. */
enum { PARAMS_MAX = 128, PARAMS_BYTES_MAX = 64 * 1024, PARAMS_HEAD_BYTES_MAX = 8 * 1024 };

struct param {
	struct str name, value;
};

struct params {
	struct param list[PARAMS_MAX];
	size_t count;
};

/* Reads NAME=value strings up to a NULL; borrows them. ERR_BAD_REQUEST for a name that stands there twice, an empty
 * name or one without '='; ERR_HEADERS_TOO_LARGE beyond the limits. */
enum err params_read(char *const *environment, struct params *out) MUST_USE;

/* The value of a parameter; {NULL, 0} when there is none. */
struct str params_find(const struct params *params, const char *name);

#endif
