/* Memory that lives as long as one request: allocate often, release once.
 * Invariant: everything allocated since the last reset is valid until the next reset or free.
 * Running out of memory ends the program, so callers bound sizes that a peer controls first. */
#ifndef SNUG_BASE_ARENA_H
#define SNUG_BASE_ARENA_H

#include <stddef.h>

struct arena_block;
struct arena_cleanup;

struct arena {
	struct arena_block *blocks;     /* newest first */
	struct arena_cleanup *cleanups; /* newest first; run by reset in that order */
	size_t used_bytes;              /* handed out since the last reset */
};

void arena_init(struct arena *arena);

/* Zeroed memory, aligned for any type; never NULL, size 0 gives a unique pointer. */
void *arena_alloc(struct arena *arena, size_t size_bytes);

/* Copies into the arena, NUL-terminated. text may be NULL in arena_strdup: then NULL is returned. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);

/* printf into the arena. */
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Calls release(object) when the arena is reset or freed, newest first. */
void arena_defer(struct arena *arena, void (*release)(void *), void *object);

/* Runs the cleanups and takes all memory back, keeping one block for the next request. */
void arena_reset(struct arena *arena);

/* Resets and returns all memory to the system. */
void arena_free(struct arena *arena);

#endif
