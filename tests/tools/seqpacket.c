/* A client of a SOCK_SEQPACKET socket for tests, which node cannot open itself.
 *
 *   seqpacket PATH WAIT_MS [COUNT]
 *                         sends each line of stdin, hexadecimal, as one frame ("memfd HEX": a sealed memfd that holds
 *                         it), then prints each frame that comes back as a line of hexadecimal until COUNT have come,
 *                         or WAIT_MS pass in silence, and "closed" when the other side hangs up
 *   seqpacket PATH deaf   sends, and never reads
 *
 * It does not judge what it sends: the limits are those of the kernel. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <fcntl.h>

enum { FRAME_MAX = 256 * 1024 };

static unsigned char frame[FRAME_MAX];

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t n = strlen(path);
	if (n >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path, path, n);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
		return -1;
	int size = FRAME_MAX;
	/* Who is never read stops sending instead of waiting for ever. */
	struct timeval patience = {.tv_usec = 300000};
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) != 0)
		return -1;
	return fd;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes in place and returns the number of bytes. */
static size_t decode(char *hex)
{
	size_t n = 0;
	for (const char *p = hex; digit(p[0]) >= 0 && digit(p[1]) >= 0; p += 2)
		hex[n++] = (char)(digit(p[0]) * 16 + digit(p[1]));
	return n;
}

static bool send_memfd(int fd, const char *bytes, size_t n)
{
	int memory = memfd_create("frame", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (memory < 0 || write(memory, bytes, n) != (ssize_t)n)
		return false;
	if (fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
		return false;
	char byte = 0;
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {.space = {0}};
	struct iovec part = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {
	    .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = sizeof(control.space)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &memory, sizeof(memory));
	bool is_sent = sendmsg(fd, &message, MSG_NOSIGNAL) == 1;
	close(memory);
	return is_sent;
}

/* False when the other side has hung up or takes no more. */
static bool send_line(int fd, char *line)
{
	if (strncmp(line, "memfd ", 6) == 0) {
		size_t n = decode(line + 6);
		return send_memfd(fd, line + 6, n);
	}
	size_t n = decode(line);
	return send(fd, line, n, MSG_NOSIGNAL) == (ssize_t)n || errno == EMSGSIZE;
}

static void print_frames(int fd, int wait_ms, long count)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	for (long i = 0; i < count && poll(&ready, 1, wait_ms) > 0; i++) {
		ssize_t n = recv(fd, frame, sizeof(frame), 0);
		if (n <= 0) {
			puts("closed");
			return;
		}
		for (ssize_t at = 0; at < n; at++)
			printf("%02x", frame[at]);
		putchar('\n');
	}
}

int main(int argc, char **argv)
{
	if (argc != 3 && argc != 4) {
		fputs("usage: seqpacket PATH WAIT_MS|deaf [COUNT]\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	int fd = connect_to(argv[1]);
	if (fd < 0) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	char *line = NULL;
	size_t size = 0;
	while (getline(&line, &size, stdin) > 0 && send_line(fd, line))
		continue;
	free(line);
	if (strcmp(argv[2], "deaf") == 0)
		pause();
	else
		print_frames(fd, (int)strtol(argv[2], NULL, 10), argc == 4 ? strtol(argv[3], NULL, 10) : LONG_MAX);
	return 0;
}
