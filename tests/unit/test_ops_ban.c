/* Bans as the store applies them: who bans whom, that nobody who is banned gets in, and that what they wrote goes, in
 * portions that a store which dies goes on with. */
#include "base/clock.h"
#include "base/ensure.h"
#include "domain/ban/ban.h"
#include "domain/channel/channel.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "ops_fixture.h"
#include "store/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HOUR_S = 3600 };

static struct ops ops;
static struct person bob, eve;

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	bob = ops_join(&ops, "bob");
	eve = ops_join(&ops, "eve");
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static enum err ban(const struct person *who, int64_t user_id, json_int_t seconds)
{
	return ops_run(&ops, who, "ban_create",
		       json_pack("{s:I, s:I, s:I}", "guild_id", (json_int_t)ops.guild_id, "user_id",
				 (json_int_t)user_id, "delete_message_seconds", seconds));
}

static enum err unban(const struct person *who, int64_t user_id)
{
	return ops_run(&ops, who, "ban_delete",
		       json_pack("{s:I, s:I}", "guild_id", (json_int_t)ops.guild_id, "user_id", (json_int_t)user_id));
}

static enum err accept(const struct person *who)
{
	const char *code = ops_invite(&ops, &ops.ada, 0);

	return ops_run(&ops, who, "invite_accept", json_pack("{s:s}", "code", code));
}

static int64_t events_of(const char *type)
{
	return ops_int(&ops, "SELECT count(*) FROM events WHERE type = '%s'", type);
}

static int64_t live_messages_of(const struct person *who)
{
	return ops_int(&ops, "SELECT count(*) FROM messages WHERE author_id = %lld AND deleted_at_ms IS NULL",
		       (long long)who->id);
}

/* Messages by somebody, made behind the back of the rules, a minute apart, the newest a minute ago. */
static void wrote(const struct person *who, int64_t channel_id, int count)
{
	int64_t now_ms = clock_now_ms();

	for (int i = 0; i < count; i++)
		ops_sql(&ops,
			"INSERT INTO messages (id, channel_id, author_id, content) VALUES (%lld, %lld, %lld, 'spam')",
			(long long)((now_ms - ID_EPOCH_MS - (i + 1) * 60000LL) << 22), (long long)channel_id,
			(long long)who->id);
	/* No op has written them, so they are not in the index of what can be searched. */
	ops_sql(&ops, "UPDATE search_state SET indexed_from = (SELECT max(id) + 1 FROM messages)");
}

static void keep_house(bool *is_done)
{
	ensure(house_keep(&ops.engine, 100000, is_done) == ERR_OK);
}

static void who_is_banned_is_out_and_stays_out(void **state)
{
	(void)state;
	assert_int_equal(ban(&ops.ada, bob.id, 0), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM members WHERE user_id = %lld", (long long)bob.id), 0);
	assert_int_equal(events_of("GUILD_BAN_ADD"), 1);
	assert_int_equal(events_of("GUILD_MEMBER_REMOVE"), 1);
	assert_int_equal(ops_int(&ops, "SELECT user_id FROM events WHERE type = 'GUILD_DELETE'"), bob.id);
	assert_int_equal(
	    ops_int(&ops, "SELECT count(*) FROM audit_log WHERE action = 22 AND target_id = %lld", (long long)bob.id),
	    1);
	assert_int_equal(accept(&bob), ERR_BANNED);
	assert_int_equal(unban(&ops.ada, bob.id), ERR_OK);
	assert_int_equal(events_of("GUILD_BAN_REMOVE"), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM audit_log WHERE action = 23"), 1);
	assert_int_equal(accept(&bob), ERR_OK);
	assert_int_equal(unban(&ops.ada, bob.id), ERR_UNKNOWN_BAN);
}

static void who_is_no_member_can_be_banned(void **state)
{
	(void)state;
	assert_op(&ops, &bob, "guild_leave", json_pack("{s:I}", "guild_id", (json_int_t)ops.guild_id), ERR_OK);
	assert_int_equal(ban(&ops.ada, bob.id, 0), ERR_OK);
	assert_int_equal(events_of("GUILD_MEMBER_REMOVE"), 1);
	assert_int_equal(accept(&bob), ERR_BANNED);
	assert_int_equal(ban(&ops.ada, 12345, 0), ERR_UNKNOWN_USER);
}

static void a_second_ban_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(ban(&ops.ada, bob.id, 0), ERR_OK);
	int64_t events = ops_int(&ops, "SELECT count(*) FROM events");
	assert_int_equal(ban(&ops.ada, bob.id, 0), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM events"), events);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM audit_log WHERE action = 22"), 1);
}

