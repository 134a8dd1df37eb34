/* Read states: what moves them, what each refuses, and that the counts are what a recount finds, whatever happened. */
#include "base/ensure.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/read/read.h"
#include "ops_fixture.h"
#include "store/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
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

static struct read_state state_of(const struct person *who, int64_t channel_id)
{
	struct read_state state = {0};
	ensure(read_find(ops.engine.db, who->id, channel_id, 0, &state) == ERR_OK);
	return state;
}

static json_t *at(int64_t channel_id, int64_t message_id)
{
	return json_pack("{s:I, s:I}", "channel_id", (json_int_t)channel_id, "message_id", (json_int_t)message_id);
}

static enum err ack(const struct person *who, int64_t channel_id, int64_t message_id)
{
	return ops_run(&ops, who, "read_ack", at(channel_id, message_id));
}

static enum err of_channel(const struct person *who, const char *op, int64_t channel_id)
{
	return ops_run(&ops, who, op, json_pack("{s:I}", "channel_id", (json_int_t)channel_id));
}

static void assert_counts(const struct person *who, int64_t channel_id, int64_t unread, int64_t mentions)
{
	struct read_state state = state_of(who, channel_id);
	assert_int_equal(state.unread, unread);
	assert_int_equal(state.mentions, mentions);
}

static void what_others_write_is_unread_and_what_one_writes_is_not(void **state)
{
	(void)state;
	ops_message(&ops, &ops.ada, ops.general_id, "one");
	ops_message(&ops, &ops.ada, ops.general_id, "two");
	assert_counts(&bob, ops.general_id, 2, 0);
	assert_counts(&ops.ada, ops.general_id, 0, 0);
	ops_message(&ops, &bob, ops.general_id, "whoever answers has read");
	assert_counts(&bob, ops.general_id, 0, 0);
	assert_counts(&ops.ada, ops.general_id, 1, 0);
}

static void reading_begins_at_the_moment_of_joining(void **state)
{
	(void)state;
	int64_t old = ops_message(&ops, &ops.ada, ops.general_id, "before");
	struct person cleo = ops_join(&ops, "cleo");
	assert_counts(&cleo, ops.general_id, 0, 0);
	assert_int_equal(state_of(&cleo, ops.general_id).last_read_id, old);
	ops_message(&ops, &ops.ada, ops.general_id, "after");
	assert_counts(&cleo, ops.general_id, 1, 0);

	assert_int_equal(of_channel(&cleo, "channel_leave", ops.general_id), ERR_OK);
	struct read_state gone;
	assert_int_equal(read_find(ops.engine.db, cleo.id, ops.general_id, 0, &gone), ERR_UNKNOWN_MEMBER);
	assert_int_equal(of_channel(&cleo, "channel_join", ops.general_id), ERR_OK);
	assert_counts(&cleo, ops.general_id, 0, 0);
}

static void an_ack_moves_forward_and_back(void **state)
{
	int64_t ids[4];
	(void)state;
	for (int i = 0; i < 4; i++)
		ids[i] = ops_message(&ops, &ops.ada, ops.general_id, "x");
	assert_int_equal(ack(&bob, ops.general_id, ids[2]), ERR_OK);
	const json_t *result = json_object_get(ops.result, "read_state");
	assert_int_equal(json_id(result, "last_read_id"), ids[2]);
	assert_int_equal(json_integer_value(json_object_get(result, "unread")), 1);
	assert_int_equal(ack(&bob, ops.general_id, ids[0]), ERR_OK);
	assert_counts(&bob, ops.general_id, 3, 0);

	/* What a client does by itself never goes back. */
	assert_op(&ops, &bob, "read_ack",
		  ops_json("{'channel_id': %lld, 'message_id': %lld, 'manual': false}", (long long)ops.general_id,
			   (long long)ids[3]),
		  ERR_OK);
	assert_op(&ops, &bob, "read_ack",
		  ops_json("{'channel_id': %lld, 'message_id': %lld, 'manual': false}", (long long)ops.general_id,
			   (long long)ids[1]),
		  ERR_OK);
	assert_counts(&bob, ops.general_id, 0, 0);
}

