/* The safety headers: see headers.h and headers.def. */
#include "http/headers.h"

static const struct {
	unsigned scope;
	struct header header;
} rows[] = {
#define HEADER(scope, name, value) {HEADER_##scope, {name, value}},
#include "http/headers.def"
#undef HEADER
};

const struct header *headers_next(unsigned scopes, size_t *i)
{
	scopes |= HEADER_ALWAYS | (scopes & HEADER_PICTURE ? 0 : (unsigned)HEADER_OWN) |
		  (scopes & HEADER_FRAMED ? 0 : (unsigned)HEADER_UNFRAMED);
	while (*i < sizeof(rows) / sizeof(rows[0])) {
		size_t row = (*i)++;

		if (rows[row].scope & scopes)
			return &rows[row].header;
	}
	return NULL;
}

void headers_put(struct buf *out, unsigned scopes)
{
	const struct header *header;

	for (size_t i = 0; (header = headers_next(scopes, &i)) != NULL;)
		buf_printf(out, "%s: %s\r\n", header->name, header->value);
}
