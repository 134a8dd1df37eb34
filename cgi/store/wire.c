#include "store/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static const char large[] = "{\"memfd\":true}";

enum { SEALS = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

static enum wire_status status_from_errno(void)
{
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return WIRE_AGAIN;
	return errno == EMSGSIZE ? WIRE_MALFORMED : WIRE_CLOSED;
}

static enum wire_status send_message(int fd, const char *bytes, size_t n, int attached, int flags)
{
	char control[CMSG_SPACE(sizeof(int))] = {0};
	char *text = (char *)(unsigned long)bytes; /* sendmsg only reads, but its iovec is not const */
	struct iovec part = {.iov_base = text, .iov_len = n};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	if (attached >= 0) {
		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(header), &attached, sizeof(int));
	}
	ssize_t sent;
	do
		sent = sendmsg(fd, &message, flags | MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)n ? WIRE_OK : status_from_errno();
}

static int make_sealed(const char *bytes, size_t n)
{
	int fd = memfd_create("snug-op", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	size_t written = 0;
	while (fd >= 0 && written < n) {
		ssize_t w = write(fd, bytes + written, n - written);
		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0) {
			(void)close(fd);
			return -1;
		}
		written += (size_t)w;
	}
	if (fd >= 0 && fcntl(fd, F_ADD_SEALS, SEALS | F_SEAL_SEAL) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

enum wire_status wire_send(int fd, const char *bytes, size_t n, int flags)
{
	if (n <= OP_MAX_BYTES)
		return send_message(fd, bytes, n, -1, flags);
	if (n > OP_LARGE_MAX_BYTES)
		return WIRE_MALFORMED;
	int memory = make_sealed(bytes, n);
	if (memory < 0)
		return WIRE_AGAIN;
	enum wire_status status = send_message(fd, large, sizeof(large) - 1, memory, flags);
	(void)close(memory);
	return status;
}

/* Takes the first descriptor that came along and closes the rest; -1 when none did. */
static int take_descriptor(struct msghdr *message)
{
	int taken = -1;
	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL; header = CMSG_NXTHDR(message, header)) {
		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
			continue;
		size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int fd;
			memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
			if (taken < 0)
				taken = fd;
			else
				(void)close(fd);
		}
	}
	return taken;
}

static enum wire_status read_sealed(int memory, struct buf *out)
{
	int seals = fcntl(memory, F_GET_SEALS);
	off_t size = lseek(memory, 0, SEEK_END);
	if (seals < 0 || (seals & SEALS) != SEALS || size <= 0 || size > OP_LARGE_MAX_BYTES)
		return WIRE_MALFORMED;
	buf_clear(out);
	buf_reserve(out, (size_t)size);
	while (out->n < (size_t)size) {
		ssize_t r = pread(memory, out->p + out->n, (size_t)size - out->n, (off_t)out->n);
		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return WIRE_MALFORMED;
		out->n += (size_t)r;
	}
	out->p[out->n] = '\0';
	return WIRE_OK;
}

enum wire_status wire_receive(int fd, struct buf *out, int flags)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(4 * sizeof(int))];
	buf_clear(out);
	buf_reserve(out, OP_MAX_BYTES + 1);
	struct iovec part = {.iov_base = out->p, .iov_len = OP_MAX_BYTES + 1};
	struct msghdr message = {
	    .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	ssize_t n;
	do
		n = recvmsg(fd, &message, flags | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return status_from_errno();
	int memory = take_descriptor(&message);
	enum wire_status status = WIRE_OK;
	out->n = (size_t)n;
	out->p[out->n < OP_MAX_BYTES ? out->n : OP_MAX_BYTES] = '\0';
	if (n == 0)
		status = WIRE_CLOSED;
	else if ((message.msg_flags & MSG_TRUNC) != 0 || n > OP_MAX_BYTES)
		status = WIRE_MALFORMED;
	else if (memory >= 0 && out->n == sizeof(large) - 1 && memcmp(out->p, large, out->n) == 0)
		status = read_sealed(memory, out);
	if (memory >= 0)
		(void)close(memory);
	return status;
}
