/* Source to nodes, in one pass. A tag that has its line for itself (blanks aside) and writes nothing takes the whole
 * line with it, newline included, as the specification wants ("standalone"). The source is copied once and cut up in
 * place. */
#include "tmpl/tmpl_node.h"

#include "base/ensure.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct delimiter {
	char bytes[TMPL_DELIMITER_MAX];
	size_t n;
};

struct parser {
	struct tmpl *tmpl;
	struct tmpl_error *error;
	char *p; /* the template's copy of the source */
	size_t n;
	size_t at;         /* everything before it is parsed */
	int line;          /* of at */
	size_t line_start; /* where the line of at begins */
	struct delimiter open, close;
	size_t sections[TMPL_SECTION_DEPTH_MAX]; /* nodes of the open sections */
	size_t depth;
};

/* One tag as it stands in the source. */
struct tag {
	char sigil;          /* one of "!=#^/>&", '{', or 0 for {{name}} */
	size_t start, end;   /* the whole tag */
	size_t body, body_n; /* what is inside, without sigil and blanks */
	int line;
};

enum err tmpl_error_set(struct tmpl_error *error, enum err e, const struct tmpl *tmpl, const struct tmpl_node *node,
			const char *why)
{
	if (!error)
		return e;
	*error = (struct tmpl_error){.line = node ? node->line : 0, .why = why};
	snprintf(error->name, sizeof(error->name), "%s", tmpl->name);
	if (!node || node->type == TMPL_NODE_TEXT)
		return e;
	size_t n = node->n;
	memcpy(error->tag, node->text, n);
	/* The parts of the name lie one behind the other, each ended by the NUL that was its dot. */
	for (size_t i = 0; i < n; i++) {
		if (error->tag[i] == '\0')
			error->tag[i] = '.';
	}
	return e;
}

static enum err fail(struct parser *parser, enum err e, int line, const char *why)
{
	struct tmpl_node place = {.type = TMPL_NODE_TEXT, .line = line};
	return tmpl_error_set(parser->error, e, parser->tmpl, &place, why);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void advance(struct parser *parser, size_t to)
{
	for (; parser->at < to; parser->at++) {
		if (parser->p[parser->at] == '\n') {
			parser->line++;
			parser->line_start = parser->at + 1;
		}
	}
}

static struct tmpl_node *add(struct parser *parser, enum tmpl_node_type type, int line)
{
	struct tmpl *tmpl = parser->tmpl;
	if (tmpl->count == tmpl->capacity) {
		tmpl->capacity = tmpl->capacity ? tmpl->capacity * 2 : 16;
		tmpl->nodes = ensure_realloc(tmpl->nodes, tmpl->capacity * sizeof(*tmpl->nodes));
	}
	struct tmpl_node *node = &tmpl->nodes[tmpl->count++];
	*node = (struct tmpl_node){.type = type, .line = line};
	return node;
}

/* An empty text is kept where a line begins with a tag, so that an indented partial knows where its lines begin. */
static void add_text(struct parser *parser, size_t from, size_t to, bool is_line_start)
{
	if (from == to && !is_line_start)
		return;
	struct tmpl_node *node = add(parser, TMPL_NODE_TEXT, parser->line);
	node->text = parser->p + from;
	node->n = to - from;
	node->is_line_start = is_line_start;
}

/* Finds the bytes at or behind from; returns false when they are not there. */
static bool find(const struct parser *parser, size_t from, const char *bytes, size_t n, size_t *found)
{
	if (from > parser->n)
		return false;
	const char *hit = memmem(parser->p + from, parser->n - from, bytes, n);
	if (hit)
		*found = (size_t)(hit - parser->p);
	return hit != NULL;
}

/* Reads the tag whose opening delimiter stands at start. */
static enum err read_tag(struct parser *parser, size_t start, struct tag *tag)
{
	size_t inside = start + parser->open.n;
	char sigil = inside < parser->n ? parser->p[inside] : '\0';
	if (sigil == '\0' || !strchr("!=#^/>&{", sigil))
		sigil = '\0';
	else
		inside++;

	/* {{{name}}} and {{=a b=}} end with a byte of their own before the closing delimiter. */
	char closing[TMPL_DELIMITER_MAX + 1];
	size_t closing_n = 0;
	if (sigil == '{' || sigil == '=')
		closing[closing_n++] = sigil == '{' ? '}' : '=';
	memcpy(closing + closing_n, parser->close.bytes, parser->close.n);
	closing_n += parser->close.n;

