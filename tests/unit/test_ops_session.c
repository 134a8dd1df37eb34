/* Sessions, families of refresh tokens, personal tokens. */
#include "base/clock.h"
#include "base/ensure.h"
#include "domain/session/session.h"
#include "ops_fixture.h"
#include "store/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)

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

static json_t *login_input(int64_t user_id, const char *hash, const char *kind, const char *digest)
{
	return json_pack("{s:I, s:s, s:s, s:s}", "user_id", (json_int_t)user_id, "password_hash", hash, "session_kind",
			 kind, "session_digest", digest);
}

/* Logs ada in and tells the digest of her secret. */
static const char *login(const char *kind, int64_t *session_id)
{
	const char *digest = ops_digest(&ops);

	ensure(ops_run(&ops, NULL, "session_create", login_input(ops.ada.id, stored_hash(), kind, digest)) == ERR_OK);
	*session_id = ops_result_id(&ops, NULL, "session_id");
	return digest;
}

static enum err refresh(const char *digest, const char *new_digest)
{
	return ops_run(&ops, NULL, "session_refresh",
		       json_pack("{s:s, s:s}", "digest", digest, "new_digest", new_digest));
}

static bool is_live(int64_t session_id)
{
	struct session session;
	enum err err = session_find_live(ops.engine.db, session_id, ops.ada.id, clock_now_ms(), &session);

	ensure(err == ERR_OK || err == ERR_UNAUTHORIZED);
	return err == ERR_OK;
}

static void a_login_opens_a_session_for_whom_the_front_has_checked(void **state)
{
	int64_t session_id;

	(void)state;
	(void)login("cookie", &session_id);
	assert_true(is_live(session_id));
	assert_string_equal(json_text(json_object_get(ops.result, "user"), "username"), "ada");
	assert_int_equal(
	    ops_int(&ops, "SELECT expires_at_ms - created_at_ms FROM sessions WHERE id = %lld", (long long)session_id),
	    SESSION_MAX_DAYS * DAY_MS);
}

static void a_password_that_changed_meanwhile_opens_nothing(void **state)
{
	const char *other = "$argon2id$v=19$m=19456,t=2,p=1$b3RoZXI$b3RoZXI";

	(void)state;
	assert_op(&ops, NULL, "session_create", login_input(ops.ada.id, other, "cookie", ops_digest(&ops)),
		  ERR_BAD_CREDENTIALS);
	assert_op(&ops, NULL, "session_create", login_input(4711, stored_hash(), "cookie", ops_digest(&ops)),
		  ERR_BAD_CREDENTIALS);
	ops_sql(&ops, "UPDATE users SET is_bot = 1");
	assert_op(&ops, NULL, "session_create", login_input(ops.ada.id, stored_hash(), "cookie", ops_digest(&ops)),
		  ERR_BAD_CREDENTIALS);
}

static void a_suspended_account_is_told_so_only_with_its_password(void **state)
{
	const char *other = "$argon2id$v=19$m=19456,t=2,p=1$b3RoZXI$b3RoZXI";

	(void)state;
	ops_sql(&ops, "UPDATE users SET is_suspended = 1");
	assert_op(&ops, NULL, "session_create", login_input(ops.ada.id, stored_hash(), "cookie", ops_digest(&ops)),
		  ERR_SUSPENDED);
	assert_op(&ops, NULL, "session_create", login_input(ops.ada.id, other, "cookie", ops_digest(&ops)),
		  ERR_BAD_CREDENTIALS);
}

static void a_login_opens_no_token_that_would_never_expire(void **state)
{
	static const char *const kinds[] = {"token", "bot", "", "Cookie", "refresh "};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		assert_op(&ops, NULL, "session_create",
			  login_input(ops.ada.id, stored_hash(), kinds[i], ops_digest(&ops)), ERR_INVALID_FORM);
}

static void a_refresh_token_is_good_for_one_use(void **state)
{
	int64_t session_id;
	const char *first = login("refresh", &session_id), *second = ops_digest(&ops), *third = ops_digest(&ops);

	(void)state;
	assert_int_equal(refresh(first, second), ERR_OK);
	assert_int_equal(ops_result_id(&ops, NULL, "session_id"), session_id);
	assert_int_equal(ops_result_id(&ops, NULL, "user_id"), ops.ada.id);
	assert_int_equal(refresh(second, third), ERR_OK);
	assert_true(is_live(session_id));
}

