/* The short keyed hash. */
#include "crypto/keyed_hash.h"
#include "crypto/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The example of the paper that defines SipHash (Aumasson and Bernstein, 2012, appendix A). */
static void it_is_siphash(void **state)
{
	static const unsigned char expected[8] = {0xe5, 0x45, 0xbe, 0x49, 0x61, 0xca, 0x29, 0xa1};
	unsigned char bytes[16];
	struct keyed_hash_key key;
	uint64_t hash;

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)i;
	memcpy(&key, bytes, sizeof key);
	hash = keyed_hash(&key, bytes, 15);
	assert_memory_equal(&hash, expected, sizeof expected);
}

static void another_key_is_another_hash(void **state)
{
	struct keyed_hash_key one, two;

	(void)state;
	keyed_hash_key_random(&one);
	keyed_hash_key_random(&two);
	assert_true(one.halves[0] != 0 && one.halves[1] != 0);
	assert_true(keyed_hash(&one, "ada", 3) == keyed_hash(&one, "ada", 3));
	assert_true(keyed_hash(&one, "ada", 3) != keyed_hash(&two, "ada", 3));
	assert_true(keyed_hash(&one, "ada", 3) != keyed_hash(&one, "ada", 2));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_is_siphash),
	    cmocka_unit_test(another_key_is_another_hash),
	};

	secret_open();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
