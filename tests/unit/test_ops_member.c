/* Members as the store applies changes of them: nicknames, roles, time-outs, kicks; who may do that to whom, and what
 * is left of somebody who is out. */
#include "base/clock.h"
#include "base/ensure.h"
#include "domain/member/member.h"
#include "domain/perm.h"
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
static struct person bob, eve;    /* two who joined */
static int64_t high, middle, low; /* roles, in this order */

static int64_t make_role(const char *name, uint64_t bits, int position)
{
	int64_t id = ops_int(&ops, "SELECT max(id) + 1 FROM roles");

	ops_sql(&ops,
		"INSERT INTO roles (id, guild_id, name, permissions, position) VALUES (%lld, %lld, '%s', %lld, %d)",
		(long long)id, (long long)ops.guild_id, name, (long long)bits, position);
	return id;
}

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	bob = ops_join(&ops, "bob");
	eve = ops_join(&ops, "eve");
	high = make_role("high", 0, 30);
	middle = make_role("middle", 0, 20);
	low = make_role("low", 0, 10);
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static void has(const struct person *who, int64_t role_id)
{
	ops_sql(&ops, "INSERT INTO member_roles (guild_id, user_id, role_id) VALUES (%lld, %lld, %lld)",
		(long long)ops.guild_id, (long long)who->id, (long long)role_id);
}

static void may(int64_t role_id, uint64_t bits)
{
	ops_sql(&ops, "UPDATE roles SET permissions = %lld WHERE id = %lld", (long long)bits, (long long)role_id);
}

static json_t *aimed(json_t *in, int64_t user_id, int64_t role_id)
{
	ensure(json_object_set_new(in, "guild_id", json_integer(ops.guild_id)) == 0);
	if (user_id != 0)
		ensure(json_object_set_new(in, "user_id", json_integer(user_id)) == 0);
	if (role_id != 0)
		ensure(json_object_set_new(in, "role_id", json_integer(role_id)) == 0);
	return in;
}

static enum err update(const struct person *who, const struct person *whom, json_t *in)
{
	return ops_run(&ops, who, "member_update", aimed(in, whom->id, 0));
}

static enum err give(const struct person *who, const struct person *whom, int64_t role_id)
{
	return ops_run(&ops, who, "member_role_add", aimed(json_object(), whom->id, role_id));
}

static enum err take(const struct person *who, const struct person *whom, int64_t role_id)
{
	return ops_run(&ops, who, "member_role_remove", aimed(json_object(), whom->id, role_id));
}

static enum err kick(const struct person *who, const struct person *whom)
{
	return ops_run(&ops, who, "member_kick", aimed(json_object(), whom->id, 0));
}

