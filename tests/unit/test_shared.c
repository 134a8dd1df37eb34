/* Memory that programs share. */
#include "base/log.h"
#include "base/shared.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SIZE = 100000 };

static unsigned char *map(int fd, uint32_t kind, uint32_t version, size_t size)
{
	void *out = NULL;
	assert_int_equal(shared_map(fd, kind, version, size, &out), ERR_OK);
	assert_int_equal((uintptr_t)out % 64, 0);
	return out;
}

static bool is_zero(const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

static void what_one_writes_the_next_finds(void **state)
{
	(void)state;
	int fd = shared_create("test");
	unsigned char *first = map(fd, SHARED_LIMITS, 1, SIZE);
	assert_true(is_zero(first, SIZE));
	memset(first, 7, SIZE);
	pid_t child = fork();
	if (child == 0) {
		void *seen;
		_exit(shared_map(fd, SHARED_LIMITS, 1, SIZE, &seen) == ERR_OK && memcmp(seen, first, SIZE) == 0 ? 0
														: 1);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(fd);
}

static void another_kind_version_or_size_starts_empty(void **state)
{
	static const struct {
		uint32_t kind, version;
		size_t size;
	} rows[] = {{SHARED_METRICS, 1, SIZE},
		    {SHARED_LIMITS, 2, SIZE},
		    {SHARED_LIMITS, 1, SIZE / 2},
		    {SHARED_LIMITS, 1, SIZE * 2}};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int fd = shared_create("test");
		memset(map(fd, SHARED_LIMITS, 1, SIZE), 7, SIZE);
		assert_true(is_zero(map(fd, rows[i].kind, rows[i].version, rows[i].size), rows[i].size));
		close(fd);
	}
}

static void a_bad_header_starts_empty(void **state)
{
	(void)state;
	for (off_t at = 0; at < 24; at++) {
		int fd = shared_create("test");
		memset(map(fd, SHARED_LIMITS, 1, SIZE), 7, SIZE);
		unsigned char byte;
		assert_int_equal(pread(fd, &byte, 1, at), 1);
		byte ^= 0x20;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		unsigned char *again = map(fd, SHARED_LIMITS, 1, SIZE);
		/* Bytes 12 to 15 are padding. */
		assert_int_equal(is_zero(again, SIZE), at < 12 || at >= 16);
		close(fd);
	}
}

static void it_never_shrinks_under_anybody(void **state)
{
	(void)state;
	int fd = shared_create("test");
	unsigned char *bytes = map(fd, SHARED_LIMITS, 1, SIZE);
	assert_int_equal(ftruncate(fd, 0), -1);
	bytes[SIZE - 1] = 1;
	close(fd);
}

static void what_is_no_memory_is_an_error(void **state)
{
	void *out;
	(void)state;
	int pipe_fds[2];
	assert_int_equal(pipe(pipe_fds), 0);
	assert_int_equal(shared_map(pipe_fds[0], SHARED_LIMITS, 1, SIZE, &out), ERR_INTERNAL);
	assert_int_equal(shared_map(-1, SHARED_LIMITS, 1, SIZE, &out), ERR_INTERNAL);
	const void *seen;
	assert_int_equal(shared_map_reader(-1, SHARED_LIMITS, 1, SIZE, &seen), ERR_INTERNAL);
	assert_int_equal(shared_open_reader(-1), -1);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
}

static const unsigned char *map_reader(int fd, uint32_t version)
{
	const void *out = "";
	assert_int_equal(shared_map_reader(fd, SHARED_LIMITS, version, SIZE, &out), ERR_OK);
	return out;
}

static void a_reader_sees_what_is_written_as_soon_as_somebody_has_mapped_it(void **state)
{
	(void)state;
	int fd = shared_create("test"), reader_fd = shared_open_reader(fd);
	assert_true(reader_fd >= 0);
	assert_null(map_reader(reader_fd, 1)); /* empty: nothing lies behind its end */
	assert_int_equal(ftruncate(fd, 64 + SIZE), 0);
	assert_null(map_reader(reader_fd, 1));
	unsigned char *bytes = map(fd, SHARED_LIMITS, 1, SIZE);
	assert_null(map_reader(reader_fd, 2));
	const unsigned char *seen = map_reader(reader_fd, 1);
	assert_true(is_zero(seen, SIZE));
	bytes[SIZE - 1] = 7;
	assert_int_equal(seen[SIZE - 1], 7);
	close(fd);
	close(reader_fd);
}

/* Every way in that a program has which was handed a reader's descriptor and runs as another user. */
static bool can_write(int fd)
{
	char path[64];
	unsigned char byte = 1;
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (mmap(NULL, 64 + SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) != MAP_FAILED)
		return true;
	void *seen = mmap(NULL, 64 + SIZE, PROT_READ, MAP_SHARED, fd, 0);
	if (seen == MAP_FAILED || mprotect(seen, 64 + SIZE, PROT_READ | PROT_WRITE) == 0)
		return true;
	return pwrite(fd, &byte, 1, 0) >= 0 || ftruncate(fd, 2 * (64 + SIZE)) == 0 || fallocate(fd, 0, 0, 1) == 0 ||
	       fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) == 0 || open(path, O_RDWR) >= 0 || open(path, O_WRONLY) >= 0 ||
	       open(path, O_RDONLY | O_TRUNC) >= 0 || (geteuid() != 0 && fchmod(fd, 0777) == 0);
}

static void a_reader_cannot_write(void **state)
{
	enum { NOBODY = 65534 };
	(void)state;
	int fd = shared_create("test"), reader_fd = shared_open_reader(fd), status;
	unsigned char *bytes = map(fd, SHARED_LIMITS, 1, SIZE);
	memset(bytes, 7, SIZE);
	if (geteuid() != 0)
		skip(); /* the user who made it can do anything with it */
	pid_t child = fork();
	if (child == 0) {
		close(fd);
		bool is_nobody = setgid(NOBODY) == 0 && setuid(NOBODY) == 0;
		/* As after exec, when /proc/self is one's own again. */
		_exit(!is_nobody || prctl(PR_SET_DUMPABLE, 1) != 0 || can_write(reader_fd) ? 1 : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(bytes[0], 7);
	close(fd);
	close(reader_fd);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_one_writes_the_next_finds),
	    cmocka_unit_test(another_kind_version_or_size_starts_empty),
	    cmocka_unit_test(a_bad_header_starts_empty),
	    cmocka_unit_test(it_never_shrinks_under_anybody),
	    cmocka_unit_test(what_is_no_memory_is_an_error),
	    cmocka_unit_test(a_reader_sees_what_is_written_as_soon_as_somebody_has_mapped_it),
	    cmocka_unit_test(a_reader_cannot_write),
	};

	log_open("test_shared", LOG_ERROR + 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
