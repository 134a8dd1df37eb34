/* Query strings and application/x-www-form-urlencoded bodies (WHATWG URL, "application/x-www-form-urlencoded"): pairs
 * joined by '&', '+' is a blank, %XX a byte. Empty pairs are passed over: some clients send a bare "?" or
 * "?&wait=true". A name that stands there twice is refused, because whoever checks the first and whoever uses the last
 * would differ. */
#ifndef SNUG_HTTP_FORM_H
#define SNUG_HTTP_FORM_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stddef.h>

enum { FORM_FIELDS_MAX = 64, FORM_NAME_MAX = 64 };

struct form_field {
	const char *name, *value; /* in the arena, NUL-terminated, valid UTF-8 without NUL */
};

struct form {
	struct form_field fields[FORM_FIELDS_MAX];
	size_t count;
};

/* ERR_BAD_REQUEST for a malformed %-sequence, NUL, invalid UTF-8, a repeated name, too many fields or too long a name.
 * The length of text is the caller's to bound. */
enum err form_parse(struct arena *arena, struct str text, struct form *out) MUST_USE;

/* The same, but a name may come again: for whoever reads the fields one by one. */
enum err form_parse_repeated(struct arena *arena, struct str text, struct form *out) MUST_USE;

/* NULL when the field is absent; the first of several. */
const char *form_find(const struct form *form, const char *name);

#endif
