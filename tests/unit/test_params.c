/* FastCGI parameters: a name that comes twice is an attempt to say two things. */
#include "front/params.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct params params;

static void parameters_are_found_by_name(void **state)
{
	char *environment[] = {(char[]){"REQUEST_METHOD=GET"}, (char[]){"QUERY_STRING="},
			       (char[]){"HTTP_COOKIE=a=b; c=d"}, NULL};

	(void)state;
	assert_int_equal(params_read(environment, &params), ERR_OK);
	assert_int_equal(params.count, 3);
	assert_true(str_eq(params_find(&params, "HTTP_COOKIE"), STR("a=b; c=d")));
	assert_non_null(params_find(&params, "QUERY_STRING").p);
	assert_int_equal(params_find(&params, "QUERY_STRING").n, 0);
	assert_null(params_find(&params, "HTTP_COOKI").p);
}

static void a_repeated_or_nameless_parameter_is_refused(void **state)
{
	char *twice[] = {(char[]){"HTTP_X_FORWARDED_FOR=10.0.0.1"}, (char[]){"A=1"},
			 (char[]){"HTTP_X_FORWARDED_FOR=10.0.0.2"}, NULL};
	char *same[] = {(char[]){"A=1"}, (char[]){"A=1"}, NULL};
	char *nameless[] = {(char[]){"=1"}, NULL};
	char *plain[] = {(char[]){"A"}, NULL};

	(void)state;
	assert_int_equal(params_read(twice, &params), ERR_BAD_REQUEST);
	assert_int_equal(params_read(same, &params), ERR_BAD_REQUEST);
	assert_int_equal(params_read(nameless, &params), ERR_BAD_REQUEST);
	assert_int_equal(params_read(plain, &params), ERR_BAD_REQUEST);
}

static void number_and_size_are_bounded(void **state)
{
	static char names[PARAMS_MAX + 1][16], large[PARAMS_BYTES_MAX];
	char *environment[PARAMS_MAX + 2] = {NULL};

	(void)state;
	for (int i = 0; i < PARAMS_MAX; i++) {
		snprintf(names[i], sizeof(names[i]), "N%d=1", i);
		environment[i] = names[i];
	}
	assert_int_equal(params_read(environment, &params), ERR_OK);
	environment[PARAMS_MAX] = (char[]){"ONE=more"};
	assert_int_equal(params_read(environment, &params), ERR_HEADERS_TOO_LARGE);

	memset(large, 'a', sizeof(large) - 1);
	large[1] = '=';
	environment[0] = large;
	environment[1] = NULL;
	assert_int_equal(params_read(environment, &params), ERR_OK);
	environment[1] = (char[]){"BB"};
	environment[2] = NULL;
	assert_int_equal(params_read(environment, &params), ERR_HEADERS_TOO_LARGE);
}

static void a_head_that_is_too_long_is_refused_and_its_address_is_known(void **state)
{
	static char uri[] = "REQUEST_URI=/api/v1/users/@me", header[PARAMS_HEAD_BYTES_MAX + 1];
	static char other[PARAMS_HEAD_BYTES_MAX + 1];
	char *environment[] = {uri, header, other, NULL};
	size_t room = PARAMS_HEAD_BYTES_MAX - (sizeof(uri) - 2);

	(void)state;
	memset(header, 'a', sizeof(header) - 1);
	memcpy(header, "HTTP_A=", 7);
	memset(other, 'a', sizeof(other) - 1);
	memcpy(other, "OTHER=", 6); /* lighttpd's own: as long as it likes */
	header[room + 1] = '\0';
	assert_int_equal(params_read(environment, &params), ERR_OK);
	header[room + 1] = 'a';
	header[room + 2] = '\0';
	assert_int_equal(params_read(environment, &params), ERR_HEADERS_TOO_LARGE);
	assert_true(str_eq(params_find(&params, "REQUEST_URI"), STR("/api/v1/users/@me")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parameters_are_found_by_name),
	    cmocka_unit_test(a_repeated_or_nameless_parameter_is_refused),
	    cmocka_unit_test(number_and_size_are_bounded),
	    cmocka_unit_test(a_head_that_is_too_long_is_refused_and_its_address_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
