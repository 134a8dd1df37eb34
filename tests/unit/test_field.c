/* The list of what is wrong with an input, and the set of what was given. */
#include "base/field.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void errors_beyond_the_list_are_dropped(void **state)
{
	struct field_errors errors = {.count = 0};

	(void)state;
	for (int i = 0; i < FIELD_ERRORS_MAX + 3; i++)
		field_errors_add(&errors, "name", "CODE", i == 0 ? "first" : "later");
	assert_int_equal(errors.count, FIELD_ERRORS_MAX);
	assert_string_equal(errors.list[0].field, "name");
	assert_string_equal(errors.list[0].code, "CODE");
	assert_string_equal(errors.list[0].message, "first");
	assert_string_equal(errors.list[FIELD_ERRORS_MAX - 1].message, "later");
}

static void a_long_message_is_cut(void **state)
{
	struct field_errors errors = {.count = 0};
	char message[500];

	(void)state;
	memset(message, 'x', sizeof message);
	message[sizeof message - 1] = 0;
	field_errors_add(&errors, "name", "CODE", message);
	assert_int_equal(strlen(errors.list[0].message), sizeof errors.list[0].message - 1);
	/* A character of two bytes lies across the end. */
	memcpy(message + sizeof errors.list[0].message - 2, "\xc3\xa9", 2);
	field_errors_add(&errors, "name", "CODE", message);
	assert_int_equal(strlen(errors.list[1].message), sizeof errors.list[1].message - 2);
}

static void a_null_counts_as_given_and_nothing_else_as_nulled(void **state)
{
	static const struct field table[] = {{.name = "value", .type = FIELD_ID},
					     {.name = "null", .type = FIELD_ID},
					     {.name = "absent", .type = FIELD_ID},
					     {.type = FIELD_END}};
	struct field_set set = {.given = 1, .nulled = 2};

	(void)state;
	assert_true(field_is_given(table, &set, "value"));
	assert_false(field_is_nulled(table, &set, "value"));
	assert_true(field_is_given(table, &set, "null"));
	assert_true(field_is_nulled(table, &set, "null"));
	assert_false(field_is_given(table, &set, "absent"));
	assert_false(field_is_nulled(table, &set, "absent"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(errors_beyond_the_list_are_dropped),
	    cmocka_unit_test(a_long_message_is_cut),
	    cmocka_unit_test(a_null_counts_as_given_and_nothing_else_as_nulled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
