/* Saved messages: somebody's own list, which shows no more than its owner may see. */
#include "domain/perm.h"
#include "domain/saved/saved.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

static enum err run(const struct person *who, const char *op, int64_t channel_id, int64_t message_id)
{
	return ops_run(
	    &ops, who, op,
	    ops_json("{'channel_id':'%lld','message_id':'%lld'}", (long long)channel_id, (long long)message_id));
}

static enum err save(const struct person *who, int64_t message_id)
{
	return run(who, "saved_add", ops.general_id, message_id);
}

static json_t *list_of(int64_t user_id, int64_t before, int limit, int64_t *last_id)
{
	struct buf *text = buf_in_arena(&ops.arena);
	const struct saved_page page = {.before = before, .limit = limit};
	struct jw jw;
	json_t *list;

	jw_init(&jw, text);
	jw_object(&jw, NULL);
	assert_int_equal(saved_list_to_json(ops.engine.db, &ops.arena, &jw, user_id, &page, last_id), ERR_OK);
	jw_object_end(&jw);
	assert_int_equal(json_parse_own(&ops.arena, text->p, text->n, &list), ERR_OK);
	return list;
}

/* "c b +": what the messages say, the latest saved first, and whether there is more. */
static const char *shown(int64_t user_id)
{
	struct buf *text = buf_in_arena(&ops.arena);
	const json_t *list = list_of(user_id, 0, SAVED_PAGE_INITIAL, NULL), *each;
	size_t i;

	json_array_foreach(json_object_get(list, "items"), i, each)
	    buf_printf(text, "%s%s", i > 0 ? " " : "", json_text(json_object_get(each, "message"), "content"));
	if (json_flag(list, "has_more"))
		buf_puts(text, " +");
	return text->n > 0 ? text->p : "";
}

