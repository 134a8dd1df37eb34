#include "base/pass.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SEALS = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

bool pass_send(int fd, const void *bytes, size_t n, int attached, int flags)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {0};
	void *text = (void *)(unsigned long)bytes; /* sendmsg only reads, but its iovec is not const */
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
	return sent == (ssize_t)n;
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

ssize_t pass_receive(int fd, void *bytes, size_t size, int *attached, int flags)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(4 * sizeof(int))];
	struct iovec part = {.iov_base = bytes, .iov_len = size};
	struct msghdr message = {
	    .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	*attached = -1;
	ssize_t n;
	do
		n = recvmsg(fd, &message, flags | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	*attached = take_descriptor(&message);
	if ((message.msg_flags & MSG_TRUNC) == 0)
		return n;
	if (*attached >= 0)
		(void)close(*attached);
	*attached = -1;
	errno = EMSGSIZE;
	return -1;
}

int pass_memfd(const char *name, const void *bytes, size_t n)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	size_t written = 0;
	while (fd >= 0 && written < n) {
		ssize_t w = write(fd, (const char *)bytes + written, n - written);
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

bool pass_memfd_read(int fd, size_t max, struct buf *out)
{
	int seals = fcntl(fd, F_GET_SEALS);
	off_t size = lseek(fd, 0, SEEK_END);
	if (seals < 0 || (seals & SEALS) != SEALS || size <= 0 || (size_t)size > max)
		return false;
	buf_clear(out);
	buf_reserve(out, (size_t)size);
	while (out->n < (size_t)size) {
		ssize_t r = pread(fd, out->p + out->n, (size_t)size - out->n, (off_t)out->n);
		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return false;
		out->n += (size_t)r;
	}
	out->p[out->n] = '\0';
	return true;
}
