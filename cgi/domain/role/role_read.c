/* Reading roles. */
#include "domain/role/role.h"

static struct role from_row(struct sql_stmt *stmt, struct arena *arena, int64_t guild_id)
{
	return (struct role){
	    .id = sql_column_int(stmt, 0),
	    .guild_id = guild_id,
	    .name = sql_column_text(stmt, 1, arena),
	    .bits = (uint64_t)sql_column_int(stmt, 2),
	    .position = sql_column_int(stmt, 3),
	    .color = sql_column_int(stmt, 4),
	    .is_hoisted = sql_column_int(stmt, 5) != 0,
	    .is_mentionable = sql_column_int(stmt, 6) != 0,
	};
}

enum err role_find(struct sql *db, struct arena *arena, int64_t guild_id, int64_t role_id, struct role *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_ROLE_FIND, SQL_ARGS(sql_id(role_id), sql_id(guild_id)), &stmt));
	bool found = sql_step(stmt);
	if (found)
		*out = from_row(stmt, arena, guild_id);
	TRY(sql_finish(stmt));
	return found ? ERR_OK : ERR_UNKNOWN_ROLE;
}

enum err role_list(struct sql *db, struct arena *arena, int64_t guild_id, struct role **list, size_t *count)
{
	struct sql_stmt *stmt;
	*count = 0;
	*list = arena_alloc(arena, ROLES_MAX * sizeof(**list));
	TRY(sql_start(db, QUERY_ROLE_LIST, SQL_ARGS(sql_id(guild_id)), &stmt));
	while (*count < ROLES_MAX && sql_step(stmt))
		(*list)[(*count)++] = from_row(stmt, arena, guild_id);
	return sql_finish(stmt);
}

enum err role_count_members(struct sql *db, int64_t guild_id, const struct role *list, size_t count, int64_t *counts)
{
	struct sql_stmt *stmt;
	int64_t member_count;
	TRY(sql_find_int(db, QUERY_MEMBER_COUNT, SQL_ARGS(sql_id(guild_id)), &member_count));
	for (size_t i = 0; i < count; i++)
		counts[i] = list[i].id == guild_id ? member_count : 0;
	TRY(sql_start(db, QUERY_ROLE_COUNT_MEMBERS, SQL_ARGS(sql_id(guild_id)), &stmt));
	while (sql_step(stmt)) {
		for (size_t i = 0; i < count; i++) {
			if (list[i].id == sql_column_int(stmt, 0))
				counts[i] = sql_column_int(stmt, 1);
		}
	}
	return sql_finish(stmt);
}
