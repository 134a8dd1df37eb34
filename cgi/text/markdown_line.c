/* A text as one line without markup, and the addresses in a text: what is left of Markdown where no HTML is wanted.
 * Both see what stands in spoilers: the line hides it, and of the addresses none is shown a preview. */
#include "base/utf8.h"
#include "text/html.h"
#include "text/markdown.h"
#include "text/markdown_names.h"
#include "text/markdown_parse.h"

#include <string.h>

struct line {
	struct arena *arena;
	const struct markdown_names *names;
	struct str text, copy;
	struct buf *out;
	size_t max_bytes;
	size_t spoiler_at; /* of out */
	bool is_spoiler;
	int named;
};

static const char hidden[] = "▒▒▒";

static void put_blank(struct line *line)
{
	if (line->out->n > 0 && line->out->p[line->out->n - 1] != ' ')
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

static void turn_spoiler(struct line *line)
{
	if (line->is_spoiler) {
		line->out->n = line->spoiler_at;
		buf_puts(line->out, hidden);
	} else {
		line->spoiler_at = line->out->n;
		buf_puts(line->out, "||");
	}
	line->is_spoiler = !line->is_spoiler;
}

static size_t put_next(struct line *line, struct str rest)
{
	struct token token;
	if (*rest.p == '<' && token_match(rest, &token)) {
		struct str form = {rest.p, token.n};
		if (token.kind == TOKEN_EMOJI)
			buf_printf(line->out, ":%.*s:", (int)token.name.n, token.name.p);
		else if (token.kind == TOKEN_TIME)
			put_plain(line, form);
		else
			put_plain(line, markdown_name(line->arena, line->names, &token, form, &line->named));
		return token.n;
	}
	if (rest.n > 1 && rest.p[0] == '|' && rest.p[1] == '|') {
		turn_spoiler(line);
		return 2;
	}
	put_plain(line, (struct str){rest.p, 1});
	return 1;
}

static void put_normal(struct line *line, struct str piece)
{
	size_t i = 0;
	if (markdown_is_escaped(line->text, piece))
		put_plain(line, (struct str){piece.p, ++i});
	while (i < piece.n)
		i += put_next(line, (struct str){piece.p + i, piece.n - i});
}

static int line_text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *context)
{
	struct line *line = context;
	struct str piece = markdown_piece(line->text, line->copy, p, n);
	if (type == MD_TEXT_NORMAL) {
		put_normal(line, piece);
	} else if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) {
		put_blank(line);
	} else if (type == MD_TEXT_ENTITY) {
		struct buf *resolved = buf_in_arena(line->arena);
		markdown_put_entity(resolved, piece);
		put_plain(line, (struct str){resolved->p, resolved->n});
	} else {
		put_plain(line, piece);
	}
	/* What a spoiler that is open now hides is known only at its end. */
	return !line->is_spoiler && line->out->n > line->max_bytes;
}

static int line_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	struct line *line = context;
	(void)type;
	(void)detail;
	line->is_spoiler = false;
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

struct str markdown_to_line(struct arena *arena, struct str all, const struct markdown_names *names, size_t max)
{
	enum { CODE_POINT_MAX_BYTES = 4 };
	MD_PARSER parser = {.enter_block = line_block,
			    .leave_block = no_block,
			    .enter_span = no_span,
			    .leave_span = no_span,
			    .text = line_text};
	struct line line = {.arena = arena,
			    .names = names,
			    .text = all,
			    .copy = {markdown_copy(arena, all), all.n},
			    .out = buf_in_arena(arena),
			    .max_bytes = max * CODE_POINT_MAX_BYTES};
	if (line.copy.p == NULL)
		return cut(arena, all, max);
	/* It ends early when it has enough. */
	(void)markdown_parse(line.copy, &parser, &line);
	struct str made = {line.out->n > 0 ? line.out->p : "", line.out->n};
	return cut(arena, str_trim(made), max);
}

struct links {
	struct arena *arena;
	struct str text, copy;
	struct str *out;
	size_t count, max;
	size_t spoiler_from; /* the links that were known where the open sign stands */
	bool is_spoiler;
	int depth; /* of links in links: a picture in one */
	struct str url, label;
};

static void turn_link_spoiler(struct links *links)
{
	if (links->is_spoiler)
		links->count = links->spoiler_from;
	else
		links->spoiler_from = links->count;
	links->is_spoiler = !links->is_spoiler;
}

static void find_signs(struct links *links, struct str piece)
{
	for (size_t i = markdown_is_escaped(links->text, piece) ? 1 : 0; i + 1 < piece.n; i++) {
		if (piece.p[i] == '|' && piece.p[i + 1] == '|') {
			turn_link_spoiler(links);
			i++;
		}
	}
}

static bool is_web(struct str url)
{
	return html_url_is_safe(url) && (url.p[0] == 'h' || url.p[0] == 'H');
}

static void add_link(struct links *links, struct str url)
{
	if (!is_web(url) || links->count == links->max)
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
	/* As text/markdown.c splits it. */
	const char *bars = label.n > 0 ? memmem(label.p, label.n, "||", 2) : NULL;
	if (bars != NULL && !markdown_is_autolink(links->text, label, links->url))
		bars = NULL;
	if (bars != NULL)
		links->url.n -= (size_t)(label.p + label.n - bars);
	add_link(links, links->url);
	if (bars != NULL)
		find_signs(links, (struct str){bars, (size_t)(label.p + label.n - bars)});
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
	links->is_spoiler = false;
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
	if (links.copy.p == NULL || !markdown_parse(links.copy, &parser, &links))
		return 0;
	return links.count;
}