static const char *roles_of(const struct person *who)
{
	return ops_text(
	    &ops,
	    "SELECT coalesce(group_concat(name, ' '), '') FROM (SELECT r.name FROM member_roles m JOIN roles r ON "
	    "r.id = m.role_id WHERE m.user_id = %lld ORDER BY r.position DESC)",
	    (long long)who->id);
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

static void a_nickname_is_ones_own_to_choose(void **state)
{
	(void)state;
	assert_op(&ops, &bob, "member_nickname", aimed(ops_json("{'nick': '  Bobby '}"), 0, 0), ERR_OK);
	assert_string_equal(json_text(json_object_get(ops.result, "member"), "nick"), "Bobby");
	const struct event *event = last_event("GUILD_MEMBER_UPDATE");
	assert_int_equal(event->guild_id, ops.guild_id);
	static const char *const members[] = {"\"guild_id\":",
					      "\"user\":{\"id\":",
					      "\"nick\":\"Bobby\"",
					      "\"roles\":[]",
					      "\"joined_at\":\"",
					      "\"flags\":0",
					      "\"communication_disabled_until\":null"};
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		assert_non_null(strstr(event->payload, members[i]));
	assert_string_equal(ops_text(&ops, "SELECT changes FROM audit_log WHERE action = 24"),
			    "[{\"key\":\"nick\",\"new_value\":\"Bobby\"}]");
	int64_t before = events_of("GUILD_MEMBER_UPDATE");
	assert_op(&ops, &bob, "member_nickname", aimed(ops_json("{'nick': 'Bobby'}"), 0, 0), ERR_OK);
	assert_int_equal(events_of("GUILD_MEMBER_UPDATE"), before);
	assert_op(&ops, &bob, "member_nickname", aimed(ops_json("{'nick': null}"), 0, 0), ERR_OK);
	assert_null(json_text(json_object_get(ops.result, "member"), "nick"));
	assert_int_equal(update(&bob, &bob, ops_json("{'nick': 'B'}")), ERR_OK);
	assert_int_equal(update(&bob, &bob, ops_json("{'nick': ''}")), ERR_OK);
	assert_null(json_text(json_object_get(ops.result, "member"), "nick"));
}

static void a_nickname_has_32_code_points_on_one_line(void **state)
{
	(void)state;
	json_t *in = json_pack("{s:s}", "nick", ops_repeat(&ops, "\xf0\x9f\x8e\x88", MEMBER_NICKNAME_MAX));
	assert_int_equal(update(&bob, &bob, in), ERR_OK);
	in = json_pack("{s:s}", "nick", ops_repeat(&ops, "x", MEMBER_NICKNAME_MAX + 1));
	assert_int_equal(update(&bob, &bob, in), ERR_INVALID_FORM);
	assert_int_equal(update(&bob, &bob, ops_json("{'nick': 'a\\nb'}")), ERR_INVALID_FORM);
	assert_int_equal(update(&bob, &bob, ops_json("{'nick': 7}")), ERR_INVALID_FORM);
}

static void without_change_nickname_the_own_one_stays(void **state)
{
	(void)state;
	ops_sql(&ops, "UPDATE roles SET permissions = permissions & ~%lld WHERE id = %lld",
		(long long)PERM_CHANGE_NICKNAME, (long long)ops.guild_id);
	assert_op(&ops, &bob, "member_nickname", aimed(ops_json("{'nick': 'x'}"), 0, 0), ERR_MISSING_PERMISSIONS);
	assert_int_equal(update(&bob, &bob, ops_json("{'nick': 'x'}")), ERR_MISSING_PERMISSIONS);
	ops_grant(&ops, &bob, PERM_MANAGE_NICKNAMES);
	assert_int_equal(update(&bob, &bob, ops_json("{'nick': 'x'}")), ERR_OK);
}

/* Everything that is done to another: the bit alone is not enough, nor the height alone. */
static void who_manages_somebody_has_the_bit_and_stands_above(void **state)
{
	static const struct {
		const char *in;
		uint64_t needed;
	} cases[] = {{"{'nick': 'x'}", PERM_MANAGE_NICKNAMES},
		     {"{'roles': []}", PERM_MANAGE_ROLES},
		     {"{'communication_disabled_until': null}", PERM_MODERATE_MEMBERS}};

	(void)state;
	has(&bob, middle);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		may(middle, PERM_ALL & ~(cases[i].needed | PERM_ADMINISTRATOR));
		assert_int_equal(update(&bob, &eve, ops_json("%s", cases[i].in)), ERR_MISSING_PERMISSIONS);
		may(middle, cases[i].needed);
		assert_int_equal(update(&bob, &eve, ops_json("%s", cases[i].in)), ERR_OK);
		assert_int_equal(update(&bob, &ops.ada, ops_json("%s", cases[i].in)), ERR_MISSING_PERMISSIONS);
		has(&eve, middle); /* the same height */
		assert_int_equal(update(&bob, &eve, ops_json("%s", cases[i].in)), ERR_MISSING_PERMISSIONS);
		has(&eve, high);
		assert_int_equal(update(&bob, &eve, ops_json("%s", cases[i].in)), ERR_MISSING_PERMISSIONS);
		ops_sql(&ops, "DELETE FROM member_roles WHERE user_id = %lld", (long long)eve.id);
	}
	may(middle, PERM_ADMINISTRATOR);
	assert_int_equal(update(&bob, &ops.ada, ops_json("{'nick': 'x'}")), ERR_MISSING_PERMISSIONS);
	assert_int_equal(kick(&bob, &ops.ada), ERR_MISSING_PERMISSIONS);
	assert_int_equal(kick(&bob, &bob), ERR_MISSING_PERMISSIONS);
	assert_int_equal(kick(&ops.ada, &ops.ada), ERR_MISSING_PERMISSIONS);
}

