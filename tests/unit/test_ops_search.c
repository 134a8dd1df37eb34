/* Search at the store: what is found follows every change, and only whoever may read it finds it. */
#include "ops_fixture.h"

#include "base/ensure.h"
#include "base/id.h"
#include "domain/channel/channel.h"
#include "domain/perm.h"
#include "domain/search/search.h"
#include "domain/search/search_query.h"
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

static void words_are_found_in_any_case_with_any_accent(void **state)
{
	static const char *const found_by[] = {
	    "café", "CAFE",  "cafe\u0301", "naïve", "naive", "\"the café is\"", "caf*", "ca*", "the café", "Café the",
	    "ist*", "\"is open\"", "“is open”",
	};
	static const char *const not_by[] = {"cafes", "\"café the\"", "closed", "afe", "cafe closed", "x*", "-open", "the -café"};

	(void)state;
	(void)post(&bob, ops.general_id, "The Café is open, naïvely. İstanbul");
	(void)post(&bob, ops.general_id, "naive");
	for (size_t i = 0; i < sizeof found_by / sizeof *found_by; i++) {
		if (hits(&ops.ada, found_by[i]) < 1)
			fail_msg("%s finds nothing: %s", found_by[i], found.match);
	}
	for (size_t i = 0; i < sizeof not_by / sizeof *not_by; i++) {
		for (int k = 0; k < (hits(&ops.ada, not_by[i]), found.count); k++) {
			if (strcmp(ops_text(&ops, "SELECT content FROM messages WHERE id = %lld",
					    (long long)found.hits[k].message_id),
				   "naive") != 0)
				fail_msg("%s finds what it should not: %s", not_by[i], found.match);
		}
	}
	assert_whole();
}

static void scripts_without_spaces_are_found_by_their_parts(void **state)
{
	static const char *const found_by[] = {"東京", "京タ", "タワー", "東京タワー", "\"東京\"", "見に", "한국", "한국어", "สวัสดี", "ไทย",
					       "が", "か\u3099", "東*", "日本 東京"};

	(void)state;
	(void)post(&bob, ops.general_id, "日本の東京タワーを見に行くが한국어 สวัสดีไทย");
	for (size_t i = 0; i < sizeof found_by / sizeof *found_by; i++)
		assert_hits(&ops.ada, found_by[i], 1);
	assert_hits(&ops.ada, "京東", 0);
	assert_hits(&ops.ada, "\"日本 東京\"", 0);
}

