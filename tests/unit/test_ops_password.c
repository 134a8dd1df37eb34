/* Passwords, straight at the store: what a change ends, what a code by mail is good for, and how much mail there is. */
#include "base/clock.h"
#include "base/ensure.h"
#include "domain/password/password.h"
#include "domain/session/session.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char new_hash[] = "$argon2id$v=19$m=19456,t=2,p=1$bmV3IHNhbHQ$bmV3IGhhc2g";
static const char other_hash[] = "$argon2id$v=19$m=19456,t=2,p=1$b3RoZXI$b3RoZXI";

static struct ops ops;

static int open_set_up(void **state)
{
	const char *why;

	(void)state;
	ops_setup(&ops);
	ensure(config_set(&ops.config, CONFIG_SMTP_URL, "smtp://127.0.0.1:25", &why) == ERR_OK);
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static const char *stored_hash(int64_t user_id)
{
	return ops_text(&ops, "SELECT password_hash FROM users WHERE id = %lld", (long long)user_id);
}

static bool is_live(const struct person *person)
{
	struct session session;

	return session_find_live(ops.engine.db, person->session_id, person->id, clock_now_ms(), &session) == ERR_OK;
}

static struct person log_in(const char *kind)
{
	struct person person = ops.ada;

	ensure(ops_run(&ops, NULL, "session_create",
		       json_pack("{s:I, s:s, s:s, s:s}", "user_id", (json_int_t)ops.ada.id, "password_hash",
				 stored_hash(ops.ada.id), "session_kind", kind, "session_digest", ops_digest(&ops))) ==
	       ERR_OK);
	person.session_id = ops_result_id(&ops, NULL, "session_id");
	return person;
}

static struct person token(void)
{
	struct person person = ops.ada;

	ensure(ops_run(&ops, &ops.ada, "token_create",
		       json_pack("{s:s, s:s}", "name", "x", "digest", ops_digest(&ops))) == ERR_OK);
	person.session_id = ops_result_id(&ops, NULL, "id");
	return person;
}

static json_t *change(const char *current)
{
	return json_pack("{s:s, s:s}", "current_hash", current, "password_hash", new_hash);
}

static void ask(const char *login)
{
	ensure(ops_run(&ops, NULL, "password_reset_ask", json_pack("{s:s}", "login", login)) == ERR_OK);
	assert_int_equal(json_object_size(ops.result), 0);
}

static int64_t mails(const char *kind)
{
	return ops_int(&ops, "SELECT count(*) FROM jobs WHERE kind = 'mail' AND json_extract(payload, '$.mail') = '%s'",
		       kind);
}

/* The code of the latest mail, and its digest as ops carry it. */
static const char *code(void)
{
	return ops_text(&ops, "SELECT json_extract(payload, '$.data.code') FROM jobs ORDER BY id DESC LIMIT 1");
}

static const char *digest_of(const char *text)
{
	unsigned char digest[DIGEST_BYTES];
	char *out = arena_alloc(&ops.arena, SECRET_TEXT_SIZE);

	password_reset_digest(text, digest);
	(void)base64url_encode(digest, sizeof digest, out);
	return out;
}

static json_t *reset(const char *text)
{
	return json_pack("{s:s, s:s}", "digest", digest_of(text), "password_hash", new_hash);
}

static void a_change_ends_the_other_sessions_and_tells_by_mail(void **state)
{
	struct person other = log_in("cookie"), program = log_in("refresh"), script = token();
	int count;

	(void)state;
	int64_t before = ops.engine.last_seq;
	assert_op(&ops, &ops.ada, "password_change", change(stored_hash(ops.ada.id)), ERR_OK);
	assert_string_equal(stored_hash(ops.ada.id), new_hash);
	assert_true(is_live(&ops.ada) && is_live(&script));
	assert_false(is_live(&other) || is_live(&program));
	const struct event *event = ops_events(&ops, before, &count);
	assert_int_equal(count, 1);
	assert_string_equal(event->type, "_SESSION_REVOKED");
	assert_int_equal(mails("password_changed"), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM security_events WHERE kind = 'password_changed'"), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM jobs WHERE payload LIKE '%%argon2%%'"), 0);
}

static void a_change_ends_tokens_where_that_is_asked(void **state)
{
	struct person script = token();
	json_t *in = change(stored_hash(ops.ada.id));

	(void)state;
	ensure(json_object_set_new(in, "end_tokens", json_true()) == 0);
	assert_op(&ops, &ops.ada, "password_change", in, ERR_OK);
	assert_false(is_live(&script));
}

