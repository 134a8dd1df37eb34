/* BLAKE2b-256 of content that comes in pieces, in hex: the name under which a file is kept. Nobody can make two files
 * of one name. */
#ifndef SNUG_CRYPTO_STREAM_HASH_H
#define SNUG_CRYPTO_STREAM_HASH_H

#include <stddef.h>

enum { STREAM_HASH_SIZE = 65, STREAM_HASH_STATE_BYTES = 384 + 63 };

/* Not to be moved between begin and end. */
struct stream_hash {
	unsigned char state[STREAM_HASH_STATE_BYTES]; /* libsodium's, with what it takes to align it */
};

void stream_hash_begin(struct stream_hash *hash);
void stream_hash_add(struct stream_hash *hash, const void *bytes, size_t n);
void stream_hash_end(struct stream_hash *hash, char out[STREAM_HASH_SIZE]);

#endif
