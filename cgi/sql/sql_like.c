/* Patterns for LIKE. */
#include "sql/sql.h"

#include "base/buf.h"

#include <string.h>

const char *sql_like_anywhere(struct arena *arena, const char *text)
{
	struct buf *pattern = buf_in_arena(arena);
	buf_putc(pattern, '%');
	for (const char *p = text; *p != '\0'; p++) {
		if (strchr("%_!", *p) != NULL)
			buf_putc(pattern, '!');
		buf_putc(pattern, *p);
	}
	buf_puts(pattern, "%");
	return pattern->p;
}
