/* Markdown of messages: what becomes markup, what stays text, and that work and output are bounded. The allow-list of
 * elements and attributes is tests/fuzz/fuzz_markdown.c's. */
#include "text/markdown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define LINK(url, label) "<a href=\"" url "\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">" label "</a>"
#define TITLED(url, label)                                                                                             \
	"<a href=\"" url "\" title=\"" url "\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">" label "</a>"
#define USER(id) "<span class=\"mention\" data-user=\"" id "\">&lt;@" id "&gt;</span>"
#define SPOILER(text)                                                                                                  \
	"<label class=\"spoiler\"><input type=\"checkbox\" aria-labelledby=\"word-spoiler\"><span>" text               \
	"</span></label>"

static const char people[] =
    "{\"users\":[{\"id\":\"7\",\"username\":\"ann\",\"global_name\":\"Ann <b>\"},{\"id\":\"8\",\"username\":\"bob\","
    "\"global_name\":null}],\"roles\":[{\"id\":\"20\",\"name\":\"Crew\"}],\"channels\":[{\"id\":\"30\",\"name\":"
    "\"general\"}]}";

static struct arena arena;

static const char *render_with(struct str text, const struct markdown_names *names)
{
	struct buf *out = buf_in_arena(&arena);
	buf_puts(out, "");
	markdown_to_html(&arena, text, names, out);
	return out->p;
}

static struct markdown_names names_of(bool is_for_everyone)
{
	struct view *data;
	assert_int_equal(view_parse(&arena, people, strlen(people), &data), ERR_OK);
	return (struct markdown_names){.users = view_find(data, "users"),
				       .roles = view_find(data, "roles"),
				       .channels = view_find(data, "channels"),
				       .place = STR("99"),
				       .is_for_everyone = is_for_everyone};
}

static const char *render(const char *text)
{
	struct markdown_names names = names_of(true);
	return render_with(str_from(text), &names);
}

struct row {
	const char *text, *html;
};

static void check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *html = render(rows[i].text);
		if (strcmp(html, rows[i].html) != 0)
			fail_msg("\n%s\nbecame\n%s\nand not\n%s", rows[i].text, html, rows[i].html);
		arena_reset(&arena);
	}
}

