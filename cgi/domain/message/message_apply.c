/* Changes of messages; taking them away is message_delete.c. */
#include "base/utf8.h"
#include "domain/message/message_change.h"
#include "domain/message/message_json.h"
#include "domain/perm.h"
#include "domain/poll/poll.h"
#include "domain/read/read.h"

#include <stdio.h>
#include <string.h>

static enum err check_content(struct apply *apply, const char *content)
{
	int64_t most = config_int(apply->config, CONFIG_MESSAGE_MAX_CHARS);
	char message[64];
	if (content == NULL || content[0] == '\0')
		return ERR_EMPTY_MESSAGE;
	if (utf8_count(content, strlen(content)) <= (size_t)most)
		return ERR_OK;
	(void)snprintf(message, sizeof(message), "Must be %lld or fewer in length.", (long long)most);
	field_errors_add(&apply->errors, "content", "BASE_TYPE_MAX_LENGTH", message);
	return ERR_INVALID_FORM;
}

/* A retry with a nonce that was used gets the message that the first try made; *is_repeat says so. */
static enum err answer_repeat(struct apply *apply, const struct message_create_input *in, struct jw *result,
			      bool *is_repeat)
{
	struct sql_stmt *stmt;
	int64_t message_id = 0;
	bool is_deleted = false;
	*is_repeat = false;
	if (in->nonce == NULL)
		return ERR_OK;
	TRY(sql_start(apply->db, QUERY_MESSAGE_FIND_BY_NONCE,
		      SQL_ARGS(sql_id(in->channel_id), sql_id(apply->actor_id), sql_text(in->nonce)), &stmt));
	if (sql_step(stmt)) {
		message_id = sql_column_int(stmt, 0);
		is_deleted = sql_column_int(stmt, 1) != 0;
	}
	TRY(sql_finish(stmt));
	if (message_id == 0)
		return ERR_OK;
	*is_repeat = true;
	return is_deleted
		   ? ERR_UNKNOWN_MESSAGE
		   : message_find_to_json(apply->db, result, "message",
					  (struct message_at){in->channel_id, message_id, apply->actor_id}, NULL);
}

enum err message_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct message_create_input *in = input;
	struct channel channel;
	struct poll_draft poll;
	uint64_t bits;
	bool is_repeat;
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &channel, &bits));
	if (!perm_has(bits, PERM_SEND_MESSAGES))
		return ERR_MISSING_PERMISSIONS;
	TRY(answer_repeat(apply, in, result, &is_repeat));
	if (is_repeat)
		return ERR_OK;
	if (in->poll != NULL)
		TRY(poll_draft_read(apply, in->poll, channel.guild_id, bits, &poll));
	if (in->poll == NULL || (in->content != NULL && in->content[0] != '\0'))
		TRY(check_content(apply, in->content));
	TRY(channel_before_post(apply, &channel, bits));

	int64_t id = id_next(apply->ids, apply->now_ms);
	TRY(sql_run(apply->db, QUERY_MESSAGE_INSERT,
		    SQL_ARGS(sql_id(id), sql_id(channel.id), sql_id(apply->actor_id),
			     sql_text(in->content != NULL ? in->content : ""), sql_text(in->nonce)),
		    NULL));
	if (in->poll != NULL)
		TRY(poll_insert(apply, id, &poll));
	TRY(read_message_added(apply, channel.id, id, apply->actor_id));
	TRY(channel_join_by_post(apply, &channel));
	return message_announce(apply, "MESSAGE_CREATE", &channel, id, result);
}

enum err message_update_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct message_update_input *in = input;
	struct channel channel;
	uint64_t bits;
	struct sql_stmt *stmt;
	int64_t author_id = 0;
	const char *content = NULL;
	const struct message_at at = {in->channel_id, in->message_id, apply->actor_id};
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &channel, &bits));
	TRY(sql_start(apply->db, QUERY_MESSAGE_FIND, SQL_ARGS(sql_id(in->message_id), sql_id(in->channel_id)), &stmt));
	if (sql_step(stmt)) {
		content = sql_column_text(stmt, MESSAGE_COLUMN_CONTENT, apply->arena);
		author_id = sql_column_int(stmt, MESSAGE_COLUMN_AUTHOR);
	}
	TRY(sql_finish(stmt));
	if (content == NULL)
		return ERR_UNKNOWN_MESSAGE;
	if (author_id != apply->actor_id)
		return ERR_NOT_AUTHOR;
	if (channel.archived_at_ms != 0)
		return ERR_ARCHIVED;
	/* An edit reaches others as a message does: who was silenced does not speak by it. */
	if (!perm_has(bits, PERM_SEND_MESSAGES))
		return ERR_MISSING_PERMISSIONS;
	if (channel_is_direct(&channel))
		TRY(channel_before_post(apply, &channel, PERM_DIRECT));
	if (!field_is_given(message_update_fields, &in->set, "content"))
		return message_find_to_json(apply->db, result, "message", at, NULL);
	TRY(check_content(apply, in->content));
	if (strcmp(content, in->content) == 0)
		return message_find_to_json(apply->db, result, "message", at, NULL);
	TRY(sql_run(apply->db, QUERY_MESSAGE_INSERT_VERSION,
		    SQL_ARGS(sql_id(in->message_id), sql_int(apply->now_ms), sql_text(content)), NULL));
	TRY(sql_run(apply->db, QUERY_MESSAGE_UPDATE,
		    SQL_ARGS(sql_id(in->message_id), sql_text(in->content), sql_int(apply->now_ms)), NULL));
	return message_announce(apply, "MESSAGE_UPDATE", &channel, in->message_id, result);
}
