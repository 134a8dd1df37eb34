/* Room on the disk, on a file system that says what the test wants. */
#include "base/ensure.h"
#include "ops_fixture.h"
#include "store/storage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cmocka.h>

enum { BALLAST_BYTES = 1024 * 1024, BLOCK_BYTES = 4096 };

/* What statvfs tells, in place of the C library's. */
static struct {
	int64_t free_bytes;
	bool is_unknown, is_failing;
} disk;

int statvfs(const char *path, struct statvfs *out)
{
	assert_string_equal(path, ".");
	*out = (struct statvfs){.f_frsize = BLOCK_BYTES, .f_bsize = 1};
	out->f_blocks = disk.is_unknown ? 0 : 1000000;
	out->f_bavail = (fsblkcnt_t)(disk.free_bytes / BLOCK_BYTES);
	return disk.is_failing ? -1 : 0;
}

static char folder[64];
static struct storage storage;

static int open_folder(void **state)
{
	(void)state;
	ops_folder(folder);
	disk.free_bytes = 100 * STORAGE_RESERVE_BYTES;
	disk.is_unknown = disk.is_failing = false;
	return chdir(folder);
}

static int remove_folder(void **state)
{
	(void)state;
	ensure(chdir("/") == 0);
	ops_folder_remove(folder);
	return 0;
}

static int64_t ballast_size(void)
{
	struct stat info;

	return stat("ballast", &info) == 0 ? info.st_blocks * INT64_C(512) : -1;
}

static bool is_low_with(int64_t free_bytes)
{
	disk.free_bytes = free_bytes;
	return storage_is_low(&storage);
}

static void the_ballast_takes_real_room(void **state)
{
	(void)state;
	storage_open(&storage, BALLAST_BYTES);
	assert_true(storage.has_ballast);
	assert_true(ballast_size() >= BALLAST_BYTES);
	assert_false(storage_is_low(&storage));
}

static void writing_stops_below_the_reserve_and_the_ballast_is_given_up(void **state)
{
	(void)state;
	storage_open(&storage, BALLAST_BYTES);
	assert_false(is_low_with(STORAGE_RESERVE_BYTES));
	assert_int_not_equal(ballast_size(), -1);
	assert_true(is_low_with(STORAGE_RESERVE_BYTES - BLOCK_BYTES));
	assert_int_equal(ballast_size(), -1);
	assert_true(is_low_with(0));
}

static void what_the_ballast_freed_is_not_for_writing(void **state)
{
	(void)state;
	storage_open(&storage, BALLAST_BYTES);
	assert_true(is_low_with(STORAGE_RESERVE_BYTES - BLOCK_BYTES));
	assert_true(is_low_with(STORAGE_RESERVE_BYTES - BLOCK_BYTES + BALLAST_BYTES));
	storage_restore(&storage);
	assert_int_equal(ballast_size(), -1);
	assert_false(is_low_with(STORAGE_RESERVE_BYTES + BALLAST_BYTES));
}

static void the_ballast_comes_back_only_where_it_leaves_room(void **state)
{
	(void)state;
	storage_open(&storage, BALLAST_BYTES);
	assert_true(is_low_with(0));
	assert_false(is_low_with(STORAGE_RESERVE_BYTES + BALLAST_BYTES));
	storage_restore(&storage);
	assert_int_equal(ballast_size(), -1);
	/* Without it writing still stops in time. */
	assert_true(is_low_with(STORAGE_RESERVE_BYTES - BLOCK_BYTES));
	assert_false(is_low_with(STORAGE_RESERVE_BYTES + 2 * BALLAST_BYTES));
	storage_restore(&storage);
	assert_true(ballast_size() >= BALLAST_BYTES);
	assert_false(is_low_with(STORAGE_RESERVE_BYTES + BALLAST_BYTES));
}

static void a_disk_that_is_full_at_the_start_gets_no_ballast(void **state)
{
	(void)state;
	disk.free_bytes = STORAGE_RESERVE_BYTES + BALLAST_BYTES;
	storage_open(&storage, BALLAST_BYTES);
	assert_int_equal(ballast_size(), -1);
	assert_false(storage_is_low(&storage));
	assert_true(is_low_with(0));
}

static void a_ballast_of_an_earlier_run_is_known(void **state)
{
	(void)state;
	storage_open(&storage, BALLAST_BYTES);
	storage_open(&storage, BALLAST_BYTES);
	assert_true(storage.has_ballast);
	assert_true(is_low_with(0));
	assert_int_equal(ballast_size(), -1);
	disk.free_bytes = 100 * STORAGE_RESERVE_BYTES;
	storage_open(&storage, BALLAST_BYTES);
	storage_open(&storage, 0);
	assert_int_equal(ballast_size(), -1);
	assert_true(is_low_with(0));
	assert_false(is_low_with(STORAGE_RESERVE_BYTES));
}

static void a_file_system_that_tells_nothing_is_never_low(void **state)
{
	(void)state;
	disk.is_unknown = true;
	disk.free_bytes = 0;
	storage_open(&storage, BALLAST_BYTES);
	assert_false(storage_is_low(&storage));
	assert_int_equal(ballast_size(), -1);
}

static void not_to_be_told_for_once_changes_nothing(void **state)
{
	(void)state;
	storage_open(&storage, BALLAST_BYTES);
	disk.is_failing = true;
	assert_false(storage_is_low(&storage));
	assert_int_not_equal(ballast_size(), -1);
	disk.is_failing = false;
	assert_true(is_low_with(0));
	disk.is_failing = true;
	assert_true(storage_is_low(&storage));
}

#define FOLDER(test) cmocka_unit_test_setup_teardown(test, open_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    FOLDER(the_ballast_takes_real_room),
	    FOLDER(writing_stops_below_the_reserve_and_the_ballast_is_given_up),
	    FOLDER(what_the_ballast_freed_is_not_for_writing),
	    FOLDER(the_ballast_comes_back_only_where_it_leaves_room),
	    FOLDER(a_disk_that_is_full_at_the_start_gets_no_ballast),
	    FOLDER(a_ballast_of_an_earlier_run_is_known),
	    FOLDER(a_file_system_that_tells_nothing_is_never_low),
	    FOLDER(not_to_be_told_for_once_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
