#include "domain/message/message_reference.h"

#include "domain/emoji/emoji.h"
#include "domain/file/file.h"
#include "domain/message/message.h"
#include "domain/message/message_json.h"
#include "domain/perm.h"

static enum err refuse(struct apply *apply, const char *code, const char *message)
{
	field_errors_add(&apply->errors, "message_reference", code, message);
	return ERR_INVALID_FORM;
}

static enum err refuse_unknown(struct apply *apply)
{
	return refuse(apply, "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message");
}

/* What Snug itself says (somebody pinned, a thread was started) is nobody's message. */
static bool is_of_person(int64_t type)
{
	return type == MESSAGE_TYPE_DEFAULT || type == MESSAGE_TYPE_REPLY;
}

static enum err read_replied(struct apply *apply, const struct message_referring *of, int64_t message_id,
			     bool must_exist, struct message_reference *out)
{
	struct sql_stmt *stmt;
	int64_t type = MESSAGE_TYPE_DEFAULT, author_id = 0;
	if (!perm_has(of->bits, PERM_READ_HISTORY))
		return ERR_REPLY_NEEDS_HISTORY;
	TRY(sql_start(apply->db, QUERY_MESSAGE_FIND, SQL_ARGS(sql_id(message_id), sql_id(of->channel->id)), &stmt));
	if (sql_step(stmt)) {
		type = sql_column_int(stmt, MESSAGE_COLUMN_TYPE);
		author_id = sql_column_int(stmt, MESSAGE_COLUMN_AUTHOR);
	}
	TRY(sql_finish(stmt));
	if (author_id == 0)
		return must_exist ? refuse_unknown(apply) : ERR_OK;
	if (!is_of_person(type))
		return refuse(apply, "REPLIES_CANNOT_REFERENCE_SYSTEM_MESSAGE", "Cannot reply to a system message");
	out->replied_id = message_id;
	out->replied_author_id = author_id;
	return ERR_OK;
}

/* Of a forward that is forwarded once more, its copy is what is copied. */
static enum err read_snapshot(struct apply *apply, struct message_source *source)
{
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_MESSAGE_FIND_SNAPSHOT, SQL_ARGS(sql_id(source->message_id)), &stmt));
	if (sql_step(stmt)) {
		source->content = sql_column_text(stmt, 0, apply->arena);
		source->sent_at_ms = sql_column_int(stmt, 1);
		source->edited_at_ms = sql_column_int(stmt, 2);
	}
	return sql_finish(stmt);
}

static enum err read_source_row(struct apply *apply, int64_t channel_id, struct message_source *source)
{
	struct sql_stmt *stmt;
	int64_t message_id = source->message_id;
	source->message_id = 0;
	TRY(sql_start(apply->db, QUERY_MESSAGE_FIND, SQL_ARGS(sql_id(message_id), sql_id(channel_id)), &stmt));
	if (sql_step(stmt) && is_of_person(sql_column_int(stmt, MESSAGE_COLUMN_TYPE))) {
		source->message_id = message_id;
		source->content = sql_column_text(stmt, MESSAGE_COLUMN_CONTENT, apply->arena);
		source->sent_at_ms = id_created_at_ms(message_id);
		source->edited_at_ms = sql_column_int(stmt, MESSAGE_COLUMN_EDITED);
		source->flags = sql_column_int(stmt, MESSAGE_COLUMN_FLAGS);
		source->parts = sql_column_int(stmt, MESSAGE_COLUMN_PARTS);
	}
	TRY(sql_finish(stmt));
	if (source->message_id == 0 || (source->parts & MESSAGE_HAS_POLL))
		return refuse_unknown(apply);
	return source->parts & MESSAGE_HAS_SNAPSHOT ? read_snapshot(apply, source) : ERR_OK;
}

