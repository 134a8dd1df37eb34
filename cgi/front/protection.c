/* What protects an account: see protection.h. Called by pages and by the API. */
#include "front/protection.h"

#include "crypto/password.h"
#include "domain/factor/factor.h"
#include "domain/password/password.h"
#include "domain/user/user.h"
#include "front/account.h"
#include "front/limit.h"
#include "front/proof.h"
#include "http/percent.h"
#include "json/jw.h"

#include <string.h>

enum { RESET_CODE_MAX = 64 };

const struct field protection_password_fields[] = {
    {.name = "current_password",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_SECRET,
     .max = PASSWORD_MAX_CHARS,
     .offset = offsetof(struct protection_password_input, current_password)},
    {.name = "new_password",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_SECRET,
     .min = PASSWORD_MIN_CHARS,
     .max = PASSWORD_MAX_CHARS,
     .offset = offsetof(struct protection_password_input, new_password)},
    {.name = "end_tokens", .type = FIELD_FLAG, .offset = offsetof(struct protection_password_input, end_tokens)},
    {0}};

const struct field protection_reset_fields[] = {{.name = "code",
						 .type = FIELD_TEXT,
						 .flags = FIELD_REQUIRED | FIELD_TRIM | FIELD_SECRET,
						 .min = 1,
						 .max = RESET_CODE_MAX,
						 .offset = offsetof(struct protection_reset_input, code)},
						{.name = "new_password",
						 .alias = "password",
						 .type = FIELD_TEXT,
						 .flags = FIELD_REQUIRED | FIELD_SECRET,
						 .min = PASSWORD_MIN_CHARS,
						 .max = PASSWORD_MAX_CHARS,
						 .offset = offsetof(struct protection_reset_input, new_password)},
						{0}};

const struct field protection_factor_fields[] = {{.name = "password",
						  .type = FIELD_TEXT,
						  .flags = FIELD_SECRET,
						  .max = PASSWORD_MAX_CHARS,
						  .offset = offsetof(struct protection_factor_input, password)},
						 {.name = "code",
						  .type = FIELD_TEXT,
						  .flags = FIELD_TRIM | FIELD_SECRET,
						  .max = FACTOR_CODE_MAX,
						  .offset = offsetof(struct protection_factor_input, code)},
						 {0}};

/* Adds session_digest where the caller's session has a cookie. */
static void write_cookie(struct request *request, struct jw *jw, struct protection_cookie *cookie)
{
	char digest[SECRET_TEXT_SIZE];

	cookie->secret[0] = '\0';
	if (request->session.kind != SESSION_COOKIE)
		return;
	secret_token(cookie->secret);
	account_digest(cookie->secret, digest);
	jw_text(jw, "session_digest", digest);
}

static enum err refuse_password(struct request *request, const char *why)
{
	field_errors_add(&request->errors, "new_password", "PASSWORD_UNACCEPTABLE", why);
	return ERR_INVALID_FORM;
}

static enum err check_new(struct request *request, int64_t user_id, const char *password)
{
	struct user user;
	const char *why;

	TRY(user_find(request->db, request->arena, user_id, &user));
	return password_is_acceptable(password, user.username, &why) ? ERR_OK : refuse_password(request, why);
}

enum err protection_change_password(struct request *request, const struct protection_password_input *input,
				    struct protection_cookie *cookie)
{
	struct buf *op = buf_in_arena(request->arena);
	char hash[PASSWORD_HASH_SIZE];
	const char *current_hash;
	struct op_reply reply;
	struct jw jw;

	TRY(check_new(request, request->caller.user_id, input->new_password));
	if (strcmp(input->new_password, input->current_password) == 0)
		return refuse_password(request, "Is the password that you have.");
	TRY(proof_of_password(request, input->current_password, &current_hash));
	TRY(password_hash(input->new_password, hash));
	jw_init(&jw, op);
	jw_object(&jw, NULL);
	jw_text(&jw, "current_hash", current_hash);
	jw_text(&jw, "password_hash", hash);
	jw_flag(&jw, "end_tokens", input->end_tokens);
	write_cookie(request, &jw, cookie);
	jw_object_end(&jw);
	return front_submit_text(request, OP_password_change, op, &reply);
}

