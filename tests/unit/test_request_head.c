/* The head of an HTTP/1 request: whole, byte by byte, and everything that two readers could read two ways. */
#include "http/request_head.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char plain[] = "GET /api/v1/events?after=5&timeout=1 HTTP/1.1\r\n"
			    "Host: chat.example.org\r\n"
			    "X-Note:\t caf\xc3\xa9 \r\n"
			    "Last-Event-ID: 17\r\n"
			    "\r\n";

static enum err parse(const char *text, struct request_head *out)
{
	return request_head_parse(text, strlen(text), out);
}

static void assert_str(struct str s, const char *expected)
{
	assert_int_equal(s.n, strlen(expected));
	assert_memory_equal(s.p, expected, s.n);
}

static void a_whole_head_gives_its_parts(void **state)
{
	struct request_head head;

	(void)state;
	assert_int_equal(parse(plain, &head), ERR_OK);
	assert_str(head.method, "GET");
	assert_str(head.target, "/api/v1/events?after=5&timeout=1");
	assert_str(head.path, "/api/v1/events");
	assert_str(head.query, "after=5&timeout=1");
	assert_int_equal(head.minor_version, 1);
	assert_int_equal(head.header_count, 3);
	assert_str(request_head_header(&head, "host"), "chat.example.org");
	assert_str(request_head_header(&head, "LAST-EVENT-ID"), "17");
	assert_str(request_head_header(&head, "x-note"), "caf\xc3\xa9");
	assert_null(request_head_header(&head, "x-not").p);
	assert_true(head.keep_alive);
	assert_int_equal(head.content_length, 0);
}

static void the_end_is_found_however_the_bytes_arrive(void **state)
{
	size_t n = sizeof(plain) - 1;

	(void)state;
	for (size_t step = 1; step <= n; step++) {
		struct request_head_scan scan = {0};
		size_t length = 0, have = 0;

		while (have < n && length == 0) {
			have = have + step < n ? have + step : n;
			assert_int_equal(request_head_find(&scan, plain, have, &length), ERR_OK);
			assert_true(length == 0 || have == n);
		}
		assert_int_equal(length, n);
	}
}

static void what_follows_the_head_is_left_alone(void **state)
{
	static const char two[] = "GET / HTTP/1.0\r\n\r\nGET /b HTTP/1.0\r\n\r\n";
	struct request_head_scan scan = {0};
	size_t length;

	(void)state;
	assert_int_equal(request_head_find(&scan, two, sizeof(two) - 1, &length), ERR_OK);
	assert_int_equal(length, 18);
}

static void garbage_is_refused_before_its_end(void **state)
{
	static const struct {
		const char *text;
		size_t n;
	} cases[] = {
	    {"GET / HTTP/1.1\n", 15},
	    {"GET / HT\0P/1.1", 14},
	    {"GET / HTTP/1.1\rHost", 19},
	    {"\r\nGET / HTTP/1.1", 16},
	    {"GET / HTTP/1.1\r\nA: b\n\n", 22},
	    {"\n", 1},
	    {"\r\r", 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct request_head_scan scan = {0};
		size_t length;

		assert_int_equal(request_head_find(&scan, cases[i].text, cases[i].n, &length), ERR_BAD_REQUEST);
	}
}

static void a_head_beyond_the_limit_is_refused(void **state)
{
	char *text = malloc(REQUEST_HEAD_BYTES_MAX + 64);
	struct request_head_scan scan = {0};
	size_t length;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', REQUEST_HEAD_BYTES_MAX + 64);
	assert_int_equal(request_head_find(&scan, text, REQUEST_HEAD_BYTES_MAX - 1, &length), ERR_OK);
	assert_int_equal(length, 0);
	assert_int_equal(request_head_find(&scan, text, REQUEST_HEAD_BYTES_MAX, &length), ERR_HEADERS_TOO_LARGE);
	memcpy(text + REQUEST_HEAD_BYTES_MAX - 2, "\r\n\r\n", 4); /* ends two bytes beyond */
	scan.looked = 0;
	assert_int_equal(request_head_find(&scan, text, REQUEST_HEAD_BYTES_MAX + 64, &length), ERR_HEADERS_TOO_LARGE);
	memcpy(text + REQUEST_HEAD_BYTES_MAX - 4, "\r\n\r\n", 4); /* ends at the very limit */
	scan.looked = 0;
	assert_int_equal(request_head_find(&scan, text, REQUEST_HEAD_BYTES_MAX + 64, &length), ERR_OK);
	assert_int_equal(length, REQUEST_HEAD_BYTES_MAX);
	free(text);
}

static void what_two_readers_could_read_two_ways_is_refused(void **state)
{
	static const char *const cases[] = {
	    "GET http://other.example/ HTTP/1.1\r\nHost: a\r\n\r\n",       /* absolute-form */
	    "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",                       /* asterisk-form */
	    "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",                    /* authority-form */
	    "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",                        /* a fragment */
	    "GET /caf\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n",                /* bytes that a target has encoded */
	    "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",                          /* two blanks */
	    "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",                          /* a blank at the end */
	    "get / HTTP/1.1\r\nHost: a\r\n\r\n",                           /* methods are upper case */
	    "GET /\r\n\r\n",                                               /* HTTP/0.9 */
	    "GET / HTTP/1.2\r\nHost: a\r\n\r\n",                           /* unknown versions */
	    "GET / HTTP/2.0\r\nHost: a\r\n\r\n",                           /**/
	    "GET / http/1.1\r\nHost: a\r\n\r\n",                           /**/
	    "GET / HTTP/1.1\r\n\r\n",                                      /* 1.1 without Host */
	    "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",                /* twice, even the same */
	    "GET / HTTP/1.1\r\nHost: a\r\nhOST: b\r\n\r\n",                /**/
	    "GET / HTTP/1.1\r\nHost: a\r\nCookie: x\r\nCookie: y\r\n\r\n", /**/
	    "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: x\r\nAuthorization: x\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 1\r\nLast-Event-ID: 2\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", /* streams have no body */
	    "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551617\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", /* obs-fold */
	    "GET / HTTP/1.1\r\nHost : a\r\n\r\n",           /* a blank before the colon */
	    "GET / HTTP/1.1\r\nHost: a\r\nX\x7f: a\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\n",      /* not whole */
	    "GET / HTTP/1.1\r\nHost: a\r\n\r\nx", /* more than a head */
	    "",
	};
	struct request_head head;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (parse(cases[i], &head) != ERR_BAD_REQUEST)
			fail_msg("accepted: %s", cases[i]);
	}
}

