/* The event log: every change in order of seq, the one cursor of the system (epoch * 2^40 + n, below 2^53). */
#ifndef SNUG_DOMAIN_EVENT_EVENT_H
#define SNUG_DOMAIN_EVENT_EVENT_H

#include "domain/apply.h"

enum { EVENT_PAGE_MAX = 256, EVENT_EPOCH_SHIFT = 40, EVENT_EPOCH_MAX = 8191, EVENT_PAYLOAD_MAX = 256 * 1024 };

#define EVENT_EPOCH_START_MAX (INT64_C(1) << 39)

/* Where an event goes. channel_id set: those who may view that channel now; with user_id of these that person alone. Else
 * user_id without guild_id: that person. Else guild_id: its members. A type that starts with '_' is internal and leaves
 * the server in no form. */
struct event {
	int64_t seq;
	const char *type;
	int64_t guild_id, channel_id, user_id, message_id;
	const char *payload; /* JSON text of Discord's payload */
	size_t payload_n;
};

/* What somebody must be allowed, beyond that, to be told of events of this type: 0 but for those that managers alone
 * hear. In the event's channel where it has one, else in its guild. */
uint64_t event_needs(const char *type);

/* Appends an event in the current transaction; seq is filled in. */
enum err event_append(struct apply *apply, struct event *event) MUST_USE;

/* Appends it once for each person that is now in event->channel_id, or without one a member of event->guild_id, addressed
 * to them alone: for those who will be that no more when it is read. */
enum err event_append_to_each(struct apply *apply, const struct event *event) MUST_USE;

struct event_range {
	int64_t oldest; /* resuming after a cursor below oldest - 1 is a gap */
	int64_t head;   /* the newest seq; oldest - 1 when there is none */
};

/* Reads what is kept now. */
enum err event_range(struct sql *db, struct event_range *out) MUST_USE;

/* Whether a client at cursor missed events that are no longer kept, or comes from another history. */
bool event_is_gap(const struct event_range *range, int64_t cursor);

/* Reads up to limit (EVENT_PAGE_MAX at most) events after the cursor, in order, into list; strings are in the arena. */
enum err event_list(struct sql *db, struct arena *arena, int64_t after, int limit, struct event *list,
		    int *count) MUST_USE;

/* Blanks what the log holds of a message: its events stay as numbers without type or text. */
enum err event_scrub_message(struct apply *apply, int64_t message_id) MUST_USE;

/* Begins a new epoch, in the current transaction, whose first seq lies `start` (1 to EVENT_EPOCH_START_MAX) above its
 * beginning. After a restore every cursor that was handed out before is then a gap; start is random, so that this holds
 * for those of an earlier restore of the same backup too. */
enum err event_begin_epoch(struct sql *db, int64_t start) MUST_USE;

/* Drops the oldest events beyond keep and all that earlier epochs left, a bounded number a call; *is_done when none of
 * them are left. */
enum err event_prune(struct sql *db, int64_t keep, bool *is_done) MUST_USE;

#endif
