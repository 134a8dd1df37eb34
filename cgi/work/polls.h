/* What the worker waits for in one turn: every part adds its descriptors and the time by which it wants to be called.
 * After the wait each part looks at its own, none of which blocks; who was the cause does not matter. */
#ifndef SNUG_WORK_POLLS_H
#define SNUG_WORK_POLLS_H

#include "base/ensure.h"

#include <poll.h>
#include <stdint.h>

enum { POLLS_MAX = 128 };

struct polls {
	struct pollfd fds[POLLS_MAX];
	nfds_t count;
	int64_t until_ms; /* monotonic; INT64_MAX: for ever */
};

static inline void polls_add(struct polls *polls, int fd)
{
	ensure(polls->count < POLLS_MAX);
	polls->fds[polls->count++] = (struct pollfd){.fd = fd, .events = POLLIN};
}

static inline void polls_until(struct polls *polls, int64_t at_ms)
{
	if (at_ms < polls->until_ms)
		polls->until_ms = at_ms;
}

#endif
