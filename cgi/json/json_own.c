/* A quick reader of what json/jw.h writes: pages and fragments are rendered from views that this very system wrote a moment
 * ago, and jansson reads a character at a time with checks of each. It makes jansson's values, so nobody else can tell.
 *
 * It takes a subset: no white space, integers of at most 18 digits, no \u escape above U+007F, text that is known to be UTF-8.
 * Text outside of it is no error: the caller gives the whole to jansson, whose word is final. Bounds are checked as ever. */
#include "json/json_own.h"

#include "base/buf.h"

#include <string.h>

enum { DIGITS_MAX = 18 };

struct reader {
	const char *p, *end;
	unsigned depth;
	struct buf unescaped; /* of the string at hand, when it has escapes */
};

static json_t *read_value(struct reader *r);

static bool take(struct reader *r, char c)
{
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

/* Behind "\u": four hexadecimal digits of something below U+0080, else false. */
static bool unescape_code(struct reader *r)
{
	unsigned code = 0;
	if (r->end - r->p < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		unsigned char c = (unsigned char)*r->p++;
		if (c >= '0' && c <= '9')
			code = code * 16 + c - '0';
		else if (c >= 'a' && c <= 'f')
			code = code * 16 + c - 'a' + 10;
		else
			return false;
	}
	if (code == 0 || code >= 0x80)
		return false;
	buf_putc(&r->unescaped, (char)code);
	return true;
}

/* Behind a backslash. */
static bool unescape(struct reader *r)
{
	static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	if (r->p == r->end || *r->p == '\0')
		return false;
	char c = *r->p++;
	if (c == 'u')
		return unescape_code(r);
	const char *name = strchr(names, c);
	if (name == NULL)
		return false;
	buf_putc(&r->unescaped, meanings[name - names]);
	return true;
}

/* Behind the opening quote. The text is borrowed until the next string is read. */
static bool read_text(struct reader *r, const char **text, size_t *n)
{
	const char *run = r->p; /* since the last escape */
	bool has_escapes = false;
	for (; r->p < r->end; r->p++) {
		char c = *r->p;
		if ((unsigned char)c < 0x20)
			return false;
		if (c != '"' && c != '\\')
			continue;
		if (c == '"' && !has_escapes) {
			*text = run;
			*n = (size_t)(r->p++ - run);
			return true;
		}
		if (!has_escapes)
			buf_clear(&r->unescaped);
		has_escapes = true;
		buf_put(&r->unescaped, run, (size_t)(r->p++ - run));
		if (c == '"') {
			*text = r->unescaped.p;
			*n = r->unescaped.n;
			return true;
		}
		if (!unescape(r))
			return false;
		run = r->p--;
	}
	return false;
}

static bool read_members(struct reader *r, json_t *object)
{
	do {
		const char *text;
		size_t n;
		if (!take(r, '"') || !read_text(r, &text, &n))
			return false;
		/* The value may need the buffer that an escaped key stands in; our keys have no escapes. */
		if (text == r->unescaped.p || json_object_getn(object, text, n) != NULL || !take(r, ':'))
			return false;
		json_t *value = read_value(r);
		if (value == NULL || json_object_setn_new_nocheck(object, text, n, value) != 0)
			return false;
	} while (take(r, ','));
	return take(r, '}');
}

static bool read_elements(struct reader *r, json_t *array)
{
	do {
		json_t *value = read_value(r);
		if (value == NULL || json_array_append_new(array, value) != 0)
			return false;
	} while (take(r, ','));
	return take(r, ']');
}

static json_t *read_container(struct reader *r, bool is_object)
{
	json_t *container = is_object ? json_object() : json_array();
	if (container == NULL || ++r->depth > JSON_DEPTH_MAX) {
		json_decref(container);
		return NULL;
	}
	bool is_good = take(r, is_object ? '}' : ']') ||
	               (is_object ? read_members(r, container) : read_elements(r, container));
	r->depth--;
	if (!is_good) {
		json_decref(container);
		return NULL;
	}
	return container;
}

static json_t *read_integer(struct reader *r)
{
	bool is_negative = take(r, '-');
	const char *first = r->p;
	json_int_t value = 0;
	while (r->p < r->end && *r->p >= '0' && *r->p <= '9' && r->p - first < DIGITS_MAX)
		value = value * 10 + (*r->p++ - '0');
	long digits = r->p - first;
	if (digits == 0 || (digits > 1 && *first == '0'))
		return NULL;
	if (r->p < r->end && (*r->p == '.' || *r->p == 'e' || *r->p == 'E' || (*r->p >= '0' && *r->p <= '9')))
		return NULL;
	return json_integer(is_negative ? -value : value);
}

static bool take_word(struct reader *r, const char *word, size_t n)
{
	if ((size_t)(r->end - r->p) < n || memcmp(r->p, word, n) != 0)
		return false;
	r->p += n;
	return true;
}

static json_t *read_value(struct reader *r)
{
	const char *text;
	size_t n;
	if (take(r, '"'))
		return read_text(r, &text, &n) ? json_stringn_nocheck(text, n) : NULL;
	if (take(r, '{'))
		return read_container(r, true);
	if (take(r, '['))
		return read_container(r, false);
	if (take_word(r, "true", 4))
		return json_true();
	if (take_word(r, "false", 5))
		return json_false();
	if (take_word(r, "null", 4))
		return json_null();
	return read_integer(r);
}

json_t *json_own_read(const char *text, size_t n)
{
	struct reader r = {.p = text, .end = text + n};
	buf_init(&r.unescaped);
	json_t *value = read_value(&r);
	buf_free(&r.unescaped);
	if (value != NULL && r.p != r.end) {
		json_decref(value);
		return NULL;
	}
	return value;
}
