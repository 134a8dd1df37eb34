#include "run/run_sockets.h"

#include "run/run_refuse.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG_DEFAULT = 4096 };

struct socket_row {
	const char *path;
	int type;
	enum run_owner connects; /* the program that may connect */
	bool is_root_only;       /* instead: whoever runs snug */
};

static const struct socket_row rows[RUN_SOCKET_COUNT] = {
    [RUN_SOCKET_WEB] = {"run/web.sock", SOCK_STREAM, RUN_OWNER_LIGHTTPD, false},
    [RUN_SOCKET_WEB_PASSWORD] = {"run/web-password.sock", SOCK_STREAM, RUN_OWNER_LIGHTTPD, false},
    [RUN_SOCKET_API] = {"run/api.sock", SOCK_STREAM, RUN_OWNER_LIGHTTPD, false},
    [RUN_SOCKET_API_PASSWORD] = {"run/api-password.sock", SOCK_STREAM, RUN_OWNER_LIGHTTPD, false},
    [RUN_SOCKET_LIVE] = {"run/live.sock", SOCK_STREAM, RUN_OWNER_LIGHTTPD, false},
    [RUN_SOCKET_OP_WEB] = {"run/op-web.sock", SOCK_SEQPACKET, RUN_OWNER_WEB, false},
    [RUN_SOCKET_OP_API] = {"run/op-api.sock", SOCK_SEQPACKET, RUN_OWNER_API, false},
    [RUN_SOCKET_OP_LIVE] = {"run/op-live.sock", SOCK_SEQPACKET, RUN_OWNER_LIVE, false},
    [RUN_SOCKET_OP_CLI] = {"run/op-cli.sock", SOCK_SEQPACKET, RUN_OWNER_STORE, true},
    [RUN_SOCKET_OP_WORKER] = {"run/op-worker.sock", SOCK_SEQPACKET, RUN_OWNER_WORKER, false},
    [RUN_SOCKET_FEED] = {"run/feed.sock", SOCK_SEQPACKET, RUN_OWNER_LIVE, false},
    [RUN_SOCKET_JOBS] = {"run/jobs.sock", SOCK_SEQPACKET, RUN_OWNER_WORKER, false},
    [RUN_SOCKET_PICTURE_WEB] = {"run/picture-web.sock", SOCK_SEQPACKET, RUN_OWNER_WEB, false},
    [RUN_SOCKET_PICTURE_API] = {"run/picture-api.sock", SOCK_SEQPACKET, RUN_OWNER_API, false},
};

int run_sockets_backlog(void)
{
	FILE *file = fopen("/proc/sys/net/core/somaxconn", "re");
	char text[32] = "";
	if (file) {
		(void)!fgets(text, sizeof text, file);
		fclose(file);
	}
	long value = strtol(text, NULL, 10);
	return value >= 128 && value <= 1 << 20 ? (int)value : BACKLOG_DEFAULT;
}

/* The mask keeps everybody out until the owner is set. Not blocking, since every program waits for several things at
 * once. */
static bool bind_unix(const struct socket_row *row, const struct run_owners *owners, int backlog, int *out)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	(void)snprintf(address.sun_path, sizeof address.sun_path, "%s", row->path);
	int fd = socket(AF_UNIX, row->type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	*out = fd;
	mode_t mask = umask(0177);
	bool is_bound = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0;
	umask(mask);
	if (!is_bound)
		return false;
	if (owners->is_root && !row->is_root_only &&
	    lchown(row->path, owners->uids[row->connects], owners->gids[row->connects]) != 0)
		return false;
	return listen(fd, backlog) == 0;
}

enum err run_sockets_bind(const struct run_owners *owners, int backlog, int out[RUN_SOCKET_COUNT])
{
	for (int i = 0; i < RUN_SOCKET_COUNT; i++)
		if (!bind_unix(&rows[i], owners, backlog, &out[i]))
			return run_refuse("the socket %s cannot be bound in the data folder: %s", rows[i].path,
					  strerror(errno));
	return ERR_OK;
}

enum err run_sockets_pair(int *writer, int *reader)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0 ||
	    shutdown(ends[1], SHUT_WR) != 0)
		return run_refuse("a pair of sockets cannot be made: %s", strerror(errno));
	*writer = ends[0];
	*reader = ends[1];
	return ERR_OK;
}

static enum err refuse_listen(const struct run_address *address, int error)
{
	char text[RUN_ADDRESS_TEXT_SIZE];
	run_address_format(address, 0, text);
	return run_refuse("%s cannot be listened on: %s%s", text, strerror(error),
			  error == EADDRINUSE ? " (another program has the port: choose one with --listen ADDR:PORT)"
			  : error == EACCES ? " (ports below 1024 are for root: choose another with --listen ADDR:PORT)"
					    : "");
}

enum err run_sockets_listen(struct run_address *address, int backlog, int *out)
{
	int on = 1;
	int off = 0;
	int fd = socket(address->socket.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return refuse_listen(address, errno);
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on,
			 sizeof on); /* accepted sockets inherit it: events go out at once */
	if (address->socket.ss_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, run_address_is_unspecified(address) ? &off : &on,
				 sizeof on);
	if (bind(fd, (const struct sockaddr *)&address->socket, address->size) != 0 || listen(fd, backlog) != 0) {
		int error = errno;
		close(fd);
		return refuse_listen(address, error);
	}
	address->size = sizeof address->socket;
	if (getsockname(fd, (struct sockaddr *)&address->socket, &address->size) != 0) {
		close(fd);
		return refuse_listen(address, errno);
	}
	*out = fd;
	return ERR_OK;
}
