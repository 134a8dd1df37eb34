#include "crypto/content_hash.h"

#include <sodium.h>

enum { HASH_BYTES = (CONTENT_HASH_SIZE - 1) / 2 };
_Static_assert(HASH_BYTES >= crypto_generichash_BYTES_MIN, "as long as libsodium allows");

void content_hash(const void *bytes, size_t n, char out[CONTENT_HASH_SIZE])
{
	unsigned char hash[HASH_BYTES];
	(void)crypto_generichash(hash, sizeof(hash), bytes, n, NULL, 0);
	(void)sodium_bin2hex(out, CONTENT_HASH_SIZE, hash, sizeof(hash));
}
