/* Input structs filled from JSON objects and forms by a table. */
#include "json/field_decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct input {
	struct field_set set;
	const char *name;
	const char *topic;
	const char *login;
	int64_t channel_id;
	int64_t position;
	int64_t any_int;
	bool is_nsfw;
	const char *nonce;
	uint64_t allow;
	json_t *embeds;
	int untouched;
};

enum row { NAME, TOPIC, LOGIN, CHANNEL_ID, POSITION, ANY_INT, NSFW, NONCE, ALLOW, EMBEDS };

static const struct field table[] = {
    [NAME] = {.name = "name",
	      .type = FIELD_TEXT,
	      .flags = FIELD_REQUIRED | FIELD_TRIM,
	      .offset = offsetof(struct input, name),
	      .min = 1,
	      .max = 5},
    [TOPIC] = {.name = "topic",
	       .type = FIELD_TEXT,
	       .flags = FIELD_MULTILINE,
	       .offset = offsetof(struct input, topic),
	       .max = 12},
    [LOGIN] = {.name = "login",
	       .alias = "user",
	       .type = FIELD_TEXT,
	       .flags = FIELD_LOWER | FIELD_TRIM,
	       .offset = offsetof(struct input, login),
	       .min = 2},
    [CHANNEL_ID] = {.name = "channel_id", .type = FIELD_ID, .offset = offsetof(struct input, channel_id)},
    [POSITION] =
	{.name = "position", .type = FIELD_INT, .offset = offsetof(struct input, position), .min = -1, .max = 100},
    [ANY_INT] = {.name = "any_int", .type = FIELD_INT, .offset = offsetof(struct input, any_int)},
    [NSFW] = {.name = "nsfw", .type = FIELD_FLAG, .offset = offsetof(struct input, is_nsfw)},
    [NONCE] = {.name = "nonce", .type = FIELD_NONCE, .offset = offsetof(struct input, nonce), .max = 25},
    [ALLOW] = {.name = "allow", .type = FIELD_BITS, .offset = offsetof(struct input, allow)},
    [EMBEDS] = {.name = "embeds", .type = FIELD_JSON, .offset = offsetof(struct input, embeds)},
    {.type = FIELD_END},
};

static struct arena arena;
static struct input input;
static struct field_errors errors;

