/* JSON text to a view, in one pass, straight into nodes. */
#include "json/view.h"

#include "json/view_key.h"

#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct parser {
	struct arena *arena;
	const char *p, *end;
	int depth;
};

static bool parse_value(struct parser *parser, struct view *out);

static void skip_blanks(struct parser *parser)
{
	while (parser->p < parser->end &&
	       (*parser->p == ' ' || *parser->p == '\t' || *parser->p == '\n' || *parser->p == '\r'))
		parser->p++;
}

static bool take(struct parser *parser, char c)
{
	if (parser->p == parser->end || *parser->p != c)
		return false;
	parser->p++;
	return true;
}

static bool take_word(struct parser *parser, const char *word)
{
	size_t n = strlen(word);
	if ((size_t)(parser->end - parser->p) < n || memcmp(parser->p, word, n) != 0)
		return false;
	parser->p += n;
	return true;
}

static bool parse_hex4(struct parser *parser, uint32_t *out)
{
	if (parser->end - parser->p < 4)
		return false;
	*out = 0;
	for (int i = 0; i < 4; i++) {
		char c = *parser->p++;
		uint32_t digit;
		if (c >= '0' && c <= '9')
			digit = (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return false;
		*out = *out << 4 | digit;
	}
	return true;
}

/* Writes a code point as UTF-8 and returns behind it. */
static char *put_code_point(char *out, uint32_t c)
{
	if (c < 0x80) {
		*out++ = (char)c;
	} else if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
		*out++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*out++ = (char)(0xe0 | c >> 12);
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	} else {
		*out++ = (char)(0xf0 | c >> 18);
		*out++ = (char)(0x80 | (c >> 12 & 0x3f));
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	}
	return out;
}

/* \uXXXX, or two of them for what lies beyond U+FFFF. */
static bool parse_unicode(struct parser *parser, char **out)
{
	uint32_t high, low;
	if (!parse_hex4(parser, &high) || high == 0 || (high >= 0xdc00 && high <= 0xdfff))
		return false;
	if (high >= 0xd800 && high <= 0xdbff) {
		if (!take_word(parser, "\\u") || !parse_hex4(parser, &low) || low < 0xdc00 || low > 0xdfff)
			return false;
		high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	}
	*out = put_code_point(*out, high);
	return true;
}

static bool parse_escape(struct parser *parser, char **out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	if (parser->p == parser->end)
		return false;
	char c = *parser->p++;
	if (c == 'u')
		return parse_unicode(parser, out);
	const char *at = c ? strchr(from, c) : NULL;
	if (!at)
		return false;
	*(*out)++ = to[at - from];
	return true;
}

/* The rest of a string that has escapes. What it becomes is never longer than what was written. */
static bool parse_escaped(struct parser *parser, const char *start, struct str *out)
{
	const char *close = parser->p;
	while (close < parser->end && *close != '"')
		close += *close == '\\' && parser->end - close > 1 ? 2 : 1;
	char *text = arena_alloc(parser->arena, (size_t)(close - start) + 1), *end = text;
	parser->p = start;
	while (parser->p < parser->end && *parser->p != '"') {
		unsigned char c = (unsigned char)*parser->p;
		if (c < 0x20)
			return false;
		parser->p++;
		if (c != '\\')
			*end++ = (char)c;
		else if (!parse_escape(parser, &end))
			return false;
	}
	*out = (struct str){text, (size_t)(end - text)};
	return take(parser, '"');
}

static bool parse_string(struct parser *parser, struct str *out)
{
	if (!take(parser, '"'))
		return false;
	const char *start = parser->p;
	for (; parser->p < parser->end; parser->p++) {
		unsigned char c = (unsigned char)*parser->p;
		if (c == '"') {
			*out = (struct str){start, (size_t)(parser->p++ - start)};
			return true;
		}
		if (c == '\\')
			return parse_escaped(parser, start, out);
		if (c < 0x20)
			return false;
	}
	return false;
}

static size_t take_digits(struct parser *parser)
{
	const char *start = parser->p;
	while (parser->p < parser->end && *parser->p >= '0' && *parser->p <= '9')
		parser->p++;
	return (size_t)(parser->p - start);
}

static bool parse_number(struct parser *parser, struct view *out)
{
	const char *start = parser->p;
	(void)take(parser, '-');
	if (!take(parser, '0') && take_digits(parser) == 0)
		return false;
	if (take(parser, '.') && take_digits(parser) == 0)
		return false;
	if (take(parser, 'e') || take(parser, 'E')) {
		if (!take(parser, '+'))
			(void)take(parser, '-');
		if (take_digits(parser) == 0)
			return false;
	}
	out->type = VIEW_NUMBER;
	out->text = (struct str){start, (size_t)(parser->p - start)};
	return true;
}

