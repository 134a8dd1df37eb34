/* What somebody uses, in words: "Firefox on Linux". User agents are what the client says and are believed for nothing.
 */
#ifndef SNUG_TEXT_DEVICE_H
#define SNUG_TEXT_DEVICE_H

#include "base/arena.h"

/* Of a User-Agent (NULL or empty: unknown): program and system in the arena or constant, or the program's own name
 * where it is no browser ("curl", "python-requests"). Never NULL. */
const char *device_describe(struct arena *arena, const char *user_agent);

#endif