static void test_markup_of_commonmark(void **state)
{
	static const struct row rows[] = {
	    {"hello", "<p>hello</p>"},
	    {"**a** *b* ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <del>c</del> <code>d</code></p>"},
	    {"one\ntwo", "<p>one<br>two</p>"},
	    {"one\n\ntwo", "<p>one</p><p>two</p>"},
	    {"- a\n- b", "<ul><li>a</li><li>b</li></ul>"},
	    {"3. a\n4. b", "<ol start=\"3\"><li>a</li><li>b</li></ol>"},
	    {"> a\n>> b", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"},
	    {"# a\n## b\n##### c", "<h3>a</h3><h4>b</h4><h6>c</h6>"},
	    {"***", "<hr>"},
	    {"```c\nint a < b;\n```", "<pre><code class=\"language-c\">int a &lt; b;\n</code></pre>"},
	    {"```C++ x\n1\n```", "<pre><code class=\"language-c++\">1\n</code></pre>"},
	    {"```\"onx=\n1\n```", "<pre><code>1\n</code></pre>"},
	    {"| a | b |\n|---|---|\n| 1 | 2 |", "<p>| a | b |<br>|---|---|<br>| 1 | 2 |</p>"},
	    {"&amp; &lt; &#60; &#x26; &euro; &nothing; &#0; &#x1;",
	     "<p>&amp; &lt; &lt; &amp; € &amp;nothing; \xef\xbf\xbd \xef\xbf\xbd</p>"},
	    {"\\*not\\* \\<@7> \\||no||", "<p>*not* &lt;@7&gt; ||no||</p>"},
	    {"", ""},
	};
	(void)state;
	check(rows, sizeof(rows) / sizeof(rows[0]));
}

static void test_html_is_text(void **state)
{
	static const struct row rows[] = {
	    {"<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"},
	    {"<b onclick=x>", "<p>&lt;b onclick=x&gt;</p>"},
	    {"<!-- a --> <![CDATA[ b ]]> <?c?>", "<p>&lt;!-- a --&gt; &lt;![CDATA[ b ]]&gt; &lt;?c?&gt;</p>"},
	    {"<div>\n\n*a*\n\n</div>", "<p>&lt;div&gt;</p><p><em>a</em></p><p>&lt;/div&gt;</p>"},
	    {"\"quoted\" 'too'", "<p>&quot;quoted&quot; &#39;too&#39;</p>"},
	};
	(void)state;
	check(rows, sizeof(rows) / sizeof(rows[0]));
}

static void test_links_lead_to_http_https_and_mail_alone(void **state)
{
	static const struct row rows[] = {
	    {"https://a.b/c?d=e&f", "<p>" LINK("https://a.b/c?d=e&amp;f", "https://a.b/c?d=e&amp;f") "</p>"},
	    {"<http://a.b>", "<p>" LINK("http://a.b", "http://a.b") "</p>"},
	    {"www.a.bc", "<p>" LINK("http://www.a.bc", "www.a.bc") "</p>"},
	    {"ann@a.bc", "<p>" LINK("mailto:ann@a.bc", "ann@a.bc") "</p>"},
	    {"[x](https://a.b \"t\")", "<p>" TITLED("https://a.b", "x") "</p>"},
	    {"[x](HTTPS://a.b)", "<p>" TITLED("HTTPS://a.b", "x") "</p>"},
	    {"[**x**](https://a.b)", "<p>" TITLED("https://a.b", "<strong>x</strong>") "</p>"},
	    {"[](https://a.b)", "<p>" LINK("https://a.b", "https://a.b") "</p>"},
	    {"![alt](https://a.b/c.png)", "<p>" TITLED("https://a.b/c.png", "alt") "</p>"},
	    {"[![alt](https://a.b)](https://c.d)", "<p>" TITLED("https://c.d", "alt") "</p>"},
	    {"[x](https://a.b/\"onx=\"<>)", "<p>" TITLED("https://a.b/%22onx=%22%3C%3E", "x") "</p>"},
	    {"[x](javascript:alert(1))", "<p>x (javascript:alert(1))</p>"},
	    {"[x](JaVaScRiPt:a)", "<p>x (JaVaScRiPt:a)</p>"},
	    {"[x](java&#10;script:a)", "<p>x (java\nscript:a)</p>"},
	    {"[x](data:text/html,a)", "<p>x (data:text/html,a)</p>"},
	    {"[x](//a.b)", "<p>x (//a.b)</p>"},
	    {"[x](/users)", "<p>x (/users)</p>"},
	    {"[x](https:)", "<p>x (https:)</p>"},
	    {"<vbscript:a>", "<p>&lt;vbscript:a&gt;</p>"},
	    {"**<@5>** _<@5>_", "<p><strong>" USER("5") "</strong> <em>" USER("5") "</em></p>"},
	    {"ftp://a.b/c", "<p>ftp://a.b/c</p>"},
	    {"[a]: javascript:b\n\n[a]", "<p>a (javascript:b)</p>"},
	    /* md4c leaves an emphasis here that it never entered. */
	    {"https://a.b/*c*", "<p>" LINK("https://a.b/*c", "https://a.b/*c") "</p>"},
	};
	(void)state;
	check(rows, sizeof(rows) / sizeof(rows[0]));
}

static void test_spoilers(void **state)
{
	static const struct row rows[] = {
	    {"a ||b|| c", "<p>a " SPOILER("b") " c</p>"},
	    {"||a *b* c||", "<p>" SPOILER("a <em>b</em> c") "</p>"},
	    {"**||a||**", "<p><strong>" SPOILER("a") "</strong></p>"},
	    {"||a\nb||", "<p>" SPOILER("a<br>b") "</p>"},
	    {"||a|| b ||c||", "<p>" SPOILER("a") " b " SPOILER("c") "</p>"},
	    {"||`a`||", "<p>" SPOILER("<code>a</code>") "</p>"},
	    {"||https://a.b/||", "<p>" SPOILER(LINK("https://a.b/", "https://a.b/")) "</p>"},
	    {"||see https://a.b/c||", "<p>" SPOILER("see " LINK("https://a.b/c", "https://a.b/c")) "</p>"},
	    {"||www.a.bc||", "<p>" SPOILER(LINK("http://www.a.bc", "www.a.bc")) "</p>"},
	    {"||ann@a.bc||", "<p>" SPOILER(LINK("mailto:ann@a.bc", "ann@a.bc")) "</p>"},
	    {"a || b", "<p>a || b</p>"},
	    {"||||", "<p>||||</p>"},
	    {"||||a||", "<p>||" SPOILER("a") "</p>"},
	    {"||*a|| b*", "<p>||<em>a|| b</em></p>"},
	    {"|| *||* b||", "<p>" SPOILER(" <em>||</em> b") "</p>"},
	    {"||[a||b](https://c.d) e||", "<p>" SPOILER(TITLED("https://c.d", "a||b") " e") "</p>"},
	    {"\\||a||b||", "<p>||a" SPOILER("b") "</p>"},
	    {"`||` ||a||", "<p><code>||</code> " SPOILER("a") "</p>"},
	    {"[||a||](https://b.c)", "<p>" TITLED("https://b.c", "||a||") "</p>"},
	    {"||a *b ||c|| d* e||", "<p>" SPOILER("a <em>b c d</em> e") "</p>"},
	    {"`||a||`", "<p><code>||a||</code></p>"},
	};
	(void)state;
	check(rows, sizeof(rows) / sizeof(rows[0]));
}

static void test_spoilers_go_on_over_blocks(void **state)
{
	static const struct row rows[] = {
	    {"||a\n\nb||", "<p>" SPOILER("a") "</p><p>" SPOILER("b") "</p>"},
	    {"a ||b\n\nc\n\nd|| e", "<p>a " SPOILER("b") "</p><p>" SPOILER("c") "</p><p>" SPOILER("d") " e</p>"},
	    {"||\n```\na\n```\n||", "<pre><code>" SPOILER("a\n") "</code></pre>"},
	    {"||a:\n- b\n- c||", "<p>" SPOILER("a:") "</p><ul><li>" SPOILER("b") "</li><li>" SPOILER("c") "</li></ul>"},
	    {"||a\n\nb|| c ||d||", "<p>" SPOILER("a") "</p><p>" SPOILER("b") " c " SPOILER("d") "</p>"},
	    {"||a\n\n||b||\n\nc||", "<p>" SPOILER("a") "</p><p>" SPOILER("b") "</p><p>" SPOILER("c") "</p>"},
	    {"a||\n\nb|| c ||\n\nd||", "<p>a</p><p>" SPOILER("b c ") "</p><p>" SPOILER("d") "</p>"},
	    {"||a\n\n**b||**", "<p>||a</p><p><strong>b||</strong></p>"},
	    {"||a *b\n\nc* d||", "<p>" SPOILER("a *b") "</p><p>" SPOILER("c* d") "</p>"},
	    {"||a\n\nhttps://b.c||", "<p>" SPOILER("a") "</p><p>" SPOILER(LINK("https://b.c", "https://b.c")) "</p>"},
	    {"||a\n\nb", "<p>||a</p><p>b</p>"},
	    {"||\n\n||", "<p>||</p><p>||</p>"},
	    {"a || b\n\nc ||d|| e", "<p>a || b</p><p>c " SPOILER("d") " e</p>"},
	};
	(void)state;
	check(rows, sizeof(rows) / sizeof(rows[0]));
}

static void test_mentions_have_names(void **state)
{
	static const struct row rows[] = {
	    {"<@7>", "<p><span class=\"mention\" data-user=\"7\">@Ann &lt;b&gt;</span></p>"},
	    {"<@!8>", "<p><span class=\"mention\" data-user=\"8\">@bob</span></p>"},
	    {"<@9>", "<p><span class=\"mention\" data-user=\"9\">&lt;@9&gt;</span></p>"},
	    {"<@&20>", "<p><span class=\"mention\" data-role=\"20\">@Crew</span></p>"},
	    {"<#30>", "<p><a class=\"mention\" data-channel=\"30\" href=\"/channels/99/30\">#general</a></p>"},
	    {"<#31>", "<p><a class=\"mention\" data-channel=\"31\" href=\"/channels/99/31\">#…</a></p>"},
	    {"a @everyone, @here!", "<p>a <span class=\"mention\" data-everyone=\"\">@everyone</span>, "
				    "<span class=\"mention\" data-everyone=\"\">@here</span>!</p>"},
	    {"x@everyone @everyones @hereafter", "<p>x@everyone @everyones @hereafter</p>"},
	    {"`<@7> @everyone`", "<p><code>&lt;@7&gt; @everyone</code></p>"},
	    {"[<@7> <#30>](https://a.b)", "<p>" TITLED("https://a.b", "@Ann &lt;b&gt; #general") "</p>"},
	    {"<@07> <@> <@x> <@7 > <@-7> <@99999999999999999999>",
	     "<p>&lt;@07&gt; &lt;@&gt; &lt;@x&gt; &lt;@7 &gt; &lt;@-7&gt; &lt;@99999999999999999999&gt;</p>"},
	};
	(void)state;
	check(rows, sizeof(rows) / sizeof(rows[0]));
	struct markdown_names names = names_of(false);
	assert_string_equal(render_with(STR("@everyone"), &names), "<p>@everyone</p>");
	assert_string_equal(render_with(STR("@everyone <@7>"), NULL),
			    "<p>@everyone <span class=\"mention\" data-user=\"7\">&lt;@7&gt;</span></p>");
	arena_reset(&arena);
}

#define EMOJI(id, name)                                                                                                \
	"<img class=\"emoji\" src=\"/emojis/" id ".webp\" alt=\":" name ":\" title=\":" name                           \
	":\" width=\"22\" height=\"22\" loading=\"lazy\" decoding=\"async\">"

static void test_emoji(void **state)
{
	static const struct row rows[] = {
	    {"a <:_x_:5> <a:yy:6>", "<p>a " EMOJI("5", "_x_") " " EMOJI("6", "yy") "</p>"},
	    {"<:x:5> <:a\"b:6> <:ab:>", "<p>&lt;:x:5&gt; &lt;:a&quot;b:6&gt; &lt;:ab:&gt;</p>"},
	    {"😀", "<p class=\"large-emoji\">😀</p>"},
	    {"👍🏽 ❤️\n<:ab:5>", "<p class=\"large-emoji\">👍🏽 ❤️<br>" EMOJI("5", "ab") "</p>"},
	    {"*️⃣*️⃣", "<p class=\"large-emoji\">*️⃣*️⃣</p>"},
	    {"a *️⃣ b *️⃣", "<p>a *️⃣ b *️⃣</p>"},
	    {"😀!", "<p>😀!</p>"},
	    {"1 2", "<p>1 2</p>"},
	    {"<t:1767323045:R>", "<p><time class=\"moment\" datetime=\"2026-01-02T03:04:05.000000+00:00\" "
				 "data-style=\"R\">2026-01-02 03:04 UTC</time></p>"},
	    {"<t:1767323045:x> <t:999999999999999999>", "<p>&lt;t:1767323045:x&gt; &lt;t:999999999999999999&gt;</p>"},
	};
	(void)state;
	check(rows, sizeof(rows) / sizeof(rows[0]));
}

static void test_no_more_than_27_emoji_are_large(void **state)
{
	struct buf *text = buf_in_arena(&arena);
	(void)state;
	for (int i = 0; i < MARKDOWN_LARGE_EMOJI_MAX; i++)
		buf_puts(text, "😀");
	assert_non_null(strstr(render_with((struct str){text->p, text->n}, NULL), "large-emoji"));
	buf_puts(text, "😀");
	assert_null(strstr(render_with((struct str){text->p, text->n}, NULL), "large-emoji"));
	arena_reset(&arena);
}

static size_t count_of(const char *text, const char *what)
{
	size_t count = 0;
	for (const char *p = text; (p = strstr(p, what)) != NULL; p++)
		count++;
	return count;
}

/* Repeats a piece up to the length of the longest message, whose every character may take four bytes. */
static struct str repeated(const char *begin, const char *piece, const char *end)
{
	enum { TEXT_MAX = 16000 };
	struct buf *text = buf_in_arena(&arena);
	buf_puts(text, begin);
	while (text->n + strlen(piece) + strlen(end) <= TEXT_MAX)
		buf_puts(text, piece);
	buf_puts(text, end);
	return (struct str){text->p, text->n};
}

static void test_nesting_is_bounded(void **state)
{
	(void)state;
	const char *quotes = render_with(repeated("", ">", " a"), NULL);
	assert_int_equal(count_of(quotes, "<blockquote>"), MARKDOWN_BLOCK_DEPTH_MAX);
	assert_int_equal(count_of(quotes, "</blockquote>"), MARKDOWN_BLOCK_DEPTH_MAX);
	const char *spans =
	    render_with(STR("*a **b *c **d *e **f *g **h *i **j *k **l *m **n *o **p *q **r *s **t u** v* "
			    "w** x* y** z* a** b* c** d* e** f* g** h* i** j* k** l* m** n*"),
			NULL);
	assert_true(count_of(spans, "<em>") + count_of(spans, "<strong>") <= MARKDOWN_SPAN_DEPTH_MAX);
	assert_int_equal(count_of(spans, "<em>"), count_of(spans, "</em>"));
	arena_reset(&arena);
}

static int64_t cpu_us(void)
{
	struct timespec used;
	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used), 0);
	return used.tv_sec * INT64_C(1000000) + used.tv_nsec / 1000;
}

