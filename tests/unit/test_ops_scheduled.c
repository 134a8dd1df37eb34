/* Messages that are sent later: by whom they are written, and what the store makes of them when their time has come. */
#include "base/clock.h"
#include "base/ensure.h"
#include "domain/scheduled/scheduled.h"
#include "ops_fixture.h"
#include "store/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;
static struct person bob;

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	bob = ops_join(&ops, "bob");
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

/* So many milliseconds from now, as clients write it. */
static const char *in_ms(int64_t ms)
{
	static char text[CLOCK_ISO8601_SIZE];
	clock_iso8601(clock_now_ms() + ms, text);
	return text;
}

static json_t *input(const char *content, const char *send_at)
{
	return json_pack("{s:I, s:s, s:s}", "channel_id", (json_int_t)ops.general_id, "content", content, "send_at",
			 send_at);
}

static int64_t schedule(const struct person *who, const char *content)
{
	ensure(ops_run(&ops, who, "scheduled_create", input(content, in_ms(60000))) == ERR_OK);
	return ops_result_id(&ops, "scheduled", "id");
}

static void come_due(int64_t id)
{
	ops_sql(&ops, "UPDATE scheduled_messages SET send_at_ms = 1 WHERE id = %lld", (long long)id);
}

static void keep_house(void)
{
	bool is_done;
	ensure(house_keep(&ops.engine, 100000, &is_done) == ERR_OK);
}

static int64_t said(const char *content)
{
	return ops_int(&ops, "SELECT count(*) FROM messages WHERE content = '%s'", content);
}

static void it_is_sent_once_when_its_time_has_come_and_not_before(void **state)
{
	(void)state;
	int64_t id = schedule(&bob, "good morning");
	keep_house();
	assert_int_equal(said("good morning"), 0);
	come_due(id);
	keep_house();
	keep_house();
	assert_int_equal(said("good morning"), 1);
	assert_int_equal(ops_int(&ops, "SELECT author_id FROM messages WHERE content = 'good morning'"), bob.id);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM scheduled_messages"), 0);
	assert_int_equal(
	    ops_int(&ops,
		    "SELECT count(*) FROM events WHERE type = 'MESSAGE_CREATE' AND payload LIKE '%%good morning%%'"),
	    1);
}

