/* Moving a file to its place by rename, which is one step: at no moment is half a file there. Names in files/incoming
 * are random, so no two uploads meet; who receives one ends its writing before the store is told. */
#include "domain/file/file_disk.h"

#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_MODE_AT_FIRST = 0700, FOLDER_MODE = 0751, PATH_FOLDER_BYTES = sizeof("files/ab") - 1 };

/* Whether it is a plain file of that size; links are not followed. */
static bool is_there(const char *path, int64_t size)
{
	struct stat info;
	return lstat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_size == size;
}

static bool sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	bool is_synced = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		(void)close(fd);
	return is_synced;
}

/* Its mode is for lighttpd, which finds a file by its name and lists none. The mode comes last, so that a folder which
 * has it is finished: whoever made it may have been killed in the middle. */
static bool make_folder(const char *path)
{
	struct stat info;
	if (mkdir(path, FOLDER_MODE_AT_FIRST) != 0 && errno != EEXIST)
		return false;
	if (lstat(path, &info) != 0)
		return false;
	if ((info.st_mode & ALLPERMS) == FOLDER_MODE)
		return true;
	return sync_folder("files") && chmod(path, FOLDER_MODE) == 0;
}

static enum err fail(const char *path)
{
	int error = errno;
	log_event(LOG_ERROR, "file_not_placed", log_text("path", path), log_text("error", strerror(error)));
	return error == ENOSPC || error == EDQUOT || error == EIO || error == EROFS ? ERR_STORAGE_FULL : ERR_INTERNAL;
}

enum err file_disk_place(const char *token, const char *path, int64_t size)
{
	char incoming[FILE_PATH_SIZE], folder[PATH_FOLDER_BYTES + 1];
	file_incoming_path(token, incoming);
	(void)snprintf(folder, sizeof(folder), "%.*s", (int)PATH_FOLDER_BYTES, path);
	if (is_there(path, size)) {
		(void)unlink(incoming);
		/* It may be here by an operation whose folder was not synced any more. */
		return sync_folder(folder) ? ERR_OK : fail(path);
	}
	if (!is_there(incoming, size))
		return ERR_UPLOAD_LOST;
	if (!make_folder(folder) || rename(incoming, path) != 0 || !sync_folder(folder))
		return fail(path);
	return ERR_OK;
}

int64_t file_disk_webp_size(const char *path)
{
	char head[16];
	struct stat info;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -1;
	bool is_webp = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= FILE_THUMBNAIL_MAX_BYTES &&
		       read(fd, head, sizeof(head)) == (ssize_t)sizeof(head) && memcmp(head, "RIFF", 4) == 0 &&
		       memcmp(head + 8, "WEBPVP8", 7) == 0;
	(void)close(fd);
	return is_webp ? info.st_size : -1;
}

void file_disk_remove_content(const char *hash)
{
	char path[FILE_PATH_SIZE];
	file_path(hash, path);
	(void)unlink(path);
}

void file_disk_remove(const char *hash)
{
	char path[FILE_PATH_SIZE];
	file_disk_remove_content(hash);
	file_thumbnail_path(hash, path);
	(void)unlink(path);
}

void file_disk_remove_incoming(const char *token)
{
	char path[FILE_PATH_SIZE];
	file_incoming_path(token, path);
	(void)unlink(path);
}

static bool is_old(int folder_fd, const char *name, int64_t before_ms)
{
	struct stat info;
	return fstatat(folder_fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISDIR(info.st_mode) &&
	       (int64_t)info.st_ctim.tv_sec * 1000 < before_ms && (int64_t)info.st_mtim.tv_sec * 1000 < before_ms;
}

int file_disk_list_old(int folder, int64_t before_ms, char out[][FILE_DISK_ENTRY_SIZE], int max)
{
	char path[FILE_PATH_SIZE];
	int count = 0;
	(void)snprintf(path, sizeof(path), "files/%02x", (unsigned)folder & 0xff);
	DIR *dir = opendir(path);
	if (dir == NULL)
		return 0;
	for (struct dirent *entry; count < max && (entry = readdir(dir)) != NULL;) {
		size_t n = strlen(entry->d_name);
		if (n < FILE_DISK_ENTRY_SIZE && is_old(dirfd(dir), entry->d_name, before_ms))
			memcpy(out[count++], entry->d_name, n + 1);
	}
	(void)closedir(dir);
	return count;
}

void file_disk_sweep_incoming(int64_t before_ms)
{
	DIR *dir = opendir("files/incoming");
	if (dir == NULL)
		return;
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		if (is_old(dirfd(dir), entry->d_name, before_ms))
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	}
	(void)closedir(dir);
}
