/* Roles as the store applies them: what they can be given, who stands above whom, and that nobody gives what they lack.
 */
#include "base/ensure.h"
#include "domain/audit/audit.h"
#include "domain/perm.h"
#include "domain/role/role.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static json_t *with(json_t *more, const char *key, int64_t id)
{
	json_t *in = more != NULL ? more : json_object();

	ensure(json_object_set_new(in, key, json_integer(id)) == 0);
	return in;
}

static enum err create(const struct person *who, json_t *more)
{
	return ops_run(&ops, who, "role_create", with(more, "guild_id", ops.guild_id));
}

static enum err update(const struct person *who, int64_t role_id, json_t *more)
{
	return ops_run(&ops, who, "role_update", with(with(more, "guild_id", ops.guild_id), "role_id", role_id));
}

static enum err delete_role(const struct person *who, int64_t role_id)
{
	return ops_run(&ops, who, "role_delete", with(with(NULL, "guild_id", ops.guild_id), "role_id", role_id));
}

static enum err move(const struct person *who, const char *items)
{
	return ops_run(&ops, who, "role_move",
		       ops_json("{'guild_id': '%lld', 'items': %s}", (long long)ops.guild_id, items));
}

static enum err move_one(const struct person *who, int64_t role_id, int position)
{
	return move(who, arena_printf(&ops.arena, "[{'id': '%lld', 'position': %d}]", (long long)role_id, position));
}

/* A role above all that there are, made behind the back of the rules. */
static int64_t role_at_the_top(const char *name, uint64_t bits)
{
	int64_t id = ops_int(&ops, "SELECT max(id) + 1 FROM roles");

	ops_sql(&ops,
		"INSERT INTO roles (id, guild_id, name, permissions, position) SELECT %lld, %lld, '%s', %lld, "
		"max(position) + 1 "
		"FROM roles",
		(long long)id, (long long)ops.guild_id, name, (long long)bits);
	return id;
}

static void give(const struct person *who, int64_t role_id)
{
	ops_sql(&ops, "INSERT INTO member_roles (guild_id, user_id, role_id) VALUES (%lld, %lld, %lld)",
		(long long)ops.guild_id, (long long)who->id, (long long)role_id);
}

static int64_t role_named(const char *name)
{
	return ops_int(&ops, "SELECT id FROM roles WHERE guild_id = %lld AND name = '%s'", (long long)ops.guild_id,
		       name);
}

/* "Admin Moderator Member": from above, without @everyone. */
static const char *order(void)
{
	return ops_text(
	    &ops,
	    "SELECT group_concat(name, ' ') FROM (SELECT name FROM roles WHERE guild_id = %lld AND id <> %lld "
	    "ORDER BY position DESC, id)",
	    (long long)ops.guild_id, (long long)ops.guild_id);
}

static const struct event *last_event(const char *type)
{
	int count;
	struct event *list = ops_events(&ops, 0, &count);

	while (count-- > 0) {
		if (strcmp(list[count].type, type) == 0)
			return &list[count];
	}
	fail_msg("no %s", type);
	return NULL;
}

static int64_t events_of(const char *type)
{
	return ops_int(&ops, "SELECT count(*) FROM events WHERE type = '%s'", type);
}

static void a_role_begins_with_what_everyone_may_and_stands_lowest(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "role_create", with(NULL, "guild_id", ops.guild_id), ERR_OK);
	const json_t *role = json_object_get(ops.result, "role");
	assert_string_equal(json_text(role, "name"), "new role");
	assert_string_equal(json_text(role, "permissions"),
			    arena_printf(&ops.arena, "%llu", (unsigned long long)PERM_EVERYONE_INITIAL));
	assert_int_equal(json_int(role, "position"), 1);
	assert_string_equal(order(), "Admin Moderator Member new role");
	const struct event *event = last_event("GUILD_ROLE_CREATE");
	assert_int_equal(event->guild_id, ops.guild_id);
	assert_non_null(strstr(event->payload, "\"role\":{\"id\""));
	assert_int_equal(
	    ops_int(&ops, "SELECT count(*) FROM audit_log WHERE action = 30 AND target_id = %lld AND actor_id = %lld",
		    (long long)json_id(role, "id"), (long long)ops.ada.id),
	    1);
}

