/* The end of a workspace. What makes it one goes in the transaction of the deletion: nobody is a member any more, its
 * channels and invites are gone. What is left is out of everybody's reach, and goes from the disk a little at a time. */
#include "domain/bot/bot.h"
#include "domain/channel/channel.h"
#include "domain/emoji/emoji.h"
#include "domain/event/event.h"
#include "domain/guild/guild.h"
#include "domain/perm.h"
#include "domain/picture/picture.h"

#include <string.h>

enum { PURGE_AT_ONCE = 500 };

/* The event has to be addressed to each member, as nobody is one when it is read. */
static enum err announce(struct apply *apply, int64_t guild_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "id", guild_id);
	jw_object_end(&jw);
	struct event event = {
	    .type = "GUILD_DELETE", .guild_id = guild_id, .payload = payload->p, .payload_n = payload->n};
	return event_append_to_each(apply, &event);
}

static enum err check_owner(struct apply *apply, const struct guild *guild)
{
	uint64_t bits;
	TRY(perm_of_guild(apply->db, apply->arena, guild->id, apply->actor_id, &bits));
	return guild->owner_id == apply->actor_id ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

enum err guild_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct guild_delete_input *in = input;
	struct guild guild;
	(void)result;
	TRY(guild_find(apply->db, apply->arena, in->guild_id, &guild));
	TRY(check_owner(apply, &guild));
	if (strcmp(in->name, guild.name) != 0) {
		field_errors_add(&apply->errors, "name", "GUILD_NAME_DIFFERS", "This is not the workspace's name.");
		return ERR_INVALID_FORM;
	}
	TRY(bot_delete_all_in(apply, guild.id));
	TRY(channel_delete_all(apply, guild.id));
	TRY(emoji_delete_all(apply, guild.id));
	TRY(announce(apply, guild.id));
	TRY(sql_run(apply->db, QUERY_GUILD_DELETE_INVITES, SQL_ARGS(sql_id(guild.id)), NULL));
	TRY(sql_run(apply->db, QUERY_GUILD_DELETE_MEMBERS, SQL_ARGS(sql_id(guild.id)), NULL));
	TRY(sql_run(apply->db, QUERY_GUILD_MARK_DELETED, SQL_ARGS(sql_id(guild.id), sql_int(apply->now_ms)), NULL));
	return picture_release(apply, guild.icon);
}

enum err guild_purge(struct sql *db, bool *is_done)
{
	static const enum query portions[] = {QUERY_GUILD_PURGE_AUDIT, QUERY_GUILD_PURGE_BANS,
					      QUERY_GUILD_PURGE_TIMEOUTS, QUERY_GUILD_PURGE_ROLES};
	int64_t guild_id;
	*is_done = true;
	TRY(sql_find_int(db, QUERY_GUILD_NEXT_TO_PURGE, SQL_NO_ARGS, &guild_id));
	if (guild_id == 0)
		return ERR_OK;
	*is_done = false;
	for (size_t i = 0; i < sizeof(portions) / sizeof(portions[0]); i++) {
		int deleted;
		TRY(sql_run(db, portions[i], SQL_ARGS(sql_id(guild_id), sql_int(PURGE_AT_ONCE)), &deleted));
		if (deleted > 0)
			return ERR_OK;
	}
	return sql_run(db, QUERY_GUILD_MARK_PURGED, SQL_ARGS(sql_id(guild_id)), NULL);
}
