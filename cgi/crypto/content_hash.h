/* The name of a piece of content: BLAKE2b-128 of its bytes in hex, as long as Discord's hashes of pictures. Two pieces
 * of the same name are the same; it authenticates nothing. */
#ifndef SNUG_CRYPTO_CONTENT_HASH_H
#define SNUG_CRYPTO_CONTENT_HASH_H

#include <stddef.h>

enum { CONTENT_HASH_SIZE = 33 }; /* 32 digits and the NUL */

void content_hash(const void *bytes, size_t n, char out[CONTENT_HASH_SIZE]);

#endif
