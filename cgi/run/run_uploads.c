/* A file is emptied, not unlinked: lighttpd has it open, and its room would come back only when the connection ends.
 * The folder belongs to lighttpd's user, so a name in it is trusted for nothing: links are not followed, and only a
 * file of that user that has no other name is touched. */
#include "run/run_uploads.h"

#include "base/ensure.h"
#include "base/log.h"
#include "domain/file/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct upload {
	char name[64]; /* lighttpd's are "lighttpd-upload-XXXXXX" */
	int64_t bytes;
	int64_t born_at_s;
};

struct uploads {
	struct upload *list;
	size_t count, room;
	int64_t bytes;
};

static void add(struct uploads *all, const char *name, const struct statx *info)
{
	if (all->count == all->room) {
		all->room = all->room == 0 ? 64 : all->room * 2;
		all->list = ensure_realloc(all->list, all->room * sizeof *all->list);
	}
	struct upload *upload = &all->list[all->count++];
	memcpy(upload->name, name, strlen(name) + 1);
	upload->bytes = (int64_t)info->stx_blocks * 512;
	/* A body that trickles is written to all the time; where the file system knows no birth, that has to do. */
	upload->born_at_s = (info->stx_mask & STATX_BTIME) != 0 ? info->stx_btime.tv_sec : info->stx_mtime.tv_sec;
	all->bytes += upload->bytes;
}

static void read_all(DIR *dir, struct uploads *all)
{
	struct stat folder;
	struct dirent *entry;
	if (fstat(dirfd(dir), &folder) != 0)
		return;
	while ((entry = readdir(dir)) != NULL) {
		struct statx info;
		if (strlen(entry->d_name) >= sizeof all->list->name ||
		    statx(dirfd(dir), entry->d_name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, &info) != 0)
			continue;
		if (S_ISREG(info.stx_mode) && info.stx_nlink == 1 && info.stx_uid == folder.st_uid &&
		    info.stx_blocks > 0)
			add(all, entry->d_name, &info);
	}
}

static int older_first(const void *a, const void *b)
{
	const struct upload *x = a, *y = b;
	return (x->born_at_s > y->born_at_s) - (x->born_at_s < y->born_at_s);
}

static bool empty(int folder_fd, const char *name)
{
	int fd = openat(folder_fd, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool is_empty = fd >= 0 && ftruncate(fd, 0) == 0;
	if (fd >= 0)
		(void)close(fd);
	return is_empty;
}

int64_t run_uploads_max_bytes(const struct config *config)
{
	enum { LARGEST_AT_ONCE = 5 };
	return file_body_max_bytes(config) * LARGEST_AT_ONCE;
}

int64_t run_uploads_trim(const char *folder, int64_t max_bytes)
{
	struct uploads all = {0};
	int64_t freed = 0;
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (dir == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return 0;
	}
	read_all(dir, &all);
	if (all.list != NULL && all.bytes > max_bytes) {
		qsort(all.list, all.count, sizeof *all.list, older_first);
		for (size_t i = 0; i < all.count && all.bytes - freed > max_bytes / 2; i++)
			freed += empty(dirfd(dir), all.list[i].name) ? all.list[i].bytes : 0;
		log_event(LOG_WARN, "uploads_trimmed", log_number("freed_bytes", freed),
			  log_number("of_bytes", all.bytes));
	}
	free(all.list);
	(void)closedir(dir);
	return freed;
}