/* Each of them takes quadratic time somewhere that does it wrong: seconds, with this length. Here each takes a few
 * times what plain text takes; a hundred times and a tenth of a second are allowed, for busy machines. None makes more
 * than it may. */
static void test_hostile_texts_take_no_more_time_than_others(void **state)
{
	static const struct {
		const char *begin, *piece, *end;
	} rows[] = {
	    {"", "*a ", ""},
	    {"", "**a ", ""},
	    {"", "_a ", ""},
	    {"", "a* ", ""},
	    {"", "*", "a"},
	    {"", "_*", "a"},
	    {"", "*a_ ", ""},
	    {"", "~~a ", ""},
	    {"", "[", ""},
	    {"", "]", ""},
	    {"", "[a](", ""},
	    {"", "![", ""},
	    {"", "[a]", ""},
	    {"", "[a][b", ""},
	    {"", "![[]()", ""},
	    {"", "`", ""},
	    {"", "`a``b", ""},
	    {"", "```\n", ""},
	    {"", ">", ""},
	    {"", "> ", "a"},
	    {"", "- ", "a"},
	    {"", "1. ", "a"},
	    {"", "- a\n", ""},
	    {"", "\n- ", ""},
	    {"", "#", ""},
	    {"", "||", ""},
	    {"", "||a", ""},
	    {"", "||*a||", ""},
	    {"", "<", ""},
	    {"", "<@", ""},
	    {"", "<@1>", ""},
	    {"", "<:ab:1>", ""},
	    {"", "@everyone ", ""},
	    {"", "<https://a", ""},
	    {"", "https://a.b ", ""},
	    {"", "https://", ""},
	    {"", "http://a(", ""},
	    {"", "www.", ""},
	    {"", "a@b.c ", ""},
	    {"", "a@", ""},
	    {"", "&", ""},
	    {"", "&amp;", ""},
	    {"", "&#x", ""},
	    {"", "\\", ""},
	    {"", "\\*", ""},
	    {"", "<!--", ""},
	    {"", "<![CDATA[", ""},
	    {"", "<a ", ""},
	    {"", "\n", "a"},
	    {"", " ", "a"},
	    {"", "\t", "a"},
	    {"", "a  \n", ""},
	    {"", "[a]: b\n", ""},
	    {"[a]: /u\n\n", "[a]", ""},
	    {"", "*a **a ", ""},
	    {"", "|", ""},
	    {"", "-\n", ""},
	    {"", "=\n", ""},
	    {"a\n", "-\n", ""},
	    {"", "> - ", "a"},
	};
	(void)state;
	int64_t start_us = cpu_us();
	for (int i = 0; i < 3; i++) {
		render_with(repeated("", "plain words ", ""), NULL);
		arena_reset(&arena);
	}
	int64_t plain_us = (cpu_us() - start_us) / 3;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str text = repeated(rows[i].begin, rows[i].piece, rows[i].end);
		start_us = cpu_us();
		const char *html = render_with(text, NULL);
		int64_t took_us = cpu_us() - start_us;
		if (took_us > 100 * plain_us + 100000)
			fail_msg("%s takes %lld us, plain text %lld us", rows[i].piece, (long long)took_us,
				 (long long)plain_us);
		assert_true(strlen(html) <= MARKDOWN_HTML_MAX + 64);
		arena_reset(&arena);
	}
}