static void bits_that_mean_nothing_are_dropped(void **state)
{
	(void)state;
	assert_int_equal(create(&ops.ada, ops_json("{'permissions': '18446744073709551615'}")), ERR_OK);
	assert_string_equal(json_text(json_object_get(ops.result, "role"), "permissions"),
			    arena_printf(&ops.arena, "%llu", (unsigned long long)PERM_ALL));
}

static void what_a_role_cannot_be_is_refused(void **state)
{
	static const struct {
		const char *in, *field;
	} cases[] = {
	    {"{'name': ''}", "name"},
	    {"{'name': '   '}", "name"},
	    {"{'name': 'a\\nb'}", "name"},
	    {"{'color': 16777216}", "color"},
	    {"{'color': -1}", "color"},
	    {"{'colors': {'primary_color': 16777216}}", "colors"},
	    {"{'colors': {'primary_color': 'red'}}", "colors"},
	    {"{'permissions': '-1'}", "permissions"},
	    {"{'permissions': 'all'}", "permissions"},
	    {"{'hoist': 'yes'}", "hoist"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(create(&ops.ada, ops_json("%s", cases[i].in)), ERR_INVALID_FORM);
		assert_non_null(ops_complaint(&ops, cases[i].field));
		assert_int_equal(update(&ops.ada, role_named("Member"), ops_json("%s", cases[i].in)), ERR_INVALID_FORM);
	}
	json_t *in = json_pack("{s:s}", "name", ops_repeat(&ops, "\xc3\xa9", ROLE_NAME_MAX + 1));
	assert_int_equal(create(&ops.ada, in), ERR_INVALID_FORM);
	in = json_pack("{s:s}", "name", ops_repeat(&ops, "\xc3\xa9", ROLE_NAME_MAX));
	assert_int_equal(create(&ops.ada, in), ERR_OK);
}

static void what_is_absent_or_null_stays_and_what_is_the_same_is_no_change(void **state)
{
	int64_t role_id = role_named("Moderator");

	(void)state;
	assert_int_equal(
	    update(&ops.ada, role_id, ops_json("{'name': null, 'color': 255, 'hoist': true, 'permissions': null}")),
	    ERR_OK);
	const json_t *role = json_object_get(ops.result, "role");
	assert_string_equal(json_text(role, "name"), "Moderator");
	assert_int_equal(json_int(role, "color"), 255);
	assert_int_equal(json_int(json_object_get(role, "colors"), "primary_color"), 255);
	assert_true(json_flag(role, "hoist"));
	int64_t before = events_of("GUILD_ROLE_UPDATE"), lines = ops_int(&ops, "SELECT count(*) FROM audit_log");
	assert_int_equal(update(&ops.ada, role_id, ops_json("{'color': 255, 'hoist': true}")), ERR_OK);
	assert_int_equal(events_of("GUILD_ROLE_UPDATE"), before);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM audit_log"), lines);
	assert_string_equal(ops_text(&ops, "SELECT changes FROM audit_log WHERE action = 31 ORDER BY id DESC LIMIT 1"),
			    "[{\"key\":\"color\",\"old_value\":0,\"new_value\":255},"
			    "{\"key\":\"hoist\",\"old_value\":false,\"new_value\":true}]");
}

/* Bob manages roles from a role in the middle: Admin > top > bob's > below > Member. */
struct ladder {
	struct person bob;
	int64_t top, his, below;
};

static struct ladder ladder(uint64_t bits)
{
	struct ladder ladder = {.bob = ops_join(&ops, "bob")};

	ladder.below = role_at_the_top("below", 0);
	ladder.his = role_at_the_top("his", bits | PERM_MANAGE_ROLES);
	ladder.top = role_at_the_top("top", 0);
	give(&ladder.bob, ladder.his);
	return ladder;
}

static void only_what_stands_strictly_lower_is_managed(void **state)
{
	struct ladder at = ladder(0);
	const int64_t out_of_reach[] = {at.top, at.his};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(update(&at.bob, out_of_reach[i], ops_json("{'name': 'mine'}")),
				 ERR_MISSING_PERMISSIONS);
		assert_int_equal(delete_role(&at.bob, out_of_reach[i]), ERR_MISSING_PERMISSIONS);
	}
	assert_int_equal(update(&at.bob, at.below, ops_json("{'name': 'mine'}")), ERR_OK);
	/* @everyone stands below him, too. */
	assert_int_equal(
	    update(&at.bob, ops.guild_id,
		   ops_json("{'permissions': '%llu'}", (unsigned long long)(PERM_EVERYONE_INITIAL & ~PERM_SPEAK))),
	    ERR_OK);
	assert_int_equal(delete_role(&at.bob, at.below), ERR_OK);
}

