/* Handing everything that somebody owns to one other person: for accounts that can no longer do it themselves. */
#include "domain/channel/channel_direct.h"
#include "domain/channel/channel_member_change.h"

/* Lets the person into a private channel that they cannot see; the overwrite that this takes may be one too many. */
static enum err let_in(struct apply *apply, struct channel *channel, int64_t user_id, bool *is_let_in)
{
	bool is_banned, sees;
	*is_let_in = false;
	TRY(channel_is_banned(apply, channel->id, user_id, &is_banned));
	if (is_banned)
		return ERR_OK;
	TRY(channel_is_seen_by(apply, channel, user_id, &sees));
	if (!sees) {
		enum err err =
		    channel_is_private(channel) ? channel_overwrite_let_in(apply, channel, user_id) : ERR_TOO_MANY;
		if (err == ERR_TOO_MANY)
			return ERR_OK;
		TRY(err);
		TRY(channel_announce_to(apply, "CHANNEL_CREATE", channel, user_id));
	}
	*is_let_in = true;
	return ERR_OK;
}

static enum err take_into_group(struct apply *apply, struct channel *channel, int64_t user_id, bool *is_let_in)
{
	bool is_changed;
	int64_t count;
	TRY(channel_member_is_in(apply, channel->id, user_id, is_let_in));
	if (*is_let_in)
		return ERR_OK;
	TRY(channel_member_count(apply->db, channel->id, &count));
	if (count >= GROUP_PEOPLE_MAX)
		return ERR_OK;
	*is_let_in = true;
	TRY(channel_member_put(apply, channel, user_id, &is_changed));
	return channel_announce_to(apply, "CHANNEL_CREATE", channel, user_id);
}

/* Where the person is no member of the workspace, or can't come in, all stays as it is. */
static enum err hand_over(struct apply *apply, int64_t channel_id, int64_t to_id, bool *is_done)
{
	struct channel channel;
	struct member member;
	bool is_changed;
	*is_done = false;
	TRY(channel_find(apply->db, apply->arena, channel_id, &channel));
	bool is_group = channel.type == CHANNEL_TYPE_GROUP;
	enum err err =
	    member_find(apply->db, apply->arena, is_group ? channel.home_guild_id : channel.guild_id, to_id, &member);
	if (err == ERR_UNKNOWN_MEMBER)
		return ERR_OK;
	TRY(err);
	if (is_group)
		TRY(take_into_group(apply, &channel, to_id, is_done));
	else
		TRY(let_in(apply, &channel, to_id, is_done));
	if (!*is_done)
		return ERR_OK;
	if (channel.type == CHANNEL_TYPE_TEXT)
		TRY(channel_member_put(apply, &channel, to_id, &is_changed));
	TRY(channel_owner_set(apply, &channel, to_id));
	return channel_audit(apply, &channel, AUDIT_CHANNEL_OWNER_UPDATE, to_id, NULL);
}

enum err channel_hand_over(struct apply *apply, int64_t from_id, int64_t to_id, int64_t *count)
{
	*count = 0;
	for (int64_t channel_id = 0;;) {
		bool is_done;
		TRY(sql_find_int(apply->db, QUERY_CHANNEL_NEXT_OWNED, SQL_ARGS(sql_id(from_id), sql_int(channel_id)),
				 &channel_id));
		if (channel_id == 0)
			return ERR_OK;
		TRY(hand_over(apply, channel_id, to_id, &is_done));
		*count += is_done;
	}
}
