/* Borrowed text. */
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void text_is_equal_by_length_and_bytes(void **state)
{
	static const struct {
		struct str a, b;
		bool is_equal, is_equal_nocase;
	} cases[] = {
	    {{"", 0}, {NULL, 0}, true, true},
	    {{"abc", 3}, {"abc", 3}, true, true},
	    {{"abc", 3}, {"abd", 3}, false, false},
	    {{"abc", 3}, {"abcd", 4}, false, false},
	    {{"ABC", 3}, {"abc", 3}, false, true},
	    {{"a\0b", 3}, {"a\0c", 3}, false, false},
	    {{"a\0b", 3}, {"A\0B", 3}, false, true},
	    {{"@[{", 3}, {"`{[", 3}, false, false},
	    {{"\xc3\x84", 2}, {"\xc3\xa4", 2}, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(str_eq(cases[i].a, cases[i].b), cases[i].is_equal);
		assert_int_equal(str_eq(cases[i].b, cases[i].a), cases[i].is_equal);
		assert_int_equal(str_eq_nocase(cases[i].a, cases[i].b), cases[i].is_equal_nocase);
	}
	assert_true(str_eq_text(STR("abc"), "abc"));
	assert_false(str_eq_text(STR("ab"), "abc"));
	assert_true(str_eq_text(str_from(NULL), ""));
}

static void blanks_at_both_ends_are_trimmed(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
	    {"", ""},
	    {" ", ""},
	    {" \t\r\n\v\f ", ""},
	    {"a", "a"},
	    {"  a b  ", "a b"},
	    {"\r\nline\r\n", "line"},
	    {"\xc2\xa0", "\xc2\xa0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_true(str_eq_text(str_trim(str_from(cases[i].text)), cases[i].expected));
}

static void text_is_cut_at_the_first_of_a_character(void **state)
{
	static const struct {
		const char *text;
		bool is_found;
		const char *head, *tail;
	} cases[] = {
	    {"key=value", true, "key", "value"}, {"key=a=b", true, "key", "a=b"}, {"=", true, "", ""},
	    {"key=", true, "key", ""},           {"key", false, "key", ""},       {"", false, "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str head, tail;

		assert_int_equal(str_cut(str_from(cases[i].text), '=', &head, &tail), cases[i].is_found);
		assert_true(str_eq_text(head, cases[i].head));
		assert_true(str_eq_text(tail, cases[i].tail));
	}
}

static void what_is_cut_may_be_where_the_rest_goes(void **state)
{
	struct str rest = STR("a,b,c"), head;

	(void)state;
	assert_true(str_cut(rest, ',', &head, &rest));
	assert_true(str_eq_text(head, "a"));
	assert_true(str_cut(rest, ',', &head, &rest));
	assert_true(str_eq_text(head, "b"));
	assert_false(str_cut(rest, ',', &head, &rest));
	assert_true(str_eq_text(head, "c"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_is_equal_by_length_and_bytes),
	    cmocka_unit_test(blanks_at_both_ends_are_trimmed),
	    cmocka_unit_test(text_is_cut_at_the_first_of_a_character),
	    cmocka_unit_test(what_is_cut_may_be_where_the_rest_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
