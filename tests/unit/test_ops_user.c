/* Accounts: who may make one, what it looks like, what comes with it. */
#include "base/ensure.h"
#include "domain/perm.h"
#include "domain/session/session.h"
#include "domain/user/user.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;

static int open_empty(void **state)
{
	(void)state;
	ops_open(&ops);
	return 0;
}

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

static void set_policy(const char *policy)
{
	const char *why;
	assert_int_equal(config_set(&ops.config, CONFIG_REGISTRATION, policy, &why), ERR_OK);
}

/* An input for user_register with other or further members. */
static json_t *input_with(const char *name, json_t *changes)
{
	json_t *in = ops_register_input(&ops, name);

	ensure(json_object_update(in, changes) == 0);
	json_decref(changes);
	return in;
}

static void the_first_account_names_the_workspace(void **state)
{
	(void)state;
	assert_op(&ops, NULL, "user_register", ops_register_input(&ops, "ada"), ERR_INVALID_FORM);
	assert_string_equal(ops_complaint(&ops, "workspace"), "BASE_TYPE_REQUIRED");
	assert_op(&ops, NULL, "user_register", input_with("ada", ops_json("{'workspace': ''}")), ERR_INVALID_FORM);
	assert_op(&ops, NULL, "user_register", input_with("ada", ops_json("{'invite': 'abc'}")), ERR_INVALID_FORM);
	assert_op(&ops, NULL, "user_register", input_with("ada", ops_json("{'workspace': 'X'}")), ERR_INVALID_FORM);
	assert_string_equal(ops_complaint(&ops, "workspace"), "BASE_TYPE_BAD_LENGTH");
	assert_op(&ops, NULL, "user_register", input_with("ada", ops_json("{'workspace': 'XY', 'is_setup': true}")),
		  ERR_OK);
}

static void the_first_account_may_be_made_under_any_policy(void **state)
{
	(void)state;
	set_policy("closed");
	assert_op(&ops, NULL, "user_register", input_with("ada", ops_json("{'workspace': 'Engine Room'}")), ERR_OK);
}

static void setting_up_makes_roles_a_channel_and_a_member(void **state)
{
	int64_t guild = ops.guild_id;

	(void)state;
	assert_int_equal(ops_int(&ops, "SELECT owner_id FROM guilds WHERE id = %lld", (long long)guild), ops.ada.id);
	assert_string_equal(ops_text(&ops, "SELECT group_concat(name) FROM (SELECT name FROM roles ORDER BY position)"),
			    "@everyone,Member,Moderator,Admin");
	assert_int_equal(ops_int(&ops, "SELECT permissions FROM roles WHERE id = %lld", (long long)guild),
			 PERM_EVERYONE_INITIAL);
	assert_string_equal(ops_text(&ops, "SELECT name FROM channels WHERE id = %lld", (long long)ops.general_id),
			    "general");
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM members WHERE user_id = %lld", (long long)ops.ada.id), 1);
}

static void the_reply_shows_the_account_to_its_owner(void **state)
{
	(void)state;
	(void)ops_join(&ops, "bob");
	const json_t *user = json_object_get(ops.result, "user");

	assert_string_equal(json_text(user, "username"), "bob");
	assert_string_equal(json_text(user, "email"), "bob@example.org");
	assert_true(json_is_null(json_object_get(user, "global_name")));
	assert_null(json_object_get(user, "password_hash"));
	assert_null(strstr(ops.reply.p, "argon2"));
}

struct policy_case {
	const char *policy;
	bool has_invite;
	const char *more;
	enum err expected;
};

static const struct policy_case policy_cases[] = {
    {"invite", false, "{}", ERR_INVITE_REQUIRED},
    {"invite", true, "{}", ERR_OK},
    {"invite", false, "{'invite': ''}", ERR_INVITE_REQUIRED},
    {"invite", false, "{'invite': 'nosuchcode'}", ERR_UNKNOWN_INVITE},
    {"invite", false, "{'workspace': 'Mine'}", ERR_INVITE_REQUIRED},
    {"invite", true, "{'workspace': 'Mine'}", ERR_MISSING_PERMISSIONS},
    {"invite", true, "{'workspace': ''}", ERR_OK},
    {"open", false, "{}", ERR_OK},
    {"open", false, "{'invite': ''}", ERR_OK},
    {"open", false, "{'invite': null, 'workspace': null, 'display_name': null}", ERR_OK},
    {"open", true, "{}", ERR_OK},
    {"open", false, "{'invite': 'nosuchcode'}", ERR_UNKNOWN_INVITE},
    {"open", false, "{'workspace': 'Mine'}", ERR_OK},
    {"closed", false, "{}", ERR_REGISTRATION_CLOSED},
    {"closed", true, "{}", ERR_REGISTRATION_CLOSED},
    {"closed", true, "{'workspace': 'Mine'}", ERR_REGISTRATION_CLOSED},
    {"open", true, "{'is_setup': true, 'workspace': 'Mine'}", ERR_ALREADY_SET_UP},
    {"invite", false, "{'is_setup': true, 'workspace': 'Mine'}", ERR_ALREADY_SET_UP},
};

