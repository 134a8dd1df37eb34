/* The JSON view of a workspace's bots: for who manages it. Tokens are known to nobody. */
#include "base/id.h"
#include "domain/bot/bot.h"
#include "domain/user/user.h"

static enum err bot_to_json(struct sql *db, struct arena *arena, struct jw *jw, struct sql_stmt *stmt)
{
	struct user bot, owner;
	int64_t owner_id = sql_column_int(stmt, 1);
	TRY(user_find(db, arena, sql_column_int(stmt, 0), &bot));
	jw_object(jw, NULL);
	user_to_json(jw, "user", &bot);
	if (owner_id != 0) {
		TRY(user_find(db, arena, owner_id, &owner));
		user_to_json(jw, "owner", &owner);
	} else {
		jw_null(jw, "owner");
	}
	jw_time(jw, "created_at", id_created_at_ms(bot.id));
	jw_time(jw, "last_used_at", sql_column_int(stmt, 2));
	jw_flag(jw, "has_token", !sql_column_is_null(stmt, 3));
	jw_flag(jw, "is_member", sql_column_int(stmt, 4) != 0);
	jw_object_end(jw);
	return ERR_OK;
}

enum err bot_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_BOT_LIST, SQL_ARGS(sql_id(guild_id)), &stmt));
	jw_array(jw, key);
	while (sql_step(stmt)) {
		enum err err = bot_to_json(db, arena, jw, stmt);
		if (err != ERR_OK) {
			err_ignore(sql_finish(stmt));
			return err;
		}
	}
	jw_array_end(jw);
	return sql_finish(stmt);
}
