/* Connections, statements, migrations: what the layers above rely on. */
#include "base/clock.h"
#include "base/ensure.h"
#include "child.h"
#include "ops_fingerprint.h"
#include "ops_fixture.h"
#include "sql/sql_internal.h"
#include "sql/sql_writer.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

enum { NOBODY = 65534 };

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

static void a_reader_reads_and_cannot_write(void **state)
{
	struct sql *reader;
	int64_t exists;

	(void)state;
	assert_int_equal(sql_open_reader(ops.path, &reader), ERR_OK);
	assert_int_equal(sql_find_int(reader, QUERY_USER_EXISTS_ANY, SQL_NO_ARGS, &exists), ERR_OK);
	assert_int_equal(exists, 1);
	uint64_t before = ops_fingerprint(ops.path);
	assert_int_not_equal(sql_run(reader, QUERY_SESSION_DELETE_EXPIRED, SQL_ARGS(sql_int(INT64_MAX)), NULL), ERR_OK);
	assert_true(ops_fingerprint(ops.path) == before);
	assert_true(sql_is_idle(reader));
	sql_close(reader);
}

static void a_database_that_is_not_there_is_not_made_by_a_reader(void **state)
{
	struct sql *reader = NULL;
	const char *path = arena_printf(&ops.arena, "%s/other.db", ops.folder);

	(void)state;
	assert_int_equal(sql_open_reader(path, &reader), ERR_DATABASE_UNAVAILABLE);
	assert_int_equal(access(path, F_OK), -1);
}

static void a_file_that_is_no_database_is_unavailable(void **state)
{
	struct sql *db = NULL;
	const char *path = arena_printf(&ops.arena, "%s/other.db", ops.folder);
	FILE *file = fopen(path, "w");

	(void)state;
	ensure(file != NULL && fputs(ops_repeat(&ops, "this is no database ", 1000), file) >= 0 && fclose(file) == 0);
	assert_int_equal(sql_open_reader(path, &db), ERR_DATABASE_UNAVAILABLE);
	assert_int_equal(sql_open_writer(path, &db), ERR_DATABASE_UNAVAILABLE);
}

static void a_read_transaction_sees_one_state(void **state)
{
	struct sql *reader;
	int64_t count, again;

	(void)state;
	assert_int_equal(sql_open_reader(ops.path, &reader), ERR_OK);
	assert_int_equal(sql_read_begin(reader), ERR_OK);
	assert_int_equal(sql_find_int(reader, QUERY_CHANNEL_COUNT, SQL_ARGS(sql_id(ops.guild_id)), &count), ERR_OK);
	(void)ops_channel(&ops, &ops.ada, "tools");
	assert_int_equal(sql_find_int(reader, QUERY_CHANNEL_COUNT, SQL_ARGS(sql_id(ops.guild_id)), &again), ERR_OK);
	assert_int_equal(again, count);
	assert_false(sql_is_idle(reader));
	sql_read_end(reader);
	assert_true(sql_is_idle(reader));
	sql_read_end(reader);
	assert_int_equal(sql_find_int(reader, QUERY_CHANNEL_COUNT, SQL_ARGS(sql_id(ops.guild_id)), &again), ERR_OK);
	assert_int_equal(again, count + 1);
	sql_close(reader);
}

static void a_statement_that_was_not_stepped_to_its_end_is_ended_by_finish(void **state)
{
	struct sql_stmt *stmt;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(sql_start(ops.engine.db, QUERY_ROLE_LIST, SQL_ARGS(sql_id(ops.guild_id)), &stmt),
				 ERR_OK);
		if (i > 0)
			assert_true(sql_step(stmt));
		assert_false(sql_is_idle(ops.engine.db));
		assert_int_equal(sql_finish(stmt), ERR_OK);
		assert_true(sql_is_idle(ops.engine.db));
	}
}

static void a_constraint_is_an_internal_error_and_changes_nothing(void **state)
{
	uint64_t before = ops_fingerprint(ops.path);
	int changes = 7;

	(void)state;
	assert_int_equal(sql_run(ops.engine.db, QUERY_EVENT_SET_PRUNED, SQL_ARGS(sql_text(NULL)), &changes),
			 ERR_INTERNAL);
	assert_int_equal(changes, 0);
	assert_int_equal(sql_run(ops.engine.db, QUERY_MEMBER_INSERT, SQL_ARGS(sql_id(1), sql_id(2), sql_int(3)), NULL),
			 ERR_INTERNAL);
	assert_true(ops_fingerprint(ops.path) == before);
	assert_true(sql_is_idle(ops.engine.db));
}

