/* Voting, and the end of a poll. */
#include "domain/channel/channel.h"
#include "domain/event/event.h"
#include "domain/message/message.h"
#include "domain/poll/poll.h"

/* A poll and where it stands. */
struct place {
	struct channel channel;
	uint64_t bits; /* the actor's in the channel */
	int64_t message_id, author_id;
	int64_t expires_at_ms;
	int answer_count;
	bool is_multiple, is_over;
};

static enum err find_poll(struct apply *apply, struct place *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_POLL_FIND, SQL_ARGS(sql_id(out->message_id)), &stmt));
	bool is_found = sql_step(stmt);
	if (is_found) {
		out->expires_at_ms = sql_column_int(stmt, 1);
		out->is_multiple = sql_column_int(stmt, 2) != 0;
		out->is_over = !sql_column_is_null(stmt, 3) || out->expires_at_ms <= apply->now_ms;
		out->answer_count = (int)sql_column_int(stmt, 4);
	}
	TRY(sql_finish(stmt));
	return is_found ? ERR_OK : ERR_NO_POLL;
}

static enum err open_poll(struct apply *apply, int64_t channel_id, int64_t message_id, struct place *out)
{
	*out = (struct place){.message_id = message_id};
	TRY(perm_open_channel(apply->db, apply->arena, channel_id, apply->actor_id, &out->channel, &out->bits));
	if (!perm_has(out->bits, PERM_READ_HISTORY))
		return ERR_MISSING_PERMISSIONS;
	TRY(sql_find_int(apply->db, QUERY_MESSAGE_AUTHOR, SQL_ARGS(sql_id(message_id), sql_id(channel_id)),
			 &out->author_id));
	return out->author_id != 0 ? find_poll(apply, out) : ERR_UNKNOWN_MESSAGE;
}

static enum err refuse(struct apply *apply, const char *code, const char *message)
{
	field_errors_add(&apply->errors, "answer_ids", code, message);
	return ERR_INVALID_FORM;
}

/* One answer more, or less, than the votes there are. */
static enum err read_one(struct apply *apply, const struct place *place, const struct poll_vote_input *in,
			 unsigned votes, unsigned *chosen)
{
	unsigned bit = 1u << in->answer_id;
	if (in->answer_id < 1 || in->answer_id > place->answer_count)
		return refuse(apply, "BASE_TYPE_CHOICES", "The poll has no such answer.");
	if (!in->is_chosen)
		*chosen = votes & ~bit;
	else
		*chosen = place->is_multiple ? votes | bit : bit;
	return ERR_OK;
}

/* Sets of answers are bits: answer 1 is bit 1. */
static enum err read_all(struct apply *apply, const struct place *place, const json_t *list, unsigned *chosen)
{
	*chosen = 0;
	if (!json_is_array(list))
		return refuse(apply, "LIST_TYPE_CONVERT", "Only a list of answers can be taken here.");
	for (size_t i = 0; i < json_array_size(list); i++) {
		int64_t answer_id = json_id_of(json_array_get(list, i));
		if (answer_id < 1 || answer_id > place->answer_count)
			return refuse(apply, "BASE_TYPE_CHOICES", "The poll has no such answer.");
		*chosen |= 1u << answer_id;
	}
	if (!place->is_multiple && (*chosen & (*chosen - 1)) != 0)
		return refuse(apply, "BASE_TYPE_BAD_LENGTH", "Only one answer may be chosen.");
	return ERR_OK;
}

static enum err find_votes(struct apply *apply, int64_t message_id, unsigned *votes)
{
	struct sql_stmt *stmt;
	*votes = 0;
	TRY(sql_start(apply->db, QUERY_POLL_LIST_OWN_VOTES, SQL_ARGS(sql_id(apply->actor_id), sql_id(message_id)),
		      &stmt));
	while (sql_step(stmt))
		*votes |= 1u << sql_column_int(stmt, 0);
	return sql_finish(stmt);
}

static enum err announce(struct apply *apply, const struct place *place, int64_t user_id, int64_t answer_id,
			 bool is_addition)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	int64_t count;
	TRY(sql_find_int(apply->db, QUERY_POLL_ANSWER_COUNT, SQL_ARGS(sql_id(place->message_id), sql_int(answer_id)),
			 &count));
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "user_id", user_id);
	jw_id(&jw, "channel_id", place->channel.id);
	jw_id(&jw, "message_id", place->message_id);
	if (place->channel.guild_id != 0)
		jw_id(&jw, "guild_id", place->channel.guild_id);
	jw_int(&jw, "answer_id", answer_id);
	jw_int(&jw, "count", count);
	jw_object_end(&jw);
	struct event event = {.type = is_addition ? "MESSAGE_POLL_VOTE_ADD" : "MESSAGE_POLL_VOTE_REMOVE",
			      .guild_id = place->channel.guild_id,
			      .channel_id = place->channel.id,
			      .message_id = place->message_id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
}

