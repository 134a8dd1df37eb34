/* Fan-out: which subscriber gets which event, from the window or from a page of its own. */
#include "live/delivery.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "domain/message/message_marker.h"
#include "live/live.h"
#include "live/log_reader.h"

#include <string.h>

enum { DUE_BETWEEN_CLOCKS = 32, SCRATCH_KEPT_BYTES = 64 * 1024, ARENA_KEPT_BYTES = 256 * 1024 };

_Static_assert(SUBSCRIBER_CHUNK_BYTES_MAX >= 2 * EVENT_PAYLOAD_MAX + 128 * 1024, "whatever a program is told fits");

void delivery_init(struct delivery *delivery)
{
	list_init(&delivery->due);
	list_init(&delivery->behind);
}

void delivery_wake(struct live *live, struct subscriber *subscriber)
{
	if (subscriber->is_over || !list_is_empty(&subscriber->queue))
		return;
	if (!subscriber->transport->has_room(subscriber)) {
		signals_skip(&live->signals, subscriber);
		return;
	}
	if (subscriber_is_at_head(subscriber)) {
		if (signals_wait_for(&live->signals, subscriber))
			list_append(&live->delivery.due, &subscriber->queue);
		return;
	}
	if (subscriber->cursor < live->window.after)
		list_append(&live->delivery.behind, &subscriber->queue);
	else if (subscriber->cursor < live->window.head)
		list_append(&live->delivery.due, &subscriber->queue);
}

void delivery_wake_all(struct live *live)
{
	for (struct list *at = live->subscribers.next; at != &live->subscribers; at = at->next)
		delivery_wake(live, LIST_OWNER(at, struct subscriber, node));
}

enum item_form delivery_form_for(const struct subscriber *subscriber, const struct event *event)
{
	const struct transport *transport = subscriber->transport;
	return transport->form_for != NULL ? transport->form_for(subscriber, event) : transport->form;
}

struct chunk *delivery_encode(struct live *live, const struct transport *transport, enum item_form form,
			      const struct event *event)
{
	struct buf *scratch = &live->scratch;
	struct chunk *chunk = NULL;
	buf_clear(scratch);
	if (transport->encode(live, form, event, scratch) && scratch->n > 0) {
		if (scratch->n <= SUBSCRIBER_CHUNK_BYTES_MAX)
			chunk = chunk_make(scratch->p, scratch->n);
		else
			log_event(LOG_ERROR, "event_too_large", log_text("type", event->type),
				  log_number("seq", event->seq));
	}
	if (scratch->cap > SCRATCH_KEPT_BYTES)
		buf_free(scratch);
	return chunk;
}

/* The event with the message that it answers, if it does, as that is now. */
static enum err with_answered(struct live *live, const struct event *event, bool reads_history, struct event *out)
{
	*out = *event;
	if (!message_marker_is_in(event->payload, event->payload_n))
		return ERR_OK;
	struct buf *payload = buf_in_arena(&live->arena);
	TRY(database_check(&live->database, message_marker_expand(live->database.sql, event->payload, event->payload_n,
								  reads_history, payload)));
	out->payload = payload->p;
	out->payload_n = payload->n;
	return ERR_OK;
}

/* The event's bytes for one subscriber alone, from the log or because others are told more of it. */
static enum err own_chunk(struct live *live, struct subscriber *subscriber, const struct event *event,
			  struct chunk **out)
{
	struct event whole;
	bool reads_history = true;
	if (message_marker_is_in(event->payload, event->payload_n))
		TRY(viewers_read_history(&live->viewers, subscriber->viewer, event->channel_id, &reads_history));
	TRY(with_answered(live, event, reads_history, &whole));
	*out = delivery_encode(live, subscriber->transport, delivery_form_for(subscriber, event), &whole);
	return ERR_OK;
}

/* Encodes an item of the window at its first use; a hold for the caller. */
static enum err item_chunk(struct live *live, struct subscriber *subscriber, struct item *item, struct chunk **out)
{
	enum item_form form = delivery_form_for(subscriber, &item->event);
	bool reads_history = true;
	if (item->is_answer)
		TRY(viewers_read_history(&live->viewers, subscriber->viewer, item->event.channel_id, &reads_history));
	if (!reads_history)
		return own_chunk(live, subscriber, &item->event, out);
	if (!item->is_encoded[form]) {
		struct event whole;
		TRY(with_answered(live, &item->event, true, &whole));
		window_set_form(&live->window, item, form, delivery_encode(live, subscriber->transport, form, &whole));
	}
	*out = item->forms[form] == NULL ? NULL : chunk_hold(item->forms[form]);
	return ERR_OK;
}

/* Whether the event tells what was said in a channel before the subscriber came: it is from then, or somebody pins or
 * changes an old message, which tells it whole. Whoever lost the line for a moment had come: what is as young as that
 * is no history to them. */
