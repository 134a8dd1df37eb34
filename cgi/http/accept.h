/* The Accept header (RFC 9110 section 12.5.1), as far as one type by its own name goes. */
#ifndef SNUG_HTTP_ACCEPT_H
#define SNUG_HTTP_ACCEPT_H

#include "base/str.h"

#include <stdbool.h>

enum { ACCEPT_RANGES_MAX = 64 };

/* Whether the header asks for the type ("text/event-stream", "text/html") by name, with a quality above 0. Wildcards do
 * not count: curl's Accept of any type asks for nothing in particular. Ranges beyond ACCEPT_RANGES_MAX are not looked
 * at. */
bool accept_names(struct str header, const char *type);

#endif
