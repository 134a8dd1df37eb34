/* Direct messages and groups: who is in them, who may write, who hears of it. */
#include "base/ensure.h"
#include "domain/channel/channel.h"
#include "domain/channel/channel_direct.h"
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
static struct person bob, eve, kim, lou;

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	bob = ops_join(&ops, "bob");
	eve = ops_join(&ops, "eve");
	kim = ops_join(&ops, "kim");
	lou = ops_join(&ops, "lou");
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static json_t *made(void)
{
	return json_object_get(ops.result, "channel");
}

static enum err open_with(const struct person *who, int64_t user_id)
{
	return ops_run(&ops, who, "direct_create", json_pack("{s:I}", "recipient_id", (json_int_t)user_id));
}

static int64_t direct(const struct person *who, const struct person *other)
{
	ensure(open_with(who, other->id) == ERR_OK);
	return json_id(made(), "id");
}

static int64_t group(void)
{
	ensure(ops_run(&ops, &bob, "direct_create",
		       json_pack("{s:[I, I, I]}", "recipients", (json_int_t)eve.id, (json_int_t)kim.id,
				 (json_int_t)lou.id)) == ERR_OK);
	return json_id(made(), "id");
}

static enum err post(const struct person *who, int64_t channel_id)
{
	return ops_run(&ops, who, "message_create",
		       json_pack("{s:I, s:s}", "channel_id", (json_int_t)channel_id, "content", "hello"));
}

static enum err about(const struct person *who, const char *op, int64_t channel_id, int64_t user_id)
{
	return ops_run(&ops, who, op,
		       json_pack("{s:I, s:I}", "channel_id", (json_int_t)channel_id, "user_id", (json_int_t)user_id));
}

static enum err close_or_leave(const struct person *who, int64_t channel_id)
{
	return ops_run(&ops, who, "channel_delete", json_pack("{s:I}", "channel_id", (json_int_t)channel_id));
}

static uint64_t bits_of(const struct person *who, int64_t channel_id)
{
	uint64_t bits;
	enum err err = perm_of_channel(ops.engine.db, &ops.arena, channel_id, who->id, &bits);

	ensure(err == ERR_OK || err == ERR_UNKNOWN_CHANNEL);
	return bits;
}

/* Ids of the list that GET /users/@me/channels gives, as one text. */
static const char *list_of(const struct person *who)
{
	struct buf *text = buf_in_arena(&ops.arena), *ids = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *list, *each;
	size_t i;

	jw_init(&jw, text);
	ensure(channel_list_direct_to_json(ops.engine.db, &ops.arena, &jw, NULL, who->id) == ERR_OK);
	ensure(json_parse_own(&ops.arena, text->p, text->n, &list) == ERR_OK);
	buf_puts(ids, "");
	json_array_foreach(list, i, each) buf_printf(ids, "%s ", json_text(each, "id"));
	return ids->n == 0 ? "" : ids->p;
}

/* How many events of a type that person alone was sent after a seq. */
static int told(const struct person *who, const char *type, int64_t after)
{
	int count, found = 0;
	const struct event *events = ops_events(&ops, after, &count);

	for (int i = 0; i < count; i++)
		found += strcmp(events[i].type, type) == 0 && events[i].user_id == who->id;
	return found;
}

static void asking_again_gives_the_same_one_whoever_asks(void **state)
{
	int64_t id = direct(&ops.ada, &bob);

	(void)state;
	assert_int_equal(json_int(made(), "type"), CHANNEL_TYPE_DM);
	assert_null(json_object_get(made(), "guild_id"));
	json_t *recipients = json_object_get(made(), "recipients");
	assert_int_equal(json_array_size(recipients), 1);
	assert_int_equal(json_id(json_array_get(recipients, 0), "id"), bob.id);
	assert_int_equal(direct(&ops.ada, &bob), id);
	assert_int_equal(direct(&bob, &ops.ada), id);
	assert_int_equal(json_id(json_array_get(json_object_get(made(), "recipients"), 0), "id"), ops.ada.id);
	assert_int_not_equal(direct(&eve, &ops.ada), id);
}

