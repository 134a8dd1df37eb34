/* Which addresses are public: the first and the last of each range that is not, and what stands beside it. */
#include "http/public_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

union any {
	struct sockaddr plain;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static union any parse(const char *text)
{
	union any out;
	memset(&out, 0, sizeof(out));
	if (strchr(text, ':') != NULL) {
		out.v6.sin6_family = AF_INET6;
		assert_int_equal(inet_pton(AF_INET6, text, &out.v6.sin6_addr), 1);
	} else {
		out.v4.sin_family = AF_INET;
		assert_int_equal(inet_pton(AF_INET, text, &out.v4.sin_addr), 1);
	}
	return out;
}

static void check(const char *const *list, bool is_public)
{
	for (; *list != NULL; list++) {
		union any address = parse(*list);
		if (public_address_is(&address.plain) != is_public)
			fail_msg("%s is%s public", *list, is_public ? " not" : "");
	}
}

static void test_addresses_of_no_public_use_are_refused(void **state)
{
	static const char *const list[] = {
	    "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
	    "127.255.255.255", "169.254.0.0", "169.254.169.254", "169.254.255.255", "172.16.0.0", "172.31.255.255",
	    "192.0.0.0", "192.0.0.170", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.0",
	    "192.168.255.255", "192.175.48.1", "198.18.0.0", "198.19.255.255", "198.51.100.255", "203.0.113.0",
	    "224.0.0.1", "239.255.255.255", "240.0.0.0", "255.255.255.255",
	    /* IPv6: nothing, oneself, IPv4 inside in each way there is */
	    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b::8.8.8.8",
	    "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1", "2001::1",
	    "2001:0:4136:e378::", "2001:2::1", "2001:10::1", "2001:20::1", "2001:1ff:ffff::", "2001:db8::1",
	    "2001:db8:ffff::", "2a00:1450::5efe:127.0.0.1", "2a00:1450::200:5efe:10.0.0.1", "3ffe::1", "3fff::1",
	    "3fff:fff::1", "2620:4f:8000::1",
	    /* link-local, site-local, unique local, multicast, discard-only, and what nobody has given out */
	    "fe80::1", "febf::1", "fec0::1", "fc00::1", "fdff::1", "ff02::1", "ff0e::1", "100::1", "5f00::1", "4000::1",
	    "1fff::1", "e000::1", NULL};
	(void)state;
	check(list, false);
}

static void test_others_are_public(void **state)
{
	static const char *const list[] = {"1.0.0.0",
					   "1.1.1.1",
					   "8.8.8.8",
					   "9.255.255.255",
					   "11.0.0.0",
					   "100.63.255.255",
					   "100.128.0.0",
					   "126.255.255.255",
					   "128.0.0.0",
					   "169.253.255.255",
					   "169.255.0.0",
					   "172.15.255.255",
					   "172.32.0.0",
					   "192.0.1.0",
					   "192.0.3.0",
					   "192.167.255.255",
					   "192.169.0.0",
					   "198.17.255.255",
					   "198.20.0.0",
					   "198.51.101.0",
					   "203.0.112.255",
					   "223.255.255.255",
					   "2000::1",
					   "2001:200::1",
					   "2001:4860:4860::8888",
					   "2003::1",
					   "2606:4700:4700::1111",
					   "2a00:1450:4001::200e",
					   "3fff:1000::1",
					   "2a00:1450::100:5efe:1",
					   NULL};
	(void)state;
	check(list, true);
}

static void test_other_families_are_not_public(void **state)
{
	struct sockaddr unix_address = {.sa_family = AF_UNIX};
	(void)state;
	assert_false(public_address_is(&unix_address));
	assert_false(public_address_is_in(&unix_address, "0.0.0.0/0, ::/0"));
}

static void test_networks_of_a_list(void **state)
{
	union any loopback = parse("127.0.0.1"), other = parse("127.0.0.2"), six = parse("::1");
	(void)state;
	assert_true(public_address_is_in(&loopback.plain, "127.0.0.1/32"));
	assert_true(public_address_is_in(&loopback.plain, "10.0.0.0/8, 127.0.0.1"));
	assert_true(public_address_is_in(&other.plain, "127.0.0.0/8"));
	assert_true(public_address_is_in(&other.plain, "127.0.0.2/31"));
	assert_true(public_address_is_in(&six.plain, "127.0.0.1,::1/128"));
	assert_true(public_address_is_in(&six.plain, "::/0"));
	static const char *const wrong[] = {"",
					    "127.0.0.1/32",
					    ",",
					    "/",
					    "x",
					    "127.0.0.2/33",
					    "127.0.0.2/-1",
					    "127.0.0.2/",
					    "127.0.0.2/3x",
					    "127.0.0.2/0000",
					    "::7f00:2/96x",
					    "127.0.0.2 x",
					    NULL};
	for (const char *const *each = wrong; *each != NULL; each++) {
		if (public_address_is_in(&other.plain, *each))
			fail_msg("127.0.0.2 is in \"%s\"", *each);
	}
	assert_false(public_address_is_in(&six.plain, "0.0.0.0/0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_addresses_of_no_public_use_are_refused),
	    cmocka_unit_test(test_others_are_public),
	    cmocka_unit_test(test_other_families_are_not_public),
	    cmocka_unit_test(test_networks_of_a_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