static void who_may_register_is_the_policys_to_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof policy_cases / sizeof *policy_cases; i++) {
		const struct policy_case *at = &policy_cases[i];
		json_t *in = input_with(arena_printf(&ops.arena, "user%zu", i), ops_json("%s", at->more));

		set_policy("invite");
		if (at->has_invite)
			ensure(json_object_set_new(in, "invite", json_string(ops_invite(&ops, &ops.ada, 1))) == 0);
		set_policy(at->policy);
		enum err err = ops_run(&ops, NULL, "user_register", in);
		if (err != at->expected)
			fail_msg("policy %s, invite %d, %s: %s", at->policy, at->has_invite, at->more,
				 err_info(err)->name);
	}
}

struct form_case {
	const char *changes, *field; /* field NULL: it is accepted */
};

static const struct form_case form_cases[] = {
    {"{'username': 'a.b_9'}", NULL},
    {"{'username': '  Trimmed.And.Lowered '}", NULL},
    {"{'username': 'x'}", "username"},
    {"{'username': ''}", "username"},
    {"{'username': null}", "username"},
    {"{'username': 7}", "username"},
    {"{'username': 'a b'}", "username"},
    {"{'username': 'a@b'}", "username"},
    {"{'username': '\xc3\xa4pfel'}", "username"},
    {"{'username': 'everyone'}", "username"},
    {"{'username': 'Here'}", "username"},
    {"{'username': 'a\\u202eb'}", "username"},
    {"{'username': 'abcdefghijklmnopqrstuvwxyz0123456'}", "username"},
    {"{'email': 'a.b+c@mail.example.org'}", NULL},
    {"{'email': 'plain'}", "email"},
    {"{'email': '@example.org'}", "email"},
    {"{'email': 'x@example'}", "email"},
    {"{'email': 'x@example.'}", "email"},
    {"{'email': 'x@.org'}", "email"},
    {"{'email': 'x@a..org'}", "email"},
    {"{'email': 'x@y@example.org'}", "email"},
    {"{'email': 'x y@example.org'}", "email"},
    {"{'email': 'x@example.org>, <y@example.org'}", "email"},
    {"{'email': 'x@example.org\\r\\nBcc: y@example.org'}", "email"},
    {"{'email': null}", "email"},
    {"{'display_name': '\xf0\x9f\xa6\x80\xe5\xb1\xb1 \xd7\xa2'}", NULL},
    {"{'display_name': '   '}", NULL},
    {"{'display_name': 'line\\nbreak'}", "display_name"},
    {"{'display_name': '123456789012345678901234567890123'}", "display_name"},
    {"{'password_hash': 'short'}", "password_hash"},
    {"{'password_hash': null}", "password_hash"},
};

static void what_is_wrong_with_a_form_is_said_of_its_field(void **state)
{
	(void)state;
	set_policy("open");
	for (size_t i = 0; i < sizeof form_cases / sizeof *form_cases; i++) {
		const struct form_case *at = &form_cases[i];
		json_t *in = input_with(arena_printf(&ops.arena, "form%zu", i), ops_json("%s", at->changes));
		enum err err = ops_run(&ops, NULL, "user_register", in);

		if (err != (at->field == NULL ? ERR_OK : ERR_INVALID_FORM))
			fail_msg("%s: %s", at->changes, err_info(err)->name);
		if (at->field != NULL && ops_complaint(&ops, at->field) == NULL)
			fail_msg("%s: says %s", at->changes, ops.reply.p);
	}
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM users WHERE username = 'trimmed.and.lowered'"), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM users WHERE display_name = ''"), 0);
}

static void a_name_or_address_is_taken_in_any_case_of_letters(void **state)
{
	(void)state;
	set_policy("open");
	assert_op(&ops, NULL, "user_register", input_with("ADA", ops_json("{'email': 'other@example.org'}")),
		  ERR_NAME_TAKEN);
	assert_op(&ops, NULL, "user_register", input_with("bob", ops_json("{'email': 'ADA@Example.ORG'}")),
		  ERR_EMAIL_TAKEN);
	ops_sql(&ops, "UPDATE users SET username = 'Ada' WHERE id = %lld", (long long)ops.ada.id);
	assert_op(&ops, NULL, "user_register", input_with("ada", ops_json("{'email': 'other@example.org'}")),
		  ERR_NAME_TAKEN);
}

static void a_used_up_invite_takes_the_account_back_with_it(void **state)
{
	const char *code = ops_invite(&ops, &ops.ada, 1);

	(void)state;
	for (int i = 0; i < 3; i++) {
		json_t *in = input_with(i == 0 ? "bob" : "eve", json_pack("{s:s}", "invite", code));
		assert_op(&ops, NULL, "user_register", in, i == 0 ? ERR_OK : ERR_INVITE_EXPIRED);
	}
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM users"), 2);
	assert_int_equal(ops_int(&ops, "SELECT uses FROM invites"), 1);
}

