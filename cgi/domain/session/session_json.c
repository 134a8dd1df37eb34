/* Sessions and tokens as their owner sees them. No secret, and no digest of one, is in any of it. */
#include "domain/session/session.h"

#include "base/clock.h"
#include "text/device.h"

enum err session_tokens_to_json(struct sql *db, struct jw *jw, const char *key, int64_t user_id)
{
	struct sql_stmt *stmt;
	size_t n;
	TRY(sql_start(db, QUERY_SESSION_LIST_TOKENS, SQL_ARGS(sql_id(user_id)), &stmt));
	jw_array(jw, key);
	while (sql_step(stmt)) {
		int64_t created_at_ms = sql_column_int(stmt, 2), last_used_at_ms = sql_column_int(stmt, 3);
		jw_object(jw, NULL);
		jw_id(jw, "id", sql_column_int(stmt, 0));
		const char *name = sql_column_borrow(stmt, 1, &n);
		jw_text_n(jw, "name", name == NULL ? "" : name, n);
		jw_time(jw, "created_at", created_at_ms);
		jw_time(jw, "last_used_at", last_used_at_ms > created_at_ms ? last_used_at_ms : 0);
		const char *address = sql_column_borrow(stmt, 4, &n);
		if (address != NULL)
			jw_text_n(jw, "address", address, n);
		else
			jw_null(jw, "address");
		jw_object_end(jw);
	}
	jw_array_end(jw);
	return sql_finish(stmt);
}

static void write_session(struct sql_stmt *stmt, struct arena *arena, struct jw *jw, int64_t current_id)
{
	int64_t id = sql_column_int(stmt, 0);
	const char *user_agent = sql_column_text(stmt, 2, arena);
	jw_object(jw, NULL);
	jw_id(jw, "id", id);
	jw_text(jw, "kind", sql_column_text(stmt, 1, arena));
	jw_text(jw, "device", device_describe(arena, user_agent));
	jw_text(jw, "user_agent", user_agent);
	jw_text(jw, "address", sql_column_text(stmt, 3, arena));
	jw_time(jw, "created_at", sql_column_int(stmt, 4));
	jw_time(jw, "last_used_at", sql_column_int(stmt, 5));
	jw_time(jw, "expires_at", sql_column_int(stmt, 6));
	jw_flag(jw, "current", id == current_id);
	jw_object_end(jw);
}

enum err session_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t user_id,
			      int64_t current_id)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_SESSION_LIST, SQL_ARGS(sql_id(user_id), sql_int(clock_now_ms())), &stmt));
	jw_array(jw, key);
	while (sql_step(stmt))
		write_session(stmt, arena, jw, current_id);
	jw_array_end(jw);
	return sql_finish(stmt);
}
