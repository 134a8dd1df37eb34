/* Passwords: Argon2id (RFC 9106) by libsodium, 64 MiB and two passes. One call costs tens of milliseconds, so only the
 * pools that lighttpd sends password routes to may call it. */
#ifndef SNUG_CRYPTO_PASSWORD_H
#define SNUG_CRYPTO_PASSWORD_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { PASSWORD_HASH_SIZE = 128, PASSWORD_MIN_CHARS = 8, PASSWORD_MAX_CHARS = 128, PASSWORD_MAX_BYTES = 1024 };

/* Whether it may be chosen: length, not among the commonly used, does not contain the user name. *why is static text. */
bool password_is_acceptable(const char *password, const char *username, const char **why);

enum err password_hash(const char *password, char out[PASSWORD_HASH_SIZE]) MUST_USE;

/* With stored NULL (no such user) it spends the same time and returns false. */
bool password_matches(const char *stored, const char *password);

#endif