static void an_account_without_a_session_is_not_made(void **state)
{
	static const char *const changes[] = {
	    "{'session_kind': 'token'}",
	    "{'session_kind': 'bot'}",
	    "{'session_kind': 'nonsense'}",
	    "{'session_kind': null}",
	    "{'session_digest': 'tooshort'}",
	    "{'session_digest': null}",
	    "{'session_digest': 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='}",
	};

	(void)state;
	set_policy("open");
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		enum err err = ops_run(&ops, NULL, "user_register", input_with("bob", ops_json("%s", changes[i])));
		if (err != ERR_INVALID_FORM)
			fail_msg("%s: %s", changes[i], err_info(err)->name);
	}
}

static void a_newcomer_hears_of_the_workspace_and_the_workspace_of_the_newcomer(void **state)
{
	int64_t before = ops.engine.last_seq;
	int count;

	(void)state;
	struct person bob = ops_join(&ops, "bob");
	const struct event *events = ops_events(&ops, before, &count);

	/* What ops_join did of its own, the invite, stands before. */
	while (count > 0 && strcmp(events[0].type, "GUILD_CREATE") != 0) {
		events++;
		count--;
	}
	assert_int_equal(count, 3);
	assert_true(events[0].guild_id == 0 && events[0].channel_id == 0 && events[0].user_id == bob.id);
	assert_string_equal(events[1].type, "GUILD_MEMBER_ADD");
	assert_true(events[1].guild_id == ops.guild_id && events[1].channel_id == 0);
	assert_string_equal(events[2].type, "CHANNEL_MEMBER_ADD");
	assert_int_equal(events[2].channel_id, ops.general_id);
	assert_non_null(strstr(events[1].payload, "\"username\":\"bob\""));
	assert_null(strstr(events[1].payload, "bob@example.org"));
}

static void a_new_password_from_the_command_line_ends_every_session(void **state)
{
	static const char hash[] = "$argon2id$v=19$m=19456,t=2,p=1$b3RoZXI$b3RoZXI";
	const struct person machine = {.role = OP_ROLE_CLI};
	struct session session;
	int count;

	(void)state;
	assert_op(&ops, &ops.ada, "user_password", json_pack("{s:s, s:s}", "login", "ada", "password_hash", hash),
		  ERR_MISSING_PERMISSIONS);
	assert_op(&ops, &machine, "user_password", json_pack("{s:s, s:s}", "login", "eve", "password_hash", hash),
		  ERR_UNKNOWN_USER);
	int64_t before = ops.engine.last_seq;
	assert_op(&ops, &machine, "user_password",
		  json_pack("{s:s, s:s}", "login", "ADA@example.org", "password_hash", hash), ERR_OK);
	assert_int_equal(ops_result_id(&ops, NULL, "user_id"), ops.ada.id);
	assert_string_equal(ops_text(&ops, "SELECT password_hash FROM users"), hash);
	assert_int_equal(session_find_live(ops.engine.db, ops.ada.session_id, ops.ada.id, 0, &session),
			 ERR_UNAUTHORIZED);
	assert_op(&ops, &ops.ada, "invite_create", json_pack("{s:I}", "guild_id", (json_int_t)ops.guild_id),
		  ERR_UNAUTHORIZED);
	assert_string_equal(ops_events(&ops, before, &count)->type, "_SESSION_REVOKED");
	assert_int_equal(count, 1);
}

static void an_account_is_found_by_name_or_address_in_any_case(void **state)
{
	static const char *const logins[] = {"ada", "ADA", "ada@example.org", "Ada@Example.Org"};
	struct user_credentials found;

	(void)state;
	for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
		assert_int_equal(user_find_credentials(ops.engine.db, &ops.arena, logins[i], &found), ERR_OK);
		assert_int_equal(found.user_id, ops.ada.id);
	}
	assert_int_equal(user_find_credentials(ops.engine.db, &ops.arena, "ad", &found), ERR_UNKNOWN_USER);
	assert_int_equal(user_find_credentials(ops.engine.db, &ops.arena, "", &found), ERR_UNKNOWN_USER);
	assert_int_equal(user_find_credentials(ops.engine.db, &ops.arena, "%", &found), ERR_UNKNOWN_USER);
}

#define EMPTY(test) cmocka_unit_test_setup_teardown(test, open_empty, close_database)
#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    EMPTY(the_first_account_names_the_workspace),
	    EMPTY(the_first_account_may_be_made_under_any_policy),
	    SET_UP(setting_up_makes_roles_a_channel_and_a_member),
	    SET_UP(the_reply_shows_the_account_to_its_owner),
	    SET_UP(who_may_register_is_the_policys_to_say),
	    SET_UP(what_is_wrong_with_a_form_is_said_of_its_field),
	    SET_UP(a_name_or_address_is_taken_in_any_case_of_letters),
	    SET_UP(a_used_up_invite_takes_the_account_back_with_it),
	    SET_UP(an_account_without_a_session_is_not_made),
	    SET_UP(a_newcomer_hears_of_the_workspace_and_the_workspace_of_the_newcomer),
	    SET_UP(a_new_password_from_the_command_line_ends_every_session),
	    SET_UP(an_account_is_found_by_name_or_address_in_any_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
