/* How sessions end, and what is known of those that go on. */
#include "base/clock.h"
#include "base/ensure.h"
#include "domain/session/session.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

static struct person log_in(const char *kind)
{
	struct person person = ops.ada;

	ensure(ops_run(&ops, NULL, "session_create",
		       json_pack(
			   "{s:I, s:s, s:s, s:s, s:s}", "user_id", (json_int_t)ops.ada.id, "password_hash",
			   ops_text(&ops, "SELECT password_hash FROM users WHERE id = %lld", (long long)ops.ada.id),
			   "session_kind", kind, "session_digest", ops_digest(&ops), "device", "curl/8.0")) == ERR_OK);
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

static bool is_live(const struct person *person)
{
	struct session session;

	return session_find_live(ops.engine.db, person->session_id, person->id, clock_now_ms(), &session) == ERR_OK;
}

static json_t *session_of(const struct person *person)
{
	return json_pack("{s:I}", "session_id", (json_int_t)person->session_id);
}

static int64_t noted(const char *kind)
{
	return ops_int(&ops, "SELECT count(*) FROM security_events WHERE kind = '%s'", kind);
}

static void one_session_is_ended_and_announced(void **state)
{
	struct person other = log_in("cookie");
	int count;

	(void)state;
	int64_t before = ops.engine.last_seq;
	assert_op(&ops, &ops.ada, "session_revoke", session_of(&other), ERR_OK);
	assert_true(is_live(&ops.ada) && !is_live(&other));
	const struct event *event = ops_events(&ops, before, &count);
	assert_int_equal(count, 1);
	assert_string_equal(event->type, "_SESSION_REVOKED");
	assert_int_equal(noted("session_revoked"), 1);
	assert_op(&ops, &ops.ada, "session_revoke", session_of(&other), ERR_UNKNOWN_SESSION);
	assert_op(&ops, &ops.ada, "session_revoke", session_of(&ops.ada), ERR_OK);
	assert_false(is_live(&ops.ada));
}

static void nobody_ends_what_is_not_a_login_of_theirs(void **state)
{
	struct person bob = ops_join(&ops, "bob"), script = token();

	(void)state;
	assert_op(&ops, &bob, "session_revoke", session_of(&ops.ada), ERR_UNKNOWN_SESSION);
	assert_op(&ops, &ops.ada, "session_revoke", session_of(&script), ERR_UNKNOWN_SESSION);
	assert_op(&ops, &ops.ada, "session_revoke", ops_json("{'session_id': '4711'}"), ERR_UNKNOWN_SESSION);
	assert_op(&ops, NULL, "session_revoke", session_of(&ops.ada), ERR_UNAUTHORIZED);
	assert_true(is_live(&ops.ada) && is_live(&script));
}

static void a_token_ends_no_session(void **state)
{
	struct person script = token();

	(void)state;
	assert_op(&ops, &script, "session_revoke", session_of(&ops.ada), ERR_LOGIN_REQUIRED);
	assert_op(&ops, &script, "session_end_everywhere", json_object(), ERR_LOGIN_REQUIRED);
	assert_op(&ops, &script, "token_create", json_pack("{s:s, s:s}", "name", "y", "digest", ops_digest(&ops)),
		  ERR_LOGIN_REQUIRED);
	assert_op(&ops, &script, "token_revoke", json_pack("{s:I}", "token_id", (json_int_t)script.session_id),
		  ERR_LOGIN_REQUIRED);
	assert_op(&ops, &script, "session_end", json_object(), ERR_OK); /* but its own, as anybody may log out */
	assert_false(is_live(&script));
}

static void logging_out_everywhere_does_as_it_is_told(void **state)
{
	struct person other = log_in("refresh"), script = token(), bob = ops_join(&ops, "bob");

	(void)state;
	assert_op(&ops, &ops.ada, "session_end_everywhere", ops_json("{'keep_current': true}"), ERR_OK);
	assert_true(is_live(&ops.ada) && is_live(&script) && is_live(&bob) && !is_live(&other));
	assert_op(&ops, &ops.ada, "session_end_everywhere", ops_json("{'keep_current': true, 'end_tokens': true}"),
		  ERR_OK);
	assert_true(is_live(&ops.ada) && !is_live(&script));
	assert_op(&ops, &ops.ada, "session_end_everywhere", json_object(), ERR_OK);
	assert_true(!is_live(&ops.ada) && is_live(&bob));
	assert_int_equal(noted("sessions_ended"), 3);
}

static void one_login_too_many_ends_the_one_longest_not_used(void **state)
{
	struct person first = log_in("cookie"), script = token();

	(void)state;
	ops_sql(&ops, "UPDATE sessions SET last_used_at_ms = 1 WHERE id = %lld", (long long)first.session_id);
	for (int i = 0; i < SESSIONS_MAX - 2; i++)
		(void)log_in(i % 2 ? "cookie" : "refresh");
	assert_true(is_live(&first));
	(void)log_in("cookie");
	assert_false(is_live(&first));
	assert_true(is_live(&ops.ada) && is_live(&script));
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM sessions WHERE ended_at_ms IS NULL AND kind <> 'token'"),
			 SESSIONS_MAX);
}

