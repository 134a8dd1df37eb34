/* The JSON view of messages that are sent later. */
#include "domain/file/file.h"
#include "domain/perm.h"
#include "domain/scheduled/scheduled.h"

/* Errors are kept by name, so that they may be worded better by then. */
static enum err failure_to_json(struct sql *db, struct arena *arena, struct jw *jw, struct sql_stmt *stmt,
				int64_t author_id)
{
	size_t n;
	const char *name = sql_column_borrow(stmt, 5, &n); /* it ends with a NUL */
	uint64_t bits;
	enum err why = name != NULL ? err_from_name(name) : ERR_OK;
	if (why == ERR_OK)
		why = perm_of_channel(db, arena, sql_column_int(stmt, 1), author_id, &bits);
	if (why != ERR_OK && why != ERR_UNKNOWN_CHANNEL && name == NULL)
		return why;
	jw_text(jw, "failure", why == ERR_OK ? NULL : err_info(why)->text);
	return ERR_OK;
}

static enum err row_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, struct sql_stmt *stmt,
			    int64_t author_id)
{
	size_t n;
	const char *text;
	jw_object(jw, key);
	jw_id(jw, "id", sql_column_int(stmt, 0));
	jw_id(jw, "channel_id", sql_column_int(stmt, 1));
	jw_id(jw, "guild_id", sql_column_int(stmt, 2));
	text = sql_column_borrow(stmt, 3, &n);
	jw_text_n(jw, "content", text, n);
	jw_time(jw, "send_at", sql_column_int(stmt, 4));
	TRY(file_of_scheduled_to_json(db, jw, sql_column_int(stmt, 0)));
	TRY(failure_to_json(db, arena, jw, stmt, author_id));
	jw_object_end(jw);
	return ERR_OK;
}

enum err scheduled_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t author_id)
{
	struct sql_stmt *stmt;
	enum err e = ERR_OK;
	jw_array(jw, key);
	TRY(sql_start(db, QUERY_SCHEDULED_LIST, SQL_ARGS(sql_id(author_id), sql_int(SCHEDULED_MAX)), &stmt));
	while (e == ERR_OK && sql_step(stmt))
		e = row_to_json(db, arena, jw, NULL, stmt, author_id);
	jw_array_end(jw);
	enum err end = sql_finish(stmt);
	return end != ERR_OK ? end : e;
}

enum err scheduled_find_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				int64_t scheduled_id, int64_t author_id)
{
	struct sql_stmt *stmt;
	enum err e = ERR_UNKNOWN_SCHEDULED;
	TRY(sql_start(db, QUERY_SCHEDULED_FIND, SQL_ARGS(sql_id(scheduled_id), sql_id(author_id)), &stmt));
	if (sql_step(stmt))
		e = row_to_json(db, arena, jw, key, stmt, author_id);
	enum err end = sql_finish(stmt);
	return end != ERR_OK ? end : e;
}
