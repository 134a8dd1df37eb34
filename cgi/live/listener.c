/* Accepting. lighttpd answers a full backlog with an error at once, so the queue is emptied as fast as it fills, with a
 * polite refusal if need be. */
#include "live/listener.h"

#include "base/ensure.h"
#include "base/log.h"
#include "live/answer.h"
#include "live/live.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static void pause_accepting(struct listener *listener)
{
	struct loop *loop = &listener->live->loop;
	loop_unwatch(loop, &listener->watch);
	timers_set(&loop->timers, &listener->pause, loop->now_ms, LISTENER_PAUSE_MS);
}

static void accept_again(struct timer *timer)
{
	struct listener *listener = LIST_OWNER(timer, struct listener, pause);
	if (loop_watch(&listener->live->loop, &listener->watch, EPOLLIN) != ERR_OK)
		pause_accepting(listener);
}

static int open_reserve(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* No descriptor is left: the reserve makes room for one connection after the other, and each hears that it should come
 * back. */
static void shed_with_reserve(struct listener *listener)
{
	log_event(LOG_WARN, "descriptors_exhausted",
		  log_number("connections", (int64_t)listener->live->connection_count));
	if (listener->reserve_fd >= 0)
		(void)close(listener->reserve_fd);
	for (int i = 0; i < LISTENER_ACCEPTS_A_TURN; i++) {
		int fd = accept4(listener->watch.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0)
			break;
		answer_overloaded(listener->live, fd);
		(void)close(fd);
	}
	listener->reserve_fd = open_reserve();
	pause_accepting(listener);
}

static void ready(struct watch *watch, uint32_t events)
{
	struct listener *listener = (struct listener *)watch;
	struct live *live = listener->live;
	(void)events;
	for (int i = 0; i < LISTENER_ACCEPTS_A_TURN; i++) {
		if (live->connection_count >= listener->limit + LISTENER_SHED_DESCRIPTORS) {
			pause_accepting(listener);
			return;
		}
		int fd = accept4(watch->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			connection_open(live, fd);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE)
			shed_with_reserve(listener);
		else if (errno == ENOBUFS || errno == ENOMEM)
			pause_accepting(listener);
		else if (errno == ECONNABORTED || errno == EINTR)
			continue;
		return;
	}
}

static size_t descriptor_limit(void)
{
	struct rlimit limit;
	ensure(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	ensure(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	return limit.rlim_cur;
}

void listener_open(struct listener *listener, struct live *live, int fd)
{
	size_t own = LISTENER_OWN_DESCRIPTORS + LISTENER_SHED_DESCRIPTORS;
	size_t descriptors = descriptor_limit();
	*listener = (struct listener){
	    .watch = {.fd = fd, .ready = ready},
	    .live = live,
	    .limit = descriptors > 2 * own ? descriptors - own : own,
	    .reserve_fd = open_reserve(),
	};
	timers_prepare(&listener->pause, accept_again);
	ensure(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) == 0);
	accept_again(&listener->pause);
	log_event(LOG_INFO, "listening", log_number("connections_max", (int64_t)listener->limit));
}

void listener_close(struct listener *listener)
{
	struct loop *loop = &listener->live->loop;
	timers_clear(&loop->timers, &listener->pause);
	loop_unwatch(loop, &listener->watch);
	if (listener->watch.fd >= 0)
		(void)close(listener->watch.fd);
	if (listener->reserve_fd >= 0)
		(void)close(listener->reserve_fd);
	listener->watch.fd = -1;
	listener->reserve_fd = -1;
}

bool listener_is_full(const struct listener *listener)
{
	return listener->live->connection_count > listener->limit;
}
