#include "crypto/stream_hash.h"

#include <sodium.h>

enum { HASH_BYTES = (STREAM_HASH_SIZE - 1) / 2 };
_Static_assert(sizeof(crypto_generichash_state) <= STREAM_HASH_STATE_BYTES, "libsodium's state fits");

static crypto_generichash_state *state_of(struct stream_hash *hash)
{
	return (crypto_generichash_state *)(void *)hash->state;
}

void stream_hash_begin(struct stream_hash *hash)
{
	(void)crypto_generichash_init(state_of(hash), NULL, 0, HASH_BYTES);
}

void stream_hash_add(struct stream_hash *hash, const void *bytes, size_t n)
{
	(void)crypto_generichash_update(state_of(hash), bytes, n);
}

void stream_hash_end(struct stream_hash *hash, char out[STREAM_HASH_SIZE])
{
	unsigned char bytes[HASH_BYTES];
	(void)crypto_generichash_final(state_of(hash), bytes, sizeof(bytes));
	(void)sodium_bin2hex(out, STREAM_HASH_SIZE, bytes, sizeof(bytes));
}
