/* Who may see what, remembered for the people who have a stream open. Permission itself is decided in domain/perm; this
 * is only a memory of its answers, emptied by every event that may change one. An answer is asked for when the first
 * event that needs it comes by.
 *
 * Why it can be trusted: events are read in order, and viewers_learn hears each before any of the same page is
 * delivered. An answer taken from the database is at least as new as the last event that was read, and a change that
 * comes later has an event of its own, which is read before whatever follows it. */
#ifndef SNUG_LIVE_VIEWER_H
#define SNUG_LIVE_VIEWER_H

#include "base/err.h"
#include "base/id_map.h"
#include "domain/event/event.h"
#include "live/list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bounds what one account's memory may take (4 kB); beyond, it starts again from nothing. */
enum { VIEWER_ANSWERS_MAX = 192 };

/* How many threads are known at a time; beyond, all is forgotten. */
enum { VIEWERS_THREADS_MAX = 4096 };

/* Where answers come from; errors are the database's. */
struct viewer_source {
	enum err (*sees_channel)(void *owner, int64_t channel_id, int64_t user_id, bool *sees);
	enum err (*reads_history)(void *owner, int64_t channel_id, int64_t user_id, bool *reads);
	enum err (*is_member)(void *owner, int64_t guild_id, int64_t user_id, bool *is_member);
	/* of a thread, for ever; 0 for everything else */
	enum err (*thread_parent)(void *owner, int64_t channel_id, int64_t *parent_id);
	/* has every bit of needed in the channel, or with channel_id 0 in the guild */
	enum err (*may)(void *owner, const struct event *event, int64_t user_id, uint64_t needed, bool *may);
	void *owner;
};

struct viewer {
	int64_t user_id;
	size_t holders;          /* streams that the account has open */
	struct list subscribers; /* of struct subscriber, member fellow */
	struct id_map answers; /* by channel or guild id, which are never the same; of history by minus the channel's */
};

/* Whoever may see a thread may do so because of its channel, so what changes there is forgotten of its threads too:
 * answers about a thread are kept only while its channel is known. */
struct viewers {
	struct id_map by_user;
	struct id_map threads; /* of which an answer may be remembered: the id of the channel, as a pointer */
	struct viewer_source source;
};

void viewers_init(struct viewers *viewers, const struct viewer_source *source);
void viewers_free(struct viewers *viewers); /* nobody holds any */

/* The account's viewer, made when this is its first stream. */
struct viewer *viewers_hold(struct viewers *viewers, int64_t user_id);
void viewers_drop(struct viewers *viewers, struct viewer *viewer);

/* NULL when the account has no stream open. */
struct viewer *viewers_find(const struct viewers *viewers, int64_t user_id);

/* Whether the account may see the event now (domain/event/event.h says whose it is). Internal events are nobody's. */
enum err viewers_see(struct viewers *viewers, struct viewer *viewer, const struct event *event, bool *sees) MUST_USE;

/* Whether the account may see the channel now; deleted ones count as they stood. */
enum err viewers_see_channel(struct viewers *viewers, struct viewer *viewer, int64_t channel_id, bool *sees) MUST_USE;

/* Whether the account may read now what was said in the channel before it came; not in one that was deleted. */
enum err viewers_read_history(struct viewers *viewers, struct viewer *viewer, int64_t channel_id, bool *reads) MUST_USE;

/* Forgets what the event may have changed. Anything but a message, a draft or what managers alone hear of counts as a
 * change of permission. */
void viewers_learn(struct viewers *viewers, const struct event *event);

void viewers_forget_all(struct viewers *viewers);

#endif
