/* The Authorization header. */
#include "http/authorization.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void schemes_are_told_apart(void **state)
{
	static const struct {
		const char *value;
		enum authorization_scheme scheme;
		const char *token;
	} cases[] = {
	    {"", AUTHORIZATION_NONE, ""},
	    {"   ", AUTHORIZATION_NONE, ""},
	    {"Bearer abc.def-_~+/==", AUTHORIZATION_BEARER, "abc.def-_~+/=="},
	    {"bearer   abc", AUTHORIZATION_BEARER, "abc"},
	    {"Bot abc", AUTHORIZATION_BOT, "abc"},
	    {"BOT abc ", AUTHORIZATION_BOT, "abc"},
	    {"Bearer", AUTHORIZATION_INVALID, ""},
	    {"Bearer ", AUTHORIZATION_INVALID, ""},
	    {"Bearer a b", AUTHORIZATION_INVALID, ""},
	    {"Bearer a,b", AUTHORIZATION_INVALID, ""},
	    {"Bearer =", AUTHORIZATION_INVALID, ""},
	    {"Bearer a=b", AUTHORIZATION_INVALID, ""},
	    {"Bearer caf\xc3\xa9", AUTHORIZATION_INVALID, ""},
	    {"Basic dXNlcjpwYXNz", AUTHORIZATION_INVALID, ""},
	    {"abc", AUTHORIZATION_INVALID, ""},
	    {"Bearerabc", AUTHORIZATION_INVALID, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str token;

		if (authorization_parse(str_from(cases[i].value), &token) != cases[i].scheme)
			fail_msg("wrong scheme: %s", cases[i].value);
		assert_true(str_eq_text(token, cases[i].token));
	}
}

static void a_token_has_a_greatest_length(void **state)
{
	char value[AUTHORIZATION_TOKEN_MAX + 16] = "Bearer ";
	struct str token;

	(void)state;
	memset(value + 7, 'a', AUTHORIZATION_TOKEN_MAX + 1);
	assert_int_equal(authorization_parse((struct str){value, 7 + AUTHORIZATION_TOKEN_MAX}, &token),
			 AUTHORIZATION_BEARER);
	assert_int_equal(token.n, AUTHORIZATION_TOKEN_MAX);
	assert_int_equal(authorization_parse((struct str){value, 8 + AUTHORIZATION_TOKEN_MAX}, &token),
			 AUTHORIZATION_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(schemes_are_told_apart),
	    cmocka_unit_test(a_token_has_a_greatest_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
