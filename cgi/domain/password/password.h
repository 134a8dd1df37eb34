/* Passwords of accounts: changing one's own, and having it set anew by a code that comes by e-mail. Hashes arrive made:
 * only the password pools hash (crypto/password.h). */
#ifndef SNUG_DOMAIN_PASSWORD_PASSWORD_H
#define SNUG_DOMAIN_PASSWORD_PASSWORD_H

#include "domain/apply.h"

#define PASSWORD_RESET_MS (INT64_C(30) * 60 * 1000)    /* how long a code is good for */
#define PASSWORD_RESET_EVERY_MS (INT64_C(3600) * 1000) /* in which an account is sent PASSWORD_RESETS_MAX mails */

enum {
	PASSWORD_RESETS_MAX = 3,
	PASSWORD_RESET_CODE_CHARS = 28, /* of 32: 140 bits */
};

struct password_change_input {
	struct field_set set;
	const char *current_hash;   /* the stored hash that the front matched */
	const char *password_hash;  /* of the new one */
	const char *session_digest; /* a new secret for the cookie that this is asked through, or NULL */
	bool end_tokens;            /* personal tokens end too */
};
extern const struct field password_change_fields[];
/* Ends all the actor's other sessions, and says so by mail. ERR_WRONG_PASSWORD when it was changed meanwhile. */
apply_function password_change_apply;

struct password_reset_ask_input {
	struct field_set set;
	const char *login; /* user name or e-mail address */
};
extern const struct field password_reset_ask_fields[];
/* Sends the account a code, if there is one and it has not been sent too many; the answer is the same. A new code takes
 * the place of the one before. Asking too often keeps the last code, so that one is always in the inbox that is good or
 * can be asked for. ERR_MAIL_OFF where no mail is sent. */
apply_function password_reset_ask_apply;

struct password_reset_input {
	struct field_set set;
	const char *digest; /* base64url of the code's digest */
	const char *password_hash;
};
extern const struct field password_reset_fields[];
/* Uses the code: sets the password and ends every session and personal token of the account. It opens none, so a second
 * factor is asked for as ever. ERR_BAD_RESET_CODE. */
apply_function password_reset_apply;

/* Whose code that is, as a courtesy before the costly hash. ERR_BAD_RESET_CODE when nobody's, or too old. */
enum err password_reset_find(struct sql *db, const char *code, int64_t now_ms, int64_t *user_id) MUST_USE;

/* The digest of a code as typed: blanks, hyphens and case say nothing. */
void password_reset_digest(const char *typed, unsigned char digest[32]);

/* Forgets codes that are good for nothing, once they bound nothing either: part of housekeeping. */
enum err password_reset_prune(struct sql *db, int64_t now_ms) MUST_USE;

#endif
