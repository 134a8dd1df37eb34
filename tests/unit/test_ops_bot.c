/* Bots: who makes them, who may hold their tokens, what they may not do, and what stays of them. */
#include "domain/bot/bot.h"
#include "domain/perm.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;
static struct person bob; /* a member who may do nothing special */

static int open_with_bob(void **state)
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

static json_t *bot_named(const char *username)
{
	return json_pack("{s:I, s:s, s:s}", "guild_id", (json_int_t)ops.guild_id, "username", username, "digest",
			 ops_digest(&ops));
}

static json_t *bot_at(int64_t bot_id)
{
	return json_pack("{s:I, s:I, s:s}", "guild_id", (json_int_t)ops.guild_id, "user_id", (json_int_t)bot_id,
			 "digest", ops_digest(&ops));
}

static int64_t session_of(int64_t bot_id)
{
	return ops_int(&ops, "SELECT id FROM sessions WHERE user_id = %lld AND kind = 'bot' AND ended_at_ms IS NULL",
		       (long long)bot_id);
}

/* The bot as somebody who sends ops. */
static struct person made_by(const struct person *who, const char *username)
{
	assert_op(&ops, who, "bot_create", bot_named(username), ERR_OK);
	int64_t id = ops_result_id(&ops, "user", "id");
	return (struct person){id, session_of(id), OP_ROLE_API};
}

static json_t *message(void)
{
	return json_pack("{s:I, s:s}", "channel_id", (json_int_t)ops.general_id, "content", "beep");
}

static void a_bot_is_a_member_that_posts(void **state)
{
	(void)state;
	struct person bot = made_by(&ops.ada, "Deploy");
	assert_string_equal(ops_text(&ops, "SELECT username FROM users WHERE id = %lld", (long long)bot.id), "deploy");
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM members WHERE user_id = %lld", (long long)bot.id), 1);
	assert_int_equal(
	    ops_int(&ops, "SELECT count(*) FROM audit_log WHERE action = 28 AND target_id = %lld", (long long)bot.id),
	    1);
	assert_op(&ops, &bot, "message_create", message(), ERR_OK);
	assert_true(
	    json_is_true(json_object_get(json_object_get(json_object_get(ops.result, "message"), "author"), "bot")));
}

static void only_who_manages_the_workspace_makes_bots(void **state)
{
	(void)state;
	assert_op(&ops, &bob, "bot_create", bot_named("mine"), ERR_MISSING_PERMISSIONS);
	ops_grant(&ops, &bob, PERM_MANAGE_GUILD);
	assert_op(&ops, &bob, "bot_create", bot_named("mine"), ERR_OK);
	ops_sql(&ops, "DELETE FROM members WHERE user_id = %lld", (long long)bob.id);
	assert_op(&ops, &bob, "bot_create", bot_named("other"), ERR_UNKNOWN_GUILD);
	assert_op(&ops, NULL, "bot_create", bot_named("other"), ERR_UNAUTHORIZED);
}

static void its_name_is_a_user_name_like_any_other(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "bot_create", bot_named("bob"), ERR_NAME_TAKEN);
	assert_op(&ops, &ops.ada, "bot_create", bot_named("no blanks"), ERR_INVALID_FORM);
	assert_op(&ops, &ops.ada, "bot_create", bot_named("deleted_user_5"), ERR_INVALID_FORM);
	assert_op(&ops, &ops.ada, "bot_create", bot_named("everyone"), ERR_INVALID_FORM);
}

static void a_new_token_ends_the_one_before(void **state)
{
	(void)state;
	struct person bot = made_by(&ops.ada, "deploy");
	assert_op(&ops, &ops.ada, "bot_renew", bot_at(bot.id), ERR_OK);
	assert_op(&ops, &bot, "message_create", message(), ERR_UNAUTHORIZED);
	bot.session_id = session_of(bot.id);
	assert_op(&ops, &bot, "message_create", message(), ERR_OK);
}

