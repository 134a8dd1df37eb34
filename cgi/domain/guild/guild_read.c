/* Reading workspaces. */
#include "domain/channel/channel.h"
#include "domain/guild/guild.h"
#include "domain/perm.h"

enum err guild_find(struct sql *db, struct arena *arena, int64_t guild_id, struct guild *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_GUILD_FIND, SQL_ARGS(sql_id(guild_id)), &stmt));
	bool found = sql_step(stmt);
	if (found) {
		*out = (struct guild){
		    .id = guild_id,
		    .owner_id = sql_column_int(stmt, 0),
		    .name = sql_column_text(stmt, 1, arena),
		    .icon = sql_column_text(stmt, 2, arena),
		    .description = sql_column_text(stmt, 3, arena),
		};
	}
	TRY(sql_finish(stmt));
	return found ? ERR_OK : ERR_UNKNOWN_GUILD;
}

enum err guild_first_of_user(struct sql *db, int64_t user_id, int64_t *guild_id)
{
	return sql_find_int(db, QUERY_GUILD_FIRST_OF_USER, SQL_ARGS(sql_id(user_id)), guild_id);
}

enum err guild_count_members(struct sql *db, int64_t guild_id, int64_t *count)
{
	return sql_find_int(db, QUERY_MEMBER_COUNT, SQL_ARGS(sql_id(guild_id)), count);
}

enum err guild_find_member(struct sql *db, int64_t guild_id, const char *username, int64_t *user_id)
{
	return sql_find_int(db, QUERY_GUILD_FIND_MEMBER, SQL_ARGS(sql_id(guild_id), sql_text(username)), user_id);
}

enum err guild_first_channel(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id,
			     int64_t *channel_id)
{
	struct channel *channels;
	size_t count;
	*channel_id = 0;
	TRY(channel_list_visible(db, arena, guild_id, user_id, &channels, &count));
	for (size_t i = 0; i < count && *channel_id == 0; i++) {
		if (channels[i].type == CHANNEL_TYPE_TEXT)
			*channel_id = channels[i].id;
	}
	return ERR_OK;
}

enum err guild_first_common_channel(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id,
				    int64_t *channel_id)
{
	struct channel *channels;
	struct perm_member user;
	size_t count;
	*channel_id = 0;
	TRY(perm_load_member(db, arena, guild_id, user_id, &user));
	const struct perm_member newcomer = {.guild_id = guild_id, .everyone_bits = user.everyone_bits};
	TRY(channel_list_visible(db, arena, guild_id, user_id, &channels, &count));
	for (size_t i = 0; i < count && *channel_id == 0; i++) {
		const struct channel *channel = &channels[i];
		if (channel->type == CHANNEL_TYPE_TEXT &&
		    perm_in_channel(&newcomer, channel->overwrites, channel->overwrite_count) != 0)
			*channel_id = channel->id;
	}
	return ERR_OK;
}
