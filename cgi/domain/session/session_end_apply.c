/* How sessions end: by their owner, one or all of them; and what keeps a session that goes on. */
#include "domain/event/event.h"
#include "domain/security_event/security_event.h"
#include "domain/session/session.h"

#include <string.h>

/* Tells snug-live to look again at the streams of one session, or of all of an account's (session 0): those whose
 * session has ended are closed. */
static enum err announce_end(struct apply *apply, int64_t user_id, int64_t session_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "session_id", session_id);
	jw_object_end(&jw);
	struct event event = {
	    .type = "_SESSION_REVOKED", .user_id = user_id, .payload = payload->p, .payload_n = payload->n};
	return event_append(apply, &event);
}

enum err session_end_one(struct apply *apply, int64_t session_id, int64_t user_id)
{
	int changes;
	TRY(sql_run(apply->db, QUERY_SESSION_END, SQL_ARGS(sql_id(session_id), sql_id(user_id), sql_int(apply->now_ms)),
		    &changes));
	return changes > 0 ? announce_end(apply, user_id, session_id) : ERR_OK;
}

enum err session_end_all(struct apply *apply, int64_t user_id)
{
	return session_end_others(apply, user_id, 0, true);
}

enum err session_end_others(struct apply *apply, int64_t user_id, int64_t spared_id, bool ends_tokens)
{
	TRY(sql_run(apply->db, QUERY_SESSION_END_OTHERS,
		    SQL_ARGS(sql_id(user_id), sql_int(apply->now_ms), sql_int(spared_id), sql_int(ends_tokens)), NULL));
	return announce_end(apply, user_id, 0);
}

/* The kind of the caller's own session, NULL when it has none that is live. */
static enum err own_kind(struct apply *apply, const char **kind)
{
	struct sql_stmt *stmt;
	*kind = NULL;
	TRY(sql_start(apply->db, QUERY_SESSION_KIND, SQL_ARGS(sql_id(apply->session_id), sql_id(apply->actor_id)),
		      &stmt));
	if (sql_step(stmt))
		*kind = sql_column_text(stmt, 0, apply->arena);
	return sql_finish(stmt);
}

enum err session_require_login(struct apply *apply)
{
	const char *kind;
	if (apply->role == OP_ROLE_CLI)
		return ERR_OK;
	TRY(own_kind(apply, &kind));
	if (kind == NULL)
		return ERR_UNAUTHORIZED;
	if (strcmp(kind, "bot") == 0)
		return ERR_BOT_FORBIDDEN;
	return strcmp(kind, "token") == 0 ? ERR_LOGIN_REQUIRED : ERR_OK;
}

enum err session_rotate_own(struct apply *apply, const char *digest_text)
{
	unsigned char digest[DIGEST_BYTES];
	if (digest_text == NULL || apply->session_id == 0)
		return ERR_OK;
	if (!session_digest_decode(digest_text, digest))
		return ERR_INVALID_FORM;
	return sql_run(apply->db, QUERY_SESSION_SET_DIGEST,
		       SQL_ARGS(sql_id(apply->session_id), sql_id(apply->actor_id), sql_blob(digest, sizeof(digest))),
		       NULL);
}

enum err session_end_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct session_end_input *in = input;
	(void)result;
	if (in->digest == NULL) {
		if (apply->session_id == 0)
			return ERR_UNAUTHORIZED;
		return session_end_one(apply, apply->session_id, apply->actor_id);
	}
	unsigned char digest[DIGEST_BYTES];
	struct sql_stmt *stmt;
	if (!session_digest_decode(in->digest, digest))
		return ERR_BAD_REFRESH_TOKEN;
	TRY(sql_start(apply->db, QUERY_SESSION_FIND_FAMILY, SQL_ARGS(sql_blob(digest, sizeof(digest))), &stmt));
	int64_t session_id = 0, user_id = 0;
	if (sql_step(stmt)) {
		session_id = sql_column_int(stmt, 0);
		user_id = sql_column_int(stmt, 1);
	}
	TRY(sql_finish(stmt));
	return session_id != 0 ? session_end_one(apply, session_id, user_id) : ERR_BAD_REFRESH_TOKEN;
}

enum err session_revoke_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct session_revoke_input *in = input;
	static const char *const logins[] = {"cookie", "refresh"};
	int64_t owner = 0;
	(void)result;
	TRY(session_require_login(apply));
	for (size_t i = 0; owner == 0 && i < sizeof(logins) / sizeof(logins[0]); i++)
		TRY(sql_find_int(apply->db, QUERY_SESSION_OWNER, SQL_ARGS(sql_id(in->session_id), sql_text(logins[i])),
				 &owner));
	if (owner == 0 || owner != apply->actor_id)
		return ERR_UNKNOWN_SESSION;
	TRY(session_end_one(apply, in->session_id, owner));
	return security_event_add(apply, SECURITY_SESSION_REVOKED, owner, NULL);
}

enum err session_end_everywhere_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct session_end_everywhere_input *in = input;
	(void)result;
	TRY(session_require_login(apply));
	TRY(session_end_others(apply, apply->actor_id, in->keep_current ? apply->session_id : 0, in->end_tokens));
	return security_event_add(apply, SECURITY_SESSIONS_ENDED, apply->actor_id,
				  in->end_tokens ? "with personal tokens" : NULL);
}

/* Many requests may ask for this at once: the first one's row is recent enough for the others. */
enum err session_touch_apply(struct apply *apply, const void *input, struct jw *result)
{
	(void)input, (void)result;
	return sql_run(apply->db, QUERY_SESSION_TOUCH,
		       SQL_ARGS(sql_id(apply->session_id), sql_int(apply->now_ms), sql_text(apply->address),
				sql_int(SESSION_TOUCH_MS / 2)),
		       NULL);
}
