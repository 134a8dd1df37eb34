/* Emoji: all of Unicode's in each spelling, nothing else, and the names that people type. */
#include "text/emoji.h"
#include "text/emoji_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_each_spelling_of_an_emoji_is_known(void **state)
{
	static const char *const known[] = {
	    "😀",
	    "👍",
	    "👍🏽",
	    "❤",
	    "❤️",
	    "#⃣",
	    "#️⃣",
	    "1️⃣",
	    "🇩🇪",
	    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
	    "👩‍👩‍👧‍👦",
	    "🧔🏿‍♂️",
	    "👁‍🗨",
	    "👁️‍🗨️",
	    "©",
	    "☺",
	    "🫨",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!emoji_is_known(str_from(known[i])))
			fail_msg("%s is not known", known[i]);
	}
}

static void test_what_is_no_emoji_is_not_known(void **state)
{
	static const char *const others[] = {
	    "",
	    "a",
	    "1",
	    "#",
	    "*",
	    "👍👍",
	    "👍 ",
	    " 👍",
	    ":smile:",
	    "\xf0\x9f",
	    "\xff",
	    "🇩",
	    "é",
	    "中",
	    "あ",
	    "\xe2\x80\x8d",
	    "\xef\xb8\x8f",
	    "👍\xef\xb8\x8f",
	    "\xf0\x9f\x8f\xbb",
	    "<",
	    "&amp;",
	    "\x01",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (emoji_is_known(str_from(others[i])))
			fail_msg("row %zu, %s, is known", i, others[i]);
	}
	assert_false(emoji_is_known((struct str){"👍\0x", 6}));
	assert_false(emoji_is_known((struct str){"\0", 1}));
}

static void test_spellings_of_one_emoji_have_one_whole_spelling(void **state)
{
	struct str whole = emoji_whole(STR("❤"));
	(void)state;
	assert_true(str_eq(whole, STR("❤️")));
	assert_true(str_eq(emoji_whole(STR("❤️")), whole));
	assert_int_equal(emoji_whole(STR("x")).n, 0);
	assert_int_equal(emoji_whole(STR("")).n, 0);
}

static void test_the_longest_emoji_is_found_at_the_beginning(void **state)
{
	struct str whole;
	(void)state;
	assert_int_equal(emoji_match(STR("👍🏽 yes"), &whole), strlen("👍🏽"));
	assert_true(str_eq(whole, STR("👍🏽")));
	assert_int_equal(emoji_match(STR("👩‍💻"), NULL), strlen("👩‍💻"));
	assert_int_equal(emoji_match(STR("👩‍x"), NULL), strlen("👩"));
	assert_int_equal(emoji_match(STR("🇩🇪🇫🇷"), NULL), strlen("🇩🇪"));
	assert_int_equal(emoji_match(STR("text 👍"), NULL), 0);
	assert_int_equal(emoji_match(STR("日本"), NULL), 0);
}

static void test_names_lead_to_emoji_and_back(void **state)
{
	(void)state;
	assert_true(str_eq(emoji_by_name(STR("thumbs_up")), STR("👍")));
	assert_true(str_eq(emoji_by_name(STR("thumbsup")), STR("👍")));
	assert_true(str_eq(emoji_by_name(STR("+1")), STR("👍")));
	assert_true(str_eq(emoji_by_name(STR("flag_germany")), STR("🇩🇪")));
	assert_true(str_eq(emoji_by_name(STR("keycap_hash")), STR("#️⃣")));
	assert_true(str_eq(emoji_by_name(STR("heart")), STR("❤️")));
	assert_int_equal(emoji_by_name(STR("")).n, 0);
	assert_int_equal(emoji_by_name(STR("thumbs_u")).n, 0);
	assert_int_equal(emoji_by_name(STR("thumbs_upp")).n, 0);
	assert_int_equal(emoji_by_name(STR("zzzzzzzz")).n, 0);
	assert_true(str_eq(emoji_name(STR("👍")), STR("thumbs_up")));
	assert_true(str_eq(emoji_name(STR("❤")), STR("red_heart")));
	assert_int_equal(emoji_name(STR("x")).n, 0);
	assert_int_equal(emoji_name(STR("👍x")).n, 0);
}

static bool has(const char *query, const char *wanted)
{
	struct str emoji;
	int group;
	for (size_t row = 0; emoji_list_at(row, &emoji, &group); row++) {
		if (emoji_list_matches(row, str_from(query)) && str_eq_text(emoji, wanted))
			return true;
	}
	return false;
}

static void test_the_list_is_in_groups_and_each_emoji_in_it_is_one(void **state)
{
	int counts[EMOJI_GROUP_COUNT] = {0}, group, last = 0;
	struct str emoji;
	(void)state;
	for (size_t row = 0; emoji_list_at(row, &emoji, &group); row++) {
		assert_in_range(group, last, last + 1);
		assert_true(group < EMOJI_GROUP_COUNT);
		assert_true(str_eq(emoji_whole(emoji), emoji));
		counts[group]++;
		last = group;
	}
	for (int i = 0; i < EMOJI_GROUP_COUNT; i++)
		assert_true(counts[i] >= 50);
}

static void test_an_emoji_is_found_by_the_beginnings_of_words(void **state)
{
	(void)state;
	assert_true(has("seafood", "🦞"));
	assert_true(has("LOBST", "🦞"));
	assert_true(has("thumbs_up", "👍"));
	assert_true(has("cat joy", "😹"));
	assert_true(has("joy, CAT!", "😹"));
	assert_false(has("obster", "🦞"));
	assert_false(has("lobster cat", "🦞"));
	assert_true(has("", "🦞"));
	assert_true(has(" \xff", "🦞") == has("\xff", "🦞"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_spelling_of_an_emoji_is_known),
	    cmocka_unit_test(test_what_is_no_emoji_is_not_known),
	    cmocka_unit_test(test_spellings_of_one_emoji_have_one_whole_spelling),
	    cmocka_unit_test(test_the_longest_emoji_is_found_at_the_beginning),
	    cmocka_unit_test(test_names_lead_to_emoji_and_back),
	    cmocka_unit_test(test_the_list_is_in_groups_and_each_emoji_in_it_is_one),
	    cmocka_unit_test(test_an_emoji_is_found_by_the_beginnings_of_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