	size_t end = 0;
	if (!find(parser, inside, closing, closing_n, &end))
		return fail(parser, ERR_BAD_REQUEST, parser->line, "the tag is not closed");
	size_t body = inside, body_end = end;
	while (body < body_end && is_blank(parser->p[body]))
		body++;
	while (body_end > body && is_blank(parser->p[body_end - 1]))
		body_end--;
	*tag = (struct tag){sigil, start, end + closing_n, body, body_end - body, parser->line};
	return ERR_OK;
}

/* Whether the tag has its line for itself; then *next is where the next line begins. */
static bool is_standalone(const struct parser *parser, const struct tag *tag, size_t *next)
{
	if (tag->sigil == '\0' || tag->sigil == '{' || tag->sigil == '&')
		return false;
	for (size_t i = parser->line_start; i < tag->start; i++) {
		if (!is_blank(parser->p[i]))
			return false;
	}
	for (size_t i = tag->end; i < parser->n; i++) {
		if (parser->p[i] == '\n') {
			*next = i + 1;
			return true;
		}
		if (!is_blank(parser->p[i]))
			return false;
	}
	*next = parser->n;
	return true;
}

/* Checks the tag's name and cuts it in place into NUL-terminated parts. The byte behind it belongs to the tag. */
static enum err cut_name(struct parser *parser, const struct tag *tag, struct tmpl_node *node)
{
	char *name = parser->p + tag->body;
	size_t n = tag->body_n;
	if (n == 0)
		return fail(parser, ERR_BAD_REQUEST, tag->line, "the tag has no name");
	if (n > TMPL_NAME_MAX)
		return fail(parser, ERR_TOO_LARGE, tag->line, "the name is too long");
	if (!utf8_is_valid(name, n))
		return fail(parser, ERR_BAD_REQUEST, tag->line, "the name is not UTF-8");
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)name[i] <= ' ' || name[i] == 0x7f)
			return fail(parser, ERR_BAD_REQUEST, tag->line,
				    "the name holds a blank or a control character");
	}
	name[n] = '\0';
	node->text = name;
	node->n = n;
	if (node->type == TMPL_NODE_PARTIAL || strcmp(name, ".") == 0)
		return ERR_OK;
	node->parts = 1;
	for (size_t i = 0; i < n; i++) {
		if (name[i] != '.')
			continue;
		if (i == 0 || i + 1 == n || name[i - 1] == '\0')
			return fail(parser, ERR_BAD_REQUEST, tag->line, "the name has an empty part");
		if (++node->parts > TMPL_NAME_PARTS_MAX)
			return fail(parser, ERR_TOO_LARGE, tag->line, "the name has too many parts");
		name[i] = '\0';
	}
	return ERR_OK;
}

static enum err open_section(struct parser *parser, const struct tag *tag)
{
	if (parser->depth == TMPL_SECTION_DEPTH_MAX)
		return fail(parser, ERR_TOO_LARGE, tag->line, "sections are nested too deeply");
	struct tmpl_node *node = add(parser, tag->sigil == '#' ? TMPL_NODE_SECTION : TMPL_NODE_INVERTED, tag->line);
	TRY(cut_name(parser, tag, node));
	parser->sections[parser->depth++] = parser->tmpl->count - 1;
	return ERR_OK;
}

static enum err close_section(struct parser *parser, const struct tag *tag)
{
	if (parser->depth == 0)
		return fail(parser, ERR_BAD_REQUEST, tag->line, "a section is closed that was never opened");
	struct tmpl_node closing = {.type = TMPL_NODE_SECTION};
	TRY(cut_name(parser, tag, &closing));
	struct tmpl_node *opening = &parser->tmpl->nodes[parser->sections[--parser->depth]];
	if (opening->n != closing.n || memcmp(opening->text, closing.text, closing.n) != 0)
		return fail(parser, ERR_BAD_REQUEST, tag->line, "another section is open than the one closed here");
	opening->end = parser->tmpl->count;
	return ERR_OK;
}

static bool set_delimiter(struct delimiter *delimiter, const char *p, size_t n)
{
	if (n == 0 || n > TMPL_DELIMITER_MAX || memchr(p, '=', n))
		return false;
	memcpy(delimiter->bytes, p, n);
	delimiter->n = n;
	return true;
}

