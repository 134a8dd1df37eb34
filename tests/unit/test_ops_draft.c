/* Drafts: one text a person and channel, which of two writers is told of the other, and what takes one away. */
#include "base/clock.h"
#include "base/ensure.h"
#include "domain/draft/draft.h"
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

static json_t *input(int64_t channel_id, const char *content)
{
	return json_pack("{s:I, s:s}", "channel_id", (json_int_t)channel_id, "content", content);
}

static json_t *with_revision(json_t *in, int64_t revision)
{
	ensure(json_object_set_new(in, "revision", revision != 0 ? json_integer(revision) : json_null()) == 0);
	return in;
}

static json_t *with_nonce(json_t *in, const char *nonce)
{
	ensure(json_object_set_new(in, "nonce", json_string(nonce)) == 0);
	return in;
}

/* Returns its revision; 0 where that leaves none. */
static int64_t save(const struct person *who, const char *content)
{
	ensure(ops_run(&ops, who, "draft_set", input(ops.general_id, content)) == ERR_OK);
	return json_is_null(json_object_get(json_object_get(ops.result, "draft"), "revision"))
		   ? 0
		   : ops_result_id(&ops, "draft", "revision");
}

static const char *kept(const struct person *who)
{
	return ops_text(&ops,
			"SELECT coalesce((SELECT content FROM drafts WHERE user_id = %lld AND channel_id = %lld), '-')",
			(long long)who->id, (long long)ops.general_id);
}

static int64_t told(void)
{
	return ops_int(&ops, "SELECT count(*) FROM events WHERE type = 'DRAFT_UPDATE'");
}

static void a_draft_is_one_text_a_channel_that_is_replaced_and_told_to_its_writer_alone(void **state)
{
	(void)state;
	int64_t first = save(&bob, " hel\n"), second = save(&bob, " hello ");
	assert_true(second > first);
	assert_string_equal(kept(&bob), " hello ");
	assert_string_equal(kept(&ops.ada), "-");
	assert_int_equal(told(), 2);
	assert_int_equal(
	    ops_int(&ops,
		    "SELECT count(*) FROM events WHERE type = 'DRAFT_UPDATE' AND user_id = %lld AND channel_id = "
		    "%lld AND payload NOT LIKE '%%hel%%'",
		    (long long)bob.id, (long long)ops.general_id),
	    2);
	assert_int_equal(ops_int(&ops, "SELECT max(seq) FROM events"), second);
	assert_int_equal(save(&bob, " hello "), second);
	assert_int_equal(told(), 2);
}

static void what_could_not_be_sent_is_no_draft(void **state)
{
	(void)state;
	static const char *const blanks[] = {"", " ", "\n\t\n", "\xc2\xa0\xe2\x80\x83"};
	assert_int_equal(save(&bob, ""), 0);
	assert_int_equal(told(), 0);
	for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
		assert_true(save(&bob, "words") > 0);
		assert_int_equal(save(&bob, blanks[i]), 0);
		assert_string_equal(kept(&bob), "-");
	}
}

static void its_length_is_that_of_messages_and_counts_what_they_do_not(void **state)
{
	(void)state;
	const char *most = ops_repeat(&ops, "\xf0\x9f\x98\x80", DRAFT_CONTENT_MAX);
	assert_true(save(&bob, most) > 0);
	assert_op(&ops, &bob, "draft_set", input(ops.general_id, ops_repeat(&ops, "x", DRAFT_CONTENT_MAX + 1)),
		  ERR_INVALID_FORM);
	const char *why;
	assert_int_equal(config_set(&ops.config, CONFIG_MESSAGE_MAX_CHARS, "10", &why), ERR_OK);
	assert_op(&ops, &bob, "draft_set", input(ops.general_id, "eleven     "), ERR_INVALID_FORM);
	assert_string_equal(ops_complaint(&ops, "content"), "BASE_TYPE_MAX_LENGTH");
	assert_true(save(&bob, "ten       ") > 0);
	assert_op(&ops, &bob, "draft_set", with_nonce(input(ops.general_id, "x"), "12345678901234567890123456"),
		  ERR_INVALID_FORM);
	assert_op(&ops, &bob, "draft_set", json_pack("{s:I}", "channel_id", (json_int_t)ops.general_id),
		  ERR_INVALID_FORM);
}

