/* The second factor of an account: a code that changes every half minute (crypto/totp.h), or one of the recovery codes
 * that are for when the phone is lost.
 *
 * A secret is pending until its owner has shown a code that it makes. A code is taken once: no code of its step or an
 * earlier one is taken after it. A recovery code is taken once too, and kept as a digest. How often codes may be
 * guessed is bounded where they come in (front/limit_guess.c). */
#ifndef SNUG_DOMAIN_FACTOR_FACTOR_H
#define SNUG_DOMAIN_FACTOR_FACTOR_H

#include "crypto/totp.h"
#include "domain/apply.h"

enum {
	FACTOR_RECOVERY_CODES = 10,
	FACTOR_RECOVERY_CODE_CHARS = 12, /* of 32: 60 bits, and guesses cost a request each */
	FACTOR_CODE_MAX = 32,            /* as typed, with blanks and hyphens */
};

struct factor {
	bool is_on;
	bool is_pending;           /* there is a secret that is not confirmed yet */
	struct totp_secret secret; /* of a pending one alone: nobody needs to see it afterwards */
	int64_t enabled_at_ms;
	int64_t recovery_codes_left;
};

/* Reads it for its owner. */
enum err factor_find(struct sql *db, int64_t user_id, struct factor *out) MUST_USE;

/* Whether what was typed can only be a recovery code: it is not six digits. */
bool factor_is_recovery_code(const char *typed);

/* Takes what was typed as the account's code: part of another apply, such as that of a login. ERR_OK too where the
 * account has no second factor; ERR_TOTP_REQUIRED when nothing was typed, ERR_BAD_TOTP when it is wrong, used, or too
 * old. A wrong one is noted: the caller sets apply->keeps_changes. */
enum err factor_take(struct apply *apply, int64_t user_id, const char *typed) MUST_USE;

/* What turning it on, off and renewing codes take beside. The password comes as the stored hash that the front matched,
 * as with a login. session_digest: a new secret for the cookie that this is asked through, or NULL. */
struct factor_begin_input {
	struct field_set set;
};
extern const struct field factor_begin_fields[];
apply_function factor_begin_apply; /* {"secret":"<base32>"}; ERR_TOTP_ON */

struct factor_confirm_input {
	struct field_set set;
	const char *password_hash, *code, *session_digest;
};
extern const struct field factor_confirm_fields[];
/* {"recovery_codes":["xxxx-xxxx-xxxx",…]}, shown this once; ERR_TOTP_ON, ERR_TOTP_OFF (nothing is pending),
 * ERR_BAD_TOTP, ERR_WRONG_PASSWORD. */
apply_function factor_confirm_apply;

struct factor_end_input {
	struct field_set set;
	const char *password_hash, *code, *session_digest; /* one of the first two is enough */
};
extern const struct field factor_end_fields[];
apply_function factor_end_apply; /* ERR_TOTP_OFF, ERR_BAD_TOTP, ERR_WRONG_PASSWORD; TOTP_REQUIRED when neither came */

struct factor_renew_codes_input {
	struct field_set set;
	const char *password_hash, *code; /* one of the two is enough */
};
extern const struct field factor_renew_codes_fields[];
apply_function factor_renew_codes_apply; /* as factor_confirm; the codes before are good for nothing */

#endif
