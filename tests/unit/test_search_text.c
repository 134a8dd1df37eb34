/* Text as the index takes it: what is told apart, what is not, and where each byte came from. */
#include "base/utf8.h"
#include "text/search_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct buf out;

static const char *ready(const char *text)
{
	buf_clear(&out);
	search_text_put(&out, str_from(text), NULL);
	return out.p;
}

static const char *content(const char *text)
{
	buf_clear(&out);
	search_text_put_content(&out, str_from(text), NULL);
	return out.p;
}

static void words_with_spaces_stay_as_they_are(void **state)
{
	(void)state;
	assert_string_equal(ready("Hello, World! john.doe@example.com foo-bar a_b"),
			    "Hello, World! john.doe@example.com foo-bar a_b ");
	assert_string_equal(ready("  "), "");
}

static void scripts_without_spaces_become_single_characters(void **state)
{
	(void)state;
	assert_string_equal(ready("日本語"), "日 本 語 ");
	assert_string_equal(ready("abc日本def"), "abc 日 本 def ");
	assert_string_equal(ready("カタカナ"), "カ タ カ ナ ");
	assert_string_equal(ready("한국어"), "한 국 어 ");
	assert_string_equal(ready("ไทย"), "ไ ท ย ");
}

static void the_two_ways_to_write_a_character_are_one(void **state)
{
	(void)state;
	assert_string_equal(ready("か\u3099"), "が ");
	assert_string_equal(ready("ハ\u309a"), "パ ");
	assert_string_equal(ready("ウ\u3099"), "ヴ ");
	assert_string_equal(ready("\u1112\u1161\u11ab"), "한 ");
	assert_string_equal(ready("\u1100\u1161"), "가 ");
	assert_string_equal(ready("cafe\u0301"), "cafe ");
}

static void letters_of_any_width_are_one(void **state)
{
	(void)state;
	assert_string_equal(ready("ＡＢＣ１２"), "ABC12 ");
	assert_string_equal(ready("ｶﾀｶﾅ"), "カ タ カ ナ ");
	assert_string_equal(ready("ｶﾞｷﾞﾊﾟｳﾞ"), "ガ ギ パ ヴ ");
	assert_string_equal(ready("カ\uff9eか\uff9e"), "ガ が ");
	assert_string_equal(ready("ﾗｰﾒﾝ"), "ラ ー メ ン ");
	assert_string_equal(ready("ｦｧｨｩｪｫｬｭｮｯｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"),
			    "ヲ ァ ィ ゥ ェ ォ ャ ュ ョ ッ ア イ ウ エ オ カ キ ク ケ コ サ シ ス セ ソ タ チ ツ "
			    "テ ト ナ ニ ヌ ネ ノ ハ ヒ フ ヘ ホ マ ミ ム メ モ ヤ ユ ヨ ラ リ ル レ ロ ワ ン ");
	assert_string_equal(ready("ﾡﾾￂￇￊￚￜ"), "ㄱ ㅎ ㅏ ㅔ ㅕ ㅡ ㅣ ");
	assert_string_equal(ready("\uff9e\uff9f"), "");
	assert_string_equal(ready("a\uff61b"), "a\uff61b ");
}

static void marks_that_may_be_left_out_are(void **state)
{
	(void)state;
	assert_string_equal(ready("soft\u00adhyphen"), "softhyphen ");
	assert_string_equal(ready("\u0645\u064f\u062d"), "\u0645\u062d ");
	assert_string_equal(ready("a\ufe0fb\u200dc"), "abc ");
}

static void letters_with_accents_and_without_are_one(void **state)
{
	static const char *const pairs[][2] = {
	    {"Ελλάδα", "Ελλα\u0301δα"}, {"ὁδός", "ο\u0314δο\u0301ς"}, {"ёлка", "е\u0308лка"},
	    {"мой", "мои\u0306"},       {"їжак", "і\u0308жак"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		char composed[64];
		snprintf(composed, sizeof(composed), "%s", ready(pairs[i][0]));
		assert_string_equal(composed, ready(pairs[i][1]));
	}
	assert_string_equal(ready("Straße STRAẞE"), "Strasse STRAssE ");
	assert_string_equal(ready("Łódź Ærø ﬁxture ısı"), "lódź aero fixture isi ");
}

static void emoji_are_words(void **state)
{
	char thumb[64];

	(void)state;
	(void)snprintf(thumb, sizeof thumb, "%s", ready("👍"));
	assert_string_equal(ready("👍🏽"), thumb);
	assert_string_not_equal(ready("👎"), thumb);
	assert_true(utf8_is_valid(out.p, out.n));
}

static void names_of_languages_keep_their_signs(void **state)
{
	(void)state;
	assert_string_not_equal(ready("C++"), "C ");
	assert_string_not_equal(ready("C#"), "C ");
	assert_string_equal(ready("a+b"), "a+b ");
	assert_string_equal(ready("# Title"), "# Title ");
	assert_string_equal(ready("#tag"), "#tag ");
}

static void what_stands_for_names_is_no_text(void **state)
{
	(void)state;
	assert_string_equal(content("hi <@123> and <@!5> <@&7> in <#9>!"), "hi and in ! ");
	assert_string_equal(content("<:party:123><a:dance:4>"), "party dance ");
	assert_string_equal(content("<@> <@x> <#12 < <:> <:a:> <::1>"), "<@> <@x> <#12 < <:> <:a:> <::1> ");
	assert_string_equal(content("1 < 2 <@"), "1 < 2 <@ ");
}

static void words_of_ours_cannot_be_typed(void **state)
{
	(void)state;
	assert_string_equal(ready("a\ue123b"), "a b ");
}

static void every_byte_knows_where_it_came_from(void **state)
{
	static const char text[] = "ab 日本 <@12> c";
	struct buf origins;
	uint32_t at[64];

	(void)state;
	buf_init(&origins);
	buf_clear(&out);
	search_text_put_content(&out, STR("ab 日本 <@12> c"), &origins);
	assert_int_equal(origins.n, (out.n + 1) * sizeof(uint32_t));
	assert_true(origins.n <= sizeof at);
	memcpy(at, origins.p, origins.n);
	for (size_t i = 0; i < out.n; i++) {
		assert_true(at[i] <= at[i + 1]);
		if (out.p[i] != ' ' && ((unsigned char)out.p[i] < 0x80 || (unsigned char)out.p[i] >= 0xc0))
			assert_int_equal(out.p[i], text[at[i]]);
	}
	buf_free(&origins);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_with_spaces_stay_as_they_are),
	    cmocka_unit_test(scripts_without_spaces_become_single_characters),
	    cmocka_unit_test(the_two_ways_to_write_a_character_are_one),
	    cmocka_unit_test(letters_of_any_width_are_one),
	    cmocka_unit_test(marks_that_may_be_left_out_are),
	    cmocka_unit_test(letters_with_accents_and_without_are_one),
	    cmocka_unit_test(emoji_are_words),
	    cmocka_unit_test(names_of_languages_keep_their_signs),
	    cmocka_unit_test(what_stands_for_names_is_no_text),
	    cmocka_unit_test(words_of_ours_cannot_be_typed),
	    cmocka_unit_test(every_byte_knows_where_it_came_from),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buf_free(&out);
	return failed;
}
