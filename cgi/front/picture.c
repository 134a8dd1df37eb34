/* Asking snug-worker for a picture. A message "<side>" with the upload as a sealed memfd; the answer is the name of an
 * error, and with "OK" a sealed memfd that holds the WebP file. One connection a picture: it ends when either side
 * does, and an upload is rare. */
#include "front/picture.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/pass.h"
#include "crypto/secret.h"
#include "domain/picture/picture.h"

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

static bool send_upload(int fd, struct str bytes, int side)
{
	char question[16];
	int n = snprintf(question, sizeof(question), "%d", side);
	int memory = pass_memfd("snug-upload", bytes.p, bytes.n);
	bool is_sent = memory >= 0 && pass_send(fd, question, (size_t)n, memory, 0);
	if (memory >= 0)
		(void)close(memory);
	return is_sent;
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

static enum err read_answer(int fd, struct arena *arena, const char **text)
{
	char name[ANSWER_MAX_BYTES + 1] = "";
	int memory;
	ssize_t n = wait_for_answer(fd) ? pass_receive(fd, name, ANSWER_MAX_BYTES, &memory, 0) : -1;
	if (n <= 0)
		return ERR_OVERLOADED; /* the worker is gone, or late */
	enum err err = err_from_name(name);
	struct buf *webp = buf_in_arena(arena);
	if (err == ERR_OK && (memory < 0 || !pass_memfd_read(memory, PICTURE_MAX_BYTES, webp)))
		err = ERR_INTERNAL;
	if (memory >= 0)
		(void)close(memory);
	if (err != ERR_OK)
		return err;
	char *encoded = arena_alloc(arena, PICTURE_TEXT_MAX + 4);
	(void)base64url_encode(webp->p, webp->n, encoded);
	*text = encoded;
	return ERR_OK;
}

enum err picture_encode(struct request *request, struct str bytes, int side, const char **text)
{
	if (bytes.n == 0)
		return ERR_BAD_PICTURE;
	if (bytes.n > PICTURE_UPLOAD_MAX_BYTES)
		return ERR_TOO_LARGE;
	request_read_end(request);
	int fd = connect_worker(request->app);
	if (fd < 0) {
		log_event(LOG_WARN, "picture_not_asked", log_text("error", strerror(errno)));
		return ERR_OVERLOADED;
	}
	enum err err = send_upload(fd, bytes, side) ? read_answer(fd, request->arena, text) : ERR_OVERLOADED;
	(void)close(fd);
	return err;
}

enum err picture_from_data_uri(struct arena *arena, struct str uri, struct str *bytes)
{
	struct str head, base64;
	if (uri.n > (size_t)PICTURE_UPLOAD_MAX_BYTES / 3 * 4 + 128)
		return ERR_TOO_LARGE;
	if (!str_cut(uri, ',', &head, &base64) || head.n < 12 || memcmp(head.p, "data:", 5) != 0 ||
	    memcmp(head.p + head.n - 7, ";base64", 7) != 0)
		return ERR_BAD_PICTURE;
	char *decoded = arena_alloc(arena, base64.n / 4 * 3 + 3);
	size_t n;
	if (!base64_decode(base64.p, base64.n, (unsigned char *)decoded, &n))
		return ERR_BAD_PICTURE;
	*bytes = (struct str){decoded, n};
	return n <= PICTURE_UPLOAD_MAX_BYTES ? ERR_OK : ERR_TOO_LARGE;
}
