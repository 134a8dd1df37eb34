/* What pages of other sites say of themselves, however they write it. */
#include "text/page_head.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct arena arena;
static const struct page_head_limits limits = {20, 40, 10};

static struct page_head read(const char *html)
{
	struct page_head head;
	page_head_read(&arena, str_from(html), &limits, &head);
	return head;
}

static void check(struct str got, const char *wanted)
{
	if (!str_eq_text(got, wanted))
		fail_msg("\"%.*s\" and not \"%s\"", (int)got.n, got.p, wanted);
}

static void test_title_description_and_site(void **state)
{
	struct page_head head =
	    read("<!doctype html><html><head><title>A title</title><meta name=description content='Words'>"
		 "<meta property=\"og:site_name\" content=\"Site\"></head>");
	(void)state;
	check(head.title, "A title");
	check(head.description, "Words");
	check(head.site, "Site");
	head = read("no html at all");
	check(head.title, "");
	check(head.description, "");
	check(head.site, "");
	arena_reset(&arena);
}

static void test_open_graph_counts_more_and_the_first_of_it(void **state)
{
	struct page_head head =
	    read("<meta content=First property=og:title><meta property=og:title content=Second>"
		 "<meta name=twitter:title content=Third><title>Fourth</title><meta name=DESCRIPTION content=Plain>"
		 "<meta property=og:description content=Better>");
	(void)state;
	check(head.title, "First");
	check(head.description, "Better");
	arena_reset(&arena);
}

static void test_text_is_one_line_with_its_entities_resolved(void **state)
{
	(void)state;
	check(read("<title>\n  a &amp; b\t&lt;c&gt; &#x41; &nope; &\n</title>").title, "a & b <c> A &nope; &");
	check(read("<title>a\x01\x1b[31m b</title>").title, "a[31m b");
	check(read("<title>a\xff\xc0 b</title>").title, "a\xef\xbf\xbd\xef\xbf\xbd b");
	check(read("<title>a\xe2\x80\xae\xe2\x80\xa8 b</title>").title, "a b");
	check(read("<title>1234567890123456789012345</title>").title, "12345678901234567890");
	check(read("<title>ääääääääääääääääääääääää</title>").title, "ääääääääääääääääääää");
	check(read("<title>&#0;&#xd800;&#x110000;&#99999999999;</title>").title,
	      "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd&#99999999999;");
	arena_reset(&arena);
}

static void test_what_only_looks_like_a_head_is_passed_over(void **state)
{
	(void)state;
	check(read("<!-- <title>no</title> --><title>yes</title>").title, "yes");
	check(read("<script>'<title>no</title>'</script><title>yes</title>").title, "yes");
	check(read("<style><title>no</title></style><title>yes</title>").title, "yes");
	check(read("<noscript><title>no</title></noscript><title>yes</title>").title, "yes");
	check(read("<a title='<title>no</title>'><title>yes</title>").title, "yes");
	check(read("<title>yes</title><title>no</title>").title, "yes");
	check(read("<body><title>no</title>").title, "");
	check(read("</head><title>no</title>").title, "");
	check(read("<title>not closed").title, "not closed");
	check(read("<title><b>markup</b></title>").title, "<b>markup</b>");
	check(read("<TITLE>loud</TITLE>").title, "loud");
	check(read("<meta property=og:title content='not closed").title, "not closed");
	arena_reset(&arena);
}

static void test_the_name_of_the_encoding(void **state)
{
	static const struct {
		const char *html, *charset;
	} rows[] = {
	    {"<meta charset=\"UTF-8\">", "utf-8"},
	    {"<meta charset=windows-1252>", "windows-1252"},
	    {"<meta http-equiv=content-type content='text/html; charset=Shift_JIS'>", "shift_jis"},
	    {"\xef\xbb\xbf<meta charset=latin1>", "utf-8"},
	    {"\xff\xfe<", "utf-16le"},
	    {"<meta charset='a b'>", ""},
	    {"<meta charset='../../x'>", ""},
	    {"<!-- <meta charset=x> --><p>", ""},
	    {"", ""},
	};
	char charset[PAGE_HEAD_CHARSET_SIZE];
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		page_head_charset(str_from(rows[i].html), charset);
		assert_string_equal(charset, rows[i].charset);
	}
	page_head_type_charset(STR("text/html; charset=\"ISO-8859-1\"; x=y"), charset);
	assert_string_equal(charset, "iso-8859-1");
	page_head_type_charset(STR("text/html"), charset);
	assert_string_equal(charset, "");
	page_head_type_charset(STR("charset="), charset);
	assert_string_equal(charset, "");
}

static void test_the_rest_is_not_read_once_the_head_has_ended(void **state)
{
	(void)state;
	assert_true(page_head_is_whole(STR("<html><head></head><")));
	assert_true(page_head_is_whole(STR("<title>x</title><body >")));
	assert_false(page_head_is_whole(STR("<html><head>")));
	assert_false(page_head_is_whole(STR("<html><!-- </head> ")));
	assert_false(page_head_is_whole(STR("<script></head> ")));
	assert_false(page_head_is_whole(STR("<body")));
	assert_false(page_head_is_whole(STR("")));
}

static void test_a_page_is_gone_through_once(void **state)
{
	static const char *const pieces[] = {"<",        "<!--", "</", "<title>", "<meta ", "<meta content=\"",
					     "<script>", "<a='", "&",  "<!-- -->"};
	struct timespec used;
	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct buf *html = buf_in_arena(&arena);
		struct page_head head;
		while (html->n < 2 * 1024 * 1024)
			buf_puts(html, pieces[i]);
		assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used), 0);
		double before = (double)used.tv_sec + (double)used.tv_nsec / 1e9;
		page_head_read(&arena, (struct str){html->p, html->n}, &limits, &head);
		(void)page_head_is_whole((struct str){html->p, html->n});
		assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used), 0);
		/* Quadratic, it would be hours. */
		assert_true((double)used.tv_sec + (double)used.tv_nsec / 1e9 - before < 20);
		arena_reset(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_title_description_and_site),
	    cmocka_unit_test(test_open_graph_counts_more_and_the_first_of_it),
	    cmocka_unit_test(test_text_is_one_line_with_its_entities_resolved),
	    cmocka_unit_test(test_what_only_looks_like_a_head_is_passed_over),
	    cmocka_unit_test(test_the_name_of_the_encoding),
	    cmocka_unit_test(test_the_rest_is_not_read_once_the_head_has_ended),
	    cmocka_unit_test(test_a_page_is_gone_through_once),
	};
	arena_init(&arena);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
