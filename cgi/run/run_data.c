/* As root the folder belongs to the store's user, who could put links into it: what root opens there is opened without
 * following links and its owner is looked at. run/ belongs to root, and nobody else may write to it. */
#include "run/run_data.h"

#include "base/clock.h"
#include "base/log.h"
#include "run/run_refuse.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { LOCK_PATIENCE_MS = 1000, LOCK_RETRY_US = 20000, ROOM_FEW_BYTES = 4 * 1024 * 1024 };

static const char lock_name[] = "run.lock";

/* What a person may have put into a new folder: a configuration, and the file of a backup to go on from. */
static bool is_welcome(const char *name)
{
	static const char *const names[] = {".", "..", "snug.conf", "snug.db", "lost+found"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* A folder is Snug's when it has the lock file, and may become so when nothing strange is in it. */
static enum err check_content(const char *path)
{
	struct stat lock;
	if (fstatat(AT_FDCWD, lock_name, &lock, AT_SYMLINK_NOFOLLOW) == 0)
		return ERR_OK;
	DIR *folder = opendir(".");
	if (!folder)
		return run_refuse("the data folder %s cannot be read: %s", path, strerror(errno));
	const char *stranger = NULL;
	for (struct dirent *entry; !stranger && (entry = readdir(folder)) != NULL;)
		if (!is_welcome(entry->d_name))
			stranger = entry->d_name;
	enum err err = ERR_OK;
	if (stranger)
		err =
		    run_refuse("the data folder %s holds %s and was never used by Snug: name an empty or a new folder",
			       path, stranger);
	closedir(folder);
	return err;
}

enum err run_data_enter(const char *path, struct run_data *out)
{
	*out = (struct run_data){.lock_fd = -1, .run_fd = -1};
	if (mkdir(path, 0750) != 0 && errno != EEXIST)
		return run_refuse("the data folder %s cannot be made: %s", path, strerror(errno));
	if (!realpath(path, out->path) || chdir(path) != 0)
		return run_refuse("the data folder %s cannot be entered: %s%s", path, strerror(errno),
				  errno == EACCES && geteuid() != 0
				      ? " (it was run as root before, or belongs to somebody else)"
				      : "");
	return check_content(out->path);
}

static int open_lock(int flags)
{
	return open(lock_name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
}

bool run_data_is_locked(void)
{
	int fd = open_lock(0);
	if (fd < 0)
		return false;
	bool is_locked = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	close(fd);
	return is_locked;
}

enum err run_data_lock(struct run_data *data)
{
	int fd = open_lock(O_CREAT);
	if (fd < 0)
		return run_refuse("%s/%s cannot be opened: %s%s", data->path, lock_name, strerror(errno),
				  errno == EACCES ? " (it was run as another user before)" : "");
	int64_t until = clock_monotonic_ms() + LOCK_PATIENCE_MS;
	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if ((errno != EWOULDBLOCK && errno != EINTR) || clock_monotonic_ms() >= until) {
			enum err err = errno == EWOULDBLOCK
					   ? run_refuse("Snug runs on %s already", data->path)
					   : run_refuse("%s cannot be locked: %s", data->path, strerror(errno));
			close(fd);
			return err;
		}
		usleep(LOCK_RETRY_US);
	}
	data->lock_fd = fd;
	return ERR_OK;
}

/* Sockets of an earlier run would be refused by bind; everything else in run/ is replaced by whoever makes it. */
static void remove_sockets(int run_fd)
{
	int fd = dup(run_fd);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	if (!folder)
		return;
	rewinddir(folder);
	struct stat file;
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
		if (fstatat(run_fd, entry->d_name, &file, AT_SYMLINK_NOFOLLOW) == 0 && S_ISSOCK(file.st_mode))
			(void)unlinkat(run_fd, entry->d_name, 0);
	closedir(folder);
}

static enum err open_run(struct run_data *data)
{
	if (mkdir("run", 0755) != 0 && errno != EEXIST)
		return run_refuse("%s/run cannot be made: %s", data->path, strerror(errno));
	data->run_fd = open("run", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat folder;
	if (data->run_fd < 0 || fstat(data->run_fd, &folder) != 0 || folder.st_uid != geteuid())
		return run_refuse("%s/run is not a folder of this user: remove it", data->path);
	if (fchmod(data->run_fd, 0755) != 0)
		return run_refuse("%s/run: %s", data->path, strerror(errno));
	remove_sockets(data->run_fd);
	return ERR_OK;
}

/* A database of root's was put there by root, who restores a backup, since no program of Snug runs as root. With a
 * second name it would be some other file that the store's user linked. */
static void give_restored(const struct run_owners *owners)
{
	static const char *const names[] = {"snug.db", "snug.db-wal", "snug.db-shm"};
	for (size_t i = 0; owners->is_root && i < sizeof names / sizeof names[0]; i++) {
		struct stat file;
		int fd = open(names[i], O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		if (fd < 0)
			continue;
		if (fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && file.st_uid == 0 && file.st_nlink == 1)
			(void)!fchown(fd, owners->uids[RUN_OWNER_STORE], owners->gids[RUN_OWNER_STORE]);
		close(fd);
	}
}

/* Who owns the database tells who ran Snug here before. */
static enum err check_owner(const struct run_data *data, const struct run_owners *owners)
{
	struct stat file;
	if (fstatat(AT_FDCWD, "snug.db", &file, AT_SYMLINK_NOFOLLOW) != 0)
		return ERR_OK;
	uid_t wanted = owners->uids[RUN_OWNER_STORE];
	if (file.st_uid == wanted)
		return ERR_OK;
	const char *path = data->path;
	unsigned was = (unsigned)file.st_uid;
	unsigned group = (unsigned)owners->gids[RUN_OWNER_STORE];
	if (owners->is_root)
		return run_refuse("%s was run by user %u and not as root. Run Snug as that user; or, to go on as root: "
				  "chown -R %u:%u %s; chown -f root %s/secrets %s/snug.conf; rm -r %s/run %s/run.lock",
				  path, was, (unsigned)wanted, group, path, path, path, path, path);
	return run_refuse(
	    "%s was run as root, or by user %u. Run Snug like that again; or, to go on as yourself, as root: "
	    "chown -R %u:%u %s",
	    path, was, (unsigned)wanted, group, path);
}

enum err run_data_own(struct run_data *data, const struct run_owners *owners)
{
	give_restored(owners);
	TRY(check_owner(data, owners));
	if (owners->is_root && chown(".", owners->uids[RUN_OWNER_STORE], owners->gids[RUN_OWNER_STORE]) != 0)
		return run_refuse("%s cannot be given to user %u: %s", data->path,
				  (unsigned)owners->uids[RUN_OWNER_STORE], strerror(errno));
	if (chmod(".", owners->is_root ? 0750 : 0700) != 0)
		return run_refuse("%s: %s", data->path, strerror(errno));
	return open_run(data);
}

int64_t run_data_free_bytes(void)
{
	struct statvfs info;
	if (statvfs(".", &info) != 0 || info.f_blocks == 0)
		return -1;
	return (int64_t)info.f_bavail * (int64_t)info.f_frsize;
}

void run_data_make_room(void)
{
	int64_t room = run_data_free_bytes();
	if (room >= 0 && room < ROOM_FEW_BYTES && unlink("ballast") == 0)
		log_event(LOG_ERROR, "disk_full", log_number("free_bytes", room));
}

enum err run_data_read(const char *name, size_t size_max, struct buf *out)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return ERR_NOT_FOUND;
	struct stat file;
	enum err err = ERR_OK;
	if (fd < 0 || fstat(fd, &file) != 0)
		err = run_refuse("%s cannot be read: %s", name, strerror(errno));
	else if (!S_ISREG(file.st_mode) || (file.st_uid != geteuid() && file.st_uid != 0))
		err = run_refuse("%s is not a file of this user", name);
	else if ((size_t)file.st_size > size_max)
		err = run_refuse("%s has more than %zu bytes", name, size_max);
	char bytes[4096];
	for (ssize_t n; err == ERR_OK && (n = read(fd, bytes, sizeof bytes)) != 0;) {
		if (n < 0 || out->n + (size_t)n > size_max)
			err = run_refuse("%s cannot be read", name);
		else
			buf_put(out, bytes, (size_t)n);
	}
	if (fd >= 0)
		close(fd);
	return err;
}

static bool write_all(int fd, const char *text, size_t n)
{
	while (n > 0) {
		ssize_t written = write(fd, text, n);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		text += written;
		n -= (size_t)written;
	}
	return true;
}

enum err run_data_replace(const char *name, const char *text, size_t n)
{
	char temporary[64];
	(void)snprintf(temporary, sizeof temporary, "%s.new", name);
	(void)unlink(temporary);
	int folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool is_good = folder >= 0 && fd >= 0 && write_all(fd, text, n) && fsync(fd) == 0 &&
		       rename(temporary, name) == 0 && fsync(folder) == 0;
	int error = errno;
	if (fd >= 0)
		close(fd);
	if (folder >= 0)
		close(folder);
	return is_good ? ERR_OK : run_refuse("%s cannot be written in the data folder: %s", name, strerror(error));
}
