/* Letting a group fill up while a flush is expensive. Callers come back soon after they were answered; those of the
 * last group who have not are waited for, half of what the flush that they share will take at most. Without this two
 * crowds take turns, each waiting for the other's flush (measured with 64 clients: with 8 ms a flush 17 posts a flush
 * without, 31 with; with 2 ms 20 and 27, and the slowest hundredth waits 11 flushes instead of 14). Below 1 ms a flush
 * costs less than the work of a group, and waiting gains nothing. Nobody waits for a caller who was not there a moment
 * ago, so one client alone never waits. */
#ifndef SNUG_STORE_GATHER_H
#define SNUG_STORE_GATHER_H

#include "store/group.h"

struct gather {
	int fds[GROUP_MAX]; /* callers of the last group who have not come back */
	int count;
};

/* Remembers whom the group answered. */
void gather_note(struct gather *gather, const struct group *group);

/* The caller came back, or is gone. */
void gather_forget(struct gather *gather, int fd);

/* How long to wait for those who are missing, in microseconds; 0: the group is whole, or a flush is too cheap to wait.
 */
int64_t gather_wait_us(const struct gather *gather, const struct group *group);

#endif
