#include "json/json.h"

#include "base/buf.h"
#include "base/ensure.h"
#include "base/id.h"

#include <string.h>

static void release(void *value)
{
	json_decref(value);
}

/* Whether brackets outside strings nest deeper than JSON_DEPTH_MAX. jansson has a limit of its own, 2,048, which is
 * fixed when it is built. Text that is not JSON gives any answer; the parser then refuses it. */
static bool is_too_deep(const char *text, size_t n)
{
	size_t depth = 0;
	bool is_in_string = false;

	for (size_t i = 0; i < n; i++) {
		char c = text[i];

		if (is_in_string && c == '\\')
			i++;
		else if (c == '"')
			is_in_string = !is_in_string;
		else if (is_in_string)
			continue;
		else if ((c == '{' || c == '[') && ++depth > JSON_DEPTH_MAX)
			return true;
		else if ((c == '}' || c == ']') && depth > 0)
			depth--;
	}
	return false;
}

enum err json_parse_own(struct arena *arena, const char *text, size_t n, json_t **out)
{
	json_error_t error;

	*out = n > 0 ? json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error) : NULL;
	if (!*out) {
		ensure(n == 0 || json_error_code(&error) != json_error_out_of_memory);
		return ERR_BAD_JSON;
	}
	arena_defer(arena, release, *out);
	return ERR_OK;
}

enum err json_parse(struct arena *arena, const char *text, size_t n, json_t **out)
{
	*out = NULL;
	if (n > JSON_BODY_MAX)
		return ERR_TOO_LARGE;
	/* jansson takes a zero byte behind a number for the end and passes over whatever follows it. */
	if (n == 0 || memchr(text, '\0', n) || is_too_deep(text, n))
		return ERR_BAD_JSON;
	return json_parse_own(arena, text, n, out);
}

const char *json_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

int64_t json_id(const json_t *object, const char *key)
{
	return json_id_of(json_object_get(object, key));
}

int64_t json_id_of(const json_t *value)
{
	int64_t id = 0;

	if (json_is_integer(value))
		return json_integer_value(value) > 0 ? json_integer_value(value) : 0;
	if (json_is_string(value) && !id_parse(json_string_value(value), json_string_length(value), &id))
		return 0;
	return id;
}

int64_t json_int(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

bool json_flag(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static int append_piece(const char *piece, size_t n, void *out)
{
	buf_put(out, piece, n);
	return 0;
}

struct str json_write(struct arena *arena, const json_t *value)
{
	struct buf *out = buf_in_arena(arena);
	ensure(json_dump_callback(value, append_piece, out, JSON_COMPACT | JSON_ENCODE_ANY) == 0);
	return (struct str){out->p, out->n};
}