static void a_second_use_ends_the_whole_family_although_it_fails(void **state)
{
	int64_t session_id;
	const char *first = login("refresh", &session_id), *second = ops_digest(&ops);
	int count;

	(void)state;
	assert_int_equal(refresh(first, second), ERR_OK);
	int64_t before = ops.engine.last_seq;
	ops.keeps_on_error = true;
	assert_int_equal(refresh(first, ops_digest(&ops)), ERR_BAD_REFRESH_TOKEN);
	assert_false(is_live(session_id));
	assert_int_equal(refresh(second, ops_digest(&ops)), ERR_BAD_REFRESH_TOKEN);

	const struct event *event = ops_events(&ops, before, &count);
	assert_int_equal(count, 1);
	assert_string_equal(event->type, "_SESSION_REVOKED");
	assert_int_equal(event->user_id, ops.ada.id);
	assert_string_equal(event->payload,
			    arena_printf(&ops.arena, "{\"session_id\":\"%lld\"}", (long long)session_id));
	assert_int_equal(ops.engine.last_seq, event->seq);
	/* Other sessions of the account go on. */
	assert_true(is_live(ops.ada.session_id));
}

/* The store may die between saving a use and answering it; who asked then sends the very same op to the next store. */
static void the_very_same_use_sent_again_gets_the_same_answer(void **state)
{
	int64_t session_id;
	const char *first = login("refresh", &session_id), *second = ops_digest(&ops), *third = ops_digest(&ops);

	(void)state;
	assert_int_equal(refresh(first, second), ERR_OK);
	uint64_t before = ops_fingerprint(ops.path);
	assert_int_equal(refresh(first, second), ERR_OK);
	assert_int_equal(ops_result_id(&ops, NULL, "session_id"), session_id);
	assert_int_equal(ops_result_id(&ops, NULL, "user_id"), ops.ada.id);
	assert_true(ops_fingerprint(ops.path) == before);

	assert_int_equal(refresh(second, third), ERR_OK);
	ops.keeps_on_error = true;
	assert_int_equal(refresh(first, second), ERR_BAD_REFRESH_TOKEN);
	assert_false(is_live(session_id));
}

/* A new token of one family says nothing of another's old one. */
static void a_use_of_one_family_with_the_new_token_of_another_ends_it(void **state)
{
	int64_t session_id, other_id;
	const char *first = login("refresh", &session_id), *other = login("refresh", &other_id);

	(void)state;
	assert_int_equal(refresh(first, ops_digest(&ops)), ERR_OK);
	ops.keeps_on_error = true;
	assert_int_equal(refresh(first, other), ERR_BAD_REFRESH_TOKEN);
	assert_false(is_live(session_id));
	assert_true(is_live(other_id));
}

static void of_five_uses_at_once_exactly_one_wins(void **state)
{
	int64_t session_id;
	const char *first = login("refresh", &session_id);
	int won = 0;

	(void)state;
	for (int i = 0; i < 5; i++) {
		ops.keeps_on_error = true;
		won += refresh(first, ops_digest(&ops)) == ERR_OK;
	}
	assert_int_equal(won, 1);
	assert_false(is_live(session_id));
}

static void a_family_slides_14_days_and_ends_after_30(void **state)
{
	int64_t session_id, now_ms = clock_now_ms();
	const char *first = login("refresh", &session_id), *second = ops_digest(&ops), *third = ops_digest(&ops);

	(void)state;
	assert_in_range(ops_int(&ops, "SELECT expires_at_ms FROM sessions WHERE id = %lld", (long long)session_id),
			now_ms + 14 * DAY_MS, now_ms + 14 * DAY_MS + 60000);
	ops_sql(&ops, "UPDATE sessions SET created_at_ms = %lld WHERE id = %lld", (long long)(now_ms - 20 * DAY_MS),
		(long long)session_id);
	assert_int_equal(refresh(first, second), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT expires_at_ms FROM sessions WHERE id = %lld", (long long)session_id),
			 now_ms + 10 * DAY_MS);
	ops_sql(&ops, "UPDATE sessions SET expires_at_ms = %lld WHERE id = %lld", (long long)now_ms,
		(long long)session_id);
	assert_int_equal(refresh(second, third), ERR_BAD_REFRESH_TOKEN);
}