static bool parse_member(struct parser *parser, struct view *member)
{
	skip_blanks(parser);
	if (!parse_string(parser, &member->name))
		return false;
	member->name_key = view_key(member->name.p, member->name.n);
	skip_blanks(parser);
	return take(parser, ':') && parse_value(parser, member);
}

static bool parse_children(struct parser *parser, struct view *out, char close)
{
	out->type = close == '}' ? VIEW_OBJECT : VIEW_LIST;
	if (++parser->depth > VIEW_DEPTH_MAX)
		return false;
	skip_blanks(parser);
	if (!take(parser, close)) {
		do {
			struct view *child = arena_alloc(parser->arena, sizeof(*child));
			if (!(close == '}' ? parse_member(parser, child) : parse_value(parser, child)))
				return false;
			view_append(out, child);
			skip_blanks(parser);
		} while (take(parser, ','));
		if (!take(parser, close))
			return false;
	}
	parser->depth--;
	return true;
}

static bool parse_value(struct parser *parser, struct view *out)
{
	skip_blanks(parser);
	if (parser->p == parser->end)
		return false;
	switch (*parser->p) {
	case '{':
		parser->p++;
		return parse_children(parser, out, '}');
	case '[':
		parser->p++;
		return parse_children(parser, out, ']');
	case '"':
		out->type = VIEW_TEXT;
		return parse_string(parser, &out->text);
	case 't':
		out->type = VIEW_TRUE;
		return take_word(parser, "true");
	case 'f':
		out->type = VIEW_FALSE;
		return take_word(parser, "false");
	case 'n':
		out->type = VIEW_NULL;
		return take_word(parser, "null");
	default:
		return parse_number(parser, out);
	}
}

static bool is_named_before(const struct view *object, const struct view *member)
{
	for (const struct view *other = object->first; other != member; other = other->next) {
		if (other->name_key == member->name_key && str_eq(other->name, member->name))
			return true;
	}
	return false;
}

/* Within int64_t, or a double where it is written as one. */
static bool is_in_range(struct arena *arena, const struct view *number)
{
	int64_t integer;
	if (view_to_int(number, &integer))
		return true;
	const char *text = arena_strndup(arena, number->text.p, number->text.n);
	return strpbrk(text, ".eE") != NULL && isfinite(strtod(text, NULL));
}

static bool is_plain(struct arena *arena, const struct view *view)
{
	size_t count = 0;
	if (view->type == VIEW_NUMBER)
		return is_in_range(arena, view);
	if (view->type != VIEW_OBJECT && view->type != VIEW_LIST)
		return true;
	for (const struct view *child = view->first; child; child = child->next) {
		if (view->type == VIEW_OBJECT && (++count > VIEW_MEMBERS_MAX || is_named_before(view, child)))
			return false;
		if (!is_plain(arena, child))
			return false;
	}
	return true;
}

enum err view_parse_peer(struct arena *arena, const char *p, size_t n, struct view **out)
{
	return view_parse_long(arena, p, n, VIEW_PEER_MAX, out);
}

/* The bytes that stand in no text: each node takes some of them, so they bound what parsing takes. Of what is not JSON
 * it gives any number; the parser then refuses it. */
static size_t bytes_outside_texts(const char *p, size_t n)
{
	size_t count = 0;
	bool is_in_text = false;

	for (size_t i = 0; i < n; i++) {
		if (is_in_text && p[i] == '\\')
			i++;
		else if (p[i] == '"')
			is_in_text = !is_in_text;
		else if (!is_in_text)
			count++;
	}
	return count;
}

enum err view_parse_long(struct arena *arena, const char *p, size_t n, size_t max, struct view **out)
{
	*out = NULL;
	if (n > max || (n > VIEW_PEER_MAX && bytes_outside_texts(p, n) > VIEW_PEER_MAX))
		return ERR_TOO_LARGE;
	if (!utf8_is_valid(p, n))
		return ERR_BAD_JSON;
	TRY(view_parse(arena, p, n, out));
	if (is_plain(arena, *out))
		return ERR_OK;
	*out = NULL;
	return ERR_BAD_JSON;
}

enum err view_parse(struct arena *arena, const char *p, size_t n, struct view **out)
{
	struct parser parser = {.arena = arena, .p = p, .end = p + n};
	struct view *view = arena_alloc(arena, sizeof(*view));
	*out = NULL;
	if (n == 0 || !parse_value(&parser, view))
		return ERR_BAD_JSON;
	skip_blanks(&parser);
	if (parser.p != parser.end)
		return ERR_BAD_JSON;
	*out = view;
	return ERR_OK;
}
