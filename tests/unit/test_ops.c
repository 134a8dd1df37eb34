/* What is true of every op: which socket may send it, who must be acting, what is no request at all. */
#include "base/ensure.h"
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

enum { PERSON = 2 };

struct row {
	const char *name;
	unsigned roles;
	int needs_actor;
};

static const struct row rows[] = {
#define OP(name, roles, needs_actor) {#name, roles, needs_actor},
#include "store/ops.def"
#undef OP
};

enum { ROW_COUNT = sizeof rows / sizeof *rows };

static const enum op_role roles[] = {OP_ROLE_WEB, OP_ROLE_API, OP_ROLE_LIVE, OP_ROLE_CLI, OP_ROLE_WORKER};

static void an_op_over_a_socket_that_is_not_its_own_is_refused(void **state)
{
	int refused = 0;

	(void)state;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
			struct person ada = ops.ada;

			ada.role = roles[r];
			if ((rows[i].roles & roles[r]) != 0)
				continue;
			enum err err = ops_run(&ops, &ada, rows[i].name, json_object());
			if (err != ERR_MISSING_PERMISSIONS)
				fail_msg("%s over %d: %s", rows[i].name, roles[r], err_info(err)->name);
			refused++;
		}
	}
	assert_true(refused > ROW_COUNT);
}

static void snug_live_changes_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROW_COUNT; i++)
		assert_true((rows[i].roles & OP_ROLE_LIVE) == 0);
}

static void what_needs_an_account_is_refused_to_nobody(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (!rows[i].needs_actor)
			continue;
		enum err err = ops_run(&ops, NULL, rows[i].name, json_object());
		if (err != ERR_UNAUTHORIZED)
			fail_msg("%s: %s", rows[i].name, err_info(err)->name);
	}
}

static enum err post(const struct person *who)
{
	return ops_run(&ops, who, "message_create",
		       json_pack("{s:I, s:s}", "channel_id", (json_int_t)ops.general_id, "content", "x"));
}

static void an_actor_speaks_through_a_session_of_its_own_that_lives(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	struct person without = {bob.id, 0, OP_ROLE_API}, forged = {bob.id, 999, OP_ROLE_API};
	struct person as_ada = {ops.ada.id, bob.session_id, OP_ROLE_API};
	struct person nobody = {424242, bob.session_id, OP_ROLE_API};

	(void)state;
	assert_int_equal(post(&bob), ERR_OK);
	assert_int_equal(post(&without), ERR_UNAUTHORIZED);
	assert_int_equal(post(&forged), ERR_UNAUTHORIZED);
	assert_int_equal(post(&as_ada), ERR_UNAUTHORIZED);
	assert_int_equal(post(&nobody), ERR_UNAUTHORIZED);

	ops_sql(&ops, "UPDATE sessions SET expires_at_ms = 1 WHERE id = %lld", (long long)bob.session_id);
	assert_int_equal(post(&bob), ERR_UNAUTHORIZED);
	ops_sql(&ops, "UPDATE sessions SET expires_at_ms = NULL WHERE id = %lld", (long long)bob.session_id);
	assert_int_equal(post(&bob), ERR_OK);
	ops_sql(&ops, "UPDATE sessions SET ended_at_ms = 1 WHERE id = %lld", (long long)bob.session_id);
	assert_int_equal(post(&bob), ERR_UNAUTHORIZED);
}

static void a_suspended_account_can_do_nothing(void **state)
{
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	ops_sql(&ops, "UPDATE users SET is_suspended = 1 WHERE id = %lld", (long long)bob.id);
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (!rows[i].needs_actor)
			continue;
		for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
			bob.role = roles[r];
			if ((rows[i].roles & roles[r]) == 0)
				continue;
			enum err err = ops_run(&ops, &bob, rows[i].name, json_object());
			if (err != (bob.role == OP_ROLE_CLI ? ERR_UNKNOWN_USER : ERR_UNAUTHORIZED))
				fail_msg("%s over %d: %s", rows[i].name, bob.role, err_info(err)->name);
		}
	}
}

static void the_machines_administrator_acts_for_an_account_without_a_session(void **state)
{
	struct person ada = {ops.ada.id, 0, OP_ROLE_CLI}, nobody = {424242, 0, OP_ROLE_CLI};

	(void)state;
	assert_op(&ops, &ada, "token_create", json_pack("{s:s, s:s}", "name", "x", "digest", ops_digest(&ops)), ERR_OK);
	assert_op(&ops, &nobody, "token_create", json_pack("{s:s, s:s}", "name", "x", "digest", ops_digest(&ops)),
		  ERR_UNKNOWN_USER);
}

struct request_case {
	const char *text;
	enum err expected;
};

