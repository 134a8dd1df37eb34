#include "http/disposition.h"

#include "base/buf.h"
#include "http/percent.h"

#include <stdbool.h>

/* A quoted string may hold most of ASCII, and readers differ about backslashes and percent signs in it. */
static bool is_plain(char c)
{
	return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '%';
}

const char *disposition_write(struct arena *arena, const char *kind, const char *name)
{
	struct buf *out = buf_in_arena(arena);
	bool is_all_plain = true;

	buf_puts(out, kind);
	buf_puts(out, "; filename=\"");
	for (const char *c = name; *c != '\0'; c++) {
		if (is_plain(*c))
			buf_putc(out, *c);
		else if (((unsigned char)*c & 0xc0) != 0x80) /* one for each character */
			buf_putc(out, '_');
		is_all_plain &= is_plain(*c);
	}
	buf_putc(out, '"');
	if (is_all_plain)
		return out->p;
	buf_puts(out, "; filename*=UTF-8''");
	percent_encode(out, str_from(name));
	return out->p;
}
