#include "store/wire.h"

#include "base/pass.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char large[] = "{\"memfd\":true}";

static enum wire_status status_from_errno(void)
{
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return WIRE_AGAIN;
	return errno == EMSGSIZE ? WIRE_MALFORMED : WIRE_CLOSED;
}

enum wire_status wire_send(int fd, const char *bytes, size_t n, int flags)
{
	if (n <= OP_MAX_BYTES)
		return pass_send(fd, bytes, n, -1, flags) ? WIRE_OK : status_from_errno();
	if (n > OP_LARGE_MAX_BYTES)
		return WIRE_MALFORMED;
	int memory = pass_memfd("snug-op", bytes, n);
	if (memory < 0)
		return WIRE_AGAIN;
	bool is_sent = pass_send(fd, large, sizeof(large) - 1, memory, flags);
	enum wire_status status = is_sent ? WIRE_OK : status_from_errno();
	(void)close(memory);
	return status;
}

enum wire_status wire_receive(int fd, struct buf *out, int flags)
{
	int memory;
	buf_clear(out);
	buf_reserve(out, OP_MAX_BYTES);
	ssize_t n = pass_receive(fd, out->p, OP_MAX_BYTES, &memory, flags);
	if (n < 0)
		return status_from_errno();
	out->n = (size_t)n;
	out->p[out->n] = '\0';
	enum wire_status status = n == 0 ? WIRE_CLOSED : WIRE_OK;
	if (memory >= 0 && out->n == sizeof(large) - 1 && memcmp(out->p, large, out->n) == 0)
		status = pass_memfd_read(memory, OP_LARGE_MAX_BYTES, out) ? WIRE_OK : WIRE_MALFORMED;
	if (memory >= 0)
		(void)close(memory);
	return status;
}