static const struct request_case request_cases[] = {
    {"", ERR_BAD_JSON},
    {" ", ERR_BAD_JSON},
    {"{", ERR_BAD_JSON},
    {"{}", ERR_BAD_REQUEST},
    {"[]", ERR_BAD_REQUEST},
    {"null", ERR_BAD_REQUEST},
    {"\"message_create\"", ERR_BAD_REQUEST},
    {"{'op': null}", ERR_BAD_REQUEST},
    {"{'op': 7}", ERR_BAD_REQUEST},
    {"{'op': 'no_such_op'}", ERR_BAD_REQUEST},
    {"{'op': 'MESSAGE_CREATE'}", ERR_BAD_REQUEST},
    {"{'op': 'backup'}", ERR_BAD_REQUEST},
    {"{'op': 'message_create', 'op': 'message_create'}", ERR_BAD_JSON},
    {"{'op': 'user_register'} x", ERR_BAD_JSON},
    {"{'op': 'user_register\\u0000'}", ERR_BAD_JSON},
    {"{'op': '\xff'}", ERR_BAD_JSON},
    {"{'op': 'user_register'}", ERR_INVALID_FORM},
    {"{'op': 'user_register', 'in': null}", ERR_INVALID_FORM},
    {"{'op': 'user_register', 'in': []}", ERR_INVALID_FORM},
    {"{'op': 'user_register', 'in': 'text'}", ERR_INVALID_FORM},
    {"{'op': 'message_create', 'actor': -1, 'session': 1, 'in': {}}", ERR_UNAUTHORIZED},
    {"{'op': 'message_create', 'actor': 1e3, 'session': 1, 'in': {}}", ERR_UNAUTHORIZED},
    {"{'op': 'message_create', 'actor': {}, 'session': [], 'in': {}}", ERR_UNAUTHORIZED},
    {"{'op': 'message_create', 'actor': '9223372036854775808', 'in': {}}", ERR_UNAUTHORIZED},
};

static void what_is_no_request_is_refused_and_changes_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof request_cases / sizeof *request_cases; i++) {
		char *text = arena_strdup(&ops.arena, request_cases[i].text);

		for (char *p = text; *p != '\0'; p++)
			*p = *p == '\'' ? '"' : *p;
		enum err err = ops_run_text(&ops, OP_ROLE_API, text, strlen(text));
		if (err != request_cases[i].expected)
			fail_msg("%s: %s", text, err_info(err)->name);
	}
}

static void a_nul_byte_ends_nothing(void **state)
{
	static const char request[] = "{\"op\":\"user_register\"}\0{}";

	(void)state;
	assert_int_equal(ops_run_text(&ops, OP_ROLE_API, request, sizeof request - 1), ERR_BAD_JSON);
}

static void nesting_and_size_have_limits(void **state)
{
	struct buf text;
	buf_init(&text);

	(void)state;
	buf_puts(&text, "{\"op\":\"message_create\",\"in\":");
	for (int i = 0; i < JSON_DEPTH_MAX; i++)
		buf_putc(&text, '[');
	for (int i = 0; i < JSON_DEPTH_MAX; i++)
		buf_putc(&text, ']');
	buf_putc(&text, '}');
	assert_int_equal(ops_run_text(&ops, OP_ROLE_API, text.p, text.n), ERR_BAD_JSON);

	buf_clear(&text);
	buf_puts(&text, "{\"op\":\"message_create\",\"in\":\"");
	while (text.n < JSON_BODY_MAX)
		buf_puts(&text, "0123456789abcdef");
	buf_puts(&text, "\"}");
	assert_int_equal(ops_run_text(&ops, OP_ROLE_API, text.p, text.n), ERR_TOO_LARGE);
	buf_free(&text);
}

static void unknown_members_and_nulls_are_ignored(void **state)
{
	(void)state;
	assert_op(
	    &ops, &ops.ada, "message_create",
	    ops_json("{'channel_id': %lld, 'content': 'x', 'nonce': null, 'tts': false, 'components': [{'nonce': 'n'}], "
		     "'flags': 4096, 'message_reference': null, 'allowed_mentions': {'parse': []}}",
		     (long long)ops.general_id),
	    ERR_OK);
}

/* A group answers each of its ops by itself: what one did stays when the next fails. */
static void an_op_that_fails_undoes_itself_alone(void **state)
{
	int64_t first = ops_message(&ops, &ops.ada, ops.general_id, "first");
	int64_t seq = ops.engine.last_seq;

	(void)state;
	assert_op(&ops, &ops.ada, "message_create", ops_json("{'channel_id': 5, 'content': 'x'}"), ERR_UNKNOWN_CHANNEL);
	int64_t second = ops_message(&ops, &ops.ada, ops.general_id, "second");
	assert_true(second > first);
	assert_int_equal(ops.engine.last_seq, seq + 1);
	assert_int_equal(ops_int(&ops, "SELECT max(seq) FROM events"), seq + 1);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(an_op_over_a_socket_that_is_not_its_own_is_refused),
	    SET_UP(snug_live_changes_nothing),
	    SET_UP(what_needs_an_account_is_refused_to_nobody),
	    SET_UP(an_actor_speaks_through_a_session_of_its_own_that_lives),
	    SET_UP(a_suspended_account_can_do_nothing),
	    SET_UP(the_machines_administrator_acts_for_an_account_without_a_session),
	    SET_UP(what_is_no_request_is_refused_and_changes_nothing),
	    SET_UP(a_nul_byte_ends_nothing),
	    SET_UP(nesting_and_size_have_limits),
	    SET_UP(unknown_members_and_nulls_are_ignored),
	    SET_UP(an_op_that_fails_undoes_itself_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
