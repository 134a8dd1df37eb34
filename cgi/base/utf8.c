/* The well-formed byte sequences are those of RFC 3629 section 4; the white space is Unicode's property White_Space. */
#include "base/utf8.h"

#include <string.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

static bool is_continuation(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

/* The length that a first byte announces, 0 when it cannot be a first byte. */
static size_t length_of(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2) /* a continuation, or the start of an overlong form */
		return 0;
	if (first < 0xe0)
		return 2;
	if (first < 0xf0)
		return 3;
	return first < 0xf5 ? 4 : 0;
}

size_t utf8_decode(const char *p, size_t n, uint32_t *code_point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char first = (unsigned char)p[0];
	size_t length = length_of(first);
	uint32_t value;

	if (length == 1) {
		*code_point = first;
		return 1;
	}
	if (length == 0 || length > n)
		return 0;
	value = first & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		unsigned char byte = (unsigned char)p[i];

		if (!is_continuation(byte))
			return 0;
		value = value << 6 | (byte & 0x3fu);
	}
	if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*code_point = value;
	return length;
}

/* Bytes of ASCII at p, looked at eight at a time. */
static size_t ascii_run(const char *p, size_t n)
{
	size_t at = 0;

	while (n - at >= sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, p + at, sizeof word);
		if (word & HIGH_BITS)
			break;
		at += sizeof word;
	}
	while (at < n && (unsigned char)p[at] < 0x80)
		at++;
	return at;
}

bool utf8_is_valid(const char *p, size_t n)
{
	size_t at = 0;

	for (;;) {
		uint32_t code_point;
		size_t length;

		at += ascii_run(p + at, n - at);
		if (at == n)
			return true;
		length = utf8_decode(p + at, n - at, &code_point);
		if (length == 0)
			return false;
		at += length;
	}
}

size_t utf8_count(const char *p, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += !is_continuation((unsigned char)p[i]);
	return count;
}

/* Bidi_Control of Unicode, and the byte order mark, which is invisible within a text. */
static bool is_deceptive(uint32_t c)
{
	return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static bool is_control(uint32_t c, bool is_multiline)
{
	if (c == '\t' || c == '\n' || c == 0x2028 || c == 0x2029 || is_deceptive(c))
		return !is_multiline;
	return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

bool utf8_has_control(const char *p, size_t n, bool is_multiline)
{
	size_t length;

	for (size_t at = 0; at < n; at += length) {
		uint32_t c;

		length = utf8_decode(p + at, n - at, &c);
		if (length == 0 || is_control(c, is_multiline))
			return true;
	}
	return false;
}

static bool is_space(uint32_t c)
{
	return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200b) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

void utf8_trim(const char **p, size_t *n)
{
	uint32_t c;

	while (*n > 0) {
		size_t length = utf8_decode(*p, *n, &c);

		if (length == 0 || !is_space(c))
			break;
		*p += length;
		*n -= length;
	}
	while (*n > 0) {
		size_t length = 1;

		while (length < *n && length < 4 && is_continuation((unsigned char)(*p)[*n - length]))
			length++;
		if (utf8_decode(*p + *n - length, length, &c) != length || !is_space(c))
			break;
		*n -= length;
	}
}
