#include "crypto/sha256.h"

#include <sodium.h>

_Static_assert((int)SHA256_BYTES == (int)crypto_hash_sha256_BYTES, "SHA-256 is as long as libsodium's");

void sha256(const void *bytes, size_t n, unsigned char out[SHA256_BYTES])
{
	(void)crypto_hash_sha256(out, bytes, n);
}

void sha256_to_hex(const unsigned char digest[SHA256_BYTES], char out[SHA256_HEX_SIZE])
{
	(void)sodium_bin2hex(out, SHA256_HEX_SIZE, digest, SHA256_BYTES);
}

void sha256_hex(const void *bytes, size_t n, char out[SHA256_HEX_SIZE])
{
	unsigned char digest[SHA256_BYTES];
	sha256(bytes, n, digest);
	sha256_to_hex(digest, out);
}

void hmac_sha256(const void *key, size_t key_n, const void *bytes, size_t n, unsigned char out[SHA256_BYTES])
{
	crypto_auth_hmacsha256_state state;
	(void)crypto_auth_hmacsha256_init(&state, key, key_n);
	(void)crypto_auth_hmacsha256_update(&state, bytes, n);
	(void)crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(&state, sizeof(state));
}
