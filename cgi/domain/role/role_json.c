/* The JSON views of roles. */
#include "domain/role/role.h"

enum err role_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_ROLE_LIST, SQL_ARGS(sql_id(guild_id)), &stmt));
	jw_array(jw, key);
	while (sql_step(stmt)) {
		jw_object(jw, NULL);
		jw_id(jw, "id", sql_column_int(stmt, 0));
		jw_text(jw, "name", sql_column_text(stmt, 1, arena));
		jw_bits(jw, "permissions", (uint64_t)sql_column_int(stmt, 2));
		jw_int(jw, "position", sql_column_int(stmt, 3));
		jw_int(jw, "color", sql_column_int(stmt, 4));
		jw_object(jw, "colors");
		jw_int(jw, "primary_color", sql_column_int(stmt, 4));
		jw_null(jw, "secondary_color");
		jw_null(jw, "tertiary_color");
		jw_object_end(jw);
		jw_flag(jw, "hoist", sql_column_int(stmt, 5) != 0);
		jw_flag(jw, "managed", false);
		jw_flag(jw, "mentionable", sql_column_int(stmt, 6) != 0);
		jw_null(jw, "icon");
		jw_null(jw, "unicode_emoji");
		jw_int(jw, "flags", 0);
		jw_object_end(jw);
	}
	jw_array_end(jw);
	return sql_finish(stmt);
}

enum err role_ids_to_json(struct sql *db, struct jw *jw, const char *key, int64_t guild_id, int64_t user_id)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_ROLE_LIST_IDS_OF_MEMBER, SQL_ARGS(sql_id(guild_id), sql_id(user_id)), &stmt));
	jw_array(jw, key);
	while (sql_step(stmt))
		jw_id(jw, NULL, sql_column_int(stmt, 0));
	jw_array_end(jw);
	return sql_finish(stmt);
}
