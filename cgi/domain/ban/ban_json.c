/* The JSON view of bans. */
#include "domain/ban/ban.h"
#include "domain/user/user.h"

struct ban {
	int64_t user_id, banned_by, created_at_ms;
	const char *reason;
};

static struct ban from_row(struct sql_stmt *stmt, struct arena *arena)
{
	return (struct ban){
	    .user_id = sql_column_int(stmt, 0),
	    .banned_by = sql_column_int(stmt, 1),
	    .reason = sql_column_text(stmt, 2, arena),
	    .created_at_ms = sql_column_int(stmt, 3),
	};
}

static enum err to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, const struct ban *ban)
{
	struct user user;
	TRY(user_find(db, arena, ban->user_id, &user));
	jw_object(jw, key);
	user_to_json(jw, "user", &user);
	jw_text(jw, "reason", ban->reason);
	jw_id(jw, "banned_by", ban->banned_by);
	jw_time(jw, "created_at", ban->created_at_ms);
	jw_object_end(jw);
	return ERR_OK;
}

enum err ban_find_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
			  int64_t user_id)
{
	struct sql_stmt *stmt;
	struct ban ban = {0};
	TRY(sql_start(db, QUERY_BAN_FIND, SQL_ARGS(sql_id(guild_id), sql_id(user_id)), &stmt));
	bool found = sql_step(stmt);
	if (found)
		ban = from_row(stmt, arena);
	TRY(sql_finish(stmt));
	return found ? to_json(db, arena, jw, key, &ban) : ERR_UNKNOWN_BAN;
}

enum err ban_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
			  const struct ban_page *page)
{
	struct ban *list = arena_alloc(arena, (size_t)page->limit * sizeof(*list));
	bool is_before = page->before != 0;
	struct sql_stmt *stmt;
	int count = 0;
	TRY(sql_start(db, is_before ? QUERY_BAN_LIST_BEFORE : QUERY_BAN_LIST_AFTER,
		      SQL_ARGS(sql_id(guild_id), sql_int(is_before ? page->before : page->after), sql_int(page->limit)),
		      &stmt));
	while (count < page->limit && sql_step(stmt))
		list[count++] = from_row(stmt, arena);
	TRY(sql_finish(stmt));
	jw_array(jw, key);
	for (int i = 0; i < count; i++)
		TRY(to_json(db, arena, jw, NULL, &list[is_before ? count - 1 - i : i]));
	jw_array_end(jw);
	return ERR_OK;
}
