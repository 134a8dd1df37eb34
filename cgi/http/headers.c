/* The safety headers: see headers.h and headers.def. */
#include "http/headers.h"

#include <stddef.h>

static const struct {
	unsigned scope;
	const char *line;
} rows[] = {
#define HEADER(scope, name, value) {HEADER_##scope, name ": " value "\r\n"},
#include "http/headers.def"
#undef HEADER
};

void headers_put(struct buf *out, unsigned scopes)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].scope & (scopes | HEADER_ALWAYS))
			buf_puts(out, rows[i].line);
	}
}
