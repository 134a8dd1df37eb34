/* A bump allocator over a list of blocks. Under AddressSanitizer every allocation is a block of its own, so that the
 * tests see a read past its end or after the reset. */
#include "base/arena.h"

#include "base/ensure.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHORT_TEXT_BYTES = 256 }; /* of what is printed: mostly enough, so that it is formatted once */

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
enum { BLOCK_SIZE_MIN = 0, BLOCK_SIZE_MAX = 0, BLOCK_KEPT_MAX = 0 };
#else
enum { BLOCK_SIZE_MIN = 16 * 1024, BLOCK_SIZE_MAX = 256 * 1024, BLOCK_KEPT_MAX = 64 * 1024 };
#endif

struct arena_block {
	struct arena_block *next;
	size_t size, used;
	_Alignas(max_align_t) unsigned char bytes[];
};

struct arena_cleanup {
	struct arena_cleanup *next;
	void (*release)(void *);
	void *object;
};

void arena_init(struct arena *arena)
{
	*arena = (struct arena){0};
}

/* Blocks double, so that a large request costs few of them; what does not fit any gets one of just its size. */
static struct arena_block *add_block(struct arena *arena, size_t needed)
{
	size_t size = arena->blocks ? arena->blocks->size * 2 : BLOCK_SIZE_MIN;
	struct arena_block *block;

	if (size > BLOCK_SIZE_MAX)
		size = BLOCK_SIZE_MAX;
	if (size < needed)
		size = needed;
	block = ensure_malloc(sizeof *block + size);
	block->next = arena->blocks;
	block->size = size;
	block->used = 0;
	arena->blocks = block;
	return block;
}

static void *take(struct arena *arena, size_t size_bytes)
{
	struct arena_block *block = arena->blocks;
	size_t rounded;
	void *taken;

	ensure(size_bytes < SIZE_MAX / 4);
	rounded = ((size_bytes ? size_bytes : 1) + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
	if (!block || block->size - block->used < rounded)
		block = add_block(arena, BLOCK_SIZE_MAX ? rounded : size_bytes);
	taken = block->bytes + block->used;
	block->used = block->size - block->used < rounded ? block->size : block->used + rounded;
	arena->used_bytes += rounded;
	return taken;
}

void *arena_alloc(struct arena *arena, size_t size_bytes)
{
	return memset(take(arena, size_bytes), 0, size_bytes);
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	char *copy = take(arena, length + 1);

	if (length > 0)
		memcpy(copy, text, length);
	copy[length] = 0;
	return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	char first[SHORT_TEXT_BYTES];
	va_list args;
	char *text;
	int length;

	va_start(args, format);
	length = vsnprintf(first, sizeof first, format, args);
	va_end(args);
	ensure(length >= 0);
	text = take(arena, (size_t)length + 1);
	if ((size_t)length < sizeof first) {
		memcpy(text, first, (size_t)length + 1);
		return text;
	}
	va_start(args, format);
	vsnprintf(text, (size_t)length + 1, format, args);
	va_end(args);
	return text;
}

void arena_defer(struct arena *arena, void (*release)(void *), void *object)
{
	struct arena_cleanup *cleanup = arena_alloc(arena, sizeof *cleanup);

	*cleanup = (struct arena_cleanup){arena->cleanups, release, object};
	arena->cleanups = cleanup;
}

static void run_cleanups(struct arena *arena)
{
	while (arena->cleanups) {
		struct arena_cleanup *cleanup = arena->cleanups;

		arena->cleanups = cleanup->next;
		cleanup->release(cleanup->object);
	}
}

/* Frees every block but kept, which may be NULL. */
static void free_blocks(struct arena *arena, const struct arena_block *kept)
{
	struct arena_block *block = arena->blocks;

	arena->blocks = NULL;
	while (block) {
		struct arena_block *next = block->next;

		if (block == kept) {
			arena->blocks = block;
			block->next = NULL;
			block->used = 0;
		} else {
			free(block);
		}
		block = next;
	}
}

void arena_reset(struct arena *arena)
{
	const struct arena_block *kept;

	run_cleanups(arena);
	kept = arena->blocks;
	while (kept && kept->size > BLOCK_KEPT_MAX)
		kept = kept->next;
	free_blocks(arena, kept);
	arena->used_bytes = 0;
}

void arena_free(struct arena *arena)
{
	run_cleanups(arena);
	free_blocks(arena, NULL);
	arena_init(arena);
}