static void roles_are_given_and_taken_one_by_one(void **state)
{
	(void)state;
	assert_int_equal(give(&ops.ada, &bob, low), ERR_OK);
	assert_int_equal(give(&ops.ada, &bob, high), ERR_OK);
	assert_string_equal(roles_of(&bob), "high low");
	assert_non_null(
	    strstr(last_event("GUILD_MEMBER_UPDATE")->payload,
		   arena_printf(&ops.arena, "\"roles\":[\"%lld\",\"%lld\"]", (long long)high, (long long)low)));
	assert_string_equal(ops_text(&ops, "SELECT changes FROM audit_log WHERE action = 25 ORDER BY id DESC LIMIT 1"),
			    arena_printf(&ops.arena,
					 "[{\"key\":\"$add\",\"new_value\":[{\"id\":\"%lld\",\"name\":\"high\"}]}]",
					 (long long)high));
	int64_t before = events_of("GUILD_MEMBER_UPDATE");
	assert_int_equal(give(&ops.ada, &bob, high), ERR_OK);
	assert_int_equal(take(&ops.ada, &bob, middle), ERR_OK);
	assert_int_equal(events_of("GUILD_MEMBER_UPDATE"), before);
	assert_int_equal(take(&ops.ada, &bob, high), ERR_OK);
	assert_string_equal(roles_of(&bob), "low");
	assert_string_equal(ops_text(&ops, "SELECT changes FROM audit_log WHERE action = 25 ORDER BY id DESC LIMIT 1"),
			    arena_printf(&ops.arena,
					 "[{\"key\":\"$remove\",\"new_value\":[{\"id\":\"%lld\",\"name\":\"high\"}]}]",
					 (long long)high));
}

static void a_role_at_ones_own_height_or_above_is_neither_given_nor_taken(void **state)
{
	(void)state;
	may(middle, PERM_MANAGE_ROLES);
	has(&bob, middle);
	const int64_t out_of_reach[] = {high, middle};
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(give(&bob, &eve, out_of_reach[i]), ERR_MISSING_PERMISSIONS);
		assert_int_equal(take(&bob, &eve, out_of_reach[i]), ERR_MISSING_PERMISSIONS);
		assert_int_equal(give(&bob, &bob, out_of_reach[i]), ERR_MISSING_PERMISSIONS);
		assert_int_equal(take(&bob, &bob, out_of_reach[i]), ERR_MISSING_PERMISSIONS);
	}
	assert_int_equal(give(&bob, &eve, low), ERR_OK);
	assert_int_equal(give(&bob, &bob, low), ERR_OK);
	assert_int_equal(take(&bob, &eve, low), ERR_OK);
	assert_int_equal(take(&bob, &bob, low), ERR_OK);
}

static void a_role_with_a_bit_that_one_lacks_is_not_given_by_any_way(void **state)
{
	(void)state;
	may(middle, PERM_MANAGE_ROLES);
	may(low, PERM_BAN_MEMBERS);
	has(&bob, middle);
	assert_int_equal(give(&bob, &bob, low), ERR_MISSING_PERMISSIONS);
	assert_int_equal(give(&bob, &eve, low), ERR_MISSING_PERMISSIONS);
	assert_int_equal(update(&bob, &eve, ops_json("{'roles': ['%lld']}", (long long)low)), ERR_MISSING_PERMISSIONS);
	assert_int_equal(update(&bob, &bob, ops_json("{'roles': ['%lld', '%lld']}", (long long)low, (long long)middle)),
			 ERR_MISSING_PERMISSIONS);
	/* Taking it is a matter of height. */
	has(&eve, low);
	assert_int_equal(take(&bob, &eve, low), ERR_OK);
}

