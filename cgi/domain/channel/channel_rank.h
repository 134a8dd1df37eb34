/* Who stands above whom in one channel: see channel_member.h. */
#ifndef SNUG_DOMAIN_CHANNEL_CHANNEL_RANK_H
#define SNUG_DOMAIN_CHANNEL_CHANNEL_RANK_H

#include "domain/channel/channel.h"

enum channel_level {
	CHANNEL_LEVEL_MEMBER,
	CHANNEL_LEVEL_MODERATOR,
	CHANNEL_LEVEL_ADMIN,
	CHANNEL_LEVEL_OWNER,
	CHANNEL_LEVEL_ADMINISTRATOR,
	CHANNEL_LEVEL_GUILD_OWNER,
};

struct channel_rank {
	enum channel_level level;
	struct perm_rank role; /* decides between two of one level */
};

/* The rank of a member of the channel's workspace, whatever a time-out leaves of it. ERR_UNKNOWN_MEMBER. */
enum err channel_rank_of(struct sql *db, struct arena *arena, const struct channel *channel, int64_t user_id,
			 struct channel_rank *out) MUST_USE;

/* Whether a stands strictly above b. */
bool channel_rank_is_above(const struct channel_rank *a, const struct channel_rank *b);

/* ERR_MISSING_PERMISSIONS unless the actor stands strictly above the target; ERR_UNKNOWN_MEMBER. */
enum err channel_rank_require_above(struct sql *db, struct arena *arena, const struct channel *channel,
				    int64_t actor_id, int64_t target_id) MUST_USE;

#endif
