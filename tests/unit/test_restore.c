/* A backup put in the place of the database: nothing of the old one gets into it, and no cursor crosses histories. */
#include "base/ensure.h"
#include "ops_fixture.h"
#include "store/restore.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

static struct ops ops;
static char copy_path[128], log_path[128], kept_log_path[128];

static int open_database(void **state)
{
	(void)state;
	ops_setup(&ops);
	snprintf(copy_path, sizeof copy_path, "%s/copy.db", ops.folder);
	snprintf(log_path, sizeof log_path, "%s-wal", ops.path);
	snprintf(kept_log_path, sizeof kept_log_path, "%s/kept-wal", ops.folder);
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static void copy_file(const char *from, const char *to)
{
	char bytes[4096];
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	ensure(in != NULL && out != NULL);
	for (size_t n; (n = fread(bytes, 1, sizeof bytes, in)) > 0;)
		ensure(fwrite(bytes, 1, n, out) == n);
	ensure(fclose(in) == 0 && fclose(out) == 0);
}

static void back_up(void)
{
	struct sql_backup *backup;
	bool is_done = false;
	ensure(sql_backup_open(ops.engine.db, copy_path, &backup) == ERR_OK);
	while (!is_done)
		ensure(sql_backup_step(backup, 10, &is_done) == ERR_OK);
	sql_backup_free(backup);
}

/* The database ends; when it crashes its log stays behind. The copy takes its place and is opened as the store does it.
 */
static void restore(bool is_crash)
{
	bool is_restored;
	if (is_crash)
		copy_file(log_path, kept_log_path);
	ops_close_database(&ops);
	copy_file(copy_path, ops.path);
	if (is_crash)
		copy_file(kept_log_path, log_path);
	assert_int_equal(restore_find(ops.path, &is_restored), ERR_OK);
	assert_true(is_restored);
	ensure(sql_open_writer(ops.path, &ops.engine.db) == ERR_OK);
	assert_int_equal(restore_take_over(ops.engine.db), ERR_OK);
	ops.engine.last_seq = 0;
}

static struct event_range range_now(void)
{
	struct event_range range;
	ensure(event_range(ops.engine.db, &range) == ERR_OK);
	return range;
}

static void a_copy_says_that_it_is_one_and_a_database_does_not(void **state)
{
	(void)state;
	back_up();
	assert_true(sql_is_copy(copy_path));
	assert_int_not_equal(access(log_path, F_OK), -1);
	ensure(sql_checkpoint(ops.engine.db, SQL_CHECKPOINT_TRUNCATE, 1000) == ERR_OK);
	ops_close_database(&ops);
	bool is_restored = true;
	assert_int_equal(restore_find(ops.path, &is_restored), ERR_OK);
	assert_false(is_restored);
	assert_int_equal(access(log_path, F_OK), 0);
	ensure(sql_open_writer(ops.path, &ops.engine.db) == ERR_OK);
}

static void what_is_no_database_is_no_copy(void **state)
{
	(void)state;
	assert_false(sql_is_copy("/nowhere/at/all"));
	assert_false(sql_is_copy("/dev/null"));
	assert_false(sql_is_copy(ops.folder));
}

/* Page numbers in the log of the killed store mean other pages in the copy: played back, they ruin it. */
static void the_log_of_a_killed_store_does_not_get_into_the_copy(void **state)
{
	(void)state;
	bool is_sound = false;
	ops_message(&ops, &ops.ada, ops.general_id, "kept");
	back_up();
	for (int i = 0; i < 200; i++)
		ops_message(&ops, &ops.ada, ops.general_id, ops_repeat(&ops, "x", 500));
	restore(true);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages"), 1);
	assert_int_equal(sql_check_integrity(ops.engine.db, &is_sound), ERR_OK);
	assert_true(is_sound);
}

static void a_restored_copy_is_the_database_from_then_on(void **state)
{
	(void)state;
	back_up();
	restore(false);
	struct event_range range = range_now();
	ops_close_database(&ops);
	bool is_restored = true;
	assert_int_equal(restore_find(ops.path, &is_restored), ERR_OK);
	assert_false(is_restored);
	ensure(sql_open_writer(ops.path, &ops.engine.db) == ERR_OK);
	assert_int_equal(range_now().head, range.head);
}

static void every_cursor_from_before_is_a_gap(void **state)
{
	(void)state;
	struct event_range before = range_now();
	back_up();
	ops_message(&ops, &ops.ada, ops.general_id, "lost");
	struct event_range lost = range_now();
	restore(true);
	struct event_range range = range_now();
	assert_int_equal(range.head >> EVENT_EPOCH_SHIFT, (before.head >> EVENT_EPOCH_SHIFT) + 1);
	assert_true(event_is_gap(&range, before.head));
	assert_true(event_is_gap(&range, lost.head));
	assert_false(event_is_gap(&range, range.head));
	assert_true(range.head < INT64_C(1) << 53);
}

static void cursors_of_an_earlier_restore_of_the_same_copy_are_gaps_too(void **state)
{
	(void)state;
	back_up();
	restore(false);
	struct event_range first = range_now();
	restore(false);
	struct event_range second = range_now();
	assert_true(event_is_gap(&second, first.head));
	assert_true(event_is_gap(&first, second.head));
}

/* The store was killed before the mark was off: it must begin again, with what it had logged so far dropped. */
static void a_crash_while_taking_over_leaves_a_copy(void **state)
{
	(void)state;
	bool is_restored;
	int64_t before = range_now().head;
	back_up();
	ops_close_database(&ops);
	copy_file(copy_path, ops.path);
	ensure(restore_find(ops.path, &is_restored) == ERR_OK && is_restored);
	ensure(sql_open_writer(ops.path, &ops.engine.db) == ERR_OK);
	ops_sql(&ops, "UPDATE meta SET value = '7' WHERE key = 'epoch'; PRAGMA application_id = 0");
	copy_file(log_path, kept_log_path);
	copy_file(ops.path, copy_path);
	assert_true(sql_is_copy(copy_path));
	restore(true);
	assert_int_equal(range_now().head >> EVENT_EPOCH_SHIFT, (before >> EVENT_EPOCH_SHIFT) + 1);
}

/* Epochs end before the seqs pass what JavaScript counts with. */
static void there_is_a_last_epoch(void **state)
{
	(void)state;
	ops_sql(&ops, "UPDATE meta SET value = '%d' WHERE key = 'epoch'", EVENT_EPOCH_MAX);
	assert_int_equal(event_begin_epoch(ops.engine.db, 1), ERR_INTERNAL);
	assert_true(range_now().head < INT64_C(1) << 53);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_copy_says_that_it_is_one_and_a_database_does_not, open_database,
					    close_database),
	    cmocka_unit_test_setup_teardown(what_is_no_database_is_no_copy, open_database, close_database),
	    cmocka_unit_test_setup_teardown(the_log_of_a_killed_store_does_not_get_into_the_copy, open_database,
					    close_database),
	    cmocka_unit_test_setup_teardown(a_restored_copy_is_the_database_from_then_on, open_database,
					    close_database),
	    cmocka_unit_test_setup_teardown(every_cursor_from_before_is_a_gap, open_database, close_database),
	    cmocka_unit_test_setup_teardown(cursors_of_an_earlier_restore_of_the_same_copy_are_gaps_too, open_database,
					    close_database),
	    cmocka_unit_test_setup_teardown(a_crash_while_taking_over_leaves_a_copy, open_database, close_database),
	    cmocka_unit_test_setup_teardown(there_is_a_last_epoch, open_database, close_database),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
