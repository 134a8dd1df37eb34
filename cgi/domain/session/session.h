/* Sessions and tokens: everything that speaks for an account. Secrets are kept as digests only.
 * A session of kind "refresh" is a family: its refresh token changes at every use, and using an old one ends the
 * family. */
#ifndef SNUG_DOMAIN_SESSION_SESSION_H
#define SNUG_DOMAIN_SESSION_SESSION_H

#include "crypto/secret.h"
#include "domain/apply.h"

enum session_kind { SESSION_COOKIE, SESSION_REFRESH, SESSION_TOKEN, SESSION_BOT };

enum {
	SESSION_REFRESH_IDLE_DAYS = 14,
	SESSION_MAX_DAYS = 30,
	SESSION_ACCESS_SECONDS = 900,
	SESSION_TOKENS_MAX = 50, /* personal tokens an account may hold */
};

struct session {
	int64_t id, user_id;
	enum session_kind kind;
	int64_t expires_at_ms; /* 0: never */
};

/* Finds the session or token that an opaque credential stands for: one of cookie, personal or bot tokens (never a
 * refresh token). ERR_UNAUTHORIZED when it is unknown, ended, expired, or its account is suspended or gone. */
enum err session_find_by_token(struct sql *db, const char *token, size_t n, int64_t now_ms,
			       struct session *out) MUST_USE;

/* Whether a session still speaks for the account (an access token's sid). ERR_UNAUTHORIZED when not. */
enum err session_find_live(struct sql *db, int64_t session_id, int64_t user_id, int64_t now_ms,
			   struct session *out) MUST_USE;

/* What a new session is made of. digest is base64url of the secret's digest, as ops carry it. */
struct session_opening {
	int64_t user_id;
	const char *kind; /* "cookie", "refresh", "token" or "bot" */
	const char *digest, *name, *device, *address;
};

/* Opens the session of a login, of kind "cookie" or "refresh": part of another apply. ERR_INVALID_FORM when the kind is
 * another, since the other kinds never expire, or when the digest is none. */
enum err session_open(struct apply *apply, const struct session_opening *opening, int64_t *session_id) MUST_USE;

/* Ends every cookie, refresh and personal-token session of the account, open streams included: part of another apply.
 */
enum err session_end_all(struct apply *apply, int64_t user_id) MUST_USE;

struct session_create_input {
	struct field_set set;
	int64_t user_id;
	const char *password_hash; /* the stored hash that the front matched; a password changed meanwhile is a 401 */
	const char *session_kind, *session_digest, *device, *address;
};
extern const struct field session_create_fields[];
apply_function session_create_apply; /* {"session_id":"…","user":{self view}} */

struct session_refresh_input {
	struct field_set set;
	const char *digest, *new_digest;
};
extern const struct field session_refresh_fields[];
apply_function session_refresh_apply; /* {"session_id":"…","user_id":"…"}, also for the very same op again;
					 ERR_BAD_REFRESH_TOKEN */

struct session_end_input {
	struct field_set set;
	const char *digest; /* of a refresh token; absent: the caller's own session */
};
extern const struct field session_end_fields[];
apply_function session_end_apply; /* {} */

struct token_create_input {
	struct field_set set;
	const char *name, *digest;
};
extern const struct field token_create_fields[];
apply_function token_create_apply; /* {"id":"…","name":"…"} */

struct token_revoke_input {
	struct field_set set;
	int64_t token_id;
};
extern const struct field token_revoke_fields[];
apply_function token_revoke_apply; /* {} */

/* Writes the account's personal tokens as an array of {id,name,created_at,last_used_at}. */
enum err session_tokens_to_json(struct sql *db, struct jw *jw, const char *key, int64_t user_id) MUST_USE;

#endif
