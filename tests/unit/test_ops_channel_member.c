/* Who is in a channel of a workspace: joining, adding, removing, leading, banning, and what somebody wants to hear. */
#include "base/ensure.h"
#include "domain/channel/channel.h"
#include "domain/channel/channel_member.h"
#include "domain/perm.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;
static struct person bob, eve, kim;
static int64_t open_id, closed_id; /* a public and a private channel that bob made */

static int64_t make(const struct person *who, const char *name, bool is_private)
{
	ensure(ops_run(&ops, who, "channel_create",
		       json_pack("{s:I, s:s, s:b}", "guild_id", (json_int_t)ops.guild_id, "name", name, "private",
				 (int)is_private)) == ERR_OK);
	return ops_result_id(&ops, "channel", "id");
}

/* Bob may make channels, and owns what he made; he may do nothing else beyond what everybody may. */
static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	bob = ops_join(&ops, "bob");
	eve = ops_join(&ops, "eve");
	kim = ops_join(&ops, "kim");
	ops_grant(&ops, &bob, PERM_MANAGE_CHANNELS);
	open_id = make(&bob, "open", false);
	closed_id = make(&bob, "closed", true);
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static enum err about(const struct person *who, const char *op, int64_t channel_id, const struct person *whom)
{
	return ops_run(&ops, who, op,
		       json_pack("{s:I, s:I}", "channel_id", (json_int_t)channel_id, "user_id", (json_int_t)whom->id));
}

static enum err add(const struct person *who, int64_t channel_id, const struct person *whom)
{
	return about(who, "channel_member_add", channel_id, whom);
}

static enum err take_out(const struct person *who, int64_t channel_id, const struct person *whom)
{
	return about(who, "channel_member_remove", channel_id, whom);
}

static enum err make_lead(const struct person *who, int64_t channel_id, const struct person *whom, const char *role)
{
	return ops_run(&ops, who, "channel_member_role",
		       json_pack("{s:I, s:I, s:s}", "channel_id", (json_int_t)channel_id, "user_id",
				 (json_int_t)whom->id, "role", role));
}

static enum err leave(const struct person *who, int64_t channel_id)
{
	return ops_run(&ops, who, "channel_leave", json_pack("{s:I}", "channel_id", (json_int_t)channel_id));
}

static enum err join(const struct person *who, int64_t channel_id)
{
	return ops_run(&ops, who, "channel_join", json_pack("{s:I}", "channel_id", (json_int_t)channel_id));
}

static bool is_in(const struct person *who, int64_t channel_id)
{
	return ops_int(&ops, "SELECT count(*) FROM channel_members WHERE channel_id = %lld AND user_id = %lld",
		       (long long)channel_id, (long long)who->id) > 0;
}

static uint64_t bits_of(const struct person *who, int64_t channel_id)
{
	uint64_t bits;
	enum err err = perm_of_channel(ops.engine.db, &ops.arena, channel_id, who->id, &bits);

	ensure(err == ERR_OK || err == ERR_UNKNOWN_CHANNEL);
	return bits;
}

static int64_t owner_of(int64_t channel_id)
{
	return ops_int(&ops, "SELECT owner_id FROM channels WHERE id = %lld", (long long)channel_id);
}

static int told(const struct person *who, const char *type, int64_t after)
{
	int count, found = 0;
	const struct event *events = ops_events(&ops, after, &count);

	for (int i = 0; i < count; i++)
		found += strcmp(events[i].type, type) == 0 && (who == NULL || events[i].user_id == who->id);
	return found;
}

static void newcomers_land_in_the_default_channels_and_nowhere_else(void **state)
{
	(void)state;
	assert_true(is_in(&bob, ops.general_id) && is_in(&ops.ada, ops.general_id));
	assert_false(is_in(&eve, open_id));
	assert_op(&ops, &ops.ada, "channel_update",
		  json_pack("{s:I, s:b}", "channel_id", (json_int_t)open_id, "default", 1), ERR_OK);
	assert_op(&ops, &ops.ada, "channel_update",
		  json_pack("{s:I, s:b}", "channel_id", (json_int_t)closed_id, "default", 1), ERR_OK);
	struct person lou = ops_join(&ops, "lou");
	assert_true(is_in(&lou, open_id) && is_in(&lou, ops.general_id));
	assert_false(is_in(&lou, closed_id));
	assert_int_equal(bits_of(&lou, closed_id), 0);
}

