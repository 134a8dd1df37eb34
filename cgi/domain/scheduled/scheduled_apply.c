/* Writing messages that are sent later, and sending them. */
#include "base/clock.h"
#include "domain/channel/channel.h"
#include "domain/draft/draft.h"
#include "domain/event/event.h"
#include "domain/file/file.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/scheduled/scheduled.h"

/* After an error that may pass, such as a disk that is full. */
#define RETRY_MS INT64_C(5000)

/* Tells the author's open clients. Events with its words stand at its id, by which they are emptied at its end. */
static enum err announce(struct apply *apply, const char *type, int64_t id, int64_t author_id,
			 const struct buf *payload)
{
	struct event event = {
	    .type = type, .user_id = author_id, .message_id = id, .payload = payload->p, .payload_n = payload->n};
	return event_append(apply, &event);
}

/* Both the event and the op's result are the thing as it is now. result may be NULL. */
static enum err announce_state(struct apply *apply, const char *type, int64_t id, int64_t author_id, struct jw *result)
{
	struct buf *text = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, text);
	TRY(scheduled_find_to_json(apply->db, apply->arena, &jw, NULL, id, author_id));
	if (result != NULL)
		jw_raw(result, "scheduled", text->p, text->n);
	return announce(apply, type, id, author_id, text);
}

/* What it said is from then on in its message alone, or nowhere. */
static enum err announce_end(struct apply *apply, int64_t id, int64_t author_id)
{
	struct buf *text = buf_in_arena(apply->arena);
	struct jw jw;
	TRY(event_scrub_message(apply, id));
	jw_init(&jw, text);
	jw_object(&jw, NULL);
	jw_id(&jw, "id", id);
	jw_object_end(&jw);
	return announce(apply, "SCHEDULED_MESSAGE_DELETE", 0, author_id, text);
}

static enum err refuse(struct apply *apply, const char *field, const char *code, const char *message)
{
	field_errors_add(&apply->errors, field, code, message);
	return ERR_INVALID_FORM;
}

static enum err check_time(struct apply *apply, const char *text, int64_t *at_ms)
{
	if (!clock_parse_iso8601(text, at_ms))
		return refuse(apply, "send_at", "TIMESTAMP_INVALID", "Must be a time such as 2026-01-02T15:04:00Z.");
	if (*at_ms <= apply->now_ms)
		return refuse(apply, "send_at", "TIMESTAMP_INVALID", "Must be a time to come.");
	if (*at_ms > apply->now_ms + SCHEDULED_AHEAD_MAX_MS)
		return refuse(apply, "send_at", "TIMESTAMP_INVALID", "Must be within a year.");
	return ERR_OK;
}

/* What message_create would say of it. */
static enum err check_content(struct apply *apply, const char *content, int64_t file_count)
{
	return content[0] == '\0' && file_count == 0 ? ERR_EMPTY_MESSAGE : message_check_content(apply, content);
}

enum err scheduled_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct scheduled_create_input *in = input;
	const char *content = in->content != NULL ? in->content : "";
	int64_t at_ms, count, id, file_count = (int64_t)json_array_size(in->files);
	uint64_t bits = PERM_SEND_MESSAGES | (file_count > 0 ? PERM_ATTACH_FILES : 0);
	TRY(perm_require_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, bits));
	TRY(check_content(apply, content, file_count));
	TRY(check_time(apply, in->send_at, &at_ms));
	TRY(sql_find_int(apply->db, QUERY_SCHEDULED_COUNT, SQL_ARGS(sql_id(apply->actor_id)), &count));
	if (count >= SCHEDULED_MAX)
		return ERR_TOO_MANY;
	id = id_next(apply->ids, apply->now_ms);
	TRY(sql_run(
	    apply->db, QUERY_SCHEDULED_INSERT,
	    SQL_ARGS(sql_id(id), sql_id(in->channel_id), sql_id(apply->actor_id), sql_text(content), sql_int(at_ms)),
	    NULL));
	TRY(file_schedule(apply, id, in->files));
	TRY(draft_sent(apply, in->channel_id, in->draft_revision, in->draft_nonce));
	return announce_state(apply, "SCHEDULED_MESSAGE_CREATE", id, apply->actor_id, result);
}

/* What is there, for an update that leaves some of it. */
static enum err read_own(struct apply *apply, int64_t id, const char **content, int64_t *send_at_ms)
{
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_SCHEDULED_FIND, SQL_ARGS(sql_id(id), sql_id(apply->actor_id)), &stmt));
	bool found = sql_step(stmt);
	if (found) {
		*content = sql_column_text(stmt, 3, apply->arena);
		*send_at_ms = sql_column_int(stmt, 4);
	}
	TRY(sql_finish(stmt));
	return found ? ERR_OK : ERR_UNKNOWN_SCHEDULED;
}