static void everyone_is_not_assigned_and_unknown_roles_are_unknown(void **state)
{
	(void)state;
	assert_int_equal(give(&ops.ada, &bob, ops.guild_id), ERR_INVALID_ROLE);
	assert_int_equal(take(&ops.ada, &bob, ops.guild_id), ERR_INVALID_ROLE);
	assert_int_equal(give(&ops.ada, &bob, 12345), ERR_UNKNOWN_ROLE);
	assert_int_equal(update(&ops.ada, &bob, ops_json("{'roles': ['12345']}")), ERR_UNKNOWN_ROLE);
	ops_sql(&ops, "INSERT INTO guilds (id, owner_id, name) VALUES (5, %lld, 'Other')", (long long)ops.ada.id);
	ops_sql(&ops, "UPDATE roles SET guild_id = 5 WHERE id = %lld", (long long)low);
	assert_int_equal(give(&ops.ada, &bob, low), ERR_UNKNOWN_ROLE);
}

static void a_list_of_roles_is_what_the_member_has_then(void **state)
{
	long long everyone = ops.guild_id;

	(void)state;
	has(&bob, high);
	assert_int_equal(update(&ops.ada, &bob,
				ops_json("{'roles': ['%lld', %lld, '%lld', '%lld']}", (long long)low, (long long)middle,
					 (long long)low, everyone)),
			 ERR_OK);
	assert_string_equal(roles_of(&bob), "middle low");
	const json_t *list = json_object_get(json_object_get(ops.result, "member"), "roles");
	assert_int_equal(json_array_size(list), 2);
	assert_int_equal(events_of("GUILD_MEMBER_UPDATE"), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM audit_log WHERE action = 25"), 1);
	assert_int_equal(update(&ops.ada, &bob, ops_json("{'roles': null}")), ERR_OK);
	assert_string_equal(roles_of(&bob), "");
	static const char *const malformed[] = {"{'roles': 7}", "{'roles': {}}", "{'roles': ['x']}",
						"{'roles': [null]}"};
	for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
		assert_int_equal(update(&ops.ada, &bob, ops_json("%s", malformed[i])), ERR_INVALID_FORM);
}

/* One thing that may not be undoes the whole. */
static void several_changes_happen_together_or_not_at_all(void **state)
{
	(void)state;
	may(middle, PERM_MANAGE_ROLES | PERM_MANAGE_NICKNAMES);
	has(&bob, middle);
	assert_int_equal(
	    update(&bob, &eve, ops_json("{'nick': 'x', 'roles': ['%lld', '%lld']}", (long long)low, (long long)high)),
	    ERR_MISSING_PERMISSIONS);
	assert_string_equal(roles_of(&eve), "");
	assert_int_equal(update(&bob, &eve, ops_json("{'nick': 'x', 'roles': ['%lld']}", (long long)low)), ERR_OK);
	assert_int_equal(events_of("GUILD_MEMBER_UPDATE"), 1);
}

static const char *in_days(double days)
{
	char *text = arena_alloc(&ops.arena, CLOCK_ISO8601_SIZE);

	clock_iso8601(clock_now_ms() + (int64_t)(days * 24 * 3600 * 1000), text);
	return text;
}

static enum err time_out(const struct person *who, const struct person *whom, const char *until)
{
	return update(who, whom, json_pack("{s:s}", "communication_disabled_until", until));
}

static uint64_t bits_of(const struct person *who)
{
	uint64_t bits;

	ensure(perm_of_channel(ops.engine.db, &ops.arena, ops.general_id, who->id, &bits) == ERR_OK);
	return bits;
}

static void a_time_out_leaves_looking_on_until_it_ends(void **state)
{
	(void)state;
	uint64_t before = bits_of(&bob);
	assert_int_equal(time_out(&ops.ada, &bob, in_days(1)), ERR_OK);
	assert_non_null(json_text(json_object_get(ops.result, "member"), "communication_disabled_until"));
	assert_int_equal(bits_of(&bob), PERM_TIMED_OUT);
	assert_int_equal(update(&bob, &bob, ops_json("{'nick': 'x'}")), ERR_MISSING_PERMISSIONS);
	assert_int_equal(update(&ops.ada, &bob, ops_json("{'communication_disabled_until': null}")), ERR_OK);
	assert_int_equal(bits_of(&bob), before);
	assert_int_equal(time_out(&ops.ada, &bob, in_days(1)), ERR_OK);
	assert_int_equal(time_out(&ops.ada, &bob, in_days(-1)), ERR_OK);
	assert_int_equal(bits_of(&bob), before);
	/* It ends by itself. */
	ops_sql(&ops, "UPDATE members SET timeout_until_ms = %lld", (long long)clock_now_ms() - 1);
	assert_int_equal(bits_of(&bob), before);
}

static void a_time_out_lasts_28_days_at_most(void **state)
{
	(void)state;
	assert_int_equal(time_out(&ops.ada, &bob, in_days(28.01)), ERR_INVALID_FORM);
	assert_non_null(ops_complaint(&ops, "communication_disabled_until"));
	assert_int_equal(time_out(&ops.ada, &bob, "tomorrow"), ERR_INVALID_FORM);
	assert_int_equal(time_out(&ops.ada, &bob, "9999-12-31T23:59:59Z"), ERR_INVALID_FORM);
	assert_int_equal(time_out(&ops.ada, &bob, in_days(27.99)), ERR_OK);
}

static void administrators_are_not_timed_out_and_nobody_times_out_themselves(void **state)
{
	(void)state;
	may(low, PERM_ADMINISTRATOR);
	has(&eve, low);
	may(middle, PERM_ADMINISTRATOR);
	has(&bob, middle);
	assert_int_equal(time_out(&bob, &eve, in_days(1)), ERR_MISSING_PERMISSIONS);
	assert_int_equal(time_out(&ops.ada, &bob, in_days(1)), ERR_MISSING_PERMISSIONS);
	assert_int_equal(time_out(&bob, &bob, in_days(1)), ERR_MISSING_PERMISSIONS);
}

static void who_is_kicked_is_out_with_everything(void **state)
{
	(void)state;
	has(&bob, low);
	ops_sql(&ops, "INSERT INTO overwrites VALUES (%lld, %lld, 1, 2048, 0)", (long long)ops.general_id,
		(long long)bob.id);
	ops_sql(&ops, "UPDATE channels SET owner_id = %lld WHERE id = %lld", (long long)bob.id,
		(long long)ops.general_id);
	assert_int_equal(kick(&ops.ada, &bob), ERR_OK);
	static const char *const tables[] = {"members", "member_roles", "channel_members"};
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		assert_int_equal(
		    ops_int(&ops, "SELECT count(*) FROM %s WHERE user_id = %lld", tables[i], (long long)bob.id), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM overwrites WHERE target_id = %lld", (long long)bob.id), 0);
	assert_int_not_equal(ops_int(&ops, "SELECT owner_id FROM channels WHERE id = %lld", (long long)ops.general_id),
			     bob.id);
	const struct event *event = last_event("GUILD_MEMBER_REMOVE");
	assert_int_equal(event->guild_id, ops.guild_id);
	assert_non_null(strstr(event->payload, "\"user\":{\"id\":"));
	event = last_event("GUILD_DELETE");
	assert_int_equal(event->user_id, bob.id);
	assert_int_equal(event->guild_id, 0);
	assert_int_equal(
	    ops_int(&ops, "SELECT count(*) FROM audit_log WHERE action = 20 AND target_id = %lld AND actor_id = %lld",
		    (long long)bob.id, (long long)ops.ada.id),
	    1);
	assert_int_equal(kick(&ops.ada, &bob), ERR_UNKNOWN_MEMBER);
	uint64_t bits;
	assert_int_equal(perm_of_channel(ops.engine.db, &ops.arena, ops.general_id, bob.id, &bits),
			 ERR_UNKNOWN_CHANNEL);
}

static void who_comes_back_has_none_of_what_they_had(void **state)
{
	(void)state;
	has(&bob, high);
	may(high, PERM_ADMINISTRATOR);
	assert_int_equal(update(&ops.ada, &bob, ops_json("{'nick': 'Bobby'}")), ERR_OK);
	assert_int_equal(kick(&ops.ada, &bob), ERR_OK);
	const char *code = ops_invite(&ops, &ops.ada, 1);
	assert_op(&ops, &bob, "invite_accept", json_pack("{s:s}", "code", code), ERR_OK);
	assert_string_equal(roles_of(&bob), "");
	assert_int_equal(bits_of(&bob), PERM_EVERYONE_INITIAL);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM members WHERE nickname IS NOT NULL"), 0);
}

static void kicking_needs_its_bit_and_height(void **state)
{
	(void)state;
	has(&bob, middle);
	may(middle, PERM_ALL & ~(PERM_KICK_MEMBERS | PERM_ADMINISTRATOR));
	assert_int_equal(kick(&bob, &eve), ERR_MISSING_PERMISSIONS);
	may(middle, PERM_KICK_MEMBERS);
	has(&eve, high);
	assert_int_equal(kick(&bob, &eve), ERR_MISSING_PERMISSIONS);
	ops_sql(&ops, "UPDATE member_roles SET role_id = %lld WHERE user_id = %lld", (long long)low, (long long)eve.id);
	assert_int_equal(kick(&bob, &eve), ERR_OK);
}

static void strangers_find_no_members(void **state)
{
	(void)state;
	assert_int_equal(kick(&ops.ada, &bob), ERR_OK);
	assert_int_equal(update(&bob, &eve, ops_json("{'nick': 'x'}")), ERR_UNKNOWN_GUILD);
	assert_int_equal(give(&bob, &eve, low), ERR_UNKNOWN_GUILD);
	assert_int_equal(take(&bob, &eve, low), ERR_UNKNOWN_GUILD);
	assert_int_equal(kick(&bob, &eve), ERR_UNKNOWN_GUILD);
	assert_op(&ops, &bob, "member_nickname", aimed(ops_json("{'nick': 'x'}"), 0, 0), ERR_UNKNOWN_GUILD);
	assert_int_equal(update(&ops.ada, &bob, ops_json("{'nick': 'x'}")), ERR_UNKNOWN_MEMBER);
	assert_int_equal(give(&ops.ada, &bob, low), ERR_UNKNOWN_MEMBER);
}

static const char *listed(const struct member_page *page)
{
	struct buf *text = buf_in_arena(&ops.arena), *names = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *list;

	jw_init(&jw, text);
	ensure(member_list_to_json(ops.engine.db, &ops.arena, &jw, NULL, ops.guild_id, page) == ERR_OK);
	ensure(json_parse_own(&ops.arena, text->p, text->n, &list) == ERR_OK);
	buf_puts(names, "");
	for (size_t i = 0; i < json_array_size(list); i++) {
		buf_puts(names, i > 0 ? " " : "");
		buf_puts(names, json_text(json_object_get(json_array_get(list, i), "user"), "username"));
	}
	return names->p == NULL ? "" : names->p;
}

static void members_are_listed_by_pages_and_found_by_any_of_their_names(void **state)
{
	(void)state;
	ops_sql(&ops, "UPDATE users SET display_name = '100%% Eve_1' WHERE id = %lld", (long long)eve.id);
	ops_sql(&ops, "UPDATE members SET nickname = 'Builder' WHERE user_id = %lld", (long long)bob.id);
	has(&eve, low);
	assert_string_equal(listed(&(struct member_page){.limit = 10}), "ada bob eve");
	assert_string_equal(listed(&(struct member_page){.limit = 2}), "ada bob");
	assert_string_equal(listed(&(struct member_page){.limit = 2, .after = bob.id}), "eve");
	assert_string_equal(listed(&(struct member_page){.limit = 10, .query = "b"}), "bob");
	assert_string_equal(listed(&(struct member_page){.limit = 10, .query = "UILD"}), "bob");
	assert_string_equal(listed(&(struct member_page){.limit = 10, .query = "0%"}), "eve");
	assert_string_equal(listed(&(struct member_page){.limit = 10, .query = "e_1"}), "eve");
	assert_string_equal(listed(&(struct member_page){.limit = 10, .query = "%"}), "eve");
	assert_string_equal(listed(&(struct member_page){.limit = 10, .query = "_o_"}), "");
	assert_string_equal(listed(&(struct member_page){.limit = 10, .query = "example.org"}), "");
	assert_string_equal(listed(&(struct member_page){.limit = 10, .role_id = low}), "eve");
}

/* Many who give, take, kick and come back at random: nobody ever has a role without being a member, nor any that their
 * rank lets through. */
static void random_changes_leave_no_rights_behind(void **state)
{
	struct ops_random random = {.state = 11};
	struct person people[] = {ops.ada, bob, eve, ops_join(&ops, "kim"), ops_join(&ops, "lou")};
	const int64_t roles[] = {high, middle, low};
	const char *code = ops_invite(&ops, &ops.ada, 0);
	int done = 0;
	enum { ROUNDS = 1500 };

	(void)state;
	ops.is_quick = true;
	may(high, PERM_MANAGE_ROLES | PERM_KICK_MEMBERS | PERM_MANAGE_MESSAGES);
	may(middle, PERM_MANAGE_ROLES | PERM_MANAGE_MESSAGES);
	may(low, PERM_KICK_MEMBERS);
	for (int i = 0; i < ROUNDS; i++) {
		const struct person *who = &people[ops_below(&random, 5)], *whom = &people[ops_below(&random, 5)];
		int64_t role_id = roles[ops_below(&random, 3)];
		switch (ops_below(&random, 8)) {
		case 0:
			done += kick(who, whom) == ERR_OK;
			break;
		case 1:
			done += ops_run(&ops, whom, "invite_accept", json_pack("{s:s}", "code", code)) == ERR_OK;
			break;
		case 2:
		case 3:
			done += take(who, whom, role_id) == ERR_OK;
			break;
		default: {
			struct perm_rank giver = {0}, role;
			bool is_in = perm_rank_of_member(ops.engine.db, ops.guild_id, who->id, &giver) == ERR_OK;
			assert_int_equal(perm_rank_of_role(ops.engine.db, ops.guild_id, role_id, &role), ERR_OK);
			if (give(who, whom, role_id) == ERR_OK) {
				assert_true(is_in && perm_is_above(&giver, &role));
				done++;
			}
			/* The bits of low are not among middle's. */
			if (role_id == low && !giver.is_owner && giver.role_id == middle &&
			    strcmp(roles_of(who), "middle") == 0)
				assert_int_not_equal(give(who, whom, low), ERR_OK);
			break;
		}
		}
		assert_int_equal(
		    ops_int(&ops, "SELECT count(*) FROM member_roles r LEFT JOIN members m ON m.user_id = r.user_id "
				  "AND m.guild_id = r.guild_id WHERE m.user_id IS NULL"),
		    0);
	}
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM members WHERE user_id = %lld", (long long)ops.ada.id), 1);
	assert_in_range(done, ROUNDS / 20, ROUNDS);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_nickname_is_ones_own_to_choose),
	    TEST(a_nickname_has_32_code_points_on_one_line),
	    TEST(without_change_nickname_the_own_one_stays),
	    TEST(who_manages_somebody_has_the_bit_and_stands_above),
	    TEST(roles_are_given_and_taken_one_by_one),
	    TEST(a_role_at_ones_own_height_or_above_is_neither_given_nor_taken),
	    TEST(a_role_with_a_bit_that_one_lacks_is_not_given_by_any_way),
	    TEST(everyone_is_not_assigned_and_unknown_roles_are_unknown),
	    TEST(a_list_of_roles_is_what_the_member_has_then),
	    TEST(several_changes_happen_together_or_not_at_all),
	    TEST(a_time_out_leaves_looking_on_until_it_ends),
	    TEST(a_time_out_lasts_28_days_at_most),
	    TEST(administrators_are_not_timed_out_and_nobody_times_out_themselves),
	    TEST(who_is_kicked_is_out_with_everything),
	    TEST(who_comes_back_has_none_of_what_they_had),
	    TEST(kicking_needs_its_bit_and_height),
	    TEST(strangers_find_no_members),
	    TEST(members_are_listed_by_pages_and_found_by_any_of_their_names),
	    TEST(random_changes_leave_no_rights_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
