/* Whom a text mentions: what is shown as a mention, and nothing else. */
#include "text/mentions.h"

#include "base/buf.h"
#include "text/markdown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static const char *found(const char *text)
{
	struct mentions *mentions = arena_alloc(&arena, sizeof(*mentions));
	struct buf *out = buf_in_arena(&arena);

	mentions_find(&arena, (struct str){text, strlen(text)}, mentions);
	buf_puts(out, "");
	for (size_t i = 0; i < mentions->user_count; i++)
		buf_printf(out, "u%lld ", (long long)mentions->users[i]);
	for (size_t i = 0; i < mentions->role_count; i++)
		buf_printf(out, "r%lld ", (long long)mentions->roles[i]);
	buf_puts(out, mentions->is_everyone ? "everyone " : "");
	return out->n > 0 ? out->p : "";
}

static const struct {
	const char *text, *expected;
} cases[] = {
    {"", ""},
    {"nobody", ""},
    {"<@1>", "u1 "},
    {"<@!1>", "u1 "},
    {"<@&1>", "r1 "},
    {"a <@1> b <@2> c <@1>", "u1 u2 "},
    {"<@1><@2>", "u1 u2 "},
    {"**<@1>** _<@2>_ ~~<@3>~~ ||<@4>||", "u1 u2 u3 u4 "},
    {"> <@1>\n\n- <@2>\n# <@3>", "u1 u2 u3 "},
    {"<@&1> <@1>", "u1 r1 "},
    {"@everyone", "everyone "},
    {"hey @here!", "everyone "},
    {"(@everyone)", "everyone "},
    {"@everyone_else @hereby", ""},
    {"me@here", ""},
    {"@Everyone", ""},
    {"`<@1>`", ""},
    {"``<@1> ` @everyone``", ""},
    {"```\n<@1> @everyone\n```\n<@2>", "u2 "},
    {"~~~\n<@1>\n~~~", ""},
    {"    <@1> @here", ""},
    {"`unclosed <@1>", "u1 "},
    {"[<@1>](https://example.org)", ""},
    {"https://example.org/@everyone", ""},
    {"<https://example.org/@here>", ""},
    {"\\<@1>", ""},
    {"\\@everyone", ""},
    {"<@>", ""},
    {"<@0>", ""},
    {"<@-1>", ""},
    {"<@1 >", ""},
    {"< @1>", ""},
    {"<@99999999999999999999>", ""},
    {"<@9223372036854775807>", "u9223372036854775807 "},
    {"<@9223372036854775808>", ""},
    {"<#1> <:a_b:1> <a:ab:2> <t:1>", ""},
    {"<:<@1>:2>", "u1 "},
    {"<b><@1></b>", "u1 "},
    {"<!-- <@1> -->", "u1 "},
    {"&lt;@1&gt; &#60;@1>", ""},
};

static void what_a_text_mentions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *is = found(cases[i].text);

		if (strcmp(is, cases[i].expected) != 0)
			print_error("%s: '%s', not '%s'\n", cases[i].text, is, cases[i].expected);
		assert_string_equal(is, cases[i].expected);
	}
}

/* Who is told of a message and who is marked in it must be the same people. */
static void what_is_shown_as_a_mention_is_one(void **state)
{
	const struct markdown_names names = {.is_for_everyone = true};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf *html = buf_in_arena(&arena);
		bool is_shown;

		markdown_to_html(&arena, (struct str){cases[i].text, strlen(cases[i].text)}, &names, html);
		buf_puts(html, "");
		is_shown = html->n > 0 &&
			   (strstr(html->p, "data-user=") != NULL || strstr(html->p, "data-role=") != NULL ||
			    strstr(html->p, "@everyone</") != NULL || strstr(html->p, "@here</") != NULL) &&
			   strstr(html->p, "mention") != NULL;
		if (is_shown != (cases[i].expected[0] != '\0'))
			print_error("%s: %s\n", cases[i].text, html->p);
		assert_int_equal(is_shown, cases[i].expected[0] != '\0');
	}
}

static void a_text_mentions_at_most_a_hundred_of_each(void **state)
{
	struct buf *text = buf_in_arena(&arena);
	struct mentions *mentions = arena_alloc(&arena, sizeof(*mentions));

	(void)state;
	for (int i = 1; i <= 500; i++)
		buf_printf(text, "<@%d><@&%d>", i, i);
	mentions_find(&arena, (struct str){text->p, text->n}, mentions);
	assert_int_equal(mentions->user_count, MENTIONS_MAX);
	assert_int_equal(mentions->role_count, MENTIONS_MAX);
	assert_int_equal(mentions->users[0], 1);
	assert_int_equal(mentions->users[MENTIONS_MAX - 1], MENTIONS_MAX);
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_text_mentions),
	    cmocka_unit_test(what_is_shown_as_a_mention_is_one),
	    cmocka_unit_test(a_text_mentions_at_most_a_hundred_of_each),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
