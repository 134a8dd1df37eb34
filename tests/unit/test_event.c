/* The event log: what is kept, what is a gap, what happens across epochs. */
#include "base/ensure.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define EPOCH(n) ((int64_t)(n) << EVENT_EPOCH_SHIFT)

static struct ops ops;

static int open_empty(void **state)
{
	(void)state;
	ops_open(&ops);
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static struct event_range range_now(void)
{
	struct event_range range;

	ensure(event_range(ops.engine.db, &range) == ERR_OK);
	return range;
}

/* Puts count events after the newest one of the epoch. */
static void fill(int64_t epoch, int64_t first, int64_t count)
{
	ops_sql(&ops,
		"WITH RECURSIVE n (i) AS (SELECT %lld UNION ALL SELECT i + 1 FROM n WHERE i < %lld) "
		"INSERT INTO events (seq, type, payload) SELECT %lld + i, 'T', '{}' FROM n",
		(long long)first, (long long)(first + count - 1), (long long)EPOCH(epoch));
}

static bool prune(int64_t keep)
{
	bool is_done;

	ops_sql(&ops, "BEGIN IMMEDIATE");
	ensure(event_prune(ops.engine.db, keep, &is_done) == ERR_OK);
	ops_sql(&ops, "COMMIT");
	return is_done;
}

/* Returns how many turns it took. */
static int prune_all(int64_t keep)
{
	int turns = 1;

	while (!prune(keep)) {
		turns++;
		assert_in_range(turns, 1, 100);
	}
	return turns;
}

static void a_new_database_has_an_epoch_and_no_events(void **state)
{
	struct event_range range = range_now();

	(void)state;
	assert_int_equal(range.head, EPOCH(1));
	assert_int_equal(range.oldest, EPOCH(1) + 1);
	assert_false(event_is_gap(&range, EPOCH(1)));
	assert_true(event_is_gap(&range, 0));
	assert_true(event_is_gap(&range, EPOCH(1) - 1));
	assert_true(event_is_gap(&range, EPOCH(1) + 1));
}

struct gap_case {
	int64_t oldest, head, cursor;
	bool is_gap;
};

static const struct gap_case gap_cases[] = {
    {101, 200, 200, false},                                                      /* nothing new */
    {101, 200, 150, false},      {101, 200, 101, false}, {101, 200, 100, false}, /* 101 is still there: nothing was
										    missed */
    {101, 200, 99, true},        {101, 200, 0, true},    {101, 200, -1, true},   {101, 200, INT64_MIN, true},
    {101, 200, 201, true},                               /* of another history */
    {101, 200, INT64_MAX, true}, {201, 200, 200, false}, /* all was pruned, and this one had read all */
    {201, 200, 199, true},
};

static void a_gap_is_what_was_missed_or_never_was(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof gap_cases / sizeof *gap_cases; i++) {
		const struct event_range range = {gap_cases[i].oldest, gap_cases[i].head};

		if (event_is_gap(&range, gap_cases[i].cursor) != gap_cases[i].is_gap)
			fail_msg("cursor %lld of %lld to %lld", (long long)gap_cases[i].cursor, (long long)range.oldest,
				 (long long)range.head);
	}
}

static void events_are_listed_after_a_cursor_in_order_and_bounded(void **state)
{
	struct event list[10];
	int count;

	(void)state;
	fill(1, 1, 25);
	assert_int_equal(event_list(ops.engine.db, &ops.arena, EPOCH(1) + 3, 10, list, &count), ERR_OK);
	assert_int_equal(count, 10);
	for (int i = 0; i < count; i++)
		assert_int_equal(list[i].seq, EPOCH(1) + 4 + i);
	assert_int_equal(event_list(ops.engine.db, &ops.arena, EPOCH(1) + 20, 10, list, &count), ERR_OK);
	assert_int_equal(count, 5);
	assert_int_equal(event_list(ops.engine.db, &ops.arena, EPOCH(1) + 25, 10, list, &count), ERR_OK);
	assert_int_equal(count, 0);
	assert_int_equal(event_list(ops.engine.db, &ops.arena, -1, 1, list, &count), ERR_OK);
	assert_int_equal(list[0].seq, EPOCH(1) + 1);
}

static void an_event_comes_back_as_it_was_appended(void **state)
{
	struct apply apply = {.db = ops.engine.db, .arena = &ops.arena, .last_seq = &ops.engine.last_seq};
	struct event in = {.type = "X",
			   .guild_id = 1,
			   .channel_id = 2,
			   .user_id = 3,
			   .message_id = 4,
			   .payload = "{\"a\":\"\xc3\xa9\"}",
			   .payload_n = 10};
	struct event bare = {.type = "Y", .payload = "{}", .payload_n = 2};
	int count;

	(void)state;
	assert_int_equal(event_append(&apply, &in), ERR_OK);
	assert_int_equal(event_append(&apply, &bare), ERR_OK);
	assert_int_equal(in.seq, EPOCH(1) + 1);
	assert_int_equal(bare.seq, EPOCH(1) + 2);
	const struct event *list = ops_events(&ops, EPOCH(1), &count);
	assert_int_equal(count, 2);
	assert_string_equal(list[0].type, "X");
	assert_true(list[0].guild_id == 1 && list[0].channel_id == 2 && list[0].user_id == 3 &&
		    list[0].message_id == 4);
	assert_string_equal(list[0].payload, in.payload);
	assert_int_equal(list[0].payload_n, 10);
	assert_true(list[1].guild_id == 0 && list[1].channel_id == 0 && list[1].user_id == 0 &&
		    list[1].message_id == 0);
}

