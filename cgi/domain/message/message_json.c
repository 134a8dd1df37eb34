/* The JSON view of a message, from the columns that every list of db/queries/message.sql gives. */
#include "domain/message/message_json.h"
#include "base/id.h"
#include "domain/message/message.h"
#include "domain/message/message_marker.h"
#include "domain/poll/poll.h"
#include "domain/reaction/reaction.h"
#include "domain/row_json.h"
#include "domain/thread/thread.h"

/* Of a reply or a notice; a forward's is message_snapshot_to_json's. */
static void reference_to_json(struct jw *jw, struct sql_stmt *stmt)
{
	int64_t channel_id = sql_column_int(stmt, MESSAGE_COLUMN_REFERENCE_CHANNEL);
	jw_object(jw, "message_reference");
	jw_int(jw, "type", MESSAGE_REFERENCE_REPLY);
	if (!sql_column_is_null(stmt, MESSAGE_COLUMN_REFERENCE))
		jw_id(jw, "message_id", sql_column_int(stmt, MESSAGE_COLUMN_REFERENCE));
	jw_id(jw, "channel_id", channel_id != 0 ? channel_id : sql_column_int(stmt, MESSAGE_COLUMN_CHANNEL));
	if (!sql_column_is_null(stmt, MESSAGE_COLUMN_REFERENCE_GUILD))
		jw_id(jw, "guild_id", sql_column_int(stmt, MESSAGE_COLUMN_REFERENCE_GUILD));
	jw_object_end(jw);
}

/* Everything but what the message answers. */
static enum err members(struct sql *db, struct jw *jw, struct sql_stmt *stmt, int64_t viewer_id)
{
	const struct message_beside beside = {.message_id = sql_column_int(stmt, MESSAGE_COLUMN_ID),
					      .author_id = sql_column_int(stmt, MESSAGE_COLUMN_AUTHOR),
					      .parts = sql_column_int(stmt, MESSAGE_COLUMN_PARTS),
					      .flags = sql_column_int(stmt, MESSAGE_COLUMN_FLAGS),
					      .viewer_id = viewer_id};
	struct message_beside own = beside;
	if (beside.parts & MESSAGE_HAS_SNAPSHOT) /* what a forward has is its copy's */
		own.parts &= ~(int64_t)(MESSAGE_HAS_EMBEDS | MESSAGE_HAS_ATTACHMENTS);
	jw_id(jw, "id", beside.message_id);
	jw_id(jw, "channel_id", sql_column_int(stmt, MESSAGE_COLUMN_CHANNEL));
	jw_int(jw, "type", sql_column_int(stmt, MESSAGE_COLUMN_TYPE));
	row_text_to_json(jw, "content", stmt, MESSAGE_COLUMN_CONTENT);
	row_user_to_json(jw, "author", stmt, MESSAGE_COLUMN_AUTHOR);
	jw_time(jw, "timestamp", id_created_at_ms(beside.message_id));
	jw_time(jw, "edited_timestamp", sql_column_int(stmt, MESSAGE_COLUMN_EDITED));
	jw_flag(jw, "tts", false);
	jw_flag(jw, "pinned", (beside.parts & MESSAGE_HAS_PIN) != 0);
	jw_int(jw, "flags", beside.flags | (beside.parts & MESSAGE_HAS_THREAD ? MESSAGE_FLAG_THREAD : 0));
	TRY(message_mentions_to_json(db, jw, &own));
	TRY(message_attachments_to_json(db, jw, &own));
	TRY(message_embeds_to_json(db, jw, &own));
	message_empty_array(jw, "components");
	TRY(message_snapshot_to_json(db, jw, &beside));
	if (beside.parts & MESSAGE_HAS_REACTIONS)
		TRY(reaction_of_message_to_json(db, jw, beside.message_id, viewer_id));
	if (beside.parts & MESSAGE_HAS_POLL)
		TRY(poll_of_message_to_json(db, jw, beside.message_id, viewer_id));
	if (beside.parts & MESSAGE_HAS_THREAD)
		TRY(thread_of_message_to_json(db, jw, beside.message_id, viewer_id));
	if (!sql_column_is_null(stmt, 4))
		row_text_to_json(jw, "nonce", stmt, 4);
	return ERR_OK;
}

/* For whom a message is written. */
struct reader {
	int64_t id;      /* viewer_id of struct message_at */
	bool is_cut_off; /* what the message answers is not theirs to read */
};

static enum err all_members(struct sql *db, struct jw *jw, struct sql_stmt *stmt, const struct reader *reader)
{
	int64_t reference_id = sql_column_int(stmt, MESSAGE_COLUMN_REFERENCE);
	int64_t channel_id = sql_column_int(stmt, MESSAGE_COLUMN_REFERENCE_CHANNEL);
	TRY(members(db, jw, stmt, reader->id));
	if (reference_id == 0 && channel_id == 0)
		return ERR_OK;
	reference_to_json(jw, stmt);
	if (reference_id == 0)
		return ERR_OK;
	if (channel_id == 0)
		channel_id = sql_column_int(stmt, MESSAGE_COLUMN_CHANNEL);
	if (reader->id == 0) {
		message_marker_write(jw, channel_id, reference_id);
		return ERR_OK;
	}
	if (reader->is_cut_off) {
		jw_null(jw, "referenced_message");
		return ERR_OK;
	}
	return message_referenced_to_json(db, jw, "referenced_message",
					  (struct message_at){channel_id, reference_id, reader->id});
}

