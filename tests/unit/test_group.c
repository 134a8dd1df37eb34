/* Group commit: one transaction for all who wait, each with an answer of its own, or the same bad news for everyone.
 *
 * Begins early: it takes long. */
#include "base/ensure.h"
#include "fault.h"
#include "ops_fixture.h"
#include "sql/sql_internal.h"
#include "sql/sql_writer.h"
#include "store/group.h"
#include "store/house.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct ops ops;
static struct group group;

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	(void)signal(SIGXFSZ, SIG_IGN);
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	for (int i = 0; i < GROUP_MAX; i++) {
		buf_free(&group.items[i].request);
		buf_free(&group.items[i].reply);
	}
	group = (struct group){0};
	ops_close(&ops);
	return 0;
}

/* more: further members of its input, each with a comma behind. */
static void add_with(const struct person *who, int64_t channel_id, const char *more, const char *content)
{
	struct group_item *item = group_add(&group);

	ensure(item != NULL);
	item->role = who->role;
	buf_printf(&item->request,
		   "{\"op\":\"message_create\",\"actor\":\"%lld\",\"session\":\"%lld\",\"in\":{\"channel_id\":\"%lld\","
		   "%s\"content\":\"%s\"}}",
		   (long long)who->id, (long long)who->session_id, (long long)channel_id, more, content);
}

static void add(const struct person *who, int64_t channel_id, const char *content)
{
	add_with(who, channel_id, "", content);
}

/* Fails once the message and its event are written: only what is said in a thread may be told in its channel too. */
static void add_failing_late(const struct person *who, const char *content)
{
	add_with(who, ops.general_id, "\"also_in_channel\":true,", content);
}

static void commit(void)
{
	group_commit(&group, &ops.engine);
	ensure(sql_is_idle(ops.engine.db) && !sql_in_transaction(ops.engine.db));
}

static const char *err_of(int i)
{
	json_t *root;

	ensure(json_parse_own(&ops.arena, group.items[i].reply.p, group.items[i].reply.n, &root) == ERR_OK);
	return json_text(root, "err");
}

static int64_t message_count(void)
{
	return ops_int(&ops, "SELECT count(*) FROM messages");
}

static void good_and_bad_ops_are_answered_each_by_itself(void **state)
{
	const struct person stranger = {12345, 6789, OP_ROLE_API};
	int64_t seq = ops.engine.last_seq;

	(void)state;
	add(&ops.ada, ops.general_id, "one");
	add(&stranger, ops.general_id, "two");
	add(&ops.ada, 12345, "three");
	add(&ops.ada, ops.general_id, " ");
	buf_puts(&group_add(&group)->request, "no json");
	add(&ops.ada, ops.general_id, "six");
	commit();
	static const char *const expected[] = {"OK", "UNAUTHORIZED", "UNKNOWN_CHANNEL", "EMPTY_MESSAGE", "BAD_JSON",
					       "OK"};
	for (int i = 0; i < 6; i++)
		assert_string_equal(err_of(i), expected[i]);
	assert_int_equal(message_count(), 2);
	assert_int_equal(ops.engine.last_seq, seq + 2);
	assert_int_equal(ops_int(&ops, "SELECT max(seq) FROM events"), seq + 2);
}

/* What came early is executed while others are waited for; it is on disk with them, and not before. */
static void ops_are_executed_as_they_come_and_saved_together(void **state)
{
	int64_t seq = ops.engine.last_seq;

	(void)state;
	group_execute(&group, &ops.engine);
	assert_false(sql_in_transaction(ops.engine.db));
	add(&ops.ada, ops.general_id, "one");
	add(&ops.ada, 12345, "nowhere");
	group_execute(&group, &ops.engine);
	assert_true(sql_in_transaction(ops.engine.db));
	assert_string_equal(err_of(0), "OK");
	add(&ops.ada, ops.general_id, "three");
	commit();
	assert_string_equal(err_of(1), "UNKNOWN_CHANNEL");
	assert_string_equal(err_of(2), "OK");
	assert_int_equal(message_count(), 2);
	assert_int_equal(ops.engine.last_seq, seq + 2);
	group.count = 0;
	add(&ops.ada, ops.general_id, "the next group begins anew");
	commit();
	assert_int_equal(message_count(), 3);
	assert_int_equal(ops.engine.last_seq, seq + 3);
}