static bool is_history(const struct subscriber *subscriber, const struct event *event)
{
	if (event->channel_id == 0 || event->message_id == 0 || strcmp(event->type, "MESSAGE_DELETE") == 0)
		return false;
	bool is_from_before = event->seq <= subscriber->target || strcmp(event->type, "MESSAGE_UPDATE") == 0;
	return is_from_before && clock_now_ms() - id_created_at_ms(event->message_id) > DELIVERY_RECENT_MS;
}

/* Whether the subscriber asked for the event and may see it now. Errors are the database's. */
static enum err is_for(struct live *live, const struct subscriber *subscriber, const struct event *event, bool *answer)
{
	*answer = false;
	if (!subscriber->transport->wants(subscriber, event))
		return ERR_OK;
	TRY(viewers_see(&live->viewers, subscriber->viewer, event, answer));
	if (!*answer || !is_history(subscriber, event))
		return ERR_OK;
	return viewers_read_history(&live->viewers, subscriber->viewer, event->channel_id, answer);
}

/* A round is over: the transport may have something to add, then it is written, and the rest waits for its turn. */
static void settle(struct live *live, struct subscriber *subscriber)
{
	subscriber->transport->settle(subscriber, subscriber_is_at_head(subscriber));
	connection_flush(subscriber->connection);
	delivery_wake(live, subscriber);
}

static enum err send_window(struct live *live, struct subscriber *subscriber)
{
	uint64_t number = window_find(&live->window, subscriber->cursor);
	for (;; number++) {
		struct item *item = window_at(&live->window, number);
		if (item == NULL) {
			subscriber->cursor = live->window.head;
			return ERR_OK;
		}
		if (!subscriber->transport->has_room(subscriber))
			return ERR_OK;
		bool is_its;
		TRY(is_for(live, subscriber, &item->event, &is_its));
		struct chunk *chunk = NULL;
		if (is_its)
			TRY(item_chunk(live, subscriber, item, &chunk));
		if (chunk != NULL)
			subscriber->transport->send(subscriber, chunk);
		subscriber->cursor = item->event.seq;
	}
}

/* What lies beyond the window's head waits for intake, which has to learn from it first. */
static enum err send_page(struct live *live, struct subscriber *subscriber, const struct log_page *page)
{
	for (int i = 0; i < page->count; i++) {
		const struct event *event = &page->events[i];
		if (event->seq > live->window.head || !subscriber->transport->has_room(subscriber))
			return ERR_OK;
		bool is_its;
		TRY(is_for(live, subscriber, event, &is_its));
		struct chunk *chunk = NULL;
		if (is_its)
			TRY(own_chunk(live, subscriber, event, &chunk));
		if (chunk != NULL)
			subscriber->transport->send(subscriber, chunk);
		subscriber->cursor = event->seq;
	}
	return ERR_OK;
}

static enum err send_from_log(struct live *live, struct subscriber *subscriber)
{
	struct log_page page;
	TRY(log_reader_page(&live->database, &live->arena, subscriber->cursor, &page));
	if (!page.is_gap)
		return send_page(live, subscriber, &page);
	subscriber_lose(subscriber, page.range.head);
	return ERR_OK;
}

static void release_arena(struct live *live)
{
	if (live->arena.used_bytes > ARENA_KEPT_BYTES)
		arena_free(&live->arena);
	else
		arena_reset(&live->arena);
}

/* Serves the first of a queue. When the database fails it goes back to a queue as it is. */
static void serve_first(struct live *live, struct list *queue)
{
	struct subscriber *subscriber = LIST_OWNER(queue->next, struct subscriber, queue);
	list_remove(&subscriber->queue);
	/* Since it was queued, the window may have moved on. */
	enum err err =
	    subscriber->cursor < live->window.after ? send_from_log(live, subscriber) : send_window(live, subscriber);
	if (err == ERR_OK)
		signals_send(live, subscriber);
	release_arena(live);
	if (err == ERR_OK)
		settle(live, subscriber);
	else
		delivery_wake(live, subscriber);
}

bool delivery_turn(struct live *live)
{
	struct delivery *delivery = &live->delivery;
	if (!database_is_open(&live->database))
		return false; /* opening it wakes the loop */
	int64_t until_ms = clock_monotonic_ms() + DELIVERY_DUE_MS;
	for (int i = 1; !list_is_empty(&delivery->due) && database_is_open(&live->database); i++) {
		serve_first(live, &delivery->due);
		if (i % DUE_BETWEEN_CLOCKS == 0 && clock_monotonic_ms() >= until_ms)
			break;
	}
	if (list_is_empty(&delivery->due))
		window_trim(&live->window, WINDOW_BYTES_IDLE);
	until_ms = clock_monotonic_ms() + DELIVERY_BEHIND_MS;
	while (!list_is_empty(&delivery->behind) && database_is_open(&live->database)) {
		serve_first(live, &delivery->behind);
		if (clock_monotonic_ms() >= until_ms)
			break;
	}
	return database_is_open(&live->database) &&
	       !(list_is_empty(&delivery->due) && list_is_empty(&delivery->behind));
}