static void pruning_drops_the_oldest_beyond_what_is_kept(void **state)
{
	(void)state;
	fill(1, 1, 1200);
	assert_true(prune(1200));
	assert_int_equal(range_now().oldest, EPOCH(1) + 1);
	assert_true(prune(1199));
	assert_int_equal(range_now().oldest, EPOCH(1) + 2);
	assert_in_range(prune_all(100), 3, 4);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM events"), 100);
	assert_int_equal(ops_int(&ops, "SELECT min(seq) FROM events"), range_now().oldest);
	assert_int_equal(range_now().head, EPOCH(1) + 1200);
}

/* Whoever is told that there is no gap must find every event after its cursor, at each moment of pruning. */
static void what_is_said_to_be_kept_is_kept_without_a_hole(void **state)
{
	(void)state;
	fill(1, 1, 2600);
	ops_sql(&ops, "UPDATE events SET type = '_SCRUBBED', payload = '' WHERE seq %% 3 = 0");
	for (bool is_done = false; !is_done;) {
		is_done = prune(50);
		struct event_range range = range_now();

		assert_int_equal(
		    ops_int(&ops, "SELECT count(*) FROM events WHERE seq >= %lld", (long long)range.oldest),
		    range.head - range.oldest + 1);
	}
	assert_int_equal(range_now().oldest, EPOCH(1) + 2551);
}

static void nothing_is_pruned_twice(void **state)
{
	(void)state;
	fill(1, 1, 300);
	assert_true(prune(100));
	struct event_range range = range_now();
	uint64_t before = ops_fingerprint(ops.path);
	assert_true(prune(100));
	assert_true(ops_fingerprint(ops.path) == before);
	assert_int_equal(range_now().oldest, range.oldest);
}

/* A restore raises the epoch; what the log holds of the one before is of another history. */
static void a_new_epoch_is_a_gap_for_every_older_cursor(void **state)
{
	(void)state;
	fill(1, 1, 10);
	ops_sql(&ops, "UPDATE meta SET value = '2' WHERE key = 'epoch'");
	struct event_range range = range_now();
	assert_int_equal(range.head, EPOCH(2));
	assert_int_equal(range.oldest, EPOCH(2) + 1);
	assert_true(event_is_gap(&range, EPOCH(1) + 10));
	assert_true(event_is_gap(&range, EPOCH(1) + 11));
	assert_false(event_is_gap(&range, EPOCH(2)));
	fill(2, 1, 3);
	assert_int_equal(range_now().head, EPOCH(2) + 3);
	assert_int_equal(range_now().oldest, EPOCH(2) + 1);
}

static void what_an_earlier_epoch_left_goes_although_little_is_new(void **state)
{
	(void)state;
	fill(1, 1, 1100);
	ops_sql(&ops, "UPDATE meta SET value = '2' WHERE key = 'epoch'");
	fill(2, 1, 5);
	assert_int_equal(prune_all(1000), 3);
	assert_int_equal(ops_int(&ops, "SELECT min(seq) FROM events"), EPOCH(2) + 1);
	assert_int_equal(range_now().oldest, EPOCH(2) + 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM events"), 5);
}

static void pruning_across_epochs_leaves_no_hole_and_no_remains(void **state)
{
	(void)state;
	fill(1, 1, 700);
	assert_true(prune(600));
	ops_sql(&ops, "UPDATE meta SET value = '2' WHERE key = 'epoch'");
	fill(2, 1, 1300);
	for (bool is_done = false; !is_done;) {
		is_done = prune(100);
		struct event_range range = range_now();

		assert_true(range.oldest > EPOCH(2) && range.head == EPOCH(2) + 1300);
		assert_int_equal(
		    ops_int(&ops, "SELECT count(*) FROM events WHERE seq >= %lld", (long long)range.oldest),
		    range.head - range.oldest + 1);
	}
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM events"), 100);
}

/* 2^53 is where JavaScript's numbers end. */
static void cursors_stay_exact_in_javascript_for_thousands_of_epochs(void **state)
{
	(void)state;
	ops_sql(&ops, "UPDATE meta SET value = '8191' WHERE key = 'epoch'");
	fill(8191, 1, 1);
	assert_true(range_now().head < (INT64_C(1) << 53));
	assert_int_equal(range_now().head, EPOCH(8191) + 1);
}

#define EMPTY(test) cmocka_unit_test_setup_teardown(test, open_empty, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    EMPTY(a_new_database_has_an_epoch_and_no_events),
	    EMPTY(a_gap_is_what_was_missed_or_never_was),
	    EMPTY(events_are_listed_after_a_cursor_in_order_and_bounded),
	    EMPTY(an_event_comes_back_as_it_was_appended),
	    EMPTY(pruning_drops_the_oldest_beyond_what_is_kept),
	    EMPTY(what_is_said_to_be_kept_is_kept_without_a_hole),
	    EMPTY(nothing_is_pruned_twice),
	    EMPTY(a_new_epoch_is_a_gap_for_every_older_cursor),
	    EMPTY(what_an_earlier_epoch_left_goes_although_little_is_new),
	    EMPTY(pruning_across_epochs_leaves_no_hole_and_no_remains),
	    EMPTY(cursors_stay_exact_in_javascript_for_thousands_of_epochs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
