/* Reading channels with their overwrites. */
#include "domain/channel/channel.h"

#include <string.h>

static struct perm_overwrite overwrite_from_row(struct sql_stmt *stmt, int first_column)
{
	return (struct perm_overwrite){
	    .target_id = sql_column_int(stmt, first_column),
	    .target =
		sql_column_int(stmt, first_column + 1) == PERM_TARGET_MEMBER ? PERM_TARGET_MEMBER : PERM_TARGET_ROLE,
	    .allow = (uint64_t)sql_column_int(stmt, first_column + 2),
	    .deny = (uint64_t)sql_column_int(stmt, first_column + 3),
	};
}

static enum err read_overwrites(struct sql *db, struct arena *arena, struct channel *channel)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_OVERWRITE_LIST, SQL_ARGS(sql_id(channel->id)), &stmt));
	while (channel->overwrite_count < CHANNEL_OVERWRITES_MAX && sql_step(stmt)) {
		if (channel->overwrites == NULL)
			channel->overwrites = arena_alloc(arena, CHANNEL_OVERWRITES_MAX * sizeof(*channel->overwrites));
		channel->overwrites[channel->overwrite_count++] = overwrite_from_row(stmt, 0);
	}
	return sql_finish(stmt);
}

enum err channel_find_any(struct sql *db, struct arena *arena, int64_t channel_id, struct channel *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_CHANNEL_FIND, SQL_ARGS(sql_id(channel_id)), &stmt));
	bool found = sql_step(stmt);
	if (found) {
		*out = (struct channel){
		    .id = channel_id,
		    .guild_id = sql_column_int(stmt, 0),
		    .parent_id = sql_column_int(stmt, 1),
		    .type = (int)sql_column_int(stmt, 2),
		    .name = sql_column_text(stmt, 3, arena),
		    .topic = sql_column_text(stmt, 4, arena),
		    .position = sql_column_int(stmt, 5),
		    .slow_mode_s = sql_column_int(stmt, 6),
		    .last_message_id = sql_column_int(stmt, 7),
		    .is_deleted = sql_column_int(stmt, 8) != 0,
		};
	}
	TRY(sql_finish(stmt));
	return found ? read_overwrites(db, arena, out) : ERR_UNKNOWN_CHANNEL;
}

enum err channel_find(struct sql *db, struct arena *arena, int64_t channel_id, struct channel *out)
{
	TRY(channel_find_any(db, arena, channel_id, out));
	return out->is_deleted ? ERR_UNKNOWN_CHANNEL : ERR_OK;
}

static enum err read_all(struct sql *db, struct arena *arena, int64_t guild_id, struct channel *list, size_t *count)
{
	struct sql_stmt *stmt;
	*count = 0;
	TRY(sql_start(db, QUERY_CHANNEL_LIST, SQL_ARGS(sql_id(guild_id)), &stmt));
	while (*count < CHANNELS_MAX && sql_step(stmt)) {
		list[(*count)++] = (struct channel){
		    .id = sql_column_int(stmt, 0),
		    .guild_id = guild_id,
		    .parent_id = sql_column_int(stmt, 1),
		    .type = (int)sql_column_int(stmt, 2),
		    .name = sql_column_text(stmt, 3, arena),
		    .topic = sql_column_text(stmt, 4, arena),
		    .position = sql_column_int(stmt, 5),
		    .slow_mode_s = sql_column_int(stmt, 6),
		    .last_message_id = sql_column_int(stmt, 7),
		};
	}
	return sql_finish(stmt);
}

/* Both lists stand in the same order, so one pass gives every channel its overwrites. */
static enum err read_all_overwrites(struct sql *db, struct arena *arena, int64_t guild_id, struct channel *list,
				    size_t count)
{
	struct sql_stmt *stmt;
	size_t at = 0;
	TRY(sql_start(db, QUERY_OVERWRITE_LIST_OF_GUILD, SQL_ARGS(sql_id(guild_id)), &stmt));
	while (sql_step(stmt)) {
		int64_t channel_id = sql_column_int(stmt, 0);
		while (at < count && list[at].id != channel_id)
			at++;
		if (at == count)
			break;
		struct channel *channel = &list[at];
		if (channel->overwrites == NULL)
			channel->overwrites = arena_alloc(arena, CHANNEL_OVERWRITES_MAX * sizeof(*channel->overwrites));
		if (channel->overwrite_count < CHANNEL_OVERWRITES_MAX)
			channel->overwrites[channel->overwrite_count++] = overwrite_from_row(stmt, 1);
	}
	return sql_finish(stmt);
}

enum err channel_list_visible(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id,
			      struct channel **list, size_t *count)
{
	struct perm_member member;
	size_t all;
	*count = 0;
	TRY(perm_load_member(db, arena, guild_id, user_id, &member));
	*list = arena_alloc(arena, CHANNELS_MAX * sizeof(**list));
	TRY(read_all(db, arena, guild_id, *list, &all));
	TRY(read_all_overwrites(db, arena, guild_id, *list, all));
	for (size_t i = 0; i < all; i++) {
		struct channel *channel = &(*list)[i];
		if (perm_in_channel(&member, channel->overwrites, channel->overwrite_count) != 0)
			(*list)[(*count)++] = *channel;
	}
	return ERR_OK;
}