static void of_two_in_one_position_the_older_stands_above(void **state)
{
	struct ladder at = ladder(0);

	(void)state;
	ops_sql(&ops, "UPDATE roles SET position = 7 WHERE id IN (%lld, %lld, %lld)", (long long)at.below,
		(long long)at.his, (long long)at.top);
	assert_int_equal(update(&at.bob, at.below, ops_json("{'name': 'x'}")), ERR_MISSING_PERMISSIONS);
	assert_int_equal(update(&at.bob, at.top, ops_json("{'name': 'x'}")), ERR_OK);
}

static void who_lacks_manage_roles_or_is_out_changes_nothing(void **state)
{
	struct person eve = ops_join(&ops, "eve"), late = ops_join(&ops, "late");
	int64_t member = role_named("Member");

	(void)state;
	ops_grant(&ops, &eve, PERM_ALL & ~(PERM_MANAGE_ROLES | PERM_ADMINISTRATOR));
	ops_grant(&ops, &late, PERM_MANAGE_ROLES);
	ops_sql(&ops, "UPDATE members SET timeout_until_ms = 9999999999999 WHERE user_id = %lld", (long long)late.id);
	const struct person *lacking[] = {&eve, &late};
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(create(lacking[i], NULL), ERR_MISSING_PERMISSIONS);
		assert_int_equal(update(lacking[i], member, ops_json("{'name': 'x'}")), ERR_MISSING_PERMISSIONS);
		assert_int_equal(delete_role(lacking[i], member), ERR_MISSING_PERMISSIONS);
		assert_int_equal(move_one(lacking[i], member, 2), ERR_MISSING_PERMISSIONS);
	}
	ops_sql(&ops, "DELETE FROM members WHERE user_id = %lld", (long long)late.id);
	assert_int_equal(create(&late, NULL), ERR_UNKNOWN_GUILD);
	assert_int_equal(update(&late, member, ops_json("{'name': 'x'}")), ERR_UNKNOWN_GUILD);
	assert_int_equal(delete_role(&late, member), ERR_UNKNOWN_GUILD);
	assert_int_equal(move_one(&late, member, 2), ERR_UNKNOWN_GUILD);
	assert_op(&ops, NULL, "role_create", with(NULL, "guild_id", ops.guild_id), ERR_UNAUTHORIZED);
}

static void nobody_gives_or_takes_a_bit_that_they_lack(void **state)
{
	struct ladder at = ladder(PERM_MANAGE_MESSAGES);
	unsigned long long has = PERM_MANAGE_MESSAGES, lacks = PERM_BAN_MEMBERS;

	(void)state;
	assert_int_equal(create(&at.bob, ops_json("{'permissions': '%llu'}", lacks)), ERR_MISSING_PERMISSIONS);
	assert_int_equal(create(&at.bob, ops_json("{'permissions': '%llu'}", (unsigned long long)PERM_ADMINISTRATOR)),
			 ERR_MISSING_PERMISSIONS);
	assert_int_equal(create(&at.bob, ops_json("{'permissions': '%llu'}", has)), ERR_OK);
	assert_int_equal(update(&at.bob, at.below, ops_json("{'permissions': '%llu'}", has | lacks)),
			 ERR_MISSING_PERMISSIONS);
	assert_int_equal(update(&at.bob, at.below, ops_json("{'permissions': '%llu'}", has)), ERR_OK);
	/* What somebody above him gave stays there, and he changes the rest beside it. */
	assert_int_equal(update(&ops.ada, at.below, ops_json("{'permissions': '%llu'}", lacks)), ERR_OK);
	assert_int_equal(update(&at.bob, at.below, ops_json("{'permissions': '0'}")), ERR_MISSING_PERMISSIONS);
	assert_int_equal(update(&at.bob, at.below, ops_json("{'permissions': '%llu', 'name': 'y'}", has | lacks)),
			 ERR_OK);
	assert_int_equal(
	    update(&at.bob, ops.guild_id, ops_json("{'permissions': '%llu'}", PERM_EVERYONE_INITIAL | lacks)),
	    ERR_MISSING_PERMISSIONS);
}

