/* House-keeping: a step that fails, for whatever lasting reason, stops no other. */
#include "ops_fixture.h"

#include "base/ensure.h"
#include "store/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;

static int set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static void a_step_that_always_fails_stops_no_other(void **state)
{
	int64_t channel_id = ops_channel(&ops, &ops.ada, "doomed"), seq;
	bool is_done;

	(void)state;
	(void)ops_message(&ops, &ops.ada, channel_id, "words");
	assert_op(&ops, &ops.ada, "channel_delete", json_pack("{s:I}", "channel_id", (json_int_t)channel_id), ERR_OK);
	ops_sql(&ops, "DROP TABLE reaction_removals");
	seq = ops.engine.last_seq;
	assert_int_equal(house_keep(&ops.engine, 100000, &is_done), ERR_DATABASE_UNAVAILABLE);
	assert_false(is_done); /* of what goes well more is to be done at once */
	for (int rounds = 0; !is_done; rounds++) {
		assert_true(rounds < 10);
		/* What failed is not tried again each time. */
		assert_int_equal(house_keep(&ops.engine, 100000, &is_done), ERR_OK);
	}
	assert_int_equal(ops.engine.last_seq, seq);
	assert_int_equal(ops_int(&ops, "SELECT is_purged FROM channels WHERE id = %lld", (long long)channel_id), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages"), 0);
}

static void a_step_that_failed_is_tried_again_and_undone_until_then(void **state)
{
	bool is_done;

	(void)state;
	assert_op(&ops, &ops.ada, "scheduled_create",
		  json_pack("{s:I, s:s, s:s}", "channel_id", (json_int_t)ops.general_id, "content", "later", "send_at",
			    ops_text(&ops, "SELECT strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', 'now', '+1 day')")),
		  ERR_OK);
	ops_sql(&ops, "UPDATE scheduled_messages SET send_at_ms = 1");
	ops_sql(&ops, "ALTER TABLE scheduled_messages RENAME COLUMN failure TO elsewhere");
	assert_int_equal(house_keep(&ops.engine, 100000, &is_done), ERR_DATABASE_UNAVAILABLE);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages"), 0);
	ops_sql(&ops, "ALTER TABLE scheduled_messages RENAME COLUMN elsewhere TO failure");
	assert_int_equal(house_keep(&ops.engine, 100000, &is_done), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages"), 0); /* it waits */
	ops.engine.house = (struct house_pauses){0};
	assert_int_equal(house_keep(&ops.engine, 100000, &is_done), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages WHERE content = 'later'"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_step_that_always_fails_stops_no_other),
	    TEST(a_step_that_failed_is_tried_again_and_undone_until_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
