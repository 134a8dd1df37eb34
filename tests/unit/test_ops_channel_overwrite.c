/* Overwrites put and taken one by one or all at once, and the order of channels: who may touch which, and who hears. */
#include "base/ensure.h"
#include "domain/channel/channel.h"
#include "domain/perm.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MEMBER = PERM_TARGET_MEMBER, ROLE = PERM_TARGET_ROLE };

static struct ops ops;
static struct person bob, eve, kim;
static int64_t room_id, bobs_role_id;

/* Bob may change permissions everywhere; his role stands above all but the owner. */
static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	bob = ops_join(&ops, "bob");
	eve = ops_join(&ops, "eve");
	kim = ops_join(&ops, "kim");
	ops_grant(&ops, &bob, PERM_MANAGE_ROLES | PERM_MANAGE_CHANNELS);
	bobs_role_id = ops_int(&ops, "SELECT max(id) FROM roles");
	room_id = ops_channel(&ops, &ops.ada, "room");
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static enum err put(const struct person *who, int64_t target_id, int type, uint64_t allow, uint64_t deny)
{
	return ops_run(&ops, who, "overwrite_put",
		       json_pack("{s:I, s:I, s:i, s:I, s:I}", "channel_id", (json_int_t)room_id, "target_id",
				 (json_int_t)target_id, "type", type, "allow", (json_int_t)allow, "deny",
				 (json_int_t)deny));
}

static enum err take(const struct person *who, int64_t target_id)
{
	return ops_run(&ops, who, "overwrite_delete",
		       json_pack("{s:I, s:I}", "channel_id", (json_int_t)room_id, "target_id", (json_int_t)target_id));
}

static uint64_t bits_of(const struct person *who)
{
	uint64_t bits;
	enum err err = perm_of_channel(ops.engine.db, &ops.arena, room_id, who->id, &bits);

	ensure(err == ERR_OK || err == ERR_UNKNOWN_CHANNEL);
	return bits;
}

static bool is_in(const struct person *who)
{
	return ops_int(&ops, "SELECT count(*) FROM channel_members WHERE channel_id = %lld AND user_id = %lld",
		       (long long)room_id, (long long)who->id) > 0;
}

/* The types of the events after a seq that go to this person alone, or to all for who NULL, one after the other. */
static const char *told(const struct person *who, int64_t after)
{
	struct buf *text = buf_in_arena(&ops.arena);
	int count;
	const struct event *events = ops_events(&ops, after, &count);

	buf_puts(text, "");
	for (int i = 0; i < count; i++) {
		if (strncmp(events[i].type, "CHANNEL_", 8) == 0 && events[i].user_id == (who != NULL ? who->id : 0))
			buf_printf(text, "%s ", events[i].type);
	}
	return text->n == 0 ? "" : text->p;
}

static void an_overwrite_is_put_changed_and_taken(void **state)
{
	(void)state;
	assert_int_equal(put(&bob, eve.id, MEMBER, 0, PERM_SEND_MESSAGES), ERR_OK);
	assert_false(perm_has(bits_of(&eve), PERM_SEND_MESSAGES));
	assert_int_equal(put(&bob, eve.id, MEMBER, PERM_SEND_MESSAGES, PERM_ADD_REACTIONS), ERR_OK);
	assert_true(perm_has(bits_of(&eve), PERM_SEND_MESSAGES));
	assert_false(perm_has(bits_of(&eve), PERM_ADD_REACTIONS));
	assert_int_equal(take(&bob, eve.id), ERR_OK);
	assert_int_equal(take(&bob, eve.id), ERR_UNKNOWN_OVERWRITE);
	/* One that says nothing is kept where it was put. */
	assert_int_equal(put(&bob, eve.id, MEMBER, 0, 0), ERR_OK);
	assert_int_equal(take(&bob, eve.id), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM audit_log WHERE action = 13"), 2);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM audit_log WHERE action = 14"), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM audit_log WHERE action = 15"), 2);
}

static void what_is_there_already_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(put(&bob, eve.id, MEMBER, PERM_SEND_MESSAGES, 0), ERR_OK);
	int64_t seq = ops.engine.last_seq;
	assert_int_equal(put(&bob, eve.id, MEMBER, PERM_SEND_MESSAGES, 0), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
}

struct refusal {
	const char *what;
	uint64_t allow, deny;
	enum err expected;
};