static void a_list_of_one_recipient_is_a_direct_message(void **state)
{
	int64_t id = direct(&ops.ada, &bob);

	(void)state;
	assert_op(&ops, &ops.ada, "direct_create",
		  json_pack("{s:[I, I], s:i}", "recipients", (json_int_t)bob.id, (json_int_t)bob.id, "type", 1),
		  ERR_OK);
	assert_int_equal(json_id(made(), "id"), id);
}

static void nobody_writes_to_themselves_or_to_strangers(void **state)
{
	(void)state;
	assert_int_equal(open_with(&bob, bob.id), ERR_INVALID_FORM);
	assert_int_equal(open_with(&bob, 12345), ERR_UNKNOWN_USER);
	assert_op(&ops, &bob, "direct_create", json_object(), ERR_INVALID_FORM);
	ops_sql(&ops, "DELETE FROM members WHERE user_id = %lld", (long long)eve.id);
	assert_int_equal(open_with(&bob, eve.id), ERR_UNKNOWN_USER);
	assert_int_equal(open_with(&eve, bob.id), ERR_UNKNOWN_USER);
	assert_op(&ops, NULL, "direct_create", json_pack("{s:I}", "recipient_id", (json_int_t)bob.id),
		  ERR_UNAUTHORIZED);
}

static void two_bots_have_nothing_to_say_to_each_other(void **state)
{
	(void)state;
	ops_sql(&ops, "UPDATE users SET is_bot = 1 WHERE id IN (%lld, %lld)", (long long)eve.id, (long long)kim.id);
	assert_int_equal(open_with(&eve, kim.id), ERR_CANNOT_DM);
	assert_int_equal(open_with(&eve, bob.id), ERR_OK);
	assert_int_equal(open_with(&bob, kim.id), ERR_OK);
}

