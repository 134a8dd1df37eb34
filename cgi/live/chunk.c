/* Shared bytes, counted by holder. One process, one thread: a plain count is enough. */
#include "live/chunk.h"

#include "base/ensure.h"

#include <stdlib.h>
#include <string.h>

struct chunk *chunk_make(const void *bytes, size_t n)
{
	ensure(n > 0);
	struct chunk *chunk = ensure_malloc(sizeof(*chunk) + n);
	chunk->n = n;
	chunk->holders = 1;
	memcpy(chunk->p, bytes, n);
	return chunk;
}

struct chunk *chunk_hold(struct chunk *chunk)
{
	ensure(chunk->holders > 0 && chunk->holders < UINT32_MAX);
	chunk->holders++;
	return chunk;
}

void chunk_drop(struct chunk *chunk)
{
	if (chunk == NULL)
		return;
	ensure(chunk->holders > 0);
	if (--chunk->holders == 0)
		free(chunk);
}
