/* A short keyed hash: see keyed_hash.h. */
#include "crypto/keyed_hash.h"

#include <sodium.h>

_Static_assert(sizeof(struct keyed_hash_key) == crypto_shorthash_KEYBYTES, "the key is libsodium's");
_Static_assert(sizeof(uint64_t) == crypto_shorthash_BYTES, "the hash is libsodium's");

uint64_t keyed_hash(const struct keyed_hash_key *key, const void *bytes, size_t n)
{
	uint64_t hash;

	crypto_shorthash((unsigned char *)&hash, bytes, n, (const unsigned char *)key->halves);
	return hash;
}

void keyed_hash_key_random(struct keyed_hash_key *key)
{
	do {
		randombytes_buf(key, sizeof(*key));
	} while (key->halves[0] == 0 || key->halves[1] == 0);
}
