/* The path of a request, as it was sent: split first, then decoded segment by segment, so that an encoded slash never
 * makes a segment and "@me" may arrive as "%40me". */
#ifndef SNUG_HTTP_PATH_H
#define SNUG_HTTP_PATH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum { PATH_BYTES_MAX = 2048, PATH_SEGMENTS_MAX = 12 };

struct path {
	struct str segments[PATH_SEGMENTS_MAX]; /* decoded, in the arena, never empty; "/" has none */
	size_t count;
};

/* Errors: ERR_BAD_REQUEST for malformed percent-encoding, invalid UTF-8, NUL and other control characters.
 * ERR_NOT_FOUND for what no page is at: an empty segment (a double slash, a slash at the end), "." and ".." however
 * they are written, an encoded slash or backslash, more segments or bytes than the limits. */
enum err path_split(struct arena *arena, struct str path, struct path *out) MUST_USE;

/* Whether text, given by a stranger, is safe to redirect to: a path of this site with an optional query.
 * "//evil.example" and
 * "/\evil.example" are not; nor is anything but visible ASCII. */
bool path_is_local(struct str text);

#endif
