/* What people change of their own account, straight at the store. */
#include "domain/user/user_profile.h"
#include "domain/security_event/security_event.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;
static struct person bob;

static const char hash[] = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA"; /* of ops_register_input */

static int open_with_bob(void **state)
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

static const char *mine(const char *column)
{
	return ops_text(&ops, "SELECT coalesce(%s, '-') FROM users WHERE id = %lld", column, (long long)bob.id);
}

static void only_what_is_given_changes(void **state)
{
	(void)state;
	assert_op(&ops, &bob, "user_update",
		  ops_json("{'global_name': ' Bob ', 'bio': 'one\\ntwo', 'pronouns': 'he', 'time_zone': 'UTC'}"),
		  ERR_OK);
	assert_string_equal(mine("display_name"), "Bob");
	assert_string_equal(mine("about"), "one\ntwo");
	assert_op(&ops, &bob, "user_update", ops_json("{'about': null, 'pronouns': ''}"), ERR_OK);
	assert_string_equal(mine("about"), "-");
	assert_string_equal(mine("pronouns"), "-");
	assert_string_equal(mine("display_name"), "Bob");
	assert_string_equal(mine("time_zone"), "UTC");
}

static const struct {
	const char *in, *field;
	enum err expected;
} refused[] = {
    {"{'username': 'a'}", "username", ERR_INVALID_FORM},
    {"{'username': ''}", "username", ERR_INVALID_FORM},
    {"{'username': null}", "username", ERR_INVALID_FORM},
    {"{'username': 'here'}", "username", ERR_INVALID_FORM},
    {"{'username': 'x y'}", "username", ERR_INVALID_FORM},
    {"{'username': 'deleted_user_9'}", "username", ERR_INVALID_FORM},
    {"{'username': 'ADA'}", NULL, ERR_NAME_TAKEN},
    {"{'time_zone': '/etc/passwd'}", "time_zone", ERR_INVALID_FORM},
    {"{'time_zone': 'Europe/Atlantis'}", "time_zone", ERR_INVALID_FORM},
    {"{'display_name': 'a\\u202eb'}", "display_name", ERR_INVALID_FORM},
    {"{'display_name': 'a\\nb'}", "display_name", ERR_INVALID_FORM},
    {"{'picture': 'not base64!'}", NULL, ERR_BAD_PICTURE},
    {"{'picture': 'aGVsbG8'}", NULL, ERR_BAD_PICTURE},
};

static void what_is_wrong_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		print_message("%s\n", refused[i].in);
		assert_op(&ops, &bob, "user_update", ops_json("%s", refused[i].in), refused[i].expected);
		if (refused[i].field != NULL)
			assert_non_null(ops_complaint(&ops, refused[i].field));
	}
	assert_op(&ops, &bob, "user_update",
		  json_pack("{s:s}", "about", ops_repeat(&ops, "\xc3\xbc", USER_ABOUT_MAX + 1)), ERR_INVALID_FORM);
	assert_op(&ops, &bob, "user_update", json_pack("{s:s}", "about", ops_repeat(&ops, "\xc3\xbc", USER_ABOUT_MAX)),
		  ERR_OK);
	assert_op(&ops, NULL, "user_update", ops_json("{'about': 'x'}"), ERR_UNAUTHORIZED);
}

static void open_clients_hear_of_it_and_of_no_address(void **state)
{
	int count;
	int64_t before = ops.engine.last_seq;
	(void)state;
	assert_op(&ops, &bob, "user_update", ops_json("{'display_name': 'Bob'}"), ERR_OK);
	const struct event *events = ops_events(&ops, before, &count);
	assert_int_equal(count, 2);
	assert_string_equal(events[0].type, "USER_UPDATE");
	assert_int_equal(events[0].user_id, bob.id);
	assert_int_equal(events[0].guild_id, 0);
	assert_string_equal(events[1].type, "GUILD_MEMBER_UPDATE");
	assert_int_equal(events[1].guild_id, ops.guild_id);
	for (int i = 0; i < count; i++) {
		assert_non_null(strstr(events[i].payload, "\"Bob\""));
		assert_null(strstr(events[i].payload, "@example.org"));
	}
	before = ops.engine.last_seq;
	assert_op(&ops, &bob, "user_update", ops_json("{'display_name': 'Bob'}"), ERR_OK);
	assert_int_equal(ops.engine.last_seq, before);
}

static json_t *address(const char *email, const char *password_hash)
{
	return json_pack("{s:s, s:s}", "email", email, "password_hash", password_hash);
}

