/* The safety headers, by kind of reply. */
#include "http/headers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct buf out;

static const char *headers_of(unsigned scopes)
{
	buf_clear(&out);
	headers_put(&out, scopes);
	return out.p;
}

static int free_out(void **state)
{
	(void)state;
	buf_free(&out);
	return 0;
}

static void every_reply_is_protected_from_sniffing_and_framing(void **state)
{
	(void)state;
	assert_non_null(strstr(headers_of(0), "X-Content-Type-Options: nosniff\r\n"));
	assert_non_null(strstr(headers_of(0), "X-Frame-Options: DENY\r\n"));
	assert_null(strstr(headers_of(0), "Content-Security-Policy"));
	assert_null(strstr(headers_of(0), "Strict-Transport-Security"));
}

static void a_page_runs_only_scripts_of_its_own_files(void **state)
{
	const char *text = headers_of(HEADER_PAGE);

	(void)state;
	assert_non_null(strstr(text, "script-src 'self';"));
	assert_non_null(strstr(text, "frame-ancestors 'none'"));
	assert_null(strstr(text, "unsafe"));
}

static void data_is_no_page_and_what_needs_a_login_is_not_kept(void **state)
{
	const char *text = headers_of(HEADER_DATA | HEADER_PRIVATE | HEADER_HTTPS);

	(void)state;
	assert_non_null(strstr(text, "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"));
	assert_non_null(strstr(text, "Cache-Control: no-store\r\n"));
	assert_non_null(strstr(text, "Strict-Transport-Security: max-age="));
	assert_null(strstr(text, "script-src"));
}

static void only_pictures_may_be_shown_by_other_sites(void **state)
{
	static const char own[] = "Cross-Origin-Resource-Policy: same-origin\r\n";
	static const char anybodys[] = "Cross-Origin-Resource-Policy: cross-origin\r\n";

	(void)state;
	assert_non_null(strstr(headers_of(HEADER_PAGE), own));
	assert_non_null(strstr(headers_of(HEADER_DATA), own));
	assert_non_null(strstr(headers_of(HEADER_FILE), own));
	assert_non_null(strstr(headers_of(HEADER_FILE | HEADER_PICTURE), anybodys));
	assert_null(strstr(headers_of(HEADER_FILE | HEADER_PICTURE), own));
	assert_non_null(strstr(headers_of(HEADER_FILE), "sandbox"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_reply_is_protected_from_sniffing_and_framing),
	    cmocka_unit_test(a_page_runs_only_scripts_of_its_own_files),
	    cmocka_unit_test(data_is_no_page_and_what_needs_a_login_is_not_kept),
	    cmocka_unit_test(only_pictures_may_be_shown_by_other_sites),
	};

	return cmocka_run_group_tests(tests, NULL, free_out);
}