static void start_twice(void)
{
	struct sql_stmt *stmt;

	err_ignore(sql_start(ops.engine.db, QUERY_HEALTH_PROBE, SQL_NO_ARGS, &stmt));
	err_ignore(sql_start(ops.engine.db, QUERY_HEALTH_PROBE, SQL_NO_ARGS, &stmt));
}

static void give_too_few(void)
{
	err_ignore(sql_run(ops.engine.db, QUERY_MEMBER_FIND, SQL_ARGS(sql_id(1)), NULL));
}

static void misuse_ends_the_program(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out);
	assert_int_equal(WTERMSIG(child_run(start_twice, &out)), SIGABRT);
	assert_int_equal(WTERMSIG(child_run(give_too_few, &out)), SIGABRT);
	buf_free(&out);
}

static void an_id_of_zero_and_no_text_are_null(void **state)
{
	struct sql_stmt *stmt;
	size_t n;

	(void)state;
	ops_sql(&ops, "INSERT INTO events (seq, type, payload) VALUES (7, 'T', 'a')");
	assert_int_equal(sql_run(ops.engine.db, QUERY_EVENT_INSERT,
				 SQL_ARGS(sql_int(9), sql_text("X"), sql_id(0), sql_id(INT64_MAX), sql_id(0), sql_id(0),
					  sql_text("")),
				 NULL),
			 ERR_OK);
	assert_int_equal(sql_start(ops.engine.db, QUERY_EVENT_LIST_AFTER, SQL_ARGS(sql_int(8), sql_int(1)), &stmt),
			 ERR_OK);
	assert_true(sql_step(stmt));
	assert_true(sql_column_is_null(stmt, 2));
	assert_int_equal(sql_column_int(stmt, 2), 0);
	assert_null(sql_column_text(stmt, 2, &ops.arena));
	assert_null(sql_column_borrow(stmt, 2, &n));
	assert_int_equal(n, 0);
	assert_int_equal(sql_column_int(stmt, 3), INT64_MAX);
	assert_string_equal(sql_column_text(stmt, 6, &ops.arena), "");
	assert_int_equal(sql_finish(stmt), ERR_OK);
}

static void migrating_twice_does_nothing_the_second_time(void **state)
{
	int applied;
	const char *copy = arena_printf(&ops.arena, "%s/copy.db", ops.folder);

	(void)state;
	uint64_t before = ops_fingerprint(ops.path);
	assert_int_equal(sql_migrate(ops.engine.db, copy, &applied), ERR_OK);
	assert_int_equal(applied, 0);
	assert_true(ops_fingerprint(ops.path) == before);
	assert_int_equal(access(copy, F_OK), -1);
}

static void a_schema_of_a_newer_program_is_left_alone(void **state)
{
	int applied;

	(void)state;
	ops_sql(&ops, "PRAGMA user_version = 9999");
	uint64_t before = ops_fingerprint(ops.path);
	assert_int_equal(sql_migrate(ops.engine.db, "", &applied), ERR_INTERNAL);
	assert_true(ops_fingerprint(ops.path) == before);
}

/* The first ones do their part, and then one finds its table there already. */
static void an_upgrade_that_fails_leaves_the_schema_that_was(void **state)
{
	struct sql *db;
	int applied;
	const char *path = arena_printf(&ops.arena, "%s/half.db", ops.folder);

	(void)state;
	ensure(sql_open_writer(path, &db) == ERR_OK);
	ensure(sqlite3_exec(db->connection, "CREATE TABLE drafts (x INTEGER) STRICT", NULL, NULL, NULL) == SQLITE_OK);
	uint64_t before = ops_fingerprint(path);
	assert_int_not_equal(sql_migrate(db, "", &applied), ERR_OK);
	assert_int_equal(applied, 0);
	assert_true(ops_fingerprint(path) == before);
	ensure(sqlite3_exec(db->connection, "DROP TABLE drafts", NULL, NULL, NULL) == SQLITE_OK);
	assert_int_equal(sql_migrate(db, "", &applied), ERR_OK);
	assert_true(applied > 0);
	sql_close(db);
}

static void an_integrity_check_finds_what_is_broken(void **state)
{
	bool sound;

	(void)state;
	assert_int_equal(sql_check_integrity(ops.engine.db, &sound), ERR_OK);
	assert_true(sound);
	ops_sql(&ops, "PRAGMA foreign_keys = 0");
	ops_sql(&ops, "UPDATE guilds SET owner_id = 12345");
	assert_int_equal(sql_check_integrity(ops.engine.db, &sound), ERR_OK);
	assert_false(sound);
}

