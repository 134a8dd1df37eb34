/* The path of a request: see path.h. */
#include "http/path.h"

#include "base/utf8.h"
#include "http/percent.h"

#include <string.h>

static bool is_dots(struct str segment)
{
	return str_eq(segment, STR(".")) || str_eq(segment, STR(".."));
}

static bool has_slash(struct str segment)
{
	return memchr(segment.p, '/', segment.n) != NULL || memchr(segment.p, '\\', segment.n) != NULL;
}

enum err path_split(struct arena *arena, struct str path, struct path *out)
{
	out->count = 0;
	if (path.n == 0 || path.p[0] != '/' || path.n > PATH_BYTES_MAX)
		return ERR_NOT_FOUND;
	path = (struct str){path.p + 1, path.n - 1};
	if (path.n == 0)
		return ERR_OK;
	for (bool has_more = true; has_more;) {
		struct str segment, rest;

		has_more = str_cut(path, '/', &segment, &rest);
		path = rest;
		if (segment.n == 0 || out->count == PATH_SEGMENTS_MAX)
			return ERR_NOT_FOUND;
		TRY(percent_decode(arena, segment, 0, &segment));
		if (utf8_has_control(segment.p, segment.n, false))
			return ERR_BAD_REQUEST;
		if (is_dots(segment) || has_slash(segment))
			return ERR_NOT_FOUND;
		out->segments[out->count++] = segment;
	}
	return ERR_OK;
}

bool path_is_local(struct str text)
{
	if (text.n == 0 || text.n > PATH_BYTES_MAX || text.p[0] != '/')
		return false;
	if (text.n > 1 && text.p[1] == '/')
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] <= ' ' || text.p[i] > '~' || text.p[i] == '\\')
			return false;
	}
	return true;
}
