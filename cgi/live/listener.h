/* Accepts connections, within what descriptors allow: beyond the limit a connection is still accepted, to be told 503
 * with Retry-After, and when there is no descriptor at all the reserve is given up for that. */
#ifndef SNUG_LIVE_LISTENER_H
#define SNUG_LIVE_LISTENER_H

#include "live/loop.h"

#include <stdbool.h>
#include <stddef.h>

struct live;

enum {
	LISTENER_ACCEPTS_A_TURN = 64,
	LISTENER_PAUSE_MS = 100,        /* when nothing can be accepted */
	LISTENER_OWN_DESCRIPTORS = 32,  /* database, templates, log, … */
	LISTENER_SHED_DESCRIPTORS = 32, /* for those that are told to come back */
};

struct listener {
	struct watch watch; /* first: the loop gives it back */
	struct live *live;
	struct timer pause;
	size_t limit; /* connections that are served */
	int reserve_fd;
};

/* Raises the descriptor limit to what the hard limit allows. fd is a listening socket. */
void listener_open(struct listener *listener, struct live *live, int fd);
void listener_close(struct listener *listener);

/* Whether a new request is to be told to come back. */
bool listener_is_full(const struct listener *listener);

#endif
