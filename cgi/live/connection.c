/* Connections: reading a head, writing what is queued, noticing who is gone. */
#include "live/connection.h"

#include "base/ensure.h"
#include "base/log.h"
#include "live/answer.h"
#include "live/endpoint.h"
#include "live/live.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void set_timer(struct connection *connection, int64_t delay_ms)
{
	struct loop *loop = &connection->live->loop;
	timers_set(&loop->timers, &connection->timer, loop->now_ms, delay_ms);
}

/* Watching can fail only for want of kernel memory; then there is nothing better than to let go. */
static void watch_for(struct connection *connection, uint32_t interest)
{
	if (loop_watch(&connection->live->loop, &connection->watch, interest) != ERR_OK)
		connection_close(connection);
}

/* What the state waits for. In a stream the end of the peer's side means that the client went away: lighttpd passes it
 * on (tcp-fin-propagate). Later it means nothing, and hearing of it again and again would spin the loop. */
static void watch_state(struct connection *connection, bool is_blocked)
{
	uint32_t interest = is_blocked ? EPOLLOUT : 0;
	if (connection->state == CONNECTION_STREAM)
		interest |= EPOLLRDHUP;
	if (connection->state == CONNECTION_HEAD || connection->state == CONNECTION_LINGERING)
		interest |= EPOLLIN;
	if (interest != 0)
		watch_for(connection, interest);
}

static void refuse(struct connection *connection, enum err why)
{
	buf_free(&connection->head);
	connection->has_body = true; /* whatever follows is not known to be nothing */
	answer_error(connection, why, NULL);
}

static void take_head(struct connection *connection, const char *p, size_t n, bool has_more)
{
	struct request_head head;
	enum err err = request_head_parse(p, n, &head);
	if (err != ERR_OK) {
		refuse(connection, err);
		return;
	}
	connection->is_http_1_0 = head.minor_version == 0;
	connection->has_body = has_more || head.content_length > 0;
	endpoint_take(connection, &head);
	buf_free(&connection->head);
}

/* Nearly always the whole head comes at once and needs no memory of the connection's own. */
static void take_bytes(struct connection *connection, const char *bytes, size_t n)
{
	struct buf *kept = &connection->head;
	size_t length = 0;
	if (kept->n > 0) {
		buf_put(kept, bytes, n);
		bytes = kept->p;
		n = kept->n;
	}
	enum err err = request_head_find(&connection->scan, bytes, n, &length);
	if (err != ERR_OK)
		refuse(connection, err);
	else if (length > 0)
		take_head(connection, bytes, length, n > length);
	else if (kept->n == 0)
		buf_put(kept, bytes, n);
}

static void read_head(struct connection *connection)
{
	struct live *live = connection->live;
	/* Beyond the limit request_head_find refuses, so the two together never hold more than twice that. */
	ssize_t n = recv(connection->watch.fd, live->input, sizeof(live->input), 0);
	if (n > 0)
		take_bytes(connection, live->input, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		connection_close(connection);
}

static void discard(struct connection *connection)
{
	struct live *live = connection->live;
	ssize_t n = recv(connection->watch.fd, live->input, sizeof(live->input), 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		connection->discarded += (size_t)n;
	if (n <= 0 || connection->discarded > CONNECTION_LINGER_BYTES)
		connection_close(connection);
}

static void ready(struct watch *watch, uint32_t events)
{
	struct connection *connection = (struct connection *)watch;
	if (connection->state == CONNECTION_HEAD && (events & EPOLLIN)) {
		read_head(connection);
		return;
	}
	if (connection->state == CONNECTION_LINGERING && (events & EPOLLIN)) {
		discard(connection);
		return;
	}
	if (events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP))
		connection_close(connection);
	else if (events & EPOLLOUT)
		connection_flush(connection);
}

/* Too slow at whatever the state is: sending a head, taking what waits, or ending its request. */
static void time_over(struct timer *timer)
{
	struct connection *connection = LIST_OWNER(timer, struct connection, timer);
	if (connection->state == CONNECTION_STREAM || connection->state == CONNECTION_FINISHING)
		log_event(LOG_INFO, "slow_client_dropped",
			  log_number("waiting_bytes", (int64_t)connection->outbox.bytes));
	connection_close(connection);
}

void connection_open(struct live *live, int fd)
{
	struct connection *connection = ensure_calloc(1, sizeof(*connection));
	int send_buffer = CONNECTION_SEND_BUFFER;
	connection->watch = (struct watch){.fd = fd, .ready = ready};
	connection->live = live;
	outbox_init(&connection->outbox);
	buf_init(&connection->head);
	timers_prepare(&connection->timer, time_over);
	list_append(&live->connections, &connection->node);
	live->connection_count++;
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof(send_buffer));
	set_timer(connection, CONNECTION_HEAD_MS);
	watch_state(connection, false);
	if (connection->state == CONNECTION_HEAD)
		read_head(connection); /* the request is there already, as a rule */
}

