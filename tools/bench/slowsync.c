/* A library to preload: makes flushes slow, counts them, and makes them fail. SQLite calls fdatasync and not fsync, so
 * it hooks both.
 *
 *   LD_PRELOAD=…/slowsync.so SLOWSYNC_FILE=FILE snug-store
 *
 * FILE is a struct slowsync (20 bytes at least), mapped by every process that flushes, so that a test steers it while
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
	_Atomic uint32_t spent_us; /* in all flushes, the delay included */
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

static uint32_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint32_t)((uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000);
}

static int flush(const char *name, int fd)
{
	uint32_t started_us = now_us();
	if (delay()) {
		errno = (int)atomic_load(&control->error);
		return -1;
	}
	union {
		void *address;
		flush_function *call;
	} real = {.address = dlsym(RTLD_NEXT, name)};
	int status = real.call(fd);
	if (control)
		atomic_fetch_add(&control->spent_us, now_us() - started_us);
	return status;
}

int fsync(int fd)
{
	return flush("fsync", fd);
}
int fdatasync(int fd)
{
	return flush("fdatasync", fd);
}