static void who_owns_one_channel_does_not_make_it_everybodys(void **state)
{
	(void)state;
	ops_sql(&ops, "DELETE FROM member_roles");
	assert_true(perm_has(bits_of(&bob, open_id), PERM_MANAGE_CHANNELS));
	assert_op(&ops, &bob, "channel_update",
		  json_pack("{s:I, s:b}", "channel_id", (json_int_t)open_id, "default", 1), ERR_MISSING_PERMISSIONS);
}

static void a_public_channel_starts_with_its_creator_alone(void **state)
{
	(void)state;
	assert_op(&ops, &bob, "channel_create",
		  json_pack("{s:I, s:s, s:[I]}", "guild_id", (json_int_t)ops.guild_id, "name", "more", "members",
			    (json_int_t)eve.id),
		  ERR_OK);
	int64_t id = ops_result_id(&ops, "channel", "id");
	assert_true(is_in(&bob, id));
	assert_false(is_in(&eve, id));
	assert_int_equal(owner_of(id), bob.id);
}

static void a_private_channel_starts_with_those_who_are_named(void **state)
{
	(void)state;
	assert_op(&ops, &bob, "channel_create",
		  json_pack("{s:I, s:s, s:b, s:[I, I, I]}", "guild_id", (json_int_t)ops.guild_id, "name", "few",
			    "private", 1, "members", (json_int_t)eve.id, (json_int_t)eve.id, (json_int_t)bob.id),
		  ERR_OK);
	int64_t id = ops_result_id(&ops, "channel", "id");
	assert_true(json_is_true(json_object_get(json_object_get(ops.result, "channel"), "private")));
	assert_true(is_in(&bob, id) && is_in(&eve, id));
	assert_true(bits_of(&eve, id) != 0);
	assert_int_equal(bits_of(&kim, id), 0);
	assert_op(&ops, &bob, "channel_create",
		  json_pack("{s:I, s:s, s:b, s:[I, i]}", "guild_id", (json_int_t)ops.guild_id, "name", "fewer",
			    "private", 1, "members", (json_int_t)eve.id, 4711),
		  ERR_INVALID_FORM);
	assert_string_equal(ops_complaint(&ops, "members"), "UNKNOWN_MEMBER");
	/* Public and private channels share the names. */
	assert_op(&ops, &bob, "channel_create",
		  json_pack("{s:I, s:s}", "guild_id", (json_int_t)ops.guild_id, "name", "FEW"), ERR_CHANNEL_NAME_TAKEN);
}

