/* Paths: an accepted path has only whole, clean segments, and joining their encoded forms splits into the same ones.
 * What may be redirected to never leaves the site. */
#include "base/ensure.h"
#include "base/utf8.h"
#include "http/path.h"
#include "http/percent.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(struct arena *arena, const struct path *path)
{
	struct path again;
	struct buf text;

	buf_init(&text);
	for (size_t i = 0; i < path->count; i++) {
		buf_putc(&text, '/');
		percent_encode(&text, path->segments[i]);
	}
	if (path->count == 0)
		buf_putc(&text, '/');
	if (text.n <= PATH_BYTES_MAX) {
		ensure(path_split(arena, (struct str){text.p, text.n}, &again) == ERR_OK);
		ensure(again.count == path->count);
		for (size_t i = 0; i < path->count; i++)
			ensure(str_eq(again.segments[i], path->segments[i]));
	}
	buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct path path;
	char *p = ensure_malloc(size + 1);

	memcpy(p, data, size);
	arena_init(&arena);
	if (path_split(&arena, (struct str){p, size}, &path) == ERR_OK) {
		for (size_t i = 0; i < path.count; i++) {
			struct str s = path.segments[i];

			ensure(s.n > 0 && strlen(s.p) == s.n);
			ensure(!str_eq(s, STR(".")) && !str_eq(s, STR("..")));
			ensure(memchr(s.p, '/', s.n) == NULL);
			ensure(!utf8_has_control(s.p, s.n, false));
		}
		check_round_trip(&arena, &path);
	}
	if (path_is_local((struct str){p, size})) {
		ensure(p[0] == '/' && (size == 1 || (p[1] != '/' && p[1] != '\\')));
		ensure(memchr(p, '\r', size) == NULL && memchr(p, '\n', size) == NULL && memchr(p, '\t', size) == NULL);
	}
	arena_free(&arena);
	free(p);
	return 0;
}
