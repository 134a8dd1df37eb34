/* Making an account and logging in: see account.h. Called by pages and by the API.
 *
 * What is checked here before the costly hash is a courtesy; the store checks all of it again in the transaction that
 * makes the account, so of two who set up an empty server at once one wins. The set-up code alone is checked only here:
 * the store does not know it. */
#include "front/account.h"

#include "base/log.h"
#include "domain/factor/factor.h"
#include "domain/invite/invite.h"
#include "domain/user/user.h"
#include "front/limit.h"
#include "front/notice.h"
#include "json/json.h"
#include "json/jw.h"

#include <string.h>

const struct field account_register_fields[] = {{.name = "username",
						 .type = FIELD_TEXT,
						 .flags = FIELD_REQUIRED | FIELD_TRIM | FIELD_LOWER,
						 .min = 2,
						 .max = 32,
						 .offset = offsetof(struct account_register_input, username)},
						{.name = "email",
						 .type = FIELD_TEXT,
						 .flags = FIELD_REQUIRED | FIELD_TRIM,
						 .min = 3,
						 .max = 254,
						 .offset = offsetof(struct account_register_input, email)},
						{.name = "display_name",
						 .alias = "global_name",
						 .type = FIELD_TEXT,
						 .flags = FIELD_TRIM,
						 .max = 32,
						 .offset = offsetof(struct account_register_input, display_name)},
						{.name = "password",
						 .type = FIELD_TEXT,
						 .flags = FIELD_REQUIRED | FIELD_SECRET,
						 .min = PASSWORD_MIN_CHARS,
						 .max = PASSWORD_MAX_CHARS,
						 .offset = offsetof(struct account_register_input, password)},
						{.name = "invite",
						 .type = FIELD_TEXT,
						 .flags = FIELD_TRIM,
						 .max = 64,
						 .offset = offsetof(struct account_register_input, invite)},
						{.name = "workspace",
						 .type = FIELD_TEXT,
						 .flags = FIELD_TRIM,
						 .max = 100,
						 .offset = offsetof(struct account_register_input, workspace)},
						{.name = "setup_code",
						 .type = FIELD_TEXT,
						 .flags = FIELD_TRIM | FIELD_SECRET,
						 .max = SECRETS_SETUP_CODE_MAX,
						 .offset = offsetof(struct account_register_input, setup_code)},
						{0}};

const struct field account_login_fields[] = {{.name = "login",
					      .type = FIELD_TEXT,
					      .flags = FIELD_TRIM,
					      .max = 254,
					      .offset = offsetof(struct account_login_input, login)},
					     {.name = "username",
					      .type = FIELD_TEXT,
					      .flags = FIELD_TRIM,
					      .max = 254,
					      .offset = offsetof(struct account_login_input, username)},
					     {.name = "email",
					      .type = FIELD_TEXT,
					      .flags = FIELD_TRIM,
					      .max = 254,
					      .offset = offsetof(struct account_login_input, email)},
					     {.name = "password",
					      .type = FIELD_TEXT,
					      .flags = FIELD_REQUIRED | FIELD_SECRET,
					      .max = PASSWORD_MAX_CHARS,
					      .offset = offsetof(struct account_login_input, password)},
					     {.name = "code",
					      .type = FIELD_TEXT,
					      .flags = FIELD_TRIM | FIELD_SECRET,
					      .max = FACTOR_CODE_MAX,
					      .offset = offsetof(struct account_login_input, code)},
					     {0}};

void account_digest(const char *secret, char out[SECRET_TEXT_SIZE])
{
	unsigned char digest[DIGEST_BYTES];

	secret_digest(secret, strlen(secret), digest);
	base64url_encode(digest, sizeof(digest), out);
}

/* Forms send every field, so an empty one is one that was not filled in. */
static const char *filled(const char *text)
{
	return text != NULL && text[0] != '\0' ? text : NULL;
}

static enum err refuse(struct request *request, const char *field, const char *code, const char *why)
{
	field_errors_add(&request->errors, field, code, why);
	return ERR_INVALID_FORM;
}

static bool is_setup_code(const struct request *request, const char *given)
{
	const char *expected = request->app->secrets.setup_code;
	size_t n = strlen(expected);

	if (n == 0)
		return true;
	return given != NULL && strlen(given) == n && secret_equal(given, expected, n);
}

static enum err check_first(struct request *request, const struct account_register_input *input)
{
	if (!is_setup_code(request, input->setup_code)) {
		log_event(LOG_WARN, "setup_code_refused", log_text("address", request->address));
		return ERR_SETUP_CODE_REQUIRED;
	}
	if (filled(input->workspace) == NULL)
		return refuse(request, "workspace", "BASE_TYPE_REQUIRED", "The first account names the workspace.");
	return ERR_OK;
}

static enum err check_policy(struct request *request, const struct account_register_input *input)
{
	const char *policy = config_text(&request->app->config, CONFIG_REGISTRATION);
	const char *code = filled(input->invite);
	struct invite invite;

	if (strcmp(policy, "closed") == 0)
		return ERR_REGISTRATION_CLOSED;
	if (code == NULL)
		return strcmp(policy, "open") == 0 ? ERR_OK : ERR_INVITE_REQUIRED;
	return invite_find(request->db, request->arena, code, request->now_ms, &invite);
}

/* The members of the op that say what session to open. Its secret is made here and leaves this process once. */
static void write_session(struct request *request, struct jw *jw, const char *kind, struct account_session *out)
{
	char digest[SECRET_TEXT_SIZE];

	secret_token(out->secret);
	account_digest(out->secret, digest);
	jw_text(jw, "session_kind", kind);
	jw_text(jw, "session_digest", digest);
	jw_text(jw, "device", request->device);
	jw_text(jw, "address", request->address);
}