/* {{=<% %>=}}: two words. */
static enum err change_delimiters(struct parser *parser, const struct tag *tag)
{
	const char *p = parser->p + tag->body;
	size_t n = tag->body_n, first = 0;
	while (first < n && !is_blank(p[first]))
		first++;
	size_t second = first;
	while (second < n && is_blank(p[second]))
		second++;
	for (size_t i = second; i < n; i++) {
		if (is_blank(p[i]))
			return fail(parser, ERR_BAD_REQUEST, tag->line, "delimiters are two words");
	}
	if (!set_delimiter(&parser->open, p, first) || !set_delimiter(&parser->close, p + second, n - second))
		return fail(parser, ERR_BAD_REQUEST, tag->line, "delimiters are two short words without '='");
	return ERR_OK;
}

static enum err add_tag(struct parser *parser, const struct tag *tag, bool is_alone)
{
	struct tmpl_node *node;

	switch (tag->sigil) {
	case '!':
		return ERR_OK;
	case '=':
		return change_delimiters(parser, tag);
	case '#':
	case '^':
		return open_section(parser, tag);
	case '/':
		return close_section(parser, tag);
	case '>':
		node = add(parser, TMPL_NODE_PARTIAL, tag->line);
		node->is_alone = is_alone;
		node->indent = parser->p + parser->line_start;
		node->indent_n = is_alone ? tag->start - parser->line_start : 0;
		return cut_name(parser, tag, node);
	default:
		node = add(parser, tag->sigil == '\0' ? TMPL_NODE_ESCAPED : TMPL_NODE_RAW, tag->line);
		return cut_name(parser, tag, node);
	}
}

static enum err parse_all(struct parser *parser)
{
	for (;;) {
		size_t text = parser->at, start = 0;
		bool is_line_start = text == parser->line_start;
		if (!find(parser, text, parser->open.bytes, parser->open.n, &start)) {
			add_text(parser, text, parser->n, is_line_start && text < parser->n);
			break;
		}
		int text_line = parser->line;
		advance(parser, start);
		struct tag tag = {0};
		TRY(read_tag(parser, start, &tag));
		size_t next = tag.end;
		bool is_alone = is_standalone(parser, &tag, &next);
		size_t text_end = is_alone ? parser->line_start : start;
		if (text < text_end) {
			add_text(parser, text, text_end, is_line_start);
			parser->tmpl->nodes[parser->tmpl->count - 1].line = text_line;
		}
		if (!is_alone && start == parser->line_start)
			add_text(parser, start, start, true);
		TRY(add_tag(parser, &tag, is_alone));
		advance(parser, next);
	}
	if (parser->depth > 0) {
		const struct tmpl_node *open = &parser->tmpl->nodes[parser->sections[parser->depth - 1]];
		return tmpl_error_set(parser->error, ERR_BAD_REQUEST, parser->tmpl, open, "the section is not closed");
	}
	return ERR_OK;
}

enum err tmpl_parse(const char *name, const char *source, size_t n, struct tmpl **out, struct tmpl_error *error)
{
	*out = NULL;
	struct tmpl *tmpl = ensure_calloc(1, sizeof(*tmpl));
	snprintf(tmpl->name, sizeof(tmpl->name), "%s", name);
	struct parser parser = {.tmpl = tmpl,
				.error = error,
				.n = n,
				.line = 1,
				.open = {.bytes = "{{", .n = 2},
				.close = {.bytes = "}}", .n = 2}};
	if (n > TMPL_SIZE_MAX) {
		enum err e = fail(&parser, ERR_TOO_LARGE, 0, "the template is too large");
		tmpl_free(tmpl);
		return e;
	}
	tmpl->source = ensure_malloc(n + 1);
	if (n > 0)
		memcpy(tmpl->source, source, n);
	tmpl->source[n] = '\0';
	parser.p = tmpl->source;

	enum err e = parse_all(&parser);
	if (e != ERR_OK) {
		tmpl_free(tmpl);
		return e;
	}
	*out = tmpl;
	return ERR_OK;
}

void tmpl_free(struct tmpl *tmpl)
{
	if (!tmpl)
		return;
	free(tmpl->source);
	free(tmpl->nodes);
	free(tmpl);
}
