/* The configuration as snug run takes it: file, environment, what holds together; and conf/snug.conf itself. */
#include "base/buf.h"
#include "run/run_config.h"
#include "run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char listen_local[] = "127.0.0.1:8080";

static struct run_config config;

static void load(const char *file)
{
	if (file)
		run_fixture_write("snug.conf", file);
	assert_int_equal(run_config_load(NULL, listen_local, &config), ERR_OK);
}

static void refused(const char *file, const char *why)
{
	run_fixture_write("snug.conf", file);
	if (run_config_load(NULL, listen_local, &config) == ERR_OK)
		fail_msg("accepted: %s", file);
	if (!run_fixture_was_told(why))
		fail_msg("not told \"%s\" of: %s", why, file);
}

static void without_a_file_everything_has_its_default(void **state)
{
	(void)state;
	load(NULL);
	assert_string_equal(config.public_url, "http://127.0.0.1:8080");
	assert_false(config.is_https);
	assert_false(config.needs_code);
	assert_int_equal(config_int(&config.values, CONFIG_POOL_MAX), 64);
	run_config_free(&config);
}

static void the_environment_comes_before_the_file(void **state)
{
	(void)state;
	setenv("SNUG_POOL_MAX", "9", 1);
	load("pool_max = 7\npool_min = 3\n");
	unsetenv("SNUG_POOL_MAX");
	assert_int_equal(config_int(&config.values, CONFIG_POOL_MAX), 9);
	assert_int_equal(config_int(&config.values, CONFIG_POOL_MIN), 3);
	run_config_free(&config);
}

static void what_does_not_hold_together_is_refused_in_one_line(void **state)
{
	(void)state;
	refused("pool_max = 7\nfrob = 1\n", "snug.conf, line 2: names a key that does not exist");
	refused("pool_min = 9\npool_max = 3\n", "pool_min is above pool_max");
	refused("public_url = chat.example.org\n", "public_url");
	refused("public_url = https://chat.example.org/chat\n", "public_url");
	refused("public_url = ftp://chat.example.org\n", "public_url");
	refused("trusted_proxies = 10.0.0.1, nonsense\n", "\"nonsense\"");
	refused("trusted_proxies = 10.0.0.1,\n", "trusted_proxies");
	refused("tls_key = /etc/passwd\n", "one of the two is missing");
	refused("smtp_url = mail.example.org\n", "smtp_url");
	refused("smtp_url = http://mail.example.org\n", "smtp_url");
	refused("smtp_url = smtp://\n", "smtp_url");
	refused("smtp_url = smtp://mail.example.org/x\n", "smtp_url");
	refused("smtp_url = smtp://ada:secret@mail.example.org\n", "smtp_url is not of the form");
	refused("smtp_password = x\n", "smtp_user");
	refused("mail_from = Ada <ada@example.org>\n", "mail_from");
	refused("smtp_ca = cert.pem\n", "must be a whole path");
	refused("tls_key = key.pem\ntls_certificate = cert.pem\n", "must be a whole path");
	refused("tls_key = /nonexistent\ntls_certificate = /nonexistent\n", "/nonexistent cannot be read");
	refused("tls_key = /tmp\ntls_certificate = /tmp\n", "/tmp is not a file");
}

static void a_link_in_place_of_the_file_is_refused(void **state)
{
	(void)state;
	assert_int_equal(symlink("/etc/hostname", "snug.conf"), 0);
	assert_int_not_equal(run_config_load(NULL, listen_local, &config), ERR_OK);
	assert_true(run_fixture_was_told("snug.conf cannot be read"));
}

static void whoever_can_be_reached_from_elsewhere_needs_the_code(void **state)
{
	static const struct {
		const char *listen, *public_url, *seen_as;
		bool needs_code;
	} rows[] = {
	    {"127.0.0.1:8080", "", "http://127.0.0.1:8080", false},
	    {"[::1]:80", "", "http://[::1]", false},
	    {"127.0.0.1:8080", "http://localhost:8080/", "http://localhost:8080", false},
	    {"127.0.0.1:8080", "https://chat.example.org/", "https://chat.example.org", true},
	    {"192.0.2.1:8080", "", "http://192.0.2.1:8080", true},
	    {"192.0.2.1:8080", "http://localhost:8080", "http://localhost:8080", true},
	    {"*:80", "", "http://[::]", true},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		setenv("SNUG_PUBLIC_URL", rows[i].public_url, 1);
		assert_int_equal(run_config_load(NULL, rows[i].listen, &config), ERR_OK);
		assert_string_equal(config.public_url, rows[i].seen_as);
		assert_int_equal(config.needs_code, rows[i].needs_code);
		run_config_free(&config);
	}
	unsetenv("SNUG_PUBLIC_URL");
}

static void the_url_has_the_port_that_was_bound(void **state)
{
	struct run_address bound;
	(void)state;
	assert_int_equal(run_config_load(NULL, "127.0.0.1:0", &config), ERR_OK);
	assert_int_equal(run_address_parse("127.0.0.1:41234", &bound), ERR_OK);
	run_config_listens(&config, &bound);
	assert_string_equal(config.public_url, "http://127.0.0.1:41234");
	run_config_free(&config);
}

/* conf/snug.conf shows every key with its help and its default, in the order of the table, and is itself valid. */
static void the_example_is_in_step_with_the_table(void **state)
{
	char path[1200], line[512], wanted[512];
	(void)state;
	snprintf(path, sizeof path, "%s/conf/snug.conf", run_fixture_home);
	assert_int_equal(run_config_load(path, listen_local, &config), ERR_OK);
	run_config_free(&config);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	for (unsigned i = 0; i < CONFIG_COUNT; i++) {
		const struct config_row *row = config_row((enum config_key)i);
		bool is_found = false, has_help = false;
		snprintf(wanted, sizeof wanted, "#%s =%s%s\n", row->name, row->initial[0] ? " " : "", row->initial);
		while (!is_found && fgets(line, sizeof line, file)) {
			has_help = has_help || (line[0] == '#' && strstr(line, row->help));
			is_found = strcmp(line, wanted) == 0;
		}
		if (!is_found || !has_help)
			fail_msg("conf/snug.conf: \"# %s\" and \"%s\" do not stand there in this order", row->help,
				 wanted);
	}
	while (fgets(line, sizeof line, file))
		assert_string_equal(line, "\n");
	fclose(file);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, run_fixture_open, run_fixture_close)
	static const struct CMUnitTest tests[] = {
	    TEST(without_a_file_everything_has_its_default),
	    TEST(the_environment_comes_before_the_file),
	    TEST(what_does_not_hold_together_is_refused_in_one_line),
	    TEST(a_link_in_place_of_the_file_is_refused),
	    TEST(whoever_can_be_reached_from_elsewhere_needs_the_code),
	    TEST(the_url_has_the_port_that_was_bound),
	    TEST(the_example_is_in_step_with_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