/* What failed after it had written leaves nothing, and takes none of the others with it: neither those before it, which
 * are executed twice, nor those behind it. */
static void an_op_that_fails_late_is_undone_alone(void **state)
{
	int64_t seq = ops.engine.last_seq;

	(void)state;
	add(&ops.ada, ops.general_id, "before");
	add_failing_late(&ops.ada, "latefirst");
	group_execute(&group, &ops.engine);
	assert_true(group.is_guarded);
	add_failing_late(&ops.ada, "latesecond");
	add(&ops.ada, ops.general_id, "behind");
	commit();
	static const char *const expected[] = {"OK", "CHANNEL_TYPE", "CHANNEL_TYPE", "OK"};
	for (int i = 0; i < 4; i++)
		assert_string_equal(err_of(i), expected[i]);
	assert_int_equal(message_count(), 2);
	assert_int_equal(ops.engine.last_seq, seq + 2);
	assert_int_equal(ops_int(&ops, "SELECT max(seq) FROM events"), seq + 2);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM search WHERE search MATCH 'before OR behind'"), 2);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM search WHERE search MATCH 'latefirst OR latesecond'"), 0);
	group.count = 0;
	add(&ops.ada, ops.general_id, "the next group");
	commit();
	assert_string_equal(err_of(0), "OK");
	assert_false(group.is_guarded);
	assert_int_equal(message_count(), 3);
}

static int lines_with(const char *path, const char *word)
{
	char line[1024];
	int count = 0;
	FILE *file = fopen(path, "r");

	ensure(file != NULL);
	while (fgets(line, sizeof line, file) != NULL)
		count += strstr(line, word) != NULL;
	ensure(fclose(file) == 0);
	return count;
}

