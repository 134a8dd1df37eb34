/* The ring of the newest events. */
#include "live/window.h"

#include "base/ensure.h"
#include "domain/message/message_marker.h"

#include <stdlib.h>
#include <string.h>

static struct item **place(struct window *window, uint64_t number)
{
	return &window->ring[number % WINDOW_ITEMS_MAX];
}

struct item *window_at(const struct window *window, uint64_t number)
{
	ensure(number >= window->first);
	return number < window->first + window->count ? window->ring[number % WINDOW_ITEMS_MAX] : NULL;
}

static struct item *make_item(const struct event *event)
{
	size_t type_size = strlen(event->type) + 1;
	struct item *item = ensure_calloc(1, sizeof(*item) + type_size + event->payload_n + 1);
	char *type = (char *)(item + 1);
	char *payload = type + type_size;
	memcpy(type, event->type, type_size);
	memcpy(payload, event->payload, event->payload_n);
	item->event = *event;
	item->event.type = type;
	item->event.payload = payload;
	item->is_answer = message_marker_is_in(event->payload, event->payload_n);
	item->bytes = sizeof(*item) + type_size + event->payload_n + 1;
	return item;
}

static void drop_forms(struct window *window, struct item *item)
{
	for (size_t i = 0; i < ITEM_FORM_COUNT; i++) {
		struct chunk *chunk = item->forms[i];
		if (chunk == NULL)
			continue;
		item->bytes -= chunk->n;
		window->bytes -= chunk->n;
		item->forms[i] = NULL;
		chunk_drop(chunk);
	}
}

static void drop_oldest(struct window *window)
{
	struct item *item = *place(window, window->first);
	drop_forms(window, item);
	window->after = item->event.seq;
	window->bytes -= item->bytes;
	window->first++;
	window->count--;
	free(item);
}

void window_init(struct window *window, int64_t seq)
{
	*window = (struct window){.after = seq, .head = seq};
}

void window_reset(struct window *window, int64_t seq)
{
	while (window->count > 0)
		drop_oldest(window);
	window->after = seq;
	window->head = seq;
}

void window_trim(struct window *window, size_t bytes)
{
	while (window->count > 1 && window->bytes > bytes)
		drop_oldest(window);
}

void window_push(struct window *window, const struct event *event)
{
	ensure(event->seq > window->head);
	if (window->count == WINDOW_ITEMS_MAX)
		drop_oldest(window);
	struct item *item = make_item(event);
	*place(window, window->first + window->count) = item;
	window->count++;
	window->bytes += item->bytes;
	window->head = event->seq;
	window_trim(window, WINDOW_BYTES_MAX);
}

uint64_t window_find(const struct window *window, int64_t cursor)
{
	ensure(cursor >= window->after);
	uint64_t low = window->first, high = window->first + window->count;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		if (window->ring[middle % WINDOW_ITEMS_MAX]->event.seq <= cursor)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void window_set_form(struct window *window, struct item *item, enum item_form form, struct chunk *chunk)
{
	ensure(!item->is_encoded[form]);
	item->is_encoded[form] = true;
	item->forms[form] = chunk;
	if (chunk == NULL)
		return;
	item->bytes += chunk->n;
	window->bytes += chunk->n;
	while (window->bytes > WINDOW_BYTES_MAX && *place(window, window->first) != item)
		drop_oldest(window);
}

/* It is encoded anew when it is wanted again. */
static void forget_forms(struct window *window, struct item *item)
{
	drop_forms(window, item);
	for (size_t i = 0; i < ITEM_FORM_COUNT; i++)
		item->is_encoded[i] = false;
}

/* The item stays as a number, as its row does. A type that starts with '_' is sent to nobody. */
static void scrub(struct window *window, struct item *item)
{
	forget_forms(window, item);
	memset(item + 1, 0, item->bytes - sizeof(*item));
	item->is_answer = false;
	item->event.type = "_SCRUBBED";
	item->event.payload = "";
	item->event.payload_n = 0;
}

void window_scrub_message(struct window *window, int64_t message_id)
{
	for (uint64_t i = window->first; i < window->first + window->count; i++) {
		struct item *item = *place(window, i);
		if (item->event.message_id == message_id && strcmp(item->event.type, "MESSAGE_DELETE") != 0)
			scrub(window, item);
		else if (item->is_answer &&
			 message_marker_names(item->event.payload, item->event.payload_n, message_id))
			forget_forms(window, item);
	}
}

void window_scrub_channel(struct window *window, int64_t channel_id)
{
	for (uint64_t i = window->first; i < window->first + window->count; i++) {
		struct item *item = *place(window, i);
		if (item->event.channel_id == channel_id && item->event.message_id != 0)
			scrub(window, item);
	}
}