/* The bot may have been let in where the person who asks is not. */
static void a_token_is_for_who_answers_for_the_bot_and_for_administrators(void **state)
{
	struct person carol = ops_join(&ops, "carol");
	(void)state;
	ops_grant(&ops, &bob, PERM_MANAGE_GUILD);
	ops_grant(&ops, &carol, PERM_MANAGE_GUILD);
	struct person bot = made_by(&bob, "deploy");
	assert_op(&ops, &carol, "bot_renew", bot_at(bot.id), ERR_MISSING_PERMISSIONS);
	assert_op(&ops, &bob, "bot_renew", bot_at(bot.id), ERR_OK);
	assert_op(&ops, &ops.ada, "bot_renew", bot_at(bot.id), ERR_OK);
	ops_grant(&ops, &carol, PERM_ADMINISTRATOR);
	assert_op(&ops, &carol, "bot_renew", bot_at(bot.id), ERR_OK);
}

static void who_no_longer_manages_has_no_hold_on_the_bot(void **state)
{
	(void)state;
	ops_grant(&ops, &bob, PERM_MANAGE_GUILD);
	struct person bot = made_by(&bob, "deploy");
	ops_sql(&ops, "DELETE FROM member_roles WHERE user_id = %lld", (long long)bob.id);
	assert_op(&ops, &bob, "bot_renew", bot_at(bot.id), ERR_MISSING_PERMISSIONS);
	assert_op(&ops, &bob, "bot_delete", bot_at(bot.id), ERR_MISSING_PERMISSIONS);
}

/* Who made a bot has its token: else a ban would leave them reading along. */
static void a_bot_stops_when_its_maker_is_out_of_the_workspace(void **state)
{
	static const char *const ends[] = {"member_kick", "guild_leave"};

	(void)state;
	struct person other = made_by(&ops.ada, "other");
	ops_grant(&ops, &bob, PERM_MANAGE_GUILD);
	struct person bot = made_by(&bob, "robo");
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		assert_op(&ops, &bot, "message_create", message(), ERR_OK);
		assert_op(&ops, i == 0 ? &ops.ada : &bob, ends[i],
			  json_pack("{s:I, s:I}", "guild_id", (json_int_t)ops.guild_id, "user_id", (json_int_t)bob.id),
			  ERR_OK);
		assert_op(&ops, &bot, "message_create", message(), ERR_UNAUTHORIZED);
		assert_op(&ops, &other, "message_create", message(), ERR_OK);
		/* It is still a member: whoever may renew its token sets it going again. */
		assert_op(&ops, &ops.ada, "bot_renew", bot_at(bot.id), ERR_OK);
		bot.session_id = session_of(bot.id);
		assert_op(&ops, &bob, "invite_accept", json_pack("{s:s}", "code", ops_invite(&ops, &ops.ada, 1)), ERR_OK);
	}
}

static void nobody_else_is_a_bot_of_the_workspace(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "bot_renew", bot_at(bob.id), ERR_UNKNOWN_USER);
	assert_op(&ops, &ops.ada, "bot_delete", bot_at(bob.id), ERR_UNKNOWN_USER);
	assert_op(&ops, &ops.ada, "bot_delete", bot_at(424242), ERR_UNKNOWN_USER);
	assert_op(&ops, &ops.ada, "guild_create", json_pack("{s:s}", "name", "Elsewhere"), ERR_OK);
	int64_t elsewhere = ops_result_id(&ops, NULL, "guild_id");
	struct person bot = made_by(&ops.ada, "deploy");
	json_t *in = bot_at(bot.id);
	assert_int_equal(json_object_set_new(in, "guild_id", json_integer(elsewhere)), 0);
	assert_op(&ops, &ops.ada, "bot_delete", in, ERR_UNKNOWN_USER);
}

static void what_a_removed_bot_wrote_stays_under_its_name(void **state)
{
	(void)state;
	struct person bot = made_by(&ops.ada, "deploy");
	int64_t message_id = ops_message(&ops, &bot, ops.general_id, "done");
	assert_op(&ops, &ops.ada, "bot_delete", bot_at(bot.id), ERR_OK);
	assert_op(&ops, &bot, "message_create", message(), ERR_UNAUTHORIZED);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM members WHERE user_id = %lld", (long long)bot.id), 0);
	assert_string_equal(ops_text(&ops, "SELECT content FROM messages WHERE id = %lld", (long long)message_id),
			    "done");
	assert_string_equal(ops_text(&ops, "SELECT display_name FROM users WHERE id = %lld", (long long)bot.id),
			    "deploy");
	assert_op(&ops, &ops.ada, "bot_delete", bot_at(bot.id), ERR_UNKNOWN_USER);
	assert_op(&ops, &ops.ada, "bot_create", bot_named("deploy"), ERR_OK);
}

