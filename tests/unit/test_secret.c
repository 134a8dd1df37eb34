/* Secrets, tokens, codes, digests, base64url. */
#include "crypto/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int open_secrets(void **state)
{
	(void)state;
	secret_open();
	return 0;
}

static void secrets_and_tokens_differ_each_time(void **state)
{
	char one[SECRET_TEXT_SIZE], other[SECRET_TEXT_SIZE];
	struct secret a, b;

	(void)state;
	secret_random(&a);
	secret_random(&b);
	assert_memory_not_equal(a.bytes, b.bytes, sizeof a.bytes);
	secret_token(one);
	secret_token(other);
	assert_string_not_equal(one, other);
}

static void a_token_is_256_bits_of_base64url(void **state)
{
	unsigned char bytes[SECRET_TEXT_SIZE];
	char token[SECRET_TEXT_SIZE];
	size_t n;

	(void)state;
	secret_token(token);
	assert_int_equal(strlen(token), 43);
	assert_true(base64url_decode(token, 43, bytes, &n));
	assert_int_equal(n, SECRET_BYTES);
}

static void a_code_uses_its_whole_alphabet_and_nothing_else(void **state)
{
	static const char alphabet[] = "abcdefghjkmnpqrstuvwxyz23456789";
	size_t counts[sizeof alphabet] = {0};
	char code[1001];

	(void)state;
	for (int round = 0; round < 31; round++) {
		secret_code(code, 1000, alphabet);
		assert_int_equal(strlen(code), 1000);
		for (size_t i = 0; i < 1000; i++) {
			const char *letter = strchr(alphabet, code[i]);

			assert_non_null(letter);
			counts[letter - alphabet]++;
		}
	}
	/* 1,000 of each are expected, with a standard deviation of 31. */
	for (size_t i = 0; i + 1 < sizeof alphabet; i++)
		assert_in_range(counts[i], 700, 1300);
	secret_code(code, 0, alphabet);
	assert_string_equal(code, "");
}

static void what_is_wiped_is_gone(void **state)
{
	static const struct secret zero;
	struct secret secret;

	(void)state;
	secret_random(&secret);
	secret_wipe(&secret, sizeof secret);
	assert_memory_equal(secret.bytes, zero.bytes, sizeof secret.bytes);
}

static void secrets_are_equal_when_every_byte_is(void **state)
{
	struct secret a, b;

	(void)state;
	secret_random(&a);
	b = a;
	assert_true(secret_equal(&a, &b, sizeof a));
	for (size_t i = 0; i < sizeof a.bytes; i++) {
		b.bytes[i] ^= 0x80;
		assert_false(secret_equal(&a, &b, sizeof a));
		b.bytes[i] ^= 0x80;
	}
	assert_true(secret_equal("a", "b", 0));
}

/* BLAKE2b-256 of "abc", as b2sum -l 256 says. */
static void the_digest_is_blake2b_256(void **state)
{
	static const unsigned char expected[DIGEST_BYTES] = {
	    0xbd, 0xdd, 0x81, 0x3c, 0x63, 0x42, 0x39, 0x72, 0x31, 0x71, 0xef, 0x3f, 0xee, 0x98, 0x57, 0x9b,
	    0x94, 0x96, 0x4e, 0x3b, 0xb1, 0xcb, 0x3e, 0x42, 0x72, 0x62, 0xc8, 0xc0, 0x68, 0xd5, 0x23, 0x19,
	};
	unsigned char digest[DIGEST_BYTES];

	(void)state;
	secret_digest("abc", 3, digest);
	assert_memory_equal(digest, expected, sizeof digest);
	secret_digest("abcd", 3, digest);
	assert_memory_equal(digest, expected, sizeof digest);
	secret_digest("abd", 3, digest);
	assert_memory_not_equal(digest, expected, sizeof digest);
}

/* RFC 4648 section 10, without padding; and the two characters that base64url changes. */
static void bytes_are_written_and_read_as_base64url(void **state)
{
	static const struct {
		const char *bytes, *text;
	} cases[] = {
	    {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
	    {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xef\xff", "--__"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t n = strlen(cases[i].bytes), text_n = strlen(cases[i].text), decoded_n;
		unsigned char bytes[16];
		char text[16];

		assert_int_equal(base64url_encode(cases[i].bytes, n, text), text_n);
		assert_string_equal(text, cases[i].text);
		assert_true(base64url_decode(text, text_n, bytes, &decoded_n));
		assert_int_equal(decoded_n, n);
		assert_memory_equal(bytes, cases[i].bytes, n);
	}
}

static void only_canonical_base64url_is_read(void **state)
{
	static const char *const texts[] = {
	    "Z",   "Zg=",   "Zg==", "Zm8=", "Zh", /* unused bits that are not zero */
	    "Zm9", "Zm9vY", "Z+",   "Z/",   "Zm 8", " Zg", "Zg ", "Zg\n", "Zg.", "\xc3\xa9", "Zm9v\xff",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		unsigned char bytes[16];
		size_t n = 99;

		if (base64url_decode(texts[i], strlen(texts[i]), bytes, &n))
			fail_msg("%s was taken", texts[i]);
		assert_int_equal(n, 0);
	}
	assert_false(base64url_decode("Zg\0A", 4, (unsigned char[4]){0}, &(size_t){0}));
}

/* libsodium 1.0.18 takes some bytes above 0x7f for letters, which gave a token a second spelling. */
static void no_byte_but_the_64_characters_is_read(void **state)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

	(void)state;
	for (int c = 0; c < 256; c++) {
		for (size_t at = 0; at < 4; at++) {
			unsigned char bytes[4];
			char text[] = "AAAA";
			size_t n;

			text[at] = (char)c;
			if (base64url_decode(text, 4, bytes, &n) != (c != 0 && strchr(alphabet, c)))
				fail_msg("byte %02x at %zu", (unsigned)c, at);
		}
	}
}

/* In memory of just the sizes that the header names, which AddressSanitizer guards. */
static void every_length_stays_within_the_sizes_of_the_contract(void **state)
{
	(void)state;
	for (size_t n = 0; n < 100; n++) {
		unsigned char *bytes = calloc(1, n + 1), *decoded;
		char *text = malloc(4 * ((n + 2) / 3) + 1);
		size_t text_n, decoded_n;

		assert_true(bytes && text);
		for (size_t i = 0; i < n; i++)
			bytes[i] = (unsigned char)(i * 37 + n);
		text_n = base64url_encode(bytes, n, text);
		assert_int_equal(strlen(text), text_n);
		decoded = malloc(3 * text_n / 4 + 1);
		assert_non_null(decoded);
		assert_true(base64url_decode(text, text_n, decoded, &decoded_n));
		assert_int_equal(decoded_n, n);
		assert_memory_equal(decoded, bytes, n);
		free(bytes);
		free(text);
		free(decoded);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(secrets_and_tokens_differ_each_time),
	    cmocka_unit_test(a_token_is_256_bits_of_base64url),
	    cmocka_unit_test(a_code_uses_its_whole_alphabet_and_nothing_else),
	    cmocka_unit_test(what_is_wiped_is_gone),
	    cmocka_unit_test(secrets_are_equal_when_every_byte_is),
	    cmocka_unit_test(the_digest_is_blake2b_256),
	    cmocka_unit_test(bytes_are_written_and_read_as_base64url),
	    cmocka_unit_test(only_canonical_base64url_is_read),
	    cmocka_unit_test(no_byte_but_the_64_characters_is_read),
	    cmocka_unit_test(every_length_stays_within_the_sizes_of_the_contract),
	};

	return cmocka_run_group_tests(tests, open_secrets, NULL);
}
