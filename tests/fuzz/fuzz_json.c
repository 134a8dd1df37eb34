/* JSON and field tables: what is parsed is within the bounds and survives being written and parsed again; an input that
 * a table accepts is one that the table allows; one that it does not is explained in JSON. */
#include "base/ensure.h"
#include "base/utf8.h"
#include "json/field_decode.h"
#include "json/json.h"
#include "json/jw.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	struct field_set set;
	const char *text;
	const char *lines;
	int64_t id;
	int64_t number;
	bool is_on;
	const char *nonce;
	uint64_t bits;
	json_t *json;
};

enum row { TEXT, LINES, ID, NUMBER, FLAG, NONCE, BITS, JSON };

static const struct field table[] = {
    [TEXT] = {.name = "text",
	      .alias = "t",
	      .type = FIELD_TEXT,
	      .flags = FIELD_REQUIRED | FIELD_TRIM | FIELD_LOWER,
	      .offset = offsetof(struct input, text),
	      .min = 1,
	      .max = 10},
    [LINES] = {.name = "lines", .type = FIELD_TEXT, .flags = FIELD_MULTILINE, .offset = offsetof(struct input, lines)},
    [ID] = {.name = "id", .type = FIELD_ID, .offset = offsetof(struct input, id)},
    [NUMBER] = {.name = "number", .type = FIELD_INT, .offset = offsetof(struct input, number), .min = -5, .max = 500},
    [FLAG] = {.name = "flag", .type = FIELD_FLAG, .offset = offsetof(struct input, is_on)},
    [NONCE] = {.name = "nonce", .type = FIELD_NONCE, .offset = offsetof(struct input, nonce), .max = 25},
    [BITS] = {.name = "bits", .type = FIELD_BITS, .offset = offsetof(struct input, bits)},
    [JSON] = {.name = "json", .type = FIELD_JSON, .offset = offsetof(struct input, json)},
    {.type = FIELD_END},
};

static size_t depth_of(const json_t *value)
{
	size_t deepest = 0, index;
	const char *key;
	json_t *item;

	if (json_is_object(value)) {
		const json_t *object = value;

		for (void *at = json_object_iter((json_t *)(uintptr_t)object); at;
		     at = json_object_iter_next((json_t *)(uintptr_t)object, at)) {
			size_t depth = depth_of(json_object_iter_value(at));

			key = json_object_iter_key(at);
			ensure(utf8_is_valid(key, strlen(key)));
			deepest = depth > deepest ? depth : deepest;
		}
		return deepest + 1;
	}
	if (!json_is_array(value))
		return 0;
	json_array_foreach(value, index, item)
	{
		size_t depth = depth_of(item);

		deepest = depth > deepest ? depth : deepest;
	}
	return deepest + 1;
}

/* Any text, as a string of the writer and back. */
static void check_writer(struct arena *arena, const char *text, size_t n)
{
	json_t *value;
	struct buf out;
	struct jw jw;

	if (!utf8_is_valid(text, n) || (n > 0 && memchr(text, 0, n)))
		return;
	buf_init(&out);
	jw_init(&jw, &out);
	jw_object(&jw, NULL);
	jw_text_n(&jw, "key", text, n);
	jw_object_end(&jw);
	ensure(json_parse_own(arena, out.p, out.n, &value) == ERR_OK);
	value = json_object_get(value, "key");
	ensure(json_string_length(value) == n && (n == 0 || memcmp(json_string_value(value), text, n) == 0));
	buf_free(&out);
}

static void check_value(struct arena *arena, json_t *value)
{
	struct str text = json_write(arena, value);
	json_t *again;

	ensure(depth_of(value) <= JSON_DEPTH_MAX);
	ensure(json_parse_own(arena, text.p, text.n, &again) == ERR_OK);
	ensure(json_equal(value, again));
	if (json_is_string(value))
		check_writer(arena, json_string_value(value), json_string_length(value));
}

static void check_text(const char *text, bool is_given, bool is_multiline, size_t most)
{
	ensure((text != NULL) == is_given);
	if (text) {
		ensure(!utf8_has_control(text, strlen(text), is_multiline));
		ensure(utf8_count(text, strlen(text)) <= most);
	}
}

static bool is_in(uint64_t set, enum row row)
{
	return set >> row & 1;
}

static void check_input(const struct input *input)
{
	uint64_t given = input->set.given;

	ensure((given & input->set.nulled) == 0 && given >> (JSON + 1) == 0);
	ensure(is_in(given, TEXT) && input->text[0] && !strpbrk(input->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
	check_text(input->text, true, false, 10);
	check_text(input->lines, is_in(given, LINES), true, FIELD_TEXT_MAX);
	check_text(input->nonce, is_in(given, NONCE), false, 25);
	ensure(!input->lines || !strchr(input->lines, '\r'));
	ensure(!input->nonce || input->nonce[0]);
	ensure(is_in(given, ID) ? input->id > 0 : input->id == 0);
	ensure(input->number >= -5 && input->number <= 500 && (is_in(given, NUMBER) || input->number == 0));
	ensure(is_in(given, FLAG) || !input->is_on);
	ensure(is_in(given, BITS) || input->bits == 0);
	ensure(is_in(given, JSON) == (input->json != NULL));
}

static void check_errors(struct arena *arena, const struct field_errors *errors)
{
	json_t *value;
	struct buf out;
	struct jw jw;

	ensure(errors->count > 0 && errors->count <= FIELD_ERRORS_MAX);
	buf_init(&out);
	jw_init(&jw, &out);
	field_errors_to_json(&jw, NULL, errors);
	ensure(json_parse(arena, out.p, out.n, &value) == ERR_OK && json_object_size(value) == errors->count);
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct field_errors errors;
	struct arena arena;
	struct view *view;
	json_t *value;
	enum err e;

	arena_init(&arena);
	check_writer(&arena, text, size);
	e = json_parse(&arena, text, size, &value);
	ensure(e == ERR_OK || e == ERR_BAD_JSON || (e == ERR_TOO_LARGE && size > JSON_BODY_MAX));
	ensure((e == ERR_OK) == (value != NULL));
	if (value)
		check_value(&arena, value);
	e = view_parse_peer(&arena, text, size, &view);
	ensure((e == ERR_OK) == (view != NULL));
	/* Both parsers take the same, but for long objects. */
	ensure(!view || value);
	for (int is_form = 0; view && is_form < 2; is_form++) {
		struct input input;

		if (field_decode(&arena, table, view, is_form, &input, &errors) == ERR_OK)
			check_input(&input);
		else
			check_errors(&arena, &errors);
	}
	arena_free(&arena);
	return 0;
}
