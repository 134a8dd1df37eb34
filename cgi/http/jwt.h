/* Access tokens: JWT (RFC 7519) in compact JWS form with HS256 and nothing else. By libsodium's HMAC and constant-time
 * comparison rather than Debian's libjwt 1.10, which compares signatures with strcmp (CVE-2024-25189). */
#ifndef SNUG_HTTP_JWT_H
#define SNUG_HTTP_JWT_H

#include "crypto/secret.h"

#include <stdint.h>

enum { JWT_TEXT_MAX = 1024, JWT_KEYS_MAX = 2, JWT_KID_SIZE = 9 };

struct jwt_key {
	char kid[JWT_KID_SIZE]; /* empty when the slot is unused */
	struct secret secret;
};

struct jwt_keys {
	struct jwt_key keys[JWT_KEYS_MAX]; /* the first signs, all verify */
};

struct jwt_claims {
	int64_t user_id;    /* sub */
	int64_t session_id; /* sid */
	int64_t issued_at_s, expires_at_s;
	char jti[24];
};

/* Writes a NUL-terminated token; issuer "snug", audience "snug-api", typ "at+jwt". claims->jti is filled in when empty.
 */
void jwt_sign(const struct jwt_keys *keys, struct jwt_claims *claims, char out[JWT_TEXT_MAX]);

/* Checks form, algorithm, kid, signature, issuer, audience, type and expiry (now_s < exp). ERR_UNAUTHORIZED otherwise.
 */
enum err jwt_verify(const struct jwt_keys *keys, const char *token, size_t n, int64_t now_s,
		    struct jwt_claims *out) MUST_USE;

#endif
