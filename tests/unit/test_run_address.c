/* Addresses to listen on, and the networks of proxies. */
#include "run/run_address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void addresses_are_read_and_written(void **state)
{
	static const struct {
		const char *text, *written;
		bool is_loopback, is_unspecified;
	} rows[] = {
	    {"127.0.0.1:8080", "127.0.0.1:8080", true, false},
	    {"127.255.0.9:1", "127.255.0.9:1", true, false},
	    {"localhost:8080", "127.0.0.1:8080", true, false},
	    {"[::1]:65535", "[::1]:65535", true, false},
	    {"0.0.0.0:80", "0.0.0.0", false, true},
	    {"*:443", "[::]:443", false, true},
	    {"[2001:db8::7]:80", "[2001:db8::7]", false, false},
	    {"192.0.2.1:0", "192.0.2.1:0", false, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct run_address address;
		char text[RUN_ADDRESS_TEXT_SIZE];
		assert_int_equal(run_address_parse(rows[i].text, &address), ERR_OK);
		run_address_format(&address, 80, text);
		assert_string_equal(text, rows[i].written);
		assert_int_equal(run_address_is_loopback(&address), rows[i].is_loopback);
		assert_int_equal(run_address_is_unspecified(&address), rows[i].is_unspecified);
	}
}

static void what_is_no_address_is_refused(void **state)
{
	static const char *const rows[] = {"",           ":",           ":8080",      "8080",          "127.0.0.1",
					   "127.0.0.1:", "127.0.0.1:x", "1.2.3.4:-1", "1.2.3.4:65536", "1.2.3.4:123456",
					   "1.2.3:80",   "::1:80",      "[::1:80",    "[::1]80",       "[::1%lo]:80",
					   "[]:80",      "host:80",     " 1.2.3.4:80"};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct run_address address;
		if (run_address_parse(rows[i], &address) != ERR_BAD_REQUEST)
			fail_msg("\"%s\" was taken for an address", rows[i]);
	}
}

/* Whatever passes is written between quotes into lighttpd's configuration. */
static void only_addresses_and_networks_are_networks(void **state)
{
	static const char *const good[] = {"127.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "::1", "2001:db8::/32", "::/128"};
	static const char *const bad[] = {"",          "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/-1",
					  "::/129",    "1.2.3",       "x",         "all",          "1.2.3.4\"",
					  "1.2.3.4\n", "1.2.3.4 ",    "\"::1\"",   "::1/6 4"};
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (!run_address_is_network(good[i], strlen(good[i])))
			fail_msg("\"%s\" was refused", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (run_address_is_network(bad[i], strlen(bad[i])))
			fail_msg("\"%s\" was let through", bad[i]);
	assert_false(run_address_is_network("1.2.3.4\0", 8));
	assert_true(run_address_is_network("1.2.3.45", 7));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(addresses_are_read_and_written),
	    cmocka_unit_test(what_is_no_address_is_refused),
	    cmocka_unit_test(only_addresses_and_networks_are_networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
