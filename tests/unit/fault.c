#include "fault.h"

#include "base/ensure.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What a write that was not flushed yet has overwritten. */
struct undo {
	int fd;
	off_t offset, size_before;
	size_t n;
	char *bytes;
};

enum { UNDOS_MAX = 4096 };

static struct {
	bool is_armed, lasts;
	enum fault_kind kind;
	int at, calls;
	unsigned seed;
	struct undo undos[UNDOS_MAX];
	int undo_count;
} fault;

void fault_arm(enum fault_kind kind, int at, bool lasts)
{
	fault.is_armed = true;
	fault.lasts = lasts;
	fault.kind = kind;
	fault.at = at;
	fault.calls = 0;
}

int fault_disarm(void)
{
	fault.is_armed = false;
	return fault.calls;
}

void fault_seed(unsigned seed)
{
	fault.seed = seed;
}

static off_t size_of(int fd)
{
	struct stat info;

	return syscall(SYS_fstat, fd, &info) == 0 ? info.st_size : 0;
}

static bool is_file(int fd)
{
	struct stat info;

	return fd != STDERR_FILENO && syscall(SYS_fstat, fd, &info) == 0 && S_ISREG(info.st_mode);
}

static ssize_t write_at(int fd, const void *bytes, size_t n, off_t offset)
{
	return syscall(SYS_pwrite64, fd, bytes, n, offset);
}

/* Keeps what stands there now, to be able to lose the write. */
static void remember(int fd, size_t n, off_t offset)
{
	if (!fault.is_armed || fault.kind != FAULT_POWER)
		return;
	ensure(fault.undo_count < UNDOS_MAX);
	struct undo *undo = &fault.undos[fault.undo_count++];
	*undo = (struct undo){.fd = fd, .offset = offset, .size_before = size_of(fd), .bytes = ensure_calloc(1, n)};
	long got = syscall(SYS_pread64, fd, undo->bytes, n, offset);
	undo->n = got > 0 ? (size_t)got : 0;
}

static void forget(int fd)
{
	int kept = 0;

	for (int i = 0; i < fault.undo_count; i++) {
		if (fault.undos[i].fd == fd)
			free(fault.undos[i].bytes);
		else
			fault.undos[kept++] = fault.undos[i];
	}
	fault.undo_count = kept;
}

static unsigned next_random(void)
{
	fault.seed = fault.seed * 1103515245u + 12345u;
	return fault.seed >> 16;
}

/* Seed 0 loses all that was not flushed; others lose about half of it, and the end of a file may be missing or zero. */
static _Noreturn void lose_power(void)
{
	bool loses_all = fault.seed == 0;

	for (int i = fault.undo_count - 1; i >= 0; i--) {
		const struct undo *undo = &fault.undos[i];
		size_t torn = loses_all || undo->n == 0 || next_random() % 4 > 0 ? 0 : undo->n / 2;

		if (!loses_all && next_random() % 2 == 0)
			continue;
		(void)write_at(undo->fd, undo->bytes + torn, undo->n - torn, undo->offset + (off_t)torn);
		if (size_of(undo->fd) > undo->size_before && (loses_all || next_random() % 2 == 0))
			(void)syscall(SYS_ftruncate, undo->fd, undo->size_before);
	}
	_exit(FAULT_EXIT_STATUS);
}

/* Counts a call and says whether it is to go wrong. */
static bool is_due(int fd)
{
	if (!fault.is_armed || !is_file(fd))
		return false;
	fault.calls++;
	return fault.calls == fault.at || (fault.calls > fault.at && (fault.lasts || fault.kind == FAULT_SHORT) &&
					   (fault.lasts || fault.calls == fault.at + 1));
}

static ssize_t fail(int code)
{
	errno = code;
	return -1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t offset)
{
	if (!is_due(fd)) {
		if (is_file(fd))
			remember(fd, n, offset);
		return write_at(fd, bytes, n, offset);
	}
	switch (fault.kind) {
	case FAULT_SHORT:
		return fault.calls == fault.at && n > 1 ? write_at(fd, bytes, n / 2, offset) : fail(ENOSPC);
	case FAULT_KILL:
		(void)write_at(fd, bytes, n / 2, offset);
		_exit(FAULT_EXIT_STATUS);
	case FAULT_POWER:
		lose_power();
	case FAULT_IO:
		return fail(EIO);
	default:
		return fail(ENOSPC);
	}
}

ssize_t write(int fd, const void *bytes, size_t n)
{
	if (!is_due(fd))
		return syscall(SYS_write, fd, bytes, n);
	if (fault.kind == FAULT_KILL)
		_exit(FAULT_EXIT_STATUS);
	if (fault.kind == FAULT_POWER)
		lose_power();
	return fail(fault.kind == FAULT_IO ? EIO : ENOSPC);
}

static int flush_or_fail(int fd, long call)
{
	if (!is_due(fd)) {
		if (fault.is_armed)
			forget(fd);
		return (int)syscall(call, fd);
	}
	if (fault.kind == FAULT_KILL)
		_exit(FAULT_EXIT_STATUS);
	if (fault.kind == FAULT_POWER)
		lose_power();
	return (int)fail(EIO);
}

int fdatasync(int fd)
{
	return flush_or_fail(fd, SYS_fdatasync);
}

int fsync(int fd)
{
	return flush_or_fail(fd, SYS_fsync);
}

int ftruncate64(int fd, off64_t size)
{
	if (!is_due(fd))
		return (int)syscall(SYS_ftruncate, fd, size);
	if (fault.kind == FAULT_KILL)
		_exit(FAULT_EXIT_STATUS);
	if (fault.kind == FAULT_POWER)
		lose_power();
	return (int)fail(EIO);
}
