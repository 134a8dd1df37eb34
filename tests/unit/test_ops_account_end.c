/* Suspension, handing over, and the end of accounts, straight at the store: who may, what goes, what stays. */
#include "domain/message/message.h"
#include "domain/user/user_admin.h"
#include "domain/user/user_end.h"
#include "ops_fixture.h"
#include "store/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;
static struct person bob, carol;
static const struct person cli = {.role = OP_ROLE_CLI};

static const char hash[] = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA"; /* of ops_register_input */

static int open_with_people(void **state)
{
	(void)state;
	ops_setup(&ops);
	/* Who sets the server up administers it. */
	ops_sql(&ops, "UPDATE users SET is_admin = 1 WHERE id = %lld", (long long)ops.ada.id);
	bob = ops_join(&ops, "bob");
	carol = ops_join(&ops, "carol");
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static json_t *whom(int64_t user_id)
{
	return json_pack("{s:I}", "user_id", (json_int_t)user_id);
}

static json_t *from_to(int64_t from_id, int64_t to_id)
{
	return json_pack("{s:I, s:I}", "user_id", (json_int_t)from_id, "to", (json_int_t)to_id);
}

static json_t *admin(int64_t user_id, bool is_admin)
{
	return json_pack("{s:I, s:b}", "user_id", (json_int_t)user_id, "is_admin", is_admin);
}

static int64_t count_of(const char *table, const char *column, int64_t user_id)
{
	return ops_int(&ops, "SELECT count(*) FROM %s WHERE %s = %lld", table, column, (long long)user_id);
}

static void only_administrators_of_the_server_may(void **state)
{
	static const char *const names[] = {"user_suspend", "user_restore", "user_admin", "user_hand_over"};
	struct person ended = {ops.ada.id, 424242, OP_ROLE_API};
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_op(&ops, &bob, names[i], from_to(carol.id, bob.id), ERR_MISSING_PERMISSIONS);
		assert_op(&ops, NULL, names[i], from_to(carol.id, bob.id), ERR_UNAUTHORIZED);
		assert_op(&ops, &ended, names[i], from_to(carol.id, bob.id), ERR_UNAUTHORIZED);
	}
	assert_op(&ops, &ops.ada, "token_create", json_pack("{s:s, s:s}", "name", "t", "digest", ops_digest(&ops)),
		  ERR_OK);
	struct person by_token = {ops.ada.id, ops_result_id(&ops, NULL, "id"), OP_ROLE_API};
	assert_op(&ops, &by_token, "user_suspend", whom(bob.id), ERR_LOGIN_REQUIRED);
	ops_sql(&ops, "UPDATE users SET is_suspended = 1 WHERE id = %lld", (long long)ops.ada.id);
	assert_op(&ops, &ops.ada, "user_suspend", whom(bob.id), ERR_UNAUTHORIZED);
}

static void a_suspension_ends_sessions_and_is_lifted(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "user_suspend", whom(bob.id), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM sessions WHERE user_id = %lld AND ended_at_ms IS NULL",
				 (long long)bob.id),
			 0);
	int64_t seq = ops.engine.last_seq;
	assert_op(&ops, &ops.ada, "user_suspend", whom(bob.id), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
	assert_op(&ops, &ops.ada, "user_restore", whom(bob.id), ERR_OK);
	assert_op(&ops, &bob, "block_create", whom(carol.id), ERR_UNAUTHORIZED);
	assert_op(&ops, &ops.ada, "user_suspend", whom(ops.ada.id), ERR_INVALID_FORM);
	assert_op(&ops, &ops.ada, "user_suspend", whom(424242), ERR_UNKNOWN_USER);
}

static void somebody_always_administers_the_server(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "user_admin", admin(ops.ada.id, false), ERR_LAST_ADMIN);
	assert_op(&ops, &cli, "user_suspend", whom(ops.ada.id), ERR_LAST_ADMIN);
	assert_op(&ops, &ops.ada, "user_admin", admin(bob.id, true), ERR_OK);
	/* One who is suspended is none. */
	assert_op(&ops, &cli, "user_suspend", whom(bob.id), ERR_OK);
	assert_op(&ops, &ops.ada, "user_admin", admin(ops.ada.id, false), ERR_LAST_ADMIN);
	assert_op(&ops, &cli, "user_restore", whom(bob.id), ERR_OK);
	assert_op(&ops, &ops.ada, "user_admin", admin(ops.ada.id, false), ERR_OK);
	assert_op(&ops, &ops.ada, "user_admin", admin(ops.ada.id, true), ERR_MISSING_PERMISSIONS);
}

