/* The secrets that snug run hands down. */
#include "front/secrets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define KEY_A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define KEY_B "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA"

static struct secrets secrets;

static enum err parse(const char *text)
{
	return secrets_parse(text, strlen(text), &secrets);
}

static void all_of_it_is_read(void **state)
{
	(void)state;
	assert_int_equal(
	    parse("jwt_key=abcdefgh:" KEY_B "\njwt_key=12345678:" KEY_A "\ncsrf_key=" KEY_B "\nsetup_code=red-fox\n"),
	    ERR_OK);
	assert_string_equal(secrets.jwt.keys[0].kid, "abcdefgh");
	assert_int_equal(secrets.jwt.keys[0].secret.bytes[31], 32);
	assert_string_equal(secrets.jwt.keys[1].kid, "12345678");
	assert_int_equal(secrets.csrf.bytes[0], 1);
	assert_string_equal(secrets.setup_code, "red-fox");
}

static void one_key_and_no_code_are_enough(void **state)
{
	(void)state;
	assert_int_equal(parse("setup_code=\ncsrf_key=" KEY_A "\njwt_key=abcdefgh:" KEY_B), ERR_OK);
	assert_string_equal(secrets.setup_code, "");
	assert_string_equal(secrets.jwt.keys[1].kid, "");
}

static void what_is_missing_malformed_or_too_much_is_refused(void **state)
{
	static const char *const cases[] = {
	    "",
	    "jwt_key=abcdefgh:" KEY_B "\nsetup_code=\n",
	    "csrf_key=" KEY_B "\nsetup_code=\n",
	    "jwt_key=abcdefgh:" KEY_B "\ncsrf_key=" KEY_B "\n",
	    "jwt_key=abcdefgh:" KEY_B "\ncsrf_key=" KEY_B "\nsetup_code=\nsetup_code=\n",
	    "jwt_key=abcdefgh:" KEY_B "\ncsrf_key=" KEY_B "\ncsrf_key=" KEY_B "\nsetup_code=\n",
	    "jwt_key=a:" KEY_B "\ncsrf_key=" KEY_B "\nsetup_code=\n",
	    "jwt_key=abcdefgh:AAAA\ncsrf_key=" KEY_B "\nsetup_code=\n",
	    "jwt_key=abcdefgh:" KEY_B "A\ncsrf_key=" KEY_B "\nsetup_code=\n",
	    "jwt_key=abcdefgh" KEY_B "\ncsrf_key=" KEY_B "\nsetup_code=\n",
	    "jwt_key=abcdefgh:" KEY_B "\ncsrf_key=" KEY_B "\nsetup_code=\nother=1\n",
	    "jwt_key=abcdefgh:" KEY_B "\ncsrf_key=" KEY_B "\nsetup_code\n",
	    "jwt_key=abcdefgh:" KEY_B "\njwt_key=abcdefgh:" KEY_B "\njwt_key=abcdefgh:" KEY_B "\ncsrf_key=" KEY_B
	    "\nsetup_code=\n",
	    "jwt_key=abcdefgh:" KEY_B "\ncsrf_key=" KEY_B
	    "\nsetup_code=0123456789012345678901234567890123456789012345678901234567890123456789\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (parse(cases[i]) != ERR_BAD_REQUEST)
			fail_msg("accepted: %s", cases[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_of_it_is_read),
	    cmocka_unit_test(one_key_and_no_code_are_enough),
	    cmocka_unit_test(what_is_missing_malformed_or_too_much_is_refused),
	};

	secret_open();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
