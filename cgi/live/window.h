/* The newest events, kept so that what goes to many is read and encoded once. A subscriber whose cursor stands in the
 * window is served from it; one that stands before it reads the event log by itself (live/log_reader.h).
 *
 * Invariants: the window holds every event with after < seq <= head, in order; at most WINDOW_ITEMS_MAX of them and,
 * but for a single larger one, WINDOW_BYTES_MAX with all their encoded forms. Items are counted from the start of the
 * program: those there are now have the numbers first to first + count - 1. */
#ifndef SNUG_LIVE_WINDOW_H
#define SNUG_LIVE_WINDOW_H

#include "domain/event/event.h"
#include "live/chunk.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	WINDOW_ITEMS_MAX = 256,
	WINDOW_BYTES_MAX = 2 * 1024 * 1024, /* while a burst is being delivered */
	WINDOW_BYTES_IDLE = 128 * 1024,     /* kept for those who come back */
};

/* What an event looks like on each transport. */
enum item_form { ITEM_SSE, ITEM_POLL, ITEM_PAGE, ITEM_NOTE, ITEM_FORM_COUNT };

struct item {
	struct event event;                   /* its strings lie in the item */
	size_t bytes;                         /* with its forms */
	struct chunk *forms[ITEM_FORM_COUNT]; /* NULL until it is wanted, and where the transport has no form for it */
	bool is_encoded[ITEM_FORM_COUNT];
	bool is_answer; /* what it answers is read when it is encoded: domain/message/message_marker.h */
};

struct window {
	struct item *ring[WINDOW_ITEMS_MAX];
	uint64_t first;
	size_t count;
	size_t bytes;
	int64_t after, head;
};

/* An empty window at seq. */
void window_init(struct window *window, int64_t seq);

/* Drops everything and starts again at seq. */
void window_reset(struct window *window, int64_t seq);

/* Adds a copy of the event that follows the head. */
void window_push(struct window *window, const struct event *event);

/* The number of the first event after the cursor, to count on from. cursor >= after. */
uint64_t window_find(const struct window *window, int64_t cursor);

/* NULL past the end. */
struct item *window_at(const struct window *window, uint64_t number);

/* Gives the item its encoded form; chunk is taken over and may be NULL. Older items may be dropped for it. */
void window_set_form(struct window *window, struct item *item, enum item_form form, struct chunk *chunk);

/* Drops the oldest items beyond that many bytes. */
void window_trim(struct window *window, size_t bytes);

/* Forgets what messages said, as the log does: of one message, and of those that answer it what they show of it; or of
 * all in a channel. */
void window_scrub_message(struct window *window, int64_t message_id);
void window_scrub_channel(struct window *window, int64_t channel_id);

#endif