static void banning_needs_its_bit_and_height(void **state)
{
	(void)state;
	assert_int_equal(ban(&bob, eve.id, 0), ERR_MISSING_PERMISSIONS);
	assert_int_equal(ban(&bob, 12345, 0), ERR_MISSING_PERMISSIONS);
	assert_int_equal(unban(&bob, eve.id), ERR_MISSING_PERMISSIONS);
	ops_grant(&ops, &bob, PERM_BAN_MEMBERS);
	ops_grant(&ops, &eve, 0);
	ops_sql(&ops,
		"UPDATE roles SET position = 10 WHERE id = (SELECT role_id FROM member_roles WHERE user_id = %lld)",
		(long long)eve.id);
	assert_int_equal(ban(&bob, eve.id, 0), ERR_MISSING_PERMISSIONS);
	assert_int_equal(ban(&bob, ops.ada.id, 0), ERR_MISSING_PERMISSIONS);
	assert_int_equal(ban(&bob, bob.id, 0), ERR_MISSING_PERMISSIONS);
	assert_int_equal(ban(&ops.ada, ops.ada.id, 0), ERR_MISSING_PERMISSIONS);
	ops_sql(&ops, "DELETE FROM member_roles WHERE user_id = %lld", (long long)eve.id);
	assert_int_equal(ban(&bob, eve.id, 0), ERR_OK);
	assert_int_equal(unban(&bob, eve.id), ERR_OK);
	assert_int_equal(ban(&ops.ada, bob.id, 0), ERR_OK);
	assert_int_equal(ban(&bob, eve.id, 0), ERR_UNKNOWN_GUILD);
	assert_int_equal(unban(&bob, bob.id), ERR_UNKNOWN_GUILD);
}

static void recent_messages_go_with_their_author(void **state)
{
	int64_t other_id = ops_channel(&ops, &ops.ada, "other");

	(void)state;
	int64_t told = ops_message(&ops, &bob, ops.general_id, "a secret");
	ops_message(&ops, &ops.ada, ops.general_id, "an answer");
	wrote(&bob, other_id, 1);
	ops_sql(&ops, "INSERT INTO messages (id, channel_id, author_id, content) VALUES (%lld, %lld, %lld, 'old')",
		(long long)((clock_now_ms() - ID_EPOCH_MS - 2 * HOUR_S * 1000LL) << 22), (long long)other_id,
		(long long)bob.id);
	assert_int_equal(ban(&ops.ada, bob.id, HOUR_S), ERR_OK);
	assert_int_equal(live_messages_of(&bob), 1);
	assert_int_equal(live_messages_of(&ops.ada), 1);
	assert_int_equal(events_of("MESSAGE_DELETE"), 2);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM events WHERE payload LIKE '%%a secret%%'"), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages WHERE content LIKE '%%a secret%%'"), 0);
	assert_int_equal(ops_int(&ops, "SELECT deleted_at_ms > 0 FROM messages WHERE id = %lld", (long long)told), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_removals"), 0);
}

