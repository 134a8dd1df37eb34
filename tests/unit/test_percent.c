/* Percent-encoding: what decodes, what is refused, and that encoding comes back. */
#include "http/percent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void sequences_decode_to_their_bytes(void **state)
{
	static const struct {
		const char *text, *expected;
		unsigned flags;
	} cases[] = {
	    {"", "", 0},
	    {"plain", "plain", 0},
	    {"%40me", "@me", 0},
	    {"a+b", "a+b", 0},
	    {"a+b%2B", "a b+", PERCENT_PLUS_IS_BLANK},
	    {"%F0%9f%91%8D", "\xf0\x9f\x91\x8d", 0},
	    {"%2525", "%25", 0},
	    {"caf\xc3\xa9", "caf\xc3\xa9", 0},
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str out;

		assert_int_equal(percent_decode(&arena, str_from(cases[i].text), cases[i].flags, &out), ERR_OK);
		assert_string_equal(out.p, cases[i].expected);
		assert_int_equal(out.n, strlen(cases[i].expected));
	}
	arena_free(&arena);
}

static void malformed_sequences_nul_and_broken_utf8_are_refused(void **state)
{
	static const char *const cases[] = {"%",   "%4",    "%4g", "%g4", "a%",   "%%41",
					    "%00", "a%00b", "%ff", "%C3", "\xc3", "%u0041"};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str out;

		if (percent_decode(&arena, str_from(cases[i]), 0, &out) != ERR_BAD_REQUEST)
			fail_msg("accepted: %s", cases[i]);
	}
	arena_free(&arena);
}

static void decoding_stops_at_the_length_it_was_given(void **state)
{
	struct arena arena;
	struct str out;

	(void)state;
	arena_init(&arena);
	assert_int_equal(percent_decode(&arena, (struct str){"ab%41", 3}, 0, &out), ERR_BAD_REQUEST);
	assert_int_equal(percent_decode(&arena, (struct str){"%41bc", 3}, 0, &out), ERR_OK);
	assert_string_equal(out.p, "A");
	arena_free(&arena);
}

static void encoding_leaves_only_unreserved_characters(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out);
	percent_encode(&out, STR("/a b?c=d&e#\xc3\xa9~-._9Z%"));
	assert_string_equal(out.p, "%2Fa%20b%3Fc%3Dd%26e%23%C3%A9~-._9Z%25");
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sequences_decode_to_their_bytes),
	    cmocka_unit_test(malformed_sequences_nul_and_broken_utf8_are_refused),
	    cmocka_unit_test(decoding_stops_at_the_length_it_was_given),
	    cmocka_unit_test(encoding_leaves_only_unreserved_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
