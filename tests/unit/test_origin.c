/* Origins: parsing, comparing, and which are this machine's own. */
#include "http/origin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void an_origin_has_scheme_host_and_port(void **state)
{
	static const struct {
		const char *url;
		bool is_https;
		const char *host;
		uint16_t port;
	} cases[] = {
	    {"http://chat.example.org", false, "chat.example.org", 80},
	    {"https://Chat.Example.org/", true, "chat.example.org", 443},
	    {"HTTPS://chat.example.org:8443/path?q#f", true, "chat.example.org", 8443},
	    {"http://127.0.0.1:8080", false, "127.0.0.1", 8080},
	    {"http://[::1]:8080", false, "[::1]", 8080},
	    {"http://[2001:DB8::1]", false, "[2001:db8::1]", 80},
	    {"http://a:1?x", false, "a", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct origin origin;

		assert_int_equal(origin_parse(str_from(cases[i].url), &origin), ERR_OK);
		assert_int_equal(origin.is_https, cases[i].is_https);
		assert_string_equal(origin.host, cases[i].host);
		assert_int_equal(origin.port, cases[i].port);
	}
}

static void what_is_no_origin_is_refused(void **state)
{
	static const char *const cases[] = {
	    "",
	    "null",
	    "chat.example.org",
	    "ftp://a",
	    "http:/a",
	    "http://",
	    "http:///a",
	    "http://:80",
	    "http://a:",
	    "http://a:0",
	    "http://a:65536",
	    "http://a:080808",
	    "http://a:8o",
	    "http://user@a",
	    "http://user:1@a",
	    "http://a b",
	    "http://a,b",
	    "http://[::1",
	    "http://[]",
	    "http://[::1]x",
	    "http://[g]",
	    "http://caf\xc3\xa9",
	    "javascript:alert(1)",
	    "http://a\\b",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct origin origin;

		if (origin_parse(str_from(cases[i]), &origin) != ERR_BAD_REQUEST)
			fail_msg("accepted: %s", cases[i]);
	}
}

static void a_header_holds_an_origin_and_nothing_else(void **state)
{
	struct origin origin;

	(void)state;
	assert_int_equal(origin_parse_header(STR("https://a:81"), &origin), ERR_OK);
	assert_int_equal(origin_parse_header(STR("https://a:81/"), &origin), ERR_BAD_REQUEST);
	assert_int_equal(origin_parse_header(STR("https://a?x"), &origin), ERR_BAD_REQUEST);
	assert_int_equal(origin_parse_header(STR("https://a https://b"), &origin), ERR_BAD_REQUEST);
	assert_int_equal(origin_parse_header(STR("null"), &origin), ERR_BAD_REQUEST);
}

static void the_default_port_is_the_same_origin_and_another_scheme_is_not(void **state)
{
	struct origin a, b;

	(void)state;
	assert_int_equal(origin_parse(STR("https://a"), &a), ERR_OK);
	assert_int_equal(origin_parse(STR("https://A:443"), &b), ERR_OK);
	assert_true(origin_equal(&a, &b));
	assert_int_equal(origin_parse(STR("http://a:443"), &b), ERR_OK);
	assert_false(origin_equal(&a, &b));
	assert_int_equal(origin_parse(STR("https://a.b"), &b), ERR_OK);
	assert_false(origin_equal(&a, &b));
}

static void loopback_is_an_address_and_not_a_name_that_looks_like_one(void **state)
{
	static const struct {
		const char *url;
		bool expected;
	} cases[] = {
	    {"http://localhost:1", true},
	    {"http://127.0.0.1", true},
	    {"http://127.1.2.3", true},
	    {"http://[::1]", true},
	    {"http://127.0.0.1.example.org", false},
	    {"http://127.0.0", false},
	    {"http://127.0.0.0.1", false},
	    {"http://localhost.example.org", false},
	    {"http://10.0.0.1", false},
	    {"http://127.a.0.1", false},
	    {"http://127..0.1", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct origin origin;

		assert_int_equal(origin_parse(str_from(cases[i].url), &origin), ERR_OK);
		if (origin_is_loopback(&origin) != cases[i].expected)
			fail_msg("wrong for: %s", cases[i].url);
	}
}

static void an_origin_is_written_as_browsers_write_it(void **state)
{
	static const char *const cases[][2] = {
	    {"HTTPS://App.Example.org/x", "https://app.example.org"},
	    {"https://a:443", "https://a"},
	    {"http://a:80", "http://a"},
	    {"http://a:443", "http://a:443"},
	    {"https://a:80", "https://a:80"},
	    {"http://[::1]:8080", "http://[::1]:8080"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct origin origin;
		char text[ORIGIN_TEXT_SIZE];

		assert_int_equal(origin_parse(str_from(cases[i][0]), &origin), ERR_OK);
		origin_format(&origin, text);
		assert_string_equal(text, cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_origin_is_written_as_browsers_write_it),
	    cmocka_unit_test(an_origin_has_scheme_host_and_port),
	    cmocka_unit_test(what_is_no_origin_is_refused),
	    cmocka_unit_test(a_header_holds_an_origin_and_nothing_else),
	    cmocka_unit_test(the_default_port_is_the_same_origin_and_another_scheme_is_not),
	    cmocka_unit_test(loopback_is_an_address_and_not_a_name_that_looks_like_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
