#include "store/feed.h"

#include "base/log.h"
#include "store/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static void drop(struct feed *feed, int at)
{
	(void)close(feed->fds[at]);
	feed->fds[at] = feed->fds[--feed->count];
}

/* False when the listener is gone. */
static bool ring_one(int fd, int64_t head)
{
	char text[48];
	int n = snprintf(text, sizeof(text), "{\"head\":%" PRId64 "}", head);
	enum wire_status status = wire_send(fd, text, (size_t)n, MSG_DONTWAIT);
	return status == WIRE_OK || status == WIRE_AGAIN;
}

void feed_add(struct feed *feed, int fd, int64_t head)
{
	if (feed->count == FEED_LISTENERS_MAX) {
		log_event(LOG_WARN, "feed_full", log_number("listeners", feed->count));
		(void)close(fd);
		return;
	}
	feed->fds[feed->count++] = fd;
	if (!ring_one(fd, head))
		drop(feed, feed->count - 1);
}

void feed_ring(struct feed *feed, int64_t head)
{
	for (int i = feed->count - 1; i >= 0; i--) {
		if (!ring_one(feed->fds[i], head))
			drop(feed, i);
	}
}

void feed_sweep(struct feed *feed)
{
	char ignored[256];
	for (int i = feed->count - 1; i >= 0; i--) {
		ssize_t n = recv(feed->fds[i], ignored, sizeof(ignored), MSG_DONTWAIT);
		if (n == 0)
			drop(feed, i);
	}
}