static void what_people_type_is_found_as_they_type_it(void **state)
{
	static const char *const texts[] = {
	    "mail john.doe@example.com",  "see https://example.org/a/b?c=1", "the foo-bar thing", "call snake_case()",
	    "version 1.2.3",	      "C++ is fun",			  "C# too",	       "deploy 🚀 done",
	    "100% sure & ready",	      "a/b testing",
	};
	static const struct {
		const char *text;
		int64_t hits;
	} rows[] = {
	    {"john.doe@example.com", 1}, {"example.com", 1}, {"john.d*", 1},	{"https://example.org/a/b?c=1", 1},
	    {"example.org", 1},	  {"foo-bar", 1},     {"foo-b*", 1},	{"snake_case", 1},
	    {"snake_case()", 1},	  {"1.2.3", 1},       {"c++", 1},	{"c#", 1},
	    {"🚀", 1},		  {"100%", 1},	      {"sure & ready", 1}, {"a/b", 2},
	    {"foo-baz", 0},		  {"john.smith@example.com", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		(void)post(&bob, ops.general_id, texts[i]);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_hits(&ops.ada, rows[i].text, rows[i].hits);
}

static void no_text_is_an_error(void **state)
{
	static const char *const texts[] = {
	    "\"",	 "\"\"",	     "*",	       "-",	       "--",	   "(",		 ")",
	    "AND",	 "OR",	     "NOT",	       "NEAR",	       "a AND",	   "NOT a",	 "a OR OR b",
	    "\"a",	 "a\"",	     "a\"b",	       "^a",	       "a^b",	   "{text}:a",	 "text:a",
	    "tags:tagg1", "{tags}:\"tagg1\"", "rank:1",	       "a + b",	       "+",	   "++",	 "#",
	    "''",	 "';--",	     "\\",	       "\\\"",	       "%",	   "_",		 "!!!",
	    "...",	 "🙂",	     "\u200b",	       "\u00ad",       "\u0301",   "-\"",	 "-*",
	    "*-",	 "\"*\"",	     "\"a\"*",	       "\"\"*",	       "a**",	   "-from:",	 "from:\"",
	    "in:\"",	 "has:\"file",    "before:",	       "before:\"",    "on:0",	   "a:b:c",	 ":",
	    "::",	 "NEAR(a b)",	     "NEAR(\"a\" \"b\", 1)", "a NOT b",	       "\ue000",   "\uf6ff",	 "日本*",
	    "-日本",	 "\"日 本\"",     "a\tb\nc",       "is:",	       "mentions:", "tagprivate", "taghfile",
	    "a-",	 "-a-",	     "a.b.*",	       "\u3000",       "“",	   "x”*",	 "<@1>*",
	};

	(void)state;
	(void)post(&bob, ops.general_id, "a b c");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (search_in(&ops.ada, ops.guild_id, 0, texts[i]) != ERR_OK)
			fail_msg("%s: %s", texts[i], found.match);
	}
}

static void tags_are_no_words(void **state)
{
	(void)state;
	(void)post(&bob, ops.general_id, "hello");
	assert_hits(&ops.ada, arena_printf(&ops.arena, "tagg%lld", (long long)ops.guild_id), 0);
	assert_hits(&ops.ada, "tag*", 0);
	(void)post(&bob, ops.general_id, arena_printf(&ops.arena, "tagg%lld tagprivate", (long long)ops.guild_id));
	assert_hits(&ops.ada, "tag*", 1);
	assert_hits(&ops.ada, "hello", 1);
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

static void filters_narrow_what_is_found(void **state)
{
	int64_t random_id = ops_channel(&ops, &ops.ada, "random");

	(void)state;
	(void)post(&bob, ops.general_id, "apple https://example.org");
	(void)post(&eve, ops.general_id, "apple pie");
	(void)post(&bob, random_id, "apple tree");
	assert_hits(&ops.ada, "apple", 3);
	assert_hits(&ops.ada, "apple from:bob", 2);
	assert_hits(&ops.ada, "apple from:@BOB", 2);
	assert_hits(&ops.ada, "from:bob from:eve", 3);
	assert_hits(&ops.ada, "apple -from:bob", 1);
	assert_hits(&bob, "from:me", 2);
	assert_hits(&ops.ada, "in:general", 2);
	assert_hits(&ops.ada, "in:#random apple", 1);
	assert_hits(&ops.ada, "in:general from:bob", 1);
	assert_hits(&ops.ada, "in:general in:random from:bob", 2);
	assert_hits(&ops.ada, "-in:general", 1);
	assert_hits(&ops.ada, "has:link", 1);
	assert_hits(&ops.ada, "apple -has:link", 2);
	assert_hits(&ops.ada, "has:file", 0);
	assert_hits(&ops.ada, "is:thread", 0);
	assert_hits(&ops.ada, "after:2020-01-01", 3);
	assert_hits(&ops.ada, "before:2020-01-01", 0);
	assert_hits(&ops.ada, arena_printf(&ops.arena, "from:%lld", (long long)bob.id), 2);
	assert_hits(&ops.ada, arena_printf(&ops.arena, "in:%lld", (long long)random_id), 1);
	assert_hits(&ops.ada, "", 3);
}

static void names_that_nobody_has_find_nothing_and_say_so(void **state)
{
	(void)state;
	(void)post(&bob, ops.general_id, "apple");
	assert_hits(&ops.ada, "apple from:nobody", 0);
	assert_string_equal(found.unknown_filter, "from");
	assert_string_equal(found.unknown_name, "nobody");
	assert_hits(&ops.ada, "in:nowhere", 0);
	assert_string_equal(found.unknown_filter, "in");
	assert_hits(&ops.ada, "mentions:nobody", 0);
	assert_string_equal(found.unknown_filter, "mentions");
	assert_hits(&ops.ada, "apple -from:nobody", 1);
	assert_null(found.unknown_filter);
}

static int64_t private_channel(const char *name)
{
	assert_op(&ops, &ops.ada, "channel_create",
		  json_pack("{s:I, s:s, s:b}", "guild_id", (json_int_t)ops.guild_id, "name", name, "private", 1), ERR_OK);
	return ops_result_id(&ops, "channel", "id");
}

static void nobody_finds_what_they_may_not_read(void **state)
{
	int64_t secret_id = private_channel("secret");

	(void)state;
	(void)post(&ops.ada, secret_id, "apple sauce");
	(void)post(&ops.ada, ops.general_id, "apple pie");
	assert_hits(&ops.ada, "apple", 2);
	assert_hits(&bob, "apple", 1);
	assert_hits(&bob, "sauce", 0);
	assert_hits(&bob, "in:secret", 0);
	assert_string_equal(found.unknown_filter, "in");
	assert_hits(&bob, arena_printf(&ops.arena, "in:%lld", (long long)secret_id), 0);
	assert_hits(&bob, "from:ada", 1);
	assert_op(&ops, &ops.ada, "channel_member_add",
		  ops_json("{'channel_id': %lld, 'user_id': %lld}", (long long)secret_id, (long long)bob.id), ERR_OK);
	assert_hits(&bob, "sauce", 1);
	assert_hits(&bob, "in:secret", 1);
	assert_op(&ops, &ops.ada, "channel_member_remove",
		  ops_json("{'channel_id': %lld, 'user_id': %lld}", (long long)secret_id, (long long)bob.id), ERR_OK);
	assert_hits(&bob, "sauce", 0);
}

static void history_that_may_not_be_read_is_not_searched(void **state)
{
	(void)state;
	(void)post(&ops.ada, ops.general_id, "apple pie");
	ops_sql(&ops, "UPDATE roles SET permissions = permissions & ~%lld WHERE id = %lld",
		(long long)PERM_READ_HISTORY, (long long)ops.guild_id);
	assert_hits(&bob, "apple", 0);
	assert_hits(&ops.ada, "apple", 1);
}

static void strangers_search_nothing(void **state)
{
	struct person mallory;

	(void)state;
	(void)post(&ops.ada, ops.general_id, "apple pie");
	assert_op(&ops, &bob, "guild_leave", json_pack("{s:I}", "guild_id", (json_int_t)ops.guild_id), ERR_OK);
	assert_int_equal(search_in(&bob, ops.guild_id, 0, "apple"), ERR_UNKNOWN_GUILD);
	mallory = (struct person){.id = 1};
	assert_int_equal(search_in(&mallory, 0, ops.general_id, "apple"), ERR_UNKNOWN_CHANNEL);
}

static int64_t direct(const struct person *from, const struct person *to)
{
	assert_op(&ops, from, "direct_create", ops_json("{'recipient_id': %lld}", (long long)to->id), ERR_OK);
	return ops_result_id(&ops, "channel", "id");
}

static void direct_messages_are_a_scope_of_their_own(void **state)
{
	int64_t id = direct(&bob, &eve);

	(void)state;
	(void)post(&bob, id, "apple between us");
	(void)post(&eve, id, "what apple");
	assert_hits(&bob, "apple", 0);
	assert_int_equal(search_in(&bob, 0, id, "apple"), ERR_OK);
	assert_int_equal(found.total, 2);
	assert_int_equal(search_in(&bob, 0, id, "apple from:eve"), ERR_OK);
	assert_int_equal(found.total, 1);
	assert_int_equal(search_in(&bob, 0, id, "apple from:ada"), ERR_OK);
	assert_string_equal(found.unknown_name, "ada");
	assert_int_equal(search_in(&ops.ada, 0, id, "apple"), ERR_UNKNOWN_CHANNEL);
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

static void pages_follow_each_other_without_gap(void **state)
{
	const struct search_scope scope = {ops.guild_id, 0, bob.id};
	struct search_query query;
	int64_t last = INT64_MAX, seen = 0;

	(void)state;
	ops.is_quick = true;
	for (int i = 0; i < 60; i++)
		(void)post(&bob, ops.general_id, i % 2 == 0 ? "even" : "odd");
	search_query_init(&query);
	search_query_parse(&query, STR("even"), 0);
	for (int64_t offset = 0;; offset += 7) {
		const struct search_page page = {.offset = offset, .limit = 7};
		assert_int_equal(search_find(ops.engine.db, &ops.arena, &scope, &query, &page, &found), ERR_OK);
		assert_int_equal(found.total, 30);
		assert_true(found.is_total_exact);
		for (int i = 0; i < found.count; i++) {
			assert_true(found.hits[i].message_id < last);
			last = found.hits[i].message_id;
		}
		seen += found.count;
		assert_int_equal(found.has_next, seen < 30);
		if (!found.has_next)
			break;
	}
	assert_int_equal(seen, 30);
}

static void what_is_found_is_counted_to_a_thousand(void **state)
{
	(void)state;
	ops.is_quick = true;
	for (int i = 0; i < 1001; i++)
		(void)post(&bob, ops.general_id, i < 1000 ? "thousand more" : "thousand");
	assert_hits(&ops.ada, "more", 1000);
	assert_true(found.is_total_exact && found.has_next);
	assert_hits(&ops.ada, "thousand", 1000);
	assert_false(found.is_total_exact);
}

static void rolled_back_ops_leave_nothing_in_the_index(void **state)
{
	(void)state;
	(void)post(&bob, ops.general_id, "apple");
	assert_op(&ops, &bob, "message_create",
		  json_pack("{s:I, s:s}", "channel_id", (json_int_t)ops.general_id, "content",
			    ops_repeat(&ops, "x", 4001)),
		  ERR_INVALID_FORM);
	assert_int_equal(ops.engine.search.count, 0);
	assert_whole();
}

/* A group of ops is one transaction; what becomes of one message in it reaches the index as one change. */
static void a_group_may_post_edit_and_delete_the_same_message(void **state)
{
	static const char *const requests[] = {
	    "{\"op\":\"message_create\",\"actor\":%lld,\"session\":%lld,\"in\":{\"channel_id\":%lld,\"content\":\"grape\"}}",
	    "{\"op\":\"message_update\",\"actor\":%lld,\"session\":%lld,\"in\":{\"channel_id\":%lld,\"message_id\":%lld,"
	    "\"content\":\"plum\"}}",
	    "{\"op\":\"message_delete\",\"actor\":%lld,\"session\":%lld,\"in\":{\"channel_id\":%lld,\"message_id\":%lld}}"};

	(void)state;
	for (int upto = 1; upto <= 3; upto++) {
		int64_t id = 0;
		ops_sql(&ops, "BEGIN IMMEDIATE");
		for (int i = 0; i < upto; i++) {
			char text[512];
			(void)snprintf(text, sizeof text, requests[i], (long long)bob.id, (long long)bob.session_id,
				       (long long)ops.general_id, (long long)id);
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

static void another_way_to_prepare_text_indexes_all_anew(void **state)
{
	bool is_done = false;

	(void)state;
	(void)post(&bob, ops.general_id, "apple");
	ops_sql(&ops, "UPDATE search_state SET version = 0");
	while (!is_done)
		assert_int_equal(house_keep(&ops.engine, 1000000, &is_done), ERR_OK);
	assert_hits(&ops.ada, "apple", 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM search WHERE search MATCH 'apple'"), 1);
	assert_whole();
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
			assert_hits(&bob, arena_printf(&ops.arena, "%s in:%lld", words[i], (long long)channels[c]),
				    ops_int(&ops,
					    "SELECT count(*) FROM messages WHERE channel_id = %lld AND deleted_at_ms IS "
					    "NULL AND content LIKE '%%%s%%'",
					    (long long)channels[c], words[i]));
		assert_hits(&ops.ada, words[i],
			    ops_int(&ops,
				    "SELECT count(*) FROM messages WHERE deleted_at_ms IS NULL AND content LIKE '%%%s%%'",
				    words[i]));
	}
	ops_sql(&ops, "INSERT INTO search (search) VALUES ('optimize')");
	assert_whole();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(words_are_found_in_any_case_with_any_accent),
	    TEST(scripts_without_spaces_are_found_by_their_parts),
	    TEST(what_people_type_is_found_as_they_type_it),
	    TEST(no_text_is_an_error),
	    TEST(tags_are_no_words),
	    TEST(edits_and_deletions_are_followed),
	    TEST(filters_narrow_what_is_found),
	    TEST(names_that_nobody_has_find_nothing_and_say_so),
	    TEST(nobody_finds_what_they_may_not_read),
	    TEST(history_that_may_not_be_read_is_not_searched),
	    TEST(strangers_search_nothing),
	    TEST(direct_messages_are_a_scope_of_their_own),
	    TEST(deleted_channels_are_searched_no_more_and_purged_from_the_index),
	    TEST(pages_follow_each_other_without_gap),
	    TEST(what_is_found_is_counted_to_a_thousand),
	    TEST(rolled_back_ops_leave_nothing_in_the_index),
	    TEST(a_group_may_post_edit_and_delete_the_same_message),
	    TEST(messages_from_before_the_index_are_taken_in_by_and_by),
	    TEST(another_way_to_prepare_text_indexes_all_anew),
	    TEST(the_index_agrees_with_the_messages_after_random_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
