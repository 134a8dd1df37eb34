/* The number that goes up with every change of a session or an account, before anybody is told of the change. */
#include "base/shared.h"
#include "domain/session/session_changes.h"
#include "ops_fixture.h"
#include "store/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct ops ops;
static struct session_changes reader;
static int memory_fd;

static int set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	memory_fd = shared_create("test");
	assert_int_equal(session_changes_watch(ops.engine.db, memory_fd), ERR_OK);
	session_changes_open(&reader, shared_open_reader(memory_fd));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	ops_close(&ops);
	close(reader.fd);
	close(memory_fd);
	return 0;
}

/* Whether it has gone up since the last time that this was asked. */
static bool has_risen(void)
{
	static uint64_t last;
	uint64_t now;

	assert_true(session_changes_read(&reader, &now));
	bool has = now != last;
	last = now;
	return has;
}

static json_t *id(const char *name, int64_t value)
{
	return json_pack("{s:I}", name, (json_int_t)value);
}

static struct person log_in(const struct person *who, const char *kind)
{
	struct person person = *who;
	const char *hash = ops_text(&ops, "SELECT password_hash FROM users WHERE id = %lld", (long long)who->id);

	assert_op(&ops, NULL, "session_create",
		  json_pack("{s:I, s:s, s:s, s:s}", "user_id", (json_int_t)who->id, "password_hash", hash,
			    "session_kind", kind, "session_digest", ops_digest(&ops)),
		  ERR_OK);
	person.session_id = ops_result_id(&ops, NULL, "session_id");
	return person;
}

static int64_t token_of(const struct person *who)
{
	assert_op(&ops, who, "token_create", json_pack("{s:s, s:s}", "name", "script", "digest", ops_digest(&ops)),
		  ERR_OK);
	return ops_result_id(&ops, NULL, "id");
}

static void whatever_ends_a_session_raises_it(void **state)
{
	(void)state;
	struct person bob = ops_join(&ops, "bob"), second = log_in(&bob, "cookie"), third = log_in(&bob, "refresh");
	int64_t token_id = token_of(&bob);
	const char *hash = ops_text(&ops, "SELECT password_hash FROM users WHERE id = %lld", (long long)bob.id);

	ops_sql(&ops, "UPDATE users SET is_admin = 1 WHERE id = %lld", (long long)ops.ada.id);
	(void)has_risen();
	assert_op(&ops, &bob, "token_revoke", id("token_id", token_id), ERR_OK);
	assert_true(has_risen());
	assert_op(&ops, &second, "session_end", json_object(), ERR_OK);
	assert_true(has_risen());
	assert_op(&ops, &bob, "session_revoke", id("session_id", third.session_id), ERR_OK);
	assert_true(has_risen());
	assert_op(&ops, &bob, "session_end_everywhere", ops_json("{'keep_current': true}"), ERR_OK);
	(void)has_risen(); /* there was none left to end */
	(void)log_in(&bob, "cookie");
	(void)has_risen();
	assert_op(&ops, &bob, "session_end_everywhere", ops_json("{'keep_current': true}"), ERR_OK);
	assert_true(has_risen());
	assert_op(&ops, &bob, "password_change",
		  json_pack("{s:s, s:s}", "current_hash", hash, "password_hash",
			    "$argon2id$v=19$m=19456,t=2,p=1$b3RoZXI$b3RoZXI"),
		  ERR_OK);
	assert_true(has_risen());
	assert_op(&ops, &ops.ada, "user_suspend", id("user_id", bob.id), ERR_OK);
	assert_true(has_risen());
}

static void an_account_that_ends_raises_it(void **state)
{
	(void)state;
	struct person bob = ops_join(&ops, "bob");

	(void)has_risen();
	assert_op(&ops, NULL, "user_remove", id("user_id", bob.id), ERR_MISSING_PERMISSIONS);
	struct person operator= {.role = OP_ROLE_CLI};
	assert_op(&ops, &operator, "user_remove", id("user_id", bob.id), ERR_OK);
	assert_true(has_risen());
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM sessions WHERE user_id = %lld AND ended_at_ms IS NULL",
				 (long long)bob.id),
			 0);
}

