/* The safety headers: see headers.h and headers.def. */
#include "http/headers.h"

#include <string.h>

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

/* Writes a policy with the origin behind each "'self'" of what shows files. */
static void policy_put(struct buf *out, const char *policy, const char *files_from)
{
	static const char *const shows[] = {"img-src 'self'", "media-src 'self'", "frame-src 'self'"};

	while (*policy != '\0') {
		size_t n = 1;

		for (size_t i = 0; i < sizeof(shows) / sizeof(shows[0]); i++) {
			if (strncmp(policy, shows[i], strlen(shows[i])) == 0)
				n = strlen(shows[i]);
		}
		buf_put(out, policy, n);
		if (n > 1)
			buf_printf(out, " %s", files_from);
		policy += n;
	}
}

void headers_put_with(struct buf *out, unsigned scopes, const char *files_from)
{
	const struct header *header;

	for (size_t i = 0; (header = headers_next(scopes, &i)) != NULL;) {
		buf_puts(out, header->name);
		buf_puts(out, ": ");
		if (files_from != NULL && strcmp(header->name, "Content-Security-Policy") == 0)
			policy_put(out, header->value, files_from);
		else
			buf_puts(out, header->value);
		buf_puts(out, "\r\n");
	}
}

void headers_put(struct buf *out, unsigned scopes)
{
	headers_put_with(out, scopes, NULL);
}