static void an_administrator_gives_everything_to_those_below(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	int64_t role_id = role_at_the_top("boss", PERM_ADMINISTRATOR);

	(void)state;
	give(&bob, role_id);
	assert_int_equal(create(&bob, ops_json("{'permissions': '%llu'}", (unsigned long long)PERM_ALL)), ERR_OK);
	assert_int_equal(update(&bob, role_id, ops_json("{'name': 'x'}")), ERR_MISSING_PERMISSIONS);
	assert_int_equal(update(&ops.ada, role_id, ops_json("{'name': 'x'}")), ERR_OK);
}

static void everyone_is_not_deleted_renamed_or_moved(void **state)
{
	(void)state;
	assert_int_equal(delete_role(&ops.ada, ops.guild_id), ERR_INVALID_ROLE);
	assert_int_equal(update(&ops.ada, ops.guild_id, ops_json("{'name': 'all'}")), ERR_INVALID_ROLE);
	assert_int_equal(move_one(&ops.ada, ops.guild_id, 1), ERR_INVALID_ROLE);
	/* As Discord's libraries send it. */
	assert_int_equal(update(&ops.ada, ops.guild_id, ops_json("{'name': '@everyone', 'permissions': '1024'}")),
			 ERR_OK);
	assert_int_equal(move_one(&ops.ada, ops.guild_id, 0), ERR_OK);
}

static void a_role_of_another_workspace_is_unknown(void **state)
{
	int64_t role_id = role_named("Member");

	(void)state;
	ops_sql(&ops, "INSERT INTO guilds (id, owner_id, name) VALUES (5, %lld, 'Other')", (long long)ops.ada.id);
	ops_sql(&ops, "UPDATE roles SET guild_id = 5 WHERE id = %lld", (long long)role_id);
	assert_int_equal(update(&ops.ada, role_id, ops_json("{'name': 'x'}")), ERR_UNKNOWN_ROLE);
	assert_int_equal(delete_role(&ops.ada, role_id), ERR_UNKNOWN_ROLE);
	assert_int_equal(move_one(&ops.ada, role_id, 1), ERR_UNKNOWN_ROLE);
}

static void there_are_250_roles_at_most(void **state)
{
	(void)state;
	for (int i = (int)ops_int(&ops, "SELECT count(*) FROM roles"); i < ROLES_MAX; i++)
		ops_sql(&ops,
			"INSERT INTO roles (id, guild_id, name, permissions, position) VALUES (%d, %lld, 'r', 0, 1)", i,
			(long long)ops.guild_id);
	assert_int_equal(create(&ops.ada, NULL), ERR_TOO_MANY_ROLES);
	ops_sql(&ops, "DELETE FROM roles WHERE id = 100");
	assert_int_equal(create(&ops.ada, NULL), ERR_OK);
}

static void a_deleted_role_is_gone_from_members_and_channels(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	int64_t role_id = role_named("Moderator"), other_id = role_named("Member");

	(void)state;
	give(&bob, role_id);
	give(&bob, other_id);
	for (int i = 0; i < 2; i++)
		ops_sql(&ops, "INSERT INTO overwrites VALUES (%lld, %lld, 0, 0, 2048)", (long long)ops.general_id,
			(long long)(i == 0 ? role_id : other_id));
	assert_int_equal(delete_role(&ops.ada, role_id), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM member_roles WHERE role_id = %lld", (long long)role_id),
			 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM overwrites WHERE target_id = %lld", (long long)role_id),
			 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM member_roles WHERE role_id = %lld", (long long)other_id),
			 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM overwrites WHERE target_id = %lld", (long long)other_id),
			 1);
	assert_string_equal(last_event("GUILD_ROLE_DELETE")->payload,
			    arena_printf(&ops.arena, "{\"guild_id\":\"%lld\",\"role_id\":\"%lld\"}",
					 (long long)ops.guild_id, (long long)role_id));
	assert_non_null(strstr(ops_text(&ops, "SELECT changes FROM audit_log WHERE action = 32"), "Moderator"));
	/* Who sees the channel hears what it says now, after the role is gone. */
	const struct event *update = last_event("CHANNEL_UPDATE");
	assert_int_equal(update->channel_id, ops.general_id);
	assert_true(update->seq > last_event("GUILD_ROLE_DELETE")->seq);
	assert_null(strstr(update->payload, arena_printf(&ops.arena, "%lld", (long long)role_id)));
	assert_int_equal(delete_role(&ops.ada, role_id), ERR_UNKNOWN_ROLE);
}

