/* UTF-8 against the grammar of RFC 3629 section 4, written out here as a table. */
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct range {
	unsigned char first, last;
};

static const struct sequence {
	size_t length;
	struct range bytes[4];
} grammar[] = {
    {1, {{0x00, 0x7f}}},
    {2, {{0xc2, 0xdf}, {0x80, 0xbf}}},
    {3, {{0xe0, 0xe0}, {0xa0, 0xbf}, {0x80, 0xbf}}},
    {3, {{0xe1, 0xec}, {0x80, 0xbf}, {0x80, 0xbf}}},
    {3, {{0xed, 0xed}, {0x80, 0x9f}, {0x80, 0xbf}}},
    {3, {{0xee, 0xef}, {0x80, 0xbf}, {0x80, 0xbf}}},
    {4, {{0xf0, 0xf0}, {0x90, 0xbf}, {0x80, 0xbf}, {0x80, 0xbf}}},
    {4, {{0xf1, 0xf3}, {0x80, 0xbf}, {0x80, 0xbf}, {0x80, 0xbf}}},
    {4, {{0xf4, 0xf4}, {0x80, 0x8f}, {0x80, 0xbf}, {0x80, 0xbf}}},
};

static bool sequence_matches(const struct sequence *sequence, const unsigned char *p, size_t n)
{
	if (sequence->length > n)
		return false;
	for (size_t i = 0; i < sequence->length; i++) {
		if (p[i] < sequence->bytes[i].first || p[i] > sequence->bytes[i].last)
			return false;
	}
	return true;
}

/* The length of the well-formed sequence at p, 0 when there is none. */
static size_t expected_length(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < sizeof grammar / sizeof *grammar; i++) {
		if (sequence_matches(&grammar[i], p, n))
			return grammar[i].length;
	}
	return 0;
}

static bool is_expected_valid(const unsigned char *p, size_t n)
{
	while (n > 0) {
		size_t length = expected_length(p, n);

		if (length == 0)
			return false;
		p += length;
		n -= length;
	}
	return true;
}

static void check_bytes(const unsigned char *p, size_t n)
{
	uint32_t code_point;

	if (utf8_is_valid((const char *)p, n) != is_expected_valid(p, n) ||
	    utf8_decode((const char *)p, n, &code_point) != expected_length(p, n))
		fail_msg("%zu bytes: %02x %02x %02x %02x", n, p[0], p[1], p[2], p[3]);
}

static void every_sequence_of_one_or_two_bytes_follows_the_grammar(void **state)
{
	(void)state;
	for (uint32_t bits = 0; bits < 1u << 16; bits++) {
		unsigned char p[4] = {(unsigned char)(bits >> 8), (unsigned char)bits, 0, 0};

		check_bytes(p, 2);
		check_bytes(p, 1);
	}
}

/* Bytes on both sides of each border that the grammar draws among continuations. */
static const unsigned char border[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};

static void longer_sequences_follow_the_grammar_at_every_border(void **state)
{
	(void)state;
	for (uint32_t bits = 0xc000; bits < 1u << 16; bits++) {
		for (size_t i = 0; i < sizeof border * sizeof border; i++) {
			unsigned char p[4] = {(unsigned char)(bits >> 8), (unsigned char)bits,
					      border[i / sizeof border], border[i % sizeof border]};

			check_bytes(p, 4);
			if (i % sizeof border == 0)
				check_bytes(p, 3);
		}
	}
}

static size_t encode(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static void every_code_point_decodes_to_itself_and_surrogates_do_not(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x110000; c++) {
		bool is_scalar = (c < 0xd800 || c > 0xdfff) && c <= 0x10ffff;
		uint32_t decoded = 0xffffffff;
		char p[4];
		size_t n = encode(c, p);

		assert_int_equal(utf8_decode(p, n, &decoded), is_scalar ? n : 0);
		if (is_scalar)
			assert_int_equal(decoded, c);
	}
}

/* The scan takes eight bytes at a time: one bad byte must be seen wherever it stands. */
static void a_bad_byte_is_seen_at_every_place(void **state)
{
	(void)state;
	for (size_t n = 1; n <= 40; n++) {
		char *text = malloc(n);

		assert_non_null(text);
		for (size_t at = 0; at < n; at++) {
			memset(text, 'a', n);
			assert_true(utf8_is_valid(text, n));
			text[at] = (char)0x80;
			assert_false(utf8_is_valid(text, n));
		}
		free(text);
	}
	assert_true(utf8_is_valid("", 0));
	assert_true(utf8_is_valid(NULL, 0));
}

