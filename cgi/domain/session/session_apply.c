/* Opening sessions, and refreshing them. How they end is session_end_apply.c, personal tokens are token_apply.c. */
#include "domain/factor/factor.h"
#include "domain/security_event/security_event.h"
#include "domain/session/session.h"
#include "domain/user/user.h"

#include <string.h>

#define DAY_MS INT64_C(86400000)

/* Ops carry digests as base64url, because they are JSON. */
bool session_digest_decode(const char *text, unsigned char digest[DIGEST_BYTES])
{
	unsigned char bytes[64];
	size_t n = 0;
	if (text == NULL || strlen(text) >= SECRET_TEXT_SIZE || !base64url_decode(text, strlen(text), bytes, &n) ||
	    n != DIGEST_BYTES)
		return false;
	memcpy(digest, bytes, DIGEST_BYTES);
	return true;
}

static int64_t expiry(const char *kind, int64_t created_at_ms, int64_t now_ms)
{
	int64_t at_most = created_at_ms + SESSION_MAX_DAYS * DAY_MS;
	if (strcmp(kind, "cookie") == 0)
		return at_most;
	if (strcmp(kind, "refresh") == 0) {
		int64_t idle = now_ms + SESSION_REFRESH_IDLE_DAYS * DAY_MS;
		return idle < at_most ? idle : at_most;
	}
	return 0;
}

enum err session_open_token(struct apply *apply, const struct session_opening *opening, int64_t *session_id)
{
	unsigned char digest[DIGEST_BYTES];
	if (!session_digest_decode(opening->digest, digest))
		return ERR_INVALID_FORM;
	*session_id = id_next(apply->ids, apply->now_ms);
	int64_t expires_at_ms = expiry(opening->kind, apply->now_ms, apply->now_ms);
	return sql_run(apply->db, QUERY_SESSION_INSERT,
		       SQL_ARGS(sql_id(*session_id), sql_id(opening->user_id), sql_text(opening->kind),
				sql_blob(digest, sizeof(digest)), sql_text(opening->name), sql_text(opening->device),
				sql_text(opening->address), sql_int(apply->now_ms), sql_id(expires_at_ms)),
		       NULL);
}

/* A program that logs in each time it runs, and never logs out, is not kept for a month with all its sessions. */
static enum err end_surplus(struct apply *apply, int64_t user_id)
{
	int64_t surplus_id;
	TRY(sql_find_int(apply->db, QUERY_SESSION_LIST_SURPLUS, SQL_ARGS(sql_id(user_id), sql_int(SESSIONS_MAX - 1)),
			 &surplus_id));
	return surplus_id != 0 ? session_end_one(apply, surplus_id, user_id) : ERR_OK;
}

enum err session_open(struct apply *apply, const struct session_opening *opening, int64_t *session_id)
{
	if (strcmp(opening->kind, "cookie") != 0 && strcmp(opening->kind, "refresh") != 0)
		return ERR_INVALID_FORM;
	TRY(end_surplus(apply, opening->user_id));
	return session_open_token(apply, opening, session_id);
}

enum err session_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct session_create_input *in = input;
	struct user user;
	struct user_credentials credentials;
	int64_t session_id;
	enum err err = user_find(apply->db, apply->arena, in->user_id, &user);
	if (err == ERR_UNKNOWN_USER || (err == ERR_OK && user.is_bot))
		return ERR_BAD_CREDENTIALS;
	TRY(err);
	TRY(user_find_credentials(apply->db, apply->arena, user.username, &credentials));
	if (credentials.password_hash == NULL || strcmp(credentials.password_hash, in->password_hash) != 0)
		return ERR_BAD_CREDENTIALS;
	if (user.is_suspended)
		return ERR_SUSPENDED;
	err = factor_take(apply, user.id, in->code);
	apply->keeps_changes = err == ERR_BAD_TOTP;
	TRY(err);
	TRY(session_open(apply,
			 &(struct session_opening){.user_id = user.id,
						   .kind = in->session_kind,
						   .digest = in->session_digest,
						   .device = in->device,
						   .address = in->address},
			 &session_id));
	jw_id(result, "session_id", session_id);
	user_self_to_json(result, "user", &user);
	return ERR_OK;
}

