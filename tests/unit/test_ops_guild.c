/* Workspaces: who makes, changes, hands over, leaves and deletes them, and what is left of one that is gone. */
#include "base/ensure.h"
#include "crypto/secret.h"
#include "domain/channel/channel.h"
#include "domain/emoji/emoji.h"
#include "domain/guild/guild.h"
#include "domain/perm.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PORTIONS_MAX = 1000, ROLES_OF_A_GUILD_MAX = 250 };

static struct ops ops;

static int open_set_up(void **state)
{
	const char *why;

	(void)state;
	ops_setup(&ops);
	return config_set(&ops.config, CONFIG_REGISTRATION, "open", &why);
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static void configure(enum config_key key, const char *value)
{
	const char *why;

	ensure(config_set(&ops.config, key, value, &why) == ERR_OK);
}

static struct person stranger(const char *name)
{
	ensure(ops_run(&ops, NULL, "user_register", ops_register_input(&ops, name)) == ERR_OK);
	return (struct person){ops_result_id(&ops, "user", "id"), ops_result_id(&ops, NULL, "session_id"), OP_ROLE_API};
}

static void turn_into_bot(const struct person *who)
{
	ops_sql(&ops, "UPDATE users SET is_bot = 1 WHERE id = %lld", (long long)who->id);
}

static enum err create(const struct person *who, const char *name)
{
	return ops_run(&ops, who, "guild_create", json_pack("{s:s}", "name", name));
}

static enum err update(const struct person *who, json_t *more)
{
	json_t *in = json_pack("{s:I}", "guild_id", (json_int_t)ops.guild_id);

	ensure(json_object_update_new(in, more) == 0);
	return ops_run(&ops, who, "guild_update", in);
}

static enum err hand_over(const struct person *who, int64_t to)
{
	return update(who, json_pack("{s:I}", "owner_id", (json_int_t)to));
}

static enum err delete_typing(const struct person *who, const char *name)
{
	return ops_run(&ops, who, "guild_delete",
		       json_pack("{s:I, s:s}", "guild_id", (json_int_t)ops.guild_id, "name", name));
}

static enum err leave(const struct person *who)
{
	return ops_run(&ops, who, "guild_leave", json_pack("{s:I}", "guild_id", (json_int_t)ops.guild_id));
}

static bool is_member(const struct person *who)
{
	return ops_int(&ops, "SELECT count(*) FROM members WHERE guild_id = %lld AND user_id = %lld",
		       (long long)ops.guild_id, (long long)who->id) == 1;
}

static int64_t audit_count(int action)
{
	return ops_int(&ops, "SELECT count(*) FROM audit_log WHERE action = %d", action);
}

/* Everything that the store does for deleted things, portion by portion; returns how many there were. */
static int purge(void)
{
	struct apply apply = ops_apply(&ops);
	bool is_done = false;
	int portions = 0;

	while (!is_done) {
		assert_true(portions++ < PORTIONS_MAX);
		assert_int_equal(channel_purge(&apply, &is_done), ERR_OK);
		assert_int_equal(op_settle(&ops.engine), ERR_OK);
		if (is_done)
			assert_int_equal(guild_purge(ops.engine.db, &is_done), ERR_OK);
	}
	return portions;
}

static void who_makes_a_workspace_owns_it_with_roles_and_a_channel(void **state)
{
	struct person eve = stranger("eve");

	(void)state;
	assert_int_equal(create(&eve, "  Second Home  "), ERR_OK);
	const json_t *guild = json_object_get(ops.result, "guild");
	long long id = (long long)json_id(guild, "id");
	assert_int_equal(ops_result_id(&ops, NULL, "guild_id"), id);
	assert_string_equal(json_text(guild, "name"), "Second Home");
	assert_int_equal(json_id(guild, "owner_id"), eve.id);
	assert_int_equal(json_array_size(json_object_get(guild, "roles")), 4);
	assert_string_equal(ops_text(&ops, "SELECT name FROM channels WHERE guild_id = %lld", id), "general");
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM members WHERE guild_id = %lld", id), 1);
	assert_int_not_equal(id, ops.guild_id);
}

static void a_name_has_two_to_a_hundred_characters(void **state)
{
	const char *const bad[] = {"", "a", "   a  ", ops_repeat(&ops, "\u00e9", 101), "tab\there"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(create(&ops.ada, bad[i]), ERR_INVALID_FORM);
		assert_non_null(ops_complaint(&ops, "name"));
		assert_int_equal(update(&ops.ada, json_pack("{s:s}", "name", bad[i])), ERR_INVALID_FORM);
	}
	assert_int_equal(create(&ops.ada, ops_repeat(&ops, "\u00e9", 100)), ERR_OK);
	assert_int_equal(create(&ops.ada, "ab"), ERR_OK);
	assert_int_equal(ops_run(&ops, &ops.ada, "guild_create", json_object()), ERR_INVALID_FORM);
}

static void the_configuration_says_who_makes_workspaces_and_how_many(void **state)
{
	struct person eve = stranger("eve"), bot = ops_join(&ops, "bot");

	(void)state;
	assert_int_equal(create(NULL, "Nobody's"), ERR_UNAUTHORIZED);
	turn_into_bot(&bot);
	assert_int_equal(create(&bot, "Robots"), ERR_BOT_FORBIDDEN);

	configure(CONFIG_WORKSPACE_CREATION, "admins");
	assert_int_equal(create(&eve, "Hers"), ERR_MISSING_PERMISSIONS);
	json_t *in = ops_register_input(&ops, "kim");
	ensure(json_object_set_new(in, "workspace", json_string("Hers")) == 0);
	assert_int_equal(ops_run(&ops, NULL, "user_register", in), ERR_MISSING_PERMISSIONS);
	ops_sql(&ops, "UPDATE users SET is_admin = 1 WHERE id = %lld", (long long)eve.id);
	assert_int_equal(create(&eve, "Hers"), ERR_OK);

	configure(CONFIG_WORKSPACE_CREATION, "everyone");
	configure(CONFIG_WORKSPACES_OWNED_MAX, "2");
	assert_int_equal(create(&eve, "Hers too"), ERR_OK);
	assert_int_equal(create(&eve, "One too many"), ERR_TOO_MANY_GUILDS);
	ops_sql(&ops, "UPDATE guilds SET deleted_at_ms = 1 WHERE name = 'Hers'");
	assert_int_equal(create(&eve, "One again"), ERR_OK);
}

static void who_manages_the_workspace_renames_and_describes_it(void **state)
{
	struct person bob = ops_join(&ops, "bob"), kim = ops_join(&ops, "kim"), eve = stranger("eve");
	int count;

	(void)state;
	assert_int_equal(update(&bob, json_pack("{s:s}", "name", "Bob's")), ERR_MISSING_PERMISSIONS);
	assert_int_equal(update(&eve, json_pack("{s:s}", "name", "Eve's")), ERR_UNKNOWN_GUILD);
	ops_grant(&ops, &kim, PERM_MANAGE_GUILD);
	int64_t before = ops.engine.last_seq;
	assert_int_equal(update(&kim, json_pack("{s:s, s:s}", "name", "Galley", "description", "Where we cook")),
			 ERR_OK);
	struct event *events = ops_events(&ops, before, &count);
	assert_int_equal(events[count - 1].guild_id, ops.guild_id);
	assert_string_equal(events[count - 1].type, "GUILD_UPDATE");
	assert_non_null(strstr(events[count - 1].payload, "\"Where we cook\""));
	assert_string_equal(json_text(json_object_get(ops.result, "guild"), "name"), "Galley");
	assert_int_equal(audit_count(1), 1);
	assert_non_null(strstr(ops_text(&ops, "SELECT changes FROM audit_log WHERE action = 1"),
			       "\"old_value\":\"Engine Room\",\"new_value\":\"Galley\""));

	/* What is not given stays, null leaves the name and ends the description. */
	assert_int_equal(update(&kim, ops_json("{'name': null}")), ERR_OK);
	assert_string_equal(ops_text(&ops, "SELECT description FROM guilds"), "Where we cook");
	assert_int_equal(update(&kim, ops_json("{'description': null}")), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT description IS NULL FROM guilds"), 1);
	assert_string_equal(ops_text(&ops, "SELECT name FROM guilds"), "Galley");
}

static void what_changes_nothing_is_no_event_and_no_entry(void **state)
{
	(void)state;
	int64_t before = ops.engine.last_seq;
	assert_int_equal(update(&ops.ada, ops_json("{'name': 'Engine Room', 'description': '', 'owner_id': null}")),
			 ERR_OK);
	assert_int_equal(hand_over(&ops.ada, ops.ada.id), ERR_OK);
	assert_int_equal(ops.engine.last_seq, before);
	assert_int_equal(audit_count(1), 0);
}

static void only_the_owner_hands_the_workspace_over_and_only_to_a_person_in_it(void **state)
{
	struct person bob = ops_join(&ops, "bob"), admin = ops_join(&ops, "admin"), bot = ops_join(&ops, "bot");
	struct person gone = ops_join(&ops, "gone"), eve = stranger("eve");

	(void)state;
	ops_grant(&ops, &admin, PERM_ADMINISTRATOR);
	turn_into_bot(&bot);
	ops_sql(&ops, "UPDATE users SET is_suspended = 1 WHERE id = %lld", (long long)gone.id);
	assert_int_equal(hand_over(&admin, admin.id), ERR_MISSING_PERMISSIONS);
	assert_int_equal(hand_over(&bob, bob.id), ERR_MISSING_PERMISSIONS);
	const int64_t nobody[] = {eve.id, bot.id, gone.id, 12345};
	for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++) {
		assert_int_equal(hand_over(&ops.ada, nobody[i]), ERR_INVALID_FORM);
		assert_string_equal(ops_complaint(&ops, "owner_id"), "GUILD_OWNER_INVALID");
	}
	assert_int_equal(hand_over(&ops.ada, bob.id), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT owner_id FROM guilds"), bob.id);
	assert_int_equal(audit_count(1), 1);

	/* Whoever gave it away is a member like others. */
	assert_int_equal(update(&ops.ada, json_pack("{s:s}", "name", "Mine again")), ERR_MISSING_PERMISSIONS);
	assert_int_equal(hand_over(&ops.ada, ops.ada.id), ERR_MISSING_PERMISSIONS);
	assert_int_equal(delete_typing(&ops.ada, "Engine Room"), ERR_MISSING_PERMISSIONS);
	assert_int_equal(leave(&ops.ada), ERR_OK);
}

static void everybody_but_the_owner_leaves(void **state)
{
	struct person bob = ops_join(&ops, "bob"), eve = stranger("eve");
	int count;

	(void)state;
	assert_int_equal(leave(&ops.ada), ERR_OWNER_STAYS);
	assert_int_equal(leave(&eve), ERR_UNKNOWN_GUILD);
	int64_t before = ops.engine.last_seq;
	assert_int_equal(leave(&bob), ERR_OK);
	assert_false(is_member(&bob));
	struct event *events = ops_events(&ops, before, &count);
	assert_true(count >= 2);
	assert_string_equal(events[count - 1].type, "GUILD_DELETE");
	assert_int_equal(events[count - 1].user_id, bob.id);
	assert_int_equal(leave(&bob), ERR_UNKNOWN_GUILD);
}

static int64_t timeout_of(const struct person *who)
{
	return ops_int(&ops, "SELECT timeout_until_ms FROM members WHERE guild_id = %lld AND user_id = %lld",
		       (long long)ops.guild_id, (long long)who->id);
}

static void leaving_and_coming_back_does_not_end_a_time_out(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	const char *code = ops_invite(&ops, &ops.ada, 0);
	int64_t until_ms =
	    ops_int(&ops, "SELECT joined_at_ms + 3600000 FROM members WHERE user_id = %lld", (long long)bob.id);

	(void)state;
	ops_sql(&ops, "UPDATE members SET timeout_until_ms = %lld WHERE user_id = %lld", (long long)until_ms,
		(long long)bob.id);
	assert_int_equal(leave(&bob), ERR_OK);
	assert_op(&ops, &bob, "invite_accept", json_pack("{s:s}", "code", code), ERR_OK);
	assert_int_equal(timeout_of(&bob), until_ms);
	assert_op(&ops, &bob, "message_create",
		  json_pack("{s:I, s:s}", "channel_id", (json_int_t)ops.general_id, "content", "back already"),
		  ERR_MISSING_PERMISSIONS);

	/* One that was lifted meanwhile, or is over, is no more. */
	ops_sql(&ops, "UPDATE members SET timeout_until_ms = NULL");
	assert_int_equal(leave(&bob), ERR_OK);
	assert_op(&ops, &bob, "invite_accept", json_pack("{s:s}", "code", code), ERR_OK);
	assert_int_equal(timeout_of(&bob), 0);
}

static void only_the_owner_deletes_and_types_the_name(void **state)
{
	struct person admin = ops_join(&ops, "admin"), eve = stranger("eve");

	(void)state;
	ops_grant(&ops, &admin, PERM_ADMINISTRATOR);
	assert_int_equal(delete_typing(&admin, "Engine Room"), ERR_MISSING_PERMISSIONS);
	assert_int_equal(delete_typing(&eve, "Engine Room"), ERR_UNKNOWN_GUILD);
	const char *const wrong[] = {"", "engine room", "Engine Roo", "Engine Room!", "%"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_int_equal(delete_typing(&ops.ada, wrong[i]), ERR_INVALID_FORM);
		assert_non_null(ops_complaint(&ops, "name"));
	}
	assert_int_equal(
	    ops_run(&ops, &ops.ada, "guild_delete", json_pack("{s:I}", "guild_id", (json_int_t)ops.guild_id)),
	    ERR_INVALID_FORM);
	assert_int_equal(delete_typing(&ops.ada, " Engine Room "), ERR_OK);
}

static void a_deleted_workspace_is_gone_for_everybody_at_once(void **state)
{
	struct person bob = ops_join(&ops, "bob"), eve = stranger("eve");
	const char *code = ops_invite(&ops, &ops.ada, 0);
	int count;

	(void)state;
	int64_t message_id = ops_message(&ops, &bob, ops.general_id, "hello");
	int64_t before = ops.engine.last_seq;
	assert_int_equal(delete_typing(&ops.ada, "Engine Room"), ERR_OK);
	struct event *events = ops_events(&ops, before, &count);
	assert_int_equal(count, 2);
	for (int i = 0; i < count; i++) {
		assert_string_equal(events[i].type, "GUILD_DELETE");
		assert_int_equal(events[i].seq, before + 1 + i);
		assert_int_equal(events[i].guild_id, 0);
	}
	assert_int_equal(events[0].user_id + events[1].user_id, ops.ada.id + bob.id);
	assert_int_equal(ops.engine.last_seq, before + 2);

	assert_int_equal(delete_typing(&ops.ada, "Engine Room"), ERR_UNKNOWN_GUILD);
	assert_int_equal(update(&ops.ada, ops_json("{'name': 'Back'}")), ERR_UNKNOWN_GUILD);
	assert_int_equal(leave(&bob), ERR_UNKNOWN_GUILD);
	assert_op(&ops, &ops.ada, "invite_create", json_pack("{s:I}", "guild_id", (json_int_t)ops.guild_id),
		  ERR_UNKNOWN_GUILD);
	assert_op(&ops, &eve, "invite_accept", json_pack("{s:s}", "code", code), ERR_UNKNOWN_INVITE);
	assert_op(&ops, &ops.ada, "message_create",
		  json_pack("{s:I, s:s}", "channel_id", (json_int_t)ops.general_id, "content", "still here?"),
		  ERR_UNKNOWN_CHANNEL);
	assert_op(
	    &ops, &bob, "message_delete",
	    json_pack("{s:I, s:I}", "channel_id", (json_int_t)ops.general_id, "message_id", (json_int_t)message_id),
	    ERR_UNKNOWN_CHANNEL);
	assert_op(&ops, &ops.ada, "channel_create",
		  json_pack("{s:I, s:s}", "guild_id", (json_int_t)ops.guild_id, "name", "more"), ERR_UNKNOWN_GUILD);
	assert_int_equal(create(&ops.ada, "Engine Room"), ERR_OK); /* the name is free, as names are nobody's */
}

/* The smallest file that passes for a picture. */
static const char *picture(const char *mark)
{
	unsigned char bytes[32] = "RIFF\x18\0\0\0WEBPVP8 ";
	char *text = arena_alloc(&ops.arena, 64);

	memcpy(bytes + 20, mark, strlen(mark));
	(void)base64url_encode(bytes, sizeof bytes, text);
	return text;
}

static int64_t picture_count(void)
{
	return ops_int(&ops, "SELECT count(*) FROM pictures");
}

static void an_icon_is_kept_as_long_as_a_workspace_has_it(void **state)
{
	(void)state;
	assert_int_equal(update(&ops.ada, ops_json("{'picture': 'bm8gcGljdHVyZQ'}")), ERR_BAD_PICTURE);
	assert_int_equal(update(&ops.ada, json_pack("{s:s}", "picture", picture("one"))), ERR_OK);
	const char *icon = ops_text(&ops, "SELECT icon FROM guilds");
	assert_string_equal(json_text(json_object_get(ops.result, "guild"), "icon"), icon);
	assert_int_equal(picture_count(), 1);
	assert_int_equal(update(&ops.ada, json_pack("{s:s}", "name", "Galley")), ERR_OK);
	assert_string_equal(ops_text(&ops, "SELECT icon FROM guilds"), icon);

	assert_op(&ops, &ops.ada, "guild_create", json_pack("{s:s, s:s}", "name", "Second", "picture", picture("one")),
		  ERR_OK);
	assert_string_equal(json_text(json_object_get(ops.result, "guild"), "icon"), icon);
	assert_int_equal(picture_count(), 1);
	assert_int_equal(update(&ops.ada, json_pack("{s:s}", "picture", picture("two"))), ERR_OK);
	assert_int_equal(picture_count(), 2); /* the second workspace has the first still */
	assert_int_equal(update(&ops.ada, ops_json("{'picture': null}")), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM guilds WHERE icon IS NULL"), 1);
	assert_int_equal(picture_count(), 1);

	assert_int_equal(update(&ops.ada, json_pack("{s:s}", "picture", picture("two"))), ERR_OK);
	assert_int_equal(picture_count(), 2);
	assert_int_equal(delete_typing(&ops.ada, "Galley"), ERR_OK);
	assert_int_equal(picture_count(), 1);
}

/* A group shows no workspace, so its people are told of its end by itself. */
static void groups_and_bots_of_a_workspace_go_with_it(void **state)
{
	struct person bob = ops_join(&ops, "bob"), kim = ops_join(&ops, "kim");
	int count, told = 0;

	(void)state;
	assert_op(&ops, &ops.ada, "bot_create",
		  json_pack("{s:I, s:s, s:s}", "guild_id", (json_int_t)ops.guild_id, "username", "robot", "digest",
			    ops_digest(&ops)),
		  ERR_OK);
	int64_t bot_id = ops_result_id(&ops, "user", "id");
	for (int i = 0; i < 2; i++) {
		ops_sql(&ops,
			"INSERT INTO channels (id, home_guild_id, owner_id, type, name) VALUES (%d, %lld, %lld, 3, '')",
			500 + i, (long long)ops.guild_id, (long long)ops.ada.id);
		const struct person *people[] = {&ops.ada, &bob, &kim};
		for (int j = 0; j < 3; j++)
			ops_sql(&ops,
				"INSERT INTO channel_members (channel_id, user_id, joined_at_ms) VALUES (%d, %lld, 1)",
				500 + i, (long long)people[j]->id);
	}
	int64_t before = ops.engine.last_seq;
	assert_int_equal(delete_typing(&ops.ada, "Engine Room"), ERR_OK);
	struct event *events = ops_events(&ops, before, &count);
	for (int i = 0; i < count; i++)
		told += strcmp(events[i].type, "CHANNEL_DELETE") == 0 && events[i].user_id != 0 &&
			events[i].channel_id == 0;
	assert_int_equal(told, 6);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM channels WHERE deleted_at_ms IS NULL"), 0);
	assert_op(&ops, &bob, "message_create", ops_json("{'channel_id': 500, 'content': 'still here?'}"),
		  ERR_UNKNOWN_CHANNEL);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM sessions WHERE user_id = %lld AND ended_at_ms IS NULL",
				 (long long)bot_id),
			 0);
}

/* What was said in it leaves the disk, event log included; other workspaces keep everything. */
static void what_a_deleted_workspace_held_goes_in_small_portions(void **state)
{
	struct person bob = ops_join(&ops, "bob"), eve = stranger("eve");

	(void)state;
	ops.is_quick = true;
	int64_t guild_id = ops.guild_id, general_id = ops.general_id;
	for (int i = 0; i < 450; i++)
		(void)ops_message(&ops, &bob, general_id, "zanzibar");
	for (int i = 0; i < 1200; i++)
		ops_sql(&ops,
			"INSERT INTO audit_log (id, guild_id, actor_id, action, changes) VALUES (%d, %lld, 1, 1, '[]')",
			i + 1, (long long)guild_id);
	ops_sql(&ops, "INSERT INTO bans (guild_id, user_id, created_at_ms) VALUES (%lld, %lld, 1)", (long long)guild_id,
		(long long)eve.id);
	assert_int_equal(create(&eve, "Elsewhere"), ERR_OK);
	int64_t other_channel = ops_result_id(&ops, NULL, "channel_id");
	(void)ops_message(&ops, &eve, other_channel, "zanzibar too");
	int64_t others_roles = ops_int(&ops, "SELECT count(*) FROM roles WHERE guild_id <> %lld", (long long)guild_id);

	assert_int_equal(delete_typing(&ops.ada, "Engine Room"), ERR_OK);
	assert_true(purge() >= 6);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages WHERE channel_id = %lld", (long long)general_id),
			 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM events WHERE payload LIKE '%%\"zanzibar\"%%'"), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM events WHERE payload LIKE '%%zanzibar too%%'"), 1);
	static const char *const tables[] = {"members", "member_roles", "roles", "bans", "invites", "audit_log"};
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		assert_int_equal(
		    ops_int(&ops, "SELECT count(*) FROM %s WHERE guild_id = %lld", tables[i], (long long)guild_id), 0);
	assert_int_equal(
	    ops_int(&ops, "SELECT count(*) FROM channel_members WHERE channel_id = %lld", (long long)general_id), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM guilds WHERE name = '' AND is_purged = 1"), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM roles"), others_roles);
	assert_int_equal(purge(), 1);
}

