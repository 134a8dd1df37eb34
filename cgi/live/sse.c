/* Streams of server-sent events. The body has no length and no chunks: it ends with the connection, and every client
 * comes back with the last id it saw, so a cut is no harm. */
#include "live/sse.h"

#include "live/answer.h"
#include "live/live.h"
#include "live/payload.h"
#include "json/jw.h"

#include <string.h>

enum { RETRY_MS = 1000 };

/* The id stands last: a client that takes it before the event is whole must not skip an event that was cut. */
void sse_put(struct buf *out, int64_t seq, const char *type, const char *data, size_t n)
{
	const char *end = data + n;
	if (type != NULL)
		buf_printf(out, "event: %s\n", type);
	for (;;) {
		const char *at = data;
		while (at < end && *at != '\n' && *at != '\r')
			at++;
		buf_puts(out, "data: ");
		buf_put(out, data, (size_t)(at - data));
		buf_putc(out, '\n');
		if (at == end)
			break;
		data = at + (at[0] == '\r' && at + 1 < end && at[1] == '\n' ? 2 : 1);
	}
	if (seq != 0)
		buf_printf(out, "id: %lld\n", (long long)seq);
	buf_putc(out, '\n');
}

static void send_buf(struct subscriber *subscriber, const struct buf *out)
{
	connection_send_bytes(subscriber->connection, out->p, out->n);
}

void sse_open(struct subscriber *subscriber, const struct live_query *query)
{
	(void)query;
	struct buf out;
	buf_init(&out);
	answer_stream_head(subscriber->connection, &out, subscriber->transport->content_type, false);
	/* The id makes a client that is cut off before its first event come back to here. */
	buf_printf(&out, "retry: %d\nid: %lld\n\n", RETRY_MS, (long long)subscriber->cursor);
	send_buf(subscriber, &out);
	buf_free(&out);
	timers_set(&subscriber->live->loop.timers, &subscriber->timer, subscriber->live->loop.now_ms,
		   SUBSCRIBER_BEAT_MS);
}

bool sse_has_room(const struct subscriber *subscriber)
{
	return outbox_has_room(&subscriber->connection->outbox);
}

void sse_send(struct subscriber *subscriber, struct chunk *chunk)
{
	connection_send(subscriber->connection, chunk);
}

void sse_put_gap(struct buf *out, int64_t after, int64_t next)
{
	struct buf data;
	struct jw jw;
	buf_init(&data);
	jw_init(&jw, &data);
	jw_object(&jw, NULL);
	jw_int(&jw, "after", after);
	jw_int(&jw, "next", next);
	jw_object_end(&jw);
	sse_put(out, next, "gap", data.p, data.n);
	buf_free(&data);
}

void sse_gap(struct subscriber *subscriber, int64_t after)
{
	struct buf out;
	buf_init(&out);
	sse_put_gap(&out, after, subscriber->cursor);
	send_buf(subscriber, &out);
	buf_free(&out);
}

void sse_settle(struct subscriber *subscriber, bool is_at_head)
{
	(void)subscriber;
	(void)is_at_head;
}

void sse_beat(struct subscriber *subscriber, const struct buf *out)
{
	struct live *live = subscriber->live;
	if (++subscriber->beats % SUBSCRIBER_BEATS_A_CHECK == 0)
		subscriber_check_session(subscriber, false);
	if (subscriber->is_over)
		return;
	timers_set(&live->loop.timers, &subscriber->timer, live->loop.now_ms, SUBSCRIBER_BEAT_MS);
	if (subscriber->connection->outbox.bytes > 0)
		return;
	send_buf(subscriber, out);
	connection_flush(subscriber->connection);
}

/* An id without data moves the client's last id and is no event to it. */
static void beat(struct subscriber *subscriber)
{
	struct buf out;
	buf_init(&out);
	buf_printf(&out, ": beat\nid: %lld\n\n", (long long)subscriber->cursor);
	sse_beat(subscriber, &out);
	buf_free(&out);
}

void sse_end(struct subscriber *subscriber, enum subscriber_end why)
{
	struct buf out;
	buf_init(&out);
	if (why == SUBSCRIBER_END_SESSION)
		buf_puts(&out, ": this session has ended\n\n");
	else /* Spread over a second and a half, so that not all come back at the same moment. */
		buf_printf(&out, "retry: %d\n\n",
			   RETRY_MS / 2 + subscriber->connection->watch.fd * 37 % (RETRY_MS * 3 / 2));
	send_buf(subscriber, &out);
	buf_free(&out);
	subscriber_finish(subscriber);
}

static bool encode(struct live *live, enum item_form form, const struct event *event, struct buf *out)
{
	struct str payload = payload_for_programs(live, event);
	(void)form;
	sse_put(out, event->seq, event->type, payload.p, payload.n);
	return true;
}

const struct transport sse_transport = {
    .name = "sse",
    .content_type = "text/event-stream",
    .size_bytes = sizeof(struct subscriber),
    .form = ITEM_SSE,
    .encode = encode,
    .wants = subscriber_wants,
    .open = sse_open,
    .has_room = sse_has_room,
    .send = sse_send,
    .gap = sse_gap,
    .settle = sse_settle,
    .tick = beat,
    .end = sse_end,
};
