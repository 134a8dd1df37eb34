#include "domain/channel/channel_rank.h"

static enum channel_level level_of(const struct perm_member *member, const struct channel *channel)
{
	uint64_t bits = perm_in_channel(member, channel->overwrites, channel->overwrite_count);
	if (member->is_owner)
		return CHANNEL_LEVEL_GUILD_OWNER;
	if (perm_has(perm_base(member), PERM_ADMINISTRATOR))
		return CHANNEL_LEVEL_ADMINISTRATOR;
	if (channel->owner_id == member->user_id)
		return CHANNEL_LEVEL_OWNER;
	if (perm_has(bits, PERM_MANAGE_CHANNELS))
		return CHANNEL_LEVEL_ADMIN;
	return perm_has(bits, PERM_KICK_MEMBERS) ? CHANNEL_LEVEL_MODERATOR : CHANNEL_LEVEL_MEMBER;
}

enum err channel_rank_of(struct sql *db, struct arena *arena, const struct channel *channel, int64_t user_id,
			 struct channel_rank *out)
{
	struct perm_member member;
	enum err err = perm_load_member(db, arena, channel->guild_id, user_id, &member);
	if (err != ERR_OK)
		return err == ERR_UNKNOWN_GUILD ? ERR_UNKNOWN_MEMBER : err;
	member.is_timed_out = false;
	out->level = level_of(&member, channel);
	return perm_rank_of_member(db, channel->guild_id, user_id, &out->role);
}

bool channel_rank_is_above(const struct channel_rank *a, const struct channel_rank *b)
{
	return a->level != b->level ? a->level > b->level : perm_is_above(&a->role, &b->role);
}

enum err channel_rank_require_above(struct sql *db, struct arena *arena, const struct channel *channel,
				    int64_t actor_id, int64_t target_id)
{
	struct channel_rank actor, target;
	TRY(channel_rank_of(db, arena, channel, actor_id, &actor));
	TRY(channel_rank_of(db, arena, channel, target_id, &target));
	return channel_rank_is_above(&actor, &target) ? ERR_OK : ERR_MISSING_PERMISSIONS;
}
