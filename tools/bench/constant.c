/* The measure that Snug is held against: a libfcgi program that does nothing but answer a constant body.
 *
 *   constant SOCKET CHILDREN BYTES TYPE
 *
 * CHILDREN processes accept on one unix socket, each one request at a time: the shape of Snug's pools without Snug. */
#include <fcgiapp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int listen_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t n = strlen(path);
	if (n >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path, path, n);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	unlink(path);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, SOMAXCONN) != 0)
		return -1;
	return chmod(path, 0666) == 0 ? fd : -1;
}

/* Reads the whole body before it answers, as any honest handler does. */
static void answer(FCGX_Request *request, const char *body, int n, const char *type)
{
	char sink[16 * 1024];
	while (FCGX_GetStr(sink, sizeof(sink), request->in) == (int)sizeof(sink))
		continue;
	FCGX_FPrintF(request->out, "Status: 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", type, n);
	FCGX_PutStr(body, n, request->out);
}

int main(int argc, char **argv)
{
	int children = argc == 5 ? (int)strtol(argv[2], NULL, 10) : 0;
	int n = argc == 5 ? (int)strtol(argv[3], NULL, 10) : 0;
	int listen_fd = argc == 5 ? listen_at(argv[1]) : -1;
	if (children < 1 || n < 1 || listen_fd < 0) {
		fputs("usage: constant SOCKET CHILDREN BYTES TYPE\n", stderr);
		return 2;
	}
	char *body = malloc((size_t)n);
	if (!body || FCGX_Init() != 0)
		return 1;
	memset(body, 'x', (size_t)n);
	for (int i = 0; i < children; i++) {
		if (fork() != 0)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		FCGX_Request request;
		FCGX_InitRequest(&request, listen_fd, 0);
		while (FCGX_Accept_r(&request) == 0) {
			answer(&request, body, n, argv[4]);
			FCGX_Finish_r(&request);
		}
		_exit(0);
	}
	puts("ready");
	fflush(stdout);
	while (wait(NULL) > 0)
		continue;
	return 0;
}
