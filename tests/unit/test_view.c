/* Views: what is parsed, what is refused, and how they are finished. */
#include "base/buf.h"
#include "json/json.h"
#include "json/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static struct view *view_of(const char *json)
{
	struct view *view;
	if (view_parse(&arena, json, strlen(json), &view) != ERR_OK)
		fail_msg("not taken: %s", json);
	return view;
}

static void assert_text(struct str text, const char *expected)
{
	if (!str_eq_text(text, expected))
		fail_msg("got \"%.*s\", want \"%s\"", (int)text.n, text.p, expected);
}

static void test_members_are_found_by_name(void **state)
{
	(void)state;
	struct view *view =
	    view_of(" {\"id\" : \"123\", \"n\":-7 ,\"ok\":true, \"o\":{\"x\":\"y\"},\"l\":[1, 2,3],\"\":null}\n");
	assert_int_equal(view_id(view, "id"), 123);
	assert_int_equal(view_int(view, "n"), -7);
	assert_int_equal(view_find(view, "ok")->type, VIEW_TRUE);
	assert_text(view_text(view_find(view, "o"), "x"), "y");
	assert_int_equal(view_count(view_find(view, "l")), 3);
	assert_int_equal(view_find(view, "")->type, VIEW_NULL);
	assert_null(view_find(view, "i"));
	assert_null(view_find(view, "idd"));
	assert_null(view_find(view_find(view, "l"), "x"));
	assert_null(view_find(NULL, "x"));
	/* What is absent or of another type is nothing. */
	assert_text(view_text(view, "n"), "");
	assert_int_equal(view_int(view, "id"), 0);
	assert_int_equal(view_id(view, "ok"), 0);
	assert_int_equal(view_count(view_find(view, "id")), 0);
}

/* Names of one length with the same first, middle and last byte have the same key. */
static void test_names_with_one_key_are_told_apart(void **state)
{
	(void)state;
	struct view *view = view_of("{\"abcde\":1,\"axcye\":2}");
	assert_int_equal(view_int(view, "abcde"), 1);
	assert_int_equal(view_int(view, "axcye"), 2);
	assert_null(view_find(view, "azcze"));
}

static void test_escapes_become_utf8(void **state)
{
	(void)state;
	struct view *view = view_of("{\"v\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\\ud83d\\ude00 plain\"}");
	assert_text(view_text(view, "v"), "\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 plain");
}

static void test_integers_are_exact_to_their_ends(void **state)
{
	(void)state;
	struct view *view =
	    view_of("{\"max\":9223372036854775807,\"min\":-9223372036854775808,\"over\":9223372036854775808,"
		    "\"under\":-9223372036854775809,\"real\":1.5,\"zero\":-0,\"big\":9007199254740993}");
	assert_true(view_int(view, "max") == INT64_MAX);
	assert_true(view_int(view, "min") == INT64_MIN);
	assert_true(view_int(view, "big") == INT64_C(9007199254740993));
	static const char *const nothing[] = {"over", "under", "real", "zero"};
	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
		assert_true(view_int(view, nothing[i]) == 0);
}

static void test_what_is_not_json_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {"",
					  " ",
					  "{",
					  "}",
					  "[",
					  "[1",
					  "[1,]",
					  "[,1]",
					  "[1 2]",
					  "{\"a\"}",
					  "{\"a\":}",
					  "{\"a\":1,}",
					  "{a:1}",
					  "{1:1}",
					  "{\"a\" 1}",
					  "\"",
					  "\"\\\"",
					  "\"\\x\"",
					  "\"\n\"",
					  "\"\x01\"",
					  "\"\\u12\"",
					  "\"\\u0000\"",
					  "\"\\ud800\"",
					  "\"\\udc00\"",
					  "\"\\ud800\\u0041\"",
					  "tru",
					  "nul",
					  "01",
					  "-",
					  "1.",
					  ".5",
					  "1e",
					  "+1",
					  "0x1",
					  "1 1",
					  "NaN",
					  "[]]",
					  "// x\n1",
					  "\xef\xbb\xbf"
					  "1",
					  "\"\\u+123\""};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct view *view;
		if (view_parse(&arena, bad[i], strlen(bad[i]), &view) != ERR_BAD_JSON || view)
			fail_msg("taken: %s", bad[i]);
	}
}

