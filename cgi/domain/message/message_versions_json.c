#include "base/id.h"
#include "domain/message/message.h"
#include "domain/message/message_json.h"
#include "domain/poll/poll.h"

enum err message_versions_to_json(struct sql *db, struct jw *jw, const char *key, int64_t message_id)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_MESSAGE_LIST_VERSIONS, SQL_ARGS(sql_id(message_id), sql_int(MESSAGE_VERSIONS_MAX)),
		      &stmt));
	jw_array(jw, key);
	while (sql_step(stmt)) {
		size_t n;
		const char *content = sql_column_borrow(stmt, 1, &n);
		jw_object(jw, NULL);
		jw_text_n(jw, "content", content, n);
		jw_time(jw, "timestamp",
			sql_column_is_null(stmt, 2) ? id_created_at_ms(message_id) : sql_column_int(stmt, 2));
		jw_time(jw, "replaced_timestamp", sql_column_int(stmt, 0));
		jw_object_end(jw);
	}
	jw_array_end(jw);
	return sql_finish(stmt);
}

enum err message_own_to_json(struct sql *db, struct jw *jw, const struct message_own *own)
{
	struct message_beside beside = {.message_id = own->message_id,
					.author_id = own->author_id,
					.parts = own->parts,
					.flags = 0,
					.viewer_id = own->author_id};
	jw_int(jw, "type", own->type);
	jw_int(jw, "flags", own->flags);
	if (own->reference_id != 0)
		jw_id(jw, "reply_to", own->reference_id);
	if (own->is_edited)
		TRY(message_versions_to_json(db, jw, "versions", own->message_id));
	TRY(message_snapshot_to_json(db, jw, &beside));
	if (own->parts & MESSAGE_HAS_SNAPSHOT)
		return ERR_OK;
	if (own->parts & MESSAGE_HAS_ATTACHMENTS)
		TRY(message_attachments_to_json(db, jw, &beside));
	if (own->parts & MESSAGE_HAS_EMBEDS)
		TRY(message_embeds_to_json(db, jw, &beside));
	return own->parts & MESSAGE_HAS_POLL ? poll_of_message_to_json(db, jw, own->message_id, own->author_id)
					     : ERR_OK;
}
