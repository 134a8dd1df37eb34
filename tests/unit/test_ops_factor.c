/* The second factor, straight at the store: codes and recovery codes are taken once, and nobody gets in without. */
#include "base/clock.h"
#include "base/ensure.h"
#include "domain/factor/factor.h"
#include "domain/session/session.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

static const char *stored_hash(void)
{
	return ops_text(&ops, "SELECT password_hash FROM users WHERE id = %lld", (long long)ops.ada.id);
}

/* The code of a step counted from the present one. One before must not grow older than the store takes it, on a machine
 * that is busy with other things. */
static const char *code(int steps)
{
	struct factor factor;
	struct totp_secret secret;
	const char *hex;
	char out[TOTP_DIGITS + 1];

	while (steps < 0 && clock_now_ms() % (TOTP_STEP_S * 1000) > (TOTP_STEP_S - 8) * 1000)
		(void)nanosleep(&(struct timespec){0, 20 * 1000 * 1000}, NULL);
	ensure(factor_find(ops.engine.db, ops.ada.id, &factor) == ERR_OK);
	hex = ops_text(&ops, "SELECT hex(totp_secret) FROM users WHERE id = %lld", (long long)ops.ada.id);
	for (size_t i = 0; i < sizeof secret.bytes; i++) {
		const char digits[] = {hex[2 * i], hex[2 * i + 1], '\0'};
		secret.bytes[i] = (unsigned char)strtol(digits, NULL, 16);
	}
	totp_code(&secret, clock_now_ms() / 1000 / TOTP_STEP_S + steps, out);
	return arena_strdup(&ops.arena, out);
}

static json_t *proof(const char *hash, const char *typed)
{
	return json_pack("{s:s?, s:s?}", "password_hash", hash, "code", typed);
}

static void enrol(void)
{
	ensure(ops_run(&ops, &ops.ada, "factor_begin", json_object()) == ERR_OK);
	ensure(ops_run(&ops, &ops.ada, "factor_confirm", proof(stored_hash(), code(-1))) == ERR_OK);
}

static const char *recovery_code(size_t at)
{
	const char *text = json_string_value(json_array_get(json_object_get(ops.result, "recovery_codes"), at));

	ensure(text != NULL);
	return arena_strdup(&ops.arena, text);
}

static enum err login(const char *typed)
{
	ops.keeps_on_error = true; /* a wrong code is noted */
	enum err err = ops_run(&ops, NULL, "session_create",
			       json_pack("{s:I, s:s, s:s?, s:s, s:s}", "user_id", (json_int_t)ops.ada.id,
					 "password_hash", stored_hash(), "code", typed, "session_kind", "cookie",
					 "session_digest", ops_digest(&ops)));
	ops.keeps_on_error = false;
	return err;
}

static int64_t sessions(void)
{
	return ops_int(&ops, "SELECT count(*) FROM sessions WHERE kind = 'cookie'");
}

static void nothing_is_on_before_a_code_was_shown(void **state)
{
	struct factor factor;

	(void)state;
	assert_op(&ops, &ops.ada, "factor_confirm", proof(stored_hash(), "123456"), ERR_TOTP_OFF);
	assert_op(&ops, &ops.ada, "factor_begin", json_object(), ERR_OK);
	assert_int_equal(strlen(json_text(ops.result, "secret")), TOTP_BASE32_SIZE - 1);
	assert_int_equal(factor_find(ops.engine.db, ops.ada.id, &factor), ERR_OK);
	assert_true(factor.is_pending && !factor.is_on);
	assert_int_equal(login(NULL), ERR_OK);
	assert_op(&ops, &ops.ada, "factor_end", proof(stored_hash(), NULL), ERR_TOTP_OFF);
	assert_op(&ops, &ops.ada, "factor_renew_codes", proof(stored_hash(), NULL), ERR_TOTP_OFF);
}

static void it_goes_on_with_the_password_and_a_code_and_not_with_less(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "factor_begin", json_object(), ERR_OK);
	assert_op(&ops, &ops.ada, "factor_confirm", proof(NULL, code(0)), ERR_WRONG_PASSWORD);
	assert_op(&ops, &ops.ada, "factor_confirm", proof("$argon2id$v=19$m=19456,t=2,p=1$b3RoZXI$b3RoZXI", code(0)),
		  ERR_WRONG_PASSWORD);
	assert_op(&ops, &ops.ada, "factor_confirm", proof(stored_hash(), NULL), ERR_BAD_TOTP);
	assert_op(&ops, &ops.ada, "factor_confirm", proof(stored_hash(), code(9)), ERR_BAD_TOTP);
	assert_op(&ops, &ops.ada, "factor_confirm", proof(stored_hash(), code(0)), ERR_OK);
	assert_int_equal(json_array_size(json_object_get(ops.result, "recovery_codes")), FACTOR_RECOVERY_CODES);
	assert_op(&ops, &ops.ada, "factor_begin", json_object(), ERR_TOTP_ON);
	assert_op(&ops, &ops.ada, "factor_confirm", proof(stored_hash(), code(1)), ERR_TOTP_ON);
}

static void a_login_opens_nothing_without_a_code(void **state)
{
	static const char *const wrong[] = {"000000",         "12345",  "1234567",
					    "abcd-efgh-ijkm", "------", "\xf0\x9f\x8e\x88"};

	(void)state;
	enrol();
	assert_int_equal(login(NULL), ERR_TOTP_REQUIRED);
	assert_int_equal(login(""), ERR_TOTP_REQUIRED);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(login(wrong[i]), ERR_BAD_TOTP);
	assert_int_equal(sessions(), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM security_events WHERE kind = 'factor_failed'"),
			 sizeof wrong / sizeof *wrong);
	assert_int_equal(login(code(0)), ERR_OK);
	assert_int_equal(sessions(), 1);
}

