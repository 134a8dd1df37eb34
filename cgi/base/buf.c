#include "base/buf.h"

#include "base/arena.h"
#include "base/ensure.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CAP_MIN = 64 };

void buf_init(struct buf *buf)
{
	*buf = (struct buf){0};
}

void buf_free(struct buf *buf)
{
	free(buf->p);
	*buf = (struct buf){0};
}

void buf_clear(struct buf *buf)
{
	buf->n = 0;
	if (buf->p)
		buf->p[0] = 0;
}

/* At least doubles, so that appending n bytes one at a time costs O(n). */
void buf_reserve(struct buf *buf, size_t more)
{
	size_t cap = buf->cap < CAP_MIN ? CAP_MIN : buf->cap;

	if (buf->p && more < buf->cap - buf->n)
		return;
	ensure(more < SIZE_MAX / 4 && buf->n < SIZE_MAX / 4);
	while (cap - buf->n <= more)
		cap *= 2;
	buf->p = ensure_realloc(buf->p, cap);
	buf->cap = cap;
	buf->p[buf->n] = 0;
}

void buf_put(struct buf *buf, const void *bytes, size_t n)
{
	buf_reserve(buf, n);
	if (n > 0)
		memcpy(buf->p + buf->n, bytes, n);
	buf->n += n;
	buf->p[buf->n] = 0;
}

void buf_puts(struct buf *buf, const char *text)
{
	buf_put(buf, text, strlen(text));
}

void buf_putc(struct buf *buf, char c)
{
	buf_reserve(buf, 1);
	buf->p[buf->n++] = c;
	buf->p[buf->n] = 0;
}

void buf_drop(struct buf *buf, size_t n)
{
	ensure(n <= buf->n);
	if (n == 0)
		return;
	memmove(buf->p, buf->p + n, buf->n - n + 1);
	buf->n -= n;
}

/* Writes where there is room, which mostly is enough; what was too long is written again. */
void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;
	size_t room;
	int length;

	buf_reserve(buf, CAP_MIN);
	room = buf->cap - buf->n;
	va_start(args, format);
	length = vsnprintf(buf->p + buf->n, room, format, args);
	va_end(args);
	ensure(length >= 0);
	if ((size_t)length >= room) {
		buf_reserve(buf, (size_t)length);
		va_start(args, format);
		vsnprintf(buf->p + buf->n, (size_t)length + 1, format, args);
		va_end(args);
	}
	buf->n += (size_t)length;
}

static void release(void *buf)
{
	buf_free(buf);
}

struct buf *buf_in_arena(struct arena *arena)
{
	struct buf *buf = arena_alloc(arena, sizeof *buf);

	arena_defer(arena, release, buf);
	return buf;
}
