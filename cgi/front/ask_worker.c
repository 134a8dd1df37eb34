#include "front/ask_worker.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/pass.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { WAIT_MS = 12000, ANSWER_MAX_BYTES = 64 };

static const char *socket_path(const struct app *app)
{
	return app->kind == APP_WEB ? "run/picture-web.sock" : "run/picture-api.sock";
}

/* Never waits: snug run holds the listening socket, and where its queue is full there are too many already. */
static int connect_worker(const struct app *app)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", socket_path(app));
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

static bool wait_for_answer(int fd)
{
	int64_t until_ms = clock_monotonic_ms() + WAIT_MS;
	for (int64_t left_ms = WAIT_MS; left_ms > 0; left_ms = until_ms - clock_monotonic_ms()) {
		struct pollfd answer = {.fd = fd, .events = POLLIN};
		int count = poll(&answer, 1, (int)left_ms);
		if (count > 0)
			return true;
		if (count < 0 && errno != EINTR)
			return false;
	}
	return false;
}

static enum err read_answer(int fd, int *memory)
{
	char name[ANSWER_MAX_BYTES + 1] = "";
	ssize_t n = wait_for_answer(fd) ? pass_receive(fd, name, ANSWER_MAX_BYTES, memory, 0) : -1;
	if (n <= 0)
		return ERR_OVERLOADED; /* the worker is gone, or late */
	enum err err = err_from_name(name);
	if (err != ERR_OK && *memory >= 0) {
		(void)close(*memory);
		*memory = -1;
	}
	return err;
}

enum err ask_worker(const struct app *app, const char *question, int attached, int *memory)
{
	*memory = -1;
	int fd = connect_worker(app);
	if (fd < 0) {
		log_event(LOG_WARN, "worker_not_asked", log_text("error", strerror(errno)));
		return ERR_OVERLOADED;
	}
	bool is_asked = pass_send(fd, question, strlen(question), attached, 0);
	enum err err = is_asked ? read_answer(fd, memory) : ERR_OVERLOADED;
	(void)close(fd);
	return err;
}
