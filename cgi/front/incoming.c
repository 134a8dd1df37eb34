#include "front/incoming.h"

#include "base/log.h"
#include "crypto/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* lighttpd sends the file by its name; its user is in no group of ours. The data folder lets nobody else in. */
enum { FILE_MODE = 0644 };

static enum err fail(const char *what)
{
	int error = errno;
	bool is_full = error == ENOSPC || error == EDQUOT || error == EFBIG || error == EIO || error == EROFS;
	log_event(LOG_ERROR, "upload_not_written", log_text("what", what), log_text("error", strerror(error)));
	return is_full ? ERR_STORAGE_FULL : ERR_INTERNAL;
}

enum err incoming_open(struct incoming *incoming)
{
	char path[FILE_PATH_SIZE];
	*incoming = (struct incoming){.fd = -1};
	secret_code(incoming->token, FILE_TOKEN_SIZE - 1, "0123456789abcdef");
	file_incoming_path(incoming->token, path);
	stream_hash_begin(&incoming->state);
	incoming->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return incoming->fd >= 0 ? ERR_OK : fail("open");
}

enum err incoming_write(struct incoming *incoming, const void *bytes, size_t n)
{
	const char *p = bytes;
	stream_hash_add(&incoming->state, bytes, n);
	incoming->size += (int64_t)n;
	while (n > 0) {
		ssize_t written = write(incoming->fd, p, n);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return fail("write");
		p += written;
		n -= (size_t)written;
	}
	return ERR_OK;
}

enum err incoming_finish(struct incoming *incoming)
{
	stream_hash_end(&incoming->state, incoming->hash);
	if (fchmod(incoming->fd, FILE_MODE) != 0 || fsync(incoming->fd) != 0 || lseek(incoming->fd, 0, SEEK_SET) != 0)
		return fail("finish");
	return ERR_OK;
}

void incoming_close(struct incoming *incoming)
{
	if (incoming->fd >= 0)
		(void)close(incoming->fd);
	incoming->fd = -1;
}

void incoming_drop(struct incoming *incoming)
{
	char path[FILE_PATH_SIZE];
	incoming_close(incoming);
	file_incoming_path(incoming->token, path);
	(void)unlink(path);
}
