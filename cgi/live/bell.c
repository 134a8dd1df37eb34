/* The doorbell's end in snug-live. */
#include "live/bell.h"

#include "base/ensure.h"
#include "base/log.h"
#include "live/live.h"
#include "json/json.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum err bell_parse(const char *text, size_t n, int64_t *head)
{
	struct arena arena;
	json_t *message;
	arena_init(&arena);
	enum err err = json_parse(&arena, text, n, &message);
	if (err == ERR_OK) {
		*head = json_int(message, "head");
		if (*head <= 0)
			err = ERR_BAD_JSON;
	}
	arena_free(&arena);
	return err == ERR_OK ? ERR_OK : ERR_BAD_JSON;
}

static void hang_up(struct bell *bell)
{
	loop_unwatch(&bell->live->loop, &bell->watch);
	if (bell->watch.fd >= 0)
		(void)close(bell->watch.fd);
	bell->watch.fd = -1;
}

static void retry_later(struct bell *bell)
{
	struct loop *loop = &bell->live->loop;
	hang_up(bell);
	timers_set(&loop->timers, &bell->retry, loop->now_ms, bell->retry_ms);
	bell->retry_ms = bell->retry_ms * 2 < BELL_RETRY_MAX_MS ? bell->retry_ms * 2 : BELL_RETRY_MAX_MS;
}

/* The first message tells that there is a store, which may have come with another file. */
static void heard(struct bell *bell)
{
	bell->retry_ms = BELL_RETRY_MIN_MS;
	if (bell->was_heard)
		return;
	bell->was_heard = true;
	log_event(LOG_INFO, "feed_connected", log_number("head", bell->live->window.head));
	database_reopen(&bell->live->database);
}

/* Takes all messages that wait: only the newest matters. Truncated ones fail to parse. */
static void ready(struct watch *watch, uint32_t events)
{
	struct bell *bell = (struct bell *)watch;
	char message[BELL_BYTES_MAX];
	int64_t head;
	(void)events;
	for (;;) {
		ssize_t n = recv(watch->fd, message, sizeof(message), MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			log_event(LOG_INFO, "feed_lost", log_number("head", bell->live->window.head));
			retry_later(bell);
			return;
		}
		heard(bell);
		if (bell_parse(message, (size_t)n, &head) != ERR_OK)
			log_event(LOG_WARN, "feed_message_malformed", log_number("bytes", n));
		intake_ring(bell->live); /* looking at the log is always right */
	}
}

/* Not blocking: a store whose backlog is full is tried again. */
static bool connect_to(struct bell *bell)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int n = snprintf(address.sun_path, sizeof(address.sun_path), "%s", bell->path);
	ensure(n > 0 && (size_t)n < sizeof(address.sun_path));
	bell->watch.fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (bell->watch.fd < 0)
		return false;
	if (connect(bell->watch.fd, (const struct sockaddr *)&address, sizeof(address)) != 0)
		return false;
	return loop_watch(&bell->live->loop, &bell->watch, EPOLLIN) == ERR_OK;
}

static void ring_up(struct timer *timer)
{
	struct bell *bell = LIST_OWNER(timer, struct bell, retry);
	bell->was_heard = false;
	if (!connect_to(bell)) {
		retry_later(bell);
		intake_ring(bell->live);
	}
}

void bell_open(struct bell *bell, struct live *live, const char *path)
{
	*bell = (struct bell){
	    .watch = {.fd = -1, .ready = ready},
	    .live = live,
	    .path = path,
	    .retry_ms = BELL_RETRY_MIN_MS,
	};
	timers_prepare(&bell->retry, ring_up);
	ring_up(&bell->retry);
}

void bell_close(struct bell *bell)
{
	timers_clear(&bell->live->loop.timers, &bell->retry);
	hang_up(bell);
}