static void test_depth_is_limited(void **state)
{
	(void)state;
	char text[2 * (VIEW_DEPTH_MAX + 1) + 1] = "";
	for (int depth = VIEW_DEPTH_MAX; depth <= VIEW_DEPTH_MAX + 1; depth++) {
		struct view *view;
		memset(text, '[', (size_t)depth);
		memset(text + depth, ']', (size_t)depth);
		assert_int_equal(view_parse(&arena, text, (size_t)depth * 2, &view),
				 depth <= VIEW_DEPTH_MAX ? ERR_OK : ERR_BAD_JSON);
	}
}

static void test_every_cut_of_a_text_is_refused(void **state)
{
	(void)state;
	static const char text[] = "{\"a\":[1,-2.5e3,\"x\\u00e9\\n\",true,false,null],\"b\":{}}";
	struct view *view;
	for (size_t n = 0; n < sizeof(text) - 1; n++)
		assert_int_equal(view_parse(&arena, text, n, &view), ERR_BAD_JSON);
	assert_int_equal(view_parse(&arena, text, sizeof(text) - 1, &view), ERR_OK);
}

static enum err parse_peer(const char *text, size_t n)
{
	struct view *view;
	enum err err = view_parse_peer(&arena, text, n, &view);
	assert_true((err == ERR_OK) == (view != NULL));
	return err;
}

#define LITERAL(text) text, sizeof(text) - 1

static void test_a_peer_may_not_name_a_member_twice_nor_send_what_is_no_text(void **state)
{
	(void)state;
	assert_int_equal(parse_peer(LITERAL("{\"a\":{\"b\":1,\"c\":1},\"b\":2}")), ERR_OK);
	assert_int_equal(parse_peer(LITERAL("{\"a\":1,\"a\":1}")), ERR_BAD_JSON);
	assert_int_equal(parse_peer(LITERAL("[{\"x\":{\"a\":1,\"\\u0061\":1}}]")), ERR_BAD_JSON);
	assert_int_equal(parse_peer("\"\xc3\x28\"", 4), ERR_BAD_JSON);
	assert_int_equal(parse_peer("1\0", 2), ERR_BAD_JSON);
	assert_int_equal(parse_peer("", 0), ERR_BAD_JSON);
	assert_int_equal(parse_peer(LITERAL("[1e308,-9223372036854775808]")), ERR_OK);
	assert_int_equal(parse_peer(LITERAL("[1e309]")), ERR_BAD_JSON);
	assert_int_equal(parse_peer(LITERAL("9223372036854775808")), ERR_BAD_JSON);
}

static void test_members_of_a_peers_object_are_counted(void **state)
{
	(void)state;
	for (int count = VIEW_MEMBERS_MAX; count <= VIEW_MEMBERS_MAX + 1; count++) {
		struct buf *text = buf_in_arena(&arena);
		buf_putc(text, '{');
		for (int i = 0; i < count; i++)
			buf_puts(text, arena_printf(&arena, "%s\"%d\":%d", i > 0 ? "," : "", i, i));
		buf_putc(text, '}');
		assert_int_equal(parse_peer(text->p, text->n),
				 count > VIEW_MEMBERS_MAX ? ERR_BAD_JSON : ERR_OK);
	}
	char *large = arena_alloc(&arena, VIEW_PEER_MAX + 1);
	memset(large, ' ', VIEW_PEER_MAX + 1);
	large[0] = '1';
	assert_int_equal(parse_peer(large, VIEW_PEER_MAX), ERR_OK);
	assert_int_equal(parse_peer(large, VIEW_PEER_MAX + 1), ERR_TOO_LARGE);
}

static enum err parse_long(const char *before, size_t padding, const char *after)
{
	struct buf *text = buf_in_arena(&arena);
	struct view *view;
	buf_puts(text, before);
	buf_reserve(text, padding);
	memset(text->p + text->n, 'x', padding);
	text->n += padding;
	buf_puts(text, after);
	return view_parse_long(&arena, text->p, text->n, (size_t)4 * VIEW_PEER_MAX, &view);
}

/* A body of 12 MB of brackets would make two hundred of nodes. */
static void test_a_long_body_is_long_in_its_texts_alone(void **state)
{
	(void)state;
	assert_int_equal(parse_long("{\"avatar\":\"", (size_t)3 * VIEW_PEER_MAX, "\\\"\"}"), ERR_OK);
	assert_int_equal(parse_long("{\"avatar\":\"", (size_t)4 * VIEW_PEER_MAX, "\"}"), ERR_TOO_LARGE);
	assert_int_equal(parse_long("{\"avatar\":\"\"", (size_t)2 * VIEW_PEER_MAX, "}"), ERR_TOO_LARGE);
	assert_int_equal(parse_long("\"\\\"", (size_t)2 * VIEW_PEER_MAX, "\""), ERR_OK);
	assert_int_equal(parse_long("\"\\\\\"", (size_t)2 * VIEW_PEER_MAX, ""), ERR_TOO_LARGE);
}

