/* Backups while everything goes on. */
#include "base/ensure.h"
#include "fault.h"
#include "ops_fixture.h"
#include "sql/sql_internal.h"
#include "store/backup.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { MEGABYTES = 6 };

static struct ops ops;
static struct backup backup;

/* A database of some thousand pages, so that copying takes many steps. */
static int open_large(void **state)
{
	(void)state;
	ops_setup(&ops);
	ops.is_quick = true;
	ops_sql(&ops,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO messages "
		"(id, channel_id, author_id, content) SELECT i, %lld, %lld, printf('%%.*c', 4096, 'x') FROM n",
		MEGABYTES * 256, (long long)ops.general_id, (long long)ops.ada.id);
	backup_init(&backup);
	return chdir(ops.folder);
}

static int close_large(void **state)
{
	(void)state;
	backup_abandon(&backup);
	ensure(chdir("/") == 0);
	ops_close(&ops);
	return 0;
}

/* Steps to the end, posting between the steps. Returns how many steps it took. */
static int finish(enum err *err)
{
	int steps = 1;

	while (!backup_step(&backup, err)) {
		steps++;
		assert_in_range(steps, 1, 10000);
		if (steps % 2 == 0)
			(void)ops_message(&ops, &ops.ada, ops.general_id, "meanwhile");
		else
			ops_sql(&ops, "UPDATE messages SET content = printf('%%.*c', 4096, 'y') WHERE id = %d",
				steps * 7);
	}
	return steps;
}

static int count_files(void)
{
	DIR *dir = opendir("backups");
	int count = -2;

	ensure(dir != NULL);
	while (readdir(dir) != NULL)
		count++;
	(void)closedir(dir);
	return count;
}

/* The copy is sound, and holds what the database holds at the moment of its end. */
static void expect_whole_copy(void)
{
	struct sql *copy;
	bool sound;

	uint64_t fingerprint = ops_fingerprint(ops.path);
	assert_int_equal(sql_open_writer(backup.path, &copy), ERR_OK);
	assert_int_equal(sql_check_integrity(copy, &sound), ERR_OK);
	assert_true(sound);
	sql_close(copy);
	assert_true(ops_fingerprint(backup.path) == fingerprint);
}

static void a_copy_is_whole_although_writing_went_on(void **state)
{
	enum err err;

	(void)state;
	assert_false(backup_is_running(&backup));
	assert_int_equal(backup_begin(&backup, ops.engine.db, 7), ERR_OK);
	assert_true(backup_is_running(&backup));
	assert_in_range(finish(&err), MEGABYTES, MEGABYTES * 4);
	assert_int_equal(err, ERR_OK);
	assert_false(backup_is_running(&backup));
	assert_int_equal(count_files(), 1);
	expect_whole_copy();
}

/* Changes the first rows in an op that is undone; all of them are more than the writer's cache holds. */
static void change_and_undo(int rows)
{
	ops_sql(
	    &ops,
	    "BEGIN IMMEDIATE; SAVEPOINT op; UPDATE messages SET content = printf('%%.*c', 5000, 'z') WHERE id <= %d; "
	    "ROLLBACK TO op; RELEASE op; COMMIT",
	    rows);
}

static void ops_that_are_undone_meanwhile_are_not_in_it(void **state)
{
	enum err err;
	int steps = 0;

	(void)state;
	assert_int_equal(backup_begin(&backup, ops.engine.db, 7), ERR_OK);
	while (!backup_step(&backup, &err)) {
		change_and_undo(steps++ == 3 ? MEGABYTES * 256 : 20);
		(void)ops_message(&ops, &ops.ada, ops.general_id, "meanwhile");
	}
	assert_int_equal(err, ERR_OK);
	expect_whole_copy();
}