static void nobody_but_its_author_hears_of_it(void **state)
{
	(void)state;
	int64_t id = schedule(&bob, "later");
	assert_int_equal(ops_int(&ops,
				 "SELECT count(*) FROM events WHERE payload LIKE '%%later%%' AND (user_id IS NOT %lld "
				 "OR channel_id IS NOT NULL)",
				 (long long)bob.id),
			 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM events WHERE type = 'SCHEDULED_MESSAGE_CREATE'"), 1);
	assert_op(&ops, &ops.ada, "scheduled_delete", json_pack("{s:I}", "scheduled_id", (json_int_t)id),
		  ERR_UNKNOWN_SCHEDULED);
	assert_op(&ops, &ops.ada, "scheduled_update",
		  json_pack("{s:I, s:s}", "scheduled_id", (json_int_t)id, "content", "x"), ERR_UNKNOWN_SCHEDULED);
}

/* What they may do is asked again when it is sent; what is refused says why to its author and changes nothing else. */
static void who_may_no_longer_write_there_is_told_so_and_the_next_one_is_sent(void **state)
{
	(void)state;
	int64_t refused = schedule(&bob, "not any more"), sent = schedule(&ops.ada, "still");
	ops_sql(&ops, "UPDATE members SET timeout_until_ms = %lld WHERE user_id = %lld",
		(long long)(clock_now_ms() + 60000), (long long)bob.id);
	come_due(refused);
	come_due(sent);
	keep_house();
	assert_int_equal(said("not any more"), 0);
	assert_int_equal(said("still"), 1);
	assert_string_equal(
	    ops_text(&ops, "SELECT failure FROM scheduled_messages WHERE id = %lld", (long long)refused),
	    "MISSING_PERMISSIONS");
	assert_int_equal(
	    ops_int(&ops, "SELECT count(*) FROM events WHERE type = 'SCHEDULED_MESSAGE_UPDATE' AND user_id = %lld",
		    (long long)bob.id),
	    1);
	ops_sql(&ops, "UPDATE members SET timeout_until_ms = NULL");
	keep_house();
	assert_int_equal(said("not any more"), 0);
	assert_op(&ops, &bob, "scheduled_update",
		  json_pack("{s:I, s:s}", "scheduled_id", (json_int_t)refused, "send_at", in_ms(60000)), ERR_OK);
	come_due(refused);
	keep_house();
	assert_int_equal(said("not any more"), 1);
}

static void what_slow_mode_holds_back_is_sent_when_it_lets_it_through(void **state)
{
	(void)state;
	int64_t id = schedule(&bob, "patience");
	ops_sql(&ops, "UPDATE channels SET slow_mode_s = 3600 WHERE id = %lld", (long long)ops.general_id);
	(void)ops_message(&ops, &bob, ops.general_id, "first");
	come_due(id);
	keep_house();
	assert_int_equal(said("patience"), 0);
	assert_true(ops_int(&ops, "SELECT send_at_ms FROM scheduled_messages") > clock_now_ms() + 3500 * 1000);
	ops_sql(&ops, "UPDATE channels SET slow_mode_s = 0");
	come_due(id);
	keep_house();
	assert_int_equal(said("patience"), 1);
}

static void of_an_account_that_is_suspended_or_gone_nothing_is_sent(void **state)
{
	(void)state;
	int64_t id = schedule(&bob, "from the beyond");
	ops_sql(&ops, "UPDATE users SET is_suspended = 1 WHERE id = %lld", (long long)bob.id);
	come_due(id);
	keep_house();
	assert_int_equal(said("from the beyond"), 0);
	assert_string_equal(ops_text(&ops, "SELECT failure FROM scheduled_messages"), "SUSPENDED");
}

/* What was sent is deleted as a message, and what was not as this: the log of events keeps the words in neither case.
 */
static void the_event_log_keeps_no_words_of_what_was_sent_or_deleted(void **state)
{
	const char *words = "SELECT count(*) FROM events WHERE payload LIKE '%needle%'";

	(void)state;
	int64_t sent = schedule(&bob, "needle one"), deleted = schedule(&bob, "needle two");
	assert_op(&ops, &bob, "scheduled_delete", json_pack("{s:I}", "scheduled_id", (json_int_t)deleted), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM events WHERE payload LIKE '%%needle two%%'"), 0);
	come_due(sent);
	keep_house();
	assert_int_equal(said("needle one"), 1);
	int64_t id = ops_int(&ops, "SELECT id FROM messages WHERE content = 'needle one'");
	assert_op(&ops, &bob, "message_delete",
		  json_pack("{s:I, s:I}", "channel_id", (json_int_t)ops.general_id, "message_id", (json_int_t)id),
		  ERR_OK);
	assert_int_equal(ops_int(&ops, "%s", words), 0);
}

static void times_and_texts_that_cannot_be_are_refused(void **state)
{
	static const struct {
		const char *content;
		int64_t in_ms;
		enum err expected;
	} cases[] = {
	    {"x", -1000, ERR_INVALID_FORM},
	    {"x", SCHEDULED_AHEAD_MAX_MS + 60000, ERR_INVALID_FORM},
	    {" \n ", 60000, ERR_EMPTY_MESSAGE},
	    {"x", 60000, ERR_OK},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_op(&ops, &bob, "scheduled_create", input(cases[i].content, in_ms(cases[i].in_ms)),
			  cases[i].expected);
	assert_op(&ops, &bob, "scheduled_create", input("x", "tomorrow"), ERR_INVALID_FORM);
	assert_string_equal(ops_complaint(&ops, "send_at"), "TIMESTAMP_INVALID");
}

static void a_person_has_a_hundred_of_them_at_most(void **state)
{
	(void)state;
	ops.is_quick = true;
	for (int i = 0; i < SCHEDULED_MAX; i++)
		(void)schedule(&bob, "one of many");
	assert_op(&ops, &bob, "scheduled_create", input("one too many", in_ms(60000)), ERR_TOO_MANY);
	(void)schedule(&ops.ada, "somebody else's");
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(it_is_sent_once_when_its_time_has_come_and_not_before),
	    SET_UP(nobody_but_its_author_hears_of_it),
	    SET_UP(who_may_no_longer_write_there_is_told_so_and_the_next_one_is_sent),
	    SET_UP(what_slow_mode_holds_back_is_sent_when_it_lets_it_through),
	    SET_UP(of_an_account_that_is_suspended_or_gone_nothing_is_sent),
	    SET_UP(the_event_log_keeps_no_words_of_what_was_sent_or_deleted),
	    SET_UP(times_and_texts_that_cannot_be_are_refused),
	    SET_UP(a_person_has_a_hundred_of_them_at_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