static void anybody_joins_and_leaves_a_public_channel(void **state)
{
	int64_t before = ops.engine.last_seq;

	(void)state;
	assert_int_equal(join(&eve, open_id), ERR_OK);
	assert_true(is_in(&eve, open_id));
	assert_int_equal(join(&eve, open_id), ERR_OK);
	assert_int_equal(told(NULL, "CHANNEL_MEMBER_ADD", before), 1);
	assert_int_equal(leave(&eve, open_id), ERR_OK);
	assert_false(is_in(&eve, open_id));
	assert_int_equal(told(NULL, "CHANNEL_MEMBER_REMOVE", before), 1);
	assert_int_equal(told(&eve, "CHANNEL_DELETE", before), 0);
	assert_true(bits_of(&eve, open_id) != 0);
	assert_int_equal(leave(&eve, open_id), ERR_UNKNOWN_MEMBER);
	assert_int_equal(join(&eve, closed_id), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(leave(&eve, closed_id), ERR_UNKNOWN_CHANNEL);
}

static void writing_joins_people_and_no_bots(void **state)
{
	int64_t before = ops.engine.last_seq;

	(void)state;
	(void)ops_message(&ops, &eve, open_id, "here I am");
	(void)ops_message(&ops, &eve, open_id, "still here");
	assert_true(is_in(&eve, open_id));
	assert_int_equal(told(NULL, "CHANNEL_MEMBER_ADD", before), 1);
	ops_sql(&ops, "UPDATE users SET is_bot = 1 WHERE id = %lld", (long long)kim.id);
	(void)ops_message(&ops, &kim, open_id, "beep");
	assert_false(is_in(&kim, open_id));
}

static void being_added_lets_in_and_being_removed_shuts_out(void **state)
{
	int64_t before = ops.engine.last_seq;

	(void)state;
	assert_int_equal(add(&eve, closed_id, &eve), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(add(&bob, closed_id, &eve), ERR_OK);
	assert_true(is_in(&eve, closed_id) && perm_has(bits_of(&eve, closed_id), PERM_SEND_MESSAGES));
	assert_int_equal(told(&eve, "CHANNEL_CREATE", before), 1);
	/* Who is there is not added again. */
	int64_t seq = ops.engine.last_seq;
	assert_int_equal(add(&bob, closed_id, &eve), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
	/* Whoever may invite adds others; who may not, does not. */
	assert_int_equal(add(&eve, closed_id, &kim), ERR_OK);
	assert_int_equal(take_out(&eve, closed_id, &kim), ERR_MISSING_PERMISSIONS);
	assert_int_equal(take_out(&bob, closed_id, &kim), ERR_OK);
	ops_sql(&ops, "UPDATE roles SET permissions = permissions & ~1 WHERE id = %lld", (long long)ops.guild_id);
	assert_int_equal(add(&eve, closed_id, &kim), ERR_MISSING_PERMISSIONS);
	/* Whoever leads the channel still adds, and still lets no stranger into the workspace. */
	assert_int_equal(add(&bob, closed_id, &kim), ERR_OK);
	assert_op(&ops, &bob, "invite_create", json_pack("{s:I}", "channel_id", (json_int_t)closed_id),
		  ERR_MISSING_PERMISSIONS);
	assert_int_equal(take_out(&bob, closed_id, &kim), ERR_OK);
	assert_int_equal(take_out(&bob, closed_id, &eve), ERR_OK);
	assert_false(is_in(&eve, closed_id));
	assert_int_equal(bits_of(&eve, closed_id), 0);
	assert_int_equal(told(&eve, "CHANNEL_DELETE", before), 1);
	assert_int_equal(take_out(&bob, closed_id, &eve), ERR_UNKNOWN_MEMBER);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM overwrites WHERE channel_id = %lld AND target_id = %lld",
				 (long long)closed_id, (long long)eve.id),
			 0);
	assert_int_equal(ops_int(&ops,
				 "SELECT count(*) FROM audit_log WHERE action IN (1000, 1001) AND target_id = %lld",
				 (long long)eve.id),
			 2);
}

/* What the person is told who no longer sees the channel says nothing of it that they could not know. */
static void who_is_shut_out_is_not_told_what_the_channel_is_called_by_now(void **state)
{
	int count;

	(void)state;
	assert_int_equal(add(&bob, closed_id, &eve), ERR_OK);
	int64_t before = ops.engine.last_seq;
	assert_op(&ops, &bob, "channel_update",
		  json_pack("{s:I, s:s}", "channel_id", (json_int_t)closed_id, "name", "without eve"), ERR_OK);
	assert_int_equal(take_out(&bob, closed_id, &eve), ERR_OK);
	const struct event *events = ops_events(&ops, before, &count);
	for (int i = 0; i < count; i++) {
		if (events[i].user_id == eve.id && events[i].channel_id == 0)
			assert_null(strstr(events[i].payload, "without eve"));
	}
}

static void several_are_added_and_removed_together_or_not_at_all(void **state)
{
	(void)state;
	assert_int_equal(about(&bob, "channel_ban_create", closed_id, &kim), ERR_OK);
	int64_t seq = ops.engine.last_seq;
	assert_op(&ops, &bob, "channel_member_add",
		  json_pack("{s:I, s:[I, i, I, s]}", "channel_id", (json_int_t)closed_id, "users", (json_int_t)eve.id,
			    12345, (json_int_t)kim.id, "12345"),
		  ERR_INVALID_FORM);
	json_t *list = json_object_get(json_object_get(ops.errors, "users"), "_errors");
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(json_text(json_array_get(list, 0), "code"), "UNKNOWN_MEMBER");
	assert_string_equal(json_text(json_array_get(list, 1), "code"), "CHANNEL_BANNED");
	assert_false(is_in(&eve, closed_id));
	assert_int_equal(ops.engine.last_seq, seq);
	assert_op(&ops, &bob, "channel_member_add",
		  json_pack("{s:I, s:[I, I, I]}", "channel_id", (json_int_t)closed_id, "users", (json_int_t)eve.id,
			    (json_int_t)ops.ada.id, (json_int_t)eve.id),
		  ERR_OK);
	assert_true(is_in(&eve, closed_id) && is_in(&ops.ada, closed_id));
	/* The workspace's owner stands above the channel's. */
	assert_op(&ops, &bob, "channel_member_remove",
		  json_pack("{s:I, s:[I, I]}", "channel_id", (json_int_t)closed_id, "users", (json_int_t)eve.id,
			    (json_int_t)ops.ada.id),
		  ERR_INVALID_FORM);
	assert_string_equal(ops_complaint(&ops, "users"), "MISSING_PERMISSIONS");
	assert_true(is_in(&eve, closed_id));
	static const char *const bad[] = {"'users': []",     "'users': {}",   "'users': ['x']",
					  "'users': [null]", "'users': [-1]", "'other': 1"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_op(&ops, &bob, "channel_member_add",
			  ops_json("{'channel_id': '%lld', %s}", (long long)closed_id, bad[i]), ERR_INVALID_FORM);
}

static void the_last_one_of_a_private_channel_archives_it_before_leaving(void **state)
{
	(void)state;
	assert_int_equal(leave(&bob, closed_id), ERR_LAST_MEMBER);
	assert_int_equal(take_out(&bob, closed_id, &bob), ERR_LAST_MEMBER);
	assert_int_equal(add(&bob, closed_id, &eve), ERR_OK);
	assert_int_equal(leave(&bob, closed_id), ERR_OK);
	/* Who made it is gone, and eve leads it now. */
	assert_int_equal(owner_of(closed_id), eve.id);
	assert_true(perm_has(bits_of(&eve, closed_id), PERM_CHANNEL_OWNER));
	assert_int_equal(bits_of(&bob, closed_id), 0);
	assert_int_equal(leave(&eve, closed_id), ERR_LAST_MEMBER);
	assert_op(&ops, &eve, "channel_update",
		  json_pack("{s:I, s:b}", "channel_id", (json_int_t)closed_id, "archived", 1), ERR_OK);
	assert_int_equal(leave(&eve, closed_id), ERR_OK);
	assert_int_equal(bits_of(&eve, closed_id), 0);
}

static void a_bot_does_not_keep_a_private_channel_company(void **state)
{
	(void)state;
	ops_sql(&ops, "UPDATE users SET is_bot = 1 WHERE id = %lld", (long long)eve.id);
	assert_int_equal(add(&bob, closed_id, &eve), ERR_OK);
	assert_int_equal(leave(&bob, closed_id), ERR_LAST_MEMBER);
}

static void who_leads_stands_strictly_above_whom(void **state)
{
	struct person lou = ops_join(&ops, "lou");
	const struct person *all[] = {&eve, &kim, &lou, &ops.ada};

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(add(&bob, closed_id, all[i]), ERR_OK);
	assert_int_equal(make_lead(&bob, closed_id, &eve, "admin"), ERR_OK);
	assert_int_equal(make_lead(&eve, closed_id, &kim, "moderator"), ERR_OK);
	/* Nobody makes their equal, nor touches their equal or who stands above. */
	assert_int_equal(make_lead(&eve, closed_id, &lou, "admin"), ERR_MISSING_PERMISSIONS);
	assert_int_equal(make_lead(&kim, closed_id, &lou, "moderator"), ERR_MISSING_PERMISSIONS);
	assert_int_equal(make_lead(&eve, closed_id, &bob, "member"), ERR_MISSING_PERMISSIONS);
	assert_int_equal(make_lead(&eve, closed_id, &eve, "member"), ERR_MISSING_PERMISSIONS);
	assert_int_equal(make_lead(&bob, closed_id, &ops.ada, "member"), ERR_MISSING_PERMISSIONS);
	assert_int_equal(make_lead(&bob, closed_id, &kim, "king"), ERR_INVALID_FORM);
	assert_int_equal(take_out(&kim, closed_id, &eve), ERR_MISSING_PERMISSIONS);
	assert_int_equal(take_out(&eve, closed_id, &bob), ERR_MISSING_PERMISSIONS);
	assert_int_equal(take_out(&lou, closed_id, &kim), ERR_MISSING_PERMISSIONS);
	assert_int_equal(take_out(&kim, closed_id, &lou), ERR_OK);
	assert_int_equal(take_out(&eve, closed_id, &kim), ERR_OK);
	/* What made kim a Moderator is gone with her. */
	assert_int_equal(add(&eve, closed_id, &kim), ERR_OK);
	assert_false(perm_has(bits_of(&kim, closed_id), PERM_KICK_MEMBERS));
	assert_int_equal(make_lead(&bob, closed_id, &eve, "member"), ERR_OK);
	assert_int_equal(take_out(&eve, closed_id, &kim), ERR_MISSING_PERMISSIONS);
	assert_int_equal(take_out(&ops.ada, closed_id, &bob), ERR_OK);
	assert_int_equal(owner_of(closed_id), eve.id);
}

static void a_time_out_takes_the_powers_of_an_owner_too(void **state)
{
	(void)state;
	assert_int_equal(add(&bob, closed_id, &eve), ERR_OK);
	ops_sql(&ops, "UPDATE members SET timeout_until_ms = 9000000000000 WHERE user_id = %lld", (long long)bob.id);
	assert_int_equal(take_out(&bob, closed_id, &eve), ERR_MISSING_PERMISSIONS);
	assert_int_equal(add(&bob, closed_id, &kim), ERR_MISSING_PERMISSIONS);
	assert_int_equal(about(&bob, "channel_owner", closed_id, &eve), ERR_MISSING_PERMISSIONS);
	assert_int_equal(owner_of(closed_id), bob.id);
	/* And nobody below takes the opportunity. */
	assert_int_equal(make_lead(&ops.ada, closed_id, &eve, "admin"), ERR_OK);
	assert_int_equal(take_out(&eve, closed_id, &bob), ERR_MISSING_PERMISSIONS);
}

static void ownership_is_given_to_somebody_who_is_in_it(void **state)
{
	(void)state;
	assert_int_equal(about(&bob, "channel_owner", open_id, &eve), ERR_UNKNOWN_MEMBER);
	assert_int_equal(join(&eve, open_id), ERR_OK);
	assert_int_equal(about(&eve, "channel_owner", open_id, &eve), ERR_MISSING_PERMISSIONS);
	assert_int_equal(about(&bob, "channel_owner", open_id, &eve), ERR_OK);
	assert_int_equal(owner_of(open_id), eve.id);
	assert_int_equal(ops_int(&ops, "SELECT target_id FROM audit_log ORDER BY id DESC LIMIT 1"), eve.id);
	assert_int_equal(about(&bob, "channel_owner", open_id, &bob), ERR_MISSING_PERMISSIONS);
	assert_int_equal(about(&ops.ada, "channel_owner", open_id, &bob), ERR_OK);
	ops_sql(&ops, "UPDATE users SET is_bot = 1 WHERE id = %lld", (long long)eve.id);
	assert_int_equal(about(&bob, "channel_owner", open_id, &eve), ERR_UNKNOWN_MEMBER);
}

static void whoever_is_out_of_the_workspace_leaves_nothing_behind(void **state)
{
	(void)state;
	assert_int_equal(add(&bob, closed_id, &eve), ERR_OK);
	assert_int_equal(add(&bob, closed_id, &kim), ERR_OK);
	assert_int_equal(make_lead(&bob, closed_id, &eve, "admin"), ERR_OK);
	assert_int_equal(about(&bob, "channel_ban_create", open_id, &eve), ERR_OK);
	assert_op(&ops, &eve, "guild_leave", json_pack("{s:I}", "guild_id", (json_int_t)ops.guild_id), ERR_OK);
	assert_op(&ops, &bob, "guild_leave", json_pack("{s:I}", "guild_id", (json_int_t)ops.guild_id), ERR_OK);
	assert_int_equal(owner_of(closed_id), kim.id);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM channel_members WHERE user_id IN (%lld, %lld)",
				 (long long)eve.id, (long long)bob.id),
			 0);
	/* But for the ban, which keeps out who comes back. */
	assert_op(&ops, &eve, "invite_accept", json_pack("{s:s}", "code", ops_invite(&ops, &ops.ada, 1)), ERR_OK);
	assert_int_equal(bits_of(&eve, closed_id), 0);
	assert_int_equal(bits_of(&eve, open_id), 0);
	assert_true(bits_of(&eve, ops.general_id) != 0);
}

