/* Somebody who follows the event log over one connection. What is common to all is here and in subscriber.c; how each
 * transport speaks is one file behind struct transport: sse.c, poll.c, page.c. (The WebSocket gateway is to be
 * another.)
 *
 * Invariants: cursor only grows, and everything up to it that the account may see has been handed to the transport, or
 * was announced as a gap. A subscriber that is over stands in no list, has no timer, and is freed with its connection.
 */
#ifndef SNUG_LIVE_SUBSCRIBER_H
#define SNUG_LIVE_SUBSCRIBER_H

#include "base/buf.h"
#include "domain/event/event.h"
#include "live/chunk.h"
#include "live/list.h"
#include "live/live_query.h"
#include "live/timers.h"
#include "live/viewer.h"
#include "live/window.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct connection;
struct live;
struct subscriber;

enum {
	SUBSCRIBER_BEAT_MS = 15 * 1000, /* between signs of life */
	SUBSCRIBER_BEATS_A_CHECK = 4,   /* so that the session is looked at again every minute */
	SUBSCRIBERS_PER_USER_MAX =
	    200, /* streams one account may have open: bounds what one person can take from all */
	/* Of one encoded event. No event is larger: a payload, the message that it answers, addresses of files. */
	SUBSCRIBER_CHUNK_BYTES_MAX = 768 * 1024
};

enum subscriber_end {
	SUBSCRIBER_END_SHUTDOWN, /* this program ends; the client comes back */
	SUBSCRIBER_END_SESSION,  /* the session or token was revoked */
};

struct transport {
	const char *name;
	const char *content_type;
	size_t size_bytes; /* of the struct that begins with a struct subscriber */
	enum item_form form;
	bool needs_naming; /* signals (live/signals.h) go to those alone who named the types that they want */
	/* Which form of this event the subscriber gets; NULL: always `form`. */
	enum item_form (*form_for)(const struct subscriber *subscriber, const struct event *event);

	/* Appends what the event looks like to every subscriber that gets this form. False when it has none. */
	bool (*encode)(struct live *live, enum item_form form, const struct event *event, struct buf *out);
	/* Whether this subscriber asked for it; permission is not the question. */
	bool (*wants)(const struct subscriber *subscriber, const struct event *event);

	/* Sends the head of the reply and the first bytes. */
	void (*open)(struct subscriber *subscriber, const struct live_query *query);
	/* Whether another event may be sent now. */
	bool (*has_room)(const struct subscriber *subscriber);
	/* Takes over one hold of an encoded event. */
	void (*send)(struct subscriber *subscriber, struct chunk *chunk);
	/* Continuity is lost: what stands between after and the cursor will not come. Does not flush. */
	void (*gap)(struct subscriber *subscriber, int64_t after);
	/* A round of sending is over; is_at_head: there is nothing more to be had now. */
	void (*settle)(struct subscriber *subscriber, bool is_at_head);
	/* The timer fired. */
	void (*tick)(struct subscriber *subscriber);
	/* Says good-bye and finishes the connection. */
	void (*end)(struct subscriber *subscriber, enum subscriber_end why);
	/* Frees what the transport holds itself; NULL: nothing. */
	void (*release)(struct subscriber *subscriber);
};

struct subscriber {
	const struct transport *transport;
	struct live *live;
	struct connection *connection;
	struct viewer *viewer;
	int64_t session_id;
	int64_t cursor;
	int64_t target; /* the head of the log when it opened: what stood there then is not waited for but read, and is
			 * history to who may not read that */
	uint64_t signal;    /* the number of the next one that it may be sent: live/signals.h */
	int64_t channel_id; /* 0: every channel */
	char *types;        /* as in struct live_query, owned */
	struct timer timer;
	struct list node;   /* of live->subscribers */
	struct list queue;  /* of one of the delivery's queues */
	struct list fellow; /* of viewer->subscribers */
	unsigned beats;
	bool is_over;
};

/* What a new subscriber is made of. */
struct subscription {
	const struct transport *transport;
	int64_t user_id, session_id;
	const struct live_query *query;
	struct event_range range; /* of the log, now */
};

/* Makes the connection a subscriber's and sends its first bytes. */
void subscriber_open(struct connection *connection, const struct subscription *subscription);

/* The transport has said everything: the connection is closed once that is written. */
void subscriber_finish(struct subscriber *subscriber);

/* Takes the subscriber out of everything; its connection closes. subscriber_free is for the connection alone. */
void subscriber_detach(struct subscriber *subscriber);
void subscriber_free(struct subscriber *subscriber);

/* Continuity is lost: the subscriber is told, and goes on from head. */
void subscriber_lose(struct subscriber *subscriber, int64_t head);

/* Whether nothing more is to be had now. */
bool subscriber_is_at_head(const struct subscriber *subscriber);

/* What most transports want: the channel and the types that were asked for. */
bool subscriber_wants(const struct subscriber *subscriber, const struct event *event);

/* Ends the subscriber when its session no longer speaks for the account. With is_strict also when that cannot be said.
 */
void subscriber_check_session(struct subscriber *subscriber, bool is_strict);

#endif
