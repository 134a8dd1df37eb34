/* The data folder: which may be one, its lock, its files. */
#include "run/run_data.h"
#include "run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_missing_folder_is_made_and_an_empty_one_taken(void **state)
{
	struct run_data data;
	(void)state;
	assert_int_equal(run_data_enter("fresh", &data), ERR_OK);
	assert_string_equal(strrchr(data.path, '/'), "/fresh");
	assert_int_equal(access("../fresh", F_OK), 0);
	assert_int_equal(chdir(".."), 0);
	assert_int_equal(run_data_enter("fresh", &data), ERR_OK);
}

static void a_folder_of_something_else_is_refused(void **state)
{
	struct run_data data;
	(void)state;
	assert_int_equal(mkdir("full", 0755), 0);
	run_fixture_write("full/letters.txt", "dear");
	assert_int_not_equal(run_data_enter("full", &data), ERR_OK);
	assert_true(run_fixture_was_told("holds letters.txt"));
}

static void a_folder_with_nothing_but_a_configuration_is_taken(void **state)
{
	struct run_data data;
	(void)state;
	assert_int_equal(mkdir("new", 0755), 0);
	run_fixture_write("new/snug.conf", "");
	assert_int_equal(run_data_enter("new", &data), ERR_OK);
}

static void a_folder_with_a_backup_to_go_on_from_is_taken(void **state)
{
	struct run_data data;
	(void)state;
	assert_int_equal(mkdir("new", 0755), 0);
	run_fixture_write("new/snug.db", "");
	assert_int_equal(run_data_enter("new", &data), ERR_OK);
}

static void one_instance_has_the_lock(void **state)
{
	struct run_data first, second;
	(void)state;
	assert_int_equal(run_data_enter(".", &first), ERR_OK);
	assert_false(run_data_is_locked());
	assert_int_equal(run_data_lock(&first), ERR_OK);
	assert_true(run_data_is_locked());
	second = first;
	assert_int_not_equal(run_data_lock(&second), ERR_OK);
	assert_true(run_fixture_was_told("runs on"));
	close(first.lock_fd);
	assert_false(run_data_is_locked());
	assert_int_equal(run_data_lock(&second), ERR_OK);
	close(second.lock_fd);
}

/* A program that outlives snug run, such as a store that is being killed, keeps the lock that it inherited. */
static void the_lock_lasts_until_the_last_holder_is_gone(void **state)
{
	struct run_data data;
	(void)state;
	assert_int_equal(run_data_enter(".", &data), ERR_OK);
	assert_int_equal(run_data_lock(&data), ERR_OK);
	int inherited = dup(data.lock_fd);
	close(data.lock_fd);
	assert_true(run_data_is_locked());
	close(inherited);
	assert_false(run_data_is_locked());
}

static void files_are_replaced_whole(void **state)
{
	struct buf text;
	struct stat file;
	(void)state;
	buf_init(&text);
	assert_int_equal(run_data_read("note", 100, &text), ERR_NOT_FOUND);
	assert_int_equal(run_data_replace("note", "first", 5), ERR_OK);
	run_fixture_write("note.new", "left by a crash");
	assert_int_equal(run_data_replace("note", "second", 6), ERR_OK);
	assert_int_equal(run_data_read("note", 100, &text), ERR_OK);
	assert_string_equal(text.p, "second");
	assert_int_equal(stat("note", &file), 0);
	assert_int_equal(file.st_mode & 07777, 0600);
	assert_int_not_equal(access("note.new", F_OK), 0);
	buf_clear(&text);
	assert_int_not_equal(run_data_read("note", 5, &text), ERR_OK);
	buf_free(&text);
}

static void what_is_no_file_is_not_read(void **state)
{
	struct buf text;
	(void)state;
	buf_init(&text);
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_not_equal(run_data_read("folder", 100, &text), ERR_OK);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_int_not_equal(run_data_read("pipe", 100, &text), ERR_OK);
	assert_int_equal(symlink("/etc/hostname", "link"), 0);
	assert_int_not_equal(run_data_read("link", 100, &text), ERR_OK);
	buf_free(&text);
}

static void a_database_of_another_user_is_not_taken_over(void **state)
{
	struct run_data data;
	struct run_owners owners;
	(void)state;
	run_owners_init(&owners, 61184);
	assert_int_equal(run_data_enter(".", &data), ERR_OK);
	owners.is_root = false;
	owners.uids[RUN_OWNER_STORE] = geteuid() + 1;
	run_fixture_write("snug.db", "");
	assert_int_not_equal(run_data_own(&data, &owners), ERR_OK);
	assert_true(run_fixture_was_told("chown -R"));
	owners.uids[RUN_OWNER_STORE] = geteuid();
	assert_int_equal(run_data_own(&data, &owners), ERR_OK);
	close(data.run_fd);
}

/* Root restores a backup; the store, which is not root, must be able to write to it. */
static void a_database_that_root_put_there_is_given_to_the_store(void **state)
{
	struct run_data data;
	struct run_owners owners;
	struct stat file;
	(void)state;
	if (geteuid() != 0)
		skip();
	run_owners_init(&owners, 61184);
	assert_int_equal(run_data_enter(".", &data), ERR_OK);
	run_fixture_write("letters.txt", "dear");
	assert_int_equal(link("letters.txt", "snug.db"), 0);
	assert_int_not_equal(run_data_own(&data, &owners), ERR_OK);
	assert_true(stat("letters.txt", &file) == 0 && file.st_uid == 0);
	assert_int_equal(unlink("letters.txt"), 0);
	assert_int_equal(run_data_own(&data, &owners), ERR_OK);
	assert_true(stat("snug.db", &file) == 0 && file.st_uid == owners.uids[RUN_OWNER_STORE]);
	close(data.run_fd);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, run_fixture_open, run_fixture_close)
	static const struct CMUnitTest tests[] = {
	    TEST(a_missing_folder_is_made_and_an_empty_one_taken),
	    TEST(a_folder_of_something_else_is_refused),
	    TEST(a_folder_with_nothing_but_a_configuration_is_taken),
	    TEST(a_folder_with_a_backup_to_go_on_from_is_taken),
	    TEST(one_instance_has_the_lock),
	    TEST(the_lock_lasts_until_the_last_holder_is_gone),
	    TEST(files_are_replaced_whole),
	    TEST(what_is_no_file_is_not_read),
	    TEST(a_database_of_another_user_is_not_taken_over),
	    TEST(a_database_that_root_put_there_is_given_to_the_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
