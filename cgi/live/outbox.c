/* The queue of a connection's output. Many chunks go out by one system call. */
#include "live/outbox.h"

#include "base/ensure.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum { CAPACITY_MIN = 4, PIECES_MAX = 64 };

void outbox_init(struct outbox *outbox)
{
	*outbox = (struct outbox){0};
}

static struct chunk **place(const struct outbox *outbox, uint32_t i)
{
	return &outbox->queue[(outbox->first + i) & (outbox->capacity - 1)];
}

void outbox_free(struct outbox *outbox)
{
	for (uint32_t i = 0; i < outbox->count; i++)
		chunk_drop(*place(outbox, i));
	free(outbox->queue);
	outbox_init(outbox);
}

bool outbox_has_room(const struct outbox *outbox)
{
	return outbox->bytes < OUTBOX_SOFT_BYTES;
}

static void grow(struct outbox *outbox)
{
	uint32_t capacity = outbox->capacity == 0 ? CAPACITY_MIN : outbox->capacity * 2;
	struct chunk **queue = ensure_malloc(capacity * sizeof(*queue));
	for (uint32_t i = 0; i < outbox->count; i++)
		queue[i] = *place(outbox, i);
	free(outbox->queue);
	outbox->queue = queue;
	outbox->capacity = capacity;
	outbox->first = 0;
}

void outbox_put(struct outbox *outbox, struct chunk *chunk)
{
	if (outbox->count == outbox->capacity)
		grow(outbox);
	*place(outbox, outbox->count) = chunk;
	outbox->count++;
	outbox->bytes += chunk->n;
	ensure(outbox->bytes <= OUTBOX_HARD_BYTES);
}

void outbox_move(struct outbox *to, struct outbox *from)
{
	ensure(from->written == 0);
	for (uint32_t i = 0; i < from->count; i++)
		outbox_put(to, *place(from, i));
	from->count = 0;
	outbox_free(from);
}

static void forget_written(struct outbox *outbox, size_t n)
{
	outbox->bytes -= n;
	while (n > 0) {
		struct chunk *chunk = *place(outbox, 0);
		size_t rest = chunk->n - outbox->written;
		if (n < rest) {
			outbox->written += n;
			return;
		}
		n -= rest;
		outbox->written = 0;
		outbox->first = (outbox->first + 1) & (outbox->capacity - 1);
		outbox->count--;
		chunk_drop(chunk);
	}
}

static ssize_t write_some(const struct outbox *outbox, int fd)
{
	struct iovec pieces[PIECES_MAX];
	size_t count = outbox->count < PIECES_MAX ? outbox->count : PIECES_MAX;
	size_t written = outbox->written; /* of the first alone */
	for (uint32_t i = 0; i < count; i++) {
		struct chunk *chunk = *place(outbox, i);
		pieces[i] = (struct iovec){chunk->p + written, chunk->n - written};
		written = 0;
	}
	const struct msghdr message = {.msg_iov = pieces, .msg_iovlen = count};
	return sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

enum outbox_state outbox_write(struct outbox *outbox, int fd, size_t *written_bytes)
{
	*written_bytes = 0;
	while (outbox->count > 0) {
		ssize_t n = write_some(outbox, fd);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == ENOBUFS ? OUTBOX_BLOCKED : OUTBOX_BROKEN;
		*written_bytes += (size_t)n;
		forget_written(outbox, (size_t)n);
	}
	outbox_free(outbox);
	return OUTBOX_EMPTY;
}
