/* Reading custom emoji. */
#include "domain/emoji/emoji.h"

static void from_row(struct sql_stmt *stmt, struct arena *arena, struct emoji *out)
{
	*out = (struct emoji){
	    .id = sql_column_int(stmt, 0),
	    .guild_id = sql_column_int(stmt, 1),
	    .user_id = sql_column_int(stmt, 2),
	    .name = sql_column_text(stmt, 3, arena),
	    .picture = sql_column_text(stmt, 4, arena),
	    .is_animated = sql_column_int(stmt, 5) != 0,
	};
}

static enum err find(struct sql *db, struct arena *arena, enum query query, const struct sql_arg *args,
		     struct emoji *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, query, args, &stmt));
	bool is_found = sql_step(stmt);
	if (is_found)
		from_row(stmt, arena, out);
	TRY(sql_finish(stmt));
	return is_found ? ERR_OK : ERR_UNKNOWN_EMOJI;
}

enum err emoji_find_by_id(struct sql *db, struct arena *arena, int64_t emoji_id, struct emoji *out)
{
	return find(db, arena, QUERY_EMOJI_FIND, SQL_ARGS(sql_id(emoji_id)), out);
}

enum err emoji_find_by_name(struct sql *db, struct arena *arena, int64_t guild_id, const char *name, struct emoji *out)
{
	return find(db, arena, QUERY_EMOJI_FIND_BY_NAME, SQL_ARGS(sql_id(guild_id), sql_text(name)), out);
}

enum err emoji_list(struct sql *db, struct arena *arena, int64_t guild_id, struct emoji **list, size_t *count)
{
	struct sql_stmt *stmt;
	*list = arena_alloc(arena, EMOJIS_MAX * sizeof(**list));
	*count = 0;
	TRY(sql_start(db, QUERY_EMOJI_LIST, SQL_ARGS(sql_id(guild_id), sql_int(EMOJIS_MAX)), &stmt));
	while (*count < EMOJIS_MAX && sql_step(stmt))
		from_row(stmt, arena, &(*list)[(*count)++]);
	return sql_finish(stmt);
}
