#include "store/storage.h"

#include "base/log.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const char ballast_path[] = "ballast";

/* Bytes that this user may still take; negative when the file system does not say. */
static int64_t free_bytes(void)
{
	struct statvfs info;
	if (statvfs(".", &info) != 0 || info.f_blocks == 0)
		return -1;
	return (int64_t)info.f_bavail * (int64_t)info.f_frsize;
}

void storage_restore(struct storage *storage)
{
	if (storage->has_ballast || storage->ballast_bytes == 0 || storage->is_low)
		return;
	if (free_bytes() < 2 * storage->ballast_bytes + STORAGE_RESERVE_BYTES)
		return;
	int fd = open(ballast_path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return;
	storage->has_ballast = posix_fallocate(fd, 0, storage->ballast_bytes) == 0;
	(void)close(fd);
	if (!storage->has_ballast)
		(void)unlink(ballast_path);
}

void storage_open(struct storage *storage, int64_t ballast_bytes)
{
	*storage = (struct storage){.ballast_bytes = ballast_bytes};
	storage->is_watched = free_bytes() >= 0;
	storage->has_ballast = access(ballast_path, F_OK) == 0;
	if (storage->has_ballast && ballast_bytes == 0)
		storage->has_ballast = unlink(ballast_path) != 0;
	storage_restore(storage);
}

bool storage_is_low(struct storage *storage)
{
	if (!storage->is_watched)
		return false;
	int64_t room = free_bytes();
	if (room < 0)
		return storage->is_low;
	/* What giving up the ballast freed is not for writing. */
	int64_t owed = storage->has_ballast ? 0 : storage->ballast_bytes;
	bool is_low = storage->is_low ? room < STORAGE_RESERVE_BYTES + owed : room < STORAGE_RESERVE_BYTES;
	if (is_low == storage->is_low)
		return is_low;
	storage->is_low = is_low;
	log_event(is_low ? LOG_ERROR : LOG_INFO, is_low ? "disk_full" : "disk_has_room",
		  log_number("free_bytes", room));
	if (is_low && storage->has_ballast && unlink(ballast_path) == 0)
		storage->has_ballast = false;
	return is_low;
}
