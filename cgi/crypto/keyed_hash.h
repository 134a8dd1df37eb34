/* SipHash-2-4 by libsodium: a short hash whose collisions nobody can prepare who does not know the key. For tables that
 * strangers fill; it authenticates nothing (crypto/mac.h does). */
#ifndef SNUG_CRYPTO_KEYED_HASH_H
#define SNUG_CRYPTO_KEYED_HASH_H

#include <stddef.h>
#include <stdint.h>

struct keyed_hash_key {
	uint64_t halves[2];
};

uint64_t keyed_hash(const struct keyed_hash_key *key, const void *bytes, size_t n);

/* Fills key with random bytes, of which neither half is 0. */
void keyed_hash_key_random(struct keyed_hash_key *key);

#endif
