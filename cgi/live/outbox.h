/* What waits to be written to one connection: a queue of shared chunks.
 *
 * Whoever fills it asks outbox_has_room first, and when there is none leaves the rest in the event log, to be read when
 * the peer has taken what is here. So a slow peer holds at most OUTBOX_SOFT_BYTES and one more thing, never a backlog.
 *
 * Invariants: bytes is the sum of the chunks less what was written of the first; an empty outbox holds no memory. */
#ifndef SNUG_LIVE_OUTBOX_H
#define SNUG_LIVE_OUTBOX_H

#include "live/chunk.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	OUTBOX_LOW_BYTES = 16 * 1024,    /* below this it is worth filling again */
	OUTBOX_SOFT_BYTES = 64 * 1024,   /* beyond this nothing is added */
	OUTBOX_HARD_BYTES = 1024 * 1024, /* cannot be reached: the soft limit and the largest thing are far less */
};

struct outbox {
	struct chunk **queue; /* a ring of capacity places, a power of two; NULL when empty */
	uint32_t capacity, first, count;
	size_t written; /* of the first chunk */
	size_t bytes;   /* waiting */
};

enum outbox_state {
	OUTBOX_EMPTY,   /* everything was written */
	OUTBOX_BLOCKED, /* the peer takes no more now */
	OUTBOX_BROKEN,  /* the peer is gone */
};

void outbox_init(struct outbox *outbox);

/* Drops everything. */
void outbox_free(struct outbox *outbox);

bool outbox_has_room(const struct outbox *outbox);

/* Takes over one hold of the chunk. */
void outbox_put(struct outbox *outbox, struct chunk *chunk);

/* Moves all of from to the end of to. Nothing of from may have been written. */
void outbox_move(struct outbox *to, struct outbox *from);

/* Writes to the non-blocking socket as much as it takes; *written_bytes says how much. */
enum outbox_state outbox_write(struct outbox *outbox, int fd, size_t *written_bytes);

#endif
