/* The Cookie header (RFC 6265 section 4.2): "a=1; b=2". Two such headers reach us joined by "; ". */
#ifndef SNUG_HTTP_COOKIE_H
#define SNUG_HTTP_COOKIE_H

#include "base/str.h"

#include <stdbool.h>

enum { COOKIE_PAIRS_MAX = 64 };

/* Finds the value of the cookie of that name; names are compared with case. A value in double quotes loses them.
 * False when it is absent, when it stands there twice with different values (an attacker on a sibling host can plant a
 * second one, and neither can be told to be ours), or beyond COOKIE_PAIRS_MAX pairs. */
bool cookie_find(struct str header, const char *name, struct str *value);

#endif