static void bots_and_suspended_accounts_administer_nothing(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "user_suspend", whom(bob.id), ERR_OK);
	assert_op(&ops, &ops.ada, "user_admin", admin(bob.id, true), ERR_INVALID_FORM);
	ops_sql(&ops, "UPDATE users SET is_bot = 1 WHERE id = %lld", (long long)carol.id);
	assert_op(&ops, &ops.ada, "user_admin", admin(carol.id, true), ERR_INVALID_FORM);
}

static void only_what_a_suspended_account_owns_is_handed_over(void **state)
{
	(void)state;
	int64_t room = ops_channel(&ops, &ops.ada, "room");
	ops_sql(&ops, "UPDATE channels SET owner_id = %lld WHERE id = %lld", (long long)bob.id, (long long)room);
	assert_op(&ops, &ops.ada, "user_hand_over", from_to(bob.id, carol.id), ERR_NOT_SUSPENDED);
	assert_op(&ops, &ops.ada, "user_suspend", whom(bob.id), ERR_OK);
	assert_op(&ops, &ops.ada, "user_hand_over", from_to(bob.id, 424242), ERR_UNKNOWN_USER);
	assert_op(&ops, &ops.ada, "user_hand_over", from_to(bob.id, bob.id), ERR_INVALID_FORM);
	assert_op(&ops, &ops.ada, "user_hand_over", from_to(bob.id, carol.id), ERR_OK);
	assert_int_equal(json_int(ops.result, "channels"), 1);
	assert_int_equal(ops_int(&ops, "SELECT owner_id FROM channels WHERE id = %lld", (long long)room), carol.id);
	assert_op(&ops, &ops.ada, "user_hand_over", from_to(bob.id, carol.id), ERR_OK);
	assert_int_equal(json_int(ops.result, "channels"), 0);
}

static json_t *proof(const char *password_hash)
{
	return json_pack("{s:s}", "password_hash", password_hash);
}

static void an_account_ends_with_the_password_of_now(void **state)
{
	(void)state;
	assert_op(&ops, &bob, "user_delete", json_object(), ERR_INVALID_FORM);
	assert_op(&ops, &bob, "user_delete", proof("$argon2id$of another password"), ERR_WRONG_PASSWORD);
	assert_op(&ops, &bob, "user_delete", json_pack("{s:s, s:s}", "password_hash", hash, "username", "carol"),
		  ERR_INVALID_FORM);
	assert_op(&ops, &bob, "user_delete", json_pack("{s:s, s:s}", "password_hash", hash, "username", "Bob"), ERR_OK);
	assert_op(&ops, &bob, "user_delete", proof(hash), ERR_UNAUTHORIZED);
	assert_op(&ops, NULL, "user_delete", proof(hash), ERR_UNAUTHORIZED);
}

static void owners_and_the_last_administrator_stay(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "user_delete", proof(hash), ERR_OWNS_WORKSPACES);
	assert_string_equal(ops_complaint(&ops, "guilds"), "GUILD_OWNED");
	ops_sql(&ops, "UPDATE guilds SET owner_id = %lld", (long long)bob.id);
	assert_op(&ops, &ops.ada, "user_delete", proof(hash), ERR_LAST_ADMIN);
	assert_op(&ops, &ops.ada, "user_admin", admin(carol.id, true), ERR_OK);
	assert_op(&ops, &ops.ada, "user_delete", proof(hash), ERR_OK);
}