/* The code is looked at before the costly hash, and once more by the op, which takes it. */
static enum err check_code(struct request *request, const char *code, int64_t *user_id)
{
	struct limit_guess guess;
	enum err e;

	TRY(limit_guess_begin(request, NULL, &guess));
	e = password_reset_find(request->db, code, request->now_ms, user_id);
	limit_guess_end(request, &guess, e);
	return e;
}

enum err protection_reset_password(struct request *request, const struct protection_reset_input *input)
{
	struct buf *op = buf_in_arena(request->arena);
	unsigned char digest[DIGEST_BYTES];
	char hash[PASSWORD_HASH_SIZE], text[SECRET_TEXT_SIZE];
	struct op_reply reply;
	int64_t user_id;
	struct jw jw;

	TRY(check_code(request, input->code, &user_id));
	TRY(check_new(request, user_id, input->new_password));
	request_read_end(request);
	TRY(password_hash(input->new_password, hash));
	password_reset_digest(input->code, digest);
	base64url_encode(digest, sizeof(digest), text);
	jw_init(&jw, op);
	jw_object(&jw, NULL);
	jw_text(&jw, "digest", text);
	jw_text(&jw, "password_hash", hash);
	jw_object_end(&jw);
	return front_submit_text(request, OP_password_reset, op, &reply);
}

static bool is_filled(const char *text)
{
	return text != NULL && text[0] != '\0';
}

/* The op, with its guess counted where a code can be guessed. Who sets the factor up guesses nothing. */
static enum err submit_factor(struct request *request, enum op op, const char *code, const struct buf *input,
			      struct op_reply *reply)
{
	const char *account = arena_printf(request->arena, "code/%lld", (long long)request->caller.user_id);
	struct limit_guess guess;
	enum err e;

	if (!is_filled(code) || op == OP_factor_confirm)
		return front_submit_text(request, op, input, reply);
	TRY(limit_guess_code_begin(request, account, factor_is_recovery_code(code), &guess));
	e = front_submit_text(request, op, input, reply);
	limit_guess_end(request, &guess, e);
	return e;
}

enum err protection_change_factor(struct request *request, enum op op, const struct protection_factor_input *input,
				  struct protection_cookie *cookie, struct op_reply *reply)
{
	struct buf *text = buf_in_arena(request->arena);
	const char *hash = NULL;
	struct jw jw;

	if (is_filled(input->password))
		TRY(proof_of_password(request, input->password, &hash));
	jw_init(&jw, text);
	jw_object(&jw, NULL);
	jw_text(&jw, "password_hash", hash);
	jw_text(&jw, "code", is_filled(input->code) ? input->code : NULL);
	if (op != OP_factor_renew_codes)
		write_cookie(request, &jw, cookie);
	jw_object_end(&jw);
	return submit_factor(request, op, input->code, text, reply);
}

/* The form that authenticator programs agree on (Google's "Key URI Format"). The label tells accounts on several
 * servers apart. */
enum err protection_factor_uri(struct request *request, const char *secret, const char **uri)
{
	struct buf *label = buf_in_arena(request->arena);
	struct user user;

	TRY(user_find(request->db, request->arena, request->caller.user_id, &user));
	percent_encode(
	    label, str_from(arena_printf(request->arena, "%s@%s", user.username, request->app->public_origin.host)));
	*uri = arena_printf(request->arena,
			    "otpauth://totp/Snug:%s?secret=%s&issuer=Snug&algorithm=SHA1&digits=%d&period=%d", label->p,
			    secret, TOTP_DIGITS, TOTP_STEP_S);
	return ERR_OK;
}
