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

/* Room doubles, so that the many channels with few overwrites take little. */
static void add_overwrite(struct arena *arena, struct channel *channel, const struct perm_overwrite *overwrite)
{
	size_t count = channel->overwrite_count;
	if (count >= CHANNEL_OVERWRITES_MAX)
		return;
	if (count == 0 || (count >= 4 && (count & (count - 1)) == 0)) {
		struct perm_overwrite *list = arena_alloc(arena, (count == 0 ? 4 : 2 * count) * sizeof(*list));
		if (count > 0)
			memcpy(list, channel->overwrites, count * sizeof(*list));
		channel->overwrites = list;
	}
	channel->overwrites[channel->overwrite_count++] = *overwrite;
}

static enum err read_overwrites(struct sql *db, struct arena *arena, struct channel *channel)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_OVERWRITE_LIST, SQL_ARGS(sql_id(channel->id)), &stmt));
	while (sql_step(stmt)) {
		const struct perm_overwrite overwrite = overwrite_from_row(stmt, 0);
		add_overwrite(arena, channel, &overwrite);
	}
	return sql_finish(stmt);
}

/* The columns are those of db/queries/channel.sql. */
static struct channel channel_from_row(struct sql_stmt *stmt, struct arena *arena)
{
	return (struct channel){
	    .id = sql_column_int(stmt, 0),
	    .guild_id = sql_column_int(stmt, 1),
	    .home_guild_id = sql_column_int(stmt, 2),
	    .parent_id = sql_column_int(stmt, 3),
	    .owner_id = sql_column_int(stmt, 4),
	    .type = (int)sql_column_int(stmt, 5),
	    .name = sql_column_text(stmt, 6, arena),
	    .topic = sql_column_text(stmt, 7, arena),
	    .position = sql_column_int(stmt, 8),
	    .slow_mode_s = sql_column_int(stmt, 9),
	    .last_message_id = sql_column_int(stmt, 10),
	    .archived_at_ms = sql_column_int(stmt, 11),
	    .is_default = sql_column_int(stmt, 12) != 0,
	    .is_deleted = sql_column_int(stmt, 13) != 0,
	    .is_locked = sql_column_int(stmt, 14) != 0,
	};
}

bool channel_is_direct(const struct channel *channel)
{
	return channel->type == CHANNEL_TYPE_DM || channel->type == CHANNEL_TYPE_GROUP;
}

bool channel_is_thread(const struct channel *channel)
{
	return channel->type == CHANNEL_TYPE_PUBLIC_THREAD || channel->type == CHANNEL_TYPE_PRIVATE_THREAD;
}

const struct perm_overwrite *channel_overwrite_of(const struct channel *channel, int64_t target_id)
{
	for (size_t i = 0; i < channel->overwrite_count; i++) {
		if (channel->overwrites[i].target_id == target_id)
			return &channel->overwrites[i];
	}
	return NULL;
}

bool channel_is_private(const struct channel *channel)
{
	const struct perm_overwrite *everyone =
	    channel->guild_id == 0 ? NULL : channel_overwrite_of(channel, channel->guild_id);
	return channel->type == CHANNEL_TYPE_PRIVATE_THREAD ||
	       (everyone != NULL && (everyone->deny & PERM_VIEW_CHANNEL) != 0);
}

enum err channel_find_any(struct sql *db, struct arena *arena, int64_t channel_id, struct channel *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_CHANNEL_FIND, SQL_ARGS(sql_id(channel_id)), &stmt));
	bool found = sql_step(stmt);
	if (found)
		*out = channel_from_row(stmt, arena);
	TRY(sql_finish(stmt));
	if (!found)
		return ERR_UNKNOWN_CHANNEL;
	return channel_is_direct(out) || channel_is_thread(out) ? ERR_OK : read_overwrites(db, arena, out);
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
	while (*count < CHANNELS_MAX && sql_step(stmt))
		list[(*count)++] = channel_from_row(stmt, arena);
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
		const struct perm_overwrite overwrite = overwrite_from_row(stmt, 1);
		add_overwrite(arena, &list[at], &overwrite);
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
