/* What the end of a role means for channels: they forget what they allowed it or denied it. */
#include "domain/channel/channel_change.h"

static enum err list_channels(struct apply *apply, int64_t guild_id, int64_t role_id, int64_t *ids, size_t *count)
{
	struct sql_stmt *stmt;
	*count = 0;
	TRY(sql_start(apply->db, QUERY_OVERWRITE_LIST_CHANNELS_OF_ROLE, SQL_ARGS(sql_id(guild_id), sql_id(role_id)),
		      &stmt));
	while (*count < CHANNELS_MAX && sql_step(stmt))
		ids[(*count)++] = sql_column_int(stmt, 0);
	return sql_finish(stmt);
}

enum err channel_role_gone(struct apply *apply, int64_t guild_id, int64_t role_id)
{
	int64_t *ids = arena_alloc(apply->arena, CHANNELS_MAX * sizeof(*ids));
	size_t count;
	TRY(list_channels(apply, guild_id, role_id, ids, &count));
	for (size_t i = 0; i < count; i++) {
		struct channel channel;
		TRY(channel_find(apply->db, apply->arena, ids[i], &channel));
		TRY(channel_overwrite_remove(apply, &channel, role_id));
		TRY(channel_announce(apply, "CHANNEL_UPDATE", &channel));
	}
	return ERR_OK;
}
