/* The feed: a bell that rings with the newest seq after each commit. Whoever hears it reads the log by seq, so a
 * listener that lags has missed nothing, and the store never waits for one. */
#ifndef SNUG_STORE_FEED_H
#define SNUG_STORE_FEED_H

#include <stdbool.h>
#include <stdint.h>

enum { FEED_LISTENERS_MAX = 64 };

struct feed {
	int fds[FEED_LISTENERS_MAX];
	int count;
};

/* Takes a connected socket over and rings it once with head; closes it when there are too many. */
void feed_add(struct feed *feed, int fd, int64_t head);

/* Rings all. A listener whose socket is full has bells to read already and is skipped; the next commit rings again. */
void feed_ring(struct feed *feed, int64_t head);

/* Closes those whose other end is gone. Listeners say nothing; what they send is thrown away. */
void feed_sweep(struct feed *feed);

#endif
