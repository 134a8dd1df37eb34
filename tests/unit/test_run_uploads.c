/* The sum of bodies that are being received is bounded; what is not lighttpd's own file is left alone. */
#include "run/run_uploads.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIZE = 100 * 1024 };

static char folder[64], outside[96];

static int make_folder(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof folder, "/tmp/snug-uploads-XXXXXX");
	return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int remove_folder(void **state)
{
	(void)state;
	char name[8] = "a";
	for (; name[0] <= 'z'; name[0]++)
		(void)unlink(name);
	(void)unlink(outside);
	return chdir("/") != 0 || rmdir(folder) != 0;
}

static void put(const char *path)
{
	static char bytes[SIZE];
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	memset(bytes, 'x', sizeof bytes);
	assert_int_equal(write(fd, bytes, sizeof bytes), sizeof bytes);
	assert_int_equal(close(fd), 0);
}

static long size_of(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 ? (long)info.st_size : -1;
}

static void below_the_bound_nothing_is_touched(void **state)
{
	(void)state;
	put("a");
	put("b");
	assert_int_equal(run_uploads_trim(".", 4 * SIZE), 0);
	assert_int_equal(size_of("a"), SIZE);
	assert_int_equal(size_of("b"), SIZE);
}

static void above_it_the_oldest_are_emptied_until_half_is_left(void **state)
{
	(void)state;
	put("b");
	sleep(1); /* births are told apart by the second */
	put("a");
	put("c");
	assert_true(run_uploads_trim(".", 2 * SIZE + SIZE / 2) > 0);
	assert_int_equal(size_of("b"), 0);
	assert_true(size_of("a") == 0 || size_of("c") == 0);
	assert_true(size_of("a") == SIZE || size_of("c") == SIZE);
}

static void links_to_what_lies_elsewhere_are_left_alone(void **state)
{
	(void)state;
	(void)snprintf(outside, sizeof outside, "%s.outside", folder);
	put(outside);
	assert_int_equal(symlink(outside, "a"), 0);
	assert_int_equal(link(outside, "b"), 0);
	put("c");
	(void)run_uploads_trim(".", 1);
	assert_int_equal(size_of(outside), SIZE);
	assert_int_equal(size_of("c"), 0);
}

static void a_folder_that_is_not_there_is_no_trouble(void **state)
{
	(void)state;
	assert_int_equal(run_uploads_trim("nowhere", 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(below_the_bound_nothing_is_touched, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(above_it_the_oldest_are_emptied_until_half_is_left, make_folder,
					    remove_folder),
	    cmocka_unit_test_setup_teardown(links_to_what_lies_elsewhere_are_left_alone, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(a_folder_that_is_not_there_is_no_trouble, make_folder, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