static void roles_are_moved_to_where_they_are_asked(void **state)
{
	int64_t member = role_named("Member"), moderator = role_named("Moderator"), admin = role_named("Admin");

	(void)state;
	assert_string_equal(order(), "Admin Moderator Member");
	assert_int_equal(move_one(&ops.ada, member, 3), ERR_OK);
	assert_string_equal(order(), "Member Admin Moderator");
	assert_int_equal(move_one(&ops.ada, member, 2), ERR_OK);
	assert_string_equal(order(), "Admin Member Moderator");
	assert_int_equal(move_one(&ops.ada, admin, 1), ERR_OK);
	assert_string_equal(order(), "Member Moderator Admin");
	/* The whole list, @everyone included, as discord.js sends it. */
	assert_int_equal(
	    move(&ops.ada,
		 arena_printf(&ops.arena,
			      "[{'id': '%lld', 'position': 0}, {'id': %lld, 'position': 1}, {'id': '%lld', "
			      "'position': 2}, {'id': '%lld', 'position': 3}]",
			      (long long)ops.guild_id, (long long)member, (long long)moderator, (long long)admin)),
	    ERR_OK);
	assert_string_equal(order(), "Admin Moderator Member");
	assert_int_equal(json_array_size(json_object_get(ops.result, "roles")), 4);
	assert_int_equal(ops_int(&ops, "SELECT count(DISTINCT position) FROM roles"), 4);
}

static void roles_in_one_position_come_apart_when_they_are_moved(void **state)
{
	(void)state;
	assert_int_equal(create(&ops.ada, ops_json("{'name': 'A'}")), ERR_OK);
	assert_int_equal(create(&ops.ada, ops_json("{'name': 'B'}")), ERR_OK);
	assert_string_equal(order(), "Admin Moderator Member A B");
	assert_int_equal(move_one(&ops.ada, role_named("B"), 2), ERR_OK);
	assert_string_equal(order(), "Admin B Moderator Member A");
	assert_string_equal(
	    ops_text(&ops, "SELECT group_concat(position, ' ') FROM (SELECT position FROM roles ORDER BY 1)"),
	    "0 1 2 3 4 5");
}

