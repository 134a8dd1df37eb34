/* Pinning and unpinning. messages.parts and the row of pins are changed together: MESSAGE_HAS_PIN is set exactly where
 * there is a row. */
#include "domain/audit/audit.h"
#include "domain/event/event.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/pin/pin.h"

/* A message that somebody wants pinned or unpinned. */
struct pinnable {
	struct channel channel;
	int64_t id, author_id, type;
	bool is_pinned;
};

static enum err announce_pins(struct apply *apply, const struct channel *channel)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	int64_t last_ms;
	TRY(sql_find_int(apply->db, QUERY_PIN_LAST, SQL_ARGS(sql_id(channel->id)), &last_ms));
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	if (channel->guild_id != 0)
		jw_id(&jw, "guild_id", channel->guild_id);
	jw_id(&jw, "channel_id", channel->id);
	jw_time(&jw, "last_pin_timestamp", last_ms);
	jw_object_end(&jw);
	struct event event = {.type = "CHANNEL_PINS_UPDATE",
			      .guild_id = channel->guild_id,
			      .channel_id = channel->id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
}

static enum err audit(struct apply *apply, const struct pinnable *message, enum audit_action action)
{
	struct buf *options = buf_in_arena(apply->arena);
	struct jw jw;
	if (message->channel.guild_id == 0)
		return ERR_OK;
	jw_init(&jw, options);
	jw_object(&jw, NULL);
	jw_id(&jw, "channel_id", message->channel.id);
	jw_id(&jw, "message_id", message->id);
	jw_object_end(&jw);
	const struct audit_entry entry = {.guild_id = message->channel.guild_id,
					  .action = action,
					  .target_id = message->author_id,
					  .channel_id = message->channel.id,
					  .options = options->p};
	return audit_append(apply, &entry);
}

/* Who may pin here may do it to what they may read, where they might answer it too: a pin is shown to all others, and
 * so to who has blocked them. */
static enum err open_message(struct apply *apply, int64_t channel_id, int64_t message_id, struct pinnable *out)
{
	struct sql_stmt *stmt;
	uint64_t bits;
	*out = (struct pinnable){.id = message_id};
	TRY(perm_open_channel(apply->db, apply->arena, channel_id, apply->actor_id, &out->channel, &bits));
	if (!perm_has(bits, PERM_READ_HISTORY) || (bits & (PERM_PIN_MESSAGES | PERM_MANAGE_MESSAGES)) == 0)
		return ERR_MISSING_PERMISSIONS;
	TRY(sql_start(apply->db, QUERY_PIN_FIND_MESSAGE, SQL_ARGS(sql_id(message_id), sql_id(channel_id)), &stmt));
	if (sql_step(stmt)) {
		out->author_id = sql_column_int(stmt, 0);
		out->type = sql_column_int(stmt, 1);
		out->is_pinned = (sql_column_int(stmt, 2) & MESSAGE_HAS_PIN) != 0;
	}
	TRY(sql_finish(stmt));
	return out->author_id != 0 ? channel_before_response(apply, &out->channel, bits) : ERR_UNKNOWN_MESSAGE;
}

static enum err tell(struct apply *apply, const struct pinnable *message, enum audit_action action)
{
	TRY(message_announce_update(apply, message->channel.id, message->id));
	TRY(announce_pins(apply, &message->channel));
	return audit(apply, message, action);
}

enum err pin_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct pin_create_input *in = input;
	struct pinnable message;
	int64_t count;
	(void)result;
	TRY(open_message(apply, in->channel_id, in->message_id, &message));
	if (message.is_pinned)
		return ERR_OK;
	if (message.type != MESSAGE_TYPE_DEFAULT && message.type != MESSAGE_TYPE_REPLY)
		return ERR_SYSTEM_MESSAGE;
	TRY(sql_find_int(apply->db, QUERY_PIN_COUNT, SQL_ARGS(sql_id(in->channel_id)), &count));
	if (count >= PINS_MAX)
		return ERR_TOO_MANY_PINS;
	TRY(sql_run(
	    apply->db, QUERY_PIN_INSERT,
	    SQL_ARGS(sql_id(in->channel_id), sql_id(in->message_id), sql_int(apply->now_ms), sql_id(apply->actor_id)),
	    NULL));
	TRY(message_part_set(apply, in->message_id, MESSAGE_HAS_PIN, true));
	return tell(apply, &message, AUDIT_MESSAGE_PIN);
}

enum err pin_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct pin_delete_input *in = input;
	struct pinnable message;
	(void)result;
	TRY(open_message(apply, in->channel_id, in->message_id, &message));
	if (!message.is_pinned)
		return ERR_OK;
	TRY(sql_run(apply->db, QUERY_PIN_DELETE, SQL_ARGS(sql_id(in->message_id)), NULL));
	TRY(message_part_set(apply, in->message_id, MESSAGE_HAS_PIN, false));
	return tell(apply, &message, AUDIT_MESSAGE_UNPIN);
}

enum err pin_message_gone(struct apply *apply, const struct channel *channel, int64_t message_id)
{
	TRY(sql_run(apply->db, QUERY_PIN_DELETE, SQL_ARGS(sql_id(message_id)), NULL));
	return announce_pins(apply, channel);
}
