/* Who is asking: which secret speaks for an account through which header, and until when. */
#include "front/credential.h"

#include "base/clock.h"
#include "base/shared.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct ops ops;
static struct jwt_keys keys;
static struct session found;
static struct session_cache cache;
static bool is_cached; /* else each is looked up in the database */

/* A machine that stands still for a second must not make a difference. */
static int64_t standing_clock(void)
{
	return 5000;
}

static int open_ops(void **state)
{
	(void)state;
	ops_setup(&ops);
	int memory_fd = shared_create("test");
	assert_int_equal(session_changes_watch(ops.engine.db, memory_fd), ERR_OK);
	cache = (struct session_cache){0};
	session_cache_open(&cache, shared_open_reader(memory_fd));
	close(memory_fd);
	cache.clock_ms = standing_clock;
	is_cached = false;
	memcpy(keys.keys[0].kid, "abcdefgh", JWT_KID_SIZE);
	secret_random(&keys.keys[0].secret);
	return 0;
}

static int close_ops(void **state)
{
	(void)state;
	ops_close(&ops);
	close(cache.changes.fd);
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

static const struct credential_source *source(void)
{
	static struct credential_source now;

	if (is_cached)
		session_cache_note(&cache);
	now = (struct credential_source){ops.engine.db, is_cached ? &cache : NULL, clock_now_ms()};
	return &now;
}

static enum err by_authorization(const char *format, const char *token)
{
	const char *value = arena_printf(&ops.arena, "%s %s", format, token);

	return credential_from_authorization(source(), &keys, str_from(value), &found);
}

static enum err by_cookie(const char *cookie, bool is_https)
{
	return credential_from_cookie(source(), is_https, str_from(cookie), &found);
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
	assert_int_equal(credential_from_authorization(source(), &keys, (struct str){NULL, 0}, &found), ERR_OK);
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

static int open_with_cache(void **state)
{
	open_ops(state);
	is_cached = true;
	return 0;
}

/* That the second look does not read the database shows where the database says something else meanwhile, as when it
 * was changed by a stranger's hand: for a second at most. */
static void what_was_found_is_found_again_without_the_database_until_something_changes(void **state)
{
	int64_t token_id = token_of_ada("cached"), id = session_of_ada("refresh", "cached family");
	const char *access = access_token(id, ops.ada.id, 900);
	struct sql *stranger;

	(void)state;
	session_of_ada("cookie", "cached cookie");
	assert_int_equal(by_authorization("Bearer", "cached"), ERR_OK);
	assert_int_equal(by_authorization("Bearer", access), ERR_OK);
	assert_int_equal(by_cookie("snug_session=cached cookie", false), ERR_OK);
	stranger = ops.engine.db;
	ops.engine.db = NULL; /* which would end the test program */
	assert_int_equal(by_authorization("Bearer", "cached"), ERR_OK);
	assert_true(found.id == token_id);
	assert_int_equal(by_authorization("Bearer", access), ERR_OK);
	assert_true(found.id == id);
	assert_int_equal(by_cookie("snug_session=cached cookie", false), ERR_OK);
	assert_int_equal(by_authorization("Bearer", "cached cookie"), ERR_UNAUTHORIZED);
	assert_int_equal(by_cookie("snug_session=cached", false), ERR_UNAUTHORIZED);
	ops.engine.db = stranger;
	assert_op(&ops, &ops.ada, "session_end_everywhere", ops_json("{'keep_current': true, 'end_tokens': true}"),
		  ERR_OK);
	assert_int_equal(by_authorization("Bearer", "cached"), ERR_UNAUTHORIZED);
	assert_int_equal(by_authorization("Bearer", access), ERR_UNAUTHORIZED);
	assert_int_equal(by_cookie("snug_session=cached cookie", false), ERR_UNAUTHORIZED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_ops, close_ops)
#define TEST_CACHED(name) cmocka_unit_test_setup_teardown(name, open_with_cache, close_ops)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(nobody_is_somebody_without_an_error),
	    TEST(a_personal_token_speaks_under_either_scheme_until_it_is_revoked),
	    TEST(a_cookies_secret_is_no_token_and_a_token_is_no_cookie),
	    TEST(on_https_only_the_cookie_that_is_bound_to_the_host_counts),
	    TEST(a_refresh_token_speaks_for_nobody),
	    TEST(an_access_token_lives_as_long_as_its_session),
	    TEST_CACHED(nobody_is_somebody_without_an_error),
	    TEST_CACHED(a_personal_token_speaks_under_either_scheme_until_it_is_revoked),
	    TEST_CACHED(a_cookies_secret_is_no_token_and_a_token_is_no_cookie),
	    TEST_CACHED(on_https_only_the_cookie_that_is_bound_to_the_host_counts),
	    TEST_CACHED(a_refresh_token_speaks_for_nobody),
	    TEST_CACHED(an_access_token_lives_as_long_as_its_session),
	    TEST_CACHED(what_was_found_is_found_again_without_the_database_until_something_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