static int open_arena(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static enum err decode(const char *text, bool is_form)
{
	struct view *object;

	memset(&input, 0x55, sizeof input);
	assert_int_equal(view_parse_peer(&arena, text, strlen(text), &object), ERR_OK);
	return field_decode(&arena, table, object, is_form, &input, &errors);
}

static void assert_bits(uint64_t given, uint64_t nulled)
{
	assert_int_equal(input.set.given, given);
	assert_int_equal(input.set.nulled, nulled);
}

#define BIT(row) (UINT64_C(1) << (row))

static void every_type_is_decoded(void **state)
{
	(void)state;
	assert_int_equal(decode("{\"name\":\"abc\",\"topic\":\"a\\nb\",\"login\":\"Ann\",\"channel_id\":\"123\","
				"\"position\":7,\"any_int\":-9223372036854775808,\"nsfw\":true,\"nonce\":\"n-1\","
				"\"allow\":\"18446744073709551615\",\"embeds\":[1]}",
				false),
			 ERR_OK);
	assert_string_equal(input.name, "abc");
	assert_string_equal(input.topic, "a\nb");
	assert_string_equal(input.login, "ann");
	assert_int_equal(input.channel_id, 123);
	assert_int_equal(input.position, 7);
	assert_true(input.any_int == INT64_MIN);
	assert_true(input.is_nsfw);
	assert_string_equal(input.nonce, "n-1");
	assert_true(input.allow == UINT64_MAX);
	assert_true(json_is_array(input.embeds));
	assert_bits(BIT(EMBEDS + 1) - 1, 0);
	assert_int_equal(input.untouched, 0x55555555);
}

static void what_is_absent_is_zero(void **state)
{
	(void)state;
	assert_int_equal(decode("{\"name\":\"a\"}", false), ERR_OK);
	assert_null(input.topic);
	assert_null(input.login);
	assert_int_equal(input.channel_id, 0);
	assert_int_equal(input.position, 0);
	assert_int_equal(input.any_int, 0);
	assert_false(input.is_nsfw);
	assert_null(input.nonce);
	assert_int_equal(input.allow, 0);
	assert_null(input.embeds);
	assert_bits(BIT(NAME), 0);
}

static void null_counts_as_absent_and_is_marked(void **state)
{
	(void)state;
	assert_int_equal(decode("{\"name\":\"a\",\"topic\":null,\"channel_id\":null,\"nsfw\":null,\"nonce\":null,"
				"\"embeds\":null}",
				false),
			 ERR_OK);
	assert_null(input.topic);
	assert_null(input.embeds);
	assert_bits(BIT(NAME), BIT(TOPIC) | BIT(CHANNEL_ID) | BIT(NSFW) | BIT(NONCE) | BIT(EMBEDS));
}

static void unknown_fields_are_ignored(void **state)
{
	(void)state;
	assert_int_equal(decode("{\"name\":\"a\",\"tts\":false,\"embed\":{},\"Name\":7}", false), ERR_OK);
	assert_bits(BIT(NAME), 0);
}

static void an_alias_is_taken_when_the_name_is_absent(void **state)
{
	(void)state;
	assert_int_equal(decode("{\"name\":\"a\",\"user\":\"Bob\"}", false), ERR_OK);
	assert_string_equal(input.login, "bob");
	assert_int_equal(decode("{\"name\":\"a\",\"user\":\"Bob\",\"login\":\"Ann\"}", false), ERR_OK);
	assert_string_equal(input.login, "ann");
}

/* One member of the object goes wrong (or not) at a time. expected is the error's code, NULL when there is none. */
static const struct member_case {
	const char *member, *expected_json, *expected_form;
} member_cases[] = {
    {"\"topic\":7", "STRING_TYPE_CONVERT", "STRING_TYPE_CONVERT"},
    {"\"topic\":[\"a\"]", "STRING_TYPE_CONVERT", "STRING_TYPE_CONVERT"},
    {"\"topic\":\"\"", NULL, NULL},
    {"\"topic\":\"123456789012\"", NULL, NULL},
    {"\"topic\":\"1234567890123\"", "BASE_TYPE_MAX_LENGTH", "BASE_TYPE_MAX_LENGTH"},
    {"\"topic\":\"가나다라마바사아자차카타\"", NULL, NULL}, /* code points, not bytes */
    {"\"topic\":\"가나다라마바사아자차카타파\"", "BASE_TYPE_MAX_LENGTH", "BASE_TYPE_MAX_LENGTH"},
    {"\"topic\":\"a\\tb\\nc\"", NULL, NULL},
    {"\"topic\":\"a\\u0007\"", "STRING_TYPE_CONTROL", "STRING_TYPE_CONTROL"},
    {"\"topic\":\"a\\u009b\"", "STRING_TYPE_CONTROL", "STRING_TYPE_CONTROL"},
    {"\"topic\":\"a\\u200fb\"", NULL, NULL},
    {"\"login\":\"a\\u200fb\"", "STRING_TYPE_CONTROL", "STRING_TYPE_CONTROL"},
    {"\"login\":\"a\\nb\"", "STRING_TYPE_CONTROL", "STRING_TYPE_CONTROL"},
    {"\"login\":\" ab\\n\"", NULL, NULL}, /* trimmed first */
    {"\"login\":\"a\"", "BASE_TYPE_BAD_LENGTH", "BASE_TYPE_BAD_LENGTH"},
    {"\"login\":\"\"", "BASE_TYPE_BAD_LENGTH", "BASE_TYPE_BAD_LENGTH"},
    {"\"channel_id\":5", NULL, NULL},
    {"\"channel_id\":\"5\"", NULL, NULL},
    {"\"channel_id\":9223372036854775807", NULL, NULL},
    {"\"channel_id\":0", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_COERCE"},
    {"\"channel_id\":-5", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_COERCE"},
    {"\"channel_id\":5.0", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_COERCE"},
    {"\"channel_id\":\"5x\"", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_COERCE"},
    {"\"channel_id\":\"9223372036854775808\"", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_COERCE"},
    {"\"channel_id\":\"\"", "NUMBER_TYPE_COERCE", NULL},
    {"\"channel_id\":true", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_COERCE"},
    {"\"channel_id\":{}", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_COERCE"},
    {"\"position\":-1", NULL, NULL},
    {"\"position\":100", NULL, NULL},
    {"\"position\":-2", "NUMBER_TYPE_MIN", "NUMBER_TYPE_MIN"},
    {"\"position\":101", "NUMBER_TYPE_MAX", "NUMBER_TYPE_MAX"},
    {"\"position\":\"50\"", "NUMBER_TYPE_COERCE", NULL},
    {"\"position\":\"-1\"", "NUMBER_TYPE_COERCE", NULL},
    {"\"position\":\"101\"", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_MAX"},
    {"\"position\":\"-\"", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_COERCE"},
    {"\"position\":\"5 \"", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_COERCE"},
    {"\"position\":\"9223372036854775808\"", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_COERCE"},
    {"\"position\":\"\"", "NUMBER_TYPE_COERCE", NULL},
    {"\"position\":1.5", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_COERCE"},
    {"\"any_int\":\"-9223372036854775808\"", "NUMBER_TYPE_COERCE", NULL},
    {"\"nsfw\":false", NULL, NULL},
    {"\"nsfw\":1", "BOOLEAN_TYPE_CONVERT", "BOOLEAN_TYPE_CONVERT"},
    {"\"nsfw\":\"true\"", "BOOLEAN_TYPE_CONVERT", NULL},
    {"\"nsfw\":\"False\"", "BOOLEAN_TYPE_CONVERT", NULL},
    {"\"nsfw\":\"on\"", "BOOLEAN_TYPE_CONVERT", NULL},
    {"\"nsfw\":\"0\"", "BOOLEAN_TYPE_CONVERT", NULL},
    {"\"nsfw\":\"yes\"", "BOOLEAN_TYPE_CONVERT", "BOOLEAN_TYPE_CONVERT"},
    {"\"nonce\":\"1234567890123456789012345\"", NULL, NULL},
    {"\"nonce\":\"12345678901234567890123456\"", "BASE_TYPE_MAX_LENGTH", "BASE_TYPE_MAX_LENGTH"},
    {"\"nonce\":-12", NULL, NULL},
    {"\"nonce\":1.5", "STRING_TYPE_CONVERT", "STRING_TYPE_CONVERT"},
    {"\"nonce\":\"a\\nb\"", "STRING_TYPE_CONTROL", "STRING_TYPE_CONTROL"},
    {"\"allow\":0", NULL, NULL},
    {"\"allow\":\"0\"", NULL, NULL},
    {"\"allow\":-1", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_COERCE"},
    {"\"allow\":\"-1\"", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_COERCE"},
    {"\"allow\":\"18446744073709551616\"", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_COERCE"},
    {"\"allow\":\"99999999999999999999999999\"", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_COERCE"},
    {"\"allow\":\"0x8\"", "NUMBER_TYPE_COERCE", "NUMBER_TYPE_COERCE"},
    {"\"allow\":\"\"", "NUMBER_TYPE_COERCE", NULL},
};

static void assert_member(const struct member_case *member_case, bool is_form)
{
	const char *expected = is_form ? member_case->expected_form : member_case->expected_json;
	enum err e = decode(arena_printf(&arena, "{\"name\":\"a\",%s}", member_case->member), is_form);

	if (e != (expected ? ERR_INVALID_FORM : ERR_OK))
		fail_msg("%s gave %s", member_case->member, err_info(e)->name);
	assert_int_equal(errors.count, expected ? 1 : 0);
	if (expected) {
		assert_string_equal(errors.list[0].code, expected);
		assert_memory_equal(errors.list[0].field, member_case->member + 1, strlen(errors.list[0].field));
		assert_bits(BIT(NAME), 0);
	}
}

static void each_type_takes_its_values_and_no_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof member_cases / sizeof *member_cases; i++)
		assert_member(&member_cases[i], false);
}

static void forms_give_numbers_and_flags_as_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof member_cases / sizeof *member_cases; i++)
		assert_member(&member_cases[i], true);
	assert_int_equal(decode("{\"name\":\"a\",\"nsfw\":\"TRUE\",\"position\":\"-1\"}", true), ERR_OK);
	assert_true(input.is_nsfw);
	assert_int_equal(input.position, -1);
	assert_int_equal(decode("{\"name\":\"a\",\"nsfw\":\"off\"}", true), ERR_OK);
	assert_false(input.is_nsfw);
	assert_bits(BIT(NAME) | BIT(NSFW), 0);
}

static void a_required_field_must_be_there_and_not_blank(void **state)
{
	static const char *const texts[] = {"{}", "{\"name\":null}", "{\"name\":\"\"}", "{\"name\":\" \\n\\u3000\"}"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_int_equal(decode(texts[i], false), ERR_INVALID_FORM);
		assert_int_equal(errors.count, 1);
		assert_string_equal(errors.list[0].field, "name");
		assert_string_equal(errors.list[0].code, "BASE_TYPE_REQUIRED");
	}
}

static void text_is_trimmed_before_it_is_measured(void **state)
{
	(void)state;
	assert_int_equal(decode("{\"name\":\"  \\u3000 12345 \\n\"}", false), ERR_OK);
	assert_string_equal(input.name, "12345");
	assert_int_equal(decode("{\"name\":\"\\u00a0a b\"}", false), ERR_OK);
	assert_string_equal(input.name, "a b");
	assert_int_equal(decode("{\"name\":\"a\",\"topic\":\" kept \"}", false), ERR_OK);
	assert_string_equal(input.topic, " kept ");
}

static void line_ends_of_forms_become_newlines(void **state)
{
	(void)state;
	assert_int_equal(decode("{\"name\":\"a\",\"topic\":\"a\\r\\nb\\rc\\n\\r\\n\"}", true), ERR_OK);
	assert_string_equal(input.topic, "a\nb\nc\n\n");
	assert_int_equal(decode("{\"name\":\"a\",\"login\":\"a\\rb\"}", true), ERR_INVALID_FORM);
}

static void lower_case_is_of_ascii_letters_only(void **state)
{
	(void)state;
	assert_int_equal(decode("{\"name\":\"a\",\"login\":\"AZ@[ÄÉ\"}", false), ERR_OK);
	assert_string_equal(input.login, "az@[ÄÉ");
}

static void an_integer_nonce_becomes_text_and_an_empty_one_none(void **state)
{
	(void)state;
	assert_int_equal(decode("{\"name\":\"a\",\"nonce\":175928847299117063}", false), ERR_OK);
	assert_string_equal(input.nonce, "175928847299117063");
	assert_int_equal(decode("{\"name\":\"a\",\"nonce\":\"\"}", false), ERR_OK);
	assert_null(input.nonce);
	assert_bits(BIT(NAME), 0);
}

static void text_without_a_limit_of_its_own_ends_at_the_common_one(void **state)
{
	char *text = arena_alloc(&arena, FIELD_TEXT_MAX + 64);
	size_t prefix = strlen("{\"name\":\"a\",\"login\":\"");

	(void)state;
	memcpy(text, "{\"name\":\"a\",\"login\":\"", prefix);
	memset(text + prefix, 'x', FIELD_TEXT_MAX + 1);
	memcpy(text + prefix + FIELD_TEXT_MAX, "\"}", 3);
	assert_int_equal(decode(text, false), ERR_OK);
	assert_int_equal(strlen(input.login), FIELD_TEXT_MAX);
	memcpy(text + prefix + FIELD_TEXT_MAX, "x\"}", 4);
	assert_int_equal(decode(text, false), ERR_INVALID_FORM);
}

static void everything_that_is_wrong_is_listed(void **state)
{
	(void)state;
	assert_int_equal(decode("{\"topic\":1,\"channel_id\":\"x\",\"nsfw\":3}", false), ERR_INVALID_FORM);
	assert_int_equal(errors.count, 4);
	assert_string_equal(errors.list[0].field, "name");
	assert_string_equal(errors.list[1].field, "topic");
	assert_string_equal(errors.list[2].field, "channel_id");
	assert_string_equal(errors.list[3].field, "nsfw");
}

static void what_is_no_object_is_an_error_of_the_whole(void **state)
{
	static const char *const texts[] = {"[]", "\"name\"", "1", "null", "[{\"name\":\"a\"}]"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_int_equal(decode(texts[i], false), ERR_INVALID_FORM);
		assert_int_equal(errors.count, 1);
		assert_string_equal(errors.list[0].field, "");
		assert_string_equal(errors.list[0].code, "DICT_TYPE_CONVERT");
		assert_null(input.name);
		assert_bits(0, 0);
	}
}

static void a_missing_value_is_no_object_either(void **state)
{
	(void)state;
	assert_int_equal(field_decode(&arena, table, NULL, false, &input, &errors), ERR_INVALID_FORM);
}

static void errors_have_the_form_that_discords_libraries_read(void **state)
{
	struct field_errors list = {.count = 0};
	struct buf out;
	struct jw jw;

	(void)state;
	buf_init(&out);
	jw_init(&jw, &out);
	field_errors_add(&list, "content", "A", "One");
	field_errors_add(&list, "", "W", "Whole");
	field_errors_add(&list, "name", "B", "\"Two\"");
	field_errors_add(&list, "content", "C", "Three");
	jw_object(&jw, NULL);
	field_errors_to_json(&jw, "errors", &list);
	jw_int(&jw, "after", 1);
	jw_object_end(&jw);
	assert_string_equal(out.p,
			    "{\"errors\":{\"content\":{\"_errors\":[{\"code\":\"A\",\"message\":\"One\"},"
			    "{\"code\":\"C\",\"message\":\"Three\"}]},"
			    "\"_errors\":[{\"code\":\"W\",\"message\":\"Whole\"}],"
			    "\"name\":{\"_errors\":[{\"code\":\"B\",\"message\":\"\\\"Two\\\"\"}]}},\"after\":1}");
	buf_free(&out);
}

static void a_path_becomes_objects_in_objects(void **state)
{
	struct field_errors list = {.count = 0};
	struct buf out;
	struct jw jw;

	(void)state;
	buf_init(&out);
	jw_init(&jw, &out);
	field_errors_add(&list, "embeds.0.title", "A", "One");
	field_errors_add(&list, "embed", "B", "Two");
	field_errors_add(&list, "embeds", "C", "Three");
	field_errors_add(&list, "embeds.0.fields.12.name", "D", "Four");
	field_errors_add(&list, "embeds.0.title", "E", "Five");
	field_errors_to_json(&jw, NULL, &list);
	assert_string_equal(out.p,
			    "{\"embeds\":{\"0\":{\"title\":{\"_errors\":[{\"code\":\"A\",\"message\":\"One\"},"
			    "{\"code\":\"E\",\"message\":\"Five\"}]},"
			    "\"fields\":{\"12\":{\"name\":{\"_errors\":[{\"code\":\"D\",\"message\":\"Four\"}]}}}},"
			    "\"_errors\":[{\"code\":\"C\",\"message\":\"Three\"}]},"
			    "\"embed\":{\"_errors\":[{\"code\":\"B\",\"message\":\"Two\"}]}}");
	buf_free(&out);
}

#define arena_test(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    arena_test(every_type_is_decoded),
	    arena_test(what_is_absent_is_zero),
	    arena_test(null_counts_as_absent_and_is_marked),
	    arena_test(unknown_fields_are_ignored),
	    arena_test(an_alias_is_taken_when_the_name_is_absent),
	    arena_test(each_type_takes_its_values_and_no_others),
	    arena_test(forms_give_numbers_and_flags_as_text),
	    arena_test(a_required_field_must_be_there_and_not_blank),
	    arena_test(text_is_trimmed_before_it_is_measured),
	    arena_test(line_ends_of_forms_become_newlines),
	    arena_test(lower_case_is_of_ascii_letters_only),
	    arena_test(an_integer_nonce_becomes_text_and_an_empty_one_none),
	    arena_test(text_without_a_limit_of_its_own_ends_at_the_common_one),
	    arena_test(everything_that_is_wrong_is_listed),
	    arena_test(what_is_no_object_is_an_error_of_the_whole),
	    arena_test(a_missing_value_is_no_object_either),
	    arena_test(errors_have_the_form_that_discords_libraries_read),
	    arena_test(a_path_becomes_objects_in_objects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
