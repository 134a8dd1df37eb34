/* Removing people: from a channel of a workspace by who stands above them there, from a group by its owner. */
#include "domain/channel/channel_direct.h"
#include "domain/channel/channel_member_change.h"
#include "domain/channel/channel_rank.h"

static enum err check_one(struct apply *apply, const struct channel *channel, int64_t user_id)
{
	bool is_in;
	TRY(channel_member_is_in(apply, channel->id, user_id, &is_in));
	if (!is_in)
		return ERR_UNKNOWN_MEMBER;
	if (channel->type == CHANNEL_TYPE_GROUP)
		return user_id == apply->actor_id ? ERR_MISSING_PERMISSIONS : ERR_OK;
	return channel_rank_require_above(apply->db, apply->arena, channel, apply->actor_id, user_id);
}

static enum err remove_from_group(struct apply *apply, struct channel *channel, const struct channel_people *people)
{
	int64_t count;
	TRY(sql_find_int(apply->db, QUERY_CHANNEL_MEMBER_COUNT, SQL_ARGS(sql_id(channel->id)), &count));
	if (count - (int64_t)people->count < GROUP_PEOPLE_MIN)
		return ERR_GROUP_TOO_SMALL;
	for (size_t i = 0; i < people->count; i++)
		TRY(channel_group_leave(apply, channel, people->ids[i]));
	return ERR_OK;
}

static enum err remove_from_guild_channel(struct apply *apply, struct channel *channel,
					  const struct channel_people *people)
{
	TRY(channel_member_take_out(apply, channel, people));
	for (size_t i = 0; i < people->count; i++)
		TRY(channel_audit(apply, channel, AUDIT_CHANNEL_MEMBER_REMOVE, people->ids[i], NULL));
	return ERR_OK;
}

enum err channel_member_remove_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct channel_member_remove_input *in = input;
	struct channel_member_targets targets;
	struct channel channel;
	uint64_t bits;
	if (in->user_id == apply->actor_id)
		return channel_leave_apply(apply, &(struct channel_leave_input){.channel_id = in->channel_id}, result);
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &channel, &bits));
	if (channel.type != CHANNEL_TYPE_TEXT && channel.type != CHANNEL_TYPE_GROUP)
		return ERR_CHANNEL_TYPE;
	if (!perm_has(bits, PERM_KICK_MEMBERS))
		return ERR_MISSING_PERMISSIONS;
	TRY(channel_member_targets_decode(apply, in->user_id, in->users, &targets));
	for (size_t i = 0; i < targets.people.count; i++)
		TRY(channel_member_refuse(apply, &targets, targets.people.ids[i],
					  check_one(apply, &channel, targets.people.ids[i])));
	TRY(channel_people_verdict(apply));
	return channel.type == CHANNEL_TYPE_GROUP ? remove_from_group(apply, &channel, &targets.people)
						  : remove_from_guild_channel(apply, &channel, &targets.people);
}