static void a_kicked_bot_comes_back_with_its_new_token_and_a_banned_one_does_not(void **state)
{
	(void)state;
	struct person bot = made_by(&ops.ada, "deploy");
	ops_sql(&ops, "DELETE FROM members WHERE user_id = %lld", (long long)bot.id);
	assert_op(&ops, &ops.ada, "bot_renew", bot_at(bot.id), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM members WHERE user_id = %lld", (long long)bot.id), 1);
	ops_sql(&ops, "DELETE FROM members WHERE user_id = %lld", (long long)bot.id);
	ops_sql(&ops, "INSERT INTO bans (guild_id, user_id, created_at_ms) VALUES (%lld, %lld, 0)",
		(long long)ops.guild_id, (long long)bot.id);
	assert_op(&ops, &ops.ada, "bot_renew", bot_at(bot.id), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM members WHERE user_id = %lld", (long long)bot.id), 0);
	assert_op(&ops, &ops.ada, "bot_delete", bot_at(bot.id), ERR_OK);
}

static void a_bot_does_nothing_that_is_for_people(void **state)
{
	(void)state;
	struct person bot = made_by(&ops.ada, "deploy");
	const char *code = ops_invite(&ops, &ops.ada, 5);
	assert_op(&ops, &bot, "invite_accept", json_pack("{s:s}", "code", code), ERR_BOT_FORBIDDEN);
	assert_op(&ops, &bot, "token_create", json_pack("{s:s, s:s}", "name", "x", "digest", ops_digest(&ops)),
		  ERR_BOT_FORBIDDEN);
	assert_op(&ops, &bot, "block_create", json_pack("{s:I}", "user_id", (json_int_t)bob.id), ERR_BOT_FORBIDDEN);
	ops_grant(&ops, &bot, PERM_ADMINISTRATOR);
	assert_op(&ops, &bot, "bot_create", bot_named("child"), ERR_BOT_FORBIDDEN);
	assert_op(&ops, &bot, "bot_renew", bot_at(bot.id), ERR_BOT_FORBIDDEN);
	assert_op(&ops, &bot, "guild_create", json_pack("{s:s}", "name", "Mine"), ERR_BOT_FORBIDDEN);
	/* Its own name and picture it may change, as in Discord. */
	assert_op(&ops, &bot, "user_update", json_pack("{s:s}", "display_name", "Deploy bot"), ERR_OK);
}

static void a_workspace_has_only_so_many(void **state)
{
	(void)state;
	ops_sql(&ops,
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
		"INSERT INTO users (id, username, is_bot, bot_guild_id) SELECT 1000 + i, 'b' || i, 1, %lld FROM n",
		BOTS_MAX, (long long)ops.guild_id);
	assert_op(&ops, &ops.ada, "bot_create", bot_named("late"), ERR_TOO_MANY);
}

int main(void)
{
#define IN_WORKSPACE(name) cmocka_unit_test_setup_teardown(name, open_with_bob, close_database)
	const struct CMUnitTest tests[] = {
	    IN_WORKSPACE(a_bot_is_a_member_that_posts),
	    IN_WORKSPACE(only_who_manages_the_workspace_makes_bots),
	    IN_WORKSPACE(its_name_is_a_user_name_like_any_other),
	    IN_WORKSPACE(a_new_token_ends_the_one_before),
	    IN_WORKSPACE(a_token_is_for_who_answers_for_the_bot_and_for_administrators),
	    IN_WORKSPACE(who_no_longer_manages_has_no_hold_on_the_bot),
	    IN_WORKSPACE(a_bot_stops_when_its_maker_is_out_of_the_workspace),
	    IN_WORKSPACE(nobody_else_is_a_bot_of_the_workspace),
	    IN_WORKSPACE(what_a_removed_bot_wrote_stays_under_its_name),
	    IN_WORKSPACE(a_kicked_bot_comes_back_with_its_new_token_and_a_banned_one_does_not),
	    IN_WORKSPACE(a_bot_does_nothing_that_is_for_people),
	    IN_WORKSPACE(a_workspace_has_only_so_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
