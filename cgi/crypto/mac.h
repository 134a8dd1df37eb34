/* Message authentication: HMAC-SHA-256 (RFC 2104) under one of the server's secrets. */
#ifndef SNUG_CRYPTO_MAC_H
#define SNUG_CRYPTO_MAC_H

#include "crypto/secret.h"

enum { MAC_BYTES = 32 };

/* Authenticates n bytes. Compare the result with secret_equal alone. */
void mac_sign(const struct secret *key, const void *message, size_t n, unsigned char out[MAC_BYTES]);

#endif