static void a_list_is_its_owners_with_the_latest_first(void **state)
{
	int64_t a = ops_message(&ops, &ops.ada, ops.general_id, "a"), b = ops_message(&ops, &bob, ops.general_id, "b");

	(void)state;
	assert_int_equal(save(&bob, b), ERR_OK);
	assert_int_equal(save(&bob, a), ERR_OK);
	int64_t seq = ops.engine.last_seq;
	assert_int_equal(save(&bob, b), ERR_OK); /* again changes nothing, its place neither */
	assert_int_equal(ops.engine.last_seq, seq);
	assert_string_equal(shown(bob.id), "a b");
	assert_string_equal(shown(ops.ada.id), "");
	assert_int_equal(run(&bob, "saved_remove", ops.general_id, a), ERR_OK);
	assert_string_equal(shown(bob.id), "b");
	seq = ops.engine.last_seq;
	assert_int_equal(run(&bob, "saved_remove", ops.general_id, a), ERR_OK);
	assert_int_equal(run(&ops.ada, "saved_remove", ops.general_id, b), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
	assert_string_equal(shown(bob.id), "b");
	const json_t *item = json_array_get(json_object_get(list_of(bob.id, 0, 1, NULL), "items"), 0);
	assert_int_equal(json_id(item, "guild_id"), ops.guild_id);
	assert_non_null(json_text(item, "saved_at"));
	assert_true(json_id(item, "id") > 0);
}

static void only_the_owner_hears_of_it(void **state)
{
	int64_t a = ops_message(&ops, &ops.ada, ops.general_id, "a"), seq = ops.engine.last_seq;
	const struct event *events;
	int count;

	(void)state;
	assert_int_equal(save(&bob, a), ERR_OK);
	assert_int_equal(run(&bob, "saved_remove", ops.general_id, a), ERR_OK);
	events = ops_events(&ops, seq, &count);
	assert_int_equal(count, 2);
	assert_string_equal(events[0].type, "SAVED_MESSAGE_ADD");
	assert_string_equal(events[1].type, "SAVED_MESSAGE_REMOVE");
	for (int i = 0; i < 2; i++)
		assert_true(events[i].user_id == bob.id && events[i].guild_id == 0 && events[i].channel_id == 0 &&
			    events[i].message_id == a);
}

static void what_cannot_be_read_cannot_be_saved(void **state)
{
	int64_t a = ops_message(&ops, &ops.ada, ops.general_id, "a");
	int64_t tools = ops_channel(&ops, &ops.ada, "tools");

	(void)state;
	assert_int_equal(run(&bob, "saved_add", tools, a), ERR_UNKNOWN_MESSAGE);
	assert_int_equal(run(&bob, "saved_add", 12345, a), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(run(&bob, "saved_add", ops.general_id, 12345), ERR_UNKNOWN_MESSAGE);
	ops_sql(&ops, "UPDATE roles SET permissions = %lld WHERE id = %lld", (long long)PERM_VIEW_CHANNEL,
		(long long)ops.guild_id);
	assert_int_equal(save(&bob, a), ERR_MISSING_PERMISSIONS);
	ops_sql(&ops, "UPDATE roles SET permissions = 0 WHERE id = %lld", (long long)ops.guild_id);
	assert_int_equal(save(&bob, a), ERR_UNKNOWN_CHANNEL);
}

static void what_may_no_longer_be_read_does_not_appear(void **state)
{
	int64_t tools = ops_channel(&ops, &ops.ada, "tools");
	int64_t a = ops_message(&ops, &ops.ada, ops.general_id, "a"), b = ops_message(&ops, &ops.ada, tools, "b");

	(void)state;
	assert_int_equal(save(&bob, a), ERR_OK);
	assert_int_equal(run(&bob, "saved_add", tools, b), ERR_OK);
	assert_string_equal(shown(bob.id), "b a");
	ops_sql(&ops, "INSERT INTO overwrites VALUES (%lld, %lld, 1, 0, %lld)", (long long)tools, (long long)bob.id,
		(long long)PERM_VIEW_CHANNEL);
	assert_string_equal(shown(bob.id), "a");
	/* It can be let go of all the same, and comes back with the permission. */
	ops_sql(&ops, "UPDATE overwrites SET deny = %lld", (long long)PERM_READ_HISTORY);
	assert_string_equal(shown(bob.id), "a");
	ops_sql(&ops, "DELETE FROM overwrites");
	assert_string_equal(shown(bob.id), "b a");
	ops_sql(&ops, "DELETE FROM members WHERE user_id = %lld", (long long)bob.id);
	assert_string_equal(shown(bob.id), "");
	assert_int_equal(run(&bob, "saved_remove", tools, b), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM saved_messages"), 1);
}

static void what_is_deleted_is_off_the_list(void **state)
{
	int64_t a = ops_message(&ops, &ops.ada, ops.general_id, "a"), b = ops_message(&ops, &bob, ops.general_id, "b");

	(void)state;
	assert_int_equal(save(&bob, a), ERR_OK);
	assert_int_equal(save(&bob, b), ERR_OK);
	assert_int_equal(save(&ops.ada, a), ERR_OK);
	assert_int_equal(run(&ops.ada, "message_delete", ops.general_id, a), ERR_OK);
	assert_string_equal(shown(bob.id), "b");
	assert_string_equal(shown(ops.ada.id), "");
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM saved_messages"), 1);
	assert_int_equal(save(&bob, a), ERR_UNKNOWN_MESSAGE);
}

static void pages_meet_without_gap_or_overlap(void **state)
{
	int64_t last_id = 0;
	int found = 0;
	bool has_more = true;

	(void)state;
	ops.is_quick = true;
	for (int i = 0; i < 25; i++)
		assert_int_equal(
		    save(&bob, ops_message(&ops, &ops.ada, ops.general_id, arena_printf(&ops.arena, "%d", 24 - i))),
		    ERR_OK);
	for (int page = 0; has_more; page++) {
		const json_t *list = list_of(bob.id, last_id, 10, &last_id), *each;
		size_t i;

		assert_true(page < 4);
		json_array_foreach(json_object_get(list, "items"), i, each)
		{
			assert_string_equal(json_text(json_object_get(each, "message"), "content"),
					    arena_printf(&ops.arena, "%d", found++));
		}
		has_more = json_flag(list, "has_more");
	}
	assert_int_equal(found, 25);
}

/* Between two that are shown may stand many that are not. */
static void what_is_left_out_shortens_no_page(void **state)
{
	int64_t tools = ops_channel(&ops, &ops.ada, "tools"), last_id = 0;

	(void)state;
	ops.is_quick = true;
	assert_int_equal(save(&bob, ops_message(&ops, &ops.ada, ops.general_id, "first")), ERR_OK);
	for (int i = 0; i < 30; i++)
		assert_int_equal(run(&bob, "saved_add", tools, ops_message(&ops, &ops.ada, tools, "hidden")), ERR_OK);
	assert_int_equal(save(&bob, ops_message(&ops, &ops.ada, ops.general_id, "last")), ERR_OK);
	ops_sql(&ops, "INSERT INTO overwrites VALUES (%lld, %lld, 1, 0, %lld)", (long long)tools, (long long)bob.id,
		(long long)PERM_VIEW_CHANNEL);
	const json_t *list = list_of(bob.id, 0, 1, &last_id);
	assert_int_equal(json_array_size(json_object_get(list, "items")), 1);
	assert_true(json_flag(list, "has_more"));
	list = list_of(bob.id, last_id, 1, &last_id);
	assert_int_equal(json_array_size(json_object_get(list, "items")), 1);
	assert_false(json_flag(list, "has_more"));
}

static void there_are_1000_at_most(void **state)
{
	int64_t a = ops_message(&ops, &ops.ada, ops.general_id, "a"),
		b = ops_message(&ops, &ops.ada, ops.general_id, "b");

	(void)state;
	ops_sql(&ops,
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
		"INSERT INTO messages (id, channel_id, author_id, type, content) SELECT i, %lld, %lld, 0, 'x' FROM n",
		SAVED_MAX - 1, (long long)ops.general_id, (long long)ops.ada.id);
	ops_sql(&ops,
		"INSERT INTO saved_messages (id, user_id, message_id, channel_id) SELECT id, %lld, id, channel_id "
		"FROM messages WHERE id < %d",
		(long long)bob.id, SAVED_MAX);
	assert_int_equal(save(&bob, a), ERR_OK);
	assert_int_equal(save(&bob, b), ERR_TOO_MANY_SAVED);
	assert_int_equal(save(&bob, a), ERR_OK);
	assert_int_equal(run(&bob, "saved_remove", ops.general_id, 1), ERR_OK);
	assert_int_equal(save(&bob, b), ERR_OK);
}

static void bots_save_nothing(void **state)
{
	int64_t a = ops_message(&ops, &ops.ada, ops.general_id, "a");

	(void)state;
	ops_sql(&ops, "UPDATE users SET is_bot = 1 WHERE id = %lld", (long long)bob.id);
	assert_int_equal(save(&bob, a), ERR_BOT_FORBIDDEN);
	assert_int_equal(run(&bob, "saved_remove", ops.general_id, a), ERR_BOT_FORBIDDEN);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    A_TEST(a_list_is_its_owners_with_the_latest_first),
	    A_TEST(only_the_owner_hears_of_it),
	    A_TEST(what_cannot_be_read_cannot_be_saved),
	    A_TEST(what_may_no_longer_be_read_does_not_appear),
	    A_TEST(what_is_deleted_is_off_the_list),
	    A_TEST(pages_meet_without_gap_or_overlap),
	    A_TEST(what_is_left_out_shortens_no_page),
	    A_TEST(there_are_1000_at_most),
	    A_TEST(bots_save_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