/* What the store is, to whom readers are strangers: the log's index is not there yet, or not to be written. */
static pid_t open_reader_as_nobody(void)
{
	pid_t child = fork();

	ensure(child >= 0);
	if (child == 0) {
		struct sql *reader;

		if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
			_exit(9);
		_exit(sql_open_reader(ops.path, &reader) == ERR_OK ? 0 : 1);
	}
	return child;
}

static int status_of(pid_t child)
{
	int status;

	ensure(waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

/* Some readers find the index of the log missing, some find it empty and not theirs to fill. */
static void a_reader_waits_for_a_store_that_is_about_to_open(void **state)
{
	const char *index_path = arena_printf(&ops.arena, "%s-shm", ops.path);
	int applied;

	(void)state;
	if (geteuid() != 0)
		skip();
	ensure(chmod(ops.folder, 0755) == 0);
	for (int is_empty = 0; is_empty <= 1;) {
		ops_close_database(&ops);
		(void)unlink(index_path);
		if (is_empty)
			ensure(close(open(index_path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644)) == 0);
		int64_t before_ms = clock_monotonic_ms();
		pid_t child = open_reader_as_nobody();
		(void)usleep(200000);
		assert_int_equal(sql_open_writer(ops.path, &ops.engine.db), ERR_OK);
		assert_int_equal(sql_migrate(ops.engine.db, "", &applied), ERR_OK);
		int64_t took_ms = clock_monotonic_ms() - before_ms;
		int status = status_of(child);
		if (took_ms > 800 && status != 0)
			continue; /* the machine was too busy: the reader waits for a second */
		assert_int_equal(status, 0);
		is_empty++;
	}
}

static void a_reader_does_not_wait_for_ever(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	ensure(chmod(ops.folder, 0755) == 0);
	ops_close_database(&ops);
	(void)unlink(arena_printf(&ops.arena, "%s-shm", ops.path));
	int64_t before_ms = clock_monotonic_ms();
	assert_int_equal(status_of(open_reader_as_nobody()), 1);
	assert_in_range(clock_monotonic_ms() - before_ms, 900, 30000);
}

/* A clone in /root whose programs run under ids of their own: the data folder is theirs, the way to it is not. */
static void work_below_a_closed_folder(void)
{
	struct sql *db;
	int applied;

	ensure(chdir(ops.folder) == 0 && mkdir("closed", 0700) == 0 && mkdir("closed/data", 0700) == 0 &&
	       chdir("closed/data") == 0);
	if (geteuid() == 0)
		ensure(chown(".", NOBODY, NOBODY) == 0 && setgid(NOBODY) == 0 && setuid(NOBODY) == 0);
	else
		ensure(chmod("..", 0) == 0);
	ensure(access(ops.path, F_OK) != 0 || geteuid() != NOBODY);
	ensure(sql_open_writer("snug.db", &db) == ERR_OK);
	ensure(sql_migrate(db, "copy.db", &applied) == ERR_OK && applied > 0);
	struct sql *reader;
	ensure(sql_open_reader("snug.db", &reader) == ERR_OK);
	sql_close(reader);
	sql_close(db);
	if (geteuid() != NOBODY)
		ensure(chmod("..", 0700) == 0);
}

static void the_way_to_the_data_folder_need_not_be_open(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out);
	int status = child_run(work_below_a_closed_folder, &out);
	if (status != 0)
		fail_msg("%s", out.p);
	buf_free(&out);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(a_reader_reads_and_cannot_write),
	    SET_UP(a_database_that_is_not_there_is_not_made_by_a_reader),
	    SET_UP(a_file_that_is_no_database_is_unavailable),
	    SET_UP(a_read_transaction_sees_one_state),
	    SET_UP(a_statement_that_was_not_stepped_to_its_end_is_ended_by_finish),
	    SET_UP(a_constraint_is_an_internal_error_and_changes_nothing),
	    SET_UP(misuse_ends_the_program),
	    SET_UP(an_id_of_zero_and_no_text_are_null),
	    SET_UP(migrating_twice_does_nothing_the_second_time),
	    SET_UP(a_schema_of_a_newer_program_is_left_alone),
	    SET_UP(an_upgrade_that_fails_leaves_the_schema_that_was),
	    SET_UP(an_integrity_check_finds_what_is_broken),
	    SET_UP(a_reader_waits_for_a_store_that_is_about_to_open),
	    SET_UP(a_reader_does_not_wait_for_ever),
	    SET_UP(the_way_to_the_data_folder_need_not_be_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