/* A whole workspace in one event: as large as roles and names may make it. */
static void the_event_of_the_largest_workspace_has_room(void **state)
{
	const char *name = ops_repeat(&ops, "\U0001f600", 100);
	int count;

	(void)state;
	for (int i = 0; i < ROLES_OF_A_GUILD_MAX; i++)
		ops_sql(
		    &ops,
		    "INSERT INTO roles (id, guild_id, name, permissions, position) VALUES (%d, %lld, '%s', %lld, 9)",
		    i + 1, (long long)ops.guild_id, name, (long long)PERM_ALL);
	for (int i = 0; i < EMOJIS_MAX; i++)
		ops_sql(&ops,
			"INSERT INTO emojis (id, guild_id, user_id, name, picture) VALUES (%lld, %lld, %lld, "
			"'%s_%03d', '')",
			(long long)(INT64_MAX - i), (long long)ops.guild_id, (long long)ops.ada.id,
			ops_repeat(&ops, "x", EMOJI_CUSTOM_NAME_MAX - 4), i);
	int64_t before = ops.engine.last_seq;
	assert_int_equal(update(&ops.ada, json_pack("{s:s, s:s}", "name", name, "description",
						    ops_repeat(&ops, "\U0001f600", GUILD_DESCRIPTION_MAX))),
			 ERR_OK);
	struct event *events = ops_events(&ops, before, &count);
	assert_true(events[count - 1].payload_n > 100000);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(who_makes_a_workspace_owns_it_with_roles_and_a_channel),
	    SET_UP(a_name_has_two_to_a_hundred_characters),
	    SET_UP(the_configuration_says_who_makes_workspaces_and_how_many),
	    SET_UP(who_manages_the_workspace_renames_and_describes_it),
	    SET_UP(what_changes_nothing_is_no_event_and_no_entry),
	    SET_UP(only_the_owner_hands_the_workspace_over_and_only_to_a_person_in_it),
	    SET_UP(everybody_but_the_owner_leaves),
	    SET_UP(leaving_and_coming_back_does_not_end_a_time_out),
	    SET_UP(only_the_owner_deletes_and_types_the_name),
	    SET_UP(a_deleted_workspace_is_gone_for_everybody_at_once),
	    SET_UP(an_icon_is_kept_as_long_as_a_workspace_has_it),
	    SET_UP(groups_and_bots_of_a_workspace_go_with_it),
	    SET_UP(what_a_deleted_workspace_held_goes_in_small_portions),
	    SET_UP(the_event_of_the_largest_workspace_has_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