static enum err change(struct apply *apply, const struct place *place, int64_t user_id, int64_t answer_id,
		       bool is_addition)
{
	TRY(sql_run(apply->db, is_addition ? QUERY_POLL_VOTE_INSERT : QUERY_POLL_VOTE_DELETE,
		    SQL_ARGS(sql_id(place->message_id), sql_int(answer_id), sql_id(user_id)), NULL));
	TRY(sql_run(apply->db, QUERY_POLL_ADD_TO_ANSWER,
		    SQL_ARGS(sql_id(place->message_id), sql_int(answer_id), sql_int(is_addition ? 1 : -1)), NULL));
	return announce(apply, place, user_id, answer_id, is_addition);
}

/* What is taken back goes first, so that whoever follows never sees two votes where one is allowed. */
enum err poll_vote_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct poll_vote_input *in = input;
	struct place place;
	unsigned votes, chosen;
	(void)result;
	TRY(open_poll(apply, in->channel_id, in->message_id, &place));
	TRY(channel_before_response(apply, &place.channel, place.bits));
	if (place.is_over)
		return ERR_POLL_ENDED;
	TRY(find_votes(apply, in->message_id, &votes));
	if (in->answer_ids == NULL && in->answer_id != 0)
		TRY(read_one(apply, &place, in, votes, &chosen));
	else
		TRY(read_all(apply, &place, in->answer_ids, &chosen));
	for (int answer_id = 1; answer_id <= place.answer_count; answer_id++) {
		if (votes & ~chosen & 1u << answer_id)
			TRY(change(apply, &place, apply->actor_id, answer_id, false));
	}
	for (int answer_id = 1; answer_id <= place.answer_count; answer_id++) {
		if (chosen & ~votes & 1u << answer_id)
			TRY(change(apply, &place, apply->actor_id, answer_id, true));
	}
	return ERR_OK;
}

enum err poll_expire_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct poll_expire_input *in = input;
	struct place place;
	TRY(open_poll(apply, in->channel_id, in->message_id, &place));
	if (place.author_id != apply->actor_id)
		return ERR_NOT_AUTHOR;
	if (place.is_over)
		return ERR_POLL_ENDED;
	TRY(sql_run(apply->db, QUERY_POLL_END, SQL_ARGS(sql_id(in->message_id), sql_int(apply->now_ms)), NULL));
	TRY(message_announce_update(apply, in->channel_id, in->message_id));
	return message_find_to_json(apply->db, result, "message",
				    (struct message_at){in->channel_id, in->message_id, apply->actor_id}, NULL);
}

enum err poll_message_gone(struct apply *apply, int64_t message_id)
{
	return sql_run(apply->db, QUERY_POLL_DELETE, SQL_ARGS(sql_id(message_id)), NULL);
}

enum { ENDED_AT_ONCE = 20 };

static enum err end_next(struct apply *apply, bool *found)
{
	struct sql_stmt *stmt;
	int64_t message_id = 0, channel_id = 0;
	TRY(sql_start(apply->db, QUERY_POLL_NEXT_DUE, SQL_ARGS(sql_int(apply->now_ms)), &stmt));
	*found = sql_step(stmt);
	if (*found) {
		message_id = sql_column_int(stmt, 0);
		channel_id = sql_column_int(stmt, 1);
	}
	TRY(sql_finish(stmt));
	if (!*found)
		return ERR_OK;
	TRY(sql_run(apply->db, QUERY_POLL_END, SQL_ARGS(sql_id(message_id), sql_int(apply->now_ms)), NULL));
	return message_announce_found(apply, channel_id, message_id);
}

enum err poll_end_due(struct apply *apply, bool *is_done)
{
	bool found = true;
	for (int i = 0; found && i < ENDED_AT_ONCE; i++)
		TRY(end_next(apply, &found));
	*is_done = !found;
	return ERR_OK;
}

enum err poll_forget_one(struct apply *apply, int64_t user_id, bool *found)
{
	struct place place = {0};
	struct sql_stmt *stmt;
	int64_t channel_id = 0, answer_id = 0;
	TRY(sql_start(apply->db, QUERY_POLL_FIRST_VOTE_OF_USER, SQL_ARGS(sql_id(user_id)), &stmt));
	*found = sql_step(stmt);
	if (*found) {
		place.message_id = sql_column_int(stmt, 0);
		answer_id = sql_column_int(stmt, 1);
		channel_id = sql_column_int(stmt, 2);
		place.is_over = sql_column_int(stmt, 3) <= apply->now_ms;
	}
	TRY(sql_finish(stmt));
	if (!*found)
		return ERR_OK;
	if (place.is_over)
		return sql_run(apply->db, QUERY_POLL_VOTE_DELETE,
			       SQL_ARGS(sql_id(place.message_id), sql_int(answer_id), sql_id(user_id)), NULL);
	TRY(channel_find_any(apply->db, apply->arena, channel_id, &place.channel));
	return change(apply, &place, user_id, answer_id, false);
}
