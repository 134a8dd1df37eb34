/* The grammar of search: every text is a query. */
#include "base/arena.h"
#include "base/id.h"
#include "domain/search/search_query.h"
#include "domain/search/search_tags.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 2026-03-01 12:00 UTC */
#define NOW_MS INT64_C(1772366400000)

static struct search_query query;
static struct buf text;

static void parse(const char *input)
{
	search_query_init(&query);
	search_query_parse(&query, str_from(input), NOW_MS);
}

static void put_names(const char *key, const struct search_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		buf_printf(&text, "%s%s(%.*s) ", names->list[i].is_excluded ? "-" : "", key, (int)names->list[i].text.n,
			   names->list[i].text.p);
}

static void put_bits(const char *sign, unsigned bits)
{
	for (unsigned i = 0; i < SEARCH_HAS_COUNT; i++) {
		if (bits & (1u << i))
			buf_printf(&text, "%shas(%s) ", sign, search_has_name((enum search_has)(1u << i)));
	}
}

/* The query as a text: what is [word], what is [word]*, … */
static const char *shape(const char *input)
{
	parse(input);
	buf_clear(&text);
	buf_puts(&text, "");
	for (size_t i = 0; i < query.term_count; i++) {
		const struct search_term *term = &query.terms[i];
		buf_printf(&text, "%s[%.*s]%s ", term->is_excluded ? "-" : "", (int)term->text.n, term->text.p,
			   term->is_prefix ? "*" : "");
	}
	put_names("from", &query.from);
	put_names("in", &query.in);
	put_names("mentions", &query.mentions);
	put_bits("", query.has);
	put_bits("-", query.has_not);
	if (query.min_id != 0 || query.max_id != INT64_MAX)
		buf_puts(&text, "time ");
	if (text.n > 0)
		text.p[--text.n] = '\0';
	return text.n > 0 ? text.p : "";
}

