#include "store/ops.h"

#include "base/clock.h"
#include "base/ensure.h"
#include "base/log.h"
#include "base/utf8.h"
#include "domain/audit/audit.h"
#include "domain/ban/ban.h"
#include "domain/block/block.h"
#include "domain/bot/bot.h"
#include "domain/channel/channel.h"
#include "domain/channel/channel_direct.h"
#include "domain/channel/channel_member.h"
#include "domain/channel/channel_overwrite.h"
#include "domain/draft/draft.h"
#include "domain/emoji/emoji.h"
#include "domain/factor/factor.h"
#include "domain/file/file.h"
#include "domain/guild/guild.h"
#include "domain/invite/invite.h"
#include "domain/job/job.h"
#include "domain/member/member.h"
#include "domain/message/message.h"
#include "domain/password/password.h"
#include "domain/pin/pin.h"
#include "domain/poll/poll.h"
#include "domain/preview/preview.h"
#include "domain/reaction/reaction.h"
#include "domain/read/read.h"
#include "domain/role/role.h"
#include "domain/saved/saved.h"
#include "domain/scheduled/scheduled.h"
#include "domain/security_event/security_event.h"
#include "domain/session/session.h"
#include "domain/thread/thread.h"
#include "domain/user/user.h"
#include "domain/user/user_admin.h"
#include "domain/user/user_end.h"
#include "domain/user/user_profile.h"
#include "json/field_decode.h"

#include <string.h>

enum { OP_INPUT_MAX_BYTES = 512 };

enum { PERSON = 2 }; /* beside false and true: see ops.def */

struct op_row {
	unsigned roles;
	int actor;
	const struct field *fields;
	size_t input_bytes;
	apply_function *apply;
};

static const struct op_row rows[] = {
#define OP(name, roles, actor) {roles, actor, name##_fields, sizeof(struct name##_input), name##_apply},
#include "store/ops.def"
#undef OP
};
_Static_assert(sizeof(rows) / sizeof(rows[0]) == OP_backup, "one row an op");

