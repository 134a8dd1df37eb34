/* Long polls. Events are held until the reply is made, so that its one chunk of body can begin with its length. */
#include "live/poll.h"

#include "live/answer.h"
#include "live/live.h"
#include "live/payload.h"
#include "json/jw.h"

struct poll {
	struct subscriber base; /* first */
	struct outbox held;     /* the events of the reply, and what stands between them */
	unsigned event_count;
	bool is_gap;
	bool is_time_over;
};

static struct poll *poll_of(struct subscriber *subscriber)
{
	return (struct poll *)subscriber;
}

static bool encode(struct live *live, enum item_form form, const struct event *event, struct buf *out)
{
	struct str payload = payload_for_programs(live, event);
	struct jw jw;
	(void)form;
	jw_init(&jw, out);
	jw_object(&jw, NULL);
	if (event->seq != 0)
		jw_int(&jw, "seq", event->seq);
	jw_text(&jw, "t", event->type);
	jw_raw(&jw, "d", payload.p, payload.n);
	jw_object_end(&jw);
	return true;
}

static bool has_room(const struct subscriber *subscriber)
{
	const struct poll *poll = (const struct poll *)subscriber;
	return poll->event_count < POLL_EVENTS_MAX && poll->held.bytes < POLL_BYTES_MAX && !poll->is_gap;
}

static void send_event(struct subscriber *subscriber, struct chunk *chunk)
{
	struct poll *poll = poll_of(subscriber);
	if (poll->event_count++ > 0)
		outbox_put(&poll->held, chunk_make(",", 1));
	outbox_put(&poll->held, chunk);
}

static void put_chunk_size(struct buf *out, size_t n)
{
	buf_printf(out, "%zx\r\n", n);
}

/* The whole body: what was held between a beginning and an end. */
static void answer(struct poll *poll)
{
	static const char begin[] = "{\"events\":[";
	struct connection *connection = poll->base.connection;
	bool is_chunked = !connection->is_http_1_0;
	struct buf head, tail;
	buf_init(&head);
	buf_init(&tail);
	buf_printf(&tail, "],\"next\":%lld,\"gap\":%s}\n", (long long)poll->base.cursor,
		   poll->is_gap ? "true" : "false");
	if (is_chunked)
		put_chunk_size(&head, sizeof(begin) - 1 + poll->held.bytes + tail.n);
	buf_puts(&head, begin);
	if (is_chunked)
		buf_puts(&tail, "\r\n0\r\n\r\n");
	connection_send_bytes(connection, head.p, head.n);
	outbox_move(&connection->outbox, &poll->held);
	connection_send_bytes(connection, tail.p, tail.n);
	buf_free(&head);
	buf_free(&tail);
	subscriber_finish(&poll->base);
}

static void open_poll(struct subscriber *subscriber, const struct live_query *query)
{
	struct poll *poll = poll_of(subscriber);
	struct live *live = subscriber->live;
	struct buf out;
	buf_init(&out);
	outbox_init(&poll->held);
	answer_stream_head(subscriber->connection, &out, subscriber->transport->content_type,
			   !subscriber->connection->is_http_1_0);
	connection_send_bytes(subscriber->connection, out.p, out.n);
	buf_free(&out);
	poll->is_time_over = query->timeout_ms == 0;
	if (!poll->is_time_over)
		timers_set(&live->loop.timers, &subscriber->timer, live->loop.now_ms, query->timeout_ms);
}

/* With events in hand the gap is left for the next poll: its cursor will stand where this one ends. */
static void gap(struct subscriber *subscriber, int64_t after)
{
	struct poll *poll = poll_of(subscriber);
	poll->is_gap = poll->event_count == 0;
	if (!poll->is_gap)
		subscriber->cursor = after;
	answer(poll);
}

/* Waits on only while there is nothing to say; reads on while there is more and it fits. */
static void settle(struct subscriber *subscriber, bool is_at_head)
{
	struct poll *poll = poll_of(subscriber);
	if (subscriber->is_over)
		return;
	bool is_full = !has_room(subscriber);
	if (is_full || (is_at_head && (poll->event_count > 0 || poll->is_time_over)))
		answer(poll);
}

static void time_over(struct subscriber *subscriber)
{
	answer(poll_of(subscriber));
}

static void end(struct subscriber *subscriber, enum subscriber_end why)
{
	(void)why;
	answer(poll_of(subscriber));
}

static void release(struct subscriber *subscriber)
{
	outbox_free(&poll_of(subscriber)->held);
}

const struct transport poll_transport = {
    .name = "poll",
    .content_type = "application/json",
    .size_bytes = sizeof(struct poll),
    .form = ITEM_POLL,
    .needs_naming = true,
    .encode = encode,
    .wants = subscriber_wants,
    .open = open_poll,
    .has_room = has_room,
    .send = send_event,
    .gap = gap,
    .settle = settle,
    .tick = time_over,
    .end = end,
    .release = release,
};
