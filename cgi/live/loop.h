/* One epoll instance, and timers: everything that snug-live waits for. Level-triggered.
 * Invariant: after loop_unwatch a watch is not called again, not even for what the current turn already knows; so
 * whoever closes a descriptor unwatches it first and may then free the watch. */
#ifndef SNUG_LIVE_LOOP_H
#define SNUG_LIVE_LOOP_H

#include "base/err.h"
#include "live/timers.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

/* A descriptor of interest. It is the first member of the thing that owns it. */
struct watch {
	int fd;
	uint32_t interest; /* EPOLL… bits; EPOLLHUP and EPOLLERR come unasked. 0: not watched */
	void (*ready)(struct watch *watch, uint32_t events);
};

enum { LOOP_BATCH = 128 };

struct loop {
	int epoll_fd;
	int64_t now_ms;   /* monotonic, as of this turn */
	int64_t ahead_ms; /* of the clock: tests travel in time */
	struct timers timers;
	struct epoll_event batch[LOOP_BATCH];
	int batch_count;
};

void loop_open(struct loop *loop);
void loop_close(struct loop *loop);

/* Starts watching, or changes what is watched for. interest is not 0. ERR_OVERLOADED when the kernel has no room. */
enum err loop_watch(struct loop *loop, struct watch *watch, uint32_t interest) MUST_USE;

/* Before the descriptor is closed. Not being watched is fine. */
void loop_unwatch(struct loop *loop, struct watch *watch);

/* One turn: waits for descriptors and timers (not at all unless may_wait), then calls what is ready, timers first. */
void loop_turn(struct loop *loop, bool may_wait);

#endif