static void a_person_has_so_many_and_no_more_but_may_change_those(void **state)
{
	(void)state;
	const char *why;
	assert_int_equal(config_set(&ops.config, CONFIG_DRAFTS_MAX, "1", &why), ERR_OK);
	int64_t other = ops_channel(&ops, &ops.ada, "other");
	assert_true(save(&bob, "one") > 0);
	assert_op(&ops, &bob, "draft_set", input(other, "two"), ERR_TOO_MANY_DRAFTS);
	assert_true(save(&bob, "one more") > 0);
	assert_true(save(&ops.ada, "another's") > 0);
	assert_int_equal(save(&bob, ""), 0);
	assert_op(&ops, &bob, "draft_set", input(other, "two"), ERR_OK);
}

static void who_saw_another_state_is_told_and_changes_nothing(void **state)
{
	(void)state;
	assert_op(&ops, &bob, "draft_set", with_revision(input(ops.general_id, "first"), 0), ERR_OK);
	int64_t first = ops_result_id(&ops, "draft", "revision");
	assert_op(&ops, &bob, "draft_set", with_revision(input(ops.general_id, "second"), 0), ERR_DRAFT_CHANGED);
	assert_op(&ops, &bob, "draft_set", with_revision(input(ops.general_id, "second"), first), ERR_OK);
	int64_t second = ops_result_id(&ops, "draft", "revision");
	assert_op(&ops, &bob, "draft_set", with_revision(input(ops.general_id, "third"), first), ERR_DRAFT_CHANGED);
	assert_op(&ops, &bob, "draft_set", with_revision(input(ops.general_id, ""), first), ERR_DRAFT_CHANGED);
	assert_string_equal(kept(&bob), "second");
	/* Both wrote the same: a save whose answer was lost is repeated. */
	assert_op(&ops, &bob, "draft_set", with_revision(input(ops.general_id, "second"), first), ERR_OK);
	assert_int_equal(ops_result_id(&ops, "draft", "revision"), second);
	assert_op(&ops, &bob, "draft_set", with_revision(input(ops.general_id, ""), second), ERR_OK);
	assert_op(&ops, &bob, "draft_set", with_revision(input(ops.general_id, "late"), second), ERR_DRAFT_CHANGED);
	assert_op(&ops, &bob, "draft_set", with_revision(input(ops.general_id, ""), second), ERR_OK);
	assert_string_equal(kept(&bob), "-");
}

/* Revisions are seqs: what is written after a draft was taken away has one that nobody saw before. */
static void a_revision_never_comes_twice(void **state)
{
	(void)state;
	int64_t first = save(&bob, "a");
	(void)save(&bob, "");
	int64_t second = save(&bob, "a");
	assert_true(second > first + 1);
}

static json_t *message(const char *content, const char *nonce)
{
	json_t *in = json_pack("{s:I, s:s}", "channel_id", (json_int_t)ops.general_id, "content", content);
	if (nonce != NULL)
		ensure(json_object_set_new(in, "nonce", json_string(nonce)) == 0);
	return in;
}

static json_t *of_draft(json_t *in, int64_t revision, const char *nonce)
{
	if (revision != 0)
		ensure(json_object_set_new(in, "draft_revision", json_integer(revision)) == 0);
	if (nonce != NULL)
		ensure(json_object_set_new(in, "draft_nonce", json_string(nonce)) == 0);
	return in;
}

static void a_message_takes_the_draft_that_it_was(void **state)
{
	(void)state;
	int64_t revision = save(&bob, "hello");
	assert_true(save(&ops.ada, "hers") > 0);
	assert_op(&ops, &bob, "message_create", of_draft(message("hello", NULL), revision, NULL), ERR_OK);
	assert_string_equal(kept(&bob), "-");
	assert_string_equal(kept(&ops.ada), "hers");
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM events WHERE type = 'DRAFT_UPDATE' AND payload LIKE "
				       "'%%\"is_deleted\":true%%'"),
			 1);
	assert_op(&ops, &bob, "draft_set", with_nonce(input(ops.general_id, "again"), "page"), ERR_OK);
	assert_op(&ops, &bob, "message_create", of_draft(message("again", NULL), revision, "page"), ERR_OK);
	assert_string_equal(kept(&bob), "-");
}