#define OP(name, roles, needs_actor)                                                                                   \
	_Static_assert(sizeof(struct name##_input) <= OP_INPUT_MAX_BYTES, #name " takes more than there is room for");
#include "store/ops.def"
#undef OP

void op_reply_error(struct buf *reply, enum err err, const struct field_errors *errors, int64_t retry_after_ms)
{
	struct jw jw;
	buf_clear(reply);
	jw_init(&jw, reply);
	jw_object(&jw, NULL);
	jw_text(&jw, "err", err_info(err)->name);
	if (errors != NULL && errors->count > 0)
		field_errors_to_json(&jw, "errors", errors);
	if (retry_after_ms > 0)
		jw_int(&jw, "retry_after_ms", retry_after_ms);
	jw_object_end(&jw);
}

/* The account must exist and not be suspended, and the session that it speaks through must not have ended meanwhile.
 * On the command line the administrator of the machine acts for an account, without a session. */
static enum err check_actor(struct apply *apply)
{
	int64_t found;
	struct session session;
	if (apply->actor_id == 0)
		return ERR_UNAUTHORIZED;
	if (apply->role != OP_ROLE_CLI)
		return session_find_live(apply->db, apply->session_id, apply->actor_id, apply->now_ms, &session);
	TRY(sql_find_int(apply->db, QUERY_SESSION_ACTOR, SQL_ARGS(sql_id(apply->actor_id)), &found));
	return found != 0 ? ERR_OK : ERR_UNKNOWN_USER;
}

/* A bot's token is in more hands than a person's, and what it may do ends at its workspace. */
static enum err check_person(struct apply *apply)
{
	int64_t is_bot;
	TRY(sql_find_int(apply->db, QUERY_USER_IS_BOT, SQL_ARGS(sql_id(apply->actor_id)), &is_bot));
	return is_bot ? ERR_BOT_FORBIDDEN : ERR_OK;
}

static enum err apply_row(struct apply *apply, const struct op_row *row, const struct view *input, struct buf *reply)
{
	_Alignas(16) unsigned char decoded[OP_INPUT_MAX_BYTES];
	struct jw jw;
	if ((row->roles & apply->role) == 0)
		return ERR_MISSING_PERMISSIONS;
	if (row->actor)
		TRY(check_actor(apply));
	if (row->actor == PERSON)
		TRY(check_person(apply));
	memset(decoded, 0, row->input_bytes); /* also what is no field, and for apply alone */
	TRY(field_decode(apply->arena, row->fields, input, false, decoded, &apply->errors));
	buf_puts(reply, "{\"err\":\"OK\",\"result\":");
	jw_init(&jw, reply);
	jw_object(&jw, NULL);
	TRY(row->apply(apply, decoded, &jw));
	jw_object_end(&jw);
	buf_putc(reply, '}');
	return ERR_OK;
}

/* Ends the op's savepoint the way the op ended. */
static enum err end_savepoint(struct sql *db, bool keep)
{
	if (!keep)
		TRY(sql_run(db, QUERY_SAVEPOINT_ROLLBACK, SQL_NO_ARGS, NULL));
	return sql_run(db, QUERY_SAVEPOINT_RELEASE, SQL_NO_ARGS, NULL);
}

/* Programs send what front/reason.c let through; whoever else has the socket may send anything. */
static bool reason_is_valid(const char *reason)
{
	size_t n = reason == NULL ? 0 : strlen(reason);
	return n == 0 || (utf8_count(reason, n) <= AUDIT_REASON_MAX && !utf8_has_control(reason, n, false));
}

/* NULL when there is no such text. */
static const char *text_of(struct apply *apply, const struct view *request, const char *name)
{
	struct str text = view_text(request, name);
	return text.n > 0 ? arena_strndup(apply->arena, text.p, text.n) : NULL;
}

static enum err execute(struct apply *apply, const char *request, size_t n, struct buf *reply)
{
	struct view *root;
	TRY(view_parse_peer(apply->arena, request, n, &root));
	enum op op = op_from_name(text_of(apply, root, "op"));
	if (op >= OP_backup)
		return ERR_BAD_REQUEST;
	apply->actor_id = view_id(root, "actor");
	apply->session_id = view_id(root, "session");
	apply->reason = text_of(apply, root, "reason");
	apply->address = text_of(apply, root, "address");
	if (!reason_is_valid(apply->reason))
		return ERR_BAD_REQUEST;
	return apply_row(apply, &rows[op], view_find(root, "in"), reply);
}

/* Executes the op and writes its reply. Returns whether what it wrote is to be kept. */
static bool run(struct op_engine *engine, enum op_role role, struct str request, struct buf *reply, enum err *err)
{
	struct apply apply = {
	    .db = engine->db,
	    .arena = &engine->arena,
	    .config = engine->config,
	    .ids = &engine->ids,
	    .last_seq = &engine->last_seq,
	    .search = &engine->search,
	    .now_ms = clock_now_ms(),
	    .role = role,
	    .is_again = engine->is_again,
	};
	int64_t seq_before = engine->last_seq;
	struct search_mark search_before = search_queue_mark(&engine->search);
	buf_clear(reply);
	*err = execute(&apply, request.p, request.n, reply);
	bool keep = *err == ERR_OK || apply.keeps_changes;
	if (!keep) {
		engine->last_seq = seq_before;
		search_queue_cut(&engine->search, search_before);
	}
	if (*err != ERR_OK)
		op_reply_error(reply, *err, &apply.errors, apply.retry_after_ms);
	engine->has_added_jobs |= keep && apply.has_added_jobs;
	ensure(sql_is_idle(engine->db));
	arena_reset(&engine->arena);
	return keep;
}

/* SQLite ends a transaction by itself where a disk is full or fails. */
static enum err lost(enum err err)
{
	return err == ERR_STORAGE_FULL ? ERR_STORAGE_FULL : ERR_DATABASE_UNAVAILABLE;
}

enum err op_execute(struct op_engine *engine, enum op_role role, const char *request, size_t n, struct buf *reply)
{
	enum err err;
	TRY(sql_run(engine->db, QUERY_SAVEPOINT_BEGIN, SQL_NO_ARGS, NULL));
	bool keep = run(engine, role, (struct str){request, n}, reply, &err);
	if (!sql_in_transaction(engine->db))
		return lost(err);
	enum err end = end_savepoint(engine->db, keep);
	return end != ERR_OK && err == ERR_STORAGE_FULL ? ERR_STORAGE_FULL : end;
}

enum err op_execute_unguarded(struct op_engine *engine, enum op_role role, const char *request, size_t n,
			      struct buf *reply, bool *has_left_rows)
{
	int64_t before = sql_rows_written(engine->db);
	enum err err;
	bool keep = run(engine, role, (struct str){request, n}, reply, &err);
	*has_left_rows = !keep && sql_rows_written(engine->db) != before;
	return sql_in_transaction(engine->db) ? ERR_OK : lost(err);
}

enum err op_settle(struct op_engine *engine)
{
	return search_queue_flush(&engine->search, engine->db, clock_now_ms());
}
