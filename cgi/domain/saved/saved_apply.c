/* Changes of somebody's saved messages. */
#include "base/id.h"
#include "domain/event/event.h"
#include "domain/perm.h"
#include "domain/saved/saved.h"

/* saved_id 0: it was taken off. The event stands at the message, so that it goes with that. */
static enum err announce(struct apply *apply, int64_t channel_id, int64_t message_id, int64_t saved_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	if (saved_id != 0)
		jw_id(&jw, "id", saved_id);
	jw_id(&jw, "channel_id", channel_id);
	jw_id(&jw, "message_id", message_id);
	if (saved_id != 0)
		jw_time(&jw, "saved_at", id_created_at_ms(saved_id));
	jw_object_end(&jw);
	struct event event = {.type = saved_id != 0 ? "SAVED_MESSAGE_ADD" : "SAVED_MESSAGE_REMOVE",
			      .user_id = apply->actor_id,
			      .message_id = message_id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
}

enum err saved_add_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct saved_add_input *in = input;
	int64_t author_id, count;
	bool exists;
	(void)result;
	TRY(perm_require_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, PERM_READ_HISTORY));
	TRY(sql_find_int(apply->db, QUERY_MESSAGE_AUTHOR, SQL_ARGS(sql_id(in->message_id), sql_id(in->channel_id)),
			 &author_id));
	if (author_id == 0)
		return ERR_UNKNOWN_MESSAGE;
	TRY(saved_exists(apply->db, apply->actor_id, in->message_id, &exists));
	if (exists)
		return ERR_OK;
	TRY(sql_find_int(apply->db, QUERY_SAVED_COUNT, SQL_ARGS(sql_id(apply->actor_id)), &count));
	if (count >= SAVED_MAX)
		return ERR_TOO_MANY_SAVED;
	int64_t id = id_next(apply->ids, apply->now_ms);
	TRY(sql_run(apply->db, QUERY_SAVED_INSERT,
		    SQL_ARGS(sql_id(id), sql_id(apply->actor_id), sql_id(in->message_id), sql_id(in->channel_id)),
		    NULL));
	return announce(apply, in->channel_id, in->message_id, id);
}

enum err saved_remove_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct saved_remove_input *in = input;
	int changes;
	(void)result;
	TRY(sql_run(apply->db, QUERY_SAVED_DELETE,
		    SQL_ARGS(sql_id(in->message_id), sql_id(apply->actor_id), sql_id(in->channel_id)), &changes));
	return changes > 0 ? announce(apply, in->channel_id, in->message_id, 0) : ERR_OK;
}

enum err saved_message_gone(struct apply *apply, int64_t message_id)
{
	return sql_run(apply->db, QUERY_SAVED_DELETE_MESSAGE, SQL_ARGS(sql_id(message_id)), NULL);
}

enum err saved_forget_user(struct apply *apply, int64_t user_id)
{
	return sql_run(apply->db, QUERY_SAVED_DELETE_USER, SQL_ARGS(sql_id(user_id)), NULL);
}
