/* What a person's own list of channels shows: less of each than its whole view, because every page has it. */
#ifndef SNUG_DOMAIN_CHANNEL_CHANNEL_SIDEBAR_H
#define SNUG_DOMAIN_CHANNEL_CHANNEL_SIDEBAR_H

#include "domain/channel/channel.h"

enum { CHANNEL_SIDEBAR_DIRECT_MAX = 40, CHANNEL_SIDEBAR_MORE_MAX = 12 };

struct channel_sidebar {
	int64_t user_id;
	int64_t current_id; /* the channel that is open, of whatever kind; it is listed in any case. 0: none */
	int64_t now_ms;
};

/* An object of the channels of a workspace that the user may view:
 *   groups  [{"id", "name", "channels"}]: those the user is in, by category; the first, of no category, has id and name
 *           null. Archived ones are left out, and categories in which none are left.
 *   more    the first CHANNEL_SIDEBAR_MORE_MAX of the others that are not archived, and of them the open one and those
 *           in which the user follows a thread
 * A channel is {"id","guild_id","name","private","archived","muted","is_current","has_threads","threads"}; its threads
 * are those that are active and that the user follows, and the open one:
 * {"id","guild_id","name","private","muted","is_current"}. ERR_UNKNOWN_GUILD for strangers. */
enum err channel_sidebar_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
				 const struct channel_sidebar *whose) MUST_USE;

/* An array of the direct messages and groups that the user is in and has not closed: {"channel":
 * channel_view_to_json, "muted", "is_current"}, those that were written in last first. */
enum err channel_sidebar_direct_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
					const struct channel_sidebar *whose) MUST_USE;

/* The channel of a workspace to open for somebody who comes: the first that they are in, else the first that they may
 * view; archives last. 0 when there is none. ERR_UNKNOWN_GUILD for strangers. */
enum err channel_first_to_open(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id,
			       int64_t *channel_id) MUST_USE;

/* The direct message or group that was written in last; 0 when there is none. */
enum err channel_last_direct(struct sql *db, int64_t user_id, int64_t *channel_id) MUST_USE;

#endif