static void unread_from_here_takes_the_message_along(void **state)
{
	(void)state;
	int64_t first = ops_message(&ops, &ops.ada, ops.general_id, "first");
	int64_t second = ops_message(&ops, &ops.ada, ops.general_id, "second");
	assert_int_equal(ack(&bob, ops.general_id, second), ERR_OK);
	assert_int_equal(ops_run(&ops, &bob, "read_unread", at(ops.general_id, second)), ERR_OK);
	assert_counts(&bob, ops.general_id, 1, 0);
	assert_int_equal(state_of(&bob, ops.general_id).last_read_id, first);
	assert_int_equal(ops_run(&ops, &bob, "read_unread", at(ops.general_id, first)), ERR_OK);
	assert_counts(&bob, ops.general_id, 2, 0);
	assert_int_equal(state_of(&bob, ops.general_id).last_read_id, 0);
}

static void an_ack_is_told_to_that_person_alone_and_only_when_it_changes_something(void **state)
{
	int count;
	(void)state;
	int64_t id = ops_message(&ops, &ops.ada, ops.general_id, "x");
	int64_t seq = ops.engine.last_seq;
	assert_int_equal(ack(&bob, ops.general_id, id), ERR_OK);
	const struct event *events = ops_events(&ops, seq, &count);
	assert_int_equal(count, 1);
	assert_string_equal(events[0].type, "MESSAGE_ACK");
	assert_int_equal(events[0].user_id, bob.id);
	assert_int_equal(events[0].channel_id, ops.general_id);
	seq = ops.engine.last_seq;
	uint64_t before = ops_fingerprint(ops.path);
	assert_int_equal(ack(&bob, ops.general_id, id), ERR_OK);
	assert_int_equal(of_channel(&bob, "read_ack_channel", ops.general_id), ERR_OK);
	assert_op(&ops, &bob, "read_ack_guild", ops_json("{'guild_id': %lld}", (long long)ops.guild_id), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
	assert_true(ops_fingerprint(ops.path) == before);
}

static void what_is_no_message_of_the_channel_cannot_be_read(void **state)
{
	(void)state;
	int64_t tools = ops_channel(&ops, &ops.ada, "tools");
	int64_t id = ops_message(&ops, &ops.ada, ops.general_id, "x");
	int64_t elsewhere = ops_message(&ops, &ops.ada, tools, "x");
	assert_int_equal(ack(&bob, ops.general_id, id + 1), ERR_UNKNOWN_MESSAGE);
	assert_int_equal(ack(&bob, ops.general_id, INT64_MAX), ERR_UNKNOWN_MESSAGE);
	assert_int_equal(ack(&bob, ops.general_id, elsewhere), ERR_UNKNOWN_MESSAGE);
	assert_int_equal(ack(&bob, 12345, id), ERR_UNKNOWN_CHANNEL);
	/* Seen, but not one's own: nothing is remembered of it. */
	assert_int_equal(ack(&bob, tools, elsewhere), ERR_UNKNOWN_MEMBER);
	assert_int_equal(ops_run(&ops, &bob, "read_unread", at(tools, elsewhere)), ERR_UNKNOWN_MEMBER);
	assert_int_equal(of_channel(&bob, "read_ack_channel", tools), ERR_UNKNOWN_MEMBER);
	assert_op(&ops, &bob, "read_ack_guild", ops_json("{'guild_id': 12345}"), ERR_UNKNOWN_GUILD);
	/* One that was deleted meanwhile was read all the same. */
	assert_int_equal(ops_run(&ops, &ops.ada, "message_delete", at(ops.general_id, id)), ERR_OK);
	assert_int_equal(ack(&bob, ops.general_id, id), ERR_OK);
}

static void all_of_a_workspace_is_read_at_once(void **state)
{
	(void)state;
	int64_t tools = ops_channel(&ops, &ops.ada, "tools");
	assert_int_equal(of_channel(&bob, "channel_join", tools), ERR_OK);
	ops_message(&ops, &ops.ada, tools, "x");
	ops_message(&ops, &ops.ada, ops.general_id, "x");
	int64_t seq = ops.engine.last_seq;
	assert_op(&ops, &bob, "read_ack_guild", ops_json("{'guild_id': %lld}", (long long)ops.guild_id), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq + 2);
	assert_counts(&bob, tools, 0, 0);
	assert_counts(&bob, ops.general_id, 0, 0);
}

/* Around their borders every number of messages and every place in them is tried. */
static void counts_are_exact_around_full_blocks(void **state)
{
	int64_t ids[3 * READ_BLOCK_POSTS + 2];
	const int count = (int)(sizeof ids / sizeof *ids);
	(void)state;
	ops.is_quick = true;
	for (int i = 0; i < count; i++) {
		ids[i] = ops_message(&ops, i % 3 == 0 ? &bob : &ops.ada, ops.general_id, "x");
	}
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_blocks"), 3);
	assert_int_equal(ops_int(&ops, "SELECT sum(message_count) FROM message_blocks"), 3 * READ_BLOCK_POSTS);
	assert_int_equal(ops_int(&ops, "SELECT open_count FROM channels WHERE id = %lld", (long long)ops.general_id),
			 2);
	for (int i = 0; i < count; i++) {
		int unread = 0;
		for (int j = i + 1; j < count; j++)
			unread += j % 3 != 0;
		assert_int_equal(ack(&bob, ops.general_id, ids[i]), ERR_OK);
		assert_counts(&bob, ops.general_id, unread, 0);
	}
	/* Taken away from a full block, from the one that is read in part, and from the open one. */
	assert_int_equal(ack(&bob, ops.general_id, ids[0]), ERR_OK);
	int64_t before = state_of(&bob, ops.general_id).unread;
	static const int gone[] = {1, READ_BLOCK_POSTS - 1, READ_BLOCK_POSTS, 2 * READ_BLOCK_POSTS + 2,
				   3 * READ_BLOCK_POSTS + 1};
	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
		assert_int_equal(ops_run(&ops, &ops.ada, "message_delete", at(ops.general_id, ids[gone[i]])), ERR_OK);
		before -= gone[i] % 3 != 0;
		assert_counts(&bob, ops.general_id, before, 0);
	}
}

