/* What a follower may ask for, and what is refused. */
#include "live/live_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct row {
	const char *query, *last_event_id;
	enum err err;
	const char *field; /* that the first error is about */
	bool has_after;
	int64_t after, timeout_ms, channel_id;
	const char *types;
};

static void check(const struct row *row)
{
	struct arena arena;
	struct live_query query;
	struct field_errors errors = {0};
	arena_init(&arena);
	enum err err = live_query_parse(&arena, str_from(row->query), str_from(row->last_event_id), &query, &errors);
	if (err != row->err)
		fail_msg("%s: %s", row->query, err_info(err)->name);
	if (row->err == ERR_INVALID_FORM)
		assert_string_equal(errors.list[0].field, row->field);
	if (row->err != ERR_OK) {
		arena_free(&arena);
		return;
	}
	assert_int_equal(errors.count, 0);
	assert_int_equal(query.has_after, row->has_after);
	assert_int_equal(query.after, row->after);
	assert_int_equal(query.timeout_ms, row->timeout_ms);
	assert_int_equal(query.channel_id, row->channel_id);
	if (row->types == NULL)
		assert_null(query.types);
	else
		assert_string_equal(query.types, row->types);
	arena_free(&arena);
}

static void parameters_are_read(void **state)
{
	static const struct row rows[] = {
	    {.query = "", .timeout_ms = 30000},
	    {.query = "timeout=0", .timeout_ms = 0},
	    {.query = "timeout=60", .timeout_ms = 60000},
	    {.query = "&&wait=true&", .timeout_ms = 30000},
	    {.query = "after=0", .has_after = true, .timeout_ms = 30000},
	    {.query = "after=1099511627776", .has_after = true, .after = INT64_C(1) << 40, .timeout_ms = 30000},
	    {.query = "after=9007199254740991", .has_after = true, .after = LIVE_QUERY_CURSOR_MAX, .timeout_ms = 30000},
	    {.query = "after=0000000000000000000000000000012", .has_after = true, .after = 12, .timeout_ms = 30000},
	    {.query = "channel=175928847299117063", .channel_id = 175928847299117063, .timeout_ms = 30000},
	    {.query = "types=MESSAGE_CREATE", .types = ",MESSAGE_CREATE,", .timeout_ms = 30000},
	    {.query = "types=MESSAGE_CREATE%2CTYPING_START",
	     .types = ",MESSAGE_CREATE,TYPING_START,",
	     .timeout_ms = 30000},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(&rows[i]);
}

static void the_header_wins_over_the_address(void **state)
{
	static const struct row rows[] = {
	    {.query = "after=5", .last_event_id = "7", .has_after = true, .after = 7, .timeout_ms = 30000},
	    {.query = "after=9", .last_event_id = "7", .has_after = true, .after = 7, .timeout_ms = 30000},
	    {.query = "", .last_event_id = "7", .has_after = true, .after = 7, .timeout_ms = 30000},
	    {.query = "after=5", .last_event_id = "", .has_after = true, .after = 5, .timeout_ms = 30000},
	    {.query = "after=5", .last_event_id = "x", .err = ERR_INVALID_FORM, .field = "Last-Event-ID"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(&rows[i]);
}

static void what_is_no_number_is_refused(void **state)
{
	static const char *const bad[] = {"",     "x",    "-1",  "+1",  "1.0", "1e3", "0x10", "%201",
					  "1%20", "1%0A", "--1", "NaN", "٣",   "1,2", "null"};
	static const char *const names[] = {"after", "timeout", "channel"};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
			char query[64];
			(void)snprintf(query, sizeof(query), "%s=%s", names[j], bad[i]);
			check(&(const struct row){.query = query, .err = ERR_INVALID_FORM, .field = names[j]});
		}
}

static void numbers_have_bounds(void **state)
{
	char long_number[512] = "after=";
	(void)state;
	memset(long_number + 6, '9', sizeof(long_number) - 7);
	check(&(const struct row){.query = long_number, .err = ERR_INVALID_FORM, .field = "after"});
	check(&(const struct row){.query = "after=9007199254740992", .err = ERR_INVALID_FORM, .field = "after"});
	check(&(const struct row){.query = "after=18446744073709551617", .err = ERR_INVALID_FORM, .field = "after"});
	check(&(const struct row){.query = "timeout=61", .err = ERR_INVALID_FORM, .field = "timeout"});
	check(
	    &(const struct row){.query = "timeout=18446744073709551616", .err = ERR_INVALID_FORM, .field = "timeout"});
	check(&(const struct row){.query = "channel=0", .err = ERR_INVALID_FORM, .field = "channel"});
}

static void lists_of_types_have_a_form_and_bounds(void **state)
{
	static const char *const bad[] = {"types=",
					  "types=,",
					  "types=A,",
					  "types=,A",
					  "types=A,,B",
					  "types=message_create",
					  "types=A%20B",
					  "types=A;B",
					  "types=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
					  "types=A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A,A"};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check(&(const struct row){.query = bad[i], .err = ERR_INVALID_FORM, .field = "types"});
}

static void ambiguous_and_malformed_queries_are_refused(void **state)
{
	static const char *const bad[] = {"after=1&after=2", "after=%zz", "after=%", "x=%00", "x=%ff"};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check(&(const struct row){.query = bad[i], .err = ERR_BAD_REQUEST});
}

static void a_list_names_whole_types(void **state)
{
	const char *types = ",MESSAGE_CREATE,MESSAGE_CREATE_EXTRA,A,";
	(void)state;
	assert_true(live_query_names_type(types, "MESSAGE_CREATE"));
	assert_true(live_query_names_type(types, "MESSAGE_CREATE_EXTRA"));
	assert_true(live_query_names_type(types, "A"));
	assert_false(live_query_names_type(types, "MESSAGE"));
	assert_false(live_query_names_type(types, "CREATE"));
	assert_false(live_query_names_type(types, "CREATE_EXTRA"));
	assert_false(live_query_names_type(types, "B"));
	assert_true(live_query_names_type(",AA_A,A,", "A"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parameters_are_read),
	    cmocka_unit_test(the_header_wins_over_the_address),
	    cmocka_unit_test(what_is_no_number_is_refused),
	    cmocka_unit_test(numbers_have_bounds),
	    cmocka_unit_test(lists_of_types_have_a_form_and_bounds),
	    cmocka_unit_test(ambiguous_and_malformed_queries_are_refused),
	    cmocka_unit_test(a_list_names_whole_types),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
