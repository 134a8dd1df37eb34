/* What protects an account, as the pages and the API do it alike: changing the password, setting it anew by a code, and
 * the second factor. All of it checks a password or makes a hash, so it runs in the password pools alone
 * (ROUTE_PASSWORD). */
#ifndef SNUG_FRONT_PROTECTION_H
#define SNUG_FRONT_PROTECTION_H

#include "crypto/secret.h"
#include "front/front.h"

/* Where what a session may do changes, a cookie's secret does too: this is the new one. Empty when the caller's session
 * is no cookie's; a page sets it once all went well (credential_cookie_set). */
struct protection_cookie {
	char secret[SECRET_TEXT_SIZE];
};

struct protection_password_input {
	struct field_set set;
	const char *current_password, *new_password;
	bool end_tokens; /* personal tokens end too */
};
extern const struct field protection_password_fields[];

/* ERR_WRONG_PASSWORD; ERR_INVALID_FORM with request->errors on new_password; ERR_RATE_LIMITED. */
enum err protection_change_password(struct request *request, const struct protection_password_input *input,
				    struct protection_cookie *cookie) MUST_USE;

struct protection_reset_input {
	struct field_set set;
	const char *code, *new_password;
};
extern const struct field protection_reset_fields[];

/* ERR_BAD_RESET_CODE; ERR_INVALID_FORM with request->errors on new_password; ERR_RATE_LIMITED. */
enum err protection_reset_password(struct request *request, const struct protection_reset_input *input) MUST_USE;

/* Of the second factor: a password, a code, or both. */
struct protection_factor_input {
	struct field_set set;
	const char *password, *code; /* "" counts as absent */
};
extern const struct field protection_factor_fields[];

/* Sends OP_factor_confirm, OP_factor_end or OP_factor_renew_codes with what was given, after checking the password
 * where there is one and counting the guess where there is a code. The errors are the op's. */
enum err protection_change_factor(struct request *request, enum op op, const struct protection_factor_input *input,
				  struct protection_cookie *cookie, struct op_reply *reply) MUST_USE;

/* What an authenticator program reads from a QR code: otpauth://totp/… with the secret in base32, in the arena. */
enum err protection_factor_uri(struct request *request, const char *secret, const char **uri) MUST_USE;

#endif