/* The statements of the migration that count what was written before it. */
static const char *sealing_of_the_migration(void)
{
	static const char path[] = "db/migrations/0010_read.sql";
	char *text = arena_alloc(&ops.arena, 64 * 1024);
	FILE *file = fopen(path, "r");
	ensure(file != NULL);
	text[fread(text, 1, 64 * 1024 - 1, file)] = '\0';
	(void)fclose(file);
	char *start = strstr(text, "INSERT INTO message_blocks"), *end = strstr(text, "-- How many people");
	ensure(start != NULL && end != NULL && end > start);
	*end = '\0';
	return start;
}

static void history_from_before_is_counted_by_the_migration(void **state)
{
	int64_t ids[2 * READ_BLOCK_POSTS + 60], unread[2 * READ_BLOCK_POSTS + 60];
	const int count = (int)(sizeof ids / sizeof *ids);
	(void)state;
	ops.is_quick = true;
	for (int i = 0; i < count; i++)
		ids[i] = ops_message(&ops, i % 4 == 0 ? &bob : &ops.ada, ops.general_id, "x");
	for (int i = 0; i < count; i += 7)
		assert_int_equal(ops_run(&ops, &ops.ada, "message_delete", at(ops.general_id, ids[i])), ERR_OK);
	for (int i = 0; i < count; i++) {
		assert_int_equal(ack(&bob, ops.general_id, ids[i]), ERR_OK);
		unread[i] = state_of(&bob, ops.general_id).unread;
	}
	ops_sql(&ops, "DELETE FROM message_blocks; DELETE FROM message_block_authors; UPDATE channels SET sealed_id = "
		      "0, open_count = 0");
	ops_sql(&ops, "%s", sealing_of_the_migration());
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_blocks"), 2);
	assert_int_equal(ops_int(&ops, "SELECT sum(message_count) FROM message_block_authors"), 2 * READ_BLOCK_POSTS);
	for (int i = 0; i < count; i++) {
		assert_int_equal(ack(&bob, ops.general_id, ids[i]), ERR_OK);
		assert_counts(&bob, ops.general_id, unread[i], 0);
	}
	/* And it goes on from there. */
	int64_t first = state_of(&bob, ops.general_id).unread;
	for (int i = 0; i < READ_BLOCK_POSTS; i++)
		ops_message(&ops, &ops.ada, ops.general_id, "x");
	assert_counts(&bob, ops.general_id, first + READ_BLOCK_POSTS, 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_blocks"), 3);
}

static void a_channel_knows_how_many_are_in_it(void **state)
{
	static const char *const wrong = "SELECT count(*) FROM channels c WHERE c.member_count <> "
					 "(SELECT count(*) FROM channel_members m WHERE m.channel_id = c.id)";
	(void)state;
	int64_t tools = ops_channel(&ops, &ops.ada, "tools");
	struct person cleo = ops_join(&ops, "cleo");
	assert_int_equal(of_channel(&bob, "channel_join", tools), ERR_OK);
	assert_int_equal(of_channel(&bob, "channel_join", tools), ERR_OK);
	assert_int_equal(state_of(&bob, tools).member_count, 2);
	ops_message(&ops, &cleo, tools, "comes by writing");
	assert_int_equal(state_of(&bob, tools).member_count, 3);
	assert_int_equal(of_channel(&cleo, "channel_leave", tools), ERR_OK);
	assert_int_equal(state_of(&bob, tools).member_count, 2);
	assert_int_equal(ops_int(&ops, "%s", wrong), 0);
	assert_op(&ops, &ops.ada, "member_kick",
		  ops_json("{'guild_id': %lld, 'user_id': %lld}", (long long)ops.guild_id, (long long)bob.id), ERR_OK);
	assert_int_equal(ops_int(&ops, "%s", wrong), 0);
	assert_int_equal(ops_int(&ops, "SELECT member_count FROM channels WHERE id = %lld", (long long)tools), 1);
}

static void a_deleted_channel_leaves_no_counts(void **state)
{
	bool is_done = false;
	(void)state;
	ops.is_quick = true;
	int64_t tools = ops_channel(&ops, &ops.ada, "tools");
	for (int i = 0; i < READ_BLOCK_POSTS + 5; i++)
		ops_message(&ops, &ops.ada, tools, "x");
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_blocks"), 1);
	assert_int_equal(of_channel(&ops.ada, "channel_delete", tools), ERR_OK);
	while (!is_done)
		assert_int_equal(house_keep(&ops.engine, 1000000, &is_done), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_blocks"), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_block_authors"), 0);
}

