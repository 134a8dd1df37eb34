/* SHA-256 and HMAC-SHA-256 with keys of any length: what signing requests to S3 is made of. For our own signatures
 * there is crypto/mac.h. */
#ifndef SNUG_CRYPTO_SHA256_H
#define SNUG_CRYPTO_SHA256_H

#include <stddef.h>

enum { SHA256_BYTES = 32, SHA256_HEX_SIZE = 65 };

void sha256(const void *bytes, size_t n, unsigned char out[SHA256_BYTES]);
void sha256_hex(const void *bytes, size_t n, char out[SHA256_HEX_SIZE]);

/* out may be the key. */
void hmac_sha256(const void *key, size_t key_n, const void *bytes, size_t n, unsigned char out[SHA256_BYTES]);

void sha256_to_hex(const unsigned char digest[SHA256_BYTES], char out[SHA256_HEX_SIZE]);

#endif
