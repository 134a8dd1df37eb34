/* Changes of passwords. */
#include "base/gcra.h"
#include "crypto/secret.h"
#include "domain/password/password.h"
#include "domain/security_event/security_event.h"
#include "domain/session/session.h"
#include "domain/user/user.h"

static enum err set_password(struct apply *apply, int64_t user_id, const char *hash)
{
	TRY(sql_run(apply->db, QUERY_USER_SET_PASSWORD, SQL_ARGS(sql_id(user_id), sql_text(hash)), NULL));
	/* A code that was sent before is for a password that is no more. */
	return sql_run(apply->db, QUERY_PASSWORD_RESET_END, SQL_ARGS(sql_id(user_id)), NULL);
}

/* Whose password it was hears of it by another way than the one by which it was changed. */
static enum err tell_changed(struct apply *apply, enum security_kind kind, int64_t user_id)
{
	struct user user;
	bool is_told;
	TRY(user_find(apply->db, apply->arena, user_id, &user));
	TRY(security_event_is_told(apply, kind, user_id, &is_told));
	return is_told ? user_mail_change(apply, MAIL_password_changed, &user, user.email) : ERR_OK;
}

enum err password_change_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct password_change_input *in = input;
	int64_t user_id = apply->actor_id;
	(void)result;
	TRY(session_require_login(apply));
	TRY(user_require_password(apply, user_id, in->current_hash));
	TRY(set_password(apply, user_id, in->password_hash));
	TRY(session_end_others(apply, user_id, apply->session_id, in->end_tokens));
	TRY(session_rotate_own(apply, in->session_digest));
	TRY(security_event_add(apply, SECURITY_PASSWORD_CHANGED, user_id, NULL));
	return tell_changed(apply, SECURITY_PASSWORD_CHANGED, user_id);
}

/* One mail for each third of the hour is what somebody else can have sent to an inbox, and each code is good for longer
 * than that: nobody can be kept from getting one. */
static enum err take_turn(struct apply *apply, int64_t user_id, bool *is_allowed, int64_t *allowed_at_ms)
{
	static const struct gcra_rate rate = {PASSWORD_RESETS_MAX, PASSWORD_RESET_EVERY_MS};
	TRY(sql_find_int(apply->db, QUERY_PASSWORD_RESET_ALLOWED_AT, SQL_ARGS(sql_id(user_id)), allowed_at_ms));
	struct gcra turn = gcra_take(&rate, *allowed_at_ms, apply->now_ms);
	*is_allowed = turn.is_allowed;
	*allowed_at_ms = turn.until_ms;
	return ERR_OK;
}

static enum err send_code(struct apply *apply, const struct user *user, int64_t allowed_at_ms)
{
	char code[PASSWORD_RESET_CODE_CHARS + 1];
	unsigned char digest[DIGEST_BYTES];
	int64_t expires_at_ms = apply->now_ms + PASSWORD_RESET_MS;
	struct buf *data = buf_in_arena(apply->arena);
	struct jw jw;
	secret_code(code, PASSWORD_RESET_CODE_CHARS, "abcdefghijkmnpqrstuvwxyz23456789");
	password_reset_digest(code, digest);
	TRY(sql_run(
	    apply->db, QUERY_PASSWORD_RESET_PUT,
	    SQL_ARGS(sql_id(user->id), sql_blob(digest, sizeof digest), sql_int(expires_at_ms), sql_int(allowed_at_ms)),
	    NULL));
	jw_init(&jw, data);
	jw_object(&jw, NULL);
	jw_text(&jw, "name", user_shown_name(user));
	jw_text(&jw, "code", code);
	jw_int(&jw, "minutes", PASSWORD_RESET_MS / 60000);
	jw_object_end(&jw);
	secret_wipe(code, sizeof code);
	return mail_add(apply, MAIL_password_reset, user->email, (struct str){data->p, data->n}, expires_at_ms);
}

/* The account that may be sent a code; id 0 when there is none. */
static enum err find_recipient(struct apply *apply, const char *login, struct user *user)
{
	struct user_credentials credentials;
	*user = (struct user){0};
	enum err err = user_find_credentials(apply->db, apply->arena, login, &credentials);
	if (err == ERR_UNKNOWN_USER)
		return ERR_OK;
	TRY(err);
	TRY(user_find(apply->db, apply->arena, credentials.user_id, user));
	if (user->is_bot || user->is_suspended || user->email == NULL)
		user->id = 0;
	return ERR_OK;
}

/* Whoever it is, something is written and flushed: the disk takes most of the time, and says nothing then. */
enum err password_reset_ask_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct password_reset_ask_input *in = input;
	struct user user;
	bool is_allowed;
	int64_t allowed_at_ms;
	(void)result;
	if (!mail_is_on(apply->config))
		return ERR_MAIL_OFF;
	TRY(find_recipient(apply, in->login, &user));
	TRY(security_event_add(apply, SECURITY_PASSWORD_RESET_ASKED, user.id, NULL));
	TRY(take_turn(apply, user.id, &is_allowed, &allowed_at_ms));
	return user.id != 0 && is_allowed ? send_code(apply, &user, allowed_at_ms) : ERR_OK;
}

enum err password_reset_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct password_reset_input *in = input;
	unsigned char digest[DIGEST_BYTES];
	struct user user;
	int64_t user_id;
	(void)result;
	if (!session_digest_decode(in->digest, digest))
		return ERR_BAD_RESET_CODE;
	TRY(sql_find_int(apply->db, QUERY_PASSWORD_RESET_FIND,
			 SQL_ARGS(sql_blob(digest, sizeof digest), sql_int(apply->now_ms)), &user_id));
	if (user_id == 0)
		return ERR_BAD_RESET_CODE;
	TRY(user_find(apply->db, apply->arena, user_id, &user));
	if (user.is_bot || user.is_suspended)
		return ERR_BAD_RESET_CODE;
	TRY(set_password(apply, user_id, in->password_hash));
	TRY(session_end_all(apply, user_id));
	TRY(security_event_add(apply, SECURITY_PASSWORD_RESET, user_id, NULL));
	return tell_changed(apply, SECURITY_PASSWORD_RESET, user_id);
}

enum err password_reset_prune(struct sql *db, int64_t now_ms)
{
	return sql_run(db, QUERY_PASSWORD_RESET_DELETE_EXPIRED, SQL_ARGS(sql_int(now_ms)), NULL);
}