static enum err read_session(struct request *request, const struct op_reply *reply, struct account_session *out)
{
	json_t *result;

	if (json_parse_own(request->arena, reply->result.p, reply->result.n, &result) != ERR_OK)
		return ERR_INTERNAL;
	out->id = json_id(result, "session_id");
	out->user_id = json_id(json_object_get(result, "user"), "id");
	out->guild_id = json_id(result, "guild_id");
	out->channel_id = json_id(result, "channel_id");
	out->user = op_reply_member(reply, request->arena, "user");
	return out->id != 0 && out->user_id != 0 ? ERR_OK : ERR_INTERNAL;
}

static enum err submit_register(struct request *request, const struct account_register_input *input, bool is_setup,
				const char *kind, struct account_session *out)
{
	struct buf *op = buf_in_arena(request->arena);
	char hash[PASSWORD_HASH_SIZE];
	struct op_reply reply;
	struct jw jw;

	TRY(password_hash(input->password, hash));
	jw_init(&jw, op);
	jw_object(&jw, NULL);
	jw_text(&jw, "username", input->username);
	jw_text(&jw, "email", input->email);
	jw_text(&jw, "display_name", filled(input->display_name));
	jw_text(&jw, "password_hash", hash);
	jw_text(&jw, "invite", filled(input->invite));
	jw_text(&jw, "workspace", filled(input->workspace));
	jw_flag(&jw, "is_setup", is_setup);
	write_session(request, &jw, kind, out);
	jw_object_end(&jw);
	TRY(front_submit_text(request, OP_user_register, op, &reply));
	return read_session(request, &reply, out);
}

/* Set-up codes and invites can be guessed, so this is limited as logging in is. */
static enum err check_entrance(struct request *request, const struct account_register_input *input, bool is_setup)
{
	struct limit_guess guess;
	enum err e;

	TRY(limit_guess_begin(request, NULL, &guess));
	e = is_setup ? check_first(request, input) : check_policy(request, input);
	limit_guess_end(request, &guess, e);
	return e;
}

enum err account_register(struct request *request, const struct account_register_input *input, const char *kind,
			  struct account_session *out)
{
	bool exists;
	const char *why;

	memset(out, 0, sizeof(*out));
	TRY(user_exists_any(request->db, &exists));
	TRY(check_entrance(request, input, !exists));
	if (!password_is_acceptable(input->password, input->username, &why))
		return refuse(request, "password", "PASSWORD_UNACCEPTABLE", why);
	request_read_end(request);
	return submit_register(request, input, !exists, kind, out);
}

static enum err submit_login(struct request *request, const char *code, const char *kind, struct account_session *out)
{
	struct buf *op = buf_in_arena(request->arena);
	struct op_reply reply;
	struct jw jw;

	jw_init(&jw, op);
	jw_object(&jw, NULL);
	jw_id(&jw, "user_id", out->user_id);
	jw_text(&jw, "password_hash", out->password_hash);
	jw_text(&jw, "code", code);
	write_session(request, &jw, kind, out);
	jw_object_end(&jw);
	TRY(front_submit_text(request, OP_session_create, op, &reply));
	return read_session(request, &reply, out);
}

enum err account_login_code(struct request *request, const char *code, const char *kind,
			    struct account_session *session)
{
	const char *account = arena_printf(request->arena, "code/%lld", (long long)session->user_id);
	struct limit_guess guess;
	enum err e;

	TRY(limit_guess_code_begin(request, account, factor_is_recovery_code(code), &guess));
	e = submit_login(request, code, kind, session);
	limit_guess_end(request, &guess, e);
	return e;
}

static const char *login_of(const struct account_login_input *input)
{
	if (filled(input->login) != NULL)
		return input->login;
	return filled(input->username) != NULL ? input->username : filled(input->email);
}

/* Limits count what was typed, not whose it is: else the limit would tell that a user name and an address are one
 * person's. */
static const char *limit_key(struct request *request, const char *login)
{
	char *key = arena_strdup(request->arena, login);

	for (char *c = key; *c != '\0'; c++)
		*c = str_lower(*c);
	return key;
}

enum err account_login(struct request *request, const struct account_login_input *input, const char *kind,
		       struct account_session *out)
{
	struct user_credentials credentials = {0};
	const char *login = login_of(input);
	struct limit_guess guess;
	enum err e;

	memset(out, 0, sizeof(*out));
	if (login == NULL)
		return refuse(request, "login", "BASE_TYPE_REQUIRED", "This field is required");
	e = user_find_credentials(request->db, request->arena, login, &credentials);
	if (e == ERR_UNKNOWN_USER)
		credentials.password_hash = NULL;
	else if (e != ERR_OK)
		return e;
	request_read_end(request);
	TRY(limit_guess_begin(request, limit_key(request, login), &guess));
	e = password_matches(credentials.password_hash, input->password) ? ERR_OK : ERR_BAD_CREDENTIALS;
	limit_guess_end(request, &guess, e);
	/* What was typed as the login is not logged: people type their password there. */
	if (e != ERR_OK) {
		log_event(LOG_WARN, "login_failed", log_number("user_id", credentials.user_id),
			  log_text("address", request->address));
		notice_security(request, SECURITY_LOGIN_FAILED, credentials.user_id, NULL);
		return e;
	}
	out->user_id = credentials.user_id;
	out->password_hash = credentials.password_hash;
	return filled(input->code) != NULL ? account_login_code(request, input->code, kind, out)
					   : submit_login(request, NULL, kind, out);
}
