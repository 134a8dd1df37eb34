/* The generic cell rate algorithm, with time given. */
#include "base/gcra.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static const struct gcra_rate five = {5, 5000};
static const int64_t start_ms = 1000000;

static void all_may_come_at_once_and_then_one_by_one(void **state)
{
	/* When each comes, whether it is let in, and what is said. */
	static const struct {
		int64_t at_ms;
		bool is_allowed;
		int64_t remaining, reset_after_ms, retry_after_ms;
	} rows[] = {
	    {0, true, 4, 1000, 0},     {0, true, 3, 2000, 0},       {0, true, 2, 3000, 0},
	    {10, true, 1, 3990, 0},    {10, true, 0, 4990, 0},      {10, false, 0, 4990, 990},
	    {999, false, 0, 4001, 1},  {1000, true, 0, 5000, 0},    {1000, false, 0, 5000, 1000},
	    {2500, true, 0, 4500, 0},  {2500, false, 0, 4500, 500}, {9000, true, 4, 1000, 0},
	    {20000, true, 4, 1000, 0},
	};
	int64_t until_ms = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct gcra got = gcra_take(&five, until_ms, start_ms + rows[i].at_ms);

		if (got.is_allowed != rows[i].is_allowed || got.remaining != rows[i].remaining ||
		    got.reset_after_ms != rows[i].reset_after_ms || got.retry_after_ms != rows[i].retry_after_ms)
			fail_msg("row %zu: %d, %lld left, reset %lld, retry %lld", i, got.is_allowed,
				 (long long)got.remaining, (long long)got.reset_after_ms,
				 (long long)got.retry_after_ms);
		until_ms = got.until_ms;
	}
}

static void after_retry_after_and_not_before_one_is_let_in(void **state)
{
	static const struct gcra_rate rates[] = {{5, 5000}, {50, 1000}, {100, 1000}, {7, 1000}, {1, 600000}, {3, 3}};

	(void)state;
	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
		struct gcra got = {0};

		for (int64_t n = 0; n < rates[i].limit; n++) {
			got = gcra_take(&rates[i], got.until_ms, start_ms);
			assert_true(got.is_allowed);
			assert_int_equal(got.remaining, rates[i].limit - n - 1);
		}
		got = gcra_take(&rates[i], got.until_ms, start_ms);
		assert_false(got.is_allowed);
		assert_true(got.retry_after_ms > 0 && got.retry_after_ms <= rates[i].period_ms);
		assert_false(gcra_take(&rates[i], got.until_ms, start_ms + got.retry_after_ms - 1).is_allowed);
		assert_true(gcra_take(&rates[i], got.until_ms, start_ms + got.retry_after_ms).is_allowed);
		assert_int_equal(gcra_take(&rates[i], got.until_ms, start_ms + got.reset_after_ms).remaining,
				 rates[i].limit - 1);
	}
}

static void in_the_long_run_the_rate_is_kept(void **state)
{
	int64_t until_ms = 0;
	int allowed = 0;

	(void)state;
	for (int64_t at_ms = 0; at_ms < 60000; at_ms += 7) {
		struct gcra got = gcra_take(&five, until_ms, start_ms + at_ms);

		until_ms = got.until_ms;
		allowed += got.is_allowed;
	}
	assert_int_equal(allowed, 5 + 59);
}

static void a_time_that_nobody_can_have_written_counts_as_none(void **state)
{
	static const int64_t times[] = {INT64_MIN / 2, -1, 0, 1, INT64_C(1000000), INT64_C(1005001), INT64_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		struct gcra got = gcra_take(&five, times[i], start_ms);

		assert_true(got.is_allowed);
		assert_int_equal(got.remaining, 4);
		assert_int_equal(got.until_ms, start_ms + 1000);
	}
}

static void what_is_given_back_can_be_taken_again(void **state)
{
	struct gcra got = {0};

	(void)state;
	for (int i = 0; i < 5; i++)
		got = gcra_take(&five, got.until_ms, start_ms);
	got.until_ms = gcra_give_back(&five, got.until_ms);
	got = gcra_take(&five, got.until_ms, start_ms);
	assert_true(got.is_allowed);
	assert_false(gcra_take(&five, got.until_ms, start_ms).is_allowed);
	assert_int_equal(gcra_give_back(&five, 0), 0);
	assert_int_equal(gcra_give_back(&five, 999), 0);
}

static void a_rate_is_so_many_in_a_period(void **state)
{
	static const struct {
		const char *text;
		struct gcra_rate rate; /* limit 0: it is none */
	} rows[] = {
	    {"5/5s", {5, 5000}},
	    {"60/min", {60, 60000}},
	    {"1/250ms", {1, 250}},
	    {"100/s", {100, 1000}},
	    {"10/10min", {10, 600000}},
	    {"7/h", {7, 3600000}},
	    {"1000/s", {1000, 1000}},
	    {"1/60min", {1, 3600000}},
	    {"", {0}},
	    {"5", {0}},
	    {"5/", {0}},
	    {"/s", {0}},
	    {"5/s ", {0}},
	    {" 5/s", {0}},
	    {"5 /s", {0}},
	    {"-5/s", {0}},
	    {"0/s", {0}},
	    {"5/0s", {0}},
	    {"5/5", {0}},
	    {"5/day", {0}},
	    {"5/2h", {0}},
	    {"1001/s", {0}},
	    {"5/5S", {0}},
	    {"5/99999999999s", {0}},
	    {"99999999999/h", {0}},
	    {"5.5/s", {0}},
	    {"5/s/s", {0}},
	    {"0x5/s", {0}},
	    {"2/1ms", {0}},
	    {"5/5m", {0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct gcra_rate rate;
		const char *fault = gcra_rate_parse(rows[i].text, &rate);

		if ((fault == NULL) != (rows[i].rate.limit != 0))
			fail_msg("\"%s\": %s", rows[i].text, fault != NULL ? fault : "is a rate");
		if (fault == NULL) {
			assert_int_equal(rate.limit, rows[i].rate.limit);
			assert_int_equal(rate.period_ms, rows[i].rate.period_ms);
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_rate_is_so_many_in_a_period),
	    cmocka_unit_test(all_may_come_at_once_and_then_one_by_one),
	    cmocka_unit_test(after_retry_after_and_not_before_one_is_let_in),
	    cmocka_unit_test(in_the_long_run_the_rate_is_kept),
	    cmocka_unit_test(a_time_that_nobody_can_have_written_counts_as_none),
	    cmocka_unit_test(what_is_given_back_can_be_taken_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