static const char *times(const char *unit, int count)
{
	struct buf *text = buf_in_arena(&arena);
	for (int i = 0; i < count; i++)
		buf_puts(text, unit);
	return text->p;
}

/* What md4c does for an address grows with all that stands around it in its paragraph: bytes that are glued to it, and
 * other addresses. So the measure of its work is how many a paragraph can have. */
static void test_a_paragraph_has_a_hundred_addresses_at_most(void **state)
{
	static const char *const units[] = {"http://a.bb ",   "www.a.bb\n",     "(https://a.bb) ",  "||http://a.bb|| ",
					    "*http://a.bb* ", "<http://a.bb> ", "[x](http://a.bb) "};
	(void)state;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		const char *few = render(times(units[i], MARKDOWN_ADDRESSES_MAX));
		const char *many = render(times(units[i], MARKDOWN_ADDRESSES_MAX + 50));
		assert_int_equal(count_of(few, "<a "), MARKDOWN_ADDRESSES_MAX);
		assert_int_equal(count_of(many, "<a "), MARKDOWN_ADDRESSES_MAX);
		assert_int_equal(count_of(many, "a.bb"), 2 * MARKDOWN_ADDRESSES_MAX + 50);
	}
	const char *again = render(arena_printf(&arena, "%s\n\n%s", times("www.a.bb ", MARKDOWN_ADDRESSES_MAX + 7),
						times("http://a.bb ", MARKDOWN_ADDRESSES_MAX + 9)));
	assert_int_equal(count_of(again, "<a "), 2 * MARKDOWN_ADDRESSES_MAX);
	assert_int_equal(count_of(again, " www.a.bb"), 7);
	assert_int_equal(count_of(again, " http://a.bb"), 9);
}

