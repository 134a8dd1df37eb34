/* Message authentication: see mac.h. */
#include "crypto/mac.h"

#include <sodium.h>

_Static_assert((int)MAC_BYTES == (int)crypto_auth_hmacsha256_BYTES, "MAC_BYTES is libsodium's");
_Static_assert((int)SECRET_BYTES == (int)crypto_auth_hmacsha256_KEYBYTES, "a secret is a key");

void mac_sign(const struct secret *key, const void *message, size_t n, unsigned char out[MAC_BYTES])
{
	crypto_auth_hmacsha256(out, message, n, key->bytes);
}