static void only_a_refresh_token_refreshes(void **state)
{
	int64_t cookie_id, ended_id, suspended_id;
	const char *cookie = login("cookie", &cookie_id), *ended = login("refresh", &ended_id);
	const char *suspended = login("refresh", &suspended_id), *token = ops_digest(&ops);

	(void)state;
	assert_op(&ops, &ops.ada, "token_create", json_pack("{s:s, s:s}", "name", "x", "digest", token), ERR_OK);
	assert_int_equal(refresh(cookie, ops_digest(&ops)), ERR_BAD_REFRESH_TOKEN);
	assert_int_equal(refresh(token, ops_digest(&ops)), ERR_BAD_REFRESH_TOKEN);
	assert_int_equal(refresh(ops_digest(&ops), ops_digest(&ops)), ERR_BAD_REFRESH_TOKEN);
	assert_int_equal(refresh("nonsense", ops_digest(&ops)), ERR_BAD_REFRESH_TOKEN);
	assert_int_equal(refresh(ended, "nonsense"), ERR_BAD_REFRESH_TOKEN);
	assert_int_equal(refresh(ended, ended), ERR_BAD_REFRESH_TOKEN);
	ops_sql(&ops, "UPDATE sessions SET ended_at_ms = 1 WHERE id = %lld", (long long)ended_id);
	assert_int_equal(refresh(ended, ops_digest(&ops)), ERR_BAD_REFRESH_TOKEN);
	ops_sql(&ops, "UPDATE users SET is_suspended = 1");
	assert_int_equal(refresh(suspended, ops_digest(&ops)), ERR_BAD_REFRESH_TOKEN);
}

static void logging_out_ends_the_callers_own_session(void **state)
{
	int64_t other_id, before;
	int count;

	(void)state;
	(void)login("cookie", &other_id);
	before = ops.engine.last_seq;
	assert_op(&ops, &ops.ada, "session_end", json_object(), ERR_OK);
	assert_false(is_live(ops.ada.session_id));
	assert_true(is_live(other_id));
	const struct event *event = ops_events(&ops, before, &count);
	assert_int_equal(count, 1);
	assert_string_equal(event->type, "_SESSION_REVOKED");
	assert_op(&ops, NULL, "session_end", json_object(), ERR_UNAUTHORIZED);
}

static void logging_out_twice_ends_nothing_twice(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "session_end", json_object(), ERR_OK);
	int64_t before = ops.engine.last_seq;
	assert_op(&ops, &ops.ada, "session_end", json_object(), ERR_OK);
	assert_int_equal(ops.engine.last_seq, before);
}

static void nobody_ends_the_session_of_somebody_else(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	struct person forger = {bob.id, ops.ada.session_id, OP_ROLE_API};
	struct person nobody = {0, ops.ada.session_id, OP_ROLE_API};
	int64_t before = ops.engine.last_seq;

	(void)state;
	(void)ops_run(&ops, &forger, "session_end", json_object());
	(void)ops_run(&ops, &nobody, "session_end", json_object());
	assert_true(is_live(ops.ada.session_id));
	assert_int_equal(ops.engine.last_seq, before);
}

static enum err end_by_digest(const char *digest)
{
	return ops_run(&ops, NULL, "session_end", json_pack("{s:s}", "digest", digest));
}

/* Whoever logs out often holds an access token that has expired; the refresh token is proof enough. */
static void a_refresh_token_ends_its_family(void **state)
{
	int64_t session_id;
	const char *digest = login("refresh", &session_id);

	(void)state;
	assert_int_equal(end_by_digest(digest), ERR_OK);
	assert_false(is_live(session_id));
	assert_int_equal(end_by_digest(ops_digest(&ops)), ERR_BAD_REFRESH_TOKEN);
	assert_int_equal(end_by_digest("nonsense"), ERR_BAD_REFRESH_TOKEN);
	assert_int_equal(end_by_digest(""), ERR_BAD_REFRESH_TOKEN);
}

static void a_token_that_is_no_refresh_token_ends_nothing(void **state)
{
	int64_t cookie_id;
	const char *cookie = login("cookie", &cookie_id), *token = ops_digest(&ops);

	(void)state;
	assert_op(&ops, &ops.ada, "token_create", json_pack("{s:s, s:s}", "name", "x", "digest", token), ERR_OK);
	int64_t token_id = ops_result_id(&ops, NULL, "id");
	assert_int_equal(end_by_digest(cookie), ERR_BAD_REFRESH_TOKEN);
	assert_int_equal(end_by_digest(token), ERR_BAD_REFRESH_TOKEN);
	assert_true(is_live(cookie_id));
	assert_true(is_live(token_id));
}