static void limits_have_names_and_are_exact(void **state)
{
	struct request_head head;
	size_t cap = REQUEST_HEAD_BYTES_MAX;
	char *text = calloc(1, cap);
	size_t n;

	(void)state;
	assert_non_null(text);
	n = (size_t)snprintf(text, cap, "GET / HTTP/1.1\r\nHost: a\r\n");
	for (int i = 1; i < REQUEST_HEADERS_MAX; i++)
		n += (size_t)snprintf(text + n, cap - n, "X-%d: y\r\n", i);
	snprintf(text + n, cap - n, "\r\n");
	assert_int_equal(parse(text, &head), ERR_OK);
	assert_int_equal(head.header_count, REQUEST_HEADERS_MAX);
	snprintf(text + n, cap - n, "One: more\r\n\r\n");
	assert_int_equal(parse(text, &head), ERR_HEADERS_TOO_LARGE);

	n = (size_t)snprintf(text, cap, "GET /");
	memset(text + n, 'a', REQUEST_TARGET_MAX - 1);
	snprintf(text + n + REQUEST_TARGET_MAX - 1, cap - n - REQUEST_TARGET_MAX, " HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_int_equal(parse(text, &head), ERR_OK);
	snprintf(text + n + REQUEST_TARGET_MAX - 1, cap - n - REQUEST_TARGET_MAX, "a HTTP/1.1\r\nHost: a\r\n\r\n");
	assert_int_equal(parse(text, &head), ERR_HEADERS_TOO_LARGE);
	free(text);
}

static void keep_alive_follows_version_and_connection(void **state)
{
	static const struct {
		const char *text;
		bool keep_alive;
	} cases[] = {
	    {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", true},
	    {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false},
	    {"GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade, Close\r\n\r\n", false},
	    {"GET / HTTP/1.0\r\n\r\n", false},
	    {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct request_head head;

		assert_int_equal(parse(cases[i].text, &head), ERR_OK);
		assert_int_equal(head.keep_alive, cases[i].keep_alive);
	}
}

static void a_length_is_read_as_a_number(void **state)
{
	struct request_head head;

	(void)state;
	assert_int_equal(parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999999\r\n\r\n", &head), ERR_OK);
	assert_true(head.content_length == UINT64_C(999999999999999));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_whole_head_gives_its_parts),
	    cmocka_unit_test(the_end_is_found_however_the_bytes_arrive),
	    cmocka_unit_test(what_follows_the_head_is_left_alone),
	    cmocka_unit_test(garbage_is_refused_before_its_end),
	    cmocka_unit_test(a_head_beyond_the_limit_is_refused),
	    cmocka_unit_test(what_two_readers_could_read_two_ways_is_refused),
	    cmocka_unit_test(limits_have_names_and_are_exact),
	    cmocka_unit_test(keep_alive_follows_version_and_connection),
	    cmocka_unit_test(a_length_is_read_as_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
