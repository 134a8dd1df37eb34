/* Where names stand in a text: in plain text at the beginning of a word, and nowhere else. */
#include "text/typed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static int asked;

/* Knows "ann", "_x_" and "Ann Lee". */
static enum err find(void *owner, char sign, struct str rest, struct buf *out, size_t *taken)
{
	static const char *const names[] = {"Ann Lee", "ann", "_x_"};
	(void)owner;
	asked++;
	assert_null(memchr(rest.p, '\n', rest.n));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t n = strlen(names[i]);
		if (rest.n >= n && memcmp(rest.p, names[i], n) == 0) {
			buf_printf(out, "{%c%zu}", sign, i);
			*taken = n;
			return ERR_OK;
		}
	}
	return ERR_OK;
}

static enum err name(void *owner, const struct token *token, struct buf *out)
{
	(void)owner;
	if (token->id != 9)
		buf_printf(out, "@%lld", (long long)token->id);
	return ERR_OK;
}

static enum err refuse(void *owner, char sign, struct str rest, struct buf *out, size_t *taken)
{
	(void)owner, (void)sign, (void)rest, (void)out, (void)taken;
	return ERR_DATABASE_UNAVAILABLE;
}

static void check_stored(const char *text, const char *wanted)
{
	struct str out;
	assert_int_equal(typed_to_stored(&arena, str_from(text), find, NULL, &out), ERR_OK);
	if (!str_eq_text(out, wanted))
		fail_msg("%s became %.*s and not %s", text, (int)out.n, out.p, wanted);
	arena_reset(&arena);
}

static void test_names_are_found_where_a_word_begins(void **state)
{
	(void)state;
	check_stored("@ann", "{@1}");
	check_stored("hello @ann, @Ann Lee!", "hello {@1}, {@0}!");
	check_stored("#ann :ann", "{#1} {:1}");
	check_stored("(@ann) \"@ann\" *@ann* ||@ann|| @ann@ann", "({@1}) \"{@1}\" *{@1}* ||{@1}|| {@1}@ann");
	check_stored("日本@ann", "日本{@1}");
	check_stored("@_x_ @ann", "{@2} {@1}");
	check_stored("**@_x_**", "**{@2}**");
	check_stored("one\n@ann\n- @ann\n> @ann\n# @ann", "one\n{@1}\n- {@1}\n> {@1}\n# {@1}");
	check_stored("@nobody @", "@nobody @");
	check_stored("x@ann C#ann 10:ann", "x@ann C#ann 10:ann");
	check_stored("", "");
}

static void test_code_links_and_escapes_are_left_alone(void **state)
{
	(void)state;
	check_stored("`@ann` @ann", "`@ann` {@1}");
	check_stored("```\n@ann\n```\n@ann", "```\n@ann\n```\n{@1}");
	check_stored("    @ann\n\n@ann", "    @ann\n\n{@1}");
	check_stored("https://a.b/@ann [@ann](https://a.b) <https://a.b/#ann>",
		     "https://a.b/@ann [@ann](https://a.b) <https://a.b/#ann>");
	check_stored("\\@ann \\#ann", "\\@ann \\#ann");
	check_stored("<@1> <#2> <:ann:3> <a:ann:4>", "<@1> <#2> <:ann:3> <a:ann:4>");
	check_stored("someone@ann.example", "someone@ann.example");
}

static void test_stored_forms_are_found_in_plain_text(void **state)
{
	static const char *const rows[][2] = {
	    {"<@1> and <@&2>, <#3>", "@1 and @2, @3"},
	    {"`<@1>` \\<@1> <@1>", "`<@1>` \\<@1> @1"},
	    {"[<@1>](https://a.b)", "[<@1>](https://a.b)"},
	    {"<@9> <@1>", "<@9> @1"},
	    {"no", "no"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str out;
		assert_int_equal(typed_from_stored(&arena, str_from(rows[i][0]), name, NULL, &out), ERR_OK);
		if (!str_eq_text(out, rows[i][1]))
			fail_msg("%s became %.*s", rows[i][0], (int)out.n, out.p);
	}
	arena_reset(&arena);
}

static void test_so_many_names_are_asked_for_and_no_more(void **state)
{
	struct buf *text = buf_in_arena(&arena);
	struct str out;
	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_puts(text, "@x ");
	asked = 0;
	assert_int_equal(typed_to_stored(&arena, (struct str){text->p, text->n}, find, NULL, &out), ERR_OK);
	assert_int_equal(asked, TYPED_NAMES_MAX);
	assert_int_equal(typed_to_stored(&arena, STR("@x"), refuse, NULL, &out), ERR_DATABASE_UNAVAILABLE);
	arena_reset(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names_are_found_where_a_word_begins),
	    cmocka_unit_test(test_code_links_and_escapes_are_left_alone),
	    cmocka_unit_test(test_stored_forms_are_found_in_plain_text),
	    cmocka_unit_test(test_so_many_names_are_asked_for_and_no_more),
	};
	arena_init(&arena);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
