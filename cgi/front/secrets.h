/* The secrets that snug run keeps in the data folder and hands down in a sealed memfd (SNUG_FD_SECRETS): text lines
 *   jwt_key=<kid>:<base64url of 32 bytes>   one or two; the first signs, both verify
 *   csrf_key=<base64url of 32 bytes>
 *   setup_code=<text, or nothing>           what the first account needs on an address that is not loopback */
#ifndef SNUG_FRONT_SECRETS_H
#define SNUG_FRONT_SECRETS_H

#include "base/err.h"
#include "crypto/secret.h"
#include "http/jwt.h"

enum { SECRETS_BYTES_MAX = 4096, SECRETS_SETUP_CODE_MAX = 64 };

struct secrets {
	struct jwt_keys jwt;
	struct secret csrf;
	char setup_code[SECRETS_SETUP_CODE_MAX + 1]; /* empty: none is needed */
};

/* Parses the text. ERR_BAD_REQUEST when a line is malformed, unknown or missing, or a name stands there too often. */
enum err secrets_parse(const char *text, size_t n, struct secrets *out) MUST_USE;

/* Reads all of the descriptor from its start (its offset stays as it is: other programs share it) and parses it. */
enum err secrets_read(int fd, struct secrets *out) MUST_USE;

#endif
