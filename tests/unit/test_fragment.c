/* What templates get beside the view of a message: files with their boxes and sizes, answers, folding. */
#include "text/fragment.h"
#include "json/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

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

static struct view *parse(const char *json)
{
	struct view *view;
	assert_int_equal(view_parse(&arena, json, strlen(json), &view), ERR_OK);
	return view;
}

/* The first file of a message that holds these. */
static struct view *readied(const char *attachments)
{
	struct view *message = parse(arena_printf(&arena, "{\"attachments\":[%s]}", attachments));
	fragment_attachments(&arena, message);
	return view_find(message, "attachments")->first;
}

static bool is_set(const struct view *object, const char *flag)
{
	const struct view *value = view_find(object, flag);
	assert_non_null(value);
	assert_true(value->type == VIEW_TRUE || value->type == VIEW_FALSE);
	return value->type == VIEW_TRUE;
}

#define PICTURE(width, height)                                                                                         \
	"{\"filename\":\"a.png\",\"size\":1,\"show\":\"picture\",\"width\":" #width ",\"height\":" #height "}"

static void test_a_picture_alone_keeps_its_ratio_in_a_bounded_box(void **state)
{
	static const struct {
		const char *json;
		int64_t width, height;
	} rows[] = {
	    {PICTURE(300, 200), 300, 200},     {PICTURE(480, 320), 480, 320}, {PICTURE(4800, 3200), 480, 320},
	    {PICTURE(1200, 300), 480, 120},    {PICTURE(300, 1200), 80, 320}, {PICTURE(1, 1), 48, 48},
	    {PICTURE(100000, 1), 480, 48},     {PICTURE(1, 100000), 48, 320}, {PICTURE(65535, 65535), 320, 320},
	    {PICTURE(2147483647, 1), 480, 48},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct view *file = readied(rows[i].json);
		assert_int_equal(view_int(file, "box_width"), rows[i].width);
		assert_int_equal(view_int(file, "box_height"), rows[i].height);
		assert_true(is_set(file, "is_picture"));
	}
}

static void test_pictures_beside_each_other_are_tiles_of_one_size(void **state)
{
	(void)state;
	struct view *file = readied(PICTURE(3000, 10) "," PICTURE(10, 3000));
	for (; file != NULL; file = file->next) {
		assert_int_equal(view_int(file, "box_width"), 232);
		assert_int_equal(view_int(file, "box_height"), 174);
	}
}

static void test_sizes_are_told_in_a_unit_that_people_read(void **state)
{
	static const struct {
		const char *size, *text, *unit;
	} rows[] = {
	    {"0", "0", "is_bytes"},        {"999", "999", "is_bytes"},  {"1000", "1.0", "is_kb"},
	    {"2345", "2.3", "is_kb"},      {"9999", "9.9", "is_kb"},    {"12345", "12", "is_kb"},
	    {"999999", "1000", "is_kb"},   {"1000000", "1.0", "is_mb"}, {"10485760", "10", "is_mb"},
	    {"104857600", "105", "is_mb"},
	};
	static const char *const units[] = {"is_bytes", "is_kb", "is_mb"};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct view *file =
		    readied(arena_printf(&arena, "{\"filename\":\"a\",\"show\":\"file\",\"size\":%s}", rows[i].size));
		assert_true(str_eq_text(view_text(file, "size_text"), rows[i].text));
		for (size_t u = 0; u < 3; u++)
			assert_int_equal(is_set(file, units[u]), strcmp(units[u], rows[i].unit) == 0);
	}
}

static void test_the_ending_of_a_name_is_short_or_none(void **state)
{
	static const char *const rows[][2] = {
	    {"report.pdf", "PDF"}, {"a.tar.gz", "GZ"}, {"README", ""},   {".profile", ""},
	    {"dot.", ""},          {"a.b", "B"},       {"x.abcdef", ""}, {"x.AbC", "ABC"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct view *file =
		    readied(arena_printf(&arena, "{\"filename\":\"%s\",\"size\":1,\"show\":\"file\"}", rows[i][0]));
		assert_true(str_eq_text(view_text(file, "ending"), rows[i][1]));
	}
}

static void test_each_file_is_shown_in_exactly_one_way(void **state)
{
	static const struct {
		const char *more, *way;
	} rows[] = {
	    {"\"show\":\"picture\",\"width\":5,\"height\":5", "is_picture"},
	    {"\"show\":\"picture\"", "is_card"}, /* nobody could read it */
	    {"\"show\":\"video\"", "is_video"},
	    {"\"show\":\"audio\"", "is_audio"},
	    {"\"show\":\"audio\",\"waveform\":\"AAAA\",\"duration_secs\":62.9", "is_voice"},
	    {"\"show\":\"video\",\"waveform\":\"AAAA\"", "is_video"},
	    {"\"show\":\"pdf\"", "is_card"},
	    {"\"show\":\"text\"", "is_card"},
	    {"\"show\":\"file\"", "is_card"},
	    {"\"show\":7", "is_card"},
	};
	static const char *const ways[] = {"is_picture", "is_video", "is_audio", "is_voice", "is_card"};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct view *file = readied(arena_printf(&arena, "{\"filename\":\"a\",\"size\":1,%s}", rows[i].more));
		for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++)
			assert_int_equal(is_set(file, ways[w]), strcmp(ways[w], rows[i].way) == 0);
	}
	assert_true(
	    str_eq_text(view_text(readied("{\"show\":\"audio\",\"duration_secs\":62.9}"), "duration_text"), "1:02"));
	assert_true(
	    str_eq_text(view_text(readied("{\"duration_secs\":99999999999999999999}"), "duration_text"), "16666:39"));
}