/* What a member was denied by name, as what they were given: the text of their overwrite in the channel. */
static const char *overwrite_of(const struct person *who, int64_t channel_id)
{
	return ops_text(&ops, "SELECT allow || ' ' || deny FROM overwrites WHERE channel_id = %lld AND target_id = %lld",
			(long long)channel_id, (long long)who->id);
}

static void leaving_the_workspace_and_coming_back_ends_no_denial(void **state)
{
	uint64_t bits = PERM_ADD_REACTIONS;

	(void)state;
	assert_op(&ops, &ops.ada, "overwrite_put",
		  json_pack("{s:I, s:I, s:i, s:s}", "channel_id", (json_int_t)open_id, "target_id", (json_int_t)eve.id,
			    "type", 1, "deny", "1024"),
		  ERR_OK);
	assert_op(&ops, &ops.ada, "overwrite_put",
		  json_pack("{s:I, s:I, s:i, s:I, s:I}", "channel_id", (json_int_t)ops.general_id, "target_id",
			    (json_int_t)eve.id, "type", 1, "allow", (json_int_t)bits, "deny",
			    (json_int_t)PERM_SEND_MESSAGES),
		  ERR_OK);
	assert_op(&ops, &eve, "guild_leave", json_pack("{s:I}", "guild_id", (json_int_t)ops.guild_id), ERR_OK);
	assert_string_equal(overwrite_of(&eve, open_id), "0 1024");
	assert_string_equal(overwrite_of(&eve, ops.general_id), "0 2048");
	assert_op(&ops, &eve, "invite_accept", json_pack("{s:s}", "code", ops_invite(&ops, &ops.ada, 1)), ERR_OK);
	assert_int_equal(bits_of(&eve, open_id), 0);
	assert_false(perm_has(bits_of(&eve, ops.general_id), PERM_SEND_MESSAGES));
	/* Of somebody who is out it can still be lifted. */
	assert_op(&ops, &eve, "guild_leave", json_pack("{s:I}", "guild_id", (json_int_t)ops.guild_id), ERR_OK);
	assert_op(&ops, &ops.ada, "overwrite_delete",
		  json_pack("{s:I, s:I}", "channel_id", (json_int_t)open_id, "target_id", (json_int_t)eve.id), ERR_OK);
}

