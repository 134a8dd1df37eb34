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
	SESSIONS_MAX = 100,      /* logins an account may have at a time: one more ends the one longest not used */
	SESSION_TOUCH_MS = 5 * 60 * 1000, /* how exactly it is known when a session was last used */
};

struct session {
	int64_t id, user_id;
	enum session_kind kind;
	int64_t expires_at_ms; /* 0: never */
	int64_t last_used_at_ms;
};

/* Finds the session or token that an opaque credential stands for, by the credential's digest: one of cookie, personal
 * or bot tokens (never a refresh token). ERR_UNAUTHORIZED when it is unknown, ended, expired, or its account is
 * suspended or gone. What this and session_find_live look at stands in session_changes.c too. */
enum err session_find_by_digest(struct sql *db, const unsigned char digest[DIGEST_BYTES], int64_t now_ms,
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

/* The same for kinds that no login opens, "token" and "bot"; name is what people call it. */
enum err session_open_token(struct apply *apply, const struct session_opening *opening, int64_t *session_id) MUST_USE;

/* Ends one session or token of the account, open streams included; nothing happens to one that has ended, or that is
 * somebody else's. */
enum err session_end_one(struct apply *apply, int64_t session_id, int64_t user_id) MUST_USE;

/* Ends every cookie, refresh and personal-token session of the account, open streams included: part of another apply.
 */
enum err session_end_all(struct apply *apply, int64_t user_id) MUST_USE;

/* The same but for one of them (0: none is spared), and for personal tokens only where ends_tokens says so. */
enum err session_end_others(struct apply *apply, int64_t user_id, int64_t spared_id, bool ends_tokens) MUST_USE;

/* Whether the actor speaks through a login and not through a token: what protects an account is not changed by a token
 * that somebody may have found. ERR_LOGIN_REQUIRED; ERR_BOT_FORBIDDEN for bots. The command line may. */
enum err session_require_login(struct apply *apply) MUST_USE;

/* Where what the actor may do has changed, its cookie does too: the actor's own session gets another secret, and
 * whoever had copied the old one is out. With digest NULL, or a session that is no cookie's, nothing happens. */
enum err session_rotate_own(struct apply *apply, const char *digest) MUST_USE;

/* Decodes base64url of a digest, as ops carry it. */
bool session_digest_decode(const char *text, unsigned char digest[DIGEST_BYTES]);

struct session_create_input {
	struct field_set set;
	int64_t user_id;
	const char *password_hash; /* the stored hash that the front matched; a password changed meanwhile is a 401 */
	const char *code;          /* of the second factor, where the account has one */
	const char *session_kind, *session_digest, *device, *address;
};
extern const struct field session_create_fields[];
/* {"session_id":"…","user":{self view}}; ERR_TOTP_REQUIRED, ERR_BAD_TOTP */
apply_function session_create_apply;

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

struct session_revoke_input {
	struct field_set set;
	int64_t session_id;
};
extern const struct field session_revoke_fields[];
apply_function session_revoke_apply; /* one login of the actor's own; ERR_UNKNOWN_SESSION */

struct session_end_everywhere_input {
	struct field_set set;
	bool keep_current; /* the session that this is asked through goes on */
	bool end_tokens;   /* personal tokens end too */
};
extern const struct field session_end_everywhere_fields[];
apply_function session_end_everywhere_apply;

struct session_touch_input {
	struct field_set set;
};
extern const struct field session_touch_fields[];
apply_function session_touch_apply; /* the caller's session was used now, from the caller's address */

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

/* Writes the account's personal tokens as an array of {id,name,created_at,last_used_at,address}. last_used_at is null
 * of one that was never used, and both are of its last use. */
enum err session_tokens_to_json(struct sql *db, struct jw *jw, const char *key, int64_t user_id) MUST_USE;

/* Writes the account's logins, the one last used first, as an array of
 * {id,kind,device,user_agent,address,created_at,last_used_at,expires_at,current}; kind is "cookie" for a browser and
 * "refresh" for a program that logged in by the API. address is where it was last used from. */
enum err session_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t user_id,
			      int64_t current_id) MUST_USE;

#endif