static enum err read_source(struct apply *apply, const struct message_referring *of, struct message_source *source)
{
	int64_t channel_id = json_id(of->given, "channel_id");
	uint64_t bits;
	enum err e = perm_of_channel(apply->db, apply->arena, channel_id, apply->actor_id, &bits);
	if (e == ERR_UNKNOWN_CHANNEL || (e == ERR_OK && !perm_has(bits, PERM_READ_HISTORY)))
		return refuse_unknown(apply);
	TRY(e);
	source->message_id = json_id(of->given, "message_id");
	TRY(read_source_row(apply, channel_id, source));
	if ((source->parts & MESSAGE_HAS_ATTACHMENTS) && !perm_has(of->bits, PERM_ATTACH_FILES))
		return ERR_MISSING_PERMISSIONS;
	TRY(emoji_text_settle(apply, of->channel->guild_id, of->bits, &source->content));
	/* Text goes without its embeds where those may not be posted, or were hidden. */
	if (!perm_has(of->bits, PERM_EMBED_LINKS) || (source->flags & MESSAGE_FLAG_SUPPRESS_EMBEDS))
		source->parts &= ~(int64_t)MESSAGE_HAS_EMBEDS;
	if (source->content[0] == '\0' && !(source->parts & (MESSAGE_HAS_EMBEDS | MESSAGE_HAS_ATTACHMENTS)))
		return ERR_EMPTY_MESSAGE;
	return ERR_OK;
}

static enum err refuse_member(struct apply *apply, const char *name, const char *code, const char *message)
{
	field_errors_add(&apply->errors, arena_printf(apply->arena, "message_reference.%s", name), code, message);
	return ERR_INVALID_FORM;
}

/* What is given of it is of its type; null is nothing given. */
static enum err check_members(struct apply *apply, const json_t *given)
{
	static const char *const ids[] = {"message_id", "channel_id"};
	const json_t *type = json_object_get(given, "type"), *flag = json_object_get(given, "fail_if_not_exists");
	if (given != NULL && !json_is_null(given) && !json_is_object(given))
		return refuse(apply, "DICT_TYPE_CONVERT", "Only an object can be taken here.");
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		const json_t *id = json_object_get(given, ids[i]);
		if (id != NULL && !json_is_null(id) && json_id_of(id) == 0)
			return refuse_member(apply, ids[i], "NUMBER_TYPE_COERCE", "Value is not a snowflake.");
	}
	if (type != NULL && !json_is_null(type) && !json_is_integer(type))
		return refuse_member(apply, "type", "NUMBER_TYPE_COERCE", "Value is not an integer.");
	if (flag != NULL && !json_is_null(flag) && !json_is_boolean(flag))
		return refuse_member(apply, "fail_if_not_exists", "BOOLEAN_TYPE_CONVERT",
				     "Must be either true or false.");
	return ERR_OK;
}

enum err message_reference_read(struct apply *apply, const struct message_referring *of, struct message_reference *out)
{
	int64_t message_id = json_id(of->given, "message_id"), channel_id = json_id(of->given, "channel_id");
	const json_t *must_exist = json_object_get(of->given, "fail_if_not_exists");
	*out = (struct message_reference){0};
	TRY(check_members(apply, of->given));
	if (message_id == 0)
		return of->reply_to != 0 ? read_replied(apply, of, of->reply_to, false, out) : ERR_OK;
	switch (json_int(of->given, "type")) {
	case MESSAGE_REFERENCE_REPLY:
		if (channel_id != 0 && channel_id != of->channel->id)
			return refuse(apply, "REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL",
				      "Cannot reply to a message in a different channel");
		return read_replied(apply, of, message_id, !json_is_false(must_exist), out);
	case MESSAGE_REFERENCE_FORWARD:
		return read_source(apply, of, &out->source);
	default:
		return refuse(apply, "BASE_TYPE_CHOICES", "type must be 0 or 1.");
	}
}

enum err message_reference_copy(struct apply *apply, int64_t channel_id, int64_t message_id,
				const struct message_source *source, int64_t *parts)
{
	int count = 0;
	*parts = MESSAGE_HAS_SNAPSHOT;
	TRY(sql_run(apply->db, QUERY_MESSAGE_INSERT_SNAPSHOT,
		    SQL_ARGS(sql_id(message_id), sql_text(source->content), sql_int(source->sent_at_ms),
			     sql_id(source->edited_at_ms)),
		    NULL));
	if (source->parts & MESSAGE_HAS_EMBEDS) {
		TRY(sql_run(apply->db, QUERY_MESSAGE_COPY_EMBEDS,
			    SQL_ARGS(sql_id(message_id), sql_id(source->message_id)), &count));
		*parts |= count > 0 ? MESSAGE_HAS_EMBEDS : 0;
	}
	if (source->parts & MESSAGE_HAS_ATTACHMENTS) {
		TRY(file_copy(apply, source->message_id, channel_id, message_id, &count));
		*parts |= count > 0 ? MESSAGE_HAS_ATTACHMENTS : 0;
	}
	return ERR_OK;
}
