/* Security events for those who administer the server. */
#include "domain/security_event/security_event.h"

#include <stdint.h>

static enum err start(struct sql *db, const struct security_event_filter *filter, struct sql_stmt **stmt)
{
	int64_t before = filter->before != 0 ? filter->before : INT64_MAX;
	int64_t limit =
	    filter->limit > 0 && filter->limit <= SECURITY_EVENTS_PAGE_MAX ? filter->limit : SECURITY_EVENTS_PAGE_MAX;
	if (filter->user_id != 0)
		return sql_start(
		    db, QUERY_SECURITY_EVENT_LIST_OF_USER,
		    SQL_ARGS(sql_int(before), sql_int(limit), sql_id(filter->user_id), sql_text(filter->kind)), stmt);
	if (filter->kind != NULL)
		return sql_start(db, QUERY_SECURITY_EVENT_LIST_OF_KIND,
				 SQL_ARGS(sql_int(before), sql_int(limit), sql_text(filter->kind)), stmt);
	return sql_start(db, QUERY_SECURITY_EVENT_LIST, SQL_ARGS(sql_int(before), sql_int(limit)), stmt);
}

static void write_user(struct jw *jw, int64_t user_id, const char *username)
{
	if (user_id == 0) {
		jw_null(jw, "user");
		return;
	}
	jw_object(jw, "user");
	jw_id(jw, "id", user_id);
	jw_text(jw, "username", username);
	jw_object_end(jw);
}

enum err security_event_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				     const struct security_event_filter *filter)
{
	struct sql_stmt *stmt;
	TRY(start(db, filter, &stmt));
	jw_array(jw, key);
	while (sql_step(stmt)) {
		int64_t id = sql_column_int(stmt, 0);
		jw_object(jw, NULL);
		jw_id(jw, "id", id);
		jw_text(jw, "kind", sql_column_text(stmt, 1, arena));
		jw_time(jw, "at", id_created_at_ms(id));
		write_user(jw, sql_column_int(stmt, 2), sql_column_text(stmt, 3, arena));
		jw_text(jw, "address", sql_column_text(stmt, 4, arena));
		jw_text(jw, "detail", sql_column_text(stmt, 5, arena));
		jw_object_end(jw);
	}
	jw_array_end(jw);
	return sql_finish(stmt);
}
