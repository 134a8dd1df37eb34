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

static void words_are_found_in_any_case_with_any_accent(void **state)
{
	static const char *const found_by[] = {
	    "café",      "CAFE",         "cafe\u0301",  "naïve",      "naive", "\"the café is\"",
	    "caf*",      "ca*",          "the café",    "Café the",   "ist*",  "\"is open\"",
	    "“is open”", "KÖNIGSTRASSE", "königstraß*", "konigstra*",
	};
	static const char *const not_by[] = {"cafes",       "\"café the\"", "closed", "afe",
					     "cafe closed", "x*",           "-open",  "the -café"};

	(void)state;
	(void)post(&bob, ops.general_id, "The Café is open, naïvely. İstanbul, Königstraße");
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
	static const char *const found_by[] = {"東京", "京タ",     "タワー", "東京タワー", "\"東京\"",
					       "見に", "한국",     "한국어", "สวัสดี",       "ไทย",
					       "が",   "か\u3099", "東*",    "日本 東京"};

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
	    "mail john.doe@example.com",
	    "see https://example.org/a/b?c=1",
	    "the foo-bar thing",
	    "call snake_case()",
	    "version 1.2.3",
	    "C++ is fun",
	    "C# too",
	    "deploy 🚀 done",
	    "100% sure & ready",
	    "a/b testing",
	};
	static const struct {
		const char *text;
		int64_t hits;
	} rows[] = {
	    {"john.doe@example.com", 1},
	    {"example.com", 1},
	    {"john.d*", 1},
	    {"https://example.org/a/b?c=1", 1},
	    {"example.org", 1},
	    {"foo-bar", 1},
	    {"foo-b*", 1},
	    {"snake_case", 1},
	    {"snake_case()", 1},
	    {"1.2.3", 1},
	    {"c++", 1},
	    {"c#", 1},
	    {"🚀", 1},
	    {"100%", 1},
	    {"sure & ready", 1},
	    {"a/b", 2},
	    {"foo-baz", 0},
	    {"john.smith@example.com", 0},
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
	    "\"",
	    "\"\"",
	    "*",
	    "-",
	    "--",
	    "(",
	    ")",
	    "AND",
	    "OR",
	    "NOT",
	    "NEAR",
	    "a AND",
	    "NOT a",
	    "a OR OR b",
	    "\"a",
	    "a\"",
	    "a\"b",
	    "^a",
	    "a^b",
	    "{text}:a",
	    "text:a",
	    "tags:tagg1",
	    "{tags}:\"tagg1\"",
	    "rank:1",
	    "a + b",
	    "+",
	    "++",
	    "#",
	    "''",
	    "';--",
	    "\\",
	    "\\\"",
	    "%",
	    "_",
	    "!!!",
	    "...",
	    "🙂",
	    "\u200b",
	    "\u00ad",
	    "\u0301",
	    "-\"",
	    "-*",
	    "*-",
	    "\"*\"",
	    "\"a\"*",
	    "\"\"*",
	    "a**",
	    "-from:",
	    "from:\"",
	    "in:\"",
	    "has:\"file",
	    "before:",
	    "before:\"",
	    "on:0",
	    "a:b:c",
	    ":",
	    "::",
	    "NEAR(a b)",
	    "NEAR(\"a\" \"b\", 1)",
	    "a NOT b",
	    "\ue000",
	    "\uf6ff",
	    "日本*",
	    "-日本",
	    "\"日 本\"",
	    "a\tb\nc",
	    "is:",
	    "mentions:",
	    "tagprivate",
	    "taghfile",
	    "a-",
	    "-a-",
	    "a.b.*",
	    "\u3000",
	    "“",
	    "x”*",
	    "<@1>*",
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
		  json_pack("{s:I, s:s, s:b}", "guild_id", (json_int_t)ops.guild_id, "name", name, "private", 1),
		  ERR_OK);
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

/* Thousands of hits that somebody may not read do not hide the one that they may. */
static void what_others_may_read_hides_nothing(void **state)
{
	int64_t secret_id = private_channel("secret");

	(void)state;
	ops.is_quick = true;
	(void)post(&bob, ops.general_id, "needle");
	for (int i = 0; i < SEARCH_UNREADABLE_MAX + 10; i++)
		(void)post(&ops.ada, secret_id, "needle hay");
	assert_hits(&bob, "needle", 1);
	assert_true(found.is_total_exact);
	assert_hits(&bob, "hay", 0);
	assert_true(found.is_total_exact);
	assert_hits(&bob, "needle from:bob", 1);
	assert_hits(&bob, "from:ada", 0);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(words_are_found_in_any_case_with_any_accent),
	    TEST(scripts_without_spaces_are_found_by_their_parts),
	    TEST(what_people_type_is_found_as_they_type_it),
	    TEST(no_text_is_an_error),
	    TEST(tags_are_no_words),
	    TEST(filters_narrow_what_is_found),
	    TEST(names_that_nobody_has_find_nothing_and_say_so),
	    TEST(nobody_finds_what_they_may_not_read),
	    TEST(what_others_may_read_hides_nothing),
	    TEST(history_that_may_not_be_read_is_not_searched),
	    TEST(strangers_search_nothing),
	    TEST(direct_messages_are_a_scope_of_their_own),
	    TEST(pages_follow_each_other_without_gap),
	    TEST(what_is_found_is_counted_to_a_thousand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
