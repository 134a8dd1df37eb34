/* Moving how far somebody has read. */
#include "domain/channel/channel.h"
#include "domain/event/event.h"
#include "domain/perm.h"
#include "domain/read/read.h"

/* For the person alone, and for as long as they see the channel. */
static enum err announce(struct apply *apply, const struct read_state *state)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "channel_id", state->channel_id);
	if (state->guild_id != 0)
		jw_id(&jw, "guild_id", state->guild_id);
	jw_id(&jw, "message_id", state->last_read_id);
	jw_int(&jw, "unread", state->unread);
	jw_int(&jw, "mentions", state->mentions);
	jw_object_end(&jw);
	struct event event = {.type = "MESSAGE_ACK",
			      .guild_id = state->guild_id,
			      .channel_id = state->channel_id,
			      .user_id = apply->actor_id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
}

/* state is what it was before, and becomes what it is then. */
static enum err move(struct apply *apply, struct read_state *state, int64_t last_read_id)
{
	if (state->last_read_id == last_read_id)
		return ERR_OK;
	TRY(sql_run(apply->db, QUERY_READ_SET,
		    SQL_ARGS(sql_id(state->channel_id), sql_id(apply->actor_id), sql_id(last_read_id)), NULL));
	TRY(read_find(apply->db, apply->actor_id, state->channel_id, apply->now_ms, state));
	return announce(apply, state);
}

/* The actor's state in a channel that they see and are in. */
static enum err open_state(struct apply *apply, int64_t channel_id, struct read_state *state)
{
	uint64_t bits;
	TRY(perm_of_channel(apply->db, apply->arena, channel_id, apply->actor_id, &bits));
	return read_find(apply->db, apply->actor_id, channel_id, apply->now_ms, state);
}

/* The same, where the message is one of the channel. */
static enum err open_at(struct apply *apply, int64_t channel_id, int64_t message_id, struct read_state *state)
{
	int64_t exists;
	TRY(open_state(apply, channel_id, state));
	TRY(sql_find_int(apply->db, QUERY_READ_MESSAGE_EXISTS, SQL_ARGS(sql_id(channel_id), sql_id(message_id)),
			 &exists));
	return exists != 0 ? ERR_OK : ERR_UNKNOWN_MESSAGE;
}

enum err read_ack_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct read_ack_input *in = input;
	struct read_state state;
	TRY(open_at(apply, in->channel_id, in->message_id, &state));
	bool is_automatic = field_is_given(read_ack_fields, &in->set, "manual") && !in->manual;
	if (!is_automatic || in->message_id > state.last_read_id)
		TRY(move(apply, &state, in->message_id));
	read_state_to_json(result, "read_state", &state);
	return ERR_OK;
}

enum err read_unread_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct read_unread_input *in = input;
	struct read_state state;
	int64_t before_id;
	TRY(open_at(apply, in->channel_id, in->message_id, &state));
	TRY(sql_find_int(apply->db, QUERY_READ_MESSAGE_BEFORE, SQL_ARGS(sql_id(in->channel_id), sql_id(in->message_id)),
			 &before_id));
	TRY(move(apply, &state, before_id));
	read_state_to_json(result, "read_state", &state);
	return ERR_OK;
}

enum err read_ack_channel_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct read_ack_channel_input *in = input;
	struct read_state state;
	TRY(open_state(apply, in->channel_id, &state));
	if (state.last_message_id > state.last_read_id)
		TRY(move(apply, &state, state.last_message_id));
	read_state_to_json(result, "read_state", &state);
	return ERR_OK;
}

enum err read_ack_guild_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct read_ack_guild_input *in = input;
	struct read_state *list = arena_alloc(apply->arena, READ_AT_ONCE_MAX * sizeof(*list));
	size_t count = 0;
	uint64_t bits;
	struct sql_stmt *stmt;
	(void)result;
	TRY(perm_of_guild(apply->db, apply->arena, in->guild_id, apply->actor_id, &bits));
	TRY(sql_start(apply->db, QUERY_READ_LIST_BEHIND,
		      SQL_ARGS(sql_id(apply->actor_id), sql_id(in->guild_id), sql_int(READ_AT_ONCE_MAX)), &stmt));
	while (count < READ_AT_ONCE_MAX && sql_step(stmt))
		list[count++] = (struct read_state){.channel_id = sql_column_int(stmt, 0),
						    .last_message_id = sql_column_int(stmt, 4),
						    .last_read_id = sql_column_int(stmt, 7)};
	TRY(sql_finish(stmt));
	for (size_t i = 0; i < count; i++)
		TRY(move(apply, &list[i], list[i].last_message_id));
	return ERR_OK;
}

enum err read_receipts_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct read_receipts_input *in = input;
	bool is_on;
	TRY(read_receipts_find(apply->db, apply->actor_id, &is_on));
	if (is_on != in->read_receipts)
		TRY(sql_run(apply->db, QUERY_READ_RECEIPTS_SET,
			    SQL_ARGS(sql_id(apply->actor_id), sql_int(in->read_receipts)), NULL));
	jw_object(result, "settings");
	jw_flag(result, "read_receipts", in->read_receipts);
	jw_object_end(result);
	return ERR_OK;
}
