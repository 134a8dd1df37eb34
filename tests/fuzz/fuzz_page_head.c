/* Pages of strangers: what is read of them is text of one line within its bounds, and the reading ends. The first byte
 * says how the page is cut for the look whether its head is whole. */
#include "base/ensure.h"
#include "base/utf8.h"
#include "text/page_head.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n);

static void check(struct str text, size_t max)
{
	ensure(utf8_is_valid(text.p, text.n) && !utf8_has_control(text.p, text.n, false));
	ensure(utf8_count(text.p, text.n) <= max);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n)
{
	static const struct page_head_limits limits = {20, 50, 10};
	struct str html = {(const char *)bytes, n};
	char charset[PAGE_HEAD_CHARSET_SIZE];
	struct page_head head;
	struct arena arena;
	arena_init(&arena);
	page_head_read(&arena, html, &limits, &head);
	check(head.title, limits.title);
	check(head.description, limits.description);
	check(head.site, limits.site);
	page_head_charset(html, charset);
	ensure(strspn(charset, "abcdefghijklmnopqrstuvwxyz0123456789-_:.") == strlen(charset));
	page_head_type_charset(html, charset);
	ensure(strlen(charset) < sizeof(charset));
	/* A head that is whole stays whole, however much follows, unless the cut was in the middle of something. */
	size_t at = n > 0 ? bytes[0] * n / 256 : 0;
	(void)page_head_is_whole((struct str){html.p, at});
	(void)page_head_is_whole(html);
	arena_free(&arena);
	return 0;
}
