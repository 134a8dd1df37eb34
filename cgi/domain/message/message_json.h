/* What the files of this folder share of the JSON view of a message. */
#ifndef SNUG_DOMAIN_MESSAGE_JSON_H
#define SNUG_DOMAIN_MESSAGE_JSON_H

#include "domain/message/message.h"

/* Columns of every list of db/queries/message.sql that more than the view asks for. */
enum message_column {
	MESSAGE_COLUMN_ID = 0,
	MESSAGE_COLUMN_CHANNEL = 1,
	MESSAGE_COLUMN_TYPE = 2,
	MESSAGE_COLUMN_CONTENT = 3,
	MESSAGE_COLUMN_EDITED = 5,
	MESSAGE_COLUMN_AUTHOR = 6,
	MESSAGE_COLUMN_FLAGS = 11,
	MESSAGE_COLUMN_PARTS = 12,
	MESSAGE_COLUMN_REFERENCE = 13,
	MESSAGE_COLUMN_REFERENCE_CHANNEL = 14,
	MESSAGE_COLUMN_REFERENCE_GUILD = 15,
};

/* Discord's types of a message_reference. */
enum message_reference_type { MESSAGE_REFERENCE_REPLY = 0, MESSAGE_REFERENCE_FORWARD = 1 };

/* Writes the members of a message object from the row that stmt stands on, into an object that is open. viewer_id is
 * that of struct message_at. */
enum err message_row_members(struct sql *db, struct jw *jw, struct sql_stmt *stmt, int64_t viewer_id) MUST_USE;

/* Writes the message that another one answers, without what that answers in turn; null when it is deleted. */
enum err message_referenced_to_json(struct sql *db, struct jw *jw, const char *key, struct message_at at) MUST_USE;

/* What says of a row where the rest of the message stands. */
struct message_beside {
	int64_t message_id, author_id, parts, flags, viewer_id;
};

/* message_parts_json.c and message_embeds_json.c: what stands beside a message's row, as members of an object that is
 * open. What has no rows by its parts is written without asking. */
enum err message_mentions_to_json(struct sql *db, struct jw *jw, const struct message_beside *of) MUST_USE;
enum err message_embeds_to_json(struct sql *db, struct jw *jw, const struct message_beside *of) MUST_USE;
enum err message_snapshot_to_json(struct sql *db, struct jw *jw, const struct message_beside *of) MUST_USE;
void message_empty_array(struct jw *jw, const char *key);
enum err message_attachments_to_json(struct sql *db, struct jw *jw, const struct message_beside *of) MUST_USE;

#endif
