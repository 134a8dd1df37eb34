/* A growing byte buffer. Invariant: p[n] is a NUL that is not counted, whenever p is not NULL. */
#ifndef SNUG_BASE_BUF_H
#define SNUG_BASE_BUF_H

#include <stddef.h>

struct buf {
	char *p;
	size_t n;   /* bytes used */
	size_t cap; /* bytes allocated, n < cap when p is not NULL */
};

void buf_init(struct buf *buf);                 /* empty, no memory yet */
void buf_free(struct buf *buf);                 /* releases, leaves it empty */
void buf_clear(struct buf *buf);                /* n = 0, keeps the memory */
void buf_reserve(struct buf *buf, size_t more); /* room for more bytes and the NUL */
void buf_put(struct buf *buf, const void *bytes, size_t n);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char c);
void buf_drop(struct buf *buf, size_t n); /* removes the first n bytes */
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A buffer whose memory is released when the arena is reset. */
struct arena;
struct buf *buf_in_arena(struct arena *arena);

#endif
