/* The Content-Disposition header of a reply (RFC 6266): how a browser is to take a file, and what to call it. */
#ifndef SNUG_HTTP_DISPOSITION_H
#define SNUG_HTTP_DISPOSITION_H

#include "base/arena.h"

/* The header's value, in the arena: `kind` is "inline" or "attachment", name valid UTF-8. A name that is not plain
 * ASCII stands there twice: with '_' for what is not, and as RFC 8187 has it. */
const char *disposition_write(struct arena *arena, const char *kind, const char *name);

#endif