/* The live family whose token this is now; *session_id 0 when there is none. */
static enum err find_family(struct apply *apply, const unsigned char digest[DIGEST_BYTES], int64_t *session_id,
			    int64_t *user_id)
{
	struct sql_stmt *stmt;
	*session_id = *user_id = 0;
	TRY(sql_start(apply->db, QUERY_SESSION_FIND_BY_DIGEST,
		      SQL_ARGS(sql_blob(digest, DIGEST_BYTES), sql_int(apply->now_ms)), &stmt));
	if (sql_step(stmt)) {
		const char *kind = sql_column_text(stmt, 2, apply->arena);
		if (kind != NULL && strcmp(kind, "refresh") == 0) {
			*session_id = sql_column_int(stmt, 0);
			*user_id = sql_column_int(stmt, 1);
		}
	}
	return sql_finish(stmt);
}

/* A refresh token that was used before is in two hands: nobody can tell which is the thief's, so the family ends. */
static enum err end_family_of_used(struct apply *apply, int64_t session_id)
{
	int64_t user_id;
	TRY(sql_find_int(apply->db, QUERY_SESSION_OWNER, SQL_ARGS(sql_id(session_id), sql_text("refresh")), &user_id));
	if (user_id != 0) {
		TRY(session_end_one(apply, session_id, user_id));
		TRY(security_event_add(apply, SECURITY_REFRESH_TOKEN_REUSED, user_id, NULL));
		apply->keeps_changes = true;
	}
	return ERR_BAD_REFRESH_TOKEN;
}

/* A token that is not valid now. Nobody but who sent the first use knows the token that it made: when the family still
 * has that one, this is the same op again, sent because its answer was lost. */
static enum err refresh_again(struct apply *apply, const unsigned char digest[DIGEST_BYTES],
			      const unsigned char new_digest[DIGEST_BYTES], int64_t *session_id, int64_t *user_id)
{
	int64_t used_id;
	TRY(sql_find_int(apply->db, QUERY_SESSION_FIND_USED_REFRESH_TOKEN, SQL_ARGS(sql_blob(digest, DIGEST_BYTES)),
			 &used_id));
	if (used_id == 0)
		return ERR_BAD_REFRESH_TOKEN;
	TRY(find_family(apply, new_digest, session_id, user_id));
	return *session_id == used_id ? ERR_OK : end_family_of_used(apply, used_id);
}

static enum err rotate(struct apply *apply, int64_t session_id, const unsigned char digest[DIGEST_BYTES],
		       const unsigned char new_digest[DIGEST_BYTES])
{
	int64_t created_at_ms;
	TRY(sql_find_int(apply->db, QUERY_SESSION_CREATED_AT, SQL_ARGS(sql_id(session_id)), &created_at_ms));
	TRY(sql_run(apply->db, QUERY_SESSION_INSERT_USED_REFRESH_TOKEN,
		    SQL_ARGS(sql_blob(digest, DIGEST_BYTES), sql_id(session_id)), NULL));
	return sql_run(apply->db, QUERY_SESSION_ROTATE,
		       SQL_ARGS(sql_id(session_id), sql_blob(new_digest, DIGEST_BYTES), sql_int(apply->now_ms),
				sql_int(expiry("refresh", created_at_ms, apply->now_ms))),
		       NULL);
}

enum err session_refresh_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct session_refresh_input *in = input;
	unsigned char digest[DIGEST_BYTES], new_digest[DIGEST_BYTES];
	int64_t session_id, user_id;
	if (!session_digest_decode(in->digest, digest) || !session_digest_decode(in->new_digest, new_digest) ||
	    memcmp(digest, new_digest, DIGEST_BYTES) == 0)
		return ERR_BAD_REFRESH_TOKEN;
	TRY(find_family(apply, digest, &session_id, &user_id));
	TRY(session_id != 0 ? rotate(apply, session_id, digest, new_digest)
			    : refresh_again(apply, digest, new_digest, &session_id, &user_id));
	jw_id(result, "session_id", session_id);
	jw_id(result, "user_id", user_id);
	return ERR_OK;
}