void connection_become_stream(struct connection *connection, struct subscriber *subscriber)
{
	timers_clear(&connection->live->loop.timers, &connection->timer);
	connection->state = CONNECTION_STREAM;
	connection->subscriber = subscriber;
}

void connection_send(struct connection *connection, struct chunk *chunk)
{
	if (connection->state == CONNECTION_CLOSED)
		chunk_drop(chunk);
	else
		outbox_put(&connection->outbox, chunk);
}

void connection_send_bytes(struct connection *connection, const void *bytes, size_t n)
{
	connection_send(connection, chunk_make(bytes, n));
}

/* Closing with unread bytes would reset the connection and might cost the peer our reply, so it gets to finish first.
 */
static void linger_or_close(struct connection *connection)
{
	if (!connection->has_body) {
		connection_close(connection);
		return;
	}
	(void)shutdown(connection->watch.fd, SHUT_WR);
	connection->state = CONNECTION_LINGERING;
	set_timer(connection, CONNECTION_LINGER_MS);
	watch_state(connection, false);
}

static void written_all(struct connection *connection)
{
	timers_clear(&connection->live->loop.timers, &connection->timer);
	if (connection->state == CONNECTION_FINISHING)
		linger_or_close(connection);
	else
		watch_state(connection, false);
}

void connection_flush(struct connection *connection)
{
	size_t written;
	if (connection->state != CONNECTION_STREAM && connection->state != CONNECTION_FINISHING)
		return;
	switch (outbox_write(&connection->outbox, connection->watch.fd, &written)) {
	case OUTBOX_BROKEN:
		connection_close(connection);
		return;
	case OUTBOX_EMPTY:
		written_all(connection);
		break;
	case OUTBOX_BLOCKED:
		if (written > 0 || list_is_empty(&connection->timer.node))
			set_timer(connection, CONNECTION_STALL_MS);
		watch_state(connection, true);
		break;
	}
	if (connection->state == CONNECTION_STREAM && connection->outbox.bytes < OUTBOX_LOW_BYTES)
		delivery_wake(connection->live, connection->subscriber);
}

void connection_finish(struct connection *connection)
{
	if (connection->state == CONNECTION_CLOSED)
		return;
	timers_clear(&connection->live->loop.timers, &connection->timer);
	connection->state = CONNECTION_FINISHING;
	connection_flush(connection);
}

void connection_close(struct connection *connection)
{
	struct live *live = connection->live;
	if (connection->state == CONNECTION_CLOSED)
		return;
	connection->state = CONNECTION_CLOSED;
	timers_clear(&live->loop.timers, &connection->timer);
	loop_unwatch(&live->loop, &connection->watch);
	(void)close(connection->watch.fd);
	connection->watch.fd = -1;
	if (connection->subscriber != NULL)
		subscriber_detach(connection->subscriber);
	list_remove(&connection->node);
	list_append(&live->closed, &connection->node);
	live->connection_count--;
}

void connection_free(struct connection *connection)
{
	ensure(connection->state == CONNECTION_CLOSED);
	list_remove(&connection->node);
	if (connection->subscriber != NULL)
		subscriber_free(connection->subscriber);
	outbox_free(&connection->outbox);
	buf_free(&connection->head);
	free(connection);
}
