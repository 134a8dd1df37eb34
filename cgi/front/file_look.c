#include "front/file_look.h"

#include "base/log.h"
#include "front/ask_worker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TRIES = 5, PAUSE_US = 300 * 1000, COPY_BYTES = 32 * 1024, HEAD_MAX_BYTES = 256 };

static const char unknown_type[] = "application/octet-stream";

/* The first line of the answer: "type width height 1", the last saying that the file without metadata follows. */
struct looked {
	char type[FILE_TYPE_MAX + 1];
	long width, height;
	bool has_content;
	off_t content_at;
};

static bool is_type(const char *type)
{
	return strchr(type, '/') != NULL && strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789/.+-_") == strlen(type);
}

static bool read_head(int memory, struct looked *out)
{
	char head[HEAD_MAX_BYTES + 1], *end, *at;
	ssize_t n = pread(memory, head, HEAD_MAX_BYTES, 0);
	if (n <= 0)
		return false;
	head[n] = '\0';
	if ((end = strchr(head, '\n')) == NULL || (at = strchr(head, ' ')) == NULL || at > end ||
	    at - head > FILE_TYPE_MAX)
		return false;
	*end = '\0';
	*at = '\0';
	memcpy(out->type, head, (size_t)(at - head) + 1);
	out->width = strtol(at + 1, &at, 10);
	out->height = strtol(at, &at, 10);
	out->has_content = strtol(at, &at, 10) == 1;
	out->content_at = end - head + 1;
	return *at == '\0' && is_type(out->type) && out->width >= 0 && out->height >= 0;
}

static enum err copy_content(int memory, off_t at, struct incoming *to)
{
	char bytes[COPY_BYTES];
	for (;;) {
		ssize_t n = pread(memory, bytes, sizeof(bytes), at);
		if (n < 0)
			return ERR_INTERNAL;
		if (n == 0)
			return incoming_finish(to);
		TRY(incoming_write(to, bytes, (size_t)n));
		at += n;
	}
}

/* The file without metadata takes the place of the one that came. */
static enum err replace(struct file_upload *file, int memory, off_t at)
{
	struct incoming plain;
	TRY(incoming_open(&plain));
	enum err err = copy_content(memory, at, &plain);
	if (err != ERR_OK || plain.size == 0) {
		incoming_drop(&plain);
		return err;
	}
	incoming_drop(&file->incoming);
	file->incoming = plain;
	return ERR_OK;
}

static enum err take(struct request *request, struct file_upload *file, int memory)
{
	struct looked looked = {0};
	if (memory < 0 || !read_head(memory, &looked)) {
		log_event(LOG_ERROR, "file_look_malformed", log_number("size", file->incoming.size));
		return ERR_OK;
	}
	file->type = arena_strdup(request->arena, looked.type);
	file->width = looked.width;
	file->height = looked.height;
	return looked.has_content ? replace(file, memory, looked.content_at) : ERR_OK;
}

/* The child gets a descriptor that only reads. */
static int open_again(const struct incoming *incoming)
{
	char path[FILE_PATH_SIZE];
	file_incoming_path(incoming->token, path);
	return open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
}

enum err file_look(struct request *request, struct file_upload *file)
{
	int memory = -1, fd;
	enum err err = ERR_OVERLOADED;
	file->type = file->incoming.size == 0 ? "text/plain" : unknown_type;
	if (file->incoming.size == 0)
		return ERR_OK;
	if ((fd = open_again(&file->incoming)) < 0)
		return ERR_INTERNAL;
	for (int i = 0; i < TRIES && err == ERR_OVERLOADED; i++) {
		if (i > 0)
			(void)usleep(PAUSE_US);
		err = ask_worker(request->app, "look", fd, &memory);
	}
	(void)close(fd);
	if (err == ERR_OK)
		err = take(request, file, memory);
	else if (err != ERR_OVERLOADED)
		err = ERR_OK; /* it was too much for the child, or killed it */
	if (memory >= 0)
		(void)close(memory);
	return err;
}