/* A transaction that fails makes SQLite copy from the beginning. */
static void groups_that_fail_meanwhile_are_not_in_it(void **state)
{
	enum err err;
	int steps = 0;

	(void)state;
	assert_int_equal(backup_begin(&backup, ops.engine.db, 7), ERR_OK);
	while (!backup_step(&backup, &err)) {
		if (steps++ % 4 == 3 && steps < 10)
			ops_sql(&ops, "BEGIN IMMEDIATE; UPDATE messages SET content = 'z' WHERE id < 500; ROLLBACK");
		(void)ops_message(&ops, &ops.ada, ops.general_id, "meanwhile");
	}
	assert_int_equal(err, ERR_OK);
	assert_true(steps > MEGABYTES + 3);
	expect_whole_copy();
}

static void one_is_made_at_a_time(void **state)
{
	enum err err;

	(void)state;
	assert_int_equal(backup_begin(&backup, ops.engine.db, 7), ERR_OK);
	assert_int_equal(backup_begin(&backup, ops.engine.db, 8), ERR_OVERLOADED);
	assert_int_equal(backup.client_fd, 7);
	(void)finish(&err);
	assert_int_equal(backup_begin(&backup, ops.engine.db, 8), ERR_OK);
	(void)finish(&err);
	assert_int_equal(err, ERR_OK);
	assert_int_equal(count_files(), 2);
}

static void one_that_is_given_up_leaves_nothing(void **state)
{
	enum err err;

	(void)state;
	assert_int_equal(backup_begin(&backup, ops.engine.db, 7), ERR_OK);
	assert_false(backup_step(&backup, &err));
	backup_abandon(&backup);
	assert_false(backup_is_running(&backup));
	assert_int_equal(count_files(), 0);
	backup_abandon(&backup);
}

static void put(const char *path)
{
	FILE *file = fopen(path, "w");

	ensure(file != NULL && fputs(ops_repeat(&ops, "remains of a store that was killed ", 200), file) >= 0 &&
	       fclose(file) == 0);
}

static void the_remains_of_one_that_was_killed_are_no_trouble(void **state)
{
	enum err err;

	(void)state;
	ensure(mkdir("backups", 0700) == 0);
	put("backups/partial.db");
	put("backups/partial.db-journal");
	put("backups/partial.db-wal");
	put("backups/partial.db-shm");
	assert_int_equal(backup_begin(&backup, ops.engine.db, 7), ERR_OK);
	(void)finish(&err);
	assert_int_equal(err, ERR_OK);
	assert_int_equal(count_files(), 1);
	expect_whole_copy();
}

static void a_folder_that_cannot_be_made_is_an_error(void **state)
{
	(void)state;
	put("backups");
	assert_int_not_equal(backup_begin(&backup, ops.engine.db, 7), ERR_OK);
	assert_false(backup_is_running(&backup));
}

static void a_disk_that_fills_up_ends_it_and_harms_nothing(void **state)
{
	enum err err;
	int failed = 0;

	(void)state;
	for (int at = 1; at < 3000; at += at / 4 + 1) {
		uint64_t before = ops_fingerprint(ops.path);

		fault_arm(FAULT_FULL, at, true);
		err = backup_begin(&backup, ops.engine.db, 7);
		while (err == ERR_OK && !backup_step(&backup, &err))
			;
		(void)fault_disarm();
		assert_false(backup_is_running(&backup));
		assert_true(err == ERR_OK || err == ERR_STORAGE_FULL);
		assert_true(ops_fingerprint(ops.path) == before);
		if (err == ERR_OK)
			break;
		failed++;
		assert_int_equal(count_files(), 0);
		(void)ops_message(&ops, &ops.ada, ops.general_id, "and writing goes on");
	}
	assert_true(failed > 5);
	assert_int_equal(err, ERR_OK);
}

#define LARGE(test) cmocka_unit_test_setup_teardown(test, open_large, close_large)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    LARGE(a_copy_is_whole_although_writing_went_on), LARGE(ops_that_are_undone_meanwhile_are_not_in_it),
	    LARGE(groups_that_fail_meanwhile_are_not_in_it), LARGE(one_is_made_at_a_time),
	    LARGE(one_that_is_given_up_leaves_nothing),      LARGE(the_remains_of_one_that_was_killed_are_no_trouble),
	    LARGE(a_folder_that_cannot_be_made_is_an_error), LARGE(a_disk_that_fills_up_ends_it_and_harms_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
