/* The JSON view of drafts. */
#include "domain/channel/channel.h"
#include "domain/draft/draft.h"
#include "domain/perm.h"

static void row_to_json(struct jw *jw, const char *key, struct sql_stmt *stmt)
{
	size_t nonce_n, content_n;
	const char *nonce = sql_column_borrow(stmt, 3, &nonce_n), *content = sql_column_borrow(stmt, 4, &content_n);
	jw_object(jw, key);
	jw_id(jw, "channel_id", sql_column_int(stmt, 0));
	jw_text_n(jw, "content", content, content_n);
	jw_id(jw, "revision", sql_column_int(stmt, 1));
	jw_text_n(jw, "nonce", nonce, nonce_n);
	jw_time(jw, "updated_at", sql_column_int(stmt, 2));
	jw_object_end(jw);
}

static void none_to_json(struct jw *jw, const char *key, int64_t channel_id)
{
	jw_object(jw, key);
	jw_id(jw, "channel_id", channel_id);
	jw_text(jw, "content", "");
	jw_null(jw, "revision");
	jw_null(jw, "nonce");
	jw_null(jw, "updated_at");
	jw_object_end(jw);
}

enum err draft_find_to_json(struct sql *db, struct jw *jw, const char *key, int64_t user_id, int64_t channel_id)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_DRAFT_FIND, SQL_ARGS(sql_id(user_id), sql_id(channel_id)), &stmt));
	if (sql_step(stmt))
		row_to_json(jw, key, stmt);
	else
		none_to_json(jw, key, channel_id);
	return sql_finish(stmt);
}

/* A channel that is gone or not to be seen is no error of the list. */
static enum err is_seen(struct sql *db, struct arena *arena, int64_t channel_id, int64_t user_id, bool *answer)
{
	uint64_t bits;
	enum err err = perm_of_channel(db, arena, channel_id, user_id, &bits);
	*answer = err == ERR_OK;
	return err == ERR_UNKNOWN_CHANNEL ? ERR_OK : err;
}

/* arena is NULL where all are wanted, whatever may be seen. */
static enum err list(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t user_id)
{
	struct sql_stmt *stmt;
	enum err err = ERR_OK;
	jw_array(jw, key);
	TRY(sql_start(db, QUERY_DRAFT_LIST, SQL_ARGS(sql_id(user_id), sql_int(DRAFTS_MAX)), &stmt));
	while (err == ERR_OK && sql_step(stmt)) {
		bool is_listed = true;
		if (arena != NULL)
			err = is_seen(db, arena, sql_column_int(stmt, 0), user_id, &is_listed);
		if (err == ERR_OK && is_listed)
			row_to_json(jw, NULL, stmt);
	}
	jw_array_end(jw);
	enum err end = sql_finish(stmt);
	return end != ERR_OK ? end : err;
}

enum err draft_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t user_id)
{
	return list(db, arena, jw, key, user_id);
}

enum err draft_export_to_json(struct sql *db, struct jw *jw, const char *key, int64_t user_id)
{
	return list(db, NULL, jw, key, user_id);
}

enum err draft_channels_to_json(struct sql *db, struct jw *jw, const char *key, int64_t user_id)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_DRAFT_LIST_CHANNELS, SQL_ARGS(sql_id(user_id), sql_int(DRAFTS_MAX)), &stmt));
	jw_array(jw, key);
	while (sql_step(stmt))
		jw_id(jw, NULL, sql_column_int(stmt, 0));
	jw_array_end(jw);
	return sql_finish(stmt);
}
