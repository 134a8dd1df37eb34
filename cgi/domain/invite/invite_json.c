/* The JSON views of invites. The preview is public, so it names the workspace, the channel and who invites, no more. */
#include "domain/channel/channel.h"
#include "domain/guild/guild.h"
#include "domain/invite/invite.h"
#include "domain/user/user.h"

enum err invite_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			const struct invite *invite, bool with_metadata)
{
	struct guild guild;
	struct channel channel;
	struct user inviter;
	int64_t member_count;
	TRY(guild_find(db, arena, invite->guild_id, &guild));
	TRY(channel_find(db, arena, invite->channel_id, &channel));
	TRY(user_find(db, arena, invite->inviter_id, &inviter));
	TRY(sql_find_int(db, QUERY_MEMBER_COUNT, SQL_ARGS(sql_id(guild.id)), &member_count));
	jw_object(jw, key);
	jw_int(jw, "type", 0);
	jw_text(jw, "code", invite->code);
	jw_id(jw, "guild_id", guild.id);
	jw_object(jw, "guild");
	jw_id(jw, "id", guild.id);
	jw_text(jw, "name", guild.name);
	jw_text(jw, "icon", guild.icon);
	jw_text(jw, "description", guild.description);
	jw_object_end(jw);
	jw_object(jw, "channel");
	jw_id(jw, "id", channel.id);
	jw_text(jw, "name", channel.name);
	jw_int(jw, "type", channel.type);
	jw_object_end(jw);
	user_to_json(jw, "inviter", &inviter);
	jw_int(jw, "approximate_member_count", member_count);
	jw_time(jw, "expires_at", invite->expires_at_ms);
	if (with_metadata) {
		jw_int(jw, "uses", invite->uses);
		jw_int(jw, "max_uses", invite->max_uses);
		jw_int(jw, "max_age", invite->max_age_s);
		jw_flag(jw, "temporary", invite->is_temporary);
		jw_time(jw, "created_at", invite->created_at_ms);
	}
	jw_object_end(jw);
	return ERR_OK;
}

enum err invite_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
			     int64_t now_ms)
{
	struct invite *list = arena_alloc(arena, INVITES_MAX * sizeof(*list));
	struct sql_stmt *stmt;
	int count = 0;
	TRY(sql_start(db, QUERY_INVITE_LIST, SQL_ARGS(sql_id(guild_id), sql_int(now_ms)), &stmt));
	while (count < INVITES_MAX && sql_step(stmt)) {
		list[count++] = (struct invite){
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
	}
	TRY(sql_finish(stmt));
	jw_array(jw, key);
	for (int i = 0; i < count; i++)
		TRY(invite_to_json(db, arena, jw, NULL, &list[i], true));
	jw_array_end(jw);
	return ERR_OK;
}
