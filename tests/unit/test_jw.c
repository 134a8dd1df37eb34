/* The JSON writer; what it writes is read back by the parser. */
#include "json/jw.h"

#include "json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct buf out;
static struct jw jw;

static int open_writer(void **state)
{
	(void)state;
	arena_init(&arena);
	buf_init(&out);
	jw_init(&jw, &out);
	return 0;
}

static int close_writer(void **state)
{
	(void)state;
	buf_free(&out);
	arena_free(&arena);
	return 0;
}

static void containers_nest_with_commas_only_between_values(void **state)
{
	(void)state;
	jw_object(&jw, NULL);
	jw_array(&jw, "empty");
	jw_array_end(&jw);
	jw_object(&jw, "nothing");
	jw_object_end(&jw);
	jw_array(&jw, "list");
	jw_int(&jw, NULL, 1);
	jw_array(&jw, NULL);
	jw_object(&jw, NULL);
	jw_text(&jw, "a", "b");
	jw_object_end(&jw);
	jw_array_end(&jw);
	jw_null(&jw, NULL);
	jw_array_end(&jw);
	jw_flag(&jw, "last", true);
	jw_object_end(&jw);
	assert_string_equal(out.p, "{\"empty\":[],\"nothing\":{},\"list\":[1,[{\"a\":\"b\"}],null],\"last\":true}");
}

static void each_value_has_its_form(void **state)
{
	(void)state;
	jw_object(&jw, NULL);
	jw_text(&jw, "text", "x");
	jw_text(&jw, "no_text", NULL);
	jw_text_n(&jw, "part", "abcdef", 3);
	jw_text_n(&jw, "none", NULL, 0);
	jw_id(&jw, "id", INT64_C(175928847299117063));
	jw_id(&jw, "no_id", 0);
	jw_id(&jw, "last_id", INT64_MAX);
	jw_bits(&jw, "bits", UINT64_MAX);
	jw_bits(&jw, "no_bits", 0);
	jw_int(&jw, "zero", 0);
	jw_int(&jw, "most", INT64_MAX);
	jw_int(&jw, "least", INT64_MIN);
	jw_int(&jw, "minus", -10);
	jw_flag(&jw, "yes", true);
	jw_flag(&jw, "no", false);
	jw_null(&jw, "null");
	jw_time(&jw, "at", INT64_C(1767323045678));
	jw_time(&jw, "never", 0);
	jw_raw(&jw, "raw", "[1,2]", 5);
	jw_object_end(&jw);
	assert_string_equal(out.p, "{\"text\":\"x\",\"no_text\":null,\"part\":\"abc\",\"none\":\"\","
				   "\"id\":\"175928847299117063\",\"no_id\":null,\"last_id\":\"9223372036854775807\","
				   "\"bits\":\"18446744073709551615\",\"no_bits\":\"0\",\"zero\":0,"
				   "\"most\":9223372036854775807,\"least\":-9223372036854775808,\"minus\":-10,"
				   "\"yes\":true,\"no\":false,\"null\":null,"
				   "\"at\":\"2026-01-02T03:04:05.678000+00:00\",\"never\":null,\"raw\":[1,2]}");
}

static void a_value_can_stand_alone(void **state)
{
	(void)state;
	jw_text(&jw, NULL, "alone");
	assert_string_equal(out.p, "\"alone\"");
}

static void only_what_must_be_escaped_is(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
	    {"", "\"\""},
	    {"plain", "\"plain\""},
	    {"\"", "\"\\\"\""},
	    {"\\", "\"\\\\\""},
	    {"/<>&'", "\"/<>&'\""},
	    {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
	    {"\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\""},
	    {"é\u2028😀", "\"é\u2028😀\""},
	    {"long enough to be scanned by words\n", "\"long enough to be scanned by words\\n\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		buf_clear(&out);
		jw_init(&jw, &out);
		jw_text(&jw, NULL, cases[i].text);
		assert_string_equal(out.p, cases[i].expected);
	}
}

static void keys_are_escaped_too(void **state)
{
	(void)state;
	jw_object(&jw, NULL);
	jw_int(&jw, "a\"b\n", 1);
	jw_object_end(&jw);
	assert_string_equal(out.p, "{\"a\\\"b\\n\":1}");
}

static void assert_read_back(const char *text, size_t n)
{
	json_t *value;

	buf_clear(&out);
	jw_init(&jw, &out);
	jw_text_n(&jw, NULL, text, n);
	assert_int_equal(strlen(out.p), out.n);
	assert_int_equal(json_parse(&arena, out.p, out.n, &value), ERR_OK);
	assert_int_equal(json_string_length(value), n);
	assert_memory_equal(json_string_value(value), text, n);
	arena_reset(&arena);
}

/* The scan takes eight bytes at a time: every byte at every place of runs of several words. */
static void every_ascii_byte_survives_at_every_place(void **state)
{
	(void)state;
	for (int c = 1; c < 0x80; c++) {
		for (size_t n = 1; n <= 20; n++) {
			for (size_t at = 0; at < n; at++) {
				char text[20];

				memset(text, 'a', n);
				text[at] = (char)c;
				assert_read_back(text, n);
			}
		}
	}
}

/* What may fool arithmetic on eight bytes at once: bytes next to the special ones, and borrows between neighbours. */
static void neighbouring_bytes_do_not_hide_one_another(void **state)
{
	static const char bytes[] = {'"', '#', '!', '\\', ']', '[', 0x1f, 0x20, 0x01, 'a', 0x7f};
	enum { BYTES = sizeof bytes };

	(void)state;
	for (size_t i = 0; i < BYTES * BYTES * BYTES; i++) {
		char text[] = "aaaaaaaaaaaaaaaa";
		size_t at = 2 + i % 7;

		text[at] = bytes[i % BYTES];
		text[at + 1] = bytes[i / BYTES % BYTES];
		text[at + 2] = bytes[i / BYTES / BYTES];
		assert_read_back(text, sizeof text - 1);
	}
}

static void utf8_is_left_as_it_is(void **state)
{
	static const char text[] =
	    "日本語 text with é and 😀, \"quoted\" and long enough for words — \u2028\u2029\xc2\x80";

	(void)state;
	assert_read_back(text, sizeof text - 1);
}

static void a_long_text_of_escapes_fits(void **state)
{
	enum { LENGTH = 20000 };
	char *text = malloc(LENGTH);

	(void)state;
	assert_non_null(text);
	memset(text, 1, LENGTH);
	assert_read_back(text, LENGTH);
	assert_int_equal(out.n, LENGTH * 6 + 2);
	free(text);
}

#define writer_test(name) cmocka_unit_test_setup_teardown(name, open_writer, close_writer)

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    writer_test(containers_nest_with_commas_only_between_values),
	    writer_test(each_value_has_its_form),
	    writer_test(a_value_can_stand_alone),
	    writer_test(only_what_must_be_escaped_is),
	    writer_test(keys_are_escaped_too),
	    writer_test(every_ascii_byte_survives_at_every_place),
	    writer_test(neighbouring_bytes_do_not_hide_one_another),
	    writer_test(utf8_is_left_as_it_is),
	    writer_test(a_long_text_of_escapes_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
