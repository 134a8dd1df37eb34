#include "crypto/totp.h"

#include "base/ensure.h"
#include "crypto/secret.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void totp_secret_random(struct totp_secret *out)
{
	randombytes_buf(out->bytes, sizeof out->bytes);
}

void totp_secret_encode(const struct totp_secret *secret, char out[TOTP_BASE32_SIZE])
{
	char *text = NULL;
	size_t n = 0;

	ensure(oath_base32_encode((const char *)secret->bytes, sizeof secret->bytes, &text, &n) == OATH_OK);
	ensure(n == TOTP_BASE32_SIZE - 1); /* 20 bytes are 32 characters without padding */
	memcpy(out, text, n + 1);
	secret_wipe(text, n);
	free(text);
}

void totp_code(const struct totp_secret *secret, int64_t step, char out[TOTP_DIGITS + 1])
{
	ensure(oath_init() == OATH_OK); /* does something the first time only */
	ensure(oath_hotp_generate((const char *)secret->bytes, sizeof secret->bytes, (uint64_t)step, TOTP_DIGITS, false,
				  OATH_HOTP_DYNAMIC_TRUNCATION, out) == OATH_OK);
}

bool totp_is_code(const char *text)
{
	return strlen(text) == TOTP_DIGITS && strspn(text, "0123456789") == TOTP_DIGITS;
}

int64_t totp_step_of(const struct totp_secret *secret, const char *code, int64_t now_s)
{
	int64_t now = now_s / TOTP_STEP_S, found = 0;
	char expected[TOTP_DIGITS + 1];

	if (!totp_is_code(code))
		return 0;
	for (int64_t step = now - TOTP_WINDOW; step <= now + TOTP_WINDOW; step++) {
		totp_code(secret, step, expected);
		if (secret_equal(expected, code, TOTP_DIGITS))
			found = step;
	}
	secret_wipe(expected, sizeof expected);
	return found;
}
