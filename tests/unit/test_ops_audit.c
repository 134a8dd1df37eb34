/* The audit log: which changes have a line, what stands in it, who reads which of them. */
#include "base/ensure.h"
#include "domain/audit/audit.h"
#include "domain/channel/channel.h"
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

static void line(int64_t id, int64_t actor_id, int action, int64_t target_id, int64_t channel_id, const char *reason)
{
	ops_sql(&ops,
		"INSERT INTO audit_log (id, guild_id, actor_id, action, target_id, channel_id, reason, changes) VALUES "
		"(%lld, "
		"%lld, %lld, %d, nullif(%lld, 0), nullif(%lld, 0), nullif('%s', ''), '[]')",
		(long long)id, (long long)ops.guild_id, (long long)actor_id, action, (long long)target_id,
		(long long)channel_id, reason);
}

/* The ids of what the viewer reads, in order: "9 7 5". */
static const char *read_by(const struct person *who, const struct audit_page *page)
{
	struct audit_page_result result;
	struct buf *text = buf_in_arena(&ops.arena), *ids = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *list;

	jw_init(&jw, text);
	ensure(audit_list_to_json(ops.engine.db, &ops.arena, &jw, NULL, ops.guild_id, who->id, page, &result) ==
	       ERR_OK);
	ensure(json_parse_own(&ops.arena, text->p, text->n, &list) == ERR_OK);
	ensure(json_array_size(list) == (size_t)result.count);
	buf_puts(ids, "");
	for (size_t i = 0; i < json_array_size(list); i++) {
		buf_puts(ids, i > 0 ? " " : "");
		buf_puts(ids, json_text(json_array_get(list, i), "id"));
	}
	return ids->n > 0 ? ids->p : "";
}

#define READ(...) read_by(&ops.ada, &(struct audit_page){__VA_ARGS__})

static void the_log_is_read_newest_first_and_narrowed(void **state)
{
	(void)state;
	ops_sql(&ops, "DELETE FROM audit_log");
	line(1, ops.ada.id, AUDIT_ROLE_CREATE, 50, 0, "first");
	line(2, bob.id, AUDIT_MEMBER_KICK, ops.ada.id, 0, "100% rude");
	line(3, ops.ada.id, AUDIT_MEMBER_KICK, bob.id, 0, "");
	line(4, bob.id, AUDIT_ROLE_CREATE, 51, 0, "FIRST_aid");
	line(5, ops.ada.id, AUDIT_ROLE_UPDATE, 50, 0, "");
	assert_string_equal(READ(.limit = 10), "5 4 3 2 1");
	assert_string_equal(READ(.limit = 2), "5 4");
	assert_string_equal(READ(.limit = 2, .before = 4), "3 2");
	assert_string_equal(READ(.limit = 2, .after = 2, .has_after = true), "3 4");
	assert_string_equal(READ(.limit = 10, .after = 0, .has_after = true), "1 2 3 4 5");
	assert_string_equal(READ(.limit = 10, .actor_id = bob.id), "4 2");
	assert_string_equal(READ(.limit = 10, .actor_id = bob.id, .after = 2, .has_after = true), "4");
	assert_string_equal(READ(.limit = 10, .action = AUDIT_MEMBER_KICK), "3 2");
	assert_string_equal(READ(.limit = 10, .action = AUDIT_MEMBER_KICK, .actor_id = bob.id), "2");
	assert_string_equal(READ(.limit = 10, .target_id = 50), "5 1");
	assert_string_equal(READ(.limit = 10, .target_id = 50, .action = AUDIT_ROLE_UPDATE), "5");
	assert_string_equal(READ(.limit = 10, .target_id = 50, .before = 5), "1");
	assert_string_equal(READ(.limit = 10, .text = "first"), "4 1");
	assert_string_equal(READ(.limit = 10, .text = "0%"), "2");
	assert_string_equal(READ(.limit = 10, .text = "%"), "2");
	assert_string_equal(READ(.limit = 10, .text = "t_a"), "4");
	assert_string_equal(READ(.limit = 10, .text = "first", .actor_id = bob.id), "4");
	assert_string_equal(READ(.limit = 10, .actor_id = 12345), "");
}

