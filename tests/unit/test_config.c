/* Configuration: the table of keys, the file, the environment. */
#include "base/config.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct config config;

static int open_config(void **state)
{
	(void)state;
	config_init(&config);
	return 0;
}

static int close_config(void **state)
{
	(void)state;
	config_free(&config);
	return 0;
}

static void every_default_is_one_that_may_be_set(void **state)
{
	(void)state;
	for (unsigned key = 0; key < CONFIG_COUNT; key++) {
		const struct config_row *row = config_row((enum config_key)key);
		const char *why;

		assert_string_equal(config_text(&config, (enum config_key)key), row->initial);
		if (config_set(&config, (enum config_key)key, row->initial, &why) != ERR_OK)
			fail_msg("%s: the default %s", row->name, why);
		assert_true(row->help[0] != 0);
		assert_int_equal(row->choices != NULL, row->type == CONFIG_TYPE_CHOICE);
		if (row->type == CONFIG_TYPE_INT)
			assert_true(row->min < row->max);
	}
}

/* config.def holds each name twice, since the preprocessor cannot change its case. */
static void the_file_and_the_environment_use_the_same_name(void **state)
{
	static const char *const upper_names[] = {
#define CONFIG(name, key, type, initial, min, max, help) #name,
#include "base/config.def"
#undef CONFIG
	};

	(void)state;
	for (unsigned key = 0; key < CONFIG_COUNT; key++) {
		const char *lower_name = config_row((enum config_key)key)->name;

		assert_int_equal(strlen(lower_name), strlen(upper_names[key]));
		for (size_t i = 0; lower_name[i]; i++)
			assert_int_equal(toupper((unsigned char)lower_name[i]), upper_names[key][i]);
	}
}

static void a_file_sets_what_it_names_and_nothing_else(void **state)
{
	static const char text[] = "# the team's chat\n"
				   "\n"
				   "public_url = https://chat.example.org/#a # b\r\n"
				   "  pool_max=7  \n"
				   "\t# indented\n"
				   "rate_limits\t=\toff\n"
				   "tls_key =\n"
				   "registration = open";
	const char *why;
	int line;

	(void)state;
	assert_int_equal(config_parse(&config, text, sizeof text - 1, &line, &why), ERR_OK);
	assert_string_equal(config_text(&config, CONFIG_PUBLIC_URL), "https://chat.example.org/#a # b");
	assert_int_equal(config_int(&config, CONFIG_POOL_MAX), 7);
	assert_false(config_flag(&config, CONFIG_RATE_LIMITS));
	assert_string_equal(config_text(&config, CONFIG_TLS_KEY), "");
	assert_string_equal(config_text(&config, CONFIG_REGISTRATION), "open");
	assert_int_equal(config_int(&config, CONFIG_POOL_MIN), 2);
	assert_string_equal(config_text(&config, CONFIG_LOG_LEVEL), "info");
}

static void an_empty_file_changes_nothing(void **state)
{
	const char *why;
	int line;

	(void)state;
	assert_int_equal(config_parse(&config, "", 0, &line, &why), ERR_OK);
	assert_int_equal(config_parse(&config, NULL, 0, &line, &why), ERR_OK);
	assert_int_equal(config_parse(&config, "\n\n", 2, &line, &why), ERR_OK);
	assert_string_equal(config_text(&config, CONFIG_REGISTRATION), "invite");
}

static void the_first_bad_line_is_named(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *why;
	} cases[] = {
	    {"pool_max", 1, "is not of the form key = value"},
	    {"\n\npool_maximum = 3\nalso bad", 3, "names a key that does not exist"},
	    {"POOL_MAX = 3", 1, "names a key that does not exist"},
	    {"= 3", 1, "names a key that does not exist"},
	    {"pool_max = 3\n# x\npool_max = 3\n", 3, "sets a key a second time"},
	    {"pool_max = ", 1, "is not a whole number"},
	    {"pool_max = 3 # three", 1, "is not a whole number"},
	    {"registration = Open", 1, "is none of the choices"},
	    {"\xef\xbb\xbfpool_max = 3", 1, "names a key that does not exist"},
	    {"public_url = \xff", 1, "holds a character that is not allowed"},
	    {"public_url = a\tb", 1, "holds a character that is not allowed"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *why = NULL;
		int line = 0;

		assert_int_equal(config_parse(&config, cases[i].text, strlen(cases[i].text), &line, &why),
				 ERR_INVALID_FORM);
		assert_int_equal(line, cases[i].line);
		assert_string_equal(why, cases[i].why);
	}
}

