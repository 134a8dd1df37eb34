/* CORS: which origins a list allows, and what replies say to whom. */
#include "http/cors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct cors cors;

static void use(const char *list)
{
	struct str bad;
	const char *why;

	if (cors_parse(list, &cors, &bad, &why) != ERR_OK)
		fail_msg("%s: %.*s %s", list, (int)bad.n, bad.p, why);
}

static const char *value_of(const struct cors_header *headers, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(headers[i].name, name) == 0)
			return headers[i].value;
	}
	return NULL;
}

/* A header of the reply to somebody at this origin (NULL: none is sent). */
static const char *said(const char *origin, const char *name)
{
	struct cors_header headers[CORS_HEADERS_MAX];
	size_t n = cors_headers(&cors, origin != NULL ? str_from(origin) : (struct str){NULL, 0}, headers);

	return value_of(headers, n, name);
}

#define ALLOWED "Access-Control-Allow-Origin"
#define CREDENTIALS "Access-Control-Allow-Credentials"

static void without_a_list_nothing_is_said(void **state)
{
	struct cors_header headers[CORS_HEADERS_MAX];

	(void)state;
	use("");
	assert_int_equal(cors_headers(&cors, STR("https://a.example"), headers), 0);
	assert_int_equal(cors_preflight_headers(&cors, STR("https://a.example"), "GET", headers), 0);
	use("  ");
	assert_int_equal(cors_headers(&cors, STR("https://a.example"), headers), 0);
}

static void who_is_listed_is_allowed_by_name_and_with_credentials(void **state)
{
	(void)state;
	use("https://App.example.org , http://localhost:5173,https://[::1]:8443");
	assert_string_equal(said("https://app.example.org", ALLOWED), "https://app.example.org");
	assert_string_equal(said("https://app.example.org:443", ALLOWED), "https://app.example.org");
	assert_string_equal(said("https://app.example.org", CREDENTIALS), "true");
	assert_string_equal(said("http://localhost:5173", ALLOWED), "http://localhost:5173");
	assert_string_equal(said("https://[::1]:8443", ALLOWED), "https://[::1]:8443");
	assert_string_equal(said("https://app.example.org", "Vary"), "Origin");
}

static void who_is_not_listed_is_told_nothing_but_that_it_varies(void **state)
{
	static const char *const strangers[] = {
	    "http://app.example.org",
	    "https://app.example.org:8443",
	    "https://app.example.org.evil.test",
	    "https://evil.test",
	    "https://xapp.example.org",
	    "null",
	    "",
	    "https://app.example.org/",
	    "https://app.example.org@evil.test",
	    "https://app.example.org\r\nX:",
	    "https://a, https://app.example.org",
	    "*",
	};

	(void)state;
	use("https://app.example.org");
	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		struct cors_header headers[CORS_HEADERS_MAX];

		if (said(strangers[i], ALLOWED) != NULL || said(strangers[i], CREDENTIALS) != NULL)
			fail_msg("%s is allowed", strangers[i]);
		assert_int_equal(cors_preflight_headers(&cors, str_from(strangers[i]), "GET", headers), 1);
		assert_string_equal(said(strangers[i], "Vary"), "Origin");
	}
	assert_null(said(NULL, ALLOWED));
}

static void a_star_is_for_anybody_and_never_with_credentials(void **state)
{
	struct cors_header headers[CORS_HEADERS_MAX];
	size_t n;

	(void)state;
	use(" * ");
	assert_string_equal(said("https://evil.test", ALLOWED), "*");
	assert_string_equal(said("null", ALLOWED), "*");
	assert_null(said("https://evil.test", CREDENTIALS));
	n = cors_preflight_headers(&cors, STR("https://evil.test"), "GET, POST", headers);
	assert_null(value_of(headers, n, CREDENTIALS));
	assert_string_equal(value_of(headers, n, "Access-Control-Allow-Methods"), "GET, POST");
}

static void a_preflight_hears_what_it_may_send(void **state)
{
	struct cors_header headers[CORS_HEADERS_MAX];
	size_t n;

	(void)state;
	use("https://app.example.org");
	n = cors_preflight_headers(&cors, STR("https://app.example.org"), "GET, HEAD, POST, OPTIONS", headers);
	assert_string_equal(value_of(headers, n, "Access-Control-Allow-Methods"), "GET, HEAD, POST, OPTIONS");
	assert_non_null(strstr(value_of(headers, n, "Access-Control-Allow-Headers"), "Authorization, Content-Type"));
	assert_non_null(strstr(value_of(headers, n, "Access-Control-Allow-Headers"), "X-Audit-Log-Reason"));
	assert_string_equal(value_of(headers, n, "Access-Control-Max-Age"), "7200");
	assert_null(value_of(headers, n, "Access-Control-Expose-Headers"));
	assert_non_null(
	    strstr(said("https://app.example.org", "Access-Control-Expose-Headers"), "X-RateLimit-Reset-After"));
}

static void a_list_that_says_something_else_is_refused(void **state)
{
	static const char *const lists[] = {
	    "app.example.org",
	    "https://app.example.org/",
	    "https://*.example.org",
	    "null",
	    "*,https://a.example",
	    "https://a.example,*",
	    "https://a.example,",
	    ",",
	    "https://a.example https://b.example",
	    "ftp://a.example",
	    "https://user@a.example",
	    "https://a.example:0",
	    "https://a.example?x",
	};
	char many[CORS_ORIGINS_MAX * 20 + 40] = "https://a.example";
	struct str bad;
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (cors_parse(lists[i], &cors, &bad, &why) == ERR_OK)
			fail_msg("%s is taken", lists[i]);
		assert_non_null(why);
	}
	for (int i = 1; i < CORS_ORIGINS_MAX; i++)
		snprintf(many + strlen(many), sizeof(many) - strlen(many), ",https://a%d.example", i);
	use(many);
	snprintf(many + strlen(many), sizeof(many) - strlen(many), ",https://b.example");
	assert_int_equal(cors_parse(many, &cors, &bad, &why), ERR_INVALID_FORM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(without_a_list_nothing_is_said),
	    cmocka_unit_test(who_is_listed_is_allowed_by_name_and_with_credentials),
	    cmocka_unit_test(who_is_not_listed_is_told_nothing_but_that_it_varies),
	    cmocka_unit_test(a_star_is_for_anybody_and_never_with_credentials),
	    cmocka_unit_test(a_preflight_hears_what_it_may_send),
	    cmocka_unit_test(a_list_that_says_something_else_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
