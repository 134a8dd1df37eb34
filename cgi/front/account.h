/* Making an account and logging in: what the pages and the API do alike. Both hash a password, so both run in the
 * password pools alone (ROUTE_PASSWORD). */
#ifndef SNUG_FRONT_ACCOUNT_H
#define SNUG_FRONT_ACCOUNT_H

#include "crypto/password.h"
#include "front/front.h"

struct account_register_input {
	struct field_set set;
	const char *username, *email, *display_name, *password;
	const char *invite;     /* code, or NULL */
	const char *workspace;  /* the name of a workspace to make, or NULL */
	const char *setup_code; /* for the first account, where the server has printed one */
};
extern const struct field account_register_fields[];

struct account_login_input {
	struct field_set set;
	const char *login, *username, *email; /* one of them; each may be a user name or an e-mail address */
	const char *password;
	const char *code; /* of the second factor, where the account has one */
};
extern const struct field account_login_fields[];

/* A session that was just opened. */
struct account_session {
	char secret[SECRET_TEXT_SIZE]; /* the cookie or refresh token: known here alone, kept as a digest */
	int64_t id, user_id;
	int64_t guild_id, channel_id; /* where a new account has arrived; 0 when nowhere */
	struct str user;              /* the account as its owner sees it, as JSON text in the arena */
	/* Of ERR_TOTP_REQUIRED: user_id and the stored hash that the password fitted, for account_login_code. */
	const char *password_hash;
};

/* kind is "cookie" or "refresh". Errors: ERR_INVALID_FORM with request->errors, ERR_SETUP_CODE_REQUIRED,
 * ERR_RATE_LIMITED, ERR_REGISTRATION_CLOSED, ERR_INVITE_REQUIRED, those of invite_find, and the store's
 * (ERR_NAME_TAKEN, …). */
enum err account_register(struct request *request, const struct account_register_input *input, const char *kind,
			  struct account_session *out) MUST_USE;

/* ERR_BAD_CREDENTIALS for an unknown user and a wrong password alike, after the same time; ERR_RATE_LIMITED for both
 * after too many of these (front/limit_guess.c). Of an account with a second factor ERR_TOTP_REQUIRED when the password
 * was right and no code came, and ERR_BAD_TOTP when the code was wrong. */
enum err account_login(struct request *request, const struct account_login_input *input, const char *kind,
		       struct account_session *out) MUST_USE;

/* The second step of a login whose password was right a moment ago: session holds what ERR_TOTP_REQUIRED left there.
 * ERR_BAD_CREDENTIALS when the password was changed meanwhile. It hashes nothing. */
enum err account_login_code(struct request *request, const char *code, const char *kind,
			    struct account_session *session) MUST_USE;

struct account_token_input {
	struct field_set set;
	const char *name;
};
extern const struct field account_token_fields[];

struct account_token {
	int64_t id;
	char secret[SECRET_TEXT_SIZE]; /* known here and to whom it is shown now, alone; wipe it */
};

/* Makes a personal token of the caller. ERR_LOGIN_REQUIRED, ERR_TOO_MANY. */
enum err account_token_create(struct request *request, const struct account_token_input *input,
			      struct account_token *out) MUST_USE;

/* Writes base64url of the digest of an opaque secret: the form in which ops carry it. */
void account_digest(const char *secret, char out[SECRET_TEXT_SIZE]);

#endif