static void lengths_are_code_points(void **state)
{
	static const struct {
		const char *text;
		size_t count;
	} cases[] = {
	    {"", 0},          {"abc", 3},  {"한국어", 3}, {"äöü", 3}, {"😀", 1}, {"👩‍👩‍👧", 5},
	    {"e\xcc\x81", 2}, {"a\nb", 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(utf8_count(cases[i].text, strlen(cases[i].text)), cases[i].count);
	assert_int_equal(utf8_count("a\0b", 3), 3);
}

enum place { NOWHERE, IN_LINES, EVERYWHERE };

/* Where a code point counts as a control. */
static enum place expected_place(uint32_t c)
{
	static const uint32_t deceptive[] = {0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e,
					     0x2066, 0x2067, 0x2068, 0x2069, 0xfeff, 0x2028, 0x2029};

	if (c == '\t' || c == '\n')
		return IN_LINES;
	if (c < 0x20 || c == 0x7f || (c >= 0x80 && c <= 0x9f))
		return EVERYWHERE;
	for (size_t i = 0; i < sizeof deceptive / sizeof *deceptive; i++) {
		if (c == deceptive[i])
			return IN_LINES;
	}
	return NOWHERE;
}

static void controls_are_found_and_nothing_else_is(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		enum place place = expected_place(c);
		char text[8] = "a";
		size_t n;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		n = 1 + encode(c, text + 1);
		text[n++] = 'b';
		if (utf8_has_control(text, n, false) != (place != NOWHERE) ||
		    utf8_has_control(text, n, true) != (place == EVERYWHERE))
			fail_msg("U+%04X", (unsigned)c);
	}
	assert_false(utf8_has_control("", 0, false));
	assert_true(utf8_has_control("a\xff", 2, true));
}

static void white_space_at_both_ends_is_trimmed(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
	    {"", ""},
	    {"a", "a"},
	    {" \t\n\v\f\r a \r\n", "a"},
	    {"a b", "a b"},
	    {"\xc2\xa0"
	     "a\xc2\xa0",
	     "a"}, /* no-break space */
	    {"\xc2\x85"
	     "a\xc2\x85",
	     "a"}, /* next line */
	    {"\xe3\x80\x80"
	     "日本\xe3\x80\x80",
	     "日本"}, /* ideographic space */
	    {"\xe2\x80\x8b"
	     "\xe2\x80\xa8"
	     "a\xe2\x80\xa9",
	     "a"},
	    {"\xe2\x80\x8b\xe2\x80\x8b", ""},
	    {"\xe1\x9a\x80\xe2\x80\xaf\xe2\x81\x9f", ""},
	    {"\xe2\x80\x8d"
	     "a",
	     "\xe2\x80\x8d"
	     "a"}, /* a joiner is no space */
	    {"é", "é"},
	    {" \xf0\x9f\x98\x80 ", "\xf0\x9f\x98\x80"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *p = cases[i].text;
		size_t n = strlen(p);

		utf8_trim(&p, &n);
		assert_int_equal(n, strlen(cases[i].expected));
		assert_memory_equal(p, cases[i].expected, n);
	}
}

static void exactly_white_space_is_trimmed(void **state)
{
	/* PropList.txt of Unicode, White_Space; and the zero width space. */
	static const struct {
		uint32_t first, last;
	} spaces[] = {{0x09, 0x0d},     {0x20, 0x20},     {0x85, 0x85},     {0xa0, 0xa0},     {0x1680, 0x1680},
		      {0x2000, 0x200b}, {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}};

	(void)state;
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		bool is_space = false;
		char text[8];
		const char *p = text;
		size_t n;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
			is_space = is_space || (c >= spaces[i].first && c <= spaces[i].last);
		n = encode(c, text);
		utf8_trim(&p, &n);
		if ((n == 0) != is_space)
			fail_msg("U+%04X", (unsigned)c);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_sequence_of_one_or_two_bytes_follows_the_grammar),
	    cmocka_unit_test(longer_sequences_follow_the_grammar_at_every_border),
	    cmocka_unit_test(every_code_point_decodes_to_itself_and_surrogates_do_not),
	    cmocka_unit_test(a_bad_byte_is_seen_at_every_place),
	    cmocka_unit_test(lengths_are_code_points),
	    cmocka_unit_test(controls_are_found_and_nothing_else_is),
	    cmocka_unit_test(white_space_at_both_ends_is_trimmed),
	    cmocka_unit_test(exactly_white_space_is_trimmed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
