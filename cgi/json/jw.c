/* The hot path of history pages: text is looked at eight bytes at a time and copied in runs that need no escape. */
#include "json/jw.h"

#include "base/clock.h"
#include "base/ensure.h"
#include "base/id.h"

#include <string.h>

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

enum { INTEGER_SIZE = 24, ESCAPE_SIZE = 6 };

void jw_init(struct jw *jw, struct buf *out)
{
	*jw = (struct jw){.out = out};
}

/* Bytes that must be escaped (RFC 8259 section 7): controls, quote, backslash. */
static bool is_special(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\';
}

/* Non-zero when one of the eight bytes may need an escape. A byte b is below 0x20, or equal to q, when subtracting
 * 0x20, or 1 from b ^ q, borrows: then its top bit turns on while it was off before. A borrow may mark the next byte
 * too, never hide one; the bytes are then looked at one by one. */
static uint64_t special_mask(uint64_t word)
{
	uint64_t quote = word ^ EACH_BYTE('"');
	uint64_t backslash = word ^ EACH_BYTE('\\');

	return ((word - EACH_BYTE(0x20)) | (quote - EACH_BYTE(1)) | (backslash - EACH_BYTE(1))) & ~word &
	       EACH_BYTE(0x80);
}

static uint64_t word_at(const char *text)
{
	uint64_t word;

	memcpy(&word, text, sizeof word);
	return word;
}

static uint64_t half_word_at(const char *text)
{
	uint32_t half;

	memcpy(&half, text, sizeof half);
	return half;
}

/* Whether text is plain from at on, when that can be said by one look at a word: the last eight bytes, some of which
 * were looked at before, or the first and the last four. Most keys and values are that short. */
static bool is_tail_plain(const char *text, size_t at, size_t n)
{
	if (n >= sizeof(uint64_t))
		return !special_mask(word_at(text + n - sizeof(uint64_t)));
	if (at == 0 && n >= sizeof(uint32_t))
		return !special_mask(half_word_at(text) | half_word_at(text + n - sizeof(uint32_t)) << 32);
	return false;
}

static size_t plain_run(const char *text, size_t n)
{
	size_t at = 0;

	while (n - at >= sizeof(uint64_t) && !special_mask(word_at(text + at)))
		at += sizeof(uint64_t);
	if (n - at < sizeof(uint64_t) && is_tail_plain(text, at, n))
		return n;
	while (at < n && !is_special((unsigned char)text[at]))
		at++;
	return at;
}

/* Writes the escape of a special byte and returns its length. */
static size_t escape(char out[ESCAPE_SIZE], unsigned char c)
{
	static const char digits[] = "0123456789abcdef";
	static const char short_forms[0x20] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};

	out[0] = '\\';
	out[1] = c < 0x20 ? short_forms[c] : (char)c;
	if (out[1])
		return 2;
	memcpy(out + 1, "u00", 3);
	out[4] = digits[c >> 4];
	out[5] = digits[c & 15];
	return ESCAPE_SIZE;
}

/* buf_reserve, without a call for the many small pieces that fit. */
static void make_room(struct buf *out, size_t more)
{
	if (more >= out->cap - out->n)
		buf_reserve(out, more);
}

static void put_string(struct buf *out, const char *text, size_t n)
{
	size_t at = 0;

	make_room(out, n + ESCAPE_SIZE + 2);
	out->p[out->n++] = '"';
	for (;;) {
		size_t run = plain_run(text + at, n - at);

		memcpy(out->p + out->n, text + at, run);
		out->n += run;
		at += run;
		if (at == n)
			break;
		out->n += escape(out->p + out->n, (unsigned char)text[at++]);
		make_room(out, n - at + ESCAPE_SIZE + 1); /* what is left, one more escape, the closing quote */
	}
	out->p[out->n++] = '"';
	out->p[out->n] = 0;
}

static void put_char(struct buf *out, char c)
{
	make_room(out, 1);
	out->p[out->n++] = c;
	out->p[out->n] = 0;
}

/* What stands before every value: the comma and, in an object, the key. */
static void begin(struct jw *jw, const char *key)
{
	if (jw->needs_comma)
		put_char(jw->out, ',');
	jw->needs_comma = true;
	if (key) {
		put_string(jw->out, key, strlen(key));
		put_char(jw->out, ':');
	}
}

static void open_container(struct jw *jw, const char *key, char bracket)
{
	begin(jw, key);
	put_char(jw->out, bracket);
	jw->needs_comma = false;
}

static void close_container(struct jw *jw, char bracket)
{
	put_char(jw->out, bracket);
	jw->needs_comma = true;
}

void jw_object(struct jw *jw, const char *key)
{
	open_container(jw, key, '{');
}

void jw_object_end(struct jw *jw)
{
	close_container(jw, '}');
}

void jw_array(struct jw *jw, const char *key)
{
	open_container(jw, key, '[');
}

void jw_array_end(struct jw *jw)
{
	close_container(jw, ']');
}

void jw_text(struct jw *jw, const char *key, const char *text)
{
	if (text)
		jw_text_n(jw, key, text, strlen(text));
	else
		jw_null(jw, key);
}

void jw_text_n(struct jw *jw, const char *key, const char *text, size_t n)
{
	begin(jw, key);
	put_string(jw->out, n > 0 ? text : "", n); /* NULL may stand for no text, and memcpy takes none */
}

/* Writes the digits of value so that they end at end, and returns where they begin. */
static char *digits_before(char *end, uint64_t value)
{
	do {
		*--end = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	return end;
}

static void put_number(struct jw *jw, const char *key, uint64_t magnitude, bool is_negative, bool is_quoted)
{
	char text[INTEGER_SIZE];
	char *end = text + sizeof text;
	char *p = end;

	if (is_quoted)
		*--p = '"';
	p = digits_before(p, magnitude);
	if (is_negative)
		*--p = '-';
	if (is_quoted)
		*--p = '"';
	begin(jw, key);
	buf_put(jw->out, p, (size_t)(end - p));
}

/* The distance from 0; negating INT64_MIN itself would overflow. */
static uint64_t magnitude_of(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

void jw_id(struct jw *jw, const char *key, int64_t id)
{
	if (id == 0)
		jw_null(jw, key);
	else
		put_number(jw, key, magnitude_of(id), id < 0, true);
}

void jw_bits(struct jw *jw, const char *key, uint64_t bits)
{
	put_number(jw, key, bits, false, true);
}

void jw_int(struct jw *jw, const char *key, int64_t value)
{
	put_number(jw, key, magnitude_of(value), value < 0, false);
}

void jw_flag(struct jw *jw, const char *key, bool value)
{
	begin(jw, key);
	buf_puts(jw->out, value ? "true" : "false");
}

void jw_null(struct jw *jw, const char *key)
{
	begin(jw, key);
	buf_put(jw->out, "null", 4);
}

void jw_time(struct jw *jw, const char *key, int64_t at_ms)
{
	char text[CLOCK_ISO8601_SIZE];

	if (at_ms == 0) {
		jw_null(jw, key);
		return;
	}
	clock_iso8601(at_ms, text);
	jw_text(jw, key, text);
}

void jw_raw(struct jw *jw, const char *key, const char *json, size_t n)
{
	ensure(n > 0);
	begin(jw, key);
	buf_put(jw->out, json, n);
}