static void a_touch_says_when_and_from_where_and_not_too_often(void **state)
{
	static const char format[] =
	    "{\"op\":\"session_touch\",\"actor\":\"%lld\",\"session\":\"%lld\",\"address\":\"%s\",\"in\":{}}";
	const char *first =
	    arena_printf(&ops.arena, format, (long long)ops.ada.id, (long long)ops.ada.session_id, "192.0.2.7");
	const char *second =
	    arena_printf(&ops.arena, format, (long long)ops.ada.id, (long long)ops.ada.session_id, "192.0.2.8");

	(void)state;
	ops_sql(&ops, "UPDATE sessions SET last_used_at_ms = 1");
	assert_int_equal(ops_run_text(&ops, OP_ROLE_WEB, first, strlen(first)), ERR_OK);
	assert_true(ops_int(&ops, "SELECT last_used_at_ms FROM sessions") > clock_now_ms() - 60000);
	assert_int_equal(ops_run_text(&ops, OP_ROLE_WEB, second, strlen(second)), ERR_OK);
	assert_string_equal(ops_text(&ops, "SELECT address FROM sessions"), "192.0.2.7");
	ops_sql(&ops, "UPDATE sessions SET ended_at_ms = 1");
	assert_int_equal(ops_run_text(&ops, OP_ROLE_WEB, first, strlen(first)), ERR_UNAUTHORIZED);
}

static void sessions_are_listed_by_use_without_what_they_are(void **state)
{
	struct person program = log_in("refresh");
	struct buf text;
	struct jw jw;

	(void)state;
	(void)token();
	(void)ops_join(&ops, "bob");
	ops_sql(&ops, "UPDATE sessions SET last_used_at_ms = 1 WHERE id = %lld", (long long)ops.ada.session_id);
	buf_init(&text);
	jw_init(&jw, &text);
	assert_int_equal(session_list_to_json(ops.engine.db, &ops.arena, &jw, NULL, ops.ada.id, ops.ada.session_id),
			 ERR_OK);
	json_t *list = json_loads(text.p, 0, NULL);
	assert_int_equal(json_array_size(list), 2);
	assert_int_equal(json_id(json_array_get(list, 0), "id"), program.session_id);
	assert_string_equal(json_text(json_array_get(list, 0), "device"), "curl");
	assert_false(json_flag(json_array_get(list, 0), "current"));
	assert_true(json_flag(json_array_get(list, 1), "current"));
	assert_int_equal(json_object_size(json_array_get(list, 0)), 9);
	assert_null(strstr(text.p, "digest"));
	json_decref(list);
	buf_free(&text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_set_up, close_database)
	const struct CMUnitTest tests[] = {
	    TEST(one_session_is_ended_and_announced),
	    TEST(nobody_ends_what_is_not_a_login_of_theirs),
	    TEST(a_token_ends_no_session),
	    TEST(logging_out_everywhere_does_as_it_is_told),
	    TEST(one_login_too_many_ends_the_one_longest_not_used),
	    TEST(a_touch_says_when_and_from_where_and_not_too_often),
	    TEST(sessions_are_listed_by_use_without_what_they_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