enum err message_row_members(struct sql *db, struct jw *jw, struct sql_stmt *stmt, int64_t viewer_id)
{
	return all_members(db, jw, stmt, &(struct reader){.id = viewer_id});
}

enum err message_referenced_to_json(struct sql *db, struct jw *jw, const char *key, struct message_at at)
{
	struct sql_stmt *stmt;
	enum err e = ERR_OK;
	TRY(sql_start(db, QUERY_MESSAGE_FIND_REFERENCED, SQL_ARGS(sql_id(at.message_id), sql_id(at.channel_id)),
		      &stmt));
	if (sql_step(stmt)) {
		jw_object(jw, key);
		e = members(db, jw, stmt, at.viewer_id);
		if (!sql_column_is_null(stmt, MESSAGE_COLUMN_REFERENCE))
			reference_to_json(jw, stmt);
		jw_object_end(jw);
	} else {
		jw_null(jw, key);
	}
	enum err end = sql_finish(stmt);
	return end != ERR_OK ? end : e;
}

static enum err row_to_json(struct sql *db, struct jw *jw, const char *key, struct sql_stmt *stmt,
			    const struct reader *reader)
{
	jw_object(jw, key);
	TRY(all_members(db, jw, stmt, reader));
	jw_object_end(jw);
	return ERR_OK;
}

/* Steps through messages; an error of what stands beside a row ends it, with the statement released. */
static enum err append_rows(struct sql *db, struct sql_stmt *stmt, struct jw *jw, int64_t viewer_id,
			    struct message_page_result *result)
{
	const struct reader reader = {.id = viewer_id};
	enum err e = ERR_OK;
	while (e == ERR_OK && sql_step(stmt)) {
		int64_t id = sql_column_int(stmt, MESSAGE_COLUMN_ID);
		if (result->count++ == 0)
			result->newest_id = id;
		result->oldest_id = id;
		e = row_to_json(db, jw, NULL, stmt, &reader);
	}
	enum err end = sql_finish(stmt);
	return end != ERR_OK ? end : e;
}

static enum err append_latest(struct sql *db, struct jw *jw, int64_t channel_id, const struct message_page *page,
			      struct message_page_result *result)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_MESSAGE_LIST_LATEST, SQL_ARGS(sql_id(channel_id), sql_int(page->limit)), &stmt));
	return append_rows(db, stmt, jw, page->viewer_id, result);
}

/* query is one of message_list_before and message_list_after; page says from where and how many. */
static enum err append_from(struct sql *db, enum query query, struct jw *jw, int64_t channel_id,
			    const struct message_page *page, struct message_page_result *result)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, query, SQL_ARGS(sql_id(channel_id), sql_int(page->anchor_id), sql_int(page->limit)), &stmt));
	return append_rows(db, stmt, jw, page->viewer_id, result);
}

/* Half of it is newer than the anchor; the anchor itself and what stands below it fill the rest. */
static enum err append_around(struct sql *db, struct jw *jw, int64_t channel_id, const struct message_page *page,
			      struct message_page_result *result)
{
	struct message_page part = *page;
	part.limit = page->limit / 2;
	TRY(append_from(db, QUERY_MESSAGE_LIST_AFTER, jw, channel_id, &part, result));
	part.limit = page->limit - result->count;
	part.anchor_id = page->anchor_id == INT64_MAX ? page->anchor_id : page->anchor_id + 1;
	return append_from(db, QUERY_MESSAGE_LIST_BEFORE, jw, channel_id, &part, result);
}

enum err message_list_to_json(struct sql *db, struct jw *jw, const char *key, int64_t channel_id,
			      const struct message_page *page, struct message_page_result *result)
{
	*result = (struct message_page_result){0};
	jw_array(jw, key);
	switch (page->order) {
	case MESSAGE_LATEST:
		TRY(append_latest(db, jw, channel_id, page, result));
		break;
	case MESSAGE_BEFORE:
		TRY(append_from(db, QUERY_MESSAGE_LIST_BEFORE, jw, channel_id, page, result));
		break;
	case MESSAGE_AFTER:
		TRY(append_from(db, QUERY_MESSAGE_LIST_AFTER, jw, channel_id, page, result));
		break;
	case MESSAGE_AROUND:
		TRY(append_around(db, jw, channel_id, page, result));
		break;
	}
	jw_array_end(jw);
	return ERR_OK;
}

static enum err find_to_json(struct sql *db, struct jw *jw, const char *key, struct message_at at, bool is_cut_off,
			     int64_t *author_id)
{
	const struct reader reader = {at.viewer_id, is_cut_off};
	struct sql_stmt *stmt;
	enum err e = ERR_UNKNOWN_MESSAGE;
	TRY(sql_start(db, QUERY_MESSAGE_FIND, SQL_ARGS(sql_id(at.message_id), sql_id(at.channel_id)), &stmt));
	if (sql_step(stmt)) {
		e = row_to_json(db, jw, key, stmt, &reader);
		if (author_id != NULL)
			*author_id = sql_column_int(stmt, MESSAGE_COLUMN_AUTHOR);
	}
	enum err end = sql_finish(stmt);
	return end != ERR_OK ? end : e;
}

enum err message_find_to_json(struct sql *db, struct jw *jw, const char *key, struct message_at at, int64_t *author_id)
{
	return find_to_json(db, jw, key, at, false, author_id);
}

enum err message_find_alone_to_json(struct sql *db, struct jw *jw, const char *key, struct message_at at)
{
	return find_to_json(db, jw, key, at, true, NULL);
}
