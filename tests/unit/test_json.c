/* JSON in: the bounds, and reading members. */
#include "json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static int open_arena(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void assert_parsed(const char *text, size_t n, enum err expected)
{
	json_t *value = (json_t *)&arena;
	enum err e = json_parse(&arena, text, n, &value);

	if (e != expected)
		fail_msg("%s: %.*s", err_info(e)->name, (int)(n < 80 ? n : 80), text);
	assert_int_equal(value != NULL, e == ERR_OK);
}

static void one_whole_json_text_is_taken(void **state)
{
	static const struct {
		const char *text;
		bool is_taken;
	} cases[] = {
	    {"{}", true},
	    {"[]", true},
	    {" {\"a\":[1,2.5,-0,\"x\",true,false,null]} \r\n", true},
	    {"\"text\"", true},
	    {"12", true},
	    {"true", true},
	    {"null", true},
	    {"\"\\ud83d\\ude00\"", true},
	    {"9223372036854775807", true},
	    {"", false},
	    {"  ", false},
	    {"{", false},
	    {"{}}", false},
	    {"{} {}", false},
	    {"{}x", false},
	    {"{'a':1}", false},
	    {"{a:1}", false},
	    {"{\"a\":1,}", false},
	    {"[1,]", false},
	    {"[01]", false},
	    {"[+1]", false},
	    {"[.5]", false},
	    {"[NaN]", false},
	    {"[1e999]", false},
	    {"[9223372036854775808]", false}, /* not silently rounded */
	    {"// comment\n{}", false},
	    {"{\"a\":1,\"a\":2}", false},
	    {"[{\"b\":{\"a\":1,\"a\":2}}]", false},
	    {"\"a\nb\"", false},
	    {"\"\\u0000\"", false},
	    {"{\"a\\u0000b\":1}", false},
	    {"\"\\ud83d\"", false},
	    {"\"\\x41\"", false},
	    {"\"\xff\"", false},
	    {"\"\xc0\x80\"", false},
	    {"\"\xed\xa0\x80\"", false},
	    {"\xef\xbb\xbf{}", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_parsed(cases[i].text, strlen(cases[i].text), cases[i].is_taken ? ERR_OK : ERR_BAD_JSON);
}

static void a_nul_byte_is_refused_anywhere(void **state)
{
	(void)state;
	assert_parsed("{\"a\":\"b\0c\"}", 11, ERR_BAD_JSON);
	assert_parsed("{}\0", 3, ERR_BAD_JSON);
	assert_parsed("3\0", 2, ERR_BAD_JSON);
	assert_parsed("3\0{}", 4, ERR_BAD_JSON);
	assert_parsed("\0{}", 3, ERR_BAD_JSON);
}

/* Brackets of one kind around the inside: "[[…inside…]]". */
static char *nested(size_t depth, const char *opening, const char *inside, char closing)
{
	size_t opening_n = strlen(opening), inside_n = strlen(inside);
	char *text = malloc(depth * (opening_n + 1) + inside_n + 1);
	char *p = text;

	assert_non_null(text);
	for (size_t i = 0; i < depth; i++, p += opening_n)
		memcpy(p, opening, opening_n);
	memcpy(p, inside, inside_n);
	memset(p + inside_n, closing, depth);
	p[inside_n + depth] = 0;
	return text;
}

static void nesting_ends_at_the_limit(void **state)
{
	static const struct {
		size_t depth;
		const char *opening, *inside;
		char closing;
		enum err expected;
	} cases[] = {
	    {JSON_DEPTH_MAX, "[", "1", ']', ERR_OK},
	    {JSON_DEPTH_MAX + 1, "[", "1", ']', ERR_BAD_JSON},
	    {JSON_DEPTH_MAX, "{\"a\":", "1", '}', ERR_OK},
	    {JSON_DEPTH_MAX + 1, "{\"a\":", "1", '}', ERR_BAD_JSON},
	    {JSON_DEPTH_MAX, "[", "\"[[[[{{{{\"", ']', ERR_OK}, /* brackets in text are text */
	    {JSON_DEPTH_MAX, "[", "\"\\\"[[[[\"", ']', ERR_OK},
	    {JSON_DEPTH_MAX, "[", "\"\\\\\",[1]", ']', ERR_BAD_JSON},
	    {JSON_DEPTH_MAX - 1, "[", "[],[],[{}]", ']', ERR_BAD_JSON},
	    {JSON_DEPTH_MAX - 2, "[", "[],[],[{}]", ']', ERR_OK},
	    {100000, "[", "", ']', ERR_BAD_JSON},
	    {100000, "[", "1", ' ', ERR_BAD_JSON},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = nested(cases[i].depth, cases[i].opening, cases[i].inside, cases[i].closing);

		assert_parsed(text, strlen(text), cases[i].expected);
		free(text);
	}
}

static void a_body_may_be_as_long_as_the_limit(void **state)
{
	char *text = malloc(JSON_BODY_MAX + 1);
	json_t *value;

	(void)state;
	assert_non_null(text);
	memset(text, ' ', JSON_BODY_MAX + 1);
	memcpy(text, "{}", 2);
	assert_parsed(text, JSON_BODY_MAX, ERR_OK);
	assert_parsed(text, JSON_BODY_MAX + 1, ERR_TOO_LARGE);
	assert_int_equal(json_parse_own(&arena, text, JSON_BODY_MAX + 1, &value), ERR_OK);
	free(text);
}

static void own_text_may_nest_deeper(void **state)
{
	char *text = nested(JSON_DEPTH_MAX * 10, "[", "1", ']');
	json_t *value;

	(void)state;
	assert_int_equal(json_parse_own(&arena, text, strlen(text), &value), ERR_OK);
	assert_int_equal(json_parse_own(&arena, "", 0, &value), ERR_BAD_JSON);
	assert_int_equal(json_parse_own(&arena, "{", 1, &value), ERR_BAD_JSON);
	assert_null(value);
	free(text);
}

/* Ends of text are not NUL bytes: AddressSanitizer sees a read beyond. */
static void only_the_given_bytes_are_read(void **state)
{
	static const char text[] = "{\"a\":\"b\\\"";

	(void)state;
	for (size_t n = 0; n < sizeof text; n++) {
		char *copy = malloc(n + (n == 0));

		assert_non_null(copy);
		memcpy(copy, text, n);
		assert_parsed(copy, n, ERR_BAD_JSON);
		free(copy);
	}
}

static void members_are_read_by_type(void **state)
{
	static const char text[] = "{\"text\":\"x\",\"id\":\"175928847299117063\",\"bare_id\":175928847299117063,"
				   "\"int\":-5,\"yes\":true,\"no\":false,\"null\":null,\"list\":[],\"real\":2.5,"
				   "\"bad_id\":\"12x\",\"zero\":0,\"minus\":-3}";
	json_t *object;

	(void)state;
	assert_int_equal(json_parse(&arena, text, sizeof text - 1, &object), ERR_OK);
	assert_string_equal(json_text(object, "text"), "x");
	assert_null(json_text(object, "int"));
	assert_null(json_text(object, "null"));
	assert_null(json_text(object, "absent"));
	assert_int_equal(json_id(object, "id"), INT64_C(175928847299117063));
	assert_int_equal(json_id(object, "bare_id"), INT64_C(175928847299117063));
	assert_int_equal(json_id(object, "bad_id"), 0);
	assert_int_equal(json_id(object, "zero"), 0);
	assert_int_equal(json_id(object, "minus"), 0);
	assert_int_equal(json_id(object, "real"), 0);
	assert_int_equal(json_id(object, "list"), 0);
	assert_int_equal(json_id(object, "absent"), 0);
	assert_int_equal(json_int(object, "int"), -5);
	assert_int_equal(json_int(object, "real"), 0);
	assert_int_equal(json_int(object, "id"), 0);
	assert_int_equal(json_int(object, "absent"), 0);
	assert_true(json_flag(object, "yes"));
	assert_false(json_flag(object, "no"));
	assert_false(json_flag(object, "int"));
	assert_false(json_flag(object, "absent"));
}

static void what_is_no_object_has_no_members(void **state)
{
	static const char *const texts[] = {"[1]", "\"a\"", "null", "1"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		json_t *value;

		assert_int_equal(json_parse(&arena, texts[i], strlen(texts[i]), &value), ERR_OK);
		assert_null(json_text(value, "a"));
		assert_int_equal(json_id(value, "a"), 0);
		assert_false(json_flag(value, "a"));
	}
	assert_null(json_text(NULL, "a"));
	assert_int_equal(json_int(NULL, "a"), 0);
}

static void a_value_is_written_as_it_was_read(void **state)
{
	static const char *const texts[] = {"{\"a\":[1,2.5,\"x\\n\",true,null],\"b\":{}}", "[]", "\"é\"", "-7"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		json_t *value;
		struct str text;

		assert_int_equal(json_parse(&arena, texts[i], strlen(texts[i]), &value), ERR_OK);
		text = json_write(&arena, value);
		assert_string_equal(text.p, texts[i]);
		assert_int_equal(text.n, strlen(texts[i]));
	}
}

#define arena_test(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    arena_test(one_whole_json_text_is_taken),      arena_test(a_nul_byte_is_refused_anywhere),
	    arena_test(nesting_ends_at_the_limit),         arena_test(a_body_may_be_as_long_as_the_limit),
	    arena_test(own_text_may_nest_deeper),          arena_test(only_the_given_bytes_are_read),
	    arena_test(members_are_read_by_type),          arena_test(what_is_no_object_has_no_members),
	    arena_test(a_value_is_written_as_it_was_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
