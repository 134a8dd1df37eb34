/* Who is asking: which secret speaks for an account through which header, and until when. */
#include "front/credential.h"

#include "base/clock.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;
static struct jwt_keys keys;
static struct session found;

static int open_ops(void **state)
{
	(void)state;
	ops_setup(&ops);
	memcpy(keys.keys[0].kid, "abcdefgh", JWT_KID_SIZE);
	secret_random(&keys.keys[0].secret);
	return 0;
}

static int close_ops(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static const char *digest_of(const char *secret)
{
	unsigned char digest[DIGEST_BYTES];
	char *text = arena_alloc(&ops.arena, SECRET_TEXT_SIZE);

	secret_digest(secret, strlen(secret), digest);
	base64url_encode(digest, sizeof digest, text);
	return text;
}

/* A session of ada's, of any kind, whose secret is the given one. */
static int64_t session_of_ada(const char *kind, const char *secret)
{
	const char *hash = ops_text(&ops, "SELECT password_hash FROM users WHERE id = %lld", (long long)ops.ada.id);

	assert_op(&ops, NULL, "session_create",
		  json_pack("{s:I, s:s, s:s, s:s}", "user_id", (json_int_t)ops.ada.id, "password_hash", hash,
			    "session_kind", kind, "session_digest", digest_of(secret)),
		  ERR_OK);
	return ops_result_id(&ops, NULL, "session_id");
}

static int64_t token_of_ada(const char *secret)
{
	assert_op(&ops, &ops.ada, "token_create",
		  json_pack("{s:s, s:s}", "name", "script", "digest", digest_of(secret)), ERR_OK);
	return ops_result_id(&ops, NULL, "id");
}

static enum err by_authorization(const char *format, const char *token)
{
	const char *value = arena_printf(&ops.arena, "%s %s", format, token);

	return credential_from_authorization(ops.engine.db, &keys, str_from(value), clock_now_ms(), &found);
}

static enum err by_cookie(const char *cookie, bool is_https)
{
	return credential_from_cookie(ops.engine.db, is_https, str_from(cookie), clock_now_ms(), &found);
}

static const char *access_token(int64_t session_id, int64_t user_id, int64_t lives_s)
{
	char *token = arena_alloc(&ops.arena, JWT_TEXT_MAX);
	int64_t now_s = clock_now_ms() / 1000;
	struct jwt_claims claims = {
	    .user_id = user_id, .session_id = session_id, .issued_at_s = now_s, .expires_at_s = now_s + lives_s};

	jwt_sign(&keys, &claims, token);
	return token;
}

static void nobody_is_somebody_without_an_error(void **state)
{
	(void)state;
	assert_int_equal(credential_from_authorization(ops.engine.db, &keys, (struct str){NULL, 0}, 0, &found), ERR_OK);
	assert_int_equal(found.id, 0);
	assert_int_equal(by_cookie("", false), ERR_OK);
	assert_int_equal(found.id, 0);
	assert_int_equal(by_cookie("snug_session=", false), ERR_OK);
	assert_int_equal(found.id, 0);
}

static void a_personal_token_speaks_under_either_scheme_until_it_is_revoked(void **state)
{
	int64_t id = token_of_ada("personal");

	(void)state;
	assert_int_equal(by_authorization("Bearer", "personal"), ERR_OK);
	assert_true(found.id == id && found.user_id == ops.ada.id);
	assert_int_equal(by_authorization("Bot", "personal"), ERR_OK);
	assert_true(found.id == id);
	assert_int_equal(by_authorization("Bearer", "personal2"), ERR_UNAUTHORIZED);
	assert_int_equal(by_authorization("Basic", "personal"), ERR_UNAUTHORIZED);
	assert_op(&ops, &ops.ada, "token_revoke", json_pack("{s:I}", "token_id", (json_int_t)id), ERR_OK);
	assert_int_equal(by_authorization("Bearer", "personal"), ERR_UNAUTHORIZED);
	assert_int_equal(found.id, 0);
}

static void a_cookies_secret_is_no_token_and_a_token_is_no_cookie(void **state)
{
	int64_t id = session_of_ada("cookie", "biscuit");

	(void)state;
	token_of_ada("wafer");
	assert_int_equal(by_cookie("snug_session=biscuit", false), ERR_OK);
	assert_true(found.id == id && found.user_id == ops.ada.id);
	assert_int_equal(by_authorization("Bearer", "biscuit"), ERR_UNAUTHORIZED);
	assert_int_equal(found.id, 0);
	assert_int_equal(by_cookie("snug_session=wafer", false), ERR_UNAUTHORIZED);
	assert_int_equal(found.id, 0);
}

static void on_https_only_the_cookie_that_is_bound_to_the_host_counts(void **state)
{
	session_of_ada("cookie", "macaroon");

	(void)state;
	assert_int_equal(by_cookie("__Host-snug_session=macaroon", true), ERR_OK);
	assert_true(found.id != 0);
	assert_int_equal(by_cookie("snug_session=macaroon", true), ERR_OK);
	assert_int_equal(found.id, 0);
	assert_int_equal(by_cookie("snug_session=planted; snug_session=macaroon", false), ERR_OK);
	assert_int_equal(found.id, 0);
}

static void a_refresh_token_speaks_for_nobody(void **state)
{
	session_of_ada("refresh", "refreshing");

	(void)state;
	assert_int_equal(by_authorization("Bearer", "refreshing"), ERR_UNAUTHORIZED);
	assert_int_equal(by_cookie("snug_session=refreshing", false), ERR_UNAUTHORIZED);
	assert_int_equal(found.id, 0);
}

static void an_access_token_lives_as_long_as_its_session(void **state)
{
	int64_t id = session_of_ada("refresh", "family");
	struct person ada = {ops.ada.id, id, OP_ROLE_API};
	const char *token = access_token(id, ops.ada.id, 900);

	(void)state;
	assert_int_equal(by_authorization("Bearer", token), ERR_OK);
	assert_true(found.id == id && found.user_id == ops.ada.id);
	assert_int_equal(by_authorization("Bearer", access_token(id, ops.ada.id, 0)), ERR_UNAUTHORIZED);
	assert_int_equal(by_authorization("Bearer", access_token(id, ops.ada.id + 1, 900)), ERR_UNAUTHORIZED);
	assert_int_equal(by_authorization("Bearer", access_token(id + 1, ops.ada.id, 900)), ERR_UNAUTHORIZED);
	assert_op(&ops, &ada, "session_end", json_pack("{}"), ERR_OK);
	assert_int_equal(by_authorization("Bearer", token), ERR_UNAUTHORIZED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_is_somebody_without_an_error),
	    cmocka_unit_test(a_personal_token_speaks_under_either_scheme_until_it_is_revoked),
	    cmocka_unit_test(a_cookies_secret_is_no_token_and_a_token_is_no_cookie),
	    cmocka_unit_test(on_https_only_the_cookie_that_is_bound_to_the_host_counts),
	    cmocka_unit_test(a_refresh_token_speaks_for_nobody),
	    cmocka_unit_test(an_access_token_lives_as_long_as_its_session),
	};

	return cmocka_run_group_tests(tests, open_ops, close_ops);
}