static void an_address_changes_with_the_password_of_now(void **state)
{
	(void)state;
	ops_sql(&ops, "INSERT INTO password_resets (user_id, digest, expires_at_ms, allowed_at_ms) VALUES (%lld, x'00', 9e15, 0)",
		(long long)bob.id);
	assert_op(&ops, &bob, "user_email", address("new@example.org", "$argon2id$of another password"),
		  ERR_WRONG_PASSWORD);
	assert_op(&ops, &bob, "user_email", address("no address", hash), ERR_INVALID_FORM);
	assert_op(&ops, &bob, "user_email", address("ADA@example.org", hash), ERR_EMAIL_TAKEN);
	assert_op(&ops, &bob, "user_email", address("new@example.org", hash), ERR_OK);
	assert_string_equal(mine("email"), "new@example.org");
	/* A code that was mailed opens nothing; how often one may be mailed is as it was. */
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM password_resets WHERE expires_at_ms > 0"), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM password_resets"), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM security_events WHERE kind = 'email_changed'"), 1);
	/* Without smtp_url nobody is told; with it the address that was. */
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM jobs"), 0);
	const char *why;
	assert_int_equal(config_set(&ops.config, CONFIG_SMTP_URL, "smtp://127.0.0.1:25", &why), ERR_OK);
	assert_op(&ops, &bob, "user_email", address("newer@example.org", hash), ERR_OK);
	assert_string_equal(ops_text(&ops, "SELECT json_extract(payload, '$.to') FROM jobs"), "new@example.org");
}

/* An address is whatever somebody typed: who changes theirs to and fro has no inbox filled. */
static void word_of_changes_fills_no_inbox(void **state)
{
	const char *why;

	(void)state;
	assert_int_equal(config_set(&ops.config, CONFIG_SMTP_URL, "smtp://127.0.0.1:25", &why), ERR_OK);
	for (int i = 0; i < 2 * (SECURITY_TOLD_MAX + 2); i++) {
		assert_op(&ops, &bob, "user_email",
			  address(i % 2 == 0 ? "victim@example.org" : "bob@example.org", hash), ERR_OK);
	}
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM jobs"), SECURITY_TOLD_MAX);
	/* An hour later the account is one like others. */
	ops_sql(&ops, "UPDATE security_events SET id = id - (%lld << 22)", (long long)SECURITY_TOLD_IN_MS + 1000);
	assert_op(&ops, &bob, "user_email", address("bob@example.com", hash), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM jobs"), SECURITY_TOLD_MAX + 1);
}

static void a_token_changes_no_address(void **state)
{
	(void)state;
	assert_op(&ops, &bob, "token_create", json_pack("{s:s, s:s}", "name", "t", "digest", ops_digest(&ops)), ERR_OK);
	struct person by_token = {bob.id, ops_result_id(&ops, NULL, "id"), OP_ROLE_API};
	assert_op(&ops, &by_token, "user_email", address("new@example.org", hash), ERR_LOGIN_REQUIRED);
	assert_string_equal(mine("email"), "bob@example.org");
}

static bool sees(int64_t viewer_id, int64_t user_id)
{
	bool is_visible;
	assert_int_equal(user_is_visible(ops.engine.db, viewer_id, user_id, &is_visible), ERR_OK);
	return is_visible;
}

static void people_see_each_other_where_they_share_something(void **state)
{
	(void)state;
	ops_sql(&ops, "INSERT INTO users (id, username) VALUES (77, 'stranger')");
	assert_true(sees(77, 77));
	assert_true(sees(bob.id, ops.ada.id));
	assert_false(sees(77, bob.id));
	assert_false(sees(bob.id, 424242));
	ops_sql(&ops, "INSERT INTO channels (id, type, name) VALUES (500, 1, '')");
	ops_sql(&ops,
		"INSERT INTO channel_members (channel_id, user_id, joined_at_ms) VALUES (500, 77, 0), (500, %lld, 0)",
		(long long)bob.id);
	assert_true(sees(77, bob.id));
	assert_true(sees(bob.id, 77));
	assert_false(sees(77, ops.ada.id));
	ops_sql(&ops, "UPDATE guilds SET deleted_at_ms = 1");
	assert_false(sees(bob.id, ops.ada.id));
}

int main(void)
{
#define IN_WORKSPACE(name) cmocka_unit_test_setup_teardown(name, open_with_bob, close_database)
	const struct CMUnitTest tests[] = {
	    IN_WORKSPACE(only_what_is_given_changes),
	    IN_WORKSPACE(what_is_wrong_is_refused),
	    IN_WORKSPACE(open_clients_hear_of_it_and_of_no_address),
	    IN_WORKSPACE(an_address_changes_with_the_password_of_now),
	    IN_WORKSPACE(word_of_changes_fills_no_inbox),
	    IN_WORKSPACE(a_token_changes_no_address),
	    IN_WORKSPACE(people_see_each_other_where_they_share_something),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
