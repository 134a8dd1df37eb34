/* The index of messages follows every change, whatever becomes of the ops, and agrees with the messages. */
#include "ops_fixture.h"

#include "base/ensure.h"
#include "domain/channel/channel.h"
#include "domain/search/search.h"
#include "domain/search/search_query.h"
#include "sql/sql_internal.h"
#include "store/house.h"
#include "store/upkeep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;
static struct person bob, eve;
static struct search_result found;

static int set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	bob = ops_join(&ops, "bob");
	eve = ops_join(&ops, "eve");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

/* The index is whole, which SQLite checks by walking it. */
static void assert_whole(void)
{
	ops_sql(&ops, "INSERT INTO search (search) VALUES ('integrity-check')");
}

static int64_t post(const struct person *who, int64_t channel_id, const char *content)
{
	return ops_message(&ops, who, channel_id, content);
}

static enum err search_in(const struct person *who, int64_t guild_id, int64_t channel_id, const char *text)
{
	const struct search_scope scope = {guild_id, channel_id, who->id};
	const struct search_page page = {.limit = SEARCH_PAGE_MAX};
	struct search_query query;

	search_query_init(&query);
	search_query_parse(&query, str_from(text), INT64_C(1772366400000));
	return search_find(ops.engine.db, &ops.arena, &scope, &query, &page, &found);
}

/* How many messages somebody finds in the workspace. */
static int64_t hits(const struct person *who, const char *text)
{
	assert_int_equal(search_in(who, ops.guild_id, 0, text), ERR_OK);
	return found.total;
}

static void assert_hits(const struct person *who, const char *text, int64_t expected)
{
	if (hits(who, text) != expected)
		fail_msg("%s finds %lld and not %lld: %s", text, (long long)found.total, (long long)expected,
			 found.match);
}

static void edit(const struct person *who, int64_t channel_id, int64_t id, const char *content)
{
	assert_op(&ops, who, "message_update",
		  json_pack("{s:I, s:I, s:s}", "channel_id", (json_int_t)channel_id, "message_id", (json_int_t)id,
			    "content", content),
		  ERR_OK);
}

static void erase(const struct person *who, int64_t channel_id, int64_t id)
{
	assert_op(&ops, who, "message_delete",
		  json_pack("{s:I, s:I}", "channel_id", (json_int_t)channel_id, "message_id", (json_int_t)id), ERR_OK);
}

static int64_t private_channel(const char *name)
{
	assert_op(&ops, &ops.ada, "channel_create",
		  json_pack("{s:I, s:s, s:b}", "guild_id", (json_int_t)ops.guild_id, "name", name, "private", 1),
		  ERR_OK);
	return ops_result_id(&ops, "channel", "id");
}

static void edits_and_deletions_are_followed(void **state)
{
	int64_t id = post(&bob, ops.general_id, "first words"), other = post(&bob, ops.general_id, "first other");

	(void)state;
	assert_hits(&ops.ada, "first", 2);
	edit(&bob, ops.general_id, id, "second words");
	assert_hits(&ops.ada, "first", 1);
	assert_hits(&ops.ada, "second", 1);
	assert_hits(&ops.ada, "words", 1);
	erase(&bob, ops.general_id, id);
	assert_hits(&ops.ada, "second", 0);
	assert_hits(&ops.ada, "words", 0);
	erase(&bob, ops.general_id, other);
	assert_hits(&ops.ada, "", 0);
	assert_whole();
}

static void deleted_channels_are_searched_no_more_and_purged_from_the_index(void **state)
{
	int64_t id = ops_channel(&ops, &ops.ada, "doomed");
	struct apply apply = ops_apply(&ops);
	bool is_done = false;

	(void)state;
	for (int i = 0; i < 250; i++)
		(void)post(&ops.ada, id, "apple");
	assert_hits(&bob, "apple", 250);
	assert_op(&ops, &ops.ada, "channel_delete", json_pack("{s:I}", "channel_id", (json_int_t)id), ERR_OK);
	assert_hits(&bob, "apple", 0);
	while (!is_done) {
		ops_sql(&ops, "BEGIN IMMEDIATE");
		assert_int_equal(channel_purge(&apply, &is_done), ERR_OK);
		assert_int_equal(op_settle(&ops.engine), ERR_OK);
		ops_sql(&ops, "COMMIT");
		assert_whole();
	}
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM search WHERE search MATCH 'apple'"), 0);
}