static void messages_elsewhere_stay(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "guild_create", ops_json("{'name': 'Another'}"), ERR_OK);
	int64_t elsewhere = ops_result_id(&ops, NULL, "channel_id");
	wrote(&bob, elsewhere, 3);
	assert_int_equal(ban(&ops.ada, bob.id, HOUR_S), ERR_OK);
	assert_int_equal(live_messages_of(&bob), 3);
}

static void many_messages_go_in_portions_that_outlive_a_restart(void **state)
{
	enum { MANY = 950 };
	bool is_done = false;
	int portions = 0;

	(void)state;
	wrote(&bob, ops.general_id, MANY);
	assert_int_equal(ban(&ops.ada, bob.id, BAN_DELETE_MAX_S), ERR_OK);
	int64_t left = live_messages_of(&bob);
	assert_in_range(left, MANY / 2, MANY - 1);
	/* Nothing but the database knows what is left to do. */
	while (!is_done) {
		keep_house(&is_done);
		assert_in_range(++portions, 1, 50);
		assert_true(live_messages_of(&bob) < left || live_messages_of(&bob) == 0);
		left = live_messages_of(&bob);
	}
	assert_int_equal(left, 0);
	assert_int_equal(events_of("MESSAGE_DELETE"), MANY);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_removals"), 0);
}

static void what_is_written_after_a_ban_is_lifted_stays(void **state)
{
	enum { MANY = 300 };
	bool is_done = false;

	(void)state;
	wrote(&bob, ops.general_id, MANY);
	assert_int_equal(ban(&ops.ada, bob.id, BAN_DELETE_MAX_S), ERR_OK);
	assert_int_equal(unban(&ops.ada, bob.id), ERR_OK);
	assert_int_equal(accept(&bob), ERR_OK);
	ops_message(&ops, &bob, ops.general_id, "I am back");
	while (!is_done)
		keep_house(&is_done);
	assert_int_equal(live_messages_of(&bob), 1);
}

static void a_removal_from_a_deleted_channel_leaves_it_to_the_purge(void **state)
{
	enum { MANY = 250 };
	int64_t other_id = ops_channel(&ops, &ops.ada, "other");
	bool is_done = false;

	(void)state;
	wrote(&bob, other_id, MANY);
	assert_int_equal(ban(&ops.ada, bob.id, BAN_DELETE_MAX_S), ERR_OK);
	assert_op(&ops, &ops.ada, "channel_delete", json_pack("{s:I}", "channel_id", (json_int_t)other_id), ERR_OK);
	for (int i = 0; i < 50 && !is_done; i++)
		keep_house(&is_done);
	assert_true(is_done);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_removals"), 0);
	assert_int_equal(live_messages_of(&bob), 0);
}

static void how_far_back_is_bounded(void **state)
{
	(void)state;
	assert_int_equal(ban(&ops.ada, bob.id, BAN_DELETE_MAX_S + 1), ERR_INVALID_FORM);
	assert_non_null(ops_complaint(&ops, "delete_message_seconds"));
	assert_int_equal(ban(&ops.ada, bob.id, -1), ERR_INVALID_FORM);
	assert_op(&ops, &ops.ada, "ban_create",
		  ops_json("{'guild_id': '%lld', 'user_id': '%lld', 'delete_message_days': 8}", (long long)ops.guild_id,
			   (long long)bob.id),
		  ERR_INVALID_FORM);
	wrote(&bob, ops.general_id, 2);
	assert_op(&ops, &ops.ada, "ban_create",
		  ops_json("{'guild_id': '%lld', 'user_id': '%lld', 'delete_message_days': 1}", (long long)ops.guild_id,
			   (long long)bob.id),
		  ERR_OK);
	assert_int_equal(live_messages_of(&bob), 0);
}

