/* Reading pins. */
#include "domain/message/message.h"
#include "domain/pin/pin.h"

static enum err write_one(struct sql *db, struct jw *jw, struct sql_stmt *stmt, struct message_at at, bool is_plain)
{
	if (is_plain)
		return message_find_to_json(db, jw, NULL, at, NULL);
	jw_object(jw, NULL);
	jw_time(jw, "pinned_at", sql_column_int(stmt, 1));
	TRY(message_find_to_json(db, jw, "message", at, NULL));
	jw_object_end(jw);
	return ERR_OK;
}

enum err pin_list_to_json(struct sql *db, struct jw *jw, const char *key, int64_t channel_id,
			  const struct pin_page *page, bool *has_more)
{
	int64_t before_ms = page->before_ms != 0 ? page->before_ms : INT64_MAX;
	struct message_at at = {.channel_id = channel_id, .viewer_id = page->viewer_id};
	struct sql_stmt *stmt;
	enum err e = ERR_OK;
	int count = 0;
	*has_more = false;
	TRY(sql_start(db, QUERY_PIN_LIST, SQL_ARGS(sql_id(channel_id), sql_int(before_ms), sql_int(page->limit + 1)),
		      &stmt));
	jw_array(jw, key);
	while (e == ERR_OK && !*has_more && sql_step(stmt)) {
		*has_more = count++ == page->limit;
		at.message_id = sql_column_int(stmt, 0);
		if (!*has_more)
			e = write_one(db, jw, stmt, at, page->is_plain);
	}
	jw_array_end(jw);
	enum err end = sql_finish(stmt);
	return end != ERR_OK ? end : e;
}
