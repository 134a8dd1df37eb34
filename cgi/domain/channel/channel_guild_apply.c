/* What becoming and ceasing to be a member of a workspace means for its channels, and for its groups. */
#include "domain/channel/channel_change.h"
#include "domain/thread/thread.h"

enum { GROUPS_AT_ONCE = 100 };

enum err channel_join_defaults(struct apply *apply, int64_t guild_id, int64_t user_id)
{
	struct channel *list;
	size_t count;
	int64_t is_bot;
	bool is_changed;
	TRY(sql_find_int(apply->db, QUERY_USER_IS_BOT, SQL_ARGS(sql_id(user_id)), &is_bot));
	if (is_bot != 0)
		return ERR_OK;
	TRY(channel_list_visible(apply->db, apply->arena, guild_id, user_id, &list, &count));
	for (size_t i = 0; i < count; i++) {
		if (list[i].is_default && list[i].type == CHANNEL_TYPE_TEXT)
			TRY(channel_member_put(apply, &list[i], user_id, &is_changed));
	}
	return ERR_OK;
}

/* The ids of a query's first column: at most limit of them. */
static enum err list_ids(struct apply *apply, enum query query, const struct sql_arg *args, size_t limit,
			 struct channel_viewers *out)
{
	struct sql_stmt *stmt;
	*out = (struct channel_viewers){.ids = arena_alloc(apply->arena, limit * sizeof(*out->ids))};
	TRY(sql_start(apply->db, query, args, &stmt));
	while (out->count < limit && sql_step(stmt))
		out->ids[out->count++] = sql_column_int(stmt, 0);
	return sql_finish(stmt);
}

/* What somebody was given by name ends with the membership. What they were denied outlives it, as a ban from this
 * channel is: nobody gets rid of that by leaving and coming back. */
static enum err leave_guild_channel(struct apply *apply, int64_t channel_id, int64_t user_id)
{
	struct channel channel;
	bool is_changed;
	TRY(channel_find(apply->db, apply->arena, channel_id, &channel));
	TRY(channel_member_drop(apply, &channel, user_id, &is_changed));
	struct perm_overwrite overwrite = channel_overwrite_of_member(&channel, user_id);
	bool is_given = overwrite.allow != 0;
	overwrite.allow = 0;
	if (!is_given && (overwrite.deny != 0 || channel_overwrite_of(&channel, user_id) == NULL))
		return ERR_OK;
	TRY(channel_overwrite_settle(apply, &channel, &overwrite));
	return channel_announce(apply, "CHANNEL_UPDATE", &channel);
}

/* As many as there may be, a page at a time: each that is left is out of the next page. */
static enum err leave_groups(struct apply *apply, int64_t guild_id, int64_t user_id)
{
	struct channel_viewers groups;
	do {
		TRY(list_ids(apply, QUERY_CHANNEL_LIST_GROUPS_OF,
			     SQL_ARGS(sql_id(guild_id), sql_id(user_id), sql_int(GROUPS_AT_ONCE)), GROUPS_AT_ONCE,
			     &groups));
		for (size_t i = 0; i < groups.count; i++) {
			struct channel group;
			TRY(channel_find(apply->db, apply->arena, groups.ids[i], &group));
			TRY(channel_group_leave(apply, &group, user_id));
		}
	} while (groups.count == GROUPS_AT_ONCE);
	return ERR_OK;
}

enum err channel_leave_guild(struct apply *apply, int64_t guild_id, int64_t user_id)
{
	struct channel_viewers touched;
	TRY(list_ids(apply, QUERY_CHANNEL_LIST_TOUCHED_BY, SQL_ARGS(sql_id(guild_id), sql_id(user_id)), CHANNELS_MAX,
		     &touched));
	for (size_t i = 0; i < touched.count; i++)
		TRY(leave_guild_channel(apply, touched.ids[i], user_id));
	TRY(thread_leave_guild(apply, guild_id, user_id));
	return leave_groups(apply, guild_id, user_id);
}

enum err channel_access_note(struct apply *apply, int64_t guild_id, int64_t user_id, struct channel_access *out)
{
	*out = (struct channel_access){.guild_id = guild_id, .user_id = user_id};
	return channel_list_visible(apply->db, apply->arena, guild_id, user_id, &out->channels, &out->count);
}

static bool is_among(const struct channel_access *access, int64_t channel_id)
{
	for (size_t i = 0; i < access->count; i++) {
		if (access->channels[i].id == channel_id)
			return true;
	}
	return false;
}

enum err channel_access_changed(struct apply *apply, const struct channel_access *before)
{
	struct channel_access now;
	bool is_changed;
	TRY(channel_access_note(apply, before->guild_id, before->user_id, &now));
	for (size_t i = 0; i < now.count; i++) {
		if (!is_among(before, now.channels[i].id))
			TRY(channel_announce_to(apply, "CHANNEL_CREATE", &now.channels[i], before->user_id));
	}
	for (size_t i = 0; i < before->count; i++) {
		struct channel *channel = &before->channels[i];
		if (is_among(&now, channel->id))
			continue;
		TRY(channel_member_drop(apply, channel, before->user_id, &is_changed));
		TRY(channel_vanish_for(apply, channel, before->user_id));
	}
	return ERR_OK;
}
