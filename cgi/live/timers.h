/* Timeouts of thousands of connections: a wheel of slots, one a tick. Setting and clearing cost the same however many
 * there are; nothing is allocated. A timer fires once, never early and at most about a tick late.
 * Invariants: a timer that is set stands in the slot due_tick % TIMERS_SLOTS; due_tick > tick. */
#ifndef SNUG_LIVE_TIMERS_H
#define SNUG_LIVE_TIMERS_H

#include "live/list.h"

#include <stdint.h>

enum {
	TIMERS_TICK_MS = 64,
	TIMERS_SLOTS = 1024,
	TIMERS_DELAY_MAX_MS = 60 * 1000, /* longest delay; one turn of the wheel is a little more */
};

struct timer {
	struct list node;
	int64_t due_tick;
	void (*fire)(struct timer *timer);
};

struct timers {
	struct list slots[TIMERS_SLOTS];
	int64_t tick;  /* everything due until now has fired */
	int64_t count; /* timers that are set */
};

void timers_init(struct timers *timers, int64_t now_ms);

/* Readies a timer that is not set. fire may set the timer again, and may set or clear others. */
void timers_prepare(struct timer *timer, void (*fire)(struct timer *timer));

/* Sets the timer, anew when it was set. 0 <= delay_ms <= TIMERS_DELAY_MAX_MS. */
void timers_set(struct timers *timers, struct timer *timer, int64_t now_ms, int64_t delay_ms);

/* Clearing a timer that is not set is fine. */
void timers_clear(struct timers *timers, struct timer *timer);

/* Fires what is due. */
void timers_run(struct timers *timers, int64_t now_ms);

/* How long to wait until the next may be due; -1 when none is set. */
int timers_wait_ms(const struct timers *timers, int64_t now_ms);

#endif
