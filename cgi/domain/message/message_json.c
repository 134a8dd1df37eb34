/* The JSON view of a message, from the columns that every list of db/queries/message.sql gives. */
#include "domain/message/message_json.h"
#include "base/id.h"
#include "domain/message/message.h"

static void text_column(struct jw *jw, const char *key, struct sql_stmt *stmt, int column)
{
	size_t n;
	const char *text = sql_column_borrow(stmt, column, &n);
	if (text == NULL)
		jw_null(jw, key);
	else
		jw_text_n(jw, key, text, n);
}

static void empty_array(struct jw *jw, const char *key)
{
	jw_array(jw, key);
	jw_array_end(jw);
}

static void author_to_json(struct jw *jw, struct sql_stmt *stmt)
{
	jw_object(jw, "author");
	jw_id(jw, "id", sql_column_int(stmt, 6));
	text_column(jw, "username", stmt, 7);
	jw_text(jw, "discriminator", "0");
	text_column(jw, "global_name", stmt, 8);
	text_column(jw, "avatar", stmt, 9);
	jw_flag(jw, "bot", sql_column_int(stmt, 10) != 0);
	jw_int(jw, "public_flags", 0);
	jw_object_end(jw);
}

void message_row_members(struct jw *jw, struct sql_stmt *stmt)
{
	int64_t id = sql_column_int(stmt, 0);
	jw_id(jw, "id", id);
	jw_id(jw, "channel_id", sql_column_int(stmt, 1));
	jw_int(jw, "type", sql_column_int(stmt, 2));
	text_column(jw, "content", stmt, 3);
	author_to_json(jw, stmt);
	jw_time(jw, "timestamp", id_created_at_ms(id));
	jw_time(jw, "edited_timestamp", sql_column_int(stmt, 5));
	jw_flag(jw, "tts", false);
	jw_flag(jw, "mention_everyone", false);
	jw_flag(jw, "pinned", false);
	jw_int(jw, "flags", 0);
	empty_array(jw, "mentions");
	empty_array(jw, "mention_roles");
	empty_array(jw, "attachments");
	empty_array(jw, "embeds");
	empty_array(jw, "components");
	if (!sql_column_is_null(stmt, 4))
		text_column(jw, "nonce", stmt, 4);
}

static void row_to_json(struct jw *jw, const char *key, struct sql_stmt *stmt)
{
	jw_object(jw, key);
	message_row_members(jw, stmt);
	jw_object_end(jw);
}

static enum err append_rows(struct sql *db, enum query query, const struct sql_arg *args, struct jw *jw,
			    struct message_page_result *result)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, query, args, &stmt));
	while (sql_step(stmt)) {
		int64_t id = sql_column_int(stmt, 0);
		if (result->count++ == 0)
			result->newest_id = id;
		result->oldest_id = id;
		row_to_json(jw, NULL, stmt);
	}
	return sql_finish(stmt);
}

enum err message_list_to_json(struct sql *db, struct jw *jw, const char *key, int64_t channel_id,
			      const struct message_page *page, struct message_page_result *result)
{
	struct sql_arg channel = sql_id(channel_id);
	int64_t anchor = page->anchor_id;
	*result = (struct message_page_result){0};
	jw_array(jw, key);
	switch (page->order) {
	case MESSAGE_LATEST:
		TRY(append_rows(db, QUERY_MESSAGE_LIST_LATEST, SQL_ARGS(channel, sql_int(page->limit)), jw, result));
		break;
	case MESSAGE_BEFORE:
		TRY(append_rows(db, QUERY_MESSAGE_LIST_BEFORE, SQL_ARGS(channel, sql_int(anchor), sql_int(page->limit)),
				jw, result));
		break;
	case MESSAGE_AFTER:
		TRY(append_rows(db, QUERY_MESSAGE_LIST_AFTER, SQL_ARGS(channel, sql_int(anchor), sql_int(page->limit)),
				jw, result));
		break;
	case MESSAGE_AROUND:
		TRY(append_rows(db, QUERY_MESSAGE_LIST_AFTER,
				SQL_ARGS(channel, sql_int(anchor), sql_int(page->limit / 2)), jw, result));
		/* The anchor itself and what stands below it. */
		TRY(append_rows(db, QUERY_MESSAGE_LIST_BEFORE,
				SQL_ARGS(channel, sql_int(anchor == INT64_MAX ? anchor : anchor + 1),
					 sql_int(page->limit - result->count)),
				jw, result));
		break;
	}
	jw_array_end(jw);
	return ERR_OK;
}

enum err message_find_to_json(struct sql *db, struct jw *jw, const char *key, int64_t channel_id, int64_t message_id,
			      int64_t *author_id)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_MESSAGE_FIND, SQL_ARGS(sql_id(message_id), sql_id(channel_id)), &stmt));
	bool found = sql_step(stmt);
	if (found) {
		row_to_json(jw, key, stmt);
		if (author_id != NULL)
			*author_id = sql_column_int(stmt, 6);
	}
	TRY(sql_finish(stmt));
	return found ? ERR_OK : ERR_UNKNOWN_MESSAGE;
}