enum err scheduled_update_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct scheduled_update_input *in = input;
	const char *content;
	int64_t at_ms, file_count;
	TRY(read_own(apply, in->scheduled_id, &content, &at_ms));
	if (in->content != NULL) {
		content = in->content;
		TRY(file_scheduled_count(apply->db, in->scheduled_id, &file_count));
		TRY(check_content(apply, content, file_count));
	}
	if (in->send_at != NULL)
		TRY(check_time(apply, in->send_at, &at_ms));
	TRY(sql_run(apply->db, QUERY_SCHEDULED_UPDATE,
		    SQL_ARGS(sql_id(in->scheduled_id), sql_text(content), sql_int(at_ms)), NULL));
	return announce_state(apply, "SCHEDULED_MESSAGE_UPDATE", in->scheduled_id, apply->actor_id, result);
}

enum err scheduled_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct scheduled_delete_input *in = input;
	int changes;
	(void)result;
	TRY(sql_run(apply->db, QUERY_SCHEDULED_DELETE, SQL_ARGS(sql_id(in->scheduled_id), sql_id(apply->actor_id)),
		    &changes));
	return changes > 0 ? announce_end(apply, in->scheduled_id, apply->actor_id) : ERR_UNKNOWN_SCHEDULED;
}

enum err scheduled_next_due(struct sql *db, struct arena *arena, int64_t now_ms, struct scheduled *out)
{
	struct sql_stmt *stmt;
	*out = (struct scheduled){0};
	TRY(sql_start(db, QUERY_SCHEDULED_NEXT_DUE, SQL_ARGS(sql_int(now_ms)), &stmt));
	if (sql_step(stmt))
		*out = (struct scheduled){
		    .id = sql_column_int(stmt, 0),
		    .channel_id = sql_column_int(stmt, 1),
		    .author_id = sql_column_int(stmt, 2),
		    .content = sql_column_text(stmt, 3, arena),
		};
	return sql_finish(stmt);
}

/* The message is posted in the transaction that deletes the row: it is there once, or it is still to be sent. */
enum err scheduled_send(struct apply *apply, const struct scheduled *scheduled)
{
	struct message_create_input post = {.channel_id = scheduled->channel_id, .content = scheduled->content};
	struct jw ignored;
	int64_t is_active, file_count;
	apply->actor_id = scheduled->author_id;
	TRY(sql_find_int(apply->db, QUERY_SESSION_ACTOR, SQL_ARGS(sql_id(scheduled->author_id)), &is_active));
	if (is_active == 0)
		return ERR_SUSPENDED;
	TRY(file_scheduled_count(apply->db, scheduled->id, &file_count));
	jw_init(&ignored, buf_in_arena(apply->arena));
	jw_object(&ignored, NULL);
	TRY(message_create_scheduled(apply, &post, file_count > 0 ? scheduled->id : 0, &ignored));
	TRY(sql_run(apply->db, QUERY_SCHEDULED_DELETE, SQL_ARGS(sql_id(scheduled->id), sql_id(scheduled->author_id)),
		    NULL));
	return announce_end(apply, scheduled->id, scheduled->author_id);
}

enum err scheduled_fail(struct apply *apply, const struct scheduled *scheduled, enum err why)
{
	int64_t wait_ms = apply->retry_after_ms > 0 ? apply->retry_after_ms : RETRY_MS;
	if (err_info(why)->retryable)
		return sql_run(apply->db, QUERY_SCHEDULED_PUT_OFF,
			       SQL_ARGS(sql_id(scheduled->id), sql_int(apply->now_ms + wait_ms)), NULL);
	TRY(sql_run(apply->db, QUERY_SCHEDULED_FAIL, SQL_ARGS(sql_id(scheduled->id), sql_text(err_info(why)->name)),
		    NULL));
	return announce_state(apply, "SCHEDULED_MESSAGE_UPDATE", scheduled->id, scheduled->author_id, NULL);
}

enum err scheduled_forget_user(struct apply *apply, int64_t user_id)
{
	TRY(sql_run(apply->db, QUERY_SCHEDULED_SCRUB_ALL_OF, SQL_ARGS(sql_id(user_id)), NULL));
	return sql_run(apply->db, QUERY_SCHEDULED_DELETE_ALL_OF, SQL_ARGS(sql_id(user_id)), NULL);
}
