/* Who comes into a group and leaves it. */
#include "domain/channel/channel_direct.h"
#include "domain/channel/channel_member_change.h"

enum err channel_group_leave(struct apply *apply, struct channel *channel, int64_t user_id)
{
	bool is_changed;
	int64_t count;
	TRY(channel_member_drop(apply, channel, user_id, &is_changed));
	TRY(channel_vanish_for(apply, channel, user_id));
	TRY(sql_find_int(apply->db, QUERY_CHANNEL_MEMBER_COUNT, SQL_ARGS(sql_id(channel->id)), &count));
	if (count > 0)
		return ERR_OK;
	return sql_run(apply->db, QUERY_CHANNEL_MARK_DELETED, SQL_ARGS(sql_id(channel->id), sql_int(apply->now_ms)),
		       NULL);
}

/* Whoever was in it already is no newcomer. */
static enum err put_in(struct apply *apply, struct channel *channel, int64_t user_id)
{
	bool is_in, is_changed;
	TRY(channel_member_is_in(apply, channel->id, user_id, &is_in));
	if (is_in)
		return ERR_OK;
	TRY(channel_member_put(apply, channel, user_id, &is_changed));
	return channel_announce_to(apply, "CHANNEL_CREATE", channel, user_id);
}

enum err channel_group_add(struct apply *apply, struct channel *channel, const struct channel_member_targets *targets)
{
	const struct channel_people *people = &targets->people;
	int64_t count;
	for (size_t i = 0; i < people->count; i++) {
		bool is_in;
		TRY(channel_member_is_in(apply, channel->id, people->ids[i], &is_in));
		if (!is_in)
			TRY(channel_member_refuse(apply, targets, people->ids[i],
						  channel_group_check(apply, channel->home_guild_id, people->ids[i])));
	}
	TRY(channel_people_verdict(apply));
	for (size_t i = 0; i < people->count; i++)
		TRY(put_in(apply, channel, people->ids[i]));
	TRY(sql_find_int(apply->db, QUERY_CHANNEL_MEMBER_COUNT, SQL_ARGS(sql_id(channel->id)), &count));
	return count > GROUP_PEOPLE_MAX ? ERR_TOO_MANY : ERR_OK;
}