static void a_change_wants_the_password_that_is(void **state)
{
	struct person script = token();
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	assert_op(&ops, &ops.ada, "password_change", change(other_hash), ERR_WRONG_PASSWORD);
	assert_op(&ops, &script, "password_change", change(stored_hash(ops.ada.id)), ERR_LOGIN_REQUIRED);
	assert_op(&ops, NULL, "password_change", change(stored_hash(ops.ada.id)), ERR_UNAUTHORIZED);
	ops_sql(&ops, "UPDATE users SET password_hash = '%s' WHERE id = %lld", other_hash, (long long)bob.id);
	assert_op(&ops, &bob, "password_change", change(stored_hash(ops.ada.id)), ERR_WRONG_PASSWORD);
	assert_op(&ops, &ops.ada, "password_change", change(""), ERR_INVALID_FORM);
}

static void a_change_gives_a_cookie_another_secret_and_other_sessions_none(void **state)
{
	struct person browser = log_in("cookie");
	const char *fresh = ops_digest(&ops);
	json_t *in = change(stored_hash(ops.ada.id));

	(void)state;
	ensure(json_object_set_new(in, "session_digest", json_string(fresh)) == 0);
	const char *before =
	    ops_text(&ops, "SELECT hex(digest) FROM sessions WHERE id = %lld", (long long)browser.session_id);
	assert_op(&ops, &browser, "password_change", in, ERR_OK);
	assert_string_not_equal(
	    before, ops_text(&ops, "SELECT hex(digest) FROM sessions WHERE id = %lld", (long long)browser.session_id));
	struct person program = log_in("refresh");
	before = ops_text(&ops, "SELECT hex(digest) FROM sessions WHERE id = %lld", (long long)program.session_id);
	in = change(stored_hash(ops.ada.id));
	ensure(json_object_set_new(in, "session_digest", json_string(ops_digest(&ops))) == 0);
	assert_op(&ops, &program, "password_change", in, ERR_OK);
	assert_string_equal(
	    before, ops_text(&ops, "SELECT hex(digest) FROM sessions WHERE id = %lld", (long long)program.session_id));
}

static void a_code_is_mailed_to_whom_it_concerns_and_kept_as_a_digest(void **state)
{
	(void)state;
	ask("ada");
	assert_int_equal(mails("password_reset"), 1);
	assert_string_equal(ops_text(&ops, "SELECT json_extract(payload, '$.to') FROM jobs"), "ada@example.org");
	assert_int_equal(strlen(code()), PASSWORD_RESET_CODE_CHARS);
	assert_int_equal(ops_int(&ops, "SELECT length(digest) FROM password_resets"), DIGEST_BYTES);
	assert_int_equal(ops_int(&ops, "SELECT json_extract(payload, '$.expires_at_ms') = r.expires_at_ms "
				       "FROM jobs, password_resets r"),
			 1);
}

static void who_is_not_there_or_may_not_is_sent_nothing(void **state)
{
	(void)state;
	struct person bob = ops_join(&ops, "bob");
	ask("nobody");
	ask("nobody@example.org");
	ops_sql(&ops, "UPDATE users SET is_suspended = 1 WHERE id = %lld", (long long)bob.id);
	ask("bob");
	ops_sql(&ops, "UPDATE users SET is_suspended = 0, is_bot = 1 WHERE id = %lld", (long long)bob.id);
	ask("bob");
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM jobs"), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM password_resets"), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM security_events WHERE kind = 'password_reset_asked' "
				       "AND user_id IS NULL"),
			 4);
}

static void an_account_is_sent_three_an_hour_and_each_third_of_it_one_more(void **state)
{
	(void)state;
	for (int i = 0; i < 6; i++)
		ask("ada");
	assert_int_equal(mails("password_reset"), PASSWORD_RESETS_MAX);
	ops_sql(&ops, "UPDATE password_resets SET allowed_at_ms = allowed_at_ms - %lld",
		(long long)(PASSWORD_RESET_EVERY_MS / PASSWORD_RESETS_MAX));
	ask("ada");
	ask("ada");
	assert_int_equal(mails("password_reset"), PASSWORD_RESETS_MAX + 1);
	assert_op(&ops, NULL, "password_reset", reset(code()), ERR_OK);
}

