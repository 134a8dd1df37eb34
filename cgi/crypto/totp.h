/* Time-based one-time passwords (RFC 6238: HMAC-SHA-1, six digits, steps of 30 s) by liboath: what authenticator
 * programs on phones show. */
#ifndef SNUG_CRYPTO_TOTP_H
#define SNUG_CRYPTO_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TOTP_SECRET_BYTES = 20, /* RFC 4226 section 4 recommends as much as the hash has */
	TOTP_DIGITS = 6,
	TOTP_STEP_S = 30,
	TOTP_WINDOW = 1,       /* steps before and after the present one whose codes are taken: RFC 6238 section 5.2 */
	TOTP_BASE32_SIZE = 33, /* a secret as text with its NUL */
};

struct totp_secret {
	unsigned char bytes[TOTP_SECRET_BYTES];
};

void totp_secret_random(struct totp_secret *out);

/* Writes base32 (RFC 4648 section 6), as people type it into a phone. */
void totp_secret_encode(const struct totp_secret *secret, char out[TOTP_BASE32_SIZE]);

/* Writes the code of a step: time since 1970 in units of TOTP_STEP_S. */
void totp_code(const struct totp_secret *secret, int64_t step, char out[TOTP_DIGITS + 1]);

/* The step within the window around now_s whose code this is; 0 when it is none of them. All are compared, in constant
 * time. Who takes a code remembers its step and takes none of that step or before again. */
int64_t totp_step_of(const struct totp_secret *secret, const char *code, int64_t now_s);

/* Whether it has the form of a code: six digits. */
bool totp_is_code(const char *text);

#endif
