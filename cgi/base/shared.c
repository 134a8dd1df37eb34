/* Shared memory between programs: a header of 64 bytes, then the content. Two programs that map a new memfd at the same
 * time write the same header over the same zeros, so no order between them is needed. */
#include "base/shared.h"

#include "base/ensure.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHARED_MAGIC = 0x534e5547 /* "SNUG" */, SHARED_HEADER_SIZE = 64 };

struct shared_header {
	_Atomic uint32_t magic; /* written last */
	uint32_t kind, version;
	uint64_t size; /* of the content */
};

_Static_assert(sizeof(struct shared_header) <= SHARED_HEADER_SIZE, "the content starts behind the header");

int shared_create(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd >= 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static enum err fail(const char *what)
{
	log_event(LOG_ERROR, "shared_memory_failed", log_text("call", what), log_text("error", strerror(errno)));
	return ERR_INTERNAL;
}

static bool fits(const struct shared_header *header, uint32_t kind, uint32_t version, size_t size)
{
	return atomic_load(&header->magic) == SHARED_MAGIC && header->kind == kind && header->version == version &&
	       header->size == size;
}

enum err shared_map(int fd, uint32_t kind, uint32_t version, size_t size, void **out)
{
	ensure(size > 0 && size <= SHARED_BYTES_MAX);
	size_t total = SHARED_HEADER_SIZE + size;
	struct stat file;
	if (fstat(fd, &file) != 0)
		return fail("fstat");
	if (file.st_size < (off_t)total && ftruncate(fd, (off_t)total) != 0)
		return fail("ftruncate");
	void *map = mmap(NULL, total, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return fail("mmap");
	struct shared_header *header = map;
	void *content = (char *)map + SHARED_HEADER_SIZE;
	bool is_empty =
	    atomic_load(&header->magic) == 0 && header->kind == 0 && header->version == 0 && header->size == 0;
	if (!fits(header, kind, version, size)) {
		if (!is_empty) {
			log_event(LOG_WARN, "shared_memory_reset", log_number("kind", kind),
				  log_number("version", version));
			memset(content, 0, size);
		}
		header->kind = kind;
		header->version = version;
		header->size = size;
		atomic_store(&header->magic, SHARED_MAGIC);
	}
	*out = content;
	return ERR_OK;
}

/* A memfd is everybody's to open at first (0777), by the descriptor's name in /proc: its owner alone reads then, and
 * nobody writes. */
int shared_open_reader(int fd)
{
	char path[64];
	if (fchmod(fd, S_IRUSR) != 0)
		return -1;
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* What lies beyond the end of a file kills who reads it, so its size comes first; it never shrinks. */
enum err shared_map_reader(int fd, uint32_t kind, uint32_t version, size_t size, const void **out)
{
	ensure(size > 0 && size <= SHARED_BYTES_MAX);
	size_t total = SHARED_HEADER_SIZE + size;
	struct stat file;
	*out = NULL;
	if (fstat(fd, &file) != 0)
		return fail("fstat");
	if (file.st_size < (off_t)total)
		return ERR_OK;
	void *map = mmap(NULL, total, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return fail("mmap");
	if (fits(map, kind, version, size))
		*out = (const char *)map + SHARED_HEADER_SIZE;
	else
		(void)munmap(map, total);
	return ERR_OK;
}
