/* Telling of messages: MESSAGE_CREATE and MESSAGE_UPDATE. The event's payload is the message with where it stands and,
 * as Discord's gateway sends it, the author's membership in a workspace. */
#include "domain/event/event.h"
#include "domain/member/member.h"
#include "domain/message/message_change.h"
#include "domain/message/message_json.h"
#include "domain/perm.h"
#include "domain/search/search.h"

#include <string.h>

/* Of what a message is in JSON: each part of it has its own limit, but all of them together are more than an event
 * holds. What is said stays well below that, since reactions, previews, a thread and others' names are added to it
 * later. */
enum { SAID_MAX_BYTES = EVENT_PAYLOAD_MAX / 2 };

/* Writes the message into an object that stays open. *is_plain when it is the same for every reader. */
static enum err write_for_all(struct apply *apply, struct jw *jw, int64_t channel_id, int64_t message_id,
			      bool *is_plain)
{
	struct sql_stmt *stmt;
	enum err e = ERR_UNKNOWN_MESSAGE;
	jw_object(jw, NULL);
	TRY(sql_start(apply->db, QUERY_MESSAGE_FIND, SQL_ARGS(sql_id(message_id), sql_id(channel_id)), &stmt));
	if (sql_step(stmt)) {
		*is_plain = sql_column_int(stmt, MESSAGE_COLUMN_PARTS) == 0 &&
			    sql_column_is_null(stmt, MESSAGE_COLUMN_REFERENCE);
		e = message_row_members(apply->db, jw, stmt, 0);
	}
	enum err end = sql_finish(stmt);
	return end != ERR_OK ? end : e;
}

/* An author may be left without the right to look back, and then reads what they wrote and no more. */
enum err message_result_to_json(struct apply *apply, struct jw *result, const struct channel *channel,
				int64_t message_id)
{
	const struct message_at at = {channel->id, message_id, apply->actor_id};
	uint64_t bits;
	TRY(perm_of_read_channel(apply->db, apply->arena, channel, apply->actor_id, &bits));
	return perm_has(bits, PERM_READ_HISTORY) ? message_find_to_json(apply->db, result, "message", at, NULL)
						 : message_find_alone_to_json(apply->db, result, "message", at);
}

enum err message_announce(struct apply *apply, const char *type, const struct channel *channel, int64_t message_id,
			  struct jw *result)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct member member;
	struct jw jw;
	bool is_plain = false, is_new = strcmp(type, "MESSAGE_CREATE") == 0;
	TRY(is_new ? search_enter(apply, message_id) : search_renew(apply, message_id));
	jw_init(&jw, payload);
	TRY(write_for_all(apply, &jw, channel->id, message_id, &is_plain));
	if (result != NULL && is_plain) {
		/* Both begin alike: the brace that ends this one is written over by what follows in the other. */
		buf_putc(payload, '}');
		jw_raw(result, "message", payload->p, payload->n);
		payload->p[--payload->n] = '\0';
	} else if (result != NULL) {
		TRY(message_result_to_json(apply, result, channel, message_id));
	}
	if (channel->guild_id != 0)
		jw_id(&jw, "guild_id", channel->guild_id);
	else /* what Discord's libraries need to know a direct message that they have not met */
		jw_int(&jw, "channel_type", channel->type);
	if (channel->guild_id != 0 && is_new) {
		TRY(member_find(apply->db, apply->arena, channel->guild_id, apply->actor_id, &member));
		TRY(member_partial_to_json(apply->db, &jw, "member", &member));
	}
	jw_object_end(&jw);
	if (payload->n > (result != NULL ? SAID_MAX_BYTES : EVENT_PAYLOAD_MAX))
		return ERR_TOO_LARGE;
	struct event event = {.type = type,
			      .guild_id = channel->guild_id,
			      .channel_id = channel->id,
			      .message_id = message_id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
}

enum err message_announce_update(struct apply *apply, int64_t channel_id, int64_t message_id)
{
	struct channel channel;
	TRY(channel_find(apply->db, apply->arena, channel_id, &channel));
	return message_announce(apply, "MESSAGE_UPDATE", &channel, message_id, NULL);
}

enum err message_announce_found(struct apply *apply, int64_t channel_id, int64_t message_id)
{
	enum err err = message_announce_update(apply, channel_id, message_id);
	return err == ERR_UNKNOWN_CHANNEL || err == ERR_UNKNOWN_MESSAGE || err == ERR_TOO_LARGE ? ERR_OK : err;
}

enum err message_part_set(struct apply *apply, int64_t message_id, enum message_part part, bool is_there)
{
	return sql_run(apply->db, QUERY_MESSAGE_SET_PARTS,
		       SQL_ARGS(sql_id(message_id), sql_int(part), sql_int(is_there ? part : 0)), NULL);
}
