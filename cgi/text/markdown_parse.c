#include "text/markdown_parse.h"

#include "text/markdown.h"
#include "text/token.h"

#include <string.h>

enum { KEYCAP_REST = 6 };
static const char keycap_rest[] = "\xef\xb8\x8f\xe2\x83\xa3"; /* U+FE0F U+20E3 */

static bool begins_address(const char *p, size_t n)
{
	return (n >= 4 && memcmp(p, "http", 4) == 0) || (n >= 4 && memcmp(p, "www.", 4) == 0);
}

/* A mention or emoji is no link <in brackets>; its underscores are no emphasis, and neither is the asterisk of its
 * keycap. An address that a spoiler begins with is recognised behind a parenthesis, and not behind a bar. */
static size_t protect(char *p, size_t n)
{
	struct token token;
	if (*p == '\\' && n > 1)
		return 2;
	if (*p == '|' && n > 2 && p[1] == '|' && begins_address(p + 2, n - 2)) {
		p[1] = MARKDOWN_BAR;
		return 2;
	}
	if (*p == '*' && n > KEYCAP_REST && memcmp(p + 1, keycap_rest, KEYCAP_REST) == 0) {
		*p = MARKDOWN_ASTERISK;
		return 1;
	}
	if (*p != '<' || !token_match((struct str){p, n}, &token))
		return 1;
	*p = MARKDOWN_LESS;
	for (size_t i = 0; i < token.n; i++) {
		if (p[i] == '_')
			p[i] = MARKDOWN_UNDERSCORE;
	}
	return token.n;
}

/* Whether what stands at i makes an address of what is around it. */
static bool is_of_address(const char *p, size_t n, size_t i)
{
	return (p[i] == ':' && n - i > 2 && p[i + 1] == '/' && p[i + 2] == '/') ||
	       (p[i] == '.' && i > 2 && memcmp(p + i - 3, "www", 3) == 0);
}

/* For each address md4c looks through what is glued to it, and through what else it has to decide on in the paragraph:
 * the square of their number, so a paragraph has no more than MARKDOWN_ADDRESSES_MAX. What is none there has none of
 * its marks. */
static void limit_address(char *p, size_t n, size_t i, int *count)
{
	if (p[i] == '\n' && n - i > 1 && p[i + 1] == '\n')
		*count = 0;
	if (is_of_address(p, n, i) && ++*count > MARKDOWN_ADDRESSES_MAX)
		p[i] = p[i] == ':' ? MARKDOWN_COLON : MARKDOWN_DOT;
}

const char *markdown_copy(struct arena *arena, struct str text)
{
	int addresses = 0;
	if (text.n > MARKDOWN_TEXT_MAX)
		return NULL;
	char *copy = arena_strndup(arena, text.p, text.n);
	for (size_t i = 0; i < text.n; i++) {
		if (copy[i] >= MARKDOWN_UNDERSCORE && copy[i] <= MARKDOWN_DOT)
			copy[i] = ' ';
	}
	for (size_t i = 0; i < text.n;) {
		limit_address(copy, text.n, i, &addresses);
		i += protect(copy + i, text.n - i);
	}
	return copy;
}

bool markdown_parse(struct str copy, MD_PARSER *parser, void *context)
{
	parser->abi_version = 0;
	parser->flags = MD_FLAG_NOHTML | MD_FLAG_STRIKETHROUGH | MD_FLAG_PERMISSIVEAUTOLINKS;
	return md_parse(copy.p, (MD_SIZE)copy.n, parser, context) == 0;
}

struct str markdown_piece(struct str text, struct str copy, const char *p, size_t n)
{
	bool is_of_copy = p >= copy.p && p < copy.p + copy.n;
	return (struct str){is_of_copy ? text.p + (p - copy.p) : p, n};
}

static bool stands_behind(struct str text, struct str piece, char c)
{
	return piece.p > text.p && piece.p < text.p + text.n && piece.p[-1] == c;
}

bool markdown_is_escaped(struct str text, struct str piece)
{
	return piece.n > 0 && stands_behind(text, piece, '\\');
}

bool markdown_is_bracketed(struct str text, struct str piece)
{
	return stands_behind(text, piece, '<');
}