static void a_message_leaves_every_other_draft(void **state)
{
	(void)state;
	int64_t seen = save(&bob, "hello");
	assert_op(&ops, &bob, "draft_set", with_nonce(input(ops.general_id, "hello, from the phone"), "phone"), ERR_OK);
	assert_op(&ops, &bob, "message_create", message("by a script", NULL), ERR_OK);
	assert_op(&ops, &bob, "message_create", of_draft(message("hello", NULL), seen, "desk"), ERR_OK);
	assert_op(&ops, &ops.ada, "message_create", of_draft(message("hers", NULL), 0, "phone"), ERR_OK);
	assert_string_equal(kept(&bob), "hello, from the phone");
	/* Whoever wrote last without a name for it did not write for the page that had one. */
	(void)save(&bob, "hello, by a script");
	assert_op(&ops, &bob, "message_create", of_draft(message("hello", NULL), seen, "phone"), ERR_OK);
	assert_string_equal(kept(&bob), "hello, by a script");
}

static void a_message_that_is_refused_leaves_its_draft(void **state)
{
	(void)state;
	int64_t revision = save(&bob, "hello");
	assert_op(&ops, &bob, "message_create", of_draft(message("", NULL), revision, NULL), ERR_EMPTY_MESSAGE);
	ops_sql(&ops, "UPDATE members SET timeout_until_ms = 99999999999999 WHERE user_id = %lld", (long long)bob.id);
	assert_op(&ops, &bob, "message_create", of_draft(message("hello", NULL), revision, NULL),
		  ERR_MISSING_PERMISSIONS);
	assert_string_equal(kept(&bob), "hello");
	/* Who may not write at the moment may go on preparing what they will say. */
	assert_true(save(&bob, "hello all") > 0);
}

/* The first try took the draft; what was begun since is another, even where its writer's page calls it by the same
 * name. */
static void a_message_that_is_repeated_takes_nothing(void **state)
{
	(void)state;
	assert_op(&ops, &bob, "draft_set", with_nonce(input(ops.general_id, "hello"), "page"), ERR_OK);
	int64_t revision = ops_result_id(&ops, "draft", "revision");
	assert_op(&ops, &bob, "message_create", of_draft(message("hello", "n1"), revision, "page"), ERR_OK);
	assert_op(&ops, &bob, "draft_set", with_nonce(input(ops.general_id, "next"), "page"), ERR_OK);
	assert_op(&ops, &bob, "message_create", of_draft(message("hello", "n1"), revision, "page"), ERR_OK);
	assert_string_equal(kept(&bob), "next");
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages WHERE content = 'hello'"), 1);
}

static void what_is_to_be_sent_later_takes_its_draft_too(void **state)
{
	(void)state;
	int64_t revision = save(&bob, "tomorrow");
	json_t *in = input(ops.general_id, "tomorrow");
	ensure(json_object_set_new(in, "send_at", json_string("2001-01-01T00:00:00Z")) == 0);
	assert_op(&ops, &bob, "scheduled_create", of_draft(in, revision, NULL), ERR_INVALID_FORM);
	assert_string_equal(kept(&bob), "tomorrow");
	in = input(ops.general_id, "tomorrow");
	char at[CLOCK_ISO8601_SIZE];
	clock_iso8601(clock_now_ms() + 3600000, at);
	ensure(json_object_set_new(in, "send_at", json_string(at)) == 0);
	assert_op(&ops, &bob, "scheduled_create", of_draft(in, revision, NULL), ERR_OK);
	assert_string_equal(kept(&bob), "-");
}

static json_t *only(int64_t channel_id)
{
	return json_pack("{s:I}", "channel_id", (json_int_t)channel_id);
}

static void keep_house(void)
{
	bool is_done = false;
	while (!is_done)
		ensure(house_keep(&ops.engine, 100000, &is_done) == ERR_OK);
}

