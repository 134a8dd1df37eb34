/* Changes of the second factor, and taking its codes. Everything is decided here, in the one program that writes: of
 * two who show the same code at once one gets in. */
#include "crypto/secret.h"
#include "domain/factor/factor.h"
#include "domain/security_event/security_event.h"
#include "domain/session/session.h"

#include "base/str.h"

#include <string.h>

/* Without letters and digits that look alike, so that a code can be read from paper. */
static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";
_Static_assert(sizeof(alphabet) - 1 == 32, "a character is five bits");

struct stored {
	const char *password_hash;
	struct totp_secret secret;
	bool has_secret, is_on;
	int64_t last_step;
};

static enum err stored_find(struct apply *apply, int64_t user_id, struct stored *out)
{
	struct sql_stmt *stmt;
	size_t n;
	*out = (struct stored){0};
	TRY(sql_start(apply->db, QUERY_FACTOR_FIND_STORED, SQL_ARGS(sql_id(user_id)), &stmt));
	bool found = sql_step(stmt);
	if (found) {
		const void *secret = sql_column_blob(stmt, 1, &n);
		out->password_hash = sql_column_text(stmt, 0, apply->arena);
		out->has_secret = secret != NULL && n == sizeof out->secret.bytes;
		if (out->has_secret)
			memcpy(out->secret.bytes, secret, n);
		out->is_on = out->has_secret && sql_column_int(stmt, 2) != 0;
		out->last_step = sql_column_int(stmt, 3);
	}
	TRY(sql_finish(stmt));
	return found ? ERR_OK : ERR_UNKNOWN_USER;
}

/* What was typed without blanks and hyphens and in lower case; false when it is longer than any code. */
static bool bare(const char *typed, char *out, size_t size)
{
	size_t n = 0;
	for (; *typed != '\0'; typed++) {
		if (*typed == ' ' || *typed == '-')
			continue;
		if (n + 1 == size)
			return false;
		out[n++] = str_lower(*typed);
	}
	out[n] = '\0';
	return true;
}

/* With the account in it, so that who reads the table cannot try one guess on all of them at a time. */
static void recovery_digest(struct apply *apply, int64_t user_id, const char *code, unsigned char out[DIGEST_BYTES])
{
	const char *text = arena_printf(apply->arena, "%lld:%s", (long long)user_id, code);
	secret_digest(text, strlen(text), out);
}

static enum err take_recovery_code(struct apply *apply, int64_t user_id, const char *code)
{
	unsigned char digest[DIGEST_BYTES];
	int taken;
	recovery_digest(apply, user_id, code, digest);
	TRY(sql_run(apply->db, QUERY_FACTOR_TAKE_RECOVERY_CODE,
		    SQL_ARGS(sql_id(user_id), sql_blob(digest, sizeof digest)), &taken));
	return taken > 0 ? security_event_add(apply, SECURITY_RECOVERY_CODE_USED, user_id, NULL) : ERR_BAD_TOTP;
}

/* A code of a step that is not later than the last one taken was seen before, or could have been. */
static enum err take_code(struct apply *apply, int64_t user_id, const struct stored *stored, const char *code)
{
	int64_t step = totp_step_of(&stored->secret, code, apply->now_ms / 1000);
	if (step <= stored->last_step)
		return ERR_BAD_TOTP;
	return sql_run(apply->db, QUERY_FACTOR_SET_LAST_STEP, SQL_ARGS(sql_id(user_id), sql_int(step)), NULL);
}

static enum err take(struct apply *apply, int64_t user_id, const struct stored *stored, const char *typed)
{
	char code[FACTOR_CODE_MAX + 1];
	if (typed == NULL || typed[0] == '\0')
		return ERR_TOTP_REQUIRED;
	enum err err = ERR_BAD_TOTP;
	if (bare(typed, code, sizeof code))
		err = totp_is_code(code) ? take_code(apply, user_id, stored, code)
					 : take_recovery_code(apply, user_id, code);
	if (err == ERR_BAD_TOTP)
		TRY(security_event_add(apply, SECURITY_FACTOR_FAILED, user_id, NULL));
	return err;
}

enum err factor_take(struct apply *apply, int64_t user_id, const char *typed)
{
	struct stored stored;
	TRY(stored_find(apply, user_id, &stored));
	return stored.is_on ? take(apply, user_id, &stored, typed) : ERR_OK;
}