static int64_t create_token(const struct person *who, const char *digest)
{
	ensure(ops_run(&ops, who, "token_create", json_pack("{s:s, s:s}", "name", " deploys ", "digest", digest)) ==
	       ERR_OK);
	ensure(strcmp(json_text(ops.result, "name"), "deploys") == 0);
	return ops_result_id(&ops, NULL, "id");
}

static void a_personal_token_speaks_for_its_account_until_it_is_revoked(void **state)
{
	int64_t id = create_token(&ops.ada, ops_digest(&ops));
	struct person script = {ops.ada.id, id, OP_ROLE_API};

	(void)state;
	assert_true(ops_message(&ops, &script, ops.general_id, "from a script") != 0);
	assert_op(&ops, &ops.ada, "token_revoke", json_pack("{s:I}", "token_id", (json_int_t)id), ERR_OK);
	assert_op(&ops, &script, "message_create",
		  json_pack("{s:I, s:s}", "channel_id", (json_int_t)ops.general_id, "content", "x"), ERR_UNAUTHORIZED);
	assert_op(&ops, &ops.ada, "token_revoke", json_pack("{s:I}", "token_id", (json_int_t)id), ERR_UNKNOWN_TOKEN);
}

static void what_is_no_token_of_mine_is_an_unknown_token(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	int64_t id = create_token(&ops.ada, ops_digest(&ops));

	(void)state;
	assert_op(&ops, &bob, "token_revoke", json_pack("{s:I}", "token_id", (json_int_t)id), ERR_UNKNOWN_TOKEN);
	assert_op(&ops, &bob, "token_revoke", json_pack("{s:I}", "token_id", (json_int_t)12345), ERR_UNKNOWN_TOKEN);
	/* A session is no token, the caller's own neither. */
	assert_op(&ops, &bob, "token_revoke", json_pack("{s:I}", "token_id", (json_int_t)bob.session_id),
		  ERR_UNKNOWN_TOKEN);
	assert_true(is_live(id));
}

static void an_account_holds_fifty_tokens_and_no_more(void **state)
{
	int64_t id = 0;

	(void)state;
	for (int i = 0; i < SESSION_TOKENS_MAX; i++)
		id = create_token(&ops.ada, ops_digest(&ops));
	assert_op(&ops, &ops.ada, "token_create", json_pack("{s:s, s:s}", "name", "x", "digest", ops_digest(&ops)),
		  ERR_TOO_MANY);
	assert_op(&ops, &ops.ada, "token_revoke", json_pack("{s:I}", "token_id", (json_int_t)id), ERR_OK);
	(void)create_token(&ops.ada, ops_digest(&ops));
}

static void tokens_are_listed_without_what_they_are(void **state)
{
	struct buf text;
	struct jw jw;
	int64_t first = create_token(&ops.ada, ops_digest(&ops));
	int64_t second = create_token(&ops.ada, ops_digest(&ops));

	(void)state;
	(void)create_token(&ops.ada, ops_digest(&ops));
	buf_init(&text);
	jw_init(&jw, &text);
	ops_sql(&ops, "UPDATE sessions SET ended_at_ms = 1 WHERE id = %lld", (long long)second);
	assert_int_equal(session_tokens_to_json(ops.engine.db, &jw, NULL, ops.ada.id), ERR_OK);
	json_t *list = json_loads(text.p, 0, NULL);
	assert_int_equal(json_array_size(list), 2);
	assert_int_equal(json_id(json_array_get(list, 0), "id"), first);
	assert_string_equal(json_text(json_array_get(list, 0), "name"), "deploys");
	assert_int_equal(json_object_size(json_array_get(list, 0)), 5);
	assert_null(json_text(json_array_get(list, 0), "last_used_at"));
	json_decref(list);
	buf_free(&text);
}

struct found_case {
	const char *kind, *change;
	enum err expected;
};

static const struct found_case found_cases[] = {
    {"cookie", NULL, ERR_OK},
    {"token", NULL, ERR_OK},
    {"bot", NULL, ERR_OK},
    {"refresh", NULL, ERR_UNAUTHORIZED},
    {"cookie", "UPDATE sessions SET expires_at_ms = 1", ERR_UNAUTHORIZED},
    {"cookie", "UPDATE sessions SET ended_at_ms = 1", ERR_UNAUTHORIZED},
    {"token", "UPDATE users SET is_suspended = 1", ERR_UNAUTHORIZED},
    {"token", "DELETE FROM sessions", ERR_UNAUTHORIZED},
};

