/* Shedding load: the pool's parent answers connections that would wait too long with a ready-made 503.
 *
 * The request is not parsed. A FastCGI client that keeps no connection open (lighttpd does not) always uses request id
 * 1, so the reply is a constant. What the peer has sent is read before the connection is closed, and the close is put
 * off: closing a unix socket with unread bytes resets it, and the peer could lose the reply. */
#include "front/pool_internal.h"

#include "base/ensure.h"
#include "base/log.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* FastCGI specification 1.0, section 8. */
enum {
	FCGI_VERSION = 1,
	FCGI_TYPE_END_REQUEST = 3,
	FCGI_TYPE_STDOUT = 6,
	FCGI_HEADER_SIZE = 8,
	FCGI_CONTENT_MAX = 65535
};

static size_t put_record(unsigned char *out, unsigned char type, const void *content, size_t n)
{
	memset(out, 0, FCGI_HEADER_SIZE);
	out[0] = FCGI_VERSION;
	out[1] = type;
	out[3] = 1; /* request id */
	out[4] = (unsigned char)(n >> 8);
	out[5] = (unsigned char)(n & 0xff);
	if (n > 0)
		memcpy(out + FCGI_HEADER_SIZE, content, n);
	return FCGI_HEADER_SIZE + n;
}

void pool_shed_open(struct pool_shed *shed, int listen_fd, const char *overload)
{
	static const unsigned char completed[8]; /* application status 0, protocol status FCGI_REQUEST_COMPLETE */
	size_t n = strlen(overload);
	ensure(n <= FCGI_CONTENT_MAX);
	shed->listen_fd = listen_fd;
	shed->reply = ensure_malloc(n + 3 * FCGI_HEADER_SIZE + sizeof completed);
	shed->reply_size = put_record(shed->reply, FCGI_TYPE_STDOUT, overload, n);
	shed->reply_size += put_record(shed->reply + shed->reply_size, FCGI_TYPE_STDOUT, NULL, 0);
	shed->reply_size +=
	    put_record(shed->reply + shed->reply_size, FCGI_TYPE_END_REQUEST, completed, sizeof completed);
	for (size_t i = 0; i < POOL_LINGERING_MAX; i++)
		shed->lingering[i] = -1;
	shed->next = 0;
	shed->diagnosis_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	struct timeval patience = {.tv_usec = 100000};
	if (shed->diagnosis_fd >= 0)
		(void)setsockopt(shed->diagnosis_fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

void pool_shed_close(struct pool_shed *shed)
{
	pool_shed_settle(shed);
	if (shed->diagnosis_fd >= 0)
		close(shed->diagnosis_fd);
	free(shed->reply);
}

static void drain(int fd)
{
	char bytes[16384];
	for (int i = 0; i < 32; i++)
		if (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) <= 0)
			return;
}

static void linger(struct pool_shed *shed, int fd)
{
	int *place = &shed->lingering[shed->next];
	shed->next = (shed->next + 1) % POOL_LINGERING_MAX;
	if (*place >= 0) {
		drain(*place);
		close(*place);
	}
	*place = fd;
}

void pool_shed_settle(struct pool_shed *shed)
{
	for (size_t i = 0; i < POOL_LINGERING_MAX; i++) {
		if (shed->lingering[i] < 0)
			continue;
		drain(shed->lingering[i]);
		close(shed->lingering[i]);
		shed->lingering[i] = -1;
	}
}

int pool_shed_answer(struct pool_shed *shed, int most)
{
	int answered = 0;
	while (answered < most) {
		int fd = accept4(shed->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0 && errno == EINTR)
			continue;
		if (fd < 0)
			break;
		answered++;
		drain(fd);
		(void)send(fd, shed->reply, shed->reply_size, MSG_NOSIGNAL | MSG_DONTWAIT);
		shutdown(fd, SHUT_WR);
		linger(shed, fd);
	}
	return answered;
}

/* The length of a unix listening socket's queue is only to be had from the kernel's socket diagnosis (sock_diag(7)). */
int pool_shed_waiting(const struct pool_shed *shed)
{
	struct stat listening;
	if (shed->diagnosis_fd < 0 || fstat(shed->listen_fd, &listening) != 0)
		return -1;
	struct {
		struct nlmsghdr header;
		struct unix_diag_req body;
	} request = {
	    .header = {.nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST},
	    .body = {.sdiag_family = AF_UNIX,
		     .udiag_states = 1U << TCP_LISTEN,
		     .udiag_ino = (uint32_t)listening.st_ino,
		     .udiag_show = UDIAG_SHOW_RQLEN,
		     .udiag_cookie = {UINT32_MAX, UINT32_MAX}},
	};
	if (send(shed->diagnosis_fd, &request, sizeof request, 0) != (ssize_t)sizeof request)
		return -1;
	_Alignas(struct nlmsghdr) char answer[1024];
	ssize_t n = recv(shed->diagnosis_fd, answer, sizeof answer, 0);
	const struct nlmsghdr *header = (const struct nlmsghdr *)answer;
	if (n < (ssize_t)(NLMSG_LENGTH(sizeof(struct unix_diag_msg))) || header->nlmsg_len > (size_t)n ||
	    header->nlmsg_type != SOCK_DIAG_BY_FAMILY)
		return -1;
	const size_t attribute_header = sizeof(struct nlattr);
	size_t at = NLMSG_LENGTH(sizeof(struct unix_diag_msg));
	while (at + sizeof(struct nlattr) <= header->nlmsg_len) {
		struct nlattr attribute;
		memcpy(&attribute, answer + at, sizeof attribute);
		if (attribute.nla_len < attribute_header || at + attribute.nla_len > header->nlmsg_len)
			break;
		struct unix_diag_rqlen length;
		if (attribute.nla_type == UNIX_DIAG_RQLEN && attribute.nla_len >= attribute_header + sizeof length) {
			memcpy(&length, answer + at + attribute_header, sizeof length);
			return (int)length.udiag_rqueue;
		}
		at += ((size_t)attribute.nla_len + 3) & ~(size_t)3;
	}
	return -1;
}