static void test_a_view_becomes_the_same_value(void **state)
{
	static const char text[] = "{\"a\":[1,-9223372036854775808,2.5],\"b\":{\"c\":null,\"d\":true},\"e\":\"\\u00e9\"}";
	struct view *view;
	(void)state;
	assert_int_equal(view_parse_peer(&arena, text, sizeof(text) - 1, &view), ERR_OK);
	assert_string_equal(json_write(&arena, json_from_view(&arena, view)).p,
			    "{\"a\":[1,-9223372036854775808,2.5],\"b\":{\"c\":null,\"d\":true},\"e\":\"\u00e9\"}");
}

static void test_members_are_set_and_replaced(void **state)
{
	(void)state;
	struct view *view = view_of("{\"a\":{\"x\":1},\"b\":2}");
	view_put_text(&arena, view, "a", STR("text"));
	view_put_int(&arena, view, "b", INT64_MIN);
	view_put_flag(&arena, view, "c", true);
	view_put_null(&arena, view, "d");
	view_put(&arena, view, "e", view_find(view, "a"));
	view_put(&arena, view, "f", NULL);
	view_put(&arena, view, "b", view_find(view, "b"));
	view_put_text(&arena, view_put_object(&arena, view, "o"), "x", STR("y"));
	assert_int_equal(view_count(view), 7);
	assert_text(view_text(view, "a"), "text");
	assert_true(view_int(view, "b") == INT64_MIN);
	assert_int_equal(view_find(view, "c")->type, VIEW_TRUE);
	assert_int_equal(view_find(view, "d")->type, VIEW_NULL);
	assert_text(view_text(view, "e"), "text");
	assert_int_equal(view_find(view, "f")->type, VIEW_NULL);
	assert_text(view_text(view_find(view, "o"), "x"), "y");
	assert_int_equal(view_count(view_put_list(&arena, view, "o")), 0);
}

static int64_t digits_of(const struct view *list)
{
	int64_t digits = 0;
	for (const struct view *item = list->first; item; item = item->next) {
		digits = digits * 10 + (item->text.p[0] - '0');
		assert_ptr_equal(item->next == NULL ? item : list->last, list->last);
	}
	return digits;
}

static void test_lists_are_turned_and_thinned_out(void **state)
{
	(void)state;
	struct view *list = view_of("[1,2,3,4]"), *empty = view_of("[]");
	view_reverse(list);
	assert_int_equal(digits_of(list), 4321);
	struct view *four = list->first;
	view_remove(list, four);
	assert_int_equal(digits_of(list), 321);
	view_remove(list, list->last);
	assert_int_equal(digits_of(list), 32);
	view_append(list, four);
	assert_int_equal(digits_of(list), 324);
	view_remove(list, list->first->next);
	assert_int_equal(digits_of(list), 34);
	view_remove(list, list->first);
	view_remove(list, list->first);
	assert_null(list->first);
	assert_null(list->last);
	view_reverse(empty);
	assert_null(empty->first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_members_are_found_by_name),
	    cmocka_unit_test(test_names_with_one_key_are_told_apart),
	    cmocka_unit_test(test_escapes_become_utf8),
	    cmocka_unit_test(test_integers_are_exact_to_their_ends),
	    cmocka_unit_test(test_what_is_not_json_is_refused),
	    cmocka_unit_test(test_depth_is_limited),
	    cmocka_unit_test(test_every_cut_of_a_text_is_refused),
	    cmocka_unit_test(test_a_peer_may_not_name_a_member_twice_nor_send_what_is_no_text),
	    cmocka_unit_test(test_members_of_a_peers_object_are_counted),
	    cmocka_unit_test(test_a_long_body_is_long_in_its_texts_alone),
	    cmocka_unit_test(test_a_view_becomes_the_same_value),
	    cmocka_unit_test(test_members_are_set_and_replaced),
	    cmocka_unit_test(test_lists_are_turned_and_thinned_out),
	};
	arena_init(&arena);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
