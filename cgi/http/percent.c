/* Percent-encoding: see percent.h. */
#include "http/percent.h"

#include "base/utf8.h"
#include "http/chars.h"

enum err percent_decode(struct arena *arena, struct str text, unsigned flags, struct str *out)
{
	char *decoded = arena_alloc(arena, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '%') {
			int high = i + 2 < text.n ? chars_hex(text.p[i + 1]) : -1;
			int low = i + 2 < text.n ? chars_hex(text.p[i + 2]) : -1;

			if (high < 0 || low < 0)
				return ERR_BAD_REQUEST;
			c = (char)(high * 16 + low);
			i += 2;
		} else if (c == '+' && (flags & PERCENT_PLUS_IS_BLANK)) {
			c = ' ';
		}
		if (c == '\0')
			return ERR_BAD_REQUEST;
		decoded[n++] = c;
	}
	decoded[n] = '\0';
	if (!utf8_is_valid(decoded, n))
		return ERR_BAD_REQUEST;
	*out = (struct str){decoded, n};
	return ERR_OK;
}

void percent_encode(struct buf *out, struct str text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (chars_is_unreserved((char)c)) {
			buf_putc(out, (char)c);
			continue;
		}
		buf_putc(out, '%');
		buf_putc(out, digits[c >> 4]);
		buf_putc(out, digits[c & 15]);
	}
}