static void nobody_touches_a_bit_that_they_lack(void **state)
{
	static const struct refusal cases[] = {
	    {"to allow it", PERM_BAN_MEMBERS, 0, ERR_MISSING_PERMISSIONS},
	    {"to deny it", 0, PERM_BAN_MEMBERS, ERR_MISSING_PERMISSIONS},
	    {"ADMINISTRATOR", PERM_ADMINISTRATOR, 0, ERR_MISSING_PERMISSIONS},
	    {"a bit that means nothing", PERM(60), 0, ERR_MISSING_PERMISSIONS},
	    {"both at once", PERM_SEND_MESSAGES, PERM_SEND_MESSAGES, ERR_INVALID_FORM},
	    {"one's own", PERM_MANAGE_CHANNELS, 0, ERR_OK},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		enum err err = put(&bob, eve.id, MEMBER, cases[i].allow, cases[i].deny);
		if (err != cases[i].expected)
			fail_msg("%s: %s", cases[i].what, err_info(err)->name);
	}
	assert_int_equal(put(&eve, kim.id, MEMBER, PERM_SEND_MESSAGES, 0), ERR_MISSING_PERMISSIONS);
	/* What an owner denied somebody, who lacks it now, is not theirs to undo. */
	assert_int_equal(put(&ops.ada, ops.guild_id, ROLE, 0, PERM_ATTACH_FILES), ERR_OK);
	assert_int_equal(take(&bob, ops.guild_id), ERR_MISSING_PERMISSIONS);
}

static void nobody_touches_who_stands_as_high(void **state)
{
	(void)state;
	ops_sql(&ops,
		"INSERT INTO roles (id, guild_id, name, permissions, position) VALUES (77, %lld, 'below', 0, 8), "
		"(78, %lld, 'above', 0, 10)",
		(long long)ops.guild_id, (long long)ops.guild_id);
	assert_int_equal(put(&bob, 77, ROLE, PERM_SEND_MESSAGES, 0), ERR_OK);
	assert_int_equal(put(&bob, 78, ROLE, PERM_SEND_MESSAGES, 0), ERR_MISSING_PERMISSIONS);
	assert_int_equal(put(&bob, bobs_role_id, ROLE, PERM_SEND_MESSAGES, 0), ERR_MISSING_PERMISSIONS);
	assert_int_equal(put(&bob, bob.id, MEMBER, PERM_SEND_MESSAGES, 0), ERR_MISSING_PERMISSIONS);
	assert_int_equal(put(&bob, ops.ada.id, MEMBER, 0, PERM_SEND_MESSAGES), ERR_MISSING_PERMISSIONS);
	assert_int_equal(put(&bob, ops.guild_id, ROLE, 0, PERM_ADD_REACTIONS), ERR_OK);
	/* The same in a list, where what stays as it is needs no permission. */
	assert_int_equal(put(&ops.ada, 78, ROLE, PERM_SEND_MESSAGES, 0), ERR_OK);
	json_int_t guild = ops.guild_id, send = PERM_SEND_MESSAGES, react = PERM_ADD_REACTIONS;
	assert_op(&ops, &bob, "channel_update",
		  json_pack("{s:I, s:[{s:i, s:i, s:I}, {s:I, s:i, s:I}]}", "channel_id", (json_int_t)room_id,
			    "permission_overwrites", "id", 78, "type", 0, "allow", send, "id", guild, "type", 0, "deny",
			    react),
		  ERR_OK);
	assert_op(&ops, &bob, "channel_update",
		  json_pack("{s:I, s:[{s:I, s:i, s:I}]}", "channel_id", (json_int_t)room_id, "permission_overwrites",
			    "id", guild, "type", 0, "deny", react),
		  ERR_MISSING_PERMISSIONS);
	/* A role that is gone stands above nobody. */
	ops_sql(&ops, "DELETE FROM roles WHERE id = 78");
	assert_int_equal(take(&bob, 78), ERR_OK);
	assert_int_equal(put(&bob, 4711, ROLE, PERM_SEND_MESSAGES, 0), ERR_UNKNOWN_ROLE);
	assert_int_equal(put(&bob, 4711, MEMBER, PERM_SEND_MESSAGES, 0), ERR_UNKNOWN_MEMBER);
}