static void where_one_may_not_look_nothing_is_written_and_what_was_is_kept(void **state)
{
	(void)state;
	int64_t room = ops_channel(&ops, &ops.ada, "room");
	assert_op(&ops, &bob, "draft_set", input(room, "kept"), ERR_OK);
	ops_sql(&ops,
		"INSERT INTO overwrites (channel_id, target_id, target, allow, deny) VALUES (%lld, %lld, 0, 0, 1024)",
		(long long)room, (long long)ops.guild_id);
	assert_op(&ops, &bob, "draft_set", input(room, "more"), ERR_UNKNOWN_CHANNEL);
	assert_op(&ops, &bob, "draft_set", input(room, ""), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM drafts WHERE content = 'kept'"), 1);
	assert_op(&ops, &ops.ada, "draft_delete", only(room), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM drafts WHERE content = 'kept'"), 1);
	assert_op(&ops, &bob, "draft_delete", only(room), ERR_OK);
	assert_op(&ops, &bob, "draft_delete", only(room), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM drafts"), 0);
	assert_op(&ops, &bob, "draft_delete", only(1), ERR_OK);
}

static void categories_and_bots_have_none(void **state)
{
	(void)state;
	ops_sql(&ops, "UPDATE channels SET type = 4 WHERE id = %lld", (long long)ops.general_id);
	assert_op(&ops, &bob, "draft_set", input(ops.general_id, "x"), ERR_CHANNEL_TYPE);
	ops_sql(&ops, "UPDATE channels SET type = 0 WHERE id = %lld", (long long)ops.general_id);
	ops_sql(&ops, "UPDATE users SET is_bot = 1 WHERE id = %lld", (long long)bob.id);
	assert_op(&ops, &bob, "draft_set", input(ops.general_id, "x"), ERR_BOT_FORBIDDEN);
}

static void they_go_with_their_channel(void **state)
{
	(void)state;
	int64_t room = ops_channel(&ops, &ops.ada, "room");
	assert_op(&ops, &bob, "draft_set", input(room, "in a room"), ERR_OK);
	assert_true(save(&bob, "elsewhere") > 0);
	assert_op(&ops, &ops.ada, "channel_delete", only(room), ERR_OK);
	keep_house();
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM drafts"), 1);
	assert_string_equal(kept(&bob), "elsewhere");
}

static void they_go_with_the_workspace(void **state)
{
	(void)state;
	assert_true(save(&bob, "bob's") > 0);
	assert_true(save(&ops.ada, "ada's") > 0);
	ops_sql(&ops, "UPDATE guilds SET name = 'W' WHERE id = %lld", (long long)ops.guild_id);
	assert_op(&ops, &ops.ada, "guild_delete",
		  json_pack("{s:I, s:s}", "guild_id", (json_int_t)ops.guild_id, "name", "W"), ERR_OK);
	keep_house();
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM drafts"), 0);
}

static void they_go_with_the_account(void **state)
{
	(void)state;
	assert_true(save(&bob, "bob's") > 0);
	assert_true(save(&ops.ada, "ada's") > 0);
	struct person line = {.role = OP_ROLE_CLI};
	assert_op(&ops, &line, "user_remove", json_pack("{s:I}", "user_id", (json_int_t)bob.id), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM drafts"), 1);
	assert_string_equal(kept(&ops.ada), "ada's");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_set_up, close_database)
	const struct CMUnitTest tests[] = {
	    TEST(a_draft_is_one_text_a_channel_that_is_replaced_and_told_to_its_writer_alone),
	    TEST(what_could_not_be_sent_is_no_draft),
	    TEST(its_length_is_that_of_messages_and_counts_what_they_do_not),
	    TEST(a_person_has_so_many_and_no_more_but_may_change_those),
	    TEST(who_saw_another_state_is_told_and_changes_nothing),
	    TEST(a_revision_never_comes_twice),
	    TEST(a_message_takes_the_draft_that_it_was),
	    TEST(a_message_leaves_every_other_draft),
	    TEST(a_message_that_is_refused_leaves_its_draft),
	    TEST(a_message_that_is_repeated_takes_nothing),
	    TEST(what_is_to_be_sent_later_takes_its_draft_too),
	    TEST(where_one_may_not_look_nothing_is_written_and_what_was_is_kept),
	    TEST(categories_and_bots_have_none),
	    TEST(they_go_with_their_channel),
	    TEST(they_go_with_the_workspace),
	    TEST(they_go_with_the_account),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