static void another_workspaces_log_is_another(void **state)
{
	(void)state;
	int64_t before = ops_int(&ops, "SELECT count(*) FROM audit_log WHERE guild_id = %lld", (long long)ops.guild_id);
	assert_op(&ops, &ops.ada, "guild_create", ops_json("{'name': 'Another'}"), ERR_OK);
	int64_t other_id = ops_result_id(&ops, NULL, "guild_id");
	assert_op(&ops, &ops.ada, "role_create", json_pack("{s:I}", "guild_id", (json_int_t)other_id), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM audit_log WHERE guild_id = %lld", (long long)ops.guild_id),
			 before);
	assert_null(strstr(READ(.limit = 100),
			   ops_text(&ops, "SELECT max(id) FROM audit_log WHERE guild_id = %lld", (long long)other_id)));
}

static void lines_of_a_channel_are_for_those_who_see_it(void **state)
{
	int64_t hidden = ops_channel(&ops, &ops.ada, "hidden");

	(void)state;
	ops_sql(&ops, "DELETE FROM audit_log");
	ops_grant(&ops, &bob, PERM_VIEW_AUDIT_LOG);
	ops_sql(&ops, "INSERT INTO overwrites VALUES (%lld, %lld, 0, 0, %lld)", (long long)hidden,
		(long long)ops.guild_id, (long long)PERM_VIEW_CHANNEL);
	line(1, ops.ada.id, AUDIT_GUILD_UPDATE, 0, 0, "");
	line(2, ops.ada.id, AUDIT_CHANNEL_UPDATE, hidden, hidden, "");
	line(3, ops.ada.id, AUDIT_CHANNEL_UPDATE, ops.general_id, ops.general_id, "");
	line(4, ops.ada.id, AUDIT_CHANNEL_UPDATE, hidden, hidden, "");
	line(5, ops.ada.id, AUDIT_GUILD_UPDATE, 0, 0, "");
	assert_string_equal(READ(.limit = 10), "5 4 3 2 1");
	assert_string_equal(read_by(&bob, &(struct audit_page){.limit = 10}), "5 3 1");
	assert_string_equal(read_by(&bob, &(struct audit_page){.limit = 2}), "5 3");
	assert_string_equal(read_by(&bob, &(struct audit_page){.limit = 2, .before = 3}), "1");
	/* A deleted one counts as it stood. */
	assert_op(&ops, &ops.ada, "channel_delete", json_pack("{s:I}", "channel_id", (json_int_t)hidden), ERR_OK);
	assert_null(strstr(read_by(&bob, &(struct audit_page){.limit = 10, .action = AUDIT_CHANNEL_DELETE}), "1"));
	assert_string_not_equal(READ(.limit = 10, .action = AUDIT_CHANNEL_DELETE), "");
}

/* What a private thread is called, and that there is one, is for those in it and who manages threads. */
static void lines_of_a_private_thread_are_for_those_who_see_it(void **state)
{
	struct person eve = ops_join(&ops, "eve");
	const struct audit_page page = {.limit = 100, .action = AUDIT_THREAD_CREATE};

	(void)state;
	ops_grant(&ops, &bob, PERM_VIEW_AUDIT_LOG);
	assert_op(
	    &ops, &eve, "thread_create",
	    json_pack("{s:I, s:s, s:i}", "channel_id", (json_int_t)ops.general_id, "name", "surprise", "type", 12),
	    ERR_OK);
	int64_t thread_id = ops_result_id(&ops, "thread", "id");
	assert_string_equal(read_by(&bob, &page), "");
	assert_string_not_equal(read_by(&ops.ada, &page), "");
	assert_int_equal(
	    ops_int(&ops,
		    "SELECT channel_id FROM events WHERE type = 'GUILD_AUDIT_LOG_ENTRY_CREATE' ORDER BY seq DESC"),
	    thread_id);
	assert_op(&ops, &ops.ada, "channel_delete", json_pack("{s:I}", "channel_id", (json_int_t)thread_id), ERR_OK);
	assert_string_equal(read_by(&bob, &(struct audit_page){.limit = 100, .action = AUDIT_THREAD_DELETE}), "");
	assert_string_equal(read_by(&bob, &page), "");
}