static const char *listed(const struct ban_page *page)
{
	struct buf *text = buf_in_arena(&ops.arena), *names = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *list;

	jw_init(&jw, text);
	ensure(ban_list_to_json(ops.engine.db, &ops.arena, &jw, NULL, ops.guild_id, page) == ERR_OK);
	ensure(json_parse_own(&ops.arena, text->p, text->n, &list) == ERR_OK);
	buf_puts(names, "-");
	for (size_t i = 0; i < json_array_size(list); i++) {
		buf_putc(names, ' ');
		buf_puts(names, json_text(json_object_get(json_array_get(list, i), "user"), "username"));
	}
	return names->p;
}

static void bans_are_listed_with_reasons_and_by_pages(void **state)
{
	struct person kim = ops_join(&ops, "kim");
	const char *text = arena_printf(
	    &ops.arena,
	    "{\"op\":\"ban_create\",\"actor\":\"%lld\",\"session\":\"%lld\",\"reason\":\"spam\","
	    "\"in\":{\"guild_id\":\"%lld\",\"user_id\":\"%lld\"}}",
	    (long long)ops.ada.id, (long long)ops.ada.session_id, (long long)ops.guild_id, (long long)bob.id);
	struct buf *out = buf_in_arena(&ops.arena);
	struct jw jw;

	(void)state;
	assert_int_equal(ops_run_text(&ops, OP_ROLE_API, text, strlen(text)), ERR_OK);
	assert_int_equal(ban(&ops.ada, eve.id, 0), ERR_OK);
	assert_int_equal(ban(&ops.ada, kim.id, 0), ERR_OK);
	assert_string_equal(listed(&(struct ban_page){.limit = 10}), "- bob eve kim");
	assert_string_equal(listed(&(struct ban_page){.limit = 2}), "- bob eve");
	assert_string_equal(listed(&(struct ban_page){.limit = 2, .after = bob.id}), "- eve kim");
	assert_string_equal(listed(&(struct ban_page){.limit = 1, .before = kim.id}), "- eve");
	assert_string_equal(listed(&(struct ban_page){.limit = 10, .before = bob.id}), "-");
	jw_init(&jw, out);
	assert_int_equal(ban_find_to_json(ops.engine.db, &ops.arena, &jw, NULL, ops.guild_id, bob.id), ERR_OK);
	assert_non_null(strstr(out->p, "\"reason\":\"spam\""));
	assert_int_equal(ban_find_to_json(ops.engine.db, &ops.arena, &jw, NULL, ops.guild_id, ops.ada.id),
			 ERR_UNKNOWN_BAN);
}

/* A ban that reaches less far back than one whose removal is under way does not cut that short. */
static void a_second_ban_leaves_the_first_removal_to_its_end(void **state)
{
	bool is_done = false;

	(void)state;
	wrote(&bob, ops.general_id, 250);
	assert_int_equal(ban(&ops.ada, bob.id, 24 * HOUR_S), ERR_OK);
	assert_int_equal(live_messages_of(&bob), 150);
	assert_int_equal(unban(&ops.ada, bob.id), ERR_OK);
	assert_int_equal(accept(&bob), ERR_OK);
	(void)ops_message(&ops, &bob, ops.general_id, "again");
	assert_int_equal(ban(&ops.ada, bob.id, 600), ERR_OK);
	while (!is_done)
		keep_house(&is_done);
	assert_int_equal(live_messages_of(&bob), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(who_is_banned_is_out_and_stays_out),
	    TEST(who_is_no_member_can_be_banned),
	    TEST(a_second_ban_changes_nothing),
	    TEST(banning_needs_its_bit_and_height),
	    TEST(recent_messages_go_with_their_author),
	    TEST(messages_elsewhere_stay),
	    TEST(many_messages_go_in_portions_that_outlive_a_restart),
	    TEST(what_is_written_after_a_ban_is_lifted_stays),
	    TEST(a_removal_from_a_deleted_channel_leaves_it_to_the_purge),
	    TEST(a_second_ban_leaves_the_first_removal_to_its_end),
	    TEST(how_far_back_is_bounded),
	    TEST(bans_are_listed_with_reasons_and_by_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
