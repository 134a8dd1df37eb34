/* Snowflakes: an id has one text only; ids grow whatever the clock shows. */
#include "base/ensure.h"
#include "base/id.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A second way to the same answer: digits of which the first is no 0, and by length and order not above INT64_MAX. */
static bool is_id(const char *p, size_t n)
{
	if (n == 0 || n > 19 || p[0] == '0')
		return false;
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
	}
	return n < 19 || memcmp(p, "9223372036854775807", 19) <= 0;
}

static void check_text(const char *p, size_t n)
{
	char text[ID_TEXT_SIZE];
	int64_t id = -1;

	ensure(id_parse(p, n, &id) == is_id(p, n));
	if (!is_id(p, n)) {
		ensure(id == -1);
		return;
	}
	ensure(id > 0);
	id_format(id, text);
	ensure(strlen(text) == n && memcmp(text, p, n) == 0);
}

/* The input as what the clock shows, eight bytes at a time. */
static void check_clock(const uint8_t *data, size_t size)
{
	struct id_source source = {0};

	for (size_t at = 0; at + sizeof(int64_t) <= size; at += sizeof(int64_t)) {
		int64_t before = source.last, now_ms;

		memcpy(&now_ms, data + at, sizeof now_ms);
		ensure(id_next(&source, now_ms) > before);
		ensure(id_created_at_ms(source.last) >= ID_EPOCH_MS);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_text((const char *)data, size);
	check_clock(data, size);
	return 0;
}
