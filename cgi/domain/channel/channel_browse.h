/* What a person looks through to find a channel to join, or people to talk with. */
#ifndef SNUG_DOMAIN_CHANNEL_CHANNEL_BROWSE_H
#define SNUG_DOMAIN_CHANNEL_CHANNEL_BROWSE_H

#include "domain/channel/channel.h"

enum { CHANNEL_CANDIDATES_MAX = 50, CHANNEL_CANDIDATES_QUERY_MAX = 100 };

/* An array of the workspace's categories, each {"id", "name", "is_first", "is_last", "channels"}; the first, of the
 * channels in none, has id and name null. A channel is {"id", "guild_id", "name", "topic", "private", "archived",
 * "joined", "people"}; what the user may not view is left out. ERR_UNKNOWN_GUILD for strangers. */
enum err channel_browse_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
				int64_t user_id) MUST_USE;

/* Whom to add. */
struct channel_candidates {
	int64_t guild_id;
	int64_t channel_id; /* who is in it already, or banned from it, is left out; 0: none in particular */
	int64_t not_id;     /* left out too: whoever asks */
	const char *query;  /* part of a name; NULL or empty: everybody */
};

/* An array of user objects by the name that is shown, CHANNEL_CANDIDATES_MAX at most. */
enum err channel_candidates_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				    const struct channel_candidates *which) MUST_USE;

#endif