static json_t *readers(const struct person *who, int64_t message_id, enum err expected)
{
	struct buf *text = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *root = NULL;
	jw_init(&jw, text);
	jw_object(&jw, NULL);
	enum err err = read_readers_to_json(ops.engine.db, &ops.arena, &jw, ops.general_id, message_id, who->id);
	assert_string_equal(err_info(err)->name, err_info(expected)->name);
	jw_object_end(&jw);
	if (err == ERR_OK)
		ensure(json_parse_own(&ops.arena, text->p, text->n, &root) == ERR_OK);
	return root;
}

static int64_t readers_count(const struct person *who, int64_t message_id)
{
	return json_integer_value(json_object_get(readers(who, message_id, ERR_OK), "count"));
}

static void who_has_read_is_shown_to_who_shares_it(void **state)
{
	(void)state;
	int64_t id = ops_message(&ops, &ops.ada, ops.general_id, "x");
	assert_int_equal(readers_count(&ops.ada, id), 0);
	assert_int_equal(ack(&bob, ops.general_id, id), ERR_OK);
	assert_int_equal(readers_count(&ops.ada, id), 1);
	const json_t *users = json_object_get(readers(&ops.ada, id, ERR_OK), "users");
	assert_int_equal(json_id(json_array_get(users, 0), "id"), bob.id);
	assert_null(json_object_get(json_array_get(users, 0), "email"));

	struct person cleo = ops_join(&ops, "cleo");
	ops_sql(&ops, "UPDATE channel_members SET joined_at_ms = joined_at_ms + 1000 WHERE user_id = %lld",
		(long long)cleo.id);
	assert_int_equal(readers_count(&ops.ada, id), 1);

	assert_op(&ops, &bob, "read_receipts", ops_json("{'read_receipts': false}"), ERR_OK);
	assert_int_equal(readers_count(&ops.ada, id), 0);
	readers(&bob, id, ERR_RECEIPTS_OFF);
	assert_op(&ops, &bob, "read_receipts", ops_json("{'read_receipts': true}"), ERR_OK);
	assert_int_equal(readers_count(&bob, id), 1);
	readers(&ops.ada, id + 1, ERR_UNKNOWN_MESSAGE);
	assert_int_equal(of_channel(&bob, "channel_leave", ops.general_id), ERR_OK);
	readers(&bob, id, ERR_MISSING_ACCESS);
}