static void shutting_everyone_out_takes_them_out_and_tells_them(void **state)
{
	(void)state;
	(void)ops_message(&ops, &eve, room_id, "I am in it");
	assert_true(is_in(&eve));
	int64_t before = ops.engine.last_seq;
	assert_int_equal(put(&ops.ada, ops.guild_id, ROLE, 0, PERM_VIEW_CHANNEL), ERR_OK);
	assert_int_equal(bits_of(&eve), 0);
	assert_false(is_in(&eve));
	assert_true(is_in(&ops.ada));
	assert_string_equal(told(&eve, before), "CHANNEL_DELETE ");
	assert_string_equal(told(&kim, before), "CHANNEL_DELETE ");
	assert_string_equal(told(&ops.ada, before), "");
	assert_string_equal(told(NULL, before), "CHANNEL_UPDATE CHANNEL_MEMBER_REMOVE ");
	before = ops.engine.last_seq;
	assert_int_equal(take(&ops.ada, ops.guild_id), ERR_OK);
	assert_string_equal(told(&eve, before), "CHANNEL_CREATE ");
	assert_string_equal(told(&ops.ada, before), "");
	assert_false(is_in(&eve));
}

static void an_overwrite_that_lets_into_a_private_channel_is_a_place_in_it(void **state)
{
	(void)state;
	assert_int_equal(put(&ops.ada, ops.guild_id, ROLE, 0, PERM_VIEW_CHANNEL), ERR_OK);
	assert_int_equal(put(&ops.ada, eve.id, MEMBER, PERM_VIEW_CHANNEL, 0), ERR_OK);
	assert_true(is_in(&eve));
	assert_int_equal(put(&ops.ada, eve.id, MEMBER, PERM_SEND_MESSAGES, 0), ERR_OK);
	assert_false(is_in(&eve));
	assert_int_equal(bits_of(&eve), 0);
	/* Nobody is added whose overwrite says something else. */
	assert_int_equal(put(&ops.ada, kim.id, MEMBER, PERM_SEND_MESSAGES, 0), ERR_OK);
	assert_false(is_in(&kim));
}

static int64_t position_of(int64_t channel_id)
{
	return ops_int(&ops, "SELECT position FROM channels WHERE id = %lld", (long long)channel_id);
}

static enum err order(const struct person *who, json_t *items)
{
	return ops_run(&ops, who, "channel_order",
		       json_pack("{s:I, s:o}", "guild_id", (json_int_t)ops.guild_id, "items", items));
}

static void the_order_changes_as_a_whole(void **state)
{
	int64_t other_id = ops_channel(&ops, &ops.ada, "other"), before = ops.engine.last_seq;
	const long long other = other_id, room = room_id;
	const char *const bad[] = {
	    "[7]",
	    "[{}]",
	    "[{'id': 1}]",
	    arena_printf(&ops.arena, "[{'id': '%lld', 'position': -1}]", other),
	    arena_printf(&ops.arena, "[{'id': '%lld', 'position': 'x'}]", other),
	    arena_printf(&ops.arena, "[{'id': '%lld', 'parent_id': '%lld'}]", other, room),
	};

	(void)state;
	assert_int_equal(order(&bob, json_pack("[{s:I, s:i}, {s:I, s:i}]", "id", (json_int_t)room_id, "position", 9,
					       "id", (json_int_t)other_id, "position", 8)),
			 ERR_OK);
	assert_int_equal(position_of(room_id), 9);
	assert_string_equal(told(NULL, before), "CHANNEL_UPDATE CHANNEL_UPDATE ");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		json_t *outer = ops_json("{'items': %s}", bad[i]), *list = json_object_get(outer, "items");
		ensure(json_array_insert_new(list, 0,
					     json_pack("{s:I, s:i}", "id", (json_int_t)room_id, "position", 1)) == 0);
		enum err err = order(&bob, json_incref(list));
		json_decref(outer);
		if (err != ERR_INVALID_FORM && err != ERR_UNKNOWN_CHANNEL)
			fail_msg("%s: %s", bad[i], err_info(err)->name);
		assert_int_equal(position_of(room_id), 9);
	}
	assert_int_equal(order(&bob, json_object()), ERR_INVALID_FORM);
	assert_int_equal(order(&eve, json_array()), ERR_MISSING_PERMISSIONS);
	/* One that hides from bob is none to him. */
	assert_int_equal(put(&ops.ada, ops.guild_id, ROLE, 0, PERM_VIEW_CHANNEL), ERR_OK);
	assert_int_equal(order(&bob, json_pack("[{s:I, s:i}]", "id", (json_int_t)room_id, "position", 1)),
			 ERR_UNKNOWN_CHANNEL);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(an_overwrite_is_put_changed_and_taken),
	    SET_UP(what_is_there_already_changes_nothing),
	    SET_UP(nobody_touches_a_bit_that_they_lack),
	    SET_UP(nobody_touches_who_stands_as_high),
	    SET_UP(shutting_everyone_out_takes_them_out_and_tells_them),
	    SET_UP(an_overwrite_that_lets_into_a_private_channel_is_a_place_in_it),
	    SET_UP(the_order_changes_as_a_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
