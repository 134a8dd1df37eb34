/* A text as one line without markup, and the addresses in a text: what is left of Markdown where no HTML is wanted.
 * Both see what stands in spoilers: the line hides it, and of the addresses none is shown a preview. */
#include "base/utf8.h"
#include "text/html.h"
#include "text/markdown.h"
#include "text/markdown_names.h"
#include "text/markdown_parse.h"
#include "text/markdown_spoilers.h"

#include <string.h>

struct line {
	struct arena *arena;
	const struct markdown_names *names;
	struct str text, copy;
	const struct markdown_spoilers *spoilers;
	struct buf *out;
	size_t max_bytes;
	struct buf *hidden; /* of markdown_to_plain: its offsets, */
	size_t hidden_at;   /* and 1 more than the last */
	int hidden_depth;
	int named;
};

static const char hidden[] = "▒▒▒";

static void put_blank(struct line *line)
{
	bool is_behind_hidden = line->hidden_at == line->out->n + 1;
	if (is_behind_hidden || (line->out->n > 0 && line->out->p[line->out->n - 1] != ' '))
		buf_putc(line->out, ' ');
}

static void put_plain(struct line *line, struct str piece)
{
	for (size_t i = 0; i < piece.n; i++) {
		char c = piece.p[i];
		if (c == ' ' || c == '\n' || c == '\t')
			put_blank(line);
		else
			buf_putc(line->out, c);
	}
}

static void begin_hidden(struct line *line)
{
	if (line->hidden == NULL) {
		buf_puts(line->out, hidden);
		return;
	}
	buf_put(line->hidden, &line->out->n, sizeof(line->out->n));
	line->hidden_at = line->out->n + 1;
}

static void put_token(struct line *line, const struct token *token, struct str form)
{
	if (token->kind == TOKEN_EMOJI)
		buf_printf(line->out, ":%.*s:", (int)token->name.n, token->name.p);
	else if (token->kind == TOKEN_TIME)
		put_plain(line, form);
	else
		put_plain(line, markdown_name(line->arena, line->names, token, form, &line->named));
}

static size_t put_next(struct line *line, struct str rest)
{
	struct token token;
	bool is_hidden = line->hidden_depth > 0;
	if (*rest.p == '<' && token_match(rest, &token)) {
		if (!is_hidden)
			put_token(line, &token, (struct str){rest.p, token.n});
		return token.n;
	}
	enum markdown_sign sign = *rest.p == '|' ? markdown_sign_at(line->spoilers, rest.p) : MARKDOWN_SIGN_NONE;
	if (sign == MARKDOWN_SIGN_OPENS && line->hidden_depth++ == 0)
		begin_hidden(line);
	else if (sign == MARKDOWN_SIGN_CLOSES && is_hidden)
		line->hidden_depth--;
	if (sign != MARKDOWN_SIGN_NONE)
		return 2;
	if (!is_hidden)
		put_plain(line, (struct str){rest.p, 1});
	return 1;
}

static void put_normal(struct line *line, struct str piece)
{
	size_t i = 0;
	if (markdown_is_escaped(line->text, piece)) {
		if (line->hidden_depth == 0)
			put_plain(line, (struct str){piece.p, 1});
		i++;
	}
	while (i < piece.n)
		i += put_next(line, (struct str){piece.p + i, piece.n - i});
}

static int line_text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *context)
{
	struct line *line = context;
	struct str piece = markdown_piece(line->text, line->copy, p, n);
	if (type == MD_TEXT_NORMAL) {
		put_normal(line, piece);
	} else if (line->hidden_depth > 0) {
		return 0;
	} else if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) {
		put_blank(line);
	} else if (type == MD_TEXT_ENTITY) {
		struct buf *resolved = buf_in_arena(line->arena);
		markdown_put_entity(resolved, piece);
		put_plain(line, (struct str){resolved->p, resolved->n});
	} else {
		put_plain(line, piece);
	}
	return line->out->n > line->max_bytes;
}

static int line_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	struct line *line = context;
	(void)type;
	(void)detail;
	if (line->hidden_depth == 0)
		put_blank(line);
	return 0;
}

static int no_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	(void)type;
	(void)detail;
	(void)context;
	return 0;
}

static int no_span(MD_SPANTYPE type, void *detail, void *context)
{
	(void)type;
	(void)detail;
	(void)context;
	return 0;
}

/* At most max code points, the last of them "…" when there were more. */
static struct str cut(struct arena *arena, struct str text, size_t max)
{
	static const char more[] = "…";
	size_t at = 0, count = 0;
	uint32_t code_point;
	if (utf8_count(text.p, text.n) <= max)
		return text;
	while (at < text.n && count + 1 < max) {
		size_t n = utf8_decode(text.p + at, text.n - at, &code_point);
		at += n > 0 ? n : 1;
		count++;
	}
	char *out = arena_alloc(arena, at + sizeof(more));
	memcpy(out, text.p, at);
	memcpy(out + at, more, sizeof(more));
	return (struct str){out, at + sizeof(more) - 1};
}

