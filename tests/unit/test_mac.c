/* Message authentication, against RFC 4231. */
#include "crypto/mac.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void hmac_sha_256_is_that_of_the_rfc(void **state)
{
	/* Test case 2, whose key of four bytes is the same as one padded with zeros. */
	static const unsigned char expected[MAC_BYTES] = {
	    0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7,
	    0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43};
	struct secret key = {{'J', 'e', 'f', 'e'}};
	unsigned char mac[MAC_BYTES];

	(void)state;
	mac_sign(&key, "what do ya want for nothing?", 28, mac);
	assert_memory_equal(mac, expected, MAC_BYTES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(hmac_sha_256_is_that_of_the_rfc)};

	secret_open();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