static void a_code_and_what_came_before_it_are_taken_once(void **state)
{
	(void)state;
	enrol();
	const char *now = code(0), *before = code(-1), *after = code(1);
	assert_int_equal(login(after), ERR_OK);
	assert_int_equal(login(after), ERR_BAD_TOTP);
	assert_int_equal(login(now), ERR_BAD_TOTP);
	assert_int_equal(login(before), ERR_BAD_TOTP);
	assert_int_equal(sessions(), 1);
}

static void a_code_stays_taken_when_the_factor_is_set_up_anew(void **state)
{
	(void)state;
	enrol();
	assert_int_equal(login(code(1)), ERR_OK);
	assert_op(&ops, &ops.ada, "factor_end", proof(stored_hash(), NULL), ERR_OK);
	assert_op(&ops, &ops.ada, "factor_begin", json_object(), ERR_OK);
	assert_op(&ops, &ops.ada, "factor_confirm", proof(stored_hash(), code(1)), ERR_BAD_TOTP);
}

static void a_recovery_code_is_taken_once_and_by_its_owner_alone(void **state)
{
	(void)state;
	struct person bob = ops_join(&ops, "bob");
	enrol();
	const char *first = recovery_code(0), *second = recovery_code(1);
	assert_int_equal(login(first), ERR_OK);
	assert_int_equal(login(first), ERR_BAD_TOTP);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM recovery_codes"), FACTOR_RECOVERY_CODES - 1);
	ops_sql(&ops, "UPDATE users SET totp_secret = zeroblob(20), totp_enabled_at_ms = 1 WHERE id = %lld",
		(long long)bob.id);
	ops.keeps_on_error = true;
	assert_op(&ops, &bob, "factor_end", proof(NULL, second), ERR_BAD_TOTP);
	assert_int_equal(login(second), ERR_OK);
}

static void new_recovery_codes_put_an_end_to_the_old(void **state)
{
	(void)state;
	enrol();
	const char *old = recovery_code(0), *other = recovery_code(1);
	assert_op(&ops, &ops.ada, "factor_renew_codes", proof(NULL, NULL), ERR_TOTP_REQUIRED);
	assert_op(&ops, &ops.ada, "factor_renew_codes", proof(NULL, other), ERR_OK);
	const char *fresh = recovery_code(0);
	assert_int_equal(login(old), ERR_BAD_TOTP);
	assert_int_equal(login(fresh), ERR_OK);
}

static void it_goes_off_with_the_password_or_a_code_and_takes_its_codes_along(void **state)
{
	(void)state;
	enrol();
	assert_op(&ops, &ops.ada, "factor_end", proof(NULL, NULL), ERR_TOTP_REQUIRED);
	assert_op(&ops, &ops.ada, "factor_end", proof("$argon2id$v=19$m=19456,t=2,p=1$b3RoZXI$b3RoZXI", code(0)),
		  ERR_WRONG_PASSWORD);
	assert_op(&ops, &ops.ada, "factor_end", proof(stored_hash(), NULL), ERR_OK);
	assert_int_equal(login(NULL), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM recovery_codes"), 0);
	assert_int_equal(ops_int(&ops, "SELECT totp_secret IS NULL FROM users WHERE id = %lld", (long long)ops.ada.id),
			 1);
}

static void a_token_does_none_of_it(void **state)
{
	static const char *const ops_of_it[] = {"factor_begin", "factor_confirm", "factor_end", "factor_renew_codes"};
	struct person script = ops.ada;

	(void)state;
	assert_op(&ops, &ops.ada, "token_create", json_pack("{s:s, s:s}", "name", "x", "digest", ops_digest(&ops)),
		  ERR_OK);
	script.session_id = ops_result_id(&ops, NULL, "id");
	enrol();
	for (size_t i = 0; i < sizeof ops_of_it / sizeof *ops_of_it; i++) {
		assert_op(&ops, &script, ops_of_it[i], proof(stored_hash(), code(0)), ERR_LOGIN_REQUIRED);
		assert_op(&ops, NULL, ops_of_it[i], proof(stored_hash(), code(0)), ERR_UNAUTHORIZED);
	}
}

static void six_digits_are_no_recovery_code_and_all_else_is(void **state)
{
	(void)state;
	assert_false(factor_is_recovery_code("123456"));
	assert_false(factor_is_recovery_code(" 123 456 "));
	assert_true(factor_is_recovery_code("12345"));
	assert_true(factor_is_recovery_code("abcd-efgh-jkmn"));
	assert_true(factor_is_recovery_code("123456a"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_set_up, close_database)
	const struct CMUnitTest tests[] = {
	    TEST(nothing_is_on_before_a_code_was_shown),
	    TEST(it_goes_on_with_the_password_and_a_code_and_not_with_less),
	    TEST(a_login_opens_nothing_without_a_code),
	    TEST(a_code_and_what_came_before_it_are_taken_once),
	    TEST(a_code_stays_taken_when_the_factor_is_set_up_anew),
	    TEST(a_recovery_code_is_taken_once_and_by_its_owner_alone),
	    TEST(new_recovery_codes_put_an_end_to_the_old),
	    TEST(it_goes_off_with_the_password_or_a_code_and_takes_its_codes_along),
	    TEST(a_token_does_none_of_it),
	    TEST(six_digits_are_no_recovery_code_and_all_else_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
