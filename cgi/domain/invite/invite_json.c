/* The JSON views of invites. The preview is for everybody who has the link. */
#include "domain/channel/channel.h"
#include "domain/guild/guild.h"
#include "domain/invite/invite.h"
#include "domain/perm.h"
#include "domain/user/user.h"

static void channel_member_to_json(struct jw *jw, const struct channel *channel)
{
	jw_object(jw, "channel");
	jw_id(jw, "id", channel->id);
	jw_text(jw, "name", channel->name);
	jw_int(jw, "type", channel->type);
	jw_object_end(jw);
}

/* What both views have, into an object that is open. */
static enum err write_members(struct sql *db, struct arena *arena, struct jw *jw, const struct invite *invite,
			      bool is_preview)
{
	struct guild guild;
	struct channel channel;
	struct user inviter;
	TRY(guild_find(db, arena, invite->guild_id, &guild));
	TRY(channel_find(db, arena, invite->channel_id, &channel));
	TRY(user_find(db, arena, invite->inviter_id, &inviter));
	jw_int(jw, "type", 0);
	jw_text(jw, "code", invite->code);
	jw_id(jw, "guild_id", guild.id);
	jw_object(jw, "guild");
	jw_id(jw, "id", guild.id);
	jw_text(jw, "name", guild.name);
	jw_text(jw, "icon", guild.icon);
	jw_object_end(jw);
	if (!is_preview || !channel_is_private(&channel))
		channel_member_to_json(jw, &channel);
	user_to_json(jw, "inviter", &inviter);
	jw_time(jw, "expires_at", invite->expires_at_ms);
	return ERR_OK;
}

enum err invite_preview_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				const struct invite *invite)
{
	int64_t member_count;
	TRY(guild_count_members(db, invite->guild_id, &member_count));
	jw_object(jw, key);
	TRY(write_members(db, arena, jw, invite, true));
	jw_int(jw, "approximate_member_count", member_count);
	jw_object_end(jw);
	return ERR_OK;
}

enum err invite_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			const struct invite *invite)
{
	jw_object(jw, key);
	TRY(write_members(db, arena, jw, invite, false));
	jw_int(jw, "uses", invite->uses);
	jw_int(jw, "max_uses", invite->max_uses);
	jw_int(jw, "max_age", invite->max_age_s);
	jw_flag(jw, "temporary", invite->is_temporary);
	jw_time(jw, "created_at", invite->created_at_ms);
	jw_object_end(jw);
	return ERR_OK;
}

/* Reads the workspace's live ones and keeps those that the filter asks for. */
static enum err list_asked(struct sql *db, struct arena *arena, const struct invite_filter *filter, struct invite *list,
			   int *count)
{
	struct sql_stmt *stmt;
	*count = 0;
	TRY(sql_start(db, QUERY_INVITE_LIST, SQL_ARGS(sql_id(filter->guild_id), sql_int(filter->now_ms)), &stmt));
	while (*count < INVITES_MAX && sql_step(stmt)) {
		struct invite invite = {
		    .code = sql_column_text(stmt, 0, arena),
		    .guild_id = sql_column_int(stmt, 1),
		    .channel_id = sql_column_int(stmt, 2),
		    .inviter_id = sql_column_int(stmt, 3),
		    .max_uses = sql_column_int(stmt, 4),
		    .uses = sql_column_int(stmt, 5),
		    .max_age_s = sql_column_int(stmt, 6),
		    .is_temporary = sql_column_int(stmt, 7) != 0,
		    .created_at_ms = sql_column_int(stmt, 8),
		    .expires_at_ms = sql_column_int(stmt, 9),
		};
		if ((filter->channel_id == 0 || filter->channel_id == invite.channel_id) &&
		    (filter->inviter_id == 0 || filter->inviter_id == invite.inviter_id))
			list[(*count)++] = invite;
	}
	return sql_finish(stmt);
}

static bool is_among(const struct channel *channels, size_t count, int64_t channel_id)
{
	for (size_t i = 0; i < count; i++) {
		if (channels[i].id == channel_id)
			return true;
	}
	return false;
}

enum err invite_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			     const struct invite_filter *filter)
{
	struct invite *list = arena_alloc(arena, INVITES_MAX * sizeof(*list));
	struct channel *channels;
	size_t channel_count;
	int count;
	TRY(channel_list_visible(db, arena, filter->guild_id, filter->viewer_id, &channels, &channel_count));
	TRY(list_asked(db, arena, filter, list, &count));
	jw_array(jw, key);
	for (int i = 0; i < count; i++) {
		if (is_among(channels, channel_count, list[i].channel_id))
			TRY(invite_to_json(db, arena, jw, NULL, &list[i]));
	}
	jw_array_end(jw);
	return ERR_OK;
}
