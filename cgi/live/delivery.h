/* Hands events to subscribers, fairly. Two queues: those whose next event stands in the window are due and are served
 * first; those that are further behind read the log by themselves, a page each in turn, while others are kept waiting
 * for a few milliseconds at most. A subscriber that has no room stands in no queue until its peer has taken what is
 * there. */
#ifndef SNUG_LIVE_DELIVERY_H
#define SNUG_LIVE_DELIVERY_H

#include "live/list.h"

#include <stdbool.h>

struct live;
struct subscriber;

enum {
	DELIVERY_DUE_MS = 10,               /* a turn's share for the window */
	DELIVERY_BEHIND_MS = 4,             /* a turn's share for pages from the log */
	DELIVERY_RECENT_MS = 5 * 60 * 1000, /* what is younger may be caught up with by who may not read history */
};

struct delivery {
	struct list due, behind;
};

void delivery_init(struct delivery *delivery);

/* Queues the subscriber if there is something for it and it has room. */
void delivery_wake(struct live *live, struct subscriber *subscriber);
void delivery_wake_all(struct live *live);

/* Serves for a turn's share. Returns whether work is left that can be done now. */
bool delivery_turn(struct live *live);

#endif
