/* What stands beside a message's row, in JSON: whom it mentions, embeds, attachments, the copy that a forward is.
 * Nothing is asked of a table that messages.parts does not name. */
#include "base/id.h"
#include "domain/file/file.h"
#include "domain/message/message.h"
#include "domain/message/message_json.h"
#include "domain/row_json.h"

void message_empty_array(struct jw *jw, const char *key)
{
	jw_array(jw, key);
	jw_array_end(jw);
}

static enum err role_ids_to_json(struct sql *db, struct jw *jw, int64_t message_id)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_MESSAGE_LIST_MENTIONED_ROLES, SQL_ARGS(sql_id(message_id)), &stmt));
	jw_array(jw, "mention_roles");
	while (sql_step(stmt))
		jw_id(jw, NULL, sql_column_int(stmt, 0));
	jw_array_end(jw);
	return sql_finish(stmt);
}

static enum err append_role_names(struct sql *db, struct jw *jw, enum query query, int64_t message_id)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, query, SQL_ARGS(sql_id(message_id)), &stmt));
	while (sql_step(stmt)) {
		jw_object(jw, NULL);
		jw_id(jw, "id", sql_column_int(stmt, 0));
		row_text_to_json(jw, "name", stmt, 1);
		jw_int(jw, "color", sql_column_int(stmt, 2));
		jw_object_end(jw);
	}
	return sql_finish(stmt);
}

/* Ours, for who shows the text: every role that it names, and the people whom it names without mentioning them. */
static enum err names_to_json(struct sql *db, struct jw *jw, const struct message_beside *of)
{
	struct sql_stmt *stmt;
	int64_t message_id = of->message_id, parts = of->parts;
	jw_array(jw, "mention_role_names");
	if (parts & MESSAGE_HAS_MENTIONS)
		TRY(append_role_names(db, jw, QUERY_MESSAGE_LIST_MENTIONED_ROLES, message_id));
	if (parts & MESSAGE_HAS_NAMES)
		TRY(append_role_names(db, jw, QUERY_MESSAGE_LIST_NAMED_ROLES, message_id));
	jw_array_end(jw);
	if (!(parts & MESSAGE_HAS_NAMES))
		return ERR_OK;
	jw_array(jw, "mention_user_names");
	TRY(sql_start(db, QUERY_MESSAGE_LIST_NAMED_USERS, SQL_ARGS(sql_id(message_id)), &stmt));
	while (sql_step(stmt)) {
		jw_object(jw, NULL);
		jw_id(jw, "id", sql_column_int(stmt, 0));
		row_text_to_json(jw, "name", stmt, 1);
		jw_object_end(jw);
	}
	jw_array_end(jw);
	return sql_finish(stmt);
}

enum err message_mentions_to_json(struct sql *db, struct jw *jw, const struct message_beside *of)
{
	int64_t message_id = of->message_id, parts = of->parts, is_everyone = 0;
	if (parts & MESSAGE_HAS_MENTIONS) {
		TRY(sql_find_int(db, QUERY_MESSAGE_MENTIONS_EVERYONE, SQL_ARGS(sql_id(message_id)), &is_everyone));
		TRY(row_users_to_json(db, jw, "mentions", QUERY_MESSAGE_LIST_MENTIONED_USERS,
				      SQL_ARGS(sql_id(message_id))));
		TRY(role_ids_to_json(db, jw, message_id));
	} else {
		message_empty_array(jw, "mentions");
		message_empty_array(jw, "mention_roles");
	}
	jw_flag(jw, "mention_everyone", is_everyone != 0);
	return parts & (MESSAGE_HAS_MENTIONS | MESSAGE_HAS_NAMES) ? names_to_json(db, jw, of) : ERR_OK;
}

enum err message_attachments_to_json(struct sql *db, struct jw *jw, const struct message_beside *of)
{
	if (of->parts & MESSAGE_HAS_ATTACHMENTS)
		return file_of_message_to_json(db, jw, of->message_id);
	message_empty_array(jw, "attachments");
	return ERR_OK;
}

/* What a forward was copied from is nobody's to know, and libraries want to: discord.js throws where there is no
 * reference to a message, eris where the copy stands in no channel and is by nobody. So it is by whoever copied it, in
 * a channel that there is not, and is called by the last id of its millisecond, which none is given. */
static const char no_channel[] = "0";

static void snapshot_reference(struct jw *jw, int64_t sent_at_ms)
{
	jw_object(jw, "message_reference");
	jw_int(jw, "type", MESSAGE_REFERENCE_FORWARD);
	jw_id(jw, "message_id", id_first_at(sent_at_ms + 1) - 1);
	jw_text(jw, "channel_id", no_channel);
	jw_object_end(jw);
}

static enum err snapshot_row(struct sql *db, struct jw *jw, struct sql_stmt *stmt, const struct message_beside *of)
{
	snapshot_reference(jw, sql_column_int(stmt, 1));
	jw_array(jw, "message_snapshots");
	jw_object(jw, NULL);
	jw_object(jw, "message");
	jw_text(jw, "channel_id", no_channel);
	jw_object(jw, "author");
	jw_id(jw, "id", of->author_id);
	jw_object_end(jw);
	jw_int(jw, "type", MESSAGE_TYPE_DEFAULT);
	row_text_to_json(jw, "content", stmt, 0);
	jw_time(jw, "timestamp", sql_column_int(stmt, 1));
	jw_time(jw, "edited_timestamp", sql_column_int(stmt, 2));
	jw_int(jw, "flags", of->flags & MESSAGE_FLAG_VOICE);
	message_empty_array(jw, "mentions");
	message_empty_array(jw, "mention_roles");
	message_empty_array(jw, "components");
	TRY(message_attachments_to_json(db, jw, of));
	TRY(message_embeds_to_json(db, jw, of));
	jw_object_end(jw);
	jw_object_end(jw);
	jw_array_end(jw);
	return ERR_OK;
}

enum err message_snapshot_to_json(struct sql *db, struct jw *jw, const struct message_beside *of)
{
	struct sql_stmt *stmt;
	enum err e = ERR_OK;
	if (!(of->parts & MESSAGE_HAS_SNAPSHOT))
		return ERR_OK;
	TRY(sql_start(db, QUERY_MESSAGE_FIND_SNAPSHOT, SQL_ARGS(sql_id(of->message_id)), &stmt));
	if (sql_step(stmt))
		e = snapshot_row(db, jw, stmt, of);
	enum err end = sql_finish(stmt);
	return end != ERR_OK ? end : e;
}
