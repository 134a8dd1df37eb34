/* Signals: what front programs tell at once and no log holds (front/signal.h), so far that somebody is typing. They
 * come by a socket that snug run hands down, and go to those subscribers alone who are up to date and have room at that
 * moment: nobody is sent one later, and nobody's cursor moves.
 *
 * A signal waits until the log has been read to its end, as that stands after the signal came. So who may see it is
 * decided by all that was committed before, and it never comes before a message that its sender posted earlier; what it
 * tells of, when such a message is there, is over, and it is dropped.
 *
 * Invariants: items are counted from the start of the program; those kept have the numbers first to next - 1, those
 * before offered have been offered to all subscribers. */
#ifndef SNUG_LIVE_SIGNALS_H
#define SNUG_LIVE_SIGNALS_H

#include "base/err.h"
#include "domain/event/event.h"
#include "front/signal.h"
#include "live/chunk.h"
#include "live/loop.h"
#include "live/window.h"

#include <stdbool.h>
#include <stdint.h>

struct live;
struct subscriber;

enum {
	SIGNALS_MAX = 64,              /* kept at a time: of more the oldest are lost to whom they have not reached */
	SIGNALS_TAKEN_A_TURN = 32,     /* the rest waits in the socket, and what that does not hold is dropped there */
	SIGNAL_AGE_MAX_MS = 10 * 1000, /* by then whoever was typing is no longer said to be */
};

struct signal_item {
	struct signal signal;
	bool is_void;     /* tells nobody anything any more */
	bool has_channel; /* the next two were read */
	bool is_dm;       /* of two people */
	int64_t guild_id; /* 0: none */
	bool is_encoded[ITEM_FORM_COUNT];
	struct chunk *forms[ITEM_FORM_COUNT]; /* NULL until it is wanted, and where there is none */
};

struct signals {
	struct watch watch; /* first: the loop gives it back */
	struct live *live;
	struct signal_item ring[SIGNALS_MAX];
	uint64_t first, offered, next;
};

/* Takes signals from fd; -1: from nobody. The descriptor stays the caller's. */
void signals_open(struct signals *signals, struct live *live, int fd);
void signals_close(struct signals *signals);

/* Forgets what the event, which was read from the log, makes void. */
void signals_learn(struct signals *signals, const struct event *event);

/* Offers what has come to all who may take it now: when the log has been read to its end. */
void signals_turn(struct live *live);

/* Whether a signal waits for the subscriber that it asked for; passes over those that it did not. */
bool signals_wait_for(struct signals *signals, struct subscriber *subscriber);

/* Hands the subscriber, which has been sent what the window holds, the signals that are for it. */
void signals_send(struct live *live, struct subscriber *subscriber);

/* The subscriber goes without what has been offered so far. */
void signals_skip(const struct signals *signals, struct subscriber *subscriber);

#endif