static void nobody_lets_in_who_was_denied_by_name_without_changing_permissions(void **state)
{
	(void)state;
	assert_int_equal(add(&bob, closed_id, &kim), ERR_OK);
	assert_op(&ops, &ops.ada, "overwrite_put",
		  json_pack("{s:I, s:I, s:i, s:s}", "channel_id", (json_int_t)closed_id, "target_id",
			    (json_int_t)eve.id, "type", 1, "deny", "1024"),
		  ERR_OK);
	assert_int_equal(add(&kim, closed_id, &eve), ERR_MISSING_PERMISSIONS);
	assert_int_equal(bits_of(&eve, closed_id), 0);
	assert_int_equal(add(&bob, closed_id, &eve), ERR_OK);
	assert_true(is_in(&eve, closed_id) && bits_of(&eve, closed_id) != 0);
}

static void a_ban_from_a_channel_keeps_out_until_it_is_lifted(void **state)
{
	int64_t before = ops.engine.last_seq;

	(void)state;
	assert_int_equal(join(&eve, open_id), ERR_OK);
	assert_int_equal(about(&eve, "channel_ban_create", open_id, &kim), ERR_MISSING_PERMISSIONS);
	assert_int_equal(about(&bob, "channel_ban_create", open_id, &ops.ada), ERR_MISSING_PERMISSIONS);
	assert_int_equal(about(&bob, "channel_ban_create", open_id, &bob), ERR_MISSING_PERMISSIONS);
	assert_int_equal(about(&bob, "channel_ban_create", open_id, &eve), ERR_OK);
	assert_int_equal(about(&bob, "channel_ban_create", open_id, &eve), ERR_OK);
	assert_int_equal(bits_of(&eve, open_id), 0);
	assert_false(is_in(&eve, open_id));
	assert_int_equal(told(&eve, "CHANNEL_DELETE", before), 1);
	assert_int_equal(join(&eve, open_id), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(add(&bob, open_id, &eve), ERR_CHANNEL_BANNED);
	/* An overwrite is no way round it. */
	assert_op(&ops, &bob, "overwrite_delete",
		  json_pack("{s:I, s:I}", "channel_id", (json_int_t)open_id, "target_id", (json_int_t)eve.id),
		  ERR_CHANNEL_BANNED);
	assert_op(&ops, &bob, "overwrite_put",
		  json_pack("{s:I, s:I, s:i, s:i}", "channel_id", (json_int_t)open_id, "target_id", (json_int_t)eve.id,
			    "type", 1, "allow", 1024),
		  ERR_CHANNEL_BANNED);
	assert_op(&ops, &bob, "channel_update",
		  json_pack("{s:I, s:[]}", "channel_id", (json_int_t)open_id, "permission_overwrites"),
		  ERR_CHANNEL_BANNED);
	assert_int_equal(about(&bob, "channel_ban_delete", open_id, &kim), ERR_UNKNOWN_BAN);
	assert_int_equal(about(&bob, "channel_ban_delete", open_id, &eve), ERR_OK);
	assert_true(bits_of(&eve, open_id) != 0);
	assert_false(is_in(&eve, open_id));
	assert_int_equal(told(&eve, "CHANNEL_CREATE", before), 1);
	assert_int_equal(join(&eve, open_id), ERR_OK);
}

static enum err set(const struct person *who, int64_t channel_id, json_t *in)
{
	ensure(json_object_set_new(in, "channel_id", json_integer(channel_id)) == 0);
	return ops_run(&ops, who, "channel_settings", in);
}

static void everybody_mutes_for_themselves(void **state)
{
	int64_t before = ops.engine.last_seq;

	(void)state;
	assert_int_equal(set(&eve, open_id, ops_json("{'muted': true}")), ERR_UNKNOWN_MEMBER);
	assert_int_equal(join(&eve, open_id), ERR_OK);
	assert_int_equal(set(&eve, open_id, ops_json("{'muted': true}")), ERR_OK);
	json_t *settings = json_object_get(ops.result, "settings");
	assert_true(json_is_true(json_object_get(settings, "muted")));
	assert_true(json_is_null(json_object_get(settings, "muted_until")));
	assert_true(json_is_null(json_object_get(settings, "notification_level")));
	assert_int_equal(told(&eve, "CHANNEL_SETTINGS_UPDATE", before), 1);
	assert_int_equal(set(&eve, open_id, ops_json("{'mute_for_s': 3600, 'notification_level': 1}")), ERR_OK);
	settings = json_object_get(ops.result, "settings");
	assert_non_null(json_text(settings, "muted_until"));
	assert_int_equal(json_int(settings, "notification_level"), 1);
	assert_int_equal(set(&eve, open_id, ops_json("{'muted_until': '2000-01-01T00:00:00Z'}")), ERR_OK);
	assert_true(json_is_false(json_object_get(json_object_get(ops.result, "settings"), "muted")));
	assert_int_equal(set(&eve, open_id, ops_json("{'muted_until': 'soon'}")), ERR_INVALID_FORM);
	assert_int_equal(set(&eve, open_id, ops_json("{'notification_level': 3}")), ERR_INVALID_FORM);
	assert_int_equal(set(&eve, open_id, ops_json("{'muted': false, 'notification_level': null}")), ERR_OK);
	assert_true(json_is_null(json_object_get(json_object_get(ops.result, "settings"), "notification_level")));
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM channel_members WHERE muted_until_ms IS NOT NULL"), 0);
}

static enum err post(const struct person *who, int64_t channel_id, const char *nonce)
{
	return ops_run(
	    &ops, who, "message_create",
	    json_pack("{s:I, s:s, s:s?}", "channel_id", (json_int_t)channel_id, "content", "hello", "nonce", nonce));
}

static void slow_mode_holds_back_who_may_not_bypass_it(void **state)
{
	(void)state;
	assert_op(&ops, &bob, "channel_update",
		  json_pack("{s:I, s:i}", "channel_id", (json_int_t)open_id, "rate_limit_per_user", 60), ERR_OK);
	assert_int_equal(post(&eve, open_id, "a"), ERR_OK);
	assert_int_equal(post(&eve, open_id, "b"), ERR_SLOW_MODE);
	/* A retry is no second message. */
	assert_int_equal(post(&eve, open_id, "a"), ERR_OK);
	assert_int_equal(post(&kim, open_id, "a"), ERR_OK);
	for (int i = 0; i < 3; i++)
		assert_int_equal(post(&bob, open_id, NULL), ERR_OK);
	assert_int_equal(post(&eve, closed_id, NULL), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(post(&eve, ops.general_id, NULL), ERR_OK);
	ops_sql(&ops, "UPDATE slow_mode_posts SET posted_at_ms = posted_at_ms - 60000");
	assert_int_equal(post(&eve, open_id, "b"), ERR_OK);
	ops_grant(&ops, &eve, PERM_BYPASS_SLOW_MODE);
	assert_int_equal(post(&eve, open_id, "c"), ERR_OK);
}

static void an_archive_is_read_and_nothing_else(void **state)
{
	int64_t message_id = ops_message(&ops, &eve, open_id, "last words");
	json_int_t channel = open_id, message = message_id;

	(void)state;
	assert_op(&ops, &eve, "channel_update", json_pack("{s:I, s:b}", "channel_id", channel, "archived", 1),
		  ERR_MISSING_PERMISSIONS);
	assert_op(&ops, &bob, "channel_update", json_pack("{s:I, s:b}", "channel_id", channel, "archived", 1), ERR_OK);
	assert_int_equal(post(&eve, open_id, NULL), ERR_ARCHIVED);
	assert_int_equal(post(&bob, open_id, NULL), ERR_ARCHIVED);
	assert_op(&ops, &eve, "message_update",
		  json_pack("{s:I, s:I, s:s}", "channel_id", channel, "message_id", message, "content", "more"),
		  ERR_ARCHIVED);
	assert_true(perm_has(bits_of(&kim, open_id), PERM_READ_HISTORY));
	/* What should not be there can still be taken away. */
	assert_op(&ops, &eve, "message_delete", json_pack("{s:I, s:I}", "channel_id", channel, "message_id", message),
		  ERR_OK);
	assert_op(&ops, &bob, "channel_update", json_pack("{s:I, s:b}", "channel_id", channel, "archived", 0), ERR_OK);
	assert_int_equal(post(&eve, open_id, NULL), ERR_OK);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(newcomers_land_in_the_default_channels_and_nowhere_else),
	    SET_UP(who_owns_one_channel_does_not_make_it_everybodys),
	    SET_UP(a_public_channel_starts_with_its_creator_alone),
	    SET_UP(a_private_channel_starts_with_those_who_are_named),
	    SET_UP(anybody_joins_and_leaves_a_public_channel),
	    SET_UP(writing_joins_people_and_no_bots),
	    SET_UP(being_added_lets_in_and_being_removed_shuts_out),
	    SET_UP(who_is_shut_out_is_not_told_what_the_channel_is_called_by_now),
	    SET_UP(several_are_added_and_removed_together_or_not_at_all),
	    SET_UP(the_last_one_of_a_private_channel_archives_it_before_leaving),
	    SET_UP(a_bot_does_not_keep_a_private_channel_company),
	    SET_UP(who_leads_stands_strictly_above_whom),
	    SET_UP(a_time_out_takes_the_powers_of_an_owner_too),
	    SET_UP(ownership_is_given_to_somebody_who_is_in_it),
	    SET_UP(whoever_is_out_of_the_workspace_leaves_nothing_behind),
	    SET_UP(leaving_the_workspace_and_coming_back_ends_no_denial),
	    SET_UP(nobody_lets_in_who_was_denied_by_name_without_changing_permissions),
	    SET_UP(a_ban_from_a_channel_keeps_out_until_it_is_lifted),
	    SET_UP(everybody_mutes_for_themselves),
	    SET_UP(slow_mode_holds_back_who_may_not_bypass_it),
	    SET_UP(an_archive_is_read_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
