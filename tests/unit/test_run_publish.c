/* What is copied into run/: everything visible, replaced whole, with a version that changes with any byte. */
#include "crypto/secret.h"
#include "run/run_publish.h"
#include "run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char version[RUN_VERSION_SIZE];

static int open_all(void **state)
{
	secret_open();
	run_fixture_open(state);
	ensure(mkdir("share", 0755) == 0 && mkdir("share/templates", 0700) == 0 && mkdir("share/static", 0755) == 0);
	ensure(mkdir("share/static/css", 0755) == 0 && mkdir("run", 0755) == 0);
	run_fixture_write("share/templates/a.mustache", "{{a}}");
	run_fixture_write("share/static/css/base.css", "body{}");
	return 0;
}

static bool is_published(const char *name)
{
	char path[128];
	snprintf(path, sizeof path, "run/static/%s/%s", version, name);
	return access(path, F_OK) == 0;
}

static void publish(void)
{
	assert_int_equal(run_publish("share", version), ERR_OK);
	assert_int_equal(strlen(version), 8);
}

static void folders_and_files_are_there_for_all_to_read(void **state)
{
	struct stat file;
	(void)state;
	umask(0077);
	publish();
	umask(0022);
	assert_true(is_published("css/base.css"));
	assert_int_equal(stat("run/templates", &file), 0);
	assert_int_equal(file.st_mode & 0777, 0755);
	assert_int_equal(stat("run/templates/a.mustache", &file), 0);
	assert_int_equal(file.st_mode & 0777, 0644);
}

static void the_version_is_of_names_and_contents(void **state)
{
	char first[RUN_VERSION_SIZE], second[RUN_VERSION_SIZE];
	(void)state;
	publish();
	memcpy(first, version, sizeof first);
	publish();
	assert_string_equal(version, first);
	run_fixture_write("share/static/css/base.css", "body{ }");
	publish();
	memcpy(second, version, sizeof second);
	assert_string_not_equal(second, first);
	assert_int_equal(rename("share/static/css/base.css", "share/static/css/bass.css"), 0);
	publish();
	assert_string_not_equal(version, second);
	assert_true(is_published("css/bass.css"));
	memcpy(version, first, sizeof first);
	assert_false(is_published("css/base.css"));
}

static void what_was_removed_is_gone(void **state)
{
	(void)state;
	run_fixture_write("share/templates/old.mustache", "");
	publish();
	assert_int_equal(access("run/templates/old.mustache", F_OK), 0);
	assert_int_equal(unlink("share/templates/old.mustache"), 0);
	publish();
	assert_int_not_equal(access("run/templates/old.mustache", F_OK), 0);
}

static void hidden_files_and_links_stay_behind(void **state)
{
	(void)state;
	run_fixture_write("share/static/.secret", "x");
	assert_int_equal(symlink("/etc/passwd", "share/static/passwd"), 0);
	publish();
	assert_false(is_published(".secret"));
	assert_false(is_published("passwd"));
}

static void a_crash_in_the_middle_does_no_harm(void **state)
{
	(void)state;
	assert_int_equal(mkdir("run/static.new", 0755), 0);
	run_fixture_write("run/static.new/half", "x");
	run_fixture_write("run/templates.new", "no folder");
	publish();
	assert_true(is_published("css/base.css"));
	assert_false(is_published("half"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_all, run_fixture_close)
	static const struct CMUnitTest tests[] = {
	    TEST(folders_and_files_are_there_for_all_to_read),
	    TEST(the_version_is_of_names_and_contents),
	    TEST(what_was_removed_is_gone),
	    TEST(hidden_files_and_links_stay_behind),
	    TEST(a_crash_in_the_middle_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
