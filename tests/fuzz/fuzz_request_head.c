/* The request head: whatever the bytes, finding its end byte by byte agrees with finding it at once; everything that is
 * given back lies inside the bytes; and no accepted head holds what the parser promises to refuse. */
#include "base/ensure.h"
#include "http/request_head.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void lies_inside(const char *p, size_t n, struct str s)
{
	ensure(s.n == 0 || (s.p >= p && s.p + s.n <= p + n));
}

static void check_parsed(const char *p, size_t n)
{
	struct request_head *head = ensure_malloc(sizeof(*head));

	if (request_head_parse(p, n, head) == ERR_OK) {
		int hosts = 0;

		ensure(head->header_count <= REQUEST_HEADERS_MAX);
		ensure(head->path.n > 0 && head->path.p[0] == '/');
		ensure(memchr(head->path.p, '?', head->path.n) == NULL);
		lies_inside(p, n, head->method);
		lies_inside(p, n, head->target);
		lies_inside(p, n, head->query);
		for (size_t i = 0; i < head->header_count; i++) {
			struct request_header *h = &head->headers[i];

			lies_inside(p, n, h->name);
			lies_inside(p, n, h->value);
			ensure(h->name.n > 0);
			ensure(memchr(h->value.p, '\n', h->value.n) == NULL);
			ensure(memchr(h->value.p, '\0', h->value.n) == NULL);
			hosts += str_eq_nocase(h->name, STR("host"));
		}
		ensure(hosts <= 1 && (hosts == 1 || head->minor_version == 0));
	}
	free(head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *p = ensure_malloc(size + 1); /* of its own, so that a read beyond the end is noticed */
	struct request_head_scan whole = {0}, piecewise = {0};
	size_t length, found = 0;
	enum err at_once, in_pieces = ERR_OK;

	memcpy(p, data, size);
	at_once = request_head_find(&whole, p, size, &length);
	for (size_t n = 0; n <= size && in_pieces == ERR_OK && found == 0; n++)
		in_pieces = request_head_find(&piecewise, p, n, &found);
	ensure(found == length);
	ensure(found > 0 || in_pieces == at_once);
	check_parsed(p, length > 0 ? length : size);
	free(p);
	return 0;
}