static void what_is_no_order_is_refused(void **state)
{
	static const char *const cases[] = {
	    "null",
	    "{}",
	    "'x'",
	    "[7]",
	    "[{}]",
	    "[{'id': 'x', 'position': 1}]",
	    "[{'id': '1', 'position': 'up'}]",
	    "[{'id': '1', 'position': -1}]",
	    "[{'id': '1', 'position': 251}]",
	    "[{'id': '1', 'position': 1.5}]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(move(&ops.ada, cases[i]), ERR_INVALID_FORM);
	assert_int_equal(move_one(&ops.ada, role_named("Member"), 0), ERR_INVALID_FORM);
	long long id = role_named("Member");
	assert_int_equal(
	    move(&ops.ada,
		 arena_printf(&ops.arena, "[{'id': '%lld', 'position': 1}, {'id': '%lld', 'position': 2}]", id, id)),
	    ERR_INVALID_FORM);
	assert_int_equal(move_one(&ops.ada, 12345, 1), ERR_UNKNOWN_ROLE);
	assert_int_equal(move(&ops.ada, "[]"), ERR_OK);
	assert_int_equal(move(&ops.ada, arena_printf(&ops.arena, "[{'id': '%lld', 'position': null}]", id)), ERR_OK);
}

static void nothing_is_moved_to_ones_own_height_or_from_there(void **state)
{
	struct ladder at = ladder(0);

	(void)state;
	assert_string_equal(order(), "top his below Admin Moderator Member");
	assert_int_equal(move_one(&at.bob, at.below, 5), ERR_MISSING_PERMISSIONS);
	assert_int_equal(move_one(&at.bob, at.below, 6), ERR_MISSING_PERMISSIONS);
	assert_int_equal(move_one(&at.bob, at.his, 6), ERR_MISSING_PERMISSIONS);
	assert_int_equal(move_one(&at.bob, at.his, 1), ERR_MISSING_PERMISSIONS);
	assert_int_equal(move_one(&at.bob, at.top, 1), ERR_MISSING_PERMISSIONS);
	assert_int_equal(move_one(&at.bob, at.below, 1), ERR_OK);
	assert_string_equal(order(), "top his Admin Moderator Member below");
	assert_int_equal(move_one(&at.bob, at.below, 4), ERR_OK);
	assert_string_equal(order(), "top his below Admin Moderator Member");
}

/* Whatever somebody asks for: what stands at their height and above is as it was, and the order is a permutation. */
static void random_orders_never_reach_above_who_asks(void **state)
{
	struct ladder at = ladder(0);
	struct ops_random random = {.state = 3};
	enum { ROUNDS = 400 };
	int accepted = 0;

	(void)state;
	ops.is_quick = true;
	for (int i = 0; i < ROUNDS; i++) {
		struct buf *items = buf_in_arena(&ops.arena);
		const char *above =
		    ops_text(&ops, "SELECT group_concat(id) FROM (SELECT id FROM roles WHERE position > 0 "
				   "ORDER BY position DESC, id LIMIT 2)");
		buf_putc(items, '[');
		struct role *list;
		size_t count;
		ensure(role_list(ops.engine.db, &ops.arena, ops.guild_id, &list, &count) == ERR_OK);
		for (uint32_t j = 0, n = 1 + ops_below(&random, 3); j < n; j++)
			buf_puts(items, arena_printf(&ops.arena, "%s{'id': '%lld', 'position': %u}", j > 0 ? "," : "",
						     (long long)list[ops_below(&random, (uint32_t)count)].id,
						     (unsigned)ops_below(&random, 8)));
		buf_putc(items, ']');
		accepted += move(&at.bob, items->p) == ERR_OK;
		assert_string_equal(ops_text(&ops,
					     "SELECT group_concat(id) FROM (SELECT id FROM roles WHERE position > 0 "
					     "ORDER BY position DESC, id LIMIT 2)"),
				    above);
		assert_int_equal(
		    ops_int(&ops, "SELECT count(DISTINCT position) FROM roles WHERE position BETWEEN 0 AND 6"), 7);
	}
	assert_in_range(accepted, ROUNDS / 20, ROUNDS * 9 / 10);
}

static enum err create_because(const char *reason)
{
	const char *text =
	    arena_printf(&ops.arena,
			 "{\"op\":\"role_create\",\"actor\":\"%lld\",\"session\":\"%lld\",\"reason\":\"%s\","
			 "\"in\":{\"guild_id\":\"%lld\"}}",
			 (long long)ops.ada.id, (long long)ops.ada.session_id, reason, (long long)ops.guild_id);

	return ops_run_text(&ops, OP_ROLE_API, text, strlen(text));
}

static void a_reason_that_is_too_long_is_refused_at_the_store(void **state)
{
	(void)state;
	assert_int_equal(create_because(ops_repeat(&ops, "x", AUDIT_REASON_MAX + 1)), ERR_BAD_REQUEST);
	assert_int_equal(create_because("a\\nb"), ERR_BAD_REQUEST);
	assert_int_equal(create_because("they asked"), ERR_OK);
	assert_string_equal(ops_text(&ops, "SELECT reason FROM audit_log"), "they asked");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_role_begins_with_what_everyone_may_and_stands_lowest),
	    TEST(bits_that_mean_nothing_are_dropped),
	    TEST(what_a_role_cannot_be_is_refused),
	    TEST(what_is_absent_or_null_stays_and_what_is_the_same_is_no_change),
	    TEST(only_what_stands_strictly_lower_is_managed),
	    TEST(of_two_in_one_position_the_older_stands_above),
	    TEST(who_lacks_manage_roles_or_is_out_changes_nothing),
	    TEST(nobody_gives_or_takes_a_bit_that_they_lack),
	    TEST(an_administrator_gives_everything_to_those_below),
	    TEST(everyone_is_not_deleted_renamed_or_moved),
	    TEST(a_role_of_another_workspace_is_unknown),
	    TEST(there_are_250_roles_at_most),
	    TEST(a_deleted_role_is_gone_from_members_and_channels),
	    TEST(roles_are_moved_to_where_they_are_asked),
	    TEST(roles_in_one_position_come_apart_when_they_are_moved),
	    TEST(what_is_no_order_is_refused),
	    TEST(nothing_is_moved_to_ones_own_height_or_from_there),
	    TEST(random_orders_never_reach_above_who_asks),
	    TEST(a_reason_that_is_too_long_is_refused_at_the_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