static void a_nul_byte_in_a_file_is_refused(void **state)
{
	static const char text[] = "registration = open\0closed\n";
	const char *why;
	int line;

	(void)state;
	assert_int_equal(config_parse(&config, text, sizeof text - 1, &line, &why), ERR_INVALID_FORM);
	assert_string_equal(why, "holds a NUL byte");
	assert_string_equal(config_text(&config, CONFIG_REGISTRATION), "invite");
}

static void values_are_checked_by_type_and_bounds(void **state)
{
	static const struct {
		enum config_key key;
		const char *value;
		const char *kept; /* NULL: refused */
	} cases[] = {
	    {CONFIG_POOL_MAX, "1", "1"},
	    {CONFIG_POOL_MAX, "256", "256"},
	    {CONFIG_POOL_MAX, "0", NULL},
	    {CONFIG_POOL_MAX, "257", NULL},
	    {CONFIG_POOL_MAX, "-1", NULL},
	    {CONFIG_POOL_MAX, "+5", NULL},
	    {CONFIG_POOL_MAX, " 5", NULL},
	    {CONFIG_POOL_MAX, "5.0", NULL},
	    {CONFIG_POOL_MAX, "0x10", NULL},
	    {CONFIG_POOL_MAX, "1e1", NULL},
	    {CONFIG_POOL_MAX, "", NULL},
	    {CONFIG_POOL_MAX, "18446744073709551617", NULL},
	    {CONFIG_UID_BASE, "4000000000", "4000000000"},
	    {CONFIG_RATE_LIMITS, "on", "on"},
	    {CONFIG_RATE_LIMITS, "true", "on"},
	    {CONFIG_RATE_LIMITS, "1", "on"},
	    {CONFIG_RATE_LIMITS, "off", "off"},
	    {CONFIG_RATE_LIMITS, "false", "off"},
	    {CONFIG_RATE_LIMITS, "0", "off"},
	    {CONFIG_RATE_LIMITS, "yes", NULL},
	    {CONFIG_RATE_LIMITS, "ON", NULL},
	    {CONFIG_RATE_LIMITS, "", NULL},
	    {CONFIG_REGISTRATION, "closed", "closed"},
	    {CONFIG_REGISTRATION, "invite", "invite"},
	    {CONFIG_REGISTRATION, "close", NULL},
	    {CONFIG_REGISTRATION, "invite|open", NULL},
	    {CONFIG_REGISTRATION, "", NULL},
	    {CONFIG_PUBLIC_URL, "", ""},
	    {CONFIG_PUBLIC_URL, "https://é.example", "https://é.example"},
	    {CONFIG_PUBLIC_URL, "a\nb", NULL},
	    {CONFIG_PUBLIC_URL, "a\x7f", NULL},
	    {CONFIG_PUBLIC_URL, "\xc0\xaf", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *before = strdup(config_text(&config, cases[i].key));
		const char *why = "left alone";

		if (cases[i].kept) {
			assert_int_equal(config_set(&config, cases[i].key, cases[i].value, &why), ERR_OK);
			assert_null(why);
			assert_string_equal(config_text(&config, cases[i].key), cases[i].kept);
		} else {
			assert_int_equal(config_set(&config, cases[i].key, cases[i].value, &why), ERR_INVALID_FORM);
			assert_non_null(why);
			assert_string_equal(config_text(&config, cases[i].key), before);
		}
		free(before);
	}
}

static void a_text_is_as_long_as_its_row_allows(void **state)
{
	char value[257];
	const char *why;

	(void)state;
	memset(value, 'a', sizeof value);
	value[256] = 0;
	assert_int_equal(config_set(&config, CONFIG_PUBLIC_URL, value, &why), ERR_INVALID_FORM);
	value[255] = 0;
	assert_int_equal(config_set(&config, CONFIG_PUBLIC_URL, value, &why), ERR_OK);
}

static void the_environment_overrides_and_strangers_are_ignored(void **state)
{
	static char one[] = "SNUG_POOL_MIN=5", two[] = "SNUG_FD_LISTEN=x", three[] = "SNUG_BIN=/bin",
		    four[] = "POOL_MAX=9";
	static char five[] = "SNUG_pool_max=9", six[] = "SNUG_POOL_MAXIMUM=9", seven[] = "nothing", eight[] = "SNUG_=1";
	static char nine[] = "SNUG_PUBLIC_URL=https://a.example/?b=c", ten[] = "SNUG_POOL_MA=9", eleven[] = "=x";
	char *const environment[] = {one, two, three, four, five, six, seven, eight, nine, ten, eleven, NULL};
	const char *key, *why;

	(void)state;
	assert_int_equal(config_from_environment(&config, environment, &key, &why), ERR_OK);
	assert_null(key);
	assert_int_equal(config_int(&config, CONFIG_POOL_MIN), 5);
	assert_int_equal(config_int(&config, CONFIG_POOL_MAX), 64);
	assert_string_equal(config_text(&config, CONFIG_PUBLIC_URL), "https://a.example/?b=c");
}

static void a_bad_variable_is_named(void **state)
{
	static char bad[] = "SNUG_LOG_LEVEL=loud";
	char *const environment[] = {bad, NULL};
	const char *key = NULL, *why = NULL;

	(void)state;
	assert_int_equal(config_from_environment(&config, environment, &key, &why), ERR_INVALID_FORM);
	assert_string_equal(key, "log_level");
	assert_string_equal(why, "is none of the choices");
}

/* How snug run hands the configuration down. */
static void a_configuration_survives_the_way_through_the_environment(void **state)
{
	char *environment[CONFIG_COUNT + 1] = {0};
	const char *key, *why;
	struct config other;

	(void)state;
	assert_int_equal(config_set(&config, CONFIG_PUBLIC_URL, "https://a.example", &why), ERR_OK);
	assert_int_equal(config_set(&config, CONFIG_RATE_LIMITS, "0", &why), ERR_OK);
	for (unsigned i = 0; i < CONFIG_COUNT; i++) {
		char name[64];
		size_t at = 0;

		for (const char *p = config_row((enum config_key)i)->name; *p; p++)
			name[at++] = (char)toupper((unsigned char)*p);
		name[at] = 0;
		assert_true(asprintf(&environment[i], "SNUG_%s=%s", name, config_text(&config, (enum config_key)i)) >
			    0);
	}
	config_init(&other);
	assert_int_equal(config_from_environment(&other, environment, &key, &why), ERR_OK);
	for (unsigned i = 0; i < CONFIG_COUNT; i++) {
		assert_string_equal(config_text(&other, (enum config_key)i), config_text(&config, (enum config_key)i));
		free(environment[i]);
	}
	config_free(&other);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(every_default_is_one_that_may_be_set, open_config, close_config),
	    cmocka_unit_test(the_file_and_the_environment_use_the_same_name),
	    cmocka_unit_test_setup_teardown(a_file_sets_what_it_names_and_nothing_else, open_config, close_config),
	    cmocka_unit_test_setup_teardown(an_empty_file_changes_nothing, open_config, close_config),
	    cmocka_unit_test_setup_teardown(the_first_bad_line_is_named, open_config, close_config),
	    cmocka_unit_test_setup_teardown(a_nul_byte_in_a_file_is_refused, open_config, close_config),
	    cmocka_unit_test_setup_teardown(values_are_checked_by_type_and_bounds, open_config, close_config),
	    cmocka_unit_test_setup_teardown(a_text_is_as_long_as_its_row_allows, open_config, close_config),
	    cmocka_unit_test_setup_teardown(the_environment_overrides_and_strangers_are_ignored, open_config,
					    close_config),
	    cmocka_unit_test_setup_teardown(a_bad_variable_is_named, open_config, close_config),
	    cmocka_unit_test_setup_teardown(a_configuration_survives_the_way_through_the_environment, open_config,
					    close_config),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
