/* The timer wheel. Delays are rounded up to whole ticks, so nothing fires early. */
#include "live/timers.h"

#include "base/ensure.h"

_Static_assert((int64_t)TIMERS_DELAY_MAX_MS / TIMERS_TICK_MS + 2 < TIMERS_SLOTS, "one turn holds the longest delay");

void timers_init(struct timers *timers, int64_t now_ms)
{
	for (size_t i = 0; i < TIMERS_SLOTS; i++)
		list_init(&timers->slots[i]);
	timers->tick = now_ms / TIMERS_TICK_MS;
	timers->count = 0;
}

void timers_prepare(struct timer *timer, void (*fire)(struct timer *timer))
{
	list_init(&timer->node);
	timer->due_tick = 0;
	timer->fire = fire;
}

static struct list *slot_of(struct timers *timers, int64_t tick)
{
	return &timers->slots[(size_t)tick % TIMERS_SLOTS];
}

void timers_set(struct timers *timers, struct timer *timer, int64_t now_ms, int64_t delay_ms)
{
	ensure(delay_ms >= 0 && delay_ms <= TIMERS_DELAY_MAX_MS);
	timers_clear(timers, timer);
	int64_t due_tick = (now_ms + delay_ms + TIMERS_TICK_MS - 1) / TIMERS_TICK_MS;
	/* A tick that has been run through comes by again only a whole turn later. */
	timer->due_tick = due_tick > timers->tick ? due_tick : timers->tick + 1;
	list_append(slot_of(timers, timer->due_tick), &timer->node);
	timers->count++;
}

void timers_clear(struct timers *timers, struct timer *timer)
{
	if (list_is_empty(&timer->node))
		return;
	list_remove(&timer->node);
	timers->count--;
}

static void run_slot(struct timers *timers)
{
	struct list *slot = slot_of(timers, timers->tick);
	struct list due;
	list_init(&due);
	list_splice(&due, slot);
	while (!list_is_empty(&due)) {
		struct timer *timer = LIST_OWNER(due.next, struct timer, node);
		list_remove(&timer->node);
		if (timer->due_tick > timers->tick) {
			list_append(slot, &timer->node);
			continue;
		}
		timers->count--;
		timer->fire(timer);
	}
}

void timers_run(struct timers *timers, int64_t now_ms)
{
	int64_t now_tick = now_ms / TIMERS_TICK_MS;
	while (timers->tick < now_tick) {
		timers->tick++;
		run_slot(timers);
	}
}

int timers_wait_ms(const struct timers *timers, int64_t now_ms)
{
	if (timers->count == 0)
		return -1;
	for (int64_t tick = timers->tick + 1; tick <= timers->tick + TIMERS_SLOTS; tick++) {
		if (list_is_empty(&timers->slots[(size_t)tick % TIMERS_SLOTS]))
			continue;
		int64_t wait_ms = tick * TIMERS_TICK_MS - now_ms;
		return wait_ms > 0 ? (int)wait_ms : 0;
	}
	return 0;
}
