/* Forms and query strings. */
#include "http/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

static void pairs_are_found_by_name(void **state)
{
	struct form form;

	(void)state;
	assert_int_equal(form_parse(&arena, STR("content=hi+there%21&nonce=&flag&a=b=c&%63sv=1%2C2"), &form), ERR_OK);
	assert_int_equal(form.count, 5);
	assert_string_equal(form_find(&form, "content"), "hi there!");
	assert_string_equal(form_find(&form, "nonce"), "");
	assert_string_equal(form_find(&form, "flag"), "");
	assert_string_equal(form_find(&form, "a"), "b=c");
	assert_string_equal(form_find(&form, "csv"), "1,2");
	assert_null(form_find(&form, "conten"));
}

static void empty_pairs_are_passed_over(void **state)
{
	static const char *const cases[] = {"", "&", "&&&"};
	struct form form;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(form_parse(&arena, str_from(cases[i]), &form), ERR_OK);
		assert_int_equal(form.count, 0);
	}
	assert_int_equal(form_parse(&arena, STR("&wait=true&"), &form), ERR_OK);
	assert_int_equal(form.count, 1);
	assert_string_equal(form_find(&form, "wait"), "true");
}

static void a_repeated_or_broken_field_is_refused(void **state)
{
	static const char *const cases[] = {"a=1&a=2", "a=1&%61=2", "a&a", "a=%", "%=a", "a=%00", "a=%ff", "=x"};
	struct form form;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (form_parse(&arena, str_from(cases[i]), &form) != ERR_BAD_REQUEST)
			fail_msg("accepted: %s", cases[i]);
	}
}

static void the_number_of_fields_and_the_length_of_names_are_bounded(void **state)
{
	char text[8 * (FORM_FIELDS_MAX + 1)], name[FORM_NAME_MAX + 2];
	struct form form;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < FORM_FIELDS_MAX; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "f%d=1&", i);
	assert_int_equal(form_parse(&arena, (struct str){text, n}, &form), ERR_OK);
	assert_int_equal(form.count, FORM_FIELDS_MAX);
	n += (size_t)snprintf(text + n, sizeof(text) - n, "x=1");
	assert_int_equal(form_parse(&arena, (struct str){text, n}, &form), ERR_BAD_REQUEST);

	memset(name, 'n', sizeof(name));
	assert_int_equal(form_parse(&arena, (struct str){name, FORM_NAME_MAX}, &form), ERR_OK);
	assert_int_equal(form_parse(&arena, (struct str){name, FORM_NAME_MAX + 1}, &form), ERR_BAD_REQUEST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pairs_are_found_by_name),
	    cmocka_unit_test(empty_pairs_are_passed_over),
	    cmocka_unit_test(a_repeated_or_broken_field_is_refused),
	    cmocka_unit_test(the_number_of_fields_and_the_length_of_names_are_bounded),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
