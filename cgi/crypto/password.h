/* Passwords: Argon2id (RFC 9106) by libsodium, 64 MiB and two passes. One call costs tens of milliseconds, so only the
 * pools that lighttpd sends password routes to may call it. */
#ifndef SNUG_CRYPTO_PASSWORD_H
#define SNUG_CRYPTO_PASSWORD_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { PASSWORD_HASH_SIZE = 128, PASSWORD_MIN_CHARS = 8, PASSWORD_MAX_CHARS = 128, PASSWORD_MAX_BYTES = 1024 };

/* Whether it may be chosen: length, not among the commonly used, does not contain the user name (which may be NULL).
 * *why is static text. */
bool password_is_acceptable(const char *password, const char *username, const char **why);

/* Writes what the database keeps: a text with the parameters and the salt in it. ERR_INVALID_FORM beyond
 * PASSWORD_MAX_BYTES, ERR_OVERLOADED when the memory cannot be had. */
enum err password_hash(const char *password, char out[PASSWORD_HASH_SIZE]) MUST_USE;

/* With stored NULL (no such user) it spends the same time and returns false. Beyond PASSWORD_MAX_BYTES it is false at
 * once. */
bool password_matches(const char *stored, const char *password);

#endif