static void a_code_sets_the_password_once_and_ends_everything(void **state)
{
	struct person other = log_in("cookie"), script = token();

	(void)state;
	ask("ADA@example.org");
	const char *sent = code();
	assert_op(&ops, NULL, "password_reset", reset(sent), ERR_OK);
	assert_string_equal(stored_hash(ops.ada.id), new_hash);
	assert_false(is_live(&ops.ada) || is_live(&other) || is_live(&script));
	assert_int_equal(mails("password_changed"), 1);
	assert_op(&ops, NULL, "password_reset", reset(sent), ERR_BAD_RESET_CODE);
	ask("ada");
	assert_int_equal(mails("password_reset"), 2);
}

static void a_code_that_is_old_wrong_or_somebody_elses_is_none(void **state)
{
	(void)state;
	ask("ada");
	const char *sent = code();
	assert_op(&ops, NULL, "password_reset", reset("wrong"), ERR_BAD_RESET_CODE);
	assert_op(&ops, NULL, "password_reset", ops_json("{'digest': 'x', 'password_hash': '%s'}", new_hash),
		  ERR_BAD_RESET_CODE);
	ops_sql(&ops, "UPDATE password_resets SET expires_at_ms = %lld", (long long)clock_now_ms() - 1);
	assert_op(&ops, NULL, "password_reset", reset(sent), ERR_BAD_RESET_CODE);
	ask("ada");
	ops_sql(&ops, "UPDATE users SET is_suspended = 1");
	assert_op(&ops, NULL, "password_reset", reset(code()), ERR_BAD_RESET_CODE);
}

static void a_new_password_puts_an_end_to_codes(void **state)
{
	(void)state;
	ask("ada");
	const char *sent = code();
	assert_op(&ops, &ops.ada, "password_change", change(stored_hash(ops.ada.id)), ERR_OK);
	assert_op(&ops, NULL, "password_reset", reset(sent), ERR_BAD_RESET_CODE);
}

static void a_reset_leaves_the_second_factor_on(void **state)
{
	(void)state;
	ops_sql(&ops, "UPDATE users SET totp_secret = zeroblob(20), totp_enabled_at_ms = 1");
	ask("ada");
	assert_op(&ops, NULL, "password_reset", reset(code()), ERR_OK);
	assert_op(&ops, NULL, "session_create",
		  json_pack("{s:I, s:s, s:s, s:s}", "user_id", (json_int_t)ops.ada.id, "password_hash", new_hash,
			    "session_kind", "cookie", "session_digest", ops_digest(&ops)),
		  ERR_TOTP_REQUIRED);
}

static void without_mail_nobody_is_told_that_something_was_sent(void **state)
{
	const char *why;

	(void)state;
	ensure(config_set(&ops.config, CONFIG_SMTP_URL, "", &why) == ERR_OK);
	assert_op(&ops, NULL, "password_reset_ask", ops_json("{'login': 'ada'}"), ERR_MAIL_OFF);
}

static void what_bounds_nothing_any_more_is_forgotten(void **state)
{
	(void)state;
	ask("ada");
	assert_int_equal(password_reset_prune(ops.engine.db, clock_now_ms()), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM password_resets"), 1);
	assert_int_equal(password_reset_prune(ops.engine.db, clock_now_ms() + 2 * PASSWORD_RESET_EVERY_MS), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM password_resets"), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_set_up, close_database)
	const struct CMUnitTest tests[] = {
	    TEST(a_change_ends_the_other_sessions_and_tells_by_mail),
	    TEST(a_change_ends_tokens_where_that_is_asked),
	    TEST(a_change_wants_the_password_that_is),
	    TEST(a_change_gives_a_cookie_another_secret_and_other_sessions_none),
	    TEST(a_code_is_mailed_to_whom_it_concerns_and_kept_as_a_digest),
	    TEST(who_is_not_there_or_may_not_is_sent_nothing),
	    TEST(an_account_is_sent_three_an_hour_and_each_third_of_it_one_more),
	    TEST(a_code_sets_the_password_once_and_ends_everything),
	    TEST(a_code_that_is_old_wrong_or_somebody_elses_is_none),
	    TEST(a_new_password_puts_an_end_to_codes),
	    TEST(a_reset_leaves_the_second_factor_on),
	    TEST(without_mail_nobody_is_told_that_something_was_sent),
	    TEST(what_bounds_nothing_any_more_is_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