static void rolled_back_ops_leave_nothing_in_the_index(void **state)
{
	(void)state;
	(void)post(&bob, ops.general_id, "apple");
	assert_op(
	    &ops, &bob, "message_create",
	    json_pack("{s:I, s:s}", "channel_id", (json_int_t)ops.general_id, "content", ops_repeat(&ops, "x", 4001)),
	    ERR_INVALID_FORM);
	assert_int_equal(ops.engine.search.count, 0);
	assert_whole();
}

/* A group of ops is one transaction; what becomes of one message in it reaches the index as one change. */
static void a_group_may_post_edit_and_delete_the_same_message(void **state)
{
	static const struct {
		const char *op, *content;
	} requests[] = {{"message_create", ",\"content\":\"grape\""},
			{"message_update", ",\"content\":\"plum\""},
			{"message_delete", ""}};

	(void)state;
	for (int upto = 1; upto <= 3; upto++) {
		int64_t id = 0;
		ops_sql(&ops, "BEGIN IMMEDIATE");
		for (int i = 0; i < upto; i++) {
			char text[512];
			(void)snprintf(text, sizeof text,
				       "{\"op\":\"%s\",\"actor\":%lld,\"session\":%lld,\"in\":{\"channel_id\":%lld,"
				       "\"message_id\":%lld%s}}",
				       requests[i].op, (long long)bob.id, (long long)bob.session_id,
				       (long long)ops.general_id, (long long)id, requests[i].content);
			ensure(op_execute(&ops.engine, OP_ROLE_API, text, strlen(text), &ops.reply) == ERR_OK);
			ensure(strncmp(ops.reply.p, "{\"err\":\"OK\"", 11) == 0);
			id = id != 0 ? id : ops_int(&ops, "SELECT max(id) FROM messages");
		}
		ensure(op_settle(&ops.engine) == ERR_OK);
		ops_sql(&ops, "COMMIT");
		assert_hits(&ops.ada, "grape", 1);
		assert_hits(&ops.ada, "plum", upto == 1 ? 0 : 1);
		assert_whole();
	}
}

static void messages_from_before_the_index_are_taken_in_by_and_by(void **state)
{
	bool is_done = false;
	int rounds = 0;

	(void)state;
	ops.is_quick = true;
	for (int i = 0; i < 450; i++)
		(void)post(&bob, ops.general_id, "old apple");
	int64_t edited = ops_int(&ops, "SELECT min(id) FROM messages"), erased = edited;
	ops_sql(&ops, "INSERT INTO search (search) VALUES ('delete-all')");
	ops_sql(&ops, "DELETE FROM search_texts");
	ops_sql(&ops, "UPDATE search_state SET indexed_from = (SELECT max(id) + 1 FROM messages)");
	assert_hits(&ops.ada, "apple", 0);
	(void)post(&bob, ops.general_id, "new apple");
	assert_hits(&ops.ada, "apple", 1);
	edit(&bob, ops.general_id, edited, "old pear");
	assert_whole();
	while (!is_done) {
		assert_true(rounds++ < 10);
		assert_int_equal(house_keep(&ops.engine, 1000000, &is_done), ERR_OK);
		assert_whole();
		if (rounds == 1) {
			erased = ops_int(&ops, "SELECT max(id) - 1 FROM messages");
			erased = ops_int(&ops, "SELECT max(id) FROM messages WHERE id <= %lld", (long long)erased);
			erase(&bob, ops.general_id, erased);
		}
	}
	assert_true(rounds >= 3);
	assert_hits(&ops.ada, "apple", 449);
	assert_hits(&ops.ada, "pear", 1);
	assert_int_equal(ops_int(&ops, "SELECT indexed_from FROM search_state"), 0);
}

