/* Snowflakes. */
#include "base/id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { LOW_BITS = 22 };

static void an_id_tells_when_it_was_made(void **state)
{
	int64_t now_ms = INT64_C(1767323045678);
	struct id_source source = {0};

	(void)state;
	assert_int_equal(id_created_at_ms(id_next(&source, now_ms)), now_ms);
	/* The example of Discord's documentation. */
	assert_int_equal(id_created_at_ms(INT64_C(175928847299117063)), INT64_C(1462015105796));
}

/* Clocks stand still, go back and jump. */
static void ids_only_ever_grow_whatever_the_clock_does(void **state)
{
	static const int64_t clock_ms[] = {INT64_C(1767323045678),
					   INT64_C(1767323045678),
					   INT64_C(1767323045677),
					   0,
					   -5,
					   INT64_MIN,
					   INT64_C(1767323045679),
					   INT64_MAX,
					   INT64_C(1767323045680),
					   INT64_MAX};
	struct id_source source = {0};
	int64_t last = 0;

	(void)state;
	for (size_t i = 0; i < sizeof clock_ms / sizeof *clock_ms; i++) {
		for (int repeat = 0; repeat < 3; repeat++) {
			int64_t id = id_next(&source, clock_ms[i]);

			assert_true(id > last);
			assert_int_equal(source.last, id);
			last = id;
		}
	}
}

static void a_full_millisecond_runs_over_into_the_next(void **state)
{
	int64_t now_ms = INT64_C(1767323045678);
	struct id_source source = {0};
	int64_t first = id_next(&source, now_ms);

	(void)state;
	for (int64_t i = 1; i <= INT64_C(1) << LOW_BITS; i++)
		assert_int_equal(id_next(&source, now_ms), first + i);
	assert_int_equal(id_created_at_ms(source.last), now_ms + 1);
	assert_int_equal(id_next(&source, now_ms + 2), first + (INT64_C(2) << LOW_BITS));
}

static void ids_go_on_from_what_the_database_holds(void **state)
{
	struct id_source source = {.last = INT64_C(9000000000000000000)};

	(void)state;
	assert_int_equal(id_next(&source, INT64_C(1767323045678)), INT64_C(9000000000000000001));
}

static void the_first_id_is_never_0(void **state)
{
	struct id_source source = {0};

	(void)state;
	assert_true(id_next(&source, ID_EPOCH_MS) > 0);
}

static void only_plain_decimal_ids_are_taken(void **state)
{
	static const struct {
		const char *text;
		int64_t expected; /* 0: refused */
	} cases[] = {
	    {"1", 1},
	    {"175928847299117063", INT64_C(175928847299117063)},
	    {"9223372036854775807", INT64_MAX},
	    {"9223372036854775808", 0},
	    {"9999999999999999999", 0},
	    {"18446744073709551617", 0},
	    {"92233720368547758070", 0},
	    {"", 0},
	    {"0", 0},
	    {"01", 0},
	    {"-1", 0},
	    {"+1", 0},
	    {" 1", 0},
	    {"1 ", 0},
	    {"1.0", 0},
	    {"1e5", 0},
	    {"0x1", 0},
	    {"@me", 0},
	    {"1:", 0},
	    {"1/", 0},
	    {"\xd9\xa1", 0}, /* an Arabic digit */
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t id = -7;
		bool is_taken = id_parse(cases[i].text, strlen(cases[i].text), &id);

		assert_int_equal(is_taken, cases[i].expected != 0);
		assert_int_equal(id, is_taken ? cases[i].expected : -7);
	}
	assert_false(id_parse("1\0", 2, &(int64_t){0}));
	assert_false(id_parse(NULL, 0, &(int64_t){0}));
}

static void only_the_given_bytes_are_read(void **state)
{
	int64_t id;

	(void)state;
	assert_true(id_parse("12345", 3, &id));
	assert_int_equal(id, 123);
}

static void what_is_written_is_read_back(void **state)
{
	(void)state;
	for (int64_t id = 1; id > 0 && id < INT64_MAX / 3; id = id * 3 + 1) {
		char text[ID_TEXT_SIZE];
		int64_t again = 0;

		id_format(id, text);
		assert_true(id_parse(text, strlen(text), &again));
		assert_int_equal(again, id);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_id_tells_when_it_was_made),
	    cmocka_unit_test(ids_only_ever_grow_whatever_the_clock_does),
	    cmocka_unit_test(a_full_millisecond_runs_over_into_the_next),
	    cmocka_unit_test(ids_go_on_from_what_the_database_holds),
	    cmocka_unit_test(the_first_id_is_never_0),
	    cmocka_unit_test(only_plain_decimal_ids_are_taken),
	    cmocka_unit_test(only_the_given_bytes_are_read),
	    cmocka_unit_test(what_is_written_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
