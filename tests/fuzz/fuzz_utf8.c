/* UTF-8: the fast scan agrees with decoding one code point after the other; trimming takes white space and nothing
 * else. */
#include "base/ensure.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The code points of text, or SIZE_MAX when it is malformed. */
static size_t decoded_count(const char *p, size_t n)
{
	size_t count = 0;

	for (size_t at = 0; at < n; count++) {
		uint32_t code_point;
		size_t length = utf8_decode(p + at, n - at, &code_point);

		if (length == 0)
			return SIZE_MAX;
		ensure(length <= n - at && code_point <= 0x10ffff && (code_point < 0xd800 || code_point > 0xdfff));
		at += length;
	}
	return count;
}

static bool is_all_space(const char *p, size_t n)
{
	utf8_trim(&p, &n);
	return n == 0;
}

static void check_trim(const char *text, size_t size, bool is_valid)
{
	const char *p = text, *again;
	size_t n = size, again_n;

	utf8_trim(&p, &n);
	ensure(n <= size && (size_t)(p - text) <= size - n);
	again = p;
	again_n = n;
	utf8_trim(&again, &again_n);
	ensure(again == p && again_n == n);
	ensure(is_all_space(text, (size_t)(p - text)));
	ensure(is_all_space(p + n, size - n - (size_t)(p - text)));
	ensure(utf8_is_valid(p, n) == is_valid); /* white space is valid, so what is left decides */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	size_t count = decoded_count(text, size);
	bool is_valid = utf8_is_valid(text, size);

	ensure(is_valid == (count != SIZE_MAX));
	ensure(!is_valid || utf8_count(text, size) == count);
	ensure(is_valid || utf8_has_control(text, size, true) || utf8_has_control(text, size, false));
	ensure(!utf8_has_control(text, size, true) || utf8_has_control(text, size, false));
	check_trim(text, size, is_valid);
	return 0;
}