/* Whoever counts the lines of the log, to turn somebody away, counts what happened. */
static void what_is_executed_again_is_logged_once(void **state)
{
	const char *path = arena_printf(&ops.arena, "%s/log", ops.folder);
	int kept = dup(STDERR_FILENO), log = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	struct group_item *item = group_add(&group);

	(void)state;
	ensure(kept >= 0 && log >= 0 && dup2(log, STDERR_FILENO) >= 0);
	item->role = ops.ada.role;
	buf_printf(&item->request,
		   "{\"op\":\"token_create\",\"actor\":\"%lld\",\"session\":\"%lld\",\"in\":{\"name\":\"x\","
		   "\"digest\":\"%s\"}}",
		   (long long)ops.ada.id, (long long)ops.ada.session_id, ops_digest(&ops));
	add_failing_late(&ops.ada, "late");
	commit();
	ensure(dup2(kept, STDERR_FILENO) >= 0 && close(kept) == 0 && close(log) == 0);
	assert_true(group.is_guarded);
	assert_string_equal(err_of(0), "OK");
	assert_int_equal(lines_with(path, "\"token_created\""), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM security_events WHERE kind = 'token_created'"), 1);
}

/* A transaction that ends in the middle takes what was executed early with it: nobody is told that it was saved. */
static void what_was_executed_early_fails_with_the_group(void **state)
{
	int64_t seq = ops.engine.last_seq;

	(void)state;
	add(&ops.ada, ops.general_id, "one");
	group_execute(&group, &ops.engine);
	assert_int_equal(sql_run(ops.engine.db, QUERY_TRANSACTION_ROLLBACK, SQL_NO_ARGS, NULL), ERR_OK);
	add(&ops.ada, ops.general_id, "two");
	commit();
	for (int i = 0; i < 2; i++)
		assert_string_equal(err_of(i), "STORE_UNAVAILABLE");
	assert_int_equal(message_count(), 0);
	assert_int_equal(ops.engine.last_seq, seq);
	group.count = 0;
	add(&ops.ada, ops.general_id, "three");
	commit();
	assert_string_equal(err_of(0), "OK");
	assert_int_equal(message_count(), 1);
}

static void a_full_group_takes_no_more(void **state)
{
	(void)state;
	for (int i = 0; i < GROUP_MAX; i++)
		add(&ops.ada, ops.general_id, "x");
	assert_null(group_add(&group));
	commit();
	for (int i = 0; i < GROUP_MAX; i++)
		assert_string_equal(err_of(i), "OK");
	assert_int_equal(message_count(), GROUP_MAX);
	group.count = 0;
	struct group_item *item = group_add(&group);
	assert_int_equal(item->request.n, 0);
	assert_int_equal(item->reply.n, 0);
}

static void memory_of_a_large_message_is_given_back(void **state)
{
	(void)state;
	struct group_item *item = group_add(&group);
	for (int i = 0; i < 100000; i++)
		buf_puts(&item->request, "0123456789");
	assert_true(item->request.cap >= 1000000);
	group.count = 0;
	item = group_add(&group);
	assert_int_equal(item->request.cap, 0);
}

/* Adds three ops of about the size, of which the second fails anyway, and commits them. */
static void commit_three(size_t size)
{
	group.count = 0;
	add(&ops.ada, ops.general_id, ops_repeat(&ops, "a", size));
	add(&ops.ada, 12345, "to nowhere");
	add(&ops.ada, ops.general_id, ops_repeat(&ops, "b", size));
	commit();
}

static void expect_refused(const char *err, uint64_t fingerprint, int64_t seq)
{
	for (int i = 0; i < 3; i++)
		assert_string_equal(err_of(i), err);
	assert_true(ops_fingerprint(ops.path) == fingerprint);
	assert_int_equal(ops.engine.last_seq, seq);
}

static void a_database_that_may_not_grow_refuses_all_and_saves_nothing(void **state)
{
	uint64_t before = ops_fingerprint(ops.path);
	int64_t seq = ops.engine.last_seq;

	(void)state;
	ops_sql(&ops, "PRAGMA max_page_count = %lld", (long long)ops_int(&ops, "PRAGMA page_count"));
	for (int i = 0; i < 3; i++) {
		commit_three(4000);
		if (i == 0 && strcmp(err_of(0), "OK") == 0) { /* the first may still find room in a page */
			before = ops_fingerprint(ops.path);
			seq = ops.engine.last_seq;
			continue;
		}
		expect_refused("STORAGE_FULL", before, seq);
	}
	ops_sql(&ops, "PRAGMA max_page_count = 1000000");
	commit_three(4000);
	assert_string_equal(err_of(0), "OK");
	assert_string_equal(err_of(1), "UNKNOWN_CHANNEL");
	assert_string_equal(err_of(2), "OK");
}

static off_t log_size(void)
{
	struct stat info;

	ensure(stat(arena_printf(&ops.arena, "%s-wal", ops.path), &info) == 0);
	return info.st_size;
}

static void set_file_limit(rlim_t bytes)
{
	struct rlimit limit;

	ensure(getrlimit(RLIMIT_FSIZE, &limit) == 0);
	limit.rlim_cur = bytes;
	ensure(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

static void a_disk_without_room_refuses_all_and_reading_goes_on(void **state)
{
	struct sql *reader;
	int64_t exists, seq;
	uint64_t before;

	(void)state;
	commit_three(10);
	before = ops_fingerprint(ops.path);
	seq = ops.engine.last_seq;
	set_file_limit((rlim_t)log_size());
	for (int i = 0; i < 3; i++) {
		commit_three(4000);
		expect_refused("STORAGE_FULL", before, seq);
	}
	assert_int_equal(sql_open_reader(ops.path, &reader), ERR_OK);
	assert_int_equal(sql_find_int(reader, QUERY_USER_EXISTS_ANY, SQL_NO_ARGS, &exists), ERR_OK);
	assert_int_equal(exists, 1);
	sql_close(reader);
	set_file_limit(RLIM_INFINITY);
	commit_three(4000);
	assert_string_equal(err_of(0), "OK");
	assert_int_equal(message_count(), 4);
}

/* What fills the disk is often the log itself: a checkpoint makes room in it without a byte more. */
static void a_log_that_may_not_grow_is_used_again_after_a_checkpoint(void **state)
{
	(void)state;
	commit_three(4000);
	ops_sql(&ops, "DELETE FROM messages");
	assert_int_equal(sql_checkpoint(ops.engine.db, SQL_CHECKPOINT_PASSIVE, 0), ERR_OK);
	set_file_limit((rlim_t)log_size());
	commit_three(10);
	set_file_limit(RLIM_INFINITY);
	assert_string_equal(err_of(0), "OK");
}

static const enum fault_kind kinds[] = {FAULT_FULL, FAULT_SHORT, FAULT_IO};

static bool is_all_or_nothing(const char *first)
{
	return strcmp(first, "OK") == 0 ? strcmp(err_of(1), "UNKNOWN_CHANNEL") == 0 && strcmp(err_of(2), "OK") == 0
					: strcmp(first, "STORAGE_FULL") == 0 && strcmp(err_of(1), first) == 0 &&
					      strcmp(err_of(2), first) == 0;
}

static void whichever_write_fails_a_group_is_saved_whole_or_not_at_all(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		int failed = 0, calls = 0;

		for (int at = 1; calls >= at - 1; at++) {
			int64_t count = message_count(), seq = ops.engine.last_seq;
			uint64_t before = ops_fingerprint(ops.path);

			fault_arm(kinds[k], at, false);
			commit_three(3000);
			calls = fault_disarm();
			const char *first = err_of(0);
			if (!is_all_or_nothing(first))
				fail_msg("kind %zu, call %d: %s %s %s", k, at, first, err_of(1), err_of(2));
			if (strcmp(first, "OK") != 0) {
				failed++;
				expect_refused("STORAGE_FULL", before, seq);
			}
			assert_int_equal(message_count(), count + (strcmp(first, "OK") == 0 ? 2 : 0));
			/* The next group finds everything in order. */
			commit_three(10);
			assert_string_equal(err_of(0), "OK");
		}
		assert_true(failed > 3);
	}
	bool sound;
	assert_int_equal(sql_check_integrity(ops.engine.db, &sound), ERR_OK);
	assert_true(sound);
}

static void whichever_write_fails_a_checkpoint_loses_nothing(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		int failed = 0, calls = 0;

		for (int at = 1; calls >= at - 1; at++) {
			for (int i = 0; i < 3; i++)
				commit_three(3000);
			uint64_t before = ops_fingerprint(ops.path);
			fault_arm(kinds[k], at, false);
			enum err err = sql_checkpoint(
			    ops.engine.db, at % 2 == 0 ? SQL_CHECKPOINT_PASSIVE : SQL_CHECKPOINT_TRUNCATE, 0);
			calls = fault_disarm();
			failed += err != ERR_OK;
			assert_true(err == ERR_OK || err == ERR_STORAGE_FULL);
			assert_true(ops_fingerprint(ops.path) == before);
			assert_int_equal(sql_checkpoint(ops.engine.db, SQL_CHECKPOINT_TRUNCATE, 0), ERR_OK);
			assert_true(ops_fingerprint(ops.path) == before);
		}
		assert_true(failed > 1);
	}
}

static void chores_that_fail_change_nothing_and_are_done_later(void **state)
{
	bool is_done;
	int calls = 0, failed = 0;

	(void)state;
	ops_sql(&ops,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
		"INSERT INTO events (seq, type, payload) SELECT %lld + i, 'T', '{}' FROM n",
		(long long)ops.engine.last_seq);
	for (int at = 1; calls >= at - 1; at++) {
		uint64_t before = ops_fingerprint(ops.path);

		ops.engine.house = (struct house_pauses){0};
		fault_arm(FAULT_FULL, at, false);
		enum err err = house_keep(&ops.engine, 3000 - at, &is_done);
		calls = fault_disarm();
		assert_true(sql_is_idle(ops.engine.db) && !sql_in_transaction(ops.engine.db));
		assert_true(err == ERR_OK || err == ERR_STORAGE_FULL);
		assert_true(err == ERR_OK || ops_fingerprint(ops.path) == before);
		failed += err != ERR_OK;
	}
	assert_true(failed > 1);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(good_and_bad_ops_are_answered_each_by_itself),
	    SET_UP(ops_are_executed_as_they_come_and_saved_together),
	    SET_UP(an_op_that_fails_late_is_undone_alone),
	    SET_UP(what_is_executed_again_is_logged_once),
	    SET_UP(what_was_executed_early_fails_with_the_group),
	    SET_UP(a_full_group_takes_no_more),
	    SET_UP(memory_of_a_large_message_is_given_back),
	    SET_UP(a_database_that_may_not_grow_refuses_all_and_saves_nothing),
	    SET_UP(a_disk_without_room_refuses_all_and_reading_goes_on),
	    SET_UP(a_log_that_may_not_grow_is_used_again_after_a_checkpoint),
	    SET_UP(whichever_write_fails_a_group_is_saved_whole_or_not_at_all),
	    SET_UP(whichever_write_fails_a_checkpoint_loses_nothing),
	    SET_UP(chores_that_fail_change_nothing_and_are_done_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
