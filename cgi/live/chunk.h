/* Bytes that are written once and sent to many: they never change, and live until the last holder drops them. */
#ifndef SNUG_LIVE_CHUNK_H
#define SNUG_LIVE_CHUNK_H

#include <stddef.h>
#include <stdint.h>

struct chunk {
	size_t n;
	uint32_t holders;
	char p[];
};

/* Copies n bytes, n > 0. The caller holds it. */
struct chunk *chunk_make(const void *bytes, size_t n);

/* One more holder; returns the chunk. */
struct chunk *chunk_hold(struct chunk *chunk);

/* One holder less. NULL is fine. */
void chunk_drop(struct chunk *chunk);

#endif
