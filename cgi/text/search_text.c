#include "text/search_text.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Words of our own are characters of Unicode's private use, which unicode61 takes for letters. */
enum {
	SYMBOLS_FIRST = 0x2190,
	SYMBOLS_LAST = 0x2bff,
	SYMBOL_WORDS = 0xe000,
	EMOJI_FIRST = 0x1f000,
	EMOJI_LAST = 0x1faff,
	EMOJI_WORDS = SYMBOL_WORDS + SYMBOLS_LAST - SYMBOLS_FIRST + 1,
	PLUS_WORD = 0xf600,
	HASH_WORD = 0xf601,
	GAP_WORD = 0xf6ff,
};
_Static_assert(EMOJI_WORDS + EMOJI_LAST - EMOJI_FIRST < PLUS_WORD, "each has a character of its own");

struct range {
	uint32_t first, last;
};

static bool is_in(const struct range *ranges, size_t count, uint32_t c)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (c > ranges[middle].last)
			low = middle + 1;
		else if (c < ranges[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

/* Scripts without spaces between words. */
static bool is_single(uint32_t c)
{
	static const struct range ranges[] = {
	    {0x0e01, 0x0e3a},                                                           /* Thai */
	    {0x0e40, 0x0e4e}, {0x0e81, 0x0ecd},                                         /* Lao */
	    {0x1000, 0x103f},                                                           /* Myanmar */
	    {0x1100, 0x11ff},                                                           /* Hangul letters */
	    {0x1780, 0x17d3},                                                           /* Khmer */
	    {0x2e80, 0x2fdf},                                                           /* Han radicals */
	    {0x3005, 0x3007}, {0x3021, 0x3029},   {0x3038, 0x303b},   {0x3041, 0x309f}, /* Hiragana, Katakana */
	    {0x30a1, 0x30fa}, {0x30fc, 0x30ff},   {0x3105, 0x312f},                     /* Bopomofo */
	    {0x3131, 0x318e},                                                           /* Hangul */
	    {0x31a0, 0x31bf}, {0x31f0, 0x31ff},   {0x3400, 0x4dbf},                     /* Han */
	    {0x4e00, 0x9fff}, {0xa000, 0xa48c},                                         /* Yi */
	    {0xa960, 0xa97c}, {0xac00, 0xd7fb},                                         /* Hangul */
	    {0xf900, 0xfaff}, {0x1b000, 0x1b16f}, {0x20000, 0x3fffd},
	};
	return c >= ranges[0].first && is_in(ranges, sizeof(ranges) / sizeof(ranges[0]), c);
}

/* What may be written or left out: accents that stand alone, vowel points, joiners, selectors of a glyph, skin tones.
 */
static bool is_ignored(uint32_t c)
{
	static const struct range ranges[] = {
	    {0x00ad, 0x00ad}, {0x0300, 0x036f}, {0x0483, 0x0489},   {0x0591, 0x05bd},   {0x05bf, 0x05bf},
	    {0x05c1, 0x05c2}, {0x05c4, 0x05c5}, {0x05c7, 0x05c7},   {0x0610, 0x061a},   {0x0640, 0x0640},
	    {0x064b, 0x065f}, {0x0670, 0x0670}, {0x06d6, 0x06dc},   {0x06df, 0x06e4},   {0x06e7, 0x06e8},
	    {0x06ea, 0x06ed}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},   {0x200c, 0x200f},   {0x202a, 0x202e},
	    {0x2060, 0x2064}, {0x2066, 0x2069}, {0x20d0, 0x20ff},   {0x3099, 0x309a},   {0xfe00, 0xfe0f},
	    {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0x1f3fb, 0x1f3ff}, {0xe0000, 0xe01ef},
	};
	return c >= ranges[0].first && is_in(ranges, sizeof(ranges) / sizeof(ranges[0]), c);
}

struct writer {
	struct buf *out, *origins;
	size_t from; /* where in the text what is written came from */
};

static void put_byte(struct writer *writer, char byte)
{
	uint32_t from = (uint32_t)writer->from;

	buf_putc(writer->out, byte);
	if (writer->origins != NULL)
		buf_put(writer->origins, &from, sizeof(from));
}

static void put_space(struct writer *writer)
{
	if (writer->out->n > 0 && writer->out->p[writer->out->n - 1] != ' ')
		put_byte(writer, ' ');
}

static void put_character(struct writer *writer, uint32_t c)
{
	if (c < 0x80) {
		put_byte(writer, (char)c);
	} else if (c < 0x800) {
		put_byte(writer, (char)(0xc0 | (c >> 6)));
		put_byte(writer, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		put_byte(writer, (char)(0xe0 | (c >> 12)));
		put_byte(writer, (char)(0x80 | ((c >> 6) & 0x3f)));
		put_byte(writer, (char)(0x80 | (c & 0x3f)));
	} else {
		put_byte(writer, (char)(0xf0 | (c >> 18)));
		put_byte(writer, (char)(0x80 | ((c >> 12) & 0x3f)));
		put_byte(writer, (char)(0x80 | ((c >> 6) & 0x3f)));
		put_byte(writer, (char)(0x80 | (c & 0x3f)));
	}
}

/* Letters that are written in another way, too: with their accent or without it, small "ß" as "SS". unicode61 does so
 * for Latin letters with accents; they all have to come out as what the letter and an accent apart make. */
struct letters {
	uint32_t first, last;
	const char *plain;
};

static const struct letters letters[] = {
    {0x00c6, 0x00c6, "ae"}, {0x00d8, 0x00d8, "o"},   {0x00df, 0x00df, "ss"},  {0x00e6, 0x00e6, "ae"},
    {0x00f8, 0x00f8, "o"},  {0x0110, 0x0111, "d"},   {0x0126, 0x0127, "h"},   {0x0131, 0x0131, "i"},
    {0x0141, 0x0142, "l"},  {0x0152, 0x0153, "oe"},  {0x0386, 0x0386, "α"},   {0x0388, 0x0388, "ε"},
    {0x0389, 0x0389, "η"},  {0x038a, 0x038a, "ι"},   {0x038c, 0x038c, "ο"},   {0x038e, 0x038e, "υ"},
    {0x038f, 0x038f, "ω"},  {0x0390, 0x0390, "ι"},   {0x03aa, 0x03aa, "ι"},   {0x03ab, 0x03ab, "υ"},
    {0x03ac, 0x03ac, "α"},  {0x03ad, 0x03ad, "ε"},   {0x03ae, 0x03ae, "η"},   {0x03af, 0x03af, "ι"},
    {0x03b0, 0x03b0, "υ"},  {0x03ca, 0x03ca, "ι"},   {0x03cb, 0x03cb, "υ"},   {0x03cc, 0x03cc, "ο"},
    {0x03cd, 0x03cd, "υ"},  {0x03ce, 0x03ce, "ω"},   {0x0400, 0x0401, "е"},   {0x0403, 0x0403, "г"},
    {0x0407, 0x0407, "і"},  {0x040c, 0x040c, "к"},   {0x040d, 0x040d, "и"},   {0x040e, 0x040e, "у"},
    {0x0419, 0x0419, "и"},  {0x0439, 0x0439, "и"},   {0x0450, 0x0451, "е"},   {0x0453, 0x0453, "г"},
    {0x0457, 0x0457, "і"},  {0x045c, 0x045c, "к"},   {0x045d, 0x045d, "и"},   {0x045e, 0x045e, "у"},
    {0x1e9e, 0x1e9e, "ss"}, {0x1f00, 0x1f0f, "α"},   {0x1f10, 0x1f1d, "ε"},   {0x1f20, 0x1f2f, "η"},
    {0x1f30, 0x1f3f, "ι"},  {0x1f40, 0x1f4d, "ο"},   {0x1f50, 0x1f5f, "υ"},   {0x1f60, 0x1f6f, "ω"},
    {0x1f70, 0x1f71, "α"},  {0x1f72, 0x1f73, "ε"},   {0x1f74, 0x1f75, "η"},   {0x1f76, 0x1f77, "ι"},
    {0x1f78, 0x1f79, "ο"},  {0x1f7a, 0x1f7b, "υ"},   {0x1f7c, 0x1f7d, "ω"},   {0x1f80, 0x1f8f, "α"},
    {0x1f90, 0x1f9f, "η"},  {0x1fa0, 0x1faf, "ω"},   {0x1fb0, 0x1fbc, "α"},   {0x1fc2, 0x1fc7, "η"},
    {0x1fc8, 0x1fc9, "ε"},  {0x1fca, 0x1fcc, "η"},   {0x1fd0, 0x1fdb, "ι"},   {0x1fe0, 0x1fe3, "υ"},
    {0x1fe4, 0x1fe5, "ρ"},  {0x1fe6, 0x1feb, "υ"},   {0x1fec, 0x1fec, "ρ"},   {0x1ff2, 0x1ff7, "ω"},
    {0x1ff8, 0x1ff9, "ο"},  {0x1ffa, 0x1ffc, "ω"},   {0xfb00, 0xfb00, "ff"},  {0xfb01, 0xfb01, "fi"},
    {0xfb02, 0xfb02, "fl"}, {0xfb03, 0xfb03, "ffi"}, {0xfb04, 0xfb04, "ffl"}, {0xfb05, 0xfb06, "st"},
};

static int compare_letter(const void *key, const void *row)
{
	uint32_t c = *(const uint32_t *)key;
	const struct letters *of = row;

	return c < of->first ? -1 : c > of->last;
}

static void put_letter(struct writer *writer, uint32_t c)
{
	const struct letters *found =
	    bsearch(&c, letters, sizeof(letters) / sizeof(letters[0]), sizeof(letters[0]), compare_letter);

	if (found == NULL) {
		put_character(writer, c);
		return;
	}
	for (const char *p = found->plain; *p != '\0'; p++)
		put_byte(writer, *p);
}

static void put_word(struct writer *writer, uint32_t c)
{
	put_space(writer);
	put_character(writer, c);
	put_space(writer);
}

static bool is_ascii_word(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* How many of the signs of "C++", "C#" stand at p; none where a word goes on behind them, as in "a+b". */
static size_t signs_at(const char *p, size_t n)
{
	size_t count = 0;

	while (count < n && (p[count] == '+' || p[count] == '#'))
		count++;
	return count < n && (is_ascii_word((unsigned char)p[count]) || (unsigned char)p[count] >= 0x80) ? 0 : count;
}

/* The usual form of a letter that is written at half or full width: ASCII, Kana and the marks that make it voiced,
 * Hangul.
 */
static uint32_t usual_width(uint32_t c)
{
	enum { KANA = 0xff66, KANA_LAST = 0xff9d, HANGUL = 0xffa1, HANGUL_LAST = 0xffbe, VOWELS = 0xffc2 };
	static const unsigned char kana[] = /* 0x3000 and these */
	    "\xf2\xa1\xa3\xa5\xa7\xa9\xe3\xe5\xe7\xc3\xfc\xa2\xa4\xa6\xa8\xaa\xab\xad\xaf"
	    "\xb1\xb3\xb5\xb7\xb9\xbb\xbd\xbf\xc1\xc4\xc6\xc8\xca\xcb\xcc\xcd\xce\xcf\xd2"
	    "\xd5\xd8\xdb\xde\xdf\xe0\xe1\xe2\xe4\xe6\xe8\xe9\xea\xeb\xec\xed\xef\xf3";
	_Static_assert(sizeof(kana) == KANA_LAST - KANA + 2, "each has its own");

	if (c < 0xff01 || c > 0xffdc)
		return c;
	if (c <= 0xff5e)
		return c - 0xff01 + '!';
	if (c >= KANA && c <= KANA_LAST)
		return 0x3000u + kana[c - KANA];
	if (c == 0xff9e || c == 0xff9f)
		return c - 0xff9e + 0x3099;
	if (c >= HANGUL && c <= HANGUL_LAST)
		return c - HANGUL + 0x3131;
	if (c >= VOWELS && (c - VOWELS) % 8 < 6)
		return (c - VOWELS) / 8 * 6 + (c - VOWELS) % 8 + 0x314f;
	return c;
}

/* The character that c becomes with what stands behind it; *length grows by what that takes. Files come from systems
 * that take Hangul and the voiced Kana apart. */
static uint32_t compose(uint32_t c, const char *p, size_t n, size_t *length)
{
	enum { L = 0x1100, L_COUNT = 19, V = 0x1161, V_COUNT = 21, T = 0x11a7, T_COUNT = 28, S = 0xac00 };
	uint32_t next;
	size_t step = *length < n ? utf8_decode(p + *length, n - *length, &next) : 0;

	if (step == 0)
		return c;
	next = usual_width(next);
	if (c >= L && c < L + L_COUNT && next >= V && next < V + V_COUNT) {
		c = S + ((c - L) * V_COUNT + (next - V)) * T_COUNT;
		*length += step;
		step = *length < n ? utf8_decode(p + *length, n - *length, &next) : 0;
		if (step > 0 && next > T && next < T + T_COUNT) {
			c += next - T;
			*length += step;
		}
	} else if (c >= 0x3041 && c <= 0x30fd && (next == 0x3099 || next == 0x309a)) {
		static const char voiced[] =
		    "\x4b\x4d\x4f\x51\x53\x55\x57\x59\x5b\x5d\x5f\x61\x64\x66\x68\x6f\x72\x75\x78\x7b";
		uint32_t low = c >= 0x30a1 ? c - 0x60 : c;
		if (low == 0x3046 && next == 0x3099)
			c += 0x4e; /* U and its voiced form do not stand side by side */
		else if (low >= (next == 0x3099 ? 0x304b : 0x306f) && low <= 0x307b &&
			 strchr(voiced, (int)(low - 0x3000)) != NULL)
			c += next - 0x3098;
		*length += step;
	}
	return c;
}

/* Writes what stands at p and returns how many bytes that is. */
static size_t put_one(struct writer *writer, const char *p, size_t n, uint32_t before)
{
	uint32_t c;
	size_t length = utf8_decode(p, n, &c), signs;

	if (length == 0)
		return 1;
	c = usual_width(c);
	if ((c == '+' || c == '#') && is_ascii_word(before) && (signs = signs_at(p, n)) > 0) {
		for (size_t i = 0; i < signs; i++)
			put_word(writer, p[i] == '+' ? PLUS_WORD : HASH_WORD);
		return signs;
	}
	if (c == ' ')
		put_space(writer);
	else if (c < 0x80)
		put_byte(writer, (char)c);
	if (c < 0x80)
		return length;
	c = compose(c, p, n, &length);
	if (is_ignored(c))
		return length;
	if (is_single(c))
		put_word(writer, c);
	else if (c >= SYMBOLS_FIRST && c <= SYMBOLS_LAST)
		put_word(writer, c - SYMBOLS_FIRST + SYMBOL_WORDS);
	else if (c >= EMOJI_FIRST && c <= EMOJI_LAST)
		put_word(writer, c - EMOJI_FIRST + EMOJI_WORDS);
	else if (c >= 0xe000 && c <= 0xf8ff)
		put_space(writer); /* those are ours */
	else
		put_letter(writer, c);
	return length;
}

static size_t digits_at(const char *p, size_t n)
{
	size_t count = 0;

	while (count < n && p[count] >= '0' && p[count] <= '9')
		count++;
	return count;
}

/* "<@1>", "<@!1>", "<@&1>", "<#1>" at p: their length; 0 when it is none. */
static size_t mention_at(const char *p, size_t n)
{
	size_t at = 2, digits;

	if (n < 4 || p[0] != '<' || (p[1] != '@' && p[1] != '#'))
		return 0;
	if (p[1] == '@' && (p[2] == '!' || p[2] == '&'))
		at = 3;
	digits = digits_at(p + at, n - at);
	return digits > 0 && at + digits < n && p[at + digits] == '>' ? at + digits + 1 : 0;
}

/* "<:name:1>" and "<a:name:1>" at p: their length, and the name; 0 when it is none. */
static size_t emoji_at(const char *p, size_t n, struct str *name)
{
	size_t from = n > 2 && p[1] == 'a' ? 3 : 2, to, digits;

	if (n < 6 || p[0] != '<' || p[from - 1] != ':')
		return 0;
	for (to = from; to < n && (is_ascii_word((unsigned char)p[to]) || p[to] == '_');)
		to++;
	if (to == from || to >= n || p[to] != ':')
		return 0;
	digits = digits_at(p + to + 1, n - to - 1);
	if (digits == 0 || to + 1 + digits >= n || p[to + 1 + digits] != '>')
		return 0;
	*name = (struct str){p + from, to - from};
	return to + digits + 2;
}

static void put(struct buf *out, struct str text, struct buf *origins, bool is_content)
{
	struct writer writer = {out, origins, 0};
	uint32_t before = 0;

	for (size_t i = 0; i < text.n;) {
		struct str name = {"", 0};
		size_t length = 0;

		writer.from = i;
		if (is_content && text.p[i] == '<') {
			length = mention_at(text.p + i, text.n - i);
			if (length == 0)
				length = emoji_at(text.p + i, text.n - i, &name);
		}
		if (length > 0) {
			put_space(&writer);
			for (size_t k = 0; k < name.n; k++)
				put_byte(&writer, name.p[k]);
			put_space(&writer);
			before = 0;
		} else {
			length = put_one(&writer, text.p + i, text.n - i, before);
			before = (unsigned char)text.p[i + length - 1];
		}
		i += length;
	}
	writer.from = text.n;
	put_space(&writer);
	if (origins != NULL) {
		uint32_t end = (uint32_t)text.n;
		buf_put(origins, &end, sizeof(end));
	}
}

void search_text_put(struct buf *out, struct str text, struct buf *origins)
{
	put(out, text, origins, false);
}

void search_text_put_content(struct buf *out, struct str content, struct buf *origins)
{
	put(out, content, origins, true);
}

void search_text_put_gap(struct buf *out)
{
	struct writer writer = {out, NULL, 0};

	put_word(&writer, GAP_WORD);
}
