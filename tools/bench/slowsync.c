/* A library to preload: makes flushes slow, counts them, and makes them fail. SQLite calls fdatasync and not fsync, so
 * it hooks both.
 *
 *   LD_PRELOAD=…/slowsync.so SLOWSYNC_FILE=FILE snug-store
 *
 * FILE is a struct slowsync (16 bytes at least), mapped by every process that flushes, so that a test steers it while
 * the program runs. Without the variable, or the file, nothing changes. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct slowsync {
	_Atomic uint32_t delay_us; /* added to every flush */
	_Atomic uint32_t flushes;  /* counted up */
	_Atomic uint32_t fail;     /* how many of the next flushes fail */
	_Atomic uint32_t error;    /* with which errno */
};

static struct slowsync *control;

__attribute__((constructor)) static void open_control(void)
{
	const char *path = getenv("SLOWSYNC_FILE");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	if (fd < 0)
		return;
	void *memory = mmap(NULL, sizeof(struct slowsync), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (memory != MAP_FAILED)
		control = memory;
}

/* Whether this flush is to fail. */
static int delay(void)
{
	if (!control)
		return 0;
	atomic_fetch_add(&control->flushes, 1);
	uint32_t us = atomic_load(&control->delay_us);
	struct timespec left = {.tv_sec = us / 1000000, .tv_nsec = (long)(us % 1000000) * 1000};
	while (us && nanosleep(&left, &left) != 0 && errno == EINTR)
		continue;
	for (uint32_t n = atomic_load(&control->fail); n > 0;)
		if (atomic_compare_exchange_weak(&control->fail, &n, n - 1))
			return 1;
	return 0;
}

typedef int flush_function(int fd);

static int flush(const char *name, int fd)
{
	if (delay()) {
		errno = (int)atomic_load(&control->error);
		return -1;
	}
	union {
		void *address;
		flush_function *call;
	} real = {.address = dlsym(RTLD_NEXT, name)};
	return real.call(fd);
}

int fsync(int fd)
{
	return flush("fsync", fd);
}
int fdatasync(int fd)
{
	return flush("fdatasync", fd);
}
