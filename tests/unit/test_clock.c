/* Times. */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void times_are_written_as_iso_8601(void **state)
{
	static const struct {
		int64_t at_ms;
		const char *expected;
	} cases[] = {
	    {0, "1970-01-01T00:00:00.000000+00:00"},
	    {1, "1970-01-01T00:00:00.001000+00:00"},
	    {-1, "1969-12-31T23:59:59.999000+00:00"},
	    {INT64_C(1420070400000), "2015-01-01T00:00:00.000000+00:00"},
	    {INT64_C(1767323045678), "2026-01-02T03:04:05.678000+00:00"},
	    {INT64_C(951782400000), "2000-02-29T00:00:00.000000+00:00"},
	    {INT64_C(4107542399999), "2100-02-28T23:59:59.999000+00:00"},
	    {INT64_C(4107542400000), "2100-03-01T00:00:00.000000+00:00"},
	    {INT64_C(253402300799999), "9999-12-31T23:59:59.999000+00:00"},
	    {INT64_C(253402300800000), "9999-12-31T23:59:59.999000+00:00"},
	    {INT64_MAX, "9999-12-31T23:59:59.999000+00:00"},
	    {INT64_C(-62167219200000), "0000-01-01T00:00:00.000000+00:00"},
	    {INT64_MIN, "0000-01-01T00:00:00.000000+00:00"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char out[CLOCK_ISO8601_SIZE];

		memset(out, 'x', sizeof out);
		clock_iso8601(cases[i].at_ms, out);
		assert_string_equal(out, cases[i].expected);
	}
}

static void times_are_read_in_the_ways_that_clients_write_them(void **state)
{
	static const struct {
		const char *text;
		int64_t expected;
	} cases[] = {
	    {"2026-01-02T03:04:05.678000+00:00", INT64_C(1767323045678)},
	    {"2026-01-02T03:04:05.678Z", INT64_C(1767323045678)},
	    {"2026-01-02T03:04:05.6789999999z", INT64_C(1767323045678)},
	    {"2026-01-02 03:04:05", INT64_C(1767323045000)},
	    {"2026-01-02T03:04Z", INT64_C(1767323040000)},
	    {"2026-01-02T04:34:05.678+01:30", INT64_C(1767323045678)},
	    {"2026-01-01T22:04:05.678-0500", INT64_C(1767323045678)},
	    {"1970-01-01T00:00:00Z", 0},
	    {"2000-02-29T00:00:00Z", INT64_C(951782400000)},
	    {"1969-12-31T23:59:59.999Z", -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t at_ms = 7;

		assert_true(clock_parse_iso8601(cases[i].text, &at_ms));
		assert_int_equal(at_ms, cases[i].expected);
	}
}

static void what_is_no_time_is_not_read(void **state)
{
	static const char *const cases[] = {
	    "",
	    "now",
	    "2026",
	    "2026-01-02",
	    "2026-01-02T",
	    "2026-01-02T03",
	    "2026-01-02T03:04:",
	    "2026-01-02T03:04:05.",
	    "2026-02-29T00:00:00Z",
	    "1900-02-29T00:00:00Z",
	    "2026-13-01T00:00:00Z",
	    "2026-00-01T00:00:00Z",
	    "2026-01-00T00:00:00Z",
	    "2026-04-31T00:00:00Z",
	    "2026-01-02T24:00:00Z",
	    "2026-01-02T03:60:00Z",
	    "2026-01-02T03:04:61Z",
	    "0000-01-01T00:00:00Z",
	    "2026-01-02T03:04:05+24:00",
	    "2026-01-02T03:04:05+1",
	    "2026-01-02T03:04:05Z ",
	    "2026-01-02T03:04:05ZZ",
	    " 2026-01-02T03:04:05Z",
	    "20260102T030405Z",
	    "-026-01-02T03:04Z",
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t at_ms = 7;

		if (clock_parse_iso8601(cases[i], &at_ms))
			fail_msg("%s", cases[i]);
		assert_int_equal(at_ms, 7);
	}
}

static void what_is_written_is_read_as_it_was(void **state)
{
	(void)state;
	for (int64_t at_ms = INT64_C(-62135596800000); at_ms <= INT64_C(253402300799999);
	     at_ms += INT64_C(12345678901)) {
		char text[CLOCK_ISO8601_SIZE];
		int64_t read = 0;

		clock_iso8601(at_ms, text);
		assert_true(clock_parse_iso8601(text, &read));
		assert_int_equal(read, at_ms);
	}
}

/* The C library is the second opinion. */
static void assert_as_the_c_library_says(int64_t at_ms)
{
	int64_t at_s = at_ms / 1000 - (at_ms % 1000 < 0);
	time_t seconds = (time_t)at_s;
	char expected[64], out[CLOCK_ISO8601_SIZE];
	struct tm tm;

	assert_non_null(gmtime_r(&seconds, &tm));
	snprintf(expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02d.%03d000+00:00", tm.tm_year + 1900,
		 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(at_ms - at_s * 1000));
	clock_iso8601(at_ms, out);
	assert_string_equal(out, expected);
}

/* Some moment of each day of the years 1890 to 2110, and of every 97th day of the years 0000 to 9999. */
static void days_are_those_of_the_calendar(void **state)
{
	const int64_t day_ms = 86400000, moment_ms = 45296789;

	(void)state;
	for (int64_t day = -80 * 366; day < 140 * 366; day++)
		assert_as_the_c_library_says(day * day_ms + moment_ms);
	for (int64_t at_ms = INT64_C(-62167219200000) + moment_ms; at_ms < INT64_C(253402300800000);
	     at_ms += 97 * day_ms)
		assert_as_the_c_library_says(at_ms);
}

static void the_wall_clock_is_in_milliseconds(void **state)
{
	int64_t before_s = time(NULL);
	int64_t now_ms = clock_now_ms();
	int64_t after_s = time(NULL);

	(void)state;
	assert_true(now_ms / 1000 >= before_s - 1);
	assert_true(now_ms / 1000 <= after_s);
}

static void the_monotonic_clock_moves_on_in_milliseconds(void **state)
{
	int64_t before_ms = clock_monotonic_ms(), passed_ms;

	(void)state;
	nanosleep(&(struct timespec){0, 20 * 1000 * 1000}, NULL);
	passed_ms = clock_monotonic_ms() - before_ms;
	assert_in_range(passed_ms, 19, 10000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(times_are_written_as_iso_8601),
	    cmocka_unit_test(times_are_read_in_the_ways_that_clients_write_them),
	    cmocka_unit_test(what_is_no_time_is_not_read),
	    cmocka_unit_test(what_is_written_is_read_as_it_was),
	    cmocka_unit_test(days_are_those_of_the_calendar),
	    cmocka_unit_test(the_wall_clock_is_in_milliseconds),
	    cmocka_unit_test(the_monotonic_clock_moves_on_in_milliseconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
