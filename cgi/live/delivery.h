/* Hands events to subscribers, fairly. Two queues: those whose next event stands in the window are due and are served
 * first; those that are further behind read the log by themselves, a page each in turn, while others are kept waiting
 * for a few milliseconds at most. A subscriber that has no room stands in no queue until its peer has taken what is
 * there. */
#ifndef SNUG_LIVE_DELIVERY_H
#define SNUG_LIVE_DELIVERY_H

#include "domain/event/event.h"
#include "live/chunk.h"
#include "live/list.h"
#include "live/window.h"

#include <stdbool.h>

struct live;
struct subscriber;
struct transport;

enum {
	DELIVERY_DUE_MS = 10,               /* a turn's share for the window */
	DELIVERY_BEHIND_MS = 4,             /* a turn's share for pages from the log */
	DELIVERY_RECENT_MS = 5 * 60 * 1000, /* what is younger may be caught up with by who may not read history */
};

struct delivery {
	struct list due, behind;
};

void delivery_init(struct delivery *delivery);

/* Queues the subscriber if there is something for it and it has room. One that has none goes without signals. */
void delivery_wake(struct live *live, struct subscriber *subscriber);
void delivery_wake_all(struct live *live);

/* What both the log's events and signals are made into: the form that the subscriber gets of the event, and its bytes
 * in that form, held for the caller; NULL when it has none. */
enum item_form delivery_form_for(const struct subscriber *subscriber, const struct event *event);
struct chunk *delivery_encode(struct live *live, const struct transport *transport, enum item_form form,
			      const struct event *event);

/* Serves for a turn's share. Returns whether work is left that can be done now. */
bool delivery_turn(struct live *live);

#endif