/* It ends early when it has enough. False when the text is longer than md4c is given. */
static bool put_line(struct line *line, struct arena *arena, struct str all, const struct markdown_names *names)
{
	MD_PARSER parser = {.enter_block = line_block,
			    .leave_block = no_block,
			    .enter_span = no_span,
			    .leave_span = no_span,
			    .text = line_text};
	line->arena = arena;
	line->names = names;
	line->text = all;
	line->copy = (struct str){markdown_copy(arena, all), all.n};
	line->out = buf_in_arena(arena);
	if (line->copy.p == NULL)
		return false;
	line->spoilers = markdown_spoilers_find(arena, all, line->copy);
	(void)markdown_parse(line->copy, &parser, line);
	return true;
}

struct str markdown_to_line(struct arena *arena, struct str all, const struct markdown_names *names, size_t max)
{
	enum { CODE_POINT_MAX_BYTES = 4 };
	struct line line = {.max_bytes = max * CODE_POINT_MAX_BYTES};
	if (!put_line(&line, arena, all, names))
		return cut(arena, all, max);
	struct str made = {line.out->n > 0 ? line.out->p : "", line.out->n};
	return cut(arena, str_trim(made), max);
}

struct markdown_plain markdown_to_plain(struct arena *arena, struct str all, const struct markdown_names *names)
{
	struct line line = {.max_bytes = SIZE_MAX, .hidden = buf_in_arena(arena)};
	struct markdown_plain plain = {.text = all};
	if (!put_line(&line, arena, all, names))
		return plain;
	plain.text = (struct str){line.out->n > 0 ? line.out->p : "", line.out->n};
	plain.hidden_count = line.hidden->n / sizeof(size_t);
	while (plain.text.n >= line.hidden_at && plain.text.n > 0 && plain.text.p[plain.text.n - 1] == ' ')
		plain.text.n--;
	size_t *offsets = arena_alloc(arena, line.hidden->n + 1);
	if (line.hidden->n > 0)
		memcpy(offsets, line.hidden->p, line.hidden->n);
	plain.hidden = offsets;
	return plain;
}

struct links {
	struct arena *arena;
	struct str text, copy;
	struct str *out;
	size_t count, max;
	const struct markdown_spoilers *spoilers;
	int hidden_depth;
	int depth; /* of links in links: a picture in one */
	struct str url, label;
};

static void find_signs(struct links *links, struct str piece)
{
	for (size_t i = 0; i < piece.n; i++) {
		enum markdown_sign sign =
		    piece.p[i] == '|' ? markdown_sign_at(links->spoilers, piece.p + i) : MARKDOWN_SIGN_NONE;
		if (sign != MARKDOWN_SIGN_NONE)
			links->hidden_depth += sign == MARKDOWN_SIGN_OPENS ? 1 : -1;
	}
}

static bool is_web(struct str url)
{
	return html_url_is_safe(url) && (url.p[0] == 'h' || url.p[0] == 'H');
}

static void add_link(struct links *links, struct str url)
{
	if (!is_web(url) || links->count == links->max || links->hidden_depth > 0)
		return;
	for (size_t i = 0; i < links->count; i++) {
		if (str_eq(links->out[i], url))
			return;
	}
	links->out[links->count++] = (struct str){arena_strndup(links->arena, url.p, url.n), url.n};
}

static int enter_link_span(MD_SPANTYPE type, void *detail, void *context)
{
	struct links *links = context;
	if (type != MD_SPAN_A && type != MD_SPAN_IMG)
		return 0;
	if (links->depth++ > 0)
		return 0;
	links->label = STR("");
	links->url = markdown_attribute(links->arena, type == MD_SPAN_A ? &((const MD_SPAN_A_DETAIL *)detail)->href
									: &((const MD_SPAN_IMG_DETAIL *)detail)->src);
	return 0;
}

static int leave_link_span(MD_SPANTYPE type, void *detail, void *context)
{
	struct links *links = context;
	struct str label = links->label;
	(void)detail;
	/* md4c may leave what it did not enter: see text/markdown.c. */
	if ((type != MD_SPAN_A && type != MD_SPAN_IMG) || links->depth == 0 || --links->depth > 0)
		return 0;
	if (markdown_is_bracketed(links->text, label))
		return 0;
	struct str rest = markdown_behind_address(links->text, label, links->url);
	links->url.n -= rest.n;
	add_link(links, links->url);
	find_signs(links, rest);
	return 0;
}

static int links_text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *context)
{
	struct links *links = context;
	struct str piece = markdown_piece(links->text, links->copy, p, n);
	if (type != MD_TEXT_NORMAL)
		return 0;
	if (links->depth == 0)
		find_signs(links, piece);
	else if (links->label.n == 0)
		links->label = piece;
	return 0;
}

static int links_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	struct links *links = context;
	(void)type;
	(void)detail;
	links->depth = 0;
	return 0;
}

size_t markdown_links(struct arena *arena, struct str all, struct str *out, size_t max)
{
	MD_PARSER parser = {.enter_block = links_block,
			    .leave_block = links_block,
			    .enter_span = enter_link_span,
			    .leave_span = leave_link_span,
			    .text = links_text};
	struct links links = {
	    .arena = arena, .text = all, .copy = {markdown_copy(arena, all), all.n}, .out = out, .max = max};
	if (links.copy.p == NULL)
		return 0;
	links.spoilers = markdown_spoilers_find(arena, all, links.copy);
	if (!markdown_parse(links.copy, &parser, &links))
		return 0;
	return links.count;
}
