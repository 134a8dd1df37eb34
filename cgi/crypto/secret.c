#include "crypto/secret.h"

#include "base/ensure.h"

#include <sodium.h>

_Static_assert(crypto_auth_hmacsha256_KEYBYTES == SECRET_BYTES, "a secret is an HMAC key");
_Static_assert(crypto_generichash_BYTES == DIGEST_BYTES, "the digest is BLAKE2b-256");

void secret_open(void)
{
	ensure(sodium_init() >= 0);
}

void secret_random(struct secret *out)
{
	randombytes_buf(out->bytes, sizeof out->bytes);
}

void secret_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

bool secret_equal(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

void secret_token(char out[SECRET_TEXT_SIZE])
{
	struct secret secret;

	secret_random(&secret);
	base64url_encode(secret.bytes, sizeof secret.bytes, out);
	secret_wipe(&secret, sizeof secret);
}

void secret_code(char *out, size_t length, const char *alphabet)
{
	uint32_t letters = 0;

	while (alphabet[letters])
		letters++;
	ensure(letters >= 2);
	for (size_t i = 0; i < length; i++)
		out[i] = alphabet[randombytes_uniform(letters)];
	out[length] = 0;
}

void secret_digest(const char *token, size_t n, unsigned char out[DIGEST_BYTES])
{
	crypto_generichash(out, DIGEST_BYTES, (const unsigned char *)token, n, NULL, 0);
}

size_t base64url_encode(const void *bytes, size_t n, char *out)
{
	size_t size = sodium_base64_encoded_len(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);

	sodium_bin2base64(out, size, bytes, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return size - 1;
}

/* libsodium 1.0.18 compares characters as signed numbers and takes some bytes above 0x7f for letters. */
static bool is_ascii(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)text[i] > 0x7f)
			return false;
	}
	return true;
}

/* For ASCII libsodium refuses what is not canonical: other characters, padding, a single last character, and unused
 * bits that are not zero. end is given, or else it would take the valid beginning of bad text. */
static bool decode(const char *text, size_t n, int variant, unsigned char *out, size_t *out_n)
{
	const char *end;
	size_t size = n / 4 * 3 + n % 4; /* at most a byte more than needed, so never more than the caller's room */

	*out_n = 0;
	if (!is_ascii(text, n) || sodium_base642bin(out, size, text, n, NULL, out_n, &end, variant) != 0 ||
	    end != text + n) {
		*out_n = 0;
		return false;
	}
	return true;
}

bool base64url_decode(const char *text, size_t n, unsigned char *out, size_t *out_n)
{
	return decode(text, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING, out, out_n);
}

bool base64_decode(const char *text, size_t n, unsigned char *out, size_t *out_n)
{
	size_t padding = 0;
	while (n > 0 && n % 4 == 0 && padding < 2 && text[n - padding - 1] == '=')
		padding++;
	return decode(text, n - padding, sodium_base64_VARIANT_ORIGINAL_NO_PADDING, out, out_n);
}
