/* The Cookie header. */
#include "http/cookie.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_cookie(const char *header, const char *expected)
{
	struct str value;

	if (!cookie_find(str_from(header), "session", &value)) {
		if (expected != NULL)
			fail_msg("not found in: %s", header);
		assert_int_equal(value.n, 0);
		return;
	}
	if (expected == NULL)
		fail_msg("found in: %s", header);
	assert_true(str_eq_text(value, expected));
}

static void a_cookie_is_found_by_its_whole_name(void **state)
{
	(void)state;
	assert_cookie("session=abc", "abc");
	assert_cookie("a=1; session=abc; b=2", "abc");
	assert_cookie("a=1;session=abc;b=2", "abc");
	assert_cookie(" session = abc ", "abc");
	assert_cookie("session=\"abc\"", "abc");
	assert_cookie("session=a=b", "a=b");
	assert_cookie("session=", "");
	assert_cookie("", NULL);
	assert_cookie("session", NULL);
	assert_cookie("Session=abc", NULL);
	assert_cookie("xsession=abc; sessionx=abc", NULL);
	assert_cookie("a=\"session=x\"", NULL);
}

static void two_different_ones_are_none(void **state)
{
	(void)state;
	assert_cookie("session=ours; session=planted", NULL);
	assert_cookie("session=planted; a=b; session=", NULL);
	assert_cookie("session=same; session=same", "same");
}

static void a_header_of_too_many_pairs_is_not_searched(void **state)
{
	char header[8 * COOKIE_PAIRS_MAX + 32];
	size_t n = 0;

	(void)state;
	for (int i = 0; i < COOKIE_PAIRS_MAX - 1; i++)
		n += (size_t)snprintf(header + n, sizeof(header) - n, "a%d=1;", i);
	snprintf(header + n, sizeof(header) - n, "session=abc");
	assert_cookie(header, "abc");
	snprintf(header + n, sizeof(header) - n, "z=1;session=abc");
	assert_cookie(header, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_cookie_is_found_by_its_whole_name),
	    cmocka_unit_test(two_different_ones_are_none),
	    cmocka_unit_test(a_header_of_too_many_pairs_is_not_searched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
