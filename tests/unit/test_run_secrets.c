/* The secrets of an instance: made once, kept, handed down sealed. */
#include "base/buf.h"
#include "run/run_secrets.h"
#include "run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int prepare(bool needs_code, struct secrets *out, char code[SECRETS_SETUP_CODE_MAX + 1])
{
	int fd = -1;
	assert_int_equal(run_secrets_prepare(needs_code, &fd, code), ERR_OK);
	assert_int_equal(secrets_read(fd, out), ERR_OK);
	return fd;
}

static void they_are_made_once_and_stay(void **state)
{
	struct secrets first, second;
	char code[SECRETS_SETUP_CODE_MAX + 1], again[SECRETS_SETUP_CODE_MAX + 1];
	struct stat file;
	(void)state;
	close(prepare(true, &first, code));
	close(prepare(true, &second, again));
	assert_memory_equal(&first, &second, sizeof first);
	assert_string_equal(code, again);
	assert_int_equal(strlen(code), 16);
	assert_string_equal(first.setup_code, code);
	assert_int_equal(stat("secrets", &file), 0);
	assert_int_equal(file.st_mode & 07777, 0600);
	assert_int_not_equal(access("secrets.new", F_OK), 0);
}

static void two_instances_share_none(void **state)
{
	struct secrets first, second;
	char code[SECRETS_SETUP_CODE_MAX + 1], other[SECRETS_SETUP_CODE_MAX + 1];
	(void)state;
	close(prepare(true, &first, code));
	assert_int_equal(unlink("secrets"), 0);
	close(prepare(true, &second, other));
	assert_memory_not_equal(&first.jwt.keys[0].secret, &second.jwt.keys[0].secret, sizeof(struct secret));
	assert_memory_not_equal(&first.csrf, &second.csrf, sizeof(struct secret));
	assert_string_not_equal(code, other);
	assert_memory_not_equal(&first.csrf, &first.jwt.keys[0].secret, sizeof(struct secret));
}

static void the_code_is_handed_down_only_where_it_is_needed(void **state)
{
	struct secrets secrets;
	char code[SECRETS_SETUP_CODE_MAX + 1];
	(void)state;
	close(prepare(false, &secrets, code));
	assert_string_equal(code, "");
	assert_string_equal(secrets.setup_code, "");
	close(prepare(true, &secrets, code));
	assert_int_equal(strlen(secrets.setup_code), 16);
}

static void nobody_can_change_what_was_handed_down(void **state)
{
	struct secrets secrets;
	char code[SECRETS_SETUP_CODE_MAX + 1];
	(void)state;
	int fd = prepare(false, &secrets, code);
	assert_int_equal(pwrite(fd, "x", 1, 0), -1);
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_ptr_equal(mmap(NULL, 64, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
	close(fd);
}

static void a_damaged_file_is_refused_and_kept(void **state)
{
	int fd;
	char code[SECRETS_SETUP_CODE_MAX + 1];
	struct stat file;
	(void)state;
	run_fixture_write("secrets", "jwt_key=short\n");
	assert_int_not_equal(run_secrets_prepare(false, &fd, code), ERR_OK);
	assert_true(run_fixture_was_told("malformed"));
	assert_int_equal(stat("secrets", &file), 0);
	assert_int_equal(file.st_size, 14);
	assert_int_equal(unlink("secrets"), 0);
	assert_int_equal(symlink("/etc/passwd", "secrets"), 0);
	assert_int_not_equal(run_secrets_prepare(false, &fd, code), ERR_OK);
}

static int open_all(void **state)
{
	secret_open();
	return run_fixture_open(state);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_all, run_fixture_close)
	static const struct CMUnitTest tests[] = {
	    TEST(they_are_made_once_and_stay),
	    TEST(two_instances_share_none),
	    TEST(the_code_is_handed_down_only_where_it_is_needed),
	    TEST(nobody_can_change_what_was_handed_down),
	    TEST(a_damaged_file_is_refused_and_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
