/* The JSON view of messages that are sent later. */
#include "domain/scheduled/scheduled.h"

static void row_to_json(struct jw *jw, const char *key, struct sql_stmt *stmt)
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
	/* Errors are kept by name, so that they may be worded better by then; a name ends with a NUL. */
	text = sql_column_borrow(stmt, 5, &n);
	jw_text(jw, "failure", text == NULL ? NULL : err_info(err_from_name(text))->text);
	jw_object_end(jw);
}

enum err scheduled_list_to_json(struct sql *db, struct jw *jw, const char *key, int64_t author_id)
{
	struct sql_stmt *stmt;
	jw_array(jw, key);
	TRY(sql_start(db, QUERY_SCHEDULED_LIST, SQL_ARGS(sql_id(author_id), sql_int(SCHEDULED_MAX)), &stmt));
	while (sql_step(stmt))
		row_to_json(jw, NULL, stmt);
	jw_array_end(jw);
	return sql_finish(stmt);
}

enum err scheduled_find_to_json(struct sql *db, struct jw *jw, const char *key, int64_t scheduled_id, int64_t author_id)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_SCHEDULED_FIND, SQL_ARGS(sql_id(scheduled_id), sql_id(author_id)), &stmt));
	bool found = sql_step(stmt);
	if (found)
		row_to_json(jw, key, stmt);
	TRY(sql_finish(stmt));
	return found ? ERR_OK : ERR_UNKNOWN_SCHEDULED;
}