bool markdown_is_autolink(struct str text, struct str label, struct str url)
{
	const struct str scheme = STR("http://");
	if (markdown_is_bracketed(text, label))
		return false;
	if (url.n > scheme.n && url.n == label.n + scheme.n && memcmp(url.p, scheme.p, scheme.n) == 0)
		url = (struct str){url.p + scheme.n, label.n};
	return str_eq(label, url);
}

struct str markdown_behind_address(struct str text, struct str label, struct str url)
{
	const char *bars = label.n > 0 ? memmem(label.p, label.n, "||", 2) : NULL;
	if (bars == NULL || !markdown_is_autolink(text, label, url))
		return STR("");
	return (struct str){bars, (size_t)(label.p + label.n - bars)};
}

static void put_code_point(struct buf *out, uint32_t c)
{
	bool is_shown = c == '\t' || c == '\n' || (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c < 0xd800) ||
			(c >= 0xe000 && c <= 0x10ffff);
	if (!is_shown)
		c = 0xfffd;
	if (c < 0x80) {
		buf_putc(out, (char)c);
		return;
	}
	int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const unsigned char firsts[] = {0, 0xc0, 0xe0, 0xf0};
	buf_putc(out, (char)(firsts[more] | (c >> (6 * more))));
	while (more-- > 0)
		buf_putc(out, (char)(0x80 | ((c >> (6 * more)) & 0x3f)));
}

/* "#38" or "#x26"; beyond the last code point it stays what it is, which is none. */
static uint32_t number_of(struct str digits)
{
	bool is_hex = digits.n > 1 && (digits.p[1] == 'x' || digits.p[1] == 'X');
	uint32_t value = 0;
	for (size_t i = is_hex ? 2 : 1; i < digits.n && value <= 0x10ffff; i++) {
		char c = str_lower(digits.p[i]);
		value = value * (is_hex ? 16 : 10) + (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return value;
}

void markdown_put_entity(struct buf *out, struct str entity)
{
	static const struct {
		const char *name;
		uint32_t code_point;
	} known[] = {{"amp", '&'},      {"lt", '<'},       {"gt", '>'},       {"quot", '"'},     {"apos", '\''},
		     {"nbsp", 0xa0},    {"copy", 0xa9},    {"reg", 0xae},     {"trade", 0x2122}, {"hellip", 0x2026},
		     {"mdash", 0x2014}, {"ndash", 0x2013}, {"bull", 0x2022},  {"middot", 0xb7},  {"times", 0xd7},
		     {"larr", 0x2190},  {"rarr", 0x2192},  {"uarr", 0x2191},  {"darr", 0x2193},  {"euro", 0x20ac},
		     {"pound", 0xa3},   {"deg", 0xb0},     {"laquo", 0xab},   {"raquo", 0xbb},   {"ldquo", 0x201c},
		     {"rdquo", 0x201d}, {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"frac12", 0xbd},  {"plusmn", 0xb1}};
	struct str name = {entity.p + 1, entity.n > 2 ? entity.n - 2 : 0};
	if (name.n > 0 && name.p[0] == '#') {
		put_code_point(out, number_of(name));
		return;
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (str_eq_text(name, known[i].name)) {
			put_code_point(out, known[i].code_point);
			return;
		}
	}
	buf_put(out, entity.p, entity.n);
}

static char byte_of(char c)
{
	switch (c) {
	case MARKDOWN_UNDERSCORE:
		return '_';
	case MARKDOWN_ASTERISK:
		return '*';
	case MARKDOWN_LESS:
		return '<';
	case MARKDOWN_COLON:
		return ':';
	case MARKDOWN_DOT:
		return '.';
	default:
		return c;
	}
}

struct str markdown_attribute(struct arena *arena, const MD_ATTRIBUTE *attribute)
{
	struct buf *out = buf_in_arena(arena);
	for (size_t i = 0; attribute->text != NULL && attribute->substr_offsets[i] < attribute->size; i++) {
		MD_OFFSET from = attribute->substr_offsets[i], to = attribute->substr_offsets[i + 1];
		struct str piece = {attribute->text + from, to - from};
		if (attribute->substr_types[i] == MD_TEXT_ENTITY) {
			markdown_put_entity(out, piece);
			continue;
		}
		for (size_t j = 0; j < piece.n; j++)
			buf_putc(out, byte_of(piece.p[j]));
	}
	return (struct str){out->n > 0 ? out->p : "", out->n};
}
