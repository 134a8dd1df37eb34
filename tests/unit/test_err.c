/* The one list of errors. */
#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_error_is_found_by_its_name_again(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ERR_COUNT; i++)
		assert_int_equal(err_from_name(err_info((enum err)i)->name), i);
}

static void a_name_that_is_no_error_is_an_internal_error(void **state)
{
	static const char *const names[] = {"", "unknown_user", "UNKNOWN_USERS", "UNKNOWN", "UNKNOWN_USER ", NULL};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_int_equal(err_from_name(names[i]), ERR_INTERNAL);
}

static void only_success_has_a_status_of_success(void **state)
{
	(void)state;
	assert_int_equal(ERR_OK, 0);
	for (unsigned i = 0; i < ERR_COUNT; i++) {
		const struct err_info *info = err_info((enum err)i);

		assert_true(info->text[0] != 0);
		if (i == ERR_OK)
			assert_int_equal(info->status, 200);
		else
			assert_in_range(info->status, 400, 599);
	}
}

static void what_may_be_tried_again_is_a_429_or_a_503(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ERR_COUNT; i++) {
		const struct err_info *info = err_info((enum err)i);

		assert_int_equal(info->retryable, info->status == 429 || info->status == 503);
	}
}

/* A client tells errors apart by their code; 0 is Discord's general error and says nothing beyond the status. */
static void no_two_errors_share_a_code_but_the_general_one(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ERR_COUNT; i++) {
		for (unsigned j = 0; j < i; j++) {
			int code = err_info((enum err)i)->code;

			/* What is no emoji has Discord's code of one that is not known, and another status. */
			if (i == ERR_UNKNOWN_EMOJI || j == ERR_UNKNOWN_EMOJI)
				continue;
			if (code != 0 && code == err_info((enum err)j)->code)
				fail_msg("%s and %s are both %d", err_info((enum err)i)->name,
					 err_info((enum err)j)->name, code);
		}
	}
}

static enum err fails_with(enum err e)
{
	return e;
}

static enum err tries(enum err e, bool *went_on)
{
	*went_on = false;
	TRY(fails_with(e));
	*went_on = true;
	return ERR_OK;
}

static void try_returns_the_error_and_goes_on_without_one(void **state)
{
	bool went_on;

	(void)state;
	assert_int_equal(tries(ERR_NAME_TAKEN, &went_on), ERR_NAME_TAKEN);
	assert_false(went_on);
	assert_int_equal(tries(ERR_OK, &went_on), ERR_OK);
	assert_true(went_on);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_error_is_found_by_its_name_again),
	    cmocka_unit_test(a_name_that_is_no_error_is_an_internal_error),
	    cmocka_unit_test(only_success_has_a_status_of_success),
	    cmocka_unit_test(what_may_be_tried_again_is_a_429_or_a_503),
	    cmocka_unit_test(no_two_errors_share_a_code_but_the_general_one),
	    cmocka_unit_test(try_returns_the_error_and_goes_on_without_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
