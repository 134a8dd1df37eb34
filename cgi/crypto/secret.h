/* Secrets: what makes them, compares them and keeps them out of logs. libsodium stays behind crypto/. */
#ifndef SNUG_CRYPTO_SECRET_H
#define SNUG_CRYPTO_SECRET_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SECRET_BYTES = 32, SECRET_TEXT_SIZE = 44 /* 43 characters of base64url and the NUL */, DIGEST_BYTES = 32 };

/* A value the logger cannot print: no log_ function takes it. */
struct secret {
	unsigned char bytes[SECRET_BYTES];
};

/* Readies libsodium; call once in main before anything else here. */
void secret_open(void);

void secret_random(struct secret *out);
void secret_wipe(void *p, size_t n);                       /* not optimised away */
bool secret_equal(const void *a, const void *b, size_t n); /* constant time */

/* A fresh opaque token of 256 bits as base64url without padding. */
void secret_token(char out[SECRET_TEXT_SIZE]);

/* Random text of length characters from alphabet (unbiased), NUL-terminated: invite codes, set-up codes. */
void secret_code(char *out, size_t length, const char *alphabet);

/* BLAKE2b-256 of an opaque token: what the database keeps in its place. */
void secret_digest(const char *token, size_t n, unsigned char out[DIGEST_BYTES]);

/* Base64url without padding (RFC 4648 section 5). encode NUL-terminates; decode refuses padding, other characters and
 * non-canonical endings. out must hold 4*ceil(n/3)+1, or 3*n/4+1, bytes. Returns the bytes written without the NUL. */
size_t base64url_encode(const void *bytes, size_t n, char *out);
bool base64url_decode(const char *text, size_t n, unsigned char *out, size_t *out_n);

/* Base64 of section 4, as data URIs have it; the padding may be missing. */
bool base64_decode(const char *text, size_t n, unsigned char *out, size_t *out_n);

#endif
