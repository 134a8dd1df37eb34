/* The JSON views of roles. */
#include "domain/role/role.h"

void role_to_json(struct jw *jw, const char *key, const struct role *role)
{
	jw_object(jw, key);
	jw_id(jw, "id", role->id);
	jw_text(jw, "name", role->name);
	jw_bits(jw, "permissions", role->bits);
	jw_int(jw, "position", role->position);
	jw_int(jw, "color", role->color);
	jw_object(jw, "colors");
	jw_int(jw, "primary_color", role->color);
	jw_null(jw, "secondary_color");
	jw_null(jw, "tertiary_color");
	jw_object_end(jw);
	jw_flag(jw, "hoist", role->is_hoisted);
	jw_flag(jw, "managed", false);
	jw_flag(jw, "mentionable", role->is_mentionable);
	jw_null(jw, "icon");
	jw_null(jw, "unicode_emoji");
	jw_int(jw, "flags", 0);
	jw_object_end(jw);
}

enum err role_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id)
{
	struct role *list;
	size_t count;
	TRY(role_list(db, arena, guild_id, &list, &count));
	jw_array(jw, key);
	while (count-- > 0)
		role_to_json(jw, NULL, &list[count]);
	jw_array_end(jw);
	return ERR_OK;
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