static void test_a_message_without_files_says_so(void **state)
{
	static const char *const rows[] = {"{}", "{\"attachments\":[]}", "{\"attachments\":null}",
					   "{\"attachments\":7}"};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct view *message = parse(rows[i]);
		fragment_attachments(&arena, message);
		assert_false(is_set(message, "has_attachments"));
	}
}

static struct view *message_of(const char *more)
{
	struct view *message = parse(arena_printf(&arena,
						  "{\"id\":\"3\",\"channel_id\":\"2\",\"content\":\"x\",\"timestamp\":"
						  "\"2026-01-02T03:04:05.678000+00:00\",\"author\":{\"id\":\"9\","
						  "\"username\":\"ada\",\"global_name\":null}%s}",
						  more));
	fragment_message(&arena, message);
	return message;
}

static void test_an_answer_shows_the_beginning_of_its_parent_in_one_line(void **state)
{
	(void)state;
	struct view *answer = message_of(",\"type\":19,\"message_reference\":{\"message_id\":\"1\"},\"referenced_"
					 "message\":{\"content\":\"one\\ntwo\","
					 "\"author\":{\"id\":\"8\",\"username\":\"bob\",\"global_name\":\"Bob\"}}");
	struct view *parent = view_find(answer, "referenced_message");
	assert_true(is_set(answer, "is_reply"));
	assert_true(str_eq_text(view_text(parent, "author_name"), "Bob"));
	assert_true(str_eq_text(view_text(parent, "snippet"), "one two"));
}

static void test_an_answer_to_what_is_gone_has_no_parent(void **state)
{
	(void)state;
	struct view *answer = message_of(",\"type\":19,\"message_reference\":{\"message_id\":\"1\"}");
	assert_true(is_set(answer, "is_reply"));
	assert_int_equal(view_find(answer, "referenced_message")->type, VIEW_NULL);
	assert_false(is_set(message_of(",\"type\":0,\"message_reference\":{\"message_id\":\"1\"}"), "is_reply"));
	assert_false(is_set(message_of(",\"type\":19"), "is_reply"));
}

/* "piece" so many times, in the arena. */
static const char *repeated(const char *piece, int times)
{
	struct buf *out = buf_in_arena(&arena);
	for (int i = 0; i < times; i++)
		buf_puts(out, piece);
	return arena_strndup(&arena, out->p, out->n);
}

/* A message with a text, an embed and a file. */
static struct view *laden(const char *content, const char *description)
{
	return parse(arena_printf(&arena,
				  "{\"id\":\"5\",\"author\":{\"id\":\"7\",\"username\":\"ann\"},\"content\":\"%s\","
				  "\"embeds\":[{\"type\":\"rich\",\"description\":\"%s\"}],"
				  "\"attachments\":[{\"filename\":\"a.txt\",\"size\":1,\"show\":\"file\"}]}",
				  content, description));
}

static void assert_light(struct view *message, bool is_plain)
{
	struct str html = view_text(message, "content_html");
	assert_true(is_set(message, "is_heavy"));
	assert_false(is_set(message, "has_embeds") || is_set(message, "has_attachments"));
	assert_true(html.n < 32 * 1024);
	assert_int_equal(memmem(html.p, html.n, "||a||", 5) != NULL, is_plain);
}

static void test_what_would_make_a_page_too_large_is_shown_light_but_for_its_own_page(void **state)
{
	(void)state;
	const char *spoilers = repeated("||a||", 800), *few = repeated("||a||", 3);
	struct view *usual = laden(few, few), *whole = laden(spoilers, spoilers);
	struct view *by_text = laden(spoilers, few), *by_embed = laden(few, spoilers);
	struct view *by_what_is_escaped = laden(few, repeated("&", 6000));

	fragment_message(&arena, usual);
	assert_false(is_set(usual, "is_heavy"));
	assert_true(is_set(usual, "has_embeds") && is_set(usual, "has_attachments"));
	fragment_message(&arena, by_text);
	assert_light(by_text, true);
	fragment_message(&arena, by_embed);
	assert_light(by_embed, false);
	fragment_message(&arena, by_what_is_escaped);
	assert_light(by_what_is_escaped, false);
	fragment_message_whole(&arena, whole);
	assert_false(is_set(whole, "is_heavy"));
	assert_true(is_set(whole, "has_embeds") && is_set(whole, "has_attachments"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_a_picture_alone_keeps_its_ratio_in_a_bounded_box, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_pictures_beside_each_other_are_tiles_of_one_size, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_sizes_are_told_in_a_unit_that_people_read, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_the_ending_of_a_name_is_short_or_none, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_each_file_is_shown_in_exactly_one_way, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_a_message_without_files_says_so, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_an_answer_shows_the_beginning_of_its_parent_in_one_line, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(test_an_answer_to_what_is_gone_has_no_parent, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_what_would_make_a_page_too_large_is_shown_light_but_for_its_own_page,
					    set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