static void texts_become_what_they_say(void **state)
{
	static const struct {
		const char *input, *shape;
	} rows[] = {
	    {"", ""},
	    {"   ", ""},
	    {"hello world", "[hello] [world]"},
	    {"\"hello world\" x", "[hello world] [x]"},
	    {"“curly quotes”", "[curly quotes]"},
	    {"dep*", "[dep]*"},
	    {"\"to depl\"*", "[to depl]*"},
	    {"d*", "[d]"},
	    {"*", "[*]"},
	    {"**", "[*]"},
	    {"a*b*", "[a*b]*"},
	    {"-no yes", "-[no] [yes]"},
	    {"-\"a b\"", "-[a b]"},
	    {"- x", "[-] [x]"},
	    {"--x", "-[-x]"},
	    {"from:ada", "from(ada)"},
	    {"FROM:Ada", "from(Ada)"},
	    {"from:@ada from:\"Ada L\"", "from(ada) from(Ada L)"},
	    {"-from:ada", "-from(ada)"},
	    {"in:#general in:random", "in(general) in(random)"},
	    {"mentions:me", "mentions(me)"},
	    {"has:file has:image", "has(file) has(image)"},
	    {"HAS:Link -has:poll", "has(link) -has(poll)"},
	    {"is:thread is:pinned", "has(pin) has(thread)"},
	    {"before:2026-01-31", "time"},
	    {"after:2026-01", "time"},
	    {"on:2026", "time"},
	    {"during:today", "time"},
	    {"on:yesterday word", "[word] time"},
	    /* what only looks like a filter is text */
	    {"from:", "[from:]"},
	    {"from: ada", "[from:] [ada]"},
	    {"has:", "[has:]"},
	    {"has:nothing", "[has:nothing]"},
	    {"is:it", "[is:it]"},
	    {"before:then", "[before:then]"},
	    {"before:2026-02-30", "[before:2026-02-30]"},
	    {"before:2026-13-01", "[before:2026-13-01]"},
	    {"after:0000", "[after:0000]"},
	    {"after:99999999999999999999", "[after:99999999999999999999]"},
	    {"after:2026-1-1", "[after:2026-1-1]"},
	    {"-before:2026-01-01", "-[before:2026-01-01]"},
	    {"nobody:knows", "[nobody:knows]"},
	    {"http://example.com", "[http://example.com]"},
	    {"from:\"\"", "[from:\"\"]"},
	    /* nor has the language of the index any meaning here */
	    {"AND OR NOT", "[AND] [OR] [NOT]"},
	    {"a AND", "[a] [AND]"},
	    {"NEAR(a b, 5)", "[NEAR(a] [b,] [5)]"},
	    {"text:x tags:y", "[text:x] [tags:y]"},
	    {"{text}:x ^a + b", "[{text}:x] [^a] [+] [b]"},
	    {"\"", ""},
	    {"\"\"", ""},
	    {"\"open", "[open]"},
	    {"a\"b c\"d", "[a\"b] [c\"d]"},
	    {"\"a\"\"b\"", "[a] [b]"},
	    {"(((", "[(((]"},
	    {"'; DROP TABLE messages; --", "[';] [DROP] [TABLE] [messages;] -[-]"},
	    {"日本 語", "[日本] [語]"},
	    {"\u3000wide\u3000space", "[wide] [space]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(shape(rows[i].input), rows[i].shape) != 0)
			fail_msg("%s is %s and not %s", rows[i].input, shape(rows[i].input), rows[i].shape);
	}
}

static void assert_times(const char *input, int64_t from_ms, int64_t to_ms)
{
	parse(input);
	assert_int_equal(query.min_id, from_ms == 0 ? 0 : id_first_at(from_ms));
	assert_int_equal(query.max_id, to_ms == 0 ? INT64_MAX : id_first_at(to_ms) - 1);
}

static void days_are_whole_days_in_utc(void **state)
{
	const int64_t day = 24 * 3600 * 1000, march = INT64_C(1772323200000);

	(void)state;
	assert_times("on:2026-03-01", march, march + day);
	assert_times("on:today", march, march + day);
	assert_times("on:yesterday", march - day, march);
	assert_times("before:2026-03-01", 0, march);
	assert_times("after:2026-03-01", march + day, 0);
	assert_times("on:2026-03", march, march + 31 * day);
	assert_times("on:2026-02", march - 28 * day, march);
	assert_times("on:2024-02-29", INT64_C(1709164800000), INT64_C(1709164800000) + day);
	assert_times("after:2026-02 before:2026-03-02", march, march + day);
}

static void more_than_there_is_room_for_is_passed_over(void **state)
{
	struct buf many;

	(void)state;
	buf_init(&many);
	for (int i = 0; i < 1000; i++)
		buf_printf(&many, "w%d from:p%d ", i, i);
	search_query_init(&query);
	search_query_parse(&query, (struct str){many.p, many.n}, NOW_MS);
	assert_int_equal(query.term_count, SEARCH_TERMS_MAX);
	assert_int_equal(query.from.count, SEARCH_NAMES_MAX);
	buf_free(&many);
}

static void a_dash_of_content_is_text(void **state)
{
	(void)state;
	search_query_init(&query);
	search_query_parse_content(&query, STR(" from:ada -x \"a b\" ye* -in:here"), NOW_MS);
	assert_int_equal(query.from.count, 1);
	assert_int_equal(query.in.count, 0);
	assert_int_equal(query.term_count, 4);
	assert_false(query.terms[0].is_excluded);
	assert_true(query.terms[2].is_prefix);
}

static void an_empty_query_asks_nothing(void **state)
{
	(void)state;
	parse(" \t ");
	assert_true(search_query_is_empty(&query));
	parse("has:pin");
	assert_false(search_query_is_empty(&query));
	parse("after:2020");
	assert_false(search_query_is_empty(&query));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(texts_become_what_they_say),
	    cmocka_unit_test(days_are_whole_days_in_utc),
	    cmocka_unit_test(more_than_there_is_room_for_is_passed_over),
	    cmocka_unit_test(a_dash_of_content_is_text),
	    cmocka_unit_test(an_empty_query_asks_nothing),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buf_free(&text);
	return failed;
}