static void nobody_else_is_in_a_direct_message_whatever_they_own(void **state)
{
	int64_t id = direct(&bob, &eve);

	(void)state;
	assert_int_equal(bits_of(&bob, id), PERM_DIRECT);
	assert_int_equal(bits_of(&ops.ada, id), 0);
	assert_int_equal(post(&ops.ada, id), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(about(&ops.ada, "channel_member_add", id, ops.ada.id), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(about(&bob, "channel_member_add", id, ops.ada.id), ERR_CHANNEL_TYPE);
	assert_int_equal(about(&bob, "channel_member_remove", id, eve.id), ERR_CHANNEL_TYPE);
	assert_int_equal(about(&bob, "channel_ban_create", id, eve.id), ERR_CHANNEL_TYPE);
	assert_int_equal(about(&bob, "channel_owner", id, bob.id), ERR_CHANNEL_TYPE);
	assert_op(&ops, &bob, "channel_update", json_pack("{s:I, s:s}", "channel_id", (json_int_t)id, "name", "x"),
		  ERR_CHANNEL_TYPE);
	assert_op(&ops, &bob, "overwrite_put",
		  json_pack("{s:I, s:I, s:i, s:i}", "channel_id", (json_int_t)id, "target_id", (json_int_t)eve.id,
			    "type", 1, "deny", 1024),
		  ERR_CHANNEL_TYPE);
	assert_op(&ops, &bob, "invite_create", json_pack("{s:I}", "channel_id", (json_int_t)id),
		  ERR_MISSING_PERMISSIONS);
}

static void the_other_hears_of_it_with_the_first_message(void **state)
{
	int64_t before = ops.engine.last_seq, id = direct(&bob, &eve);
	int count;

	(void)state;
	assert_int_equal(told(&bob, "CHANNEL_CREATE", before), 1);
	assert_int_equal(told(&eve, "CHANNEL_CREATE", before), 0);
	assert_string_equal(list_of(&eve), "");
	assert_int_equal(post(&bob, id), ERR_OK);
	assert_int_equal(told(&eve, "CHANNEL_CREATE", before), 1);
	assert_int_equal(json_id(json_object_get(ops.result, "message"), "channel_id"), id);
	assert_int_not_equal(strlen(list_of(&eve)), 0);

	const struct event *events = ops_events(&ops, before, &count);
	const struct event *last = &events[count - 1];
	assert_string_equal(last->type, "MESSAGE_CREATE");
	assert_int_equal(last->guild_id, 0);
	assert_null(strstr(last->payload, "guild_id"));
	assert_null(strstr(last->payload, "\"member\""));
	assert_non_null(strstr(last->payload, "\"channel_type\":1"));
}

static void closing_hides_it_for_the_one_until_there_is_something_new(void **state)
{
	int64_t id = direct(&bob, &eve);

	(void)state;
	assert_int_equal(post(&bob, id), ERR_OK);
	int64_t before = ops.engine.last_seq;
	assert_int_equal(close_or_leave(&eve, id), ERR_OK);
	assert_int_equal(told(&eve, "CHANNEL_DELETE", before), 1);
	assert_int_equal(told(&bob, "CHANNEL_DELETE", before), 0);
	assert_string_equal(list_of(&eve), "");
	assert_int_not_equal(strlen(list_of(&bob)), 0);
	assert_int_equal(bits_of(&eve, id), PERM_DIRECT);
	assert_int_equal(close_or_leave(&eve, id), ERR_OK);
	assert_int_equal(told(&eve, "CHANNEL_DELETE", before), 1);
	assert_int_equal(post(&bob, id), ERR_OK);
	assert_int_equal(told(&eve, "CHANNEL_CREATE", before), 1);
	assert_int_not_equal(strlen(list_of(&eve)), 0);
	assert_int_equal(close_or_leave(&eve, id), ERR_OK);
	assert_int_equal(direct(&eve, &bob), id);
	assert_int_not_equal(strlen(list_of(&eve)), 0);
}

static void sending_needs_a_shared_workspace_and_no_block(void **state)
{
	int64_t id = direct(&bob, &eve), message_id = ops_message(&ops, &bob, id, "before");

	(void)state;
	assert_op(&ops, &eve, "block_create", json_pack("{s:I}", "user_id", (json_int_t)bob.id), ERR_OK);
	assert_int_equal(post(&bob, id), ERR_CANNOT_DM);
	assert_int_equal(post(&eve, id), ERR_CANNOT_DM);
	assert_op(&ops, &bob, "message_update",
		  json_pack("{s:I, s:I, s:s}", "channel_id", (json_int_t)id, "message_id", (json_int_t)message_id,
			    "content", "after"),
		  ERR_CANNOT_DM);
	assert_int_equal(open_with(&bob, eve.id), ERR_OK);
	assert_op(&ops, &eve, "block_delete", json_pack("{s:I}", "user_id", (json_int_t)bob.id), ERR_OK);
	assert_int_equal(post(&bob, id), ERR_OK);
	assert_op(&ops, &eve, "guild_leave", json_pack("{s:I}", "guild_id", (json_int_t)ops.guild_id), ERR_OK);
	assert_int_equal(post(&bob, id), ERR_CANNOT_DM);
	assert_int_equal(post(&eve, id), ERR_CANNOT_DM);
	/* What was said stays to be read, and to be taken back. */
	assert_int_equal(bits_of(&eve, id), PERM_DIRECT);
	assert_int_equal(open_with(&bob, eve.id), ERR_OK);
	assert_op(&ops, &bob, "message_delete",
		  json_pack("{s:I, s:I}", "channel_id", (json_int_t)id, "message_id", (json_int_t)message_id), ERR_OK);
}

static void the_list_begins_with_what_was_written_in_last(void **state)
{
	int64_t first = direct(&bob, &eve), second = direct(&bob, &kim), third = group();

	(void)state;
	assert_string_equal(list_of(&bob), arena_printf(&ops.arena, "%lld %lld %lld ", (long long)third,
							(long long)second, (long long)first));
	assert_int_equal(post(&bob, first), ERR_OK);
	assert_string_equal(list_of(&bob), arena_printf(&ops.arena, "%lld %lld %lld ", (long long)first,
							(long long)third, (long long)second));
}

static json_t *ids(const int64_t *list, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		ensure(json_array_append_new(array, json_integer(list[i])) == 0);
	return array;
}

static void a_group_has_3_to_50_people_of_one_workspace(void **state)
{
	int64_t many[60];

	(void)state;
	for (int i = 0; i < 60; i++) {
		many[i] = 1000 + i;
		ops_sql(&ops, "INSERT INTO users (id, username) VALUES (%d, 'many%d')", 1000 + i, i);
		ops_sql(&ops, "INSERT INTO members (guild_id, user_id, joined_at_ms) VALUES (%lld, %d, 1)",
			(long long)ops.guild_id, 1000 + i);
	}
	assert_op(&ops, &bob, "direct_create", json_pack("{s:o, s:s}", "recipients", ids(many, 1), "name", "two"),
		  ERR_INVALID_FORM);
	assert_op(&ops, &bob, "direct_create", json_pack("{s:o}", "recipients", ids(many, 50)), ERR_INVALID_FORM);
	assert_op(&ops, &bob, "direct_create", json_pack("{s:o}", "recipients", ids(many, 49)), ERR_OK);
	int64_t full = json_id(made(), "id");
	assert_int_equal(json_array_size(json_object_get(made(), "recipients")), 49);
	assert_int_equal(about(&bob, "channel_member_add", full, many[55]), ERR_TOO_MANY);
	assert_int_equal(about(&bob, "channel_member_add", full, many[3]), ERR_OK);
	/* Of several, those who cannot be in it are named, and nothing is made. */
	assert_op(&ops, &bob, "direct_create",
		  json_pack("{s:[I, i, I, i]}", "recipients", (json_int_t)eve.id, 77, (json_int_t)kim.id, 78),
		  ERR_INVALID_FORM);
	json_t *list = json_object_get(json_object_get(ops.errors, "recipients"), "_errors");
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(json_text(json_array_get(list, 1), "code"), "UNKNOWN_MEMBER");
	assert_non_null(strstr(json_text(json_array_get(list, 1), "message"), "78"));
	ops_sql(&ops, "UPDATE users SET is_bot = 1 WHERE id = %lld", (long long)kim.id);
	assert_op(&ops, &bob, "direct_create",
		  json_pack("{s:[I, I, I]}", "recipients", (json_int_t)eve.id, (json_int_t)kim.id, (json_int_t)lou.id),
		  ERR_INVALID_FORM);
	assert_string_equal(ops_complaint(&ops, "recipients"), "CANNOT_DM");
	assert_op(&ops, &kim, "direct_create",
		  json_pack("{s:[I, I]}", "recipients", (json_int_t)eve.id, (json_int_t)lou.id), ERR_BOT_FORBIDDEN);
}

static void a_group_is_made_where_all_are_members(void **state)
{
	const char *why;

	(void)state;
	ensure(config_set(&ops.config, CONFIG_WORKSPACE_CREATION, "everyone", &why) == ERR_OK);
	assert_op(&ops, &bob, "guild_create", json_pack("{s:s}", "name", "Elsewhere"), ERR_OK);
	int64_t elsewhere = ops_result_id(&ops, "guild", "id");
	assert_op(&ops, &bob, "direct_create",
		  json_pack("{s:[I, I], s:I}", "recipients", (json_int_t)eve.id, (json_int_t)kim.id, "guild_id",
			    (json_int_t)elsewhere),
		  ERR_INVALID_FORM);
	assert_op(&ops, &eve, "direct_create",
		  json_pack("{s:[I, I], s:I}", "recipients", (json_int_t)bob.id, (json_int_t)kim.id, "guild_id",
			    (json_int_t)elsewhere),
		  ERR_UNKNOWN_GUILD);
	int64_t id = group();
	assert_int_equal(ops_int(&ops, "SELECT home_guild_id FROM channels WHERE id = %lld", (long long)id),
			 ops.guild_id);
}

static void everybody_in_a_group_may_write_add_and_name_and_only_its_owner_remove(void **state)
{
	int64_t id = group();

	(void)state;
	assert_int_equal(post(&lou, id), ERR_OK);
	assert_int_equal(bits_of(&ops.ada, id), 0);
	assert_int_equal(about(&lou, "channel_member_add", id, ops.ada.id), ERR_OK);
	assert_int_equal(bits_of(&ops.ada, id), PERM_DIRECT);
	assert_op(&ops, &kim, "channel_update", json_pack("{s:I, s:s}", "channel_id", (json_int_t)id, "name", "us"),
		  ERR_OK);
	assert_string_equal(json_text(made(), "name"), "us");
	/* Not even who owns the workspace. */
	assert_int_equal(about(&ops.ada, "channel_member_remove", id, lou.id), ERR_MISSING_PERMISSIONS);
	assert_int_equal(about(&bob, "channel_member_remove", id, lou.id), ERR_OK);
	assert_int_equal(bits_of(&lou, id), 0);
	assert_int_equal(about(&bob, "channel_member_remove", id, lou.id), ERR_UNKNOWN_MEMBER);
	assert_int_equal(about(&bob, "channel_member_remove", id, kim.id), ERR_OK);
	assert_int_equal(about(&bob, "channel_member_remove", id, eve.id), ERR_GROUP_TOO_SMALL);
	assert_int_equal(about(&eve, "channel_leave", id, 1), ERR_OK);
	assert_int_equal(about(&bob, "channel_member_add", id, eve.id), ERR_OK);
	assert_op(&ops, &bob, "channel_member_remove",
		  json_pack("{s:I, s:[I, I]}", "channel_id", (json_int_t)id, "users", (json_int_t)eve.id,
			    (json_int_t)ops.ada.id),
		  ERR_GROUP_TOO_SMALL);
}

static void who_is_blocked_is_not_added(void **state)
{
	int64_t id = group();

	(void)state;
	assert_op(&ops, &ops.ada, "block_create", json_pack("{s:I}", "user_id", (json_int_t)kim.id), ERR_OK);
	assert_int_equal(about(&kim, "channel_member_add", id, ops.ada.id), ERR_CANNOT_DM);
	assert_int_equal(about(&lou, "channel_member_add", id, ops.ada.id), ERR_OK);
}

static int64_t owner_of(int64_t channel_id)
{
	return ops_int(&ops, "SELECT owner_id FROM channels WHERE id = %lld", (long long)channel_id);
}

static void an_owner_who_leaves_is_followed_by_the_longest_standing(void **state)
{
	int64_t id = group(), before = ops.engine.last_seq;

	(void)state;
	ops_sql(&ops, "UPDATE channel_members SET joined_at_ms = 5 WHERE user_id = %lld", (long long)kim.id);
	assert_int_equal(owner_of(id), bob.id);
	assert_int_equal(close_or_leave(&bob, id), ERR_OK);
	assert_int_equal(owner_of(id), kim.id);
	assert_int_equal(told(&bob, "CHANNEL_DELETE", before), 1);
	assert_int_equal(told(&kim, "CHANNEL_UPDATE", before), 1);
	assert_int_equal(told(&bob, "CHANNEL_UPDATE", before), 0);
	assert_int_equal(about(&eve, "channel_owner", id, eve.id), ERR_MISSING_PERMISSIONS);
	assert_int_equal(about(&kim, "channel_owner", id, bob.id), ERR_UNKNOWN_MEMBER);
	assert_int_equal(about(&kim, "channel_owner", id, eve.id), ERR_OK);
	assert_int_equal(owner_of(id), eve.id);
	assert_int_equal(close_or_leave(&eve, id), ERR_OK);
	assert_int_equal(close_or_leave(&kim, id), ERR_OK);
	assert_int_equal(close_or_leave(&lou, id), ERR_OK);
	/* Nobody is in it any more: it is gone. */
	assert_int_equal(ops_int(&ops, "SELECT deleted_at_ms IS NOT NULL FROM channels WHERE id = %lld", (long long)id),
			 1);
}

static void whoever_is_out_of_the_workspace_is_out_of_its_groups(void **state)
{
	int64_t id = group(), before = ops.engine.last_seq;

	(void)state;
	assert_op(&ops, &eve, "guild_leave", json_pack("{s:I}", "guild_id", (json_int_t)ops.guild_id), ERR_OK);
	assert_int_equal(bits_of(&eve, id), 0);
	assert_int_equal(post(&eve, id), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(told(&eve, "CHANNEL_DELETE", before), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM channel_members WHERE channel_id = %lld", (long long)id),
			 3);
	assert_int_equal(about(&bob, "channel_member_add", id, eve.id), ERR_UNKNOWN_MEMBER);
}

/* A group that I made counts as mine, and one that was handed over to me does not: nobody fills another's limit. */
static void groups_count_for_who_made_them(void **state)
{
	int64_t id = group();
	const struct person *maker = &bob;

	(void)state;
	for (int i = 1; i < 200; i++) {
		ops_sql(&ops,
			"INSERT INTO channels (id, home_guild_id, owner_id, type, name) VALUES (%d, %lld, %lld, 3, '')",
			i, (long long)ops.guild_id, (long long)eve.id);
		ops_sql(&ops, "INSERT INTO group_makers (channel_id, user_id) VALUES (%d, %lld)", i,
			(long long)maker->id);
		ops_sql(&ops, "INSERT INTO channel_members (channel_id, user_id, joined_at_ms) VALUES (%d, %lld, 1)", i,
			(long long)maker->id);
	}
	ops_sql(&ops, "UPDATE channels SET owner_id = %lld WHERE id = %lld", (long long)eve.id, (long long)id);
	assert_op(&ops, maker, "direct_create",
		  json_pack("{s:[I, I]}", "recipients", (json_int_t)kim.id, (json_int_t)eve.id), ERR_TOO_MANY);
	assert_op(&ops, &eve, "direct_create",
		  json_pack("{s:[I, I]}", "recipients", (json_int_t)kim.id, (json_int_t)maker->id), ERR_OK);
	/* Who leaves one may make another. */
	assert_int_equal(close_or_leave(maker, id), ERR_OK);
	assert_op(&ops, maker, "direct_create",
		  json_pack("{s:[I, I]}", "recipients", (json_int_t)kim.id, (json_int_t)eve.id), ERR_OK);
}

/* The row alone does not let anybody in who is no member of the workspace any more. */
static void a_group_is_for_members_of_its_workspace_whatever_the_rows_say(void **state)
{
	int64_t id = group();

	(void)state;
	ops_sql(&ops, "DELETE FROM members WHERE user_id = %lld", (long long)eve.id);
	assert_int_equal(bits_of(&eve, id), 0);
	assert_string_equal(list_of(&eve), "");
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(asking_again_gives_the_same_one_whoever_asks),
	    SET_UP(a_list_of_one_recipient_is_a_direct_message),
	    SET_UP(nobody_writes_to_themselves_or_to_strangers),
	    SET_UP(two_bots_have_nothing_to_say_to_each_other),
	    SET_UP(nobody_else_is_in_a_direct_message_whatever_they_own),
	    SET_UP(the_other_hears_of_it_with_the_first_message),
	    SET_UP(closing_hides_it_for_the_one_until_there_is_something_new),
	    SET_UP(sending_needs_a_shared_workspace_and_no_block),
	    SET_UP(the_list_begins_with_what_was_written_in_last),
	    SET_UP(a_group_has_3_to_50_people_of_one_workspace),
	    SET_UP(a_group_is_made_where_all_are_members),
	    SET_UP(everybody_in_a_group_may_write_add_and_name_and_only_its_owner_remove),
	    SET_UP(who_is_blocked_is_not_added),
	    SET_UP(an_owner_who_leaves_is_followed_by_the_longest_standing),
	    SET_UP(whoever_is_out_of_the_workspace_is_out_of_its_groups),
	    SET_UP(groups_count_for_who_made_them),
	    SET_UP(a_group_is_for_members_of_its_workspace_whatever_the_rows_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
