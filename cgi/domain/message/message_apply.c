/* Changes of messages; taking them away is message_delete.c. */
#include "base/utf8.h"
#include "domain/channel/channel.h"
#include "domain/event/event.h"
#include "domain/member/member.h"
#include "domain/message/message.h"
#include "domain/message/message_json.h"
#include "domain/perm.h"

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

/* The event's payload is the message with where it stands and, as Discord's gateway sends it, the author's membership
 * in a workspace. The message alone is the op's result. */
static enum err announce(struct apply *apply, const char *type, const struct channel *channel, int64_t message_id,
			 const struct member *member, struct jw *result)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	struct sql_stmt *stmt;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	TRY(sql_start(apply->db, QUERY_MESSAGE_FIND, SQL_ARGS(sql_id(message_id), sql_id(channel->id)), &stmt));
	if (sql_step(stmt))
		message_row_members(&jw, stmt);
	TRY(sql_finish(stmt));
	const char *message = arena_printf(apply->arena, "%.*s}", (int)payload->n, payload->p);
	jw_raw(result, "message", message, payload->n + 1);
	if (channel->guild_id != 0)
		jw_id(&jw, "guild_id", channel->guild_id);
	else /* what Discord's libraries need to know a direct message that they have not met */
		jw_int(&jw, "channel_type", channel->type);
	if (member != NULL)
		TRY(member_partial_to_json(apply->db, &jw, "member", member));
	jw_object_end(&jw);
	struct event event = {.type = type,
			      .guild_id = channel->guild_id,
			      .channel_id = channel->id,
			      .message_id = message_id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
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
	return is_deleted ? ERR_UNKNOWN_MESSAGE
			  : message_find_to_json(apply->db, result, "message", in->channel_id, message_id, NULL);
}

static enum err announce_created(struct apply *apply, const struct channel *channel, int64_t message_id,
				 struct jw *result)
{
	struct member member;
	if (channel->guild_id == 0)
		return announce(apply, "MESSAGE_CREATE", channel, message_id, NULL, result);
	TRY(member_find(apply->db, apply->arena, channel->guild_id, apply->actor_id, &member));
	return announce(apply, "MESSAGE_CREATE", channel, message_id, &member, result);
}

enum err message_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct message_create_input *in = input;
	struct channel channel;
	uint64_t bits;
	bool is_repeat;
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &channel, &bits));
	if (!perm_has(bits, PERM_SEND_MESSAGES))
		return ERR_MISSING_PERMISSIONS;
	TRY(answer_repeat(apply, in, result, &is_repeat));
	if (is_repeat)
		return ERR_OK;
	TRY(check_content(apply, in->content));
	TRY(channel_before_post(apply, &channel, bits));

	int64_t id = id_next(apply->ids, apply->now_ms);
	TRY(sql_run(apply->db, QUERY_MESSAGE_INSERT,
		    SQL_ARGS(sql_id(id), sql_id(channel.id), sql_id(apply->actor_id), sql_text(in->content),
			     sql_text(in->nonce)),
		    NULL));
	TRY(sql_run(apply->db, QUERY_CHANNEL_SET_LAST_MESSAGE, SQL_ARGS(sql_id(channel.id), sql_id(id)), NULL));
	TRY(channel_join_by_post(apply, &channel));
	return announce_created(apply, &channel, id, result);
}

enum err message_update_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct message_update_input *in = input;
	struct channel channel;
	uint64_t bits;
	struct sql_stmt *stmt;
	int64_t author_id = 0;
	const char *content = NULL;
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &channel, &bits));
	TRY(sql_start(apply->db, QUERY_MESSAGE_FIND, SQL_ARGS(sql_id(in->message_id), sql_id(in->channel_id)), &stmt));
	if (sql_step(stmt)) {
		content = sql_column_text(stmt, 3, apply->arena);
		author_id = sql_column_int(stmt, 6);
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
		return message_find_to_json(apply->db, result, "message", channel.id, in->message_id, NULL);
	TRY(check_content(apply, in->content));
	if (strcmp(content, in->content) == 0)
		return message_find_to_json(apply->db, result, "message", channel.id, in->message_id, NULL);
	TRY(sql_run(apply->db, QUERY_MESSAGE_INSERT_VERSION,
		    SQL_ARGS(sql_id(in->message_id), sql_int(apply->now_ms), sql_text(content)), NULL));
	TRY(sql_run(apply->db, QUERY_MESSAGE_UPDATE,
		    SQL_ARGS(sql_id(in->message_id), sql_text(in->content), sql_int(apply->now_ms)), NULL));
	return announce(apply, "MESSAGE_UPDATE", &channel, in->message_id, NULL, result);
}
