/* Guests: who comes by a temporary invite, and how the store ends what is over by itself. */
#include "base/ensure.h"
#include "domain/perm.h"
#include "ops_fixture.h"
#include "store/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

static struct person stranger(const char *name)
{
	ensure(ops_run(&ops, NULL, "user_register", ops_register_input(&ops, name)) == ERR_OK);
	return (struct person){ops_result_id(&ops, "user", "id"), ops_result_id(&ops, NULL, "session_id"), OP_ROLE_API};
}

static enum err accept(const struct person *who, const char *code)
{
	return ops_run(&ops, who, "invite_accept", json_pack("{s:s}", "code", code));
}

static bool is_member(const struct person *who)
{
	return ops_int(&ops, "SELECT count(*) FROM members WHERE guild_id = %lld AND user_id = %lld",
		       (long long)ops.guild_id, (long long)who->id) == 1;
}

static void house_keep_all(void)
{
	bool is_done = false;

	for (int i = 0; i < 100 && !is_done; i++)
		ensure(house_keep(&ops.engine, 100000, &is_done) == ERR_OK);
	ensure(is_done);
}

static void guests_are_out_after_a_day_without_a_role(void **state)
{
	struct person eve = stranger("eve"), kim = stranger("kim"), bob = ops_join(&ops, "bob");
	int count;

	(void)state;
	assert_op(&ops, &ops.ada, "invite_create",
		  json_pack("{s:I, s:b}", "guild_id", (json_int_t)ops.guild_id, "temporary", 1), ERR_OK);
	const char *code = arena_strdup(&ops.arena, json_text(json_object_get(ops.result, "invite"), "code"));
	assert_int_equal(accept(&eve, code), ERR_OK);
	assert_int_equal(accept(&kim, code), ERR_OK);
	assert_int_equal(accept(&bob, code), ERR_OK); /* is a member already, and stays one */
	ops_grant(&ops, &kim, PERM_SEND_MESSAGES);
	house_keep_all();
	assert_true(is_member(&eve));

	ops_sql(&ops, "UPDATE members SET joined_at_ms = joined_at_ms - 86400001");
	int64_t before = ops.engine.last_seq;
	house_keep_all();
	assert_false(is_member(&eve));
	assert_true(is_member(&kim) && is_member(&bob) && is_member(&ops.ada));
	struct event *events = ops_events(&ops, before, &count);
	assert_string_equal(events[count - 1].type, "GUILD_DELETE");
	assert_int_equal(events[count - 1].user_id, eve.id);
	assert_int_equal(ops.engine.last_seq, before + count);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM members WHERE is_temporary = 1"), 0);
	before = ops.engine.last_seq;
	house_keep_all();
	assert_int_equal(ops.engine.last_seq, before);
}

static void many_guests_leave_a_few_at_a_time(void **state)
{
	bool is_done;

	(void)state;
	for (int i = 0; i < 120; i++) {
		ops_sql(&ops, "INSERT INTO users (id, username) VALUES (%d, 'guest%d')", 1000 + i, i);
		ops_sql(&ops, "INSERT INTO members (guild_id, user_id, joined_at_ms, is_temporary) VALUES (%lld, %d, 1, 1)",
			(long long)ops.guild_id, 1000 + i);
	}
	assert_int_equal(house_keep(&ops.engine, 100000, &is_done), ERR_OK);
	assert_false(is_done);
	assert_true(ops_int(&ops, "SELECT count(*) FROM members") > 60);
	house_keep_all();
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM members"), 1);
}

/* Who was handed the workspace over meanwhile stays, or it would have no owner. */
static void a_guest_who_owns_the_workspace_by_now_stays(void **state)
{
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	ops_sql(&ops, "UPDATE members SET is_temporary = 1, joined_at_ms = 1 WHERE user_id = %lld", (long long)bob.id);
	ops_sql(&ops, "UPDATE guilds SET owner_id = %lld", (long long)bob.id);
	house_keep_all();
	assert_true(is_member(&bob));
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM members WHERE is_temporary = 1"), 0);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(guests_are_out_after_a_day_without_a_role),
	    SET_UP(many_guests_leave_a_few_at_a_time),
	    SET_UP(a_guest_who_owns_the_workspace_by_now_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