/* Adds people to #general, who have read up to there. */
static void crowd(int first, int last, int64_t last_read_id)
{
	ops_sql(&ops,
		"WITH RECURSIVE n (i) AS (VALUES (%d) UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
		"INSERT INTO users (id, username) SELECT i, 'user' || i FROM n",
		first, last);
	ops_sql(&ops,
		"INSERT INTO channel_members (channel_id, user_id, joined_at_ms, last_read_id) "
		"SELECT %lld, id, 1, %lld FROM users WHERE id BETWEEN %d AND %d",
		(long long)ops.general_id, (long long)last_read_id, first, last);
}

static void in_a_large_channel_readers_are_a_number(void **state)
{
	(void)state;
	int64_t id = ops_message(&ops, &ops.ada, ops.general_id, "x");
	crowd(1, 20, 1);
	crowd(21, 60, id);
	ops_sql(&ops, "UPDATE users SET has_read_receipts = 0 WHERE id IN (20, 30, 40)");
	ops_sql(&ops, "UPDATE users SET is_bot = 1 WHERE id = 50");
	ops_sql(&ops, "UPDATE channel_members SET joined_at_ms = 9000000000000 WHERE user_id = 60");
	const json_t *root = readers(&ops.ada, id, ERR_OK);
	assert_int_equal(json_integer_value(json_object_get(root, "count")), 36);
	assert_true(json_is_true(json_object_get(root, "count_is_exact")));
	assert_true(json_is_null(json_object_get(root, "users")));
}

static void readers_are_counted_up_to_a_number(void **state)
{
	(void)state;
	int64_t id = ops_message(&ops, &ops.ada, ops.general_id, "x");
	crowd(1, READ_READERS_COUNTED, id);
	const json_t *root = readers(&ops.ada, id, ERR_OK);
	assert_int_equal(json_integer_value(json_object_get(root, "count")), READ_READERS_COUNTED);
	assert_true(json_is_true(json_object_get(root, "count_is_exact")));
	crowd(READ_READERS_COUNTED + 1, READ_READERS_COUNTED + 5, id);
	root = readers(&ops.ada, id, ERR_OK);
	assert_int_equal(json_integer_value(json_object_get(root, "count")), READ_READERS_COUNTED);
	assert_true(json_is_false(json_object_get(root, "count_is_exact")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_set_up, close_database)
	    TEST(what_others_write_is_unread_and_what_one_writes_is_not),
	    TEST(reading_begins_at_the_moment_of_joining),
	    TEST(an_ack_moves_forward_and_back),
	    TEST(unread_from_here_takes_the_message_along),
	    TEST(an_ack_is_told_to_that_person_alone_and_only_when_it_changes_something),
	    TEST(what_is_no_message_of_the_channel_cannot_be_read),
	    TEST(all_of_a_workspace_is_read_at_once),
	    TEST(counts_are_exact_around_full_blocks),
	    TEST(history_from_before_is_counted_by_the_migration),
	    TEST(a_channel_knows_how_many_are_in_it),
	    TEST(a_deleted_channel_leaves_no_counts),
	    TEST(who_has_read_is_shown_to_who_shares_it),
	    TEST(in_a_large_channel_readers_are_a_number),
	    TEST(readers_are_counted_up_to_a_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
