/* What a confined process can still do. The filter that leaves a process nothing but memory is tried by
 * tests/http/pictures.test.js, since sanitizers need more than it leaves. */
#include "work/confine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <fcntl.h>
#include <linux/landlock.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static bool has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

static bool can_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);
	if (fd >= 0)
		(void)close(fd);
	return fd >= 0;
}

static bool can_connect_out(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool can = fd >= 0;
	if (fd >= 0)
		(void)close(fd);
	return can;
}

/* In a child: 0 when all is as it should be, else the number of the line. */
static int try_reading(void)
{
	static const char *const paths[] = {"/etc", "/dev/null", "/nonexistent", "", NULL};
	if (!confine_to_reading(paths))
		return __LINE__;
	if (!can_open("/etc/passwd", O_RDONLY) || !can_open("/dev/null", O_RDONLY))
		return __LINE__;
	if (can_open("/etc/passwd", O_WRONLY) || can_open("/dev/null", O_WRONLY))
		return __LINE__;
	if (can_open("/proc/self/status", O_RDONLY) || can_open("/usr", O_RDONLY) || can_open("Makefile", O_RDONLY))
		return __LINE__;
	if (can_open("/tmp/snug-test-confine", O_WRONLY | O_CREAT))
		return __LINE__;
	return can_connect_out() ? 0 : __LINE__;
}

static void who_may_only_read_some_files_reads_no_others_and_writes_none(void **state)
{
	int status;
	(void)state;
	if (!has_landlock())
		skip();
	pid_t pid = fork();
	if (pid == 0)
		_exit(try_reading());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_may_only_read_some_files_reads_no_others_and_writes_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