static void nothing_of_the_person_is_left_in_the_database(void **state)
{
	(void)state;
	int64_t message_id = ops_message(&ops, &bob, ops.general_id, "mine");
	assert_op(&ops, &bob, "user_update",
		  ops_json("{'display_name': 'Bob B.', 'about': 'x', 'pronouns': 'y', 'time_zone': 'UTC'}"), ERR_OK);
	assert_op(&ops, &bob, "block_create", whom(carol.id), ERR_OK);
	assert_op(&ops, &carol, "block_create", whom(bob.id), ERR_OK);
	assert_op(&ops, &bob, "user_delete", proof(hash), ERR_OK);
	assert_int_equal(count_of("sessions", "user_id", bob.id), 0);
	assert_int_equal(count_of("members", "user_id", bob.id), 0);
	assert_int_equal(count_of("channel_members", "user_id", bob.id), 0);
	assert_int_equal(count_of("blocks", "user_id", bob.id), 0);
	assert_int_equal(count_of("blocks", "blocked_id", bob.id), 0);
	assert_int_equal(
	    ops_int(&ops,
		    "SELECT email IS NULL AND password_hash IS NULL AND avatar IS NULL AND about IS NULL AND pronouns "
		    "IS NULL "
		    "AND time_zone IS NULL AND totp_secret IS NULL AND is_admin = 0 FROM users WHERE id = %lld",
		    (long long)bob.id),
	    1);
	assert_string_equal(ops_text(&ops, "SELECT display_name FROM users WHERE id = %lld", (long long)bob.id),
			    "Deleted user");
	assert_string_equal(ops_text(&ops, "SELECT content FROM messages WHERE id = %lld", (long long)message_id),
			    "mine");
	/* The name and the address are free. */
	json_t *in = ops_register_input(&ops, "bob");
	const char *code = ops_invite(&ops, &ops.ada, 1);
	assert_int_equal(json_object_set_new(in, "invite", json_string(code)), 0);
	assert_op(&ops, NULL, "user_register", in, ERR_OK);
}

static void messages_go_where_the_owner_of_the_server_says_so(void **state)
{
	const char *why;
	bool is_done = false;
	(void)state;
	assert_int_equal(config_set(&ops.config, CONFIG_DELETED_ACCOUNT_MESSAGES, "delete", &why), ERR_OK);
	ops.is_quick = true;
	for (int i = 0; i < 250; i++)
		(void)ops_message(&ops, &bob, ops.general_id, "mine");
	int64_t kept = ops_message(&ops, &carol, ops.general_id, "hers");
	assert_op(&ops, &bob, "user_delete", proof(hash), ERR_OK);
	assert_true(ops_int(&ops, "SELECT count(*) FROM messages WHERE content = 'mine'") > 0);
	for (int i = 0; i < 10 && !is_done; i++)
		assert_int_equal(house_keep(&ops.engine, 1000000, &is_done), ERR_OK);
	assert_true(is_done);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages WHERE content = 'mine'"), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM events WHERE payload LIKE '%%\"mine\"%%'"), 0);
	assert_string_equal(ops_text(&ops, "SELECT content FROM messages WHERE id = %lld", (long long)kept), "hers");
}

static void the_command_line_removes_whom_it_names_once(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "user_remove", whom(bob.id), ERR_MISSING_PERMISSIONS);
	assert_op(&ops, &cli, "user_remove", whom(bob.id), ERR_OK);
	int64_t seq = ops.engine.last_seq;
	assert_op(&ops, &cli, "user_remove", whom(bob.id), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
	assert_op(&ops, &cli, "user_remove", whom(ops.ada.id), ERR_OWNS_WORKSPACES);
	assert_op(&ops, &cli, "user_remove", whom(424242), ERR_UNKNOWN_USER);
	assert_op(&ops, &cli, "user_suspend", whom(bob.id), ERR_UNKNOWN_USER);
}

int main(void)
{
#define IN_WORKSPACE(name) cmocka_unit_test_setup_teardown(name, open_with_people, close_database)
	const struct CMUnitTest tests[] = {
	    IN_WORKSPACE(only_administrators_of_the_server_may),
	    IN_WORKSPACE(a_suspension_ends_sessions_and_is_lifted),
	    IN_WORKSPACE(somebody_always_administers_the_server),
	    IN_WORKSPACE(bots_and_suspended_accounts_administer_nothing),
	    IN_WORKSPACE(only_what_a_suspended_account_owns_is_handed_over),
	    IN_WORKSPACE(an_account_ends_with_the_password_of_now),
	    IN_WORKSPACE(owners_and_the_last_administrator_stay),
	    IN_WORKSPACE(nothing_of_the_person_is_left_in_the_database),
	    IN_WORKSPACE(messages_go_where_the_owner_of_the_server_says_so),
	    IN_WORKSPACE(the_command_line_removes_whom_it_names_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
