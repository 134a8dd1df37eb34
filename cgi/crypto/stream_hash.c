#include "crypto/stream_hash.h"

#include <sodium.h>
#include <stdint.h>

enum { HASH_BYTES = (STREAM_HASH_SIZE - 1) / 2, ALIGNMENT = 64 };
_Static_assert(sizeof(crypto_generichash_state) + ALIGNMENT - 1 <= STREAM_HASH_STATE_BYTES, "libsodium's state fits");
_Static_assert(_Alignof(crypto_generichash_state) <= ALIGNMENT, "and is aligned");

static crypto_generichash_state *state_of(struct stream_hash *hash)
{
	uintptr_t at = (uintptr_t)hash->state;
	return (crypto_generichash_state *)((at + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1));
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