/* What clients are told of whether older messages are found. */
static bool says_it_is_behind(void)
{
	struct buf *text = buf_in_arena(&ops.arena);
	struct search_query query;
	struct jw jw;
	json_t *json;

	search_query_init(&query);
	jw_init(&jw, text);
	jw_object(&jw, NULL);
	found = (struct search_result){.count = 0};
	assert_int_equal(search_result_to_json(ops.engine.db, &ops.arena, &jw, &query, &found, ops.ada.id), ERR_OK);
	jw_object_end(&jw);
	assert_int_equal(json_parse_own(&ops.arena, text->p, text->n, &json), ERR_OK);
	return json_flag(json, "doing_deep_historical_index");
}

static void another_way_to_prepare_text_indexes_all_anew(void **state)
{
	bool is_done = false;

	(void)state;
	(void)post(&bob, ops.general_id, "apple");
	/* As the first version of the index had it, in which a message's row was its id. */
	ops_sql(&ops, "INSERT INTO search (search) VALUES ('delete-all')");
	ops_sql(&ops, "INSERT INTO search (rowid, text, tags) SELECT id, content, 'tagg' || %lld FROM messages",
		(long long)ops.guild_id);
	ops_sql(&ops, "UPDATE search_state SET version = 1");
	assert_true(says_it_is_behind());
	assert_hits(&ops.ada, "apple", 0);
	while (!is_done)
		assert_int_equal(house_keep(&ops.engine, 1000000, &is_done), ERR_OK);
	assert_hits(&ops.ada, "apple", 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM search WHERE search MATCH 'apple'"), 1);
	assert_whole();
}

/* House-keeping until nothing is left to do; in steps that are bounded, of which there were so many. */
static int keep_house(void)
{
	bool is_done = false;
	int rounds = 0;

	for (; !is_done; rounds++) {
		assert_true(rounds < 20);
		assert_int_equal(house_keep(&ops.engine, 1000000, &is_done), ERR_OK);
	}
	return rounds;
}

/* Writes what SQLite keeps from being written by accident. */
static void damage(const char *sql)
{
	(void)sqlite3_db_config(ops.engine.db->connection, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
	ops_sql(&ops, "%s", sql);
	(void)sqlite3_db_config(ops.engine.db->connection, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
}

static int64_t is_marked(void)
{
	return ops_int(&ops, "SELECT version = 0 FROM search_state");
}

/* The index lacks what is to be taken out of it: SQLite says "database disk image is malformed". */
static void an_index_that_contradicts_the_messages_is_made_anew(void **state)
{
	int64_t kept = post(&bob, ops.general_id, "apple"), erased = post(&bob, ops.general_id, "apple pie");

	(void)state;
	ops_sql(&ops, "INSERT INTO search (search) VALUES ('delete-all')");
	erase(&bob, ops.general_id, erased);
	assert_int_equal(is_marked(), 1);
	edit(&bob, ops.general_id, kept, "pear"); /* still marked, and still no obstacle */
	(void)post(&bob, ops.general_id, "grape");
	assert_int_equal(ops.engine.search.count, 0);
	assert_true(says_it_is_behind());
	(void)keep_house();
	assert_false(says_it_is_behind());
	assert_int_equal(is_marked(), 0);
	assert_hits(&ops.ada, "apple", 0);
	assert_hits(&ops.ada, "pear", 1);
	assert_hits(&ops.ada, "grape", 1);
	assert_whole();
}

static void a_damaged_index_keeps_nobody_from_writing_and_is_made_anew_in_steps(void **state)
{
	static const char *const damages[] = {
	    "UPDATE search_data SET block = zeroblob(length(block)) WHERE id > 10", /* words of segments */
	    "UPDATE search_data SET block = x'ff' WHERE id = 10",                   /* the list of segments */
	    "UPDATE search_data SET block = x'ff' WHERE id = 1",                    /* how much there is */
	    "DELETE FROM search_data WHERE id > 10",
	    "DELETE FROM search_data",
	};
	int64_t channel_id = ops_channel(&ops, &ops.ada, "other");

	ops.is_quick = true;
	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		int64_t id = 0, before = ops_int(&ops, "SELECT count(*) FROM messages WHERE deleted_at_ms IS NULL");
		for (int k = 0; k < 450; k++)
			id = post(&bob, channel_id, "apple");
		damage(damages[i]);
		erase(&bob, channel_id, id);
		edit(&bob, channel_id, ops_int(&ops, "SELECT max(id) FROM messages WHERE deleted_at_ms IS NULL"),
		     "pear");
		(void)post(&bob, channel_id, "grape");
		/* Not all damage is met by what is written: merging meets the rest. */
		struct upkeep upkeep;
		bool is_done;
		upkeep_init(&upkeep);
		ops.engine.search.unmerged = 1000;
		if (is_marked() == 0)
			assert_int_not_equal(upkeep_step(&upkeep, &ops.engine, false, &is_done), ERR_OK);
		assert_int_equal(is_marked(), 1);
		assert_true(keep_house() >= 3);
		assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages WHERE deleted_at_ms IS NULL"),
				 before + 450);
		assert_hits(&ops.ada, "apple", (int64_t)(i + 1) * 448 > 1000 ? 1000 : (int64_t)(i + 1) * 448);
		assert_hits(&ops.ada, "pear", (int64_t)i + 1);
		assert_hits(&ops.ada, "grape", (int64_t)i + 1);
		assert_whole();
	}
}

/* Thousands of changes by chance; what is found is compared with what a walk through all messages finds. */
static void the_index_agrees_with_the_messages_after_random_changes(void **state)
{
	static const char *const words[] = {"apple", "Banana", "cherry", "données", "東京", "e-mail", "x_y", "<@7>"};
	struct ops_random random = {4711};
	const struct person *people[] = {&ops.ada, &bob, &eve};
	int64_t channels[] = {ops.general_id, ops_channel(&ops, &ops.ada, "random"), private_channel("secret")};

	(void)state;
	ops.is_quick = true;
	for (int i = 0; i < 1500; i++) {
		const struct person *who = people[ops_below(&random, 3)];
		int64_t channel = channels[ops_below(&random, who == &ops.ada ? 3 : 2)];
		const char *content = arena_printf(&ops.arena, "%s %s %s", words[ops_below(&random, 8)],
						   words[ops_below(&random, 8)], words[ops_below(&random, 8)]);
		int64_t id = ops_int(&ops,
				     "SELECT id FROM messages WHERE channel_id = %lld AND author_id = %lld AND "
				     "deleted_at_ms IS NULL ORDER BY id LIMIT 1 OFFSET %u",
				     (long long)channel, (long long)who->id, ops_below(&random, 20));
		switch (ops_below(&random, id != 0 ? 4 : 2)) {
		case 2:
			edit(who, channel, id, content);
			break;
		case 3:
			erase(who, channel, id);
			break;
		default:
			(void)post(who, channel, content);
		}
		if (i % 100 == 99)
			ops_sql(&ops, "INSERT INTO search (search, rank) VALUES ('merge', 8)");
	}
	assert_whole();
	for (size_t i = 0; i < 7; i++) {
		for (size_t c = 0; c < 2; c++)
			assert_hits(
			    &bob, arena_printf(&ops.arena, "%s in:%lld", words[i], (long long)channels[c]),
			    ops_int(&ops,
				    "SELECT count(*) FROM messages WHERE channel_id = %lld AND deleted_at_ms IS "
				    "NULL AND content LIKE '%%%s%%'",
				    (long long)channels[c], words[i]));
		assert_hits(
		    &ops.ada, words[i],
		    ops_int(&ops, "SELECT count(*) FROM messages WHERE deleted_at_ms IS NULL AND content LIKE '%%%s%%'",
			    words[i]));
	}
	ops_sql(&ops, "INSERT INTO search (search) VALUES ('optimize')");
	assert_whole();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(edits_and_deletions_are_followed),
	    TEST(deleted_channels_are_searched_no_more_and_purged_from_the_index),
	    TEST(rolled_back_ops_leave_nothing_in_the_index),
	    TEST(a_group_may_post_edit_and_delete_the_same_message),
	    TEST(messages_from_before_the_index_are_taken_in_by_and_by),
	    TEST(another_way_to_prepare_text_indexes_all_anew),
	    TEST(an_index_that_contradicts_the_messages_is_made_anew),
	    TEST(a_damaged_index_keeps_nobody_from_writing_and_is_made_anew_in_steps),
	    TEST(the_index_agrees_with_the_messages_after_random_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
