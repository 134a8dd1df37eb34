/* Base64url: what is read has one text only, the one that is written; any bytes survive the way there and back. */
#include "base/ensure.h"
#include "crypto/secret.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_as_text(const char *text, size_t size)
{
	unsigned char *bytes = ensure_malloc(3 * size / 4 + 1);
	size_t n;

	if (base64url_decode(text, size, bytes, &n)) {
		char *again = ensure_malloc(4 * ((n + 2) / 3) + 1);

		ensure(n <= 3 * size / 4);
		ensure(base64url_encode(bytes, n, again) == size);
		ensure(size == 0 || memcmp(again, text, size) == 0);
		free(again);
	} else {
		ensure(n == 0);
	}
	free(bytes);
}

static void check_as_bytes(const uint8_t *bytes, size_t size)
{
	char *text = ensure_malloc(4 * ((size + 2) / 3) + 1);
	size_t text_n = base64url_encode(bytes, size, text);
	unsigned char *again = ensure_malloc(3 * text_n / 4 + 1);
	size_t n;

	ensure(strlen(text) == text_n);
	ensure(base64url_decode(text, text_n, again, &n) && n == size);
	ensure(size == 0 || memcmp(again, bytes, size) == 0);
	free(text);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	secret_open();
	check_as_text((const char *)data, size);
	check_as_bytes(data, size);
	return 0;
}
