/* The Content-Type header. */
#include "http/media_type.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_type_is_recognised_with_and_without_charset(void **state)
{
	static const char *const json[] = {
	    "application/json",
	    "APPLICATION/Json",
	    " application/json ",
	    "application/json;charset=utf-8",
	    "application/json; charset=UTF-8",
	    "application/json; charset=\"utf-8\"",
	    "application/json; charset=utf8",
	    "application/json; foo=bar; charset=utf-8",
	    "application/json;",
	    "application/json; a=\"b; charset=latin1\"",
	};
	static const char *const others[] = {
	    "text/plain",
	    "application/jsonp",
	    "application/json; charset=latin1",
	    "application/json; charset=utf-16",
	    "application/problem+json",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(json) / sizeof(json[0]); i++) {
		struct media_type type;

		if (media_type_parse(str_from(json[i]), &type) != ERR_OK || !media_type_is(&type, "application/json"))
			fail_msg("refused: %s", json[i]);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct media_type type;

		assert_int_equal(media_type_parse(str_from(others[i]), &type), ERR_OK);
		assert_false(media_type_is(&type, "application/json"));
	}
}

static void malformed_types_are_refused(void **state)
{
	static const char *const cases[] = {
	    "",
	    "json",
	    "application/",
	    "/json",
	    "application/json/x",
	    "application json/x",
	    "application/js on",
	    "application/json; charset",
	    "application/json; charset=",
	    "application/json; =utf-8",
	    "application/json; a=\"b",
	    "application/json; a=\"b\" c",
	    "application/json; charset=\"\"",
	    "application/json; charset=utf-8; charset=latin1",
	    "multipart/form-data; boundary=",
	    "multipart/form-data; boundary=\"\"",
	    "multipart/form-data; boundary=a; Boundary=a",
	    "multipart/form-data; boundary=\"a\\\"b\"",
	    "application/json, text/plain",
	    "a/b;a=1;a=1;a=1;a=1;a=1;a=1;a=1;a=1;a=1",
	    "a/b; c=\"\\\"\"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct media_type type;

		if (media_type_parse(str_from(cases[i]), &type) != ERR_BAD_REQUEST)
			fail_msg("accepted: %s", cases[i]);
	}
}

static void a_boundary_is_found_quoted_and_bare(void **state)
{
	static const char *const cases[] = {
	    "multipart/form-data; boundary=x.y-1",
	    "multipart/form-data; BOUNDARY=\"x.y-1\"",
	    "Multipart/Form-Data;charset=utf-8; boundary=x.y-1 ",
	};
	struct media_type type;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(media_type_parse(str_from(cases[i]), &type), ERR_OK);
		assert_true(media_type_is(&type, "multipart/form-data"));
		assert_true(str_eq_text(type.boundary, "x.y-1"));
	}
	assert_int_equal(media_type_parse(STR("multipart/form-data; boundary=\"a b:c\""), &type), ERR_OK);
	assert_true(str_eq_text(type.boundary, "a b:c"));
	assert_int_equal(media_type_parse(STR("multipart/form-data"), &type), ERR_OK);
	assert_int_equal(type.boundary.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_type_is_recognised_with_and_without_charset),
	    cmocka_unit_test(malformed_types_are_refused),
	    cmocka_unit_test(a_boundary_is_found_quoted_and_bare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