static void house_keeping_raises_it_by_what_it_deletes_and_by_nothing_else(void **state)
{
	bool is_done;

	(void)state;
	int64_t token_id = token_of(&ops.ada);
	assert_int_equal(house_keep(&ops.engine, 100000, &is_done), ERR_OK);
	(void)has_risen();
	assert_int_equal(house_keep(&ops.engine, 100000, &is_done), ERR_OK);
	assert_false(has_risen());
	ops_sql(&ops, "UPDATE sessions SET ended_at_ms = 1 WHERE id = %lld", (long long)token_id);
	(void)has_risen();
	assert_int_equal(house_keep(&ops.engine, 100000, &is_done), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM sessions WHERE id = %lld", (long long)token_id), 0);
	assert_true(has_risen());
}

static void what_concerns_no_session_does_not_raise_it(void **state)
{
	(void)state;
	struct person bob = ops_join(&ops, "bob");

	(void)has_risen();
	int64_t message_id = ops_message(&ops, &bob, ops.general_id, "plain words, and @ada");
	int64_t channel_id = ops_channel(&ops, &ops.ada, "elsewhere");
	assert_op(&ops, &bob, "channel_join", id("channel_id", channel_id), ERR_OK);
	assert_op(&ops, &bob, "message_update",
		  json_pack("{s:I, s:I, s:s}", "channel_id", (json_int_t)ops.general_id, "message_id",
			    (json_int_t)message_id, "content", "other words"),
		  ERR_OK);
	assert_op(&ops, &ops.ada, "channel_delete", id("channel_id", channel_id), ERR_OK);
	assert_false(has_risen());
}

static void that_a_session_was_used_is_noted_once_in_a_while_and_raises_it_then_alone(void **state)
{
	(void)state;
	ops_sql(&ops, "UPDATE sessions SET last_used_at_ms = 1");
	(void)has_risen();
	assert_op(&ops, &ops.ada, "session_touch", json_object(), ERR_OK);
	assert_true(has_risen());
	for (int i = 0; i < 10; i++)
		assert_op(&ops, &ops.ada, "session_touch", json_object(), ERR_OK);
	assert_false(has_risen());
}

/* What SQLite's update hook does not tell by itself, and what nobody writes today. */
static void no_way_of_writing_goes_unnoticed(void **state)
{
	static const char *const statements[] = {
	    "UPDATE sessions SET ended_at_ms = 1",
	    "UPDATE users SET is_suspended = 1",
	    "INSERT OR REPLACE INTO sessions SELECT id + 1, user_id, kind, digest, name, device, address, "
	    "created_at_ms, "
	    "last_used_at_ms, expires_at_ms, ended_at_ms FROM sessions", /* deletes the row that has the digest */
	    "INSERT INTO sessions SELECT * FROM sessions WHERE true ON CONFLICT (id) DO UPDATE SET ended_at_ms = 1",
	    "UPDATE OR REPLACE sessions SET id = id + 1",
	    "WITH one AS (SELECT min(id) AS id FROM sessions) DELETE FROM sessions WHERE id = (SELECT id FROM one)",
	    "DELETE FROM sessions", /* which would empty a table at once that no other refers to */
	};

	(void)state;
	for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
		(void)token_of(&ops.ada);
		(void)has_risen();
		ops_sql(&ops, "BEGIN");
		ops_sql(&ops, "%s", statements[i]);
		assert_false(has_risen()); /* nothing is saved yet */
		ops_sql(&ops, "COMMIT");
		if (!has_risen())
			fail_msg("unnoticed: %s", statements[i]);
		ops_sql(&ops, "UPDATE users SET is_suspended = 0");
		struct person again = log_in(&ops.ada, "cookie");
		ops.ada.session_id = again.session_id;
	}
}

/* Foreign keys delete rows that no statement names. */
static void rows_that_go_with_others_are_noticed(void **state)
{
	(void)state;
	ops_sql(&ops, "INSERT INTO users (id, username) VALUES (77, 'gone')");
	ops_sql(&ops, "INSERT INTO sessions (id, user_id, kind, digest, created_at_ms, last_used_at_ms) "
		      "VALUES (78, 77, 'token', x'00', 1, 1)");
	(void)has_risen();
	ops_sql(&ops, "DELETE FROM users WHERE id = 77");
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM sessions WHERE id = 78"), 0);
	assert_true(has_risen());
}

static void the_tables_are_of_the_kind_that_is_told_of(void **state)
{
	(void)state;
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM pragma_table_list WHERE name IN ('sessions', 'users') "
				       "AND schema = 'main' AND type = 'table' AND NOT wr"),
			 2);
	assert_true(ops_int(&ops, "SELECT count(*) FROM pragma_foreign_key_list('sessions')") > 0);
	assert_int_equal(ops_int(&ops, "PRAGMA foreign_keys"), 1);
}

static void an_undone_transaction_is_forgotten_at_the_latest_with_the_next(void **state)
{
	(void)state;
	ops_sql(&ops, "BEGIN");
	ops_sql(&ops, "UPDATE sessions SET ended_at_ms = 1");
	(void)has_risen();
	ops_sql(&ops, "ROLLBACK");
	assert_false(has_risen());
	(void)ops_message(&ops, &ops.ada, ops.general_id, "words");
	(void)has_risen();
	(void)ops_message(&ops, &ops.ada, ops.general_id, "words");
	assert_false(has_risen());
}

static void a_store_that_starts_raises_it_and_goes_on_from_there(void **state)
{
	uint64_t before, after;

	(void)state;
	assert_true(session_changes_read(&reader, &before));
	ops_close_database(&ops);
	assert_int_equal(sql_open_writer(ops.path, &ops.engine.db), ERR_OK);
	assert_int_equal(session_changes_watch(ops.engine.db, memory_fd), ERR_OK);
	assert_true(session_changes_read(&reader, &after));
	assert_true(after > before);
}

static void who_starts_before_the_store_has_no_number_until_then(void **state)
{
	struct session_changes early;
	int fd = shared_create("test");
	uint64_t number;

	(void)state;
	session_changes_open(&early, -1);
	assert_false(session_changes_read(&early, &number));
	session_changes_open(&early, shared_open_reader(fd));
	assert_false(session_changes_read(&early, &number));
	ops_close_database(&ops);
	assert_int_equal(sql_open_writer(ops.path, &ops.engine.db), ERR_OK);
	assert_int_equal(session_changes_watch(ops.engine.db, fd), ERR_OK);
	assert_true(session_changes_read(&early, &number));
	assert_true(number > 0);
	close(early.fd);
	close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(whatever_ends_a_session_raises_it),
	    TEST(an_account_that_ends_raises_it),
	    TEST(house_keeping_raises_it_by_what_it_deletes_and_by_nothing_else),
	    TEST(what_concerns_no_session_does_not_raise_it),
	    TEST(that_a_session_was_used_is_noted_once_in_a_while_and_raises_it_then_alone),
	    TEST(no_way_of_writing_goes_unnoticed),
	    TEST(rows_that_go_with_others_are_noticed),
	    TEST(the_tables_are_of_the_kind_that_is_told_of),
	    TEST(an_undone_transaction_is_forgotten_at_the_latest_with_the_next),
	    TEST(a_store_that_starts_raises_it_and_goes_on_from_there),
	    TEST(who_starts_before_the_store_has_no_number_until_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