static void test_what_becomes_too_much_hides_what_it_hid(void **state)
{
	struct buf *text = buf_in_arena(&arena);

	(void)state;
	buf_puts(text, "||secret");
	for (int i = 0; i < 1330; i++)
		buf_puts(text, "\n\nx");
	buf_puts(text, "||");
	const char *html = render(text->p), *label = strstr(html, "<label class=\"spoiler\">");
	assert_non_null(label);
	assert_true(label < strstr(html, "secret"));
	assert_non_null(strstr(html, "</span></label></p>"));
}

static void test_a_line_has_no_markup_and_shows_no_spoiler(void **state)
{
	static const struct row rows[] = {
	    {"**a** `b`\n\n- c\n- d", "a b c d"},
	    {"<@7>: <:ab:1> <#30> <#1>", "@Ann <b>: :ab: #general #…"},
	    {"see ||who did it|| now", "see ▒▒▒ now"},
	    {"[x](https://a.b) &lt;", "x <"},
	    {"||open", "||open"},
	    {"|| *||* secret|| b", "▒▒▒ b"},
	    {"||||secret||", "||▒▒▒"},
	    {"||[a||b](https://c.d) secret|| e", "▒▒▒ e"},
	    {"\\||a||secret||", "||a▒▒▒"},
	    {"a ||secret\n\n```\nsecret\n```\nsecret|| b", "a ▒▒▒ b"},
	    {"```c\nint a;\n```", "int a;"},
	    {"", ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct markdown_names names = names_of(true);
		struct str line = markdown_to_line(&arena, str_from(rows[i].text), &names, 100);
		if (!str_eq_text(line, rows[i].html))
			fail_msg("%s became %.*s", rows[i].text, (int)line.n, line.p);
		arena_reset(&arena);
	}
	assert_true(str_eq_text(markdown_to_line(&arena, STR("äöüäöü"), NULL, 4), "äöü…"));
	assert_true(str_eq_text(markdown_to_line(&arena, STR("||äöüäöü|| b"), NULL, 5), "▒▒▒ b"));
	arena_reset(&arena);
}

static void test_plain_text_says_where_something_is_hidden(void **state)
{
	struct markdown_plain plain;
	(void)state;
	plain = markdown_to_plain(&arena, STR("**a** ||b|| c\n\n||d||<@7>"), NULL);
	assert_true(str_eq_text(plain.text, "a  c <@7>"));
	assert_int_equal(plain.hidden_count, 2);
	assert_int_equal(plain.hidden[0], 2);
	assert_int_equal(plain.hidden[1], 5);
	assert_int_equal(markdown_to_plain(&arena, STR("a"), NULL).hidden_count, 0);
	arena_reset(&arena);
}

static void test_links_for_previews(void **state)
{
	struct str links[3];
	(void)state;
	assert_int_equal(markdown_links(&arena, STR("https://a.b [c](https://d.e) https://a.b ann@f.gh"), links, 3), 2);
	assert_true(str_eq_text(links[0], "https://a.b") && str_eq_text(links[1], "https://d.e"));
	assert_int_equal(markdown_links(&arena, STR("<https://a.b> `https://c.d` [x](javascript:e)"), links, 3), 0);
	assert_int_equal(markdown_links(&arena, STR("||https://a.b|| ||see https://c.d/e||"), links, 3), 0);
	assert_int_equal(markdown_links(&arena, STR("||a|| https://c.d ||b||"), links, 3), 1);
	assert_int_equal(markdown_links(&arena, STR("|| https://c.d"), links, 3), 1);
	assert_int_equal(markdown_links(&arena, STR("|| *||* https://c.d ||"), links, 3), 0);
	assert_int_equal(markdown_links(&arena, STR("||a\n\nhttps://c.d\n\nb||"), links, 3), 0);
	assert_int_equal(markdown_links(&arena, STR("https://a.b https://c.d https://e.f https://g.h"), links, 3), 3);
	assert_int_equal(markdown_links(&arena, STR("www.a.bc"), links, 3), 1);
	assert_true(str_eq_text(links[0], "http://www.a.bc"));
	assert_int_equal(markdown_links(&arena, STR("no"), links, 3), 0);
	arena_reset(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_markup_of_commonmark),
	    cmocka_unit_test(test_html_is_text),
	    cmocka_unit_test(test_links_lead_to_http_https_and_mail_alone),
	    cmocka_unit_test(test_spoilers),
	    cmocka_unit_test(test_spoilers_go_on_over_blocks),
	    cmocka_unit_test(test_mentions_have_names),
	    cmocka_unit_test(test_emoji),
	    cmocka_unit_test(test_no_more_than_27_emoji_are_large),
	    cmocka_unit_test(test_nesting_is_bounded),
	    cmocka_unit_test(test_hostile_texts_take_no_more_time_than_others),
	    cmocka_unit_test(test_a_paragraph_has_a_hundred_addresses_at_most),
	    cmocka_unit_test(test_what_becomes_too_much_hides_what_it_hid),
	    cmocka_unit_test(test_a_line_has_no_markup_and_shows_no_spoiler),
	    cmocka_unit_test(test_plain_text_says_where_something_is_hidden),
	    cmocka_unit_test(test_links_for_previews),
	};
	arena_init(&arena);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
