#include "work/fetch_program.h"

#include "base/utf8.h"
#include "domain/preview/preview.h"
#include "work/child.h"
#include "work/confine.h"
#include "work/fetch_page.h"
#include "work/outside.h"
#include "json/jw.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* iconv loads files, so it is opened while there are any. (iconv_t)-1 where the page is read as UTF-8. Pages that say
 * Latin-1 mean windows-1252 (WHATWG Encoding Standard). */
static iconv_t open_encoding(const struct fetched_page *page)
{
	char charset[PAGE_HEAD_CHARSET_SIZE];
	memcpy(charset, page->charset, sizeof(charset));
	if (charset[0] == '\0')
		page_head_charset((struct str){page->html->p, page->html->n}, charset);
	if (charset[0] == '\0' && !utf8_is_valid(page->html->p, page->html->n))
		return iconv_open("UTF-8", "WINDOWS-1252");
	if (charset[0] == '\0' || strcmp(charset, "utf-8") == 0 || strcmp(charset, "utf8") == 0)
		return (iconv_t)-1;
	if (strcmp(charset, "iso-8859-1") == 0 || strcmp(charset, "latin1") == 0 || strcmp(charset, "us-ascii") == 0)
		return iconv_open("UTF-8", "WINDOWS-1252");
	return iconv_open("UTF-8", charset);
}

/* What has no meaning in that encoding becomes U+FFFD. */
static struct str decode(struct arena *arena, iconv_t encoding, struct buf *html)
{
	struct buf *out = buf_in_arena(arena);
	char *in = html->p, piece[4096];
	size_t left = html->n;
	if (encoding == (iconv_t)-1)
		return (struct str){html->p, html->n};
	while (left > 0 && out->n < 3 * (size_t)FETCH_PAGE_MAX_BYTES) {
		char *at = piece;
		size_t room = sizeof(piece), before = left;
		(void)iconv(encoding, &in, &left, &at, &room);
		buf_put(out, piece, sizeof(piece) - room);
		if (left == before && left > 0) {
			buf_puts(out, "\xef\xbf\xbd");
			in++;
			left--;
		}
	}
	return (struct str){out->n > 0 ? out->p : "", out->n};
}

static void put(struct jw *jw, const char *name, struct str text)
{
	if (text.n > 0)
		jw_text_n(jw, name, text.p, text.n);
}

/* By write alone: the library's streams ask the kernel for more than may be asked. */
static bool write_answer(const struct buf *answer)
{
	for (size_t written = 0; written < answer->n;) {
		ssize_t n = write(STDOUT_FILENO, answer->p + written, answer->n - written);
		if (n <= 0)
			return false;
		written += (size_t)n;
	}
	return true;
}

static enum child_verdict answer(struct arena *arena, const struct fetched_page *page, iconv_t encoding)
{
	static const struct page_head_limits limits = {PREVIEW_TITLE_MAX, PREVIEW_DESCRIPTION_MAX, PREVIEW_SITE_MAX};
	struct buf *out = buf_in_arena(arena);
	struct page_head head;
	struct jw jw;
	page_head_read(arena, decode(arena, encoding, page->html), &limits, &head);
	if (head.title.n == 0 && head.description.n == 0)
		return CHILD_REFUSED;
	jw_init(&jw, out);
	jw_object(&jw, NULL);
	jw_text(&jw, "url", page->url);
	put(&jw, "title", head.title);
	put(&jw, "description", head.description);
	put(&jw, "site", head.site);
	jw_object_end(&jw);
	return write_answer(out) ? CHILD_DONE : CHILD_FAILED;
}

int fetch_program(void)
{
	struct arena arena;
	struct fetched_page page;
	json_t *question;
	arena_init(&arena);
	if (!outside_question(&arena, FETCH_QUESTION_MAX_BYTES, &question) || json_text(question, "url") == NULL ||
	    json_text(question, "allow") == NULL || !outside_confine(NULL) ||
	    curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		return CHILD_FAILED;
	if (!fetch_page(&arena, json_text(question, "url"), json_text(question, "allow"), &page))
		return CHILD_REFUSED;
	/* The address is shown: it has to be text. */
	if (!utf8_is_valid(page.url, strlen(page.url)) || utf8_has_control(page.url, strlen(page.url), false))
		return CHILD_REFUSED;
	iconv_t encoding = open_encoding(&page);
	curl_global_cleanup();
	if (!confine_to_memory())
		return CHILD_FAILED;
	enum child_verdict verdict = answer(&arena, &page, encoding);
	/* Nothing is given back: the process ends, without what libraries do at an end. */
	_exit((int)verdict);
}