static void every_line_is_an_event_that_needs_the_right_to_read_it(void **state)
{
	int count;

	(void)state;
	int64_t seq = ops.engine.last_seq;
	assert_op(&ops, &ops.ada, "role_create",
		  json_pack("{s:I, s:s}", "guild_id", (json_int_t)ops.guild_id, "name", "x"), ERR_OK);
	const struct event *list = ops_events(&ops, seq, &count);
	assert_int_equal(count, 2);
	assert_string_equal(list[1].type, "GUILD_AUDIT_LOG_ENTRY_CREATE");
	assert_int_equal(list[1].guild_id, ops.guild_id);
	assert_int_equal(event_needs(list[1].type), PERM_VIEW_AUDIT_LOG);
	assert_non_null(strstr(list[1].payload, "\"action_type\":30"));
	seq = ops.engine.last_seq;
	int64_t channel_id = ops_channel(&ops, &ops.ada, "room");
	list = ops_events(&ops, seq, &count);
	for (int i = 0; i < count; i++) {
		if (strcmp(list[i].type, "GUILD_AUDIT_LOG_ENTRY_CREATE") == 0)
			assert_int_equal(list[i].channel_id, channel_id);
	}
}

static void who_is_named_is_listed_once(void **state)
{
	struct audit_page_result result;
	struct buf *text = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *users;

	(void)state;
	ops_sql(&ops, "DELETE FROM audit_log");
	line(1, ops.ada.id, AUDIT_MEMBER_KICK, bob.id, 0, "");
	line(2, ops.ada.id, AUDIT_MEMBER_KICK, bob.id, 0, "");
	line(3, bob.id, AUDIT_ROLE_CREATE, 50, 0, "");
	line(4, 12345, AUDIT_BAN_ADD, 54321, 0, "");
	jw_init(&jw, text);
	const struct audit_page page = {.limit = 10};
	assert_int_equal(
	    audit_list_to_json(ops.engine.db, &ops.arena, &jw, NULL, ops.guild_id, ops.ada.id, &page, &result), ERR_OK);
	assert_int_equal(result.user_count, 4);
	buf_clear(text);
	jw_init(&jw, text);
	assert_int_equal(audit_users_to_json(ops.engine.db, &ops.arena, &jw, NULL, &result), ERR_OK);
	assert_int_equal(json_parse_own(&ops.arena, text->p, text->n, &users), ERR_OK);
	assert_int_equal(json_array_size(users), 2);
	assert_null(strstr(text->p, "@example.org"));
}

/* The largest line that there can be: a member gets every role, each with the longest name. */
static void the_largest_line_has_room_in_the_log_and_in_its_event(void **state)
{
	struct buf *ids = buf_in_arena(&ops.arena);

	(void)state;
	for (int i = (int)ops_int(&ops, "SELECT count(*) FROM roles"); i < ROLES_MAX; i++)
		ops_sql(&ops,
			"INSERT INTO roles (id, guild_id, name, permissions, position) VALUES (%d, %lld, '%s', 0, 1)",
			i, (long long)ops.guild_id, ops_repeat(&ops, "\xf0\x9f\x8e\x88", ROLE_NAME_MAX));
	buf_puts(ids, ops_text(&ops, "SELECT json_group_array(CAST(id AS TEXT)) FROM roles"));
	json_t *in = json_pack("{s:I, s:I}", "guild_id", (json_int_t)ops.guild_id, "user_id", (json_int_t)bob.id);
	json_error_t error;
	ensure(json_object_set_new(in, "roles", json_loads(ids->p, 0, &error)) == 0);
	assert_op(&ops, &ops.ada, "member_update", in, ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM member_roles WHERE user_id = %lld", (long long)bob.id),
			 ROLES_MAX - 1);
	/* And who joins is told of all of them. */
	(void)ops_join(&ops, "late");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_log_is_read_newest_first_and_narrowed),
	    TEST(another_workspaces_log_is_another),
	    TEST(lines_of_a_channel_are_for_those_who_see_it),
	    TEST(lines_of_a_private_thread_are_for_those_who_see_it),
	    TEST(every_line_is_an_event_that_needs_the_right_to_read_it),
	    TEST(who_is_named_is_listed_once),
	    TEST(the_largest_line_has_room_in_the_log_and_in_its_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
