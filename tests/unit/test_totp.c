/* Codes of authenticator programs, by the vectors of RFC 6238 and RFC 4648. */
#include "crypto/secret.h"
#include "crypto/totp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* RFC 6238 appendix B, whose codes have eight digits: the last six of them. */
static const struct totp_secret rfc_secret = {"12345678901234567890"};

static void codes_are_those_of_the_rfc(void **state)
{
	static const struct {
		int64_t now_s;
		const char *code;
	} vectors[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
		       {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
	char code[TOTP_DIGITS + 1];

	(void)state;
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		totp_code(&rfc_secret, vectors[i].now_s / TOTP_STEP_S, code);
		assert_string_equal(code, vectors[i].code);
		assert_int_equal(totp_step_of(&rfc_secret, code, vectors[i].now_s), vectors[i].now_s / TOTP_STEP_S);
	}
}

static void a_code_is_good_for_its_step_and_one_beside_it(void **state)
{
	int64_t step = 50000000;
	char code[TOTP_DIGITS + 1];

	(void)state;
	totp_code(&rfc_secret, step, code);
	assert_int_equal(totp_step_of(&rfc_secret, code, step * TOTP_STEP_S - TOTP_STEP_S), step);
	assert_int_equal(totp_step_of(&rfc_secret, code, step * TOTP_STEP_S + 2 * TOTP_STEP_S - 1), step);
	assert_int_equal(totp_step_of(&rfc_secret, code, step * TOTP_STEP_S - TOTP_STEP_S - 1), 0);
	assert_int_equal(totp_step_of(&rfc_secret, code, step * TOTP_STEP_S + 2 * TOTP_STEP_S), 0);
}

static void what_is_no_code_is_none(void **state)
{
	static const char *const others[] = {"", "28708", "2870820", "28708a", " 87082", "-87082", "２８７０８２"};

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		assert_false(totp_is_code(others[i]));
		assert_int_equal(totp_step_of(&rfc_secret, others[i], 59), 0);
	}
	assert_int_equal(totp_step_of(&rfc_secret, "287083", 59), 0);
}

static void a_secret_is_written_in_base32(void **state)
{
	char text[TOTP_BASE32_SIZE];

	(void)state;
	totp_secret_encode(&rfc_secret, text);
	assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

static void secrets_differ(void **state)
{
	struct totp_secret one, other;

	(void)state;
	totp_secret_random(&one);
	totp_secret_random(&other);
	assert_memory_not_equal(one.bytes, other.bytes, sizeof one.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(codes_are_those_of_the_rfc),
	    cmocka_unit_test(a_code_is_good_for_its_step_and_one_beside_it),
	    cmocka_unit_test(what_is_no_code_is_none),
	    cmocka_unit_test(a_secret_is_written_in_base32),
	    cmocka_unit_test(secrets_differ),
	};

	secret_open();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