/* Makes the account's recovery codes anew and writes them out, the one time that they are seen. */
static enum err make_recovery_codes(struct apply *apply, int64_t user_id, struct jw *result)
{
	char code[FACTOR_RECOVERY_CODE_CHARS + 1];
	unsigned char digest[DIGEST_BYTES];
	TRY(sql_run(apply->db, QUERY_FACTOR_DELETE_RECOVERY_CODES, SQL_ARGS(sql_id(user_id)), NULL));
	jw_array(result, "recovery_codes");
	for (int i = 0; i < FACTOR_RECOVERY_CODES; i++) {
		secret_code(code, FACTOR_RECOVERY_CODE_CHARS, alphabet);
		recovery_digest(apply, user_id, code, digest);
		TRY(sql_run(apply->db, QUERY_FACTOR_INSERT_RECOVERY_CODE,
			    SQL_ARGS(sql_id(user_id), sql_blob(digest, sizeof digest)), NULL));
		jw_text(result, NULL, arena_printf(apply->arena, "%.4s-%.4s-%.4s", code, code + 4, code + 8));
	}
	jw_array_end(result);
	return ERR_OK;
}

enum err factor_begin_apply(struct apply *apply, const void *input, struct jw *result)
{
	struct stored stored;
	struct totp_secret secret;
	char text[TOTP_BASE32_SIZE];
	(void)input;
	TRY(session_require_login(apply));
	TRY(stored_find(apply, apply->actor_id, &stored));
	if (stored.is_on)
		return ERR_TOTP_ON;
	totp_secret_random(&secret);
	TRY(sql_run(apply->db, QUERY_FACTOR_SET_PENDING,
		    SQL_ARGS(sql_id(apply->actor_id), sql_blob(secret.bytes, sizeof secret.bytes)), NULL));
	totp_secret_encode(&secret, text);
	jw_text(result, "secret", text);
	secret_wipe(&secret, sizeof secret);
	secret_wipe(text, sizeof text);
	return ERR_OK;
}

static bool is_password(const struct stored *stored, const char *hash)
{
	return hash != NULL && stored->password_hash != NULL && strcmp(stored->password_hash, hash) == 0;
}

enum err factor_confirm_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct factor_confirm_input *in = input;
	struct stored stored;
	TRY(session_require_login(apply));
	TRY(stored_find(apply, apply->actor_id, &stored));
	if (stored.is_on)
		return ERR_TOTP_ON;
	if (!stored.has_secret)
		return ERR_TOTP_OFF;
	if (!is_password(&stored, in->password_hash))
		return ERR_WRONG_PASSWORD;
	/* A typing error while it is set up is no attack, and there are no recovery codes yet. */
	char code[FACTOR_CODE_MAX + 1];
	if (in->code == NULL || !bare(in->code, code, sizeof code))
		return ERR_BAD_TOTP;
	TRY(take_code(apply, apply->actor_id, &stored, code));
	TRY(sql_run(apply->db, QUERY_FACTOR_ENABLE, SQL_ARGS(sql_id(apply->actor_id), sql_int(apply->now_ms)), NULL));
	TRY(session_rotate_own(apply, in->session_digest));
	TRY(security_event_add(apply, SECURITY_FACTOR_ENABLED, apply->actor_id, NULL));
	return make_recovery_codes(apply, apply->actor_id, result);
}

/* For what may be done with the password or with a code: whichever is there has to be right. */
static enum err check_owner(struct apply *apply, const char *password_hash, const char *code)
{
	struct stored stored;
	TRY(session_require_login(apply));
	TRY(stored_find(apply, apply->actor_id, &stored));
	if (!stored.is_on)
		return ERR_TOTP_OFF;
	if (password_hash != NULL)
		return is_password(&stored, password_hash) ? ERR_OK : ERR_WRONG_PASSWORD;
	enum err err = take(apply, apply->actor_id, &stored, code);
	apply->keeps_changes = err == ERR_BAD_TOTP;
	return err;
}

enum err factor_end_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct factor_end_input *in = input;
	(void)result;
	TRY(check_owner(apply, in->password_hash, in->code));
	TRY(sql_run(apply->db, QUERY_FACTOR_DISABLE, SQL_ARGS(sql_id(apply->actor_id)), NULL));
	TRY(sql_run(apply->db, QUERY_FACTOR_DELETE_RECOVERY_CODES, SQL_ARGS(sql_id(apply->actor_id)), NULL));
	TRY(session_rotate_own(apply, in->session_digest));
	return security_event_add(apply, SECURITY_FACTOR_DISABLED, apply->actor_id, NULL);
}

enum err factor_renew_codes_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct factor_renew_codes_input *in = input;
	TRY(check_owner(apply, in->password_hash, in->code));
	TRY(security_event_add(apply, SECURITY_RECOVERY_CODES_RENEWED, apply->actor_id, NULL));
	return make_recovery_codes(apply, apply->actor_id, result);
}