static void a_secret_is_found_by_its_digest_while_it_is_good_for_something(void **state)
{
	static const char secret[] = "an opaque secret of a cookie or a token";
	unsigned char digest[DIGEST_BYTES];
	char text[SECRET_TEXT_SIZE];
	struct session session;

	(void)state;
	secret_digest(secret, strlen(secret), digest);
	(void)base64url_encode(digest, sizeof digest, text);
	for (size_t i = 0; i < sizeof found_cases / sizeof *found_cases; i++) {
		int64_t id = create_token(&ops.ada, text);
		ops_sql(&ops, "UPDATE sessions SET kind = '%s' WHERE id = %lld", found_cases[i].kind, (long long)id);
		ops_sql(&ops, "BEGIN");
		if (found_cases[i].change != NULL)
			ops_sql(&ops, "%s", found_cases[i].change);
		enum err err = session_find_by_digest(ops.engine.db, digest, clock_now_ms(), &session);
		if (err != found_cases[i].expected)
			fail_msg("%s, %s: %s", found_cases[i].kind, found_cases[i].change, err_info(err)->name);
		assert_true(err != ERR_OK || (session.id == id && session.user_id == ops.ada.id));
		ops_sql(&ops, "ROLLBACK");
		ops_sql(&ops, "DELETE FROM sessions WHERE id = %lld", (long long)id);
	}
	secret_digest("", 0, digest);
	assert_int_equal(session_find_by_digest(ops.engine.db, digest, 0, &session), ERR_UNAUTHORIZED);
}

static void a_revoked_token_leaves_the_disk_a_day_later(void **state)
{
	int64_t id;
	bool is_done;

	(void)state;
	ensure(ops_run(&ops, &ops.ada, "token_create",
		       json_pack("{s:s, s:s}", "name", "x", "digest", ops_digest(&ops))) == ERR_OK);
	id = ops_result_id(&ops, NULL, "id");
	assert_op(&ops, &ops.ada, "token_revoke", json_pack("{s:I}", "token_id", (json_int_t)id), ERR_OK);
	assert_int_equal(house_keep(&ops.engine, 100000, &is_done), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM sessions WHERE id = %lld", (long long)id), 1);
	ops_sql(&ops, "UPDATE sessions SET ended_at_ms = ended_at_ms - 86400001 WHERE id = %lld", (long long)id);
	assert_int_equal(house_keep(&ops.engine, 100000, &is_done), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM sessions WHERE id = %lld", (long long)id), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM sessions WHERE id = %lld", (long long)ops.ada.session_id),
			 1);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(a_login_opens_a_session_for_whom_the_front_has_checked),
	    SET_UP(a_password_that_changed_meanwhile_opens_nothing),
	    SET_UP(a_suspended_account_is_told_so_only_with_its_password),
	    SET_UP(a_login_opens_no_token_that_would_never_expire),
	    SET_UP(a_refresh_token_is_good_for_one_use),
	    SET_UP(the_very_same_use_sent_again_gets_the_same_answer),
	    SET_UP(a_use_of_one_family_with_the_new_token_of_another_ends_it),
	    SET_UP(a_second_use_ends_the_whole_family_although_it_fails),
	    SET_UP(of_five_uses_at_once_exactly_one_wins),
	    SET_UP(a_family_slides_14_days_and_ends_after_30),
	    SET_UP(only_a_refresh_token_refreshes),
	    SET_UP(logging_out_ends_the_callers_own_session),
	    SET_UP(logging_out_twice_ends_nothing_twice),
	    SET_UP(nobody_ends_the_session_of_somebody_else),
	    SET_UP(a_refresh_token_ends_its_family),
	    SET_UP(a_token_that_is_no_refresh_token_ends_nothing),
	    SET_UP(a_personal_token_speaks_for_its_account_until_it_is_revoked),
	    SET_UP(a_revoked_token_leaves_the_disk_a_day_later),
	    SET_UP(what_is_no_token_of_mine_is_an_unknown_token),
	    SET_UP(an_account_holds_fifty_tokens_and_no_more),
	    SET_UP(tokens_are_listed_without_what_they_are),
	    SET_UP(a_secret_is_found_by_its_digest_while_it_is_good_for_something),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
