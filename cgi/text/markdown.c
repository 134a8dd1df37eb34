/* From md4c's callbacks to HTML. What stands in a block's line of text is written into run; a block's tags, and run
 * when its block ends, into out. A spoiler begins and ends in one run and within the same span, so that it never
 * crosses another element: where its two signs belong together is known only at the second, so signs are noted (struct
 * mark) and run is cut there when it is written out.
 *
 * md4c 0.4.8 does not always leave the spans that it entered, nor enter those that it leaves (an asterisk in an address
 * that it recognises is one way), so what is open is kept here: leaving closes what is open of that kind with all that
 * is in it, or nothing, and the end of a block closes the rest.
 *
 * Invariants: every element that is opened is closed, in order; no link is in a link and no spoiler in a link or
 * another spoiler. */
#include "text/markdown.h"

#include "text/emoji.h"
#include "text/html.h"
#include "text/markdown_names.h"
#include "text/markdown_parse.h"

#include <string.h>

/* "||" at a place of run. */
struct mark {
	size_t at;
	enum { MARK_LONE, MARK_OPENS, MARK_CLOSES } is;
};

enum { NO_MARK = -1 };

struct render {
	struct arena *arena;
	const struct markdown_names *names;
	struct str text, copy; /* as it came, and as md4c reads it */
	struct buf *out, *run;
	size_t start; /* of out: what was there before */
	struct mark *marks;
	int mark_count, mark_max;
	/* The spans that are open, from 1 on, and in each, and in the run itself at 0, the mark that has no fellow yet.
	 */
	MD_SPANTYPE spans[MARKDOWN_SPAN_DEPTH_MAX + 1];
	int lone[MARKDOWN_SPAN_DEPTH_MAX + 1];
	int span_depth, link_depth;
	int spans_beyond; /* entered when no more could be open: they are not written */
	int block_depth;  /* as nested, also where no more is written */
	struct str url;   /* of the link that is open */
	size_t label_at;  /* where its label begins in run */
	struct str label; /* the first piece of that */
	int named;
};

static bool is_too_much(const struct render *render)
{
	return render->out->n - render->start + render->run->n > MARKDOWN_HTML_MAX;
}

/* Runs. */

static void begin_run(struct render *render)
{
	buf_clear(render->run);
	render->mark_count = 0;
	render->lone[0] = NO_MARK;
}

static void put_mark(struct render *render, const struct mark *mark, int *depth)
{
	if (mark->is == MARK_LONE)
		buf_puts(render->out, "||");
	else if (mark->is == MARK_OPENS && (*depth)++ == 0)
		html_spoiler_open(render->out);
	else if (mark->is == MARK_CLOSES && --(*depth) == 0)
		html_spoiler_close(render->out);
}

static void close_span(struct render *render);

static void end_run(struct render *render)
{
	size_t from = 0;
	int depth = 0;
	render->spans_beyond = 0;
	while (render->span_depth > 0)
		close_span(render);
	for (int i = 0; i < render->mark_count; i++) {
		const struct mark *mark = &render->marks[i];
		if (mark->at > from)
			buf_put(render->out, render->run->p + from, mark->at - from);
		from = mark->at;
		put_mark(render, mark, &depth);
	}
	if (render->run->n > from)
		buf_put(render->out, render->run->p + from, render->run->n - from);
	begin_run(render);
}

static void add_mark(struct render *render)
{
	int *lone = &render->lone[render->span_depth];
	if (render->mark_count >= render->mark_max)
		return;
	struct mark *mark = &render->marks[render->mark_count];
	*mark = (struct mark){.at = render->run->n, .is = MARK_LONE};
	/* Signs with nothing between are no spoiler, and the second may be the beginning of one. */
	if (*lone != NO_MARK && render->marks[*lone].at < mark->at) {
		render->marks[*lone].is = MARK_OPENS;
		mark->is = MARK_CLOSES;
		*lone = NO_MARK;
	} else {
		*lone = render->mark_count;
	}
	render->mark_count++;
}

/* Blocks. */

static bool is_list(MD_BLOCKTYPE type)
{
	return type == MD_BLOCK_UL || type == MD_BLOCK_OL;
}

static bool is_shown(const struct render *render)
{
	return render->block_depth <= MARKDOWN_BLOCK_DEPTH_MAX;
}

static enum html_element heading_of(const MD_BLOCK_H_DETAIL *detail)
{
	unsigned level = detail->level < 1 ? 1 : detail->level > 4 ? 4 : detail->level;
	return (enum html_element)(HTML_H3 + (int)level - 1);
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	struct render *render = context;
	end_run(render);
	if (type == MD_BLOCK_QUOTE || is_list(type))
		render->block_depth++;
	switch (type) {
	case MD_BLOCK_QUOTE:
		if (is_shown(render))
			html_open(render->out, HTML_BLOCKQUOTE);
		break;
	case MD_BLOCK_UL:
		if (is_shown(render))
			html_open(render->out, HTML_UL);
		break;
	case MD_BLOCK_OL:
		if (is_shown(render))
			html_ol_open(render->out, ((const MD_BLOCK_OL_DETAIL *)detail)->start);
		break;
	case MD_BLOCK_LI:
		if (is_shown(render))
			html_open(render->out, HTML_LI);
		break;
	case MD_BLOCK_HR:
		html_rule(render->out);
		break;
	case MD_BLOCK_H:
		html_open(render->out, heading_of(detail));
		break;
	case MD_BLOCK_CODE:
		html_code_open(render->out,
			       markdown_attribute(render->arena, &((const MD_BLOCK_CODE_DETAIL *)detail)->lang));
		break;
	case MD_BLOCK_P:
		html_open(render->out, HTML_P);
		break;
	default: /* the document; HTML and tables are off */
		break;
	}
	return is_too_much(render);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	struct render *render = context;
	end_run(render);
	switch (type) {
	case MD_BLOCK_QUOTE:
		if (is_shown(render))
			html_close(render->out, HTML_BLOCKQUOTE);
		break;
	case MD_BLOCK_UL:
		if (is_shown(render))
			html_close(render->out, HTML_UL);
		break;
	case MD_BLOCK_OL:
		if (is_shown(render))
			html_ol_close(render->out);
		break;
	case MD_BLOCK_LI:
		if (is_shown(render))
			html_close(render->out, HTML_LI);
		else
			html_break(render->out);
		break;
	case MD_BLOCK_H:
		html_close(render->out, heading_of(detail));
		break;
	case MD_BLOCK_CODE:
		html_code_close(render->out);
		break;
	case MD_BLOCK_P:
		html_close(render->out, HTML_P);
		break;
	default:
		break;
	}
	if (type == MD_BLOCK_QUOTE || is_list(type))
		render->block_depth--;
	return is_too_much(render);
}

/* Spans. */

static bool element_of(MD_SPANTYPE type, enum html_element *out)
{
	*out = type == MD_SPAN_EM       ? HTML_EM
	       : type == MD_SPAN_STRONG ? HTML_STRONG
	       : type == MD_SPAN_DEL    ? HTML_DEL
					: HTML_CODE;
	return type == MD_SPAN_EM || type == MD_SPAN_STRONG || type == MD_SPAN_DEL || type == MD_SPAN_CODE;
}

static void enter_link(struct render *render, const MD_ATTRIBUTE *url)
{
	if (render->link_depth++ > 0)
		return;
	render->url = markdown_attribute(render->arena, url);
	render->label_at = render->run->n;
	render->label = STR("");
}

/* Whether the label shows the whole address; "http://" before "www." and "mailto:" are as long as each other. */
static bool shows_address(const struct buf *label, const struct buf *url)
{
	size_t scheme_n = sizeof("http://") - 1;
	return (label->n == url->n && memcmp(label->p, url->p, url->n) == 0) ||
	       (label->n + scheme_n == url->n && memcmp(label->p, url->p + scheme_n, label->n) == 0);
}

/* An address that is no link is shown as it was written: <itself>, or behind its label. */
static void put_address(struct render *render, const struct buf *label, const struct buf *url, bool is_itself)
{
	bool is_bracketed = markdown_is_bracketed(render->text, render->label);
	if (is_bracketed)
		html_byte(render->run, '<');
	buf_put(render->run, label->p, label->n);
	if (is_bracketed)
		html_byte(render->run, '>');
	else if (!is_itself && url->n > 0)
		buf_printf(render->run, " (%s)", url->p);
}

/* The label is written already: it is taken back and put into its link. */
static void wrap_label(struct render *render)
{
	struct buf *run = render->run, *url = buf_in_arena(render->arena), *label = buf_in_arena(render->arena);
	html_text(url, render->url);
	buf_put(label, run->p + render->label_at, run->n - render->label_at);
	run->n = render->label_at;
	bool is_itself = label->n == 0 || shows_address(label, url);
	if (label->n == 0)
		buf_put(label, url->p, url->n);
	if (!html_url_is_safe(render->url)) {
		put_address(render, label, url, is_itself);
		return;
	}
	html_link_open(run, render->url, !is_itself);
	buf_put(run, label->p, label->n);
	html_link_close(run);
}

static void put_normal(struct render *render, struct str piece);

/* An address that was recognised by itself ends before the sign of a spoiler; the rest is text. */
static bool split_address(struct render *render)
{
	struct str label = render->label, rest;
	const char *bars = label.n > 0 ? memmem(label.p, label.n, "||", 2) : NULL;
	if (bars == NULL || !markdown_is_autolink(render->text, label, render->url))
		return false;
	rest = (struct str){bars, (size_t)(label.p + label.n - bars)};
	render->url.n -= rest.n;
	render->run->n = render->label_at;
	html_text(render->run, (struct str){label.p, label.n - rest.n});
	wrap_label(render);
	put_normal(render, rest);
	return true;
}

static void leave_link(struct render *render)
{
	if (--render->link_depth > 0)
		return;
	if (!split_address(render))
		wrap_label(render);
}

static bool is_link(MD_SPANTYPE type)
{
	return type == MD_SPAN_A || type == MD_SPAN_IMG;
}

/* Closes the innermost. What a split address leaves behind is text of the span around it. */
static void close_span(struct render *render)
{
	enum html_element element;
	MD_SPANTYPE type = render->spans[render->span_depth--];
	if (element_of(type, &element))
		html_close(render->run, element);
	if (is_link(type))
		leave_link(render);
}

static int enter_span(MD_SPANTYPE type, void *detail, void *context)
{
	struct render *render = context;
	enum html_element element;
	if (render->span_depth == MARKDOWN_SPAN_DEPTH_MAX) {
		render->spans_beyond++;
		return 0;
	}
	render->spans[++render->span_depth] = type;
	render->lone[render->span_depth] = NO_MARK;
	if (element_of(type, &element))
		html_open(render->run, element);
	if (type == MD_SPAN_A)
		enter_link(render, &((const MD_SPAN_A_DETAIL *)detail)->href);
	else if (type == MD_SPAN_IMG)
		enter_link(render, &((const MD_SPAN_IMG_DETAIL *)detail)->src);
	return is_too_much(render);
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context)
{
	struct render *render = context;
	int depth = render->span_depth;
	(void)detail;
	if (render->spans_beyond > 0) {
		render->spans_beyond--;
		return 0;
	}
	while (depth > 0 && render->spans[depth] != type)
		depth--;
	while (depth > 0 && render->span_depth >= depth)
		close_span(render);
	return is_too_much(render);
}

/* Text. */

/* In a link there is no other link; names are just text. */
static void put_token(struct render *render, const struct token *token, struct str form)
{
	struct buf *run = render->run;
	if (token->kind == TOKEN_EMOJI) {
		html_custom_emoji(run, token->id, token->name);
		return;
	}
	if (token->kind == TOKEN_TIME) {
		html_moment(run, token->id, token->style);
		return;
	}
	struct str shown = markdown_name(render->arena, render->names, token, form, &render->named);
	if (render->link_depth > 0)
		html_text(run, shown);
	else if (token->kind == TOKEN_CHANNEL)
		html_channel(run, render->names != NULL ? render->names->place : STR("@me"), token->id, shown);
	else
		html_mention(run, token->kind == TOKEN_USER ? HTML_MENTION_USER : HTML_MENTION_ROLE, token->id,
			     markdown_is_of_reader(render->names, token->id), shown);
}

/* Writes what begins at p, of piece, and returns how long it is. */
static size_t put_next(struct render *render, struct str piece, const char *p)
{
	struct str rest = {p, (size_t)(piece.p + piece.n - p)};
	struct token token;
	size_t n;
	if (*p == '<' && token_match(rest, &token)) {
		put_token(render, &token, (struct str){p, token.n});
		return token.n;
	}
	if (*p == '|' && rest.n > 1 && p[1] == '|' && render->link_depth == 0) {
		add_mark(render);
		return 2;
	}
	if (*p == '@' && render->link_depth == 0 && (n = markdown_everyone(render->names, piece, p)) > 0) {
		html_mention(render->run, HTML_MENTION_EVERYONE, 0, false, (struct str){p, n});
		return n;
	}
	html_byte(render->run, *p);
	return 1;
}

static void put_normal(struct render *render, struct str piece)
{
	const char *p = piece.p, *end = piece.p + piece.n;
	if (render->link_depth > 0 && render->label.n == 0)
		render->label = piece;
	if (markdown_is_escaped(render->text, piece))
		html_byte(render->run, *p++);
	while (p < end)
		p += put_next(render, piece, p);
}

static void put_entity(struct render *render, struct str entity)
{
	struct buf *resolved = buf_in_arena(render->arena);
	markdown_put_entity(resolved, entity);
	html_text(render->run, (struct str){resolved->p, resolved->n});
}

static int text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *context)
{
	struct render *render = context;
	struct str piece = markdown_piece(render->text, render->copy, p, n);
	switch (type) {
	case MD_TEXT_NORMAL:
		put_normal(render, piece);
		break;
	case MD_TEXT_BR:
	case MD_TEXT_SOFTBR:
		html_break(render->run);
		break;
	case MD_TEXT_ENTITY:
		put_entity(render, piece);
		break;
	default:
		html_text(render->run, piece);
	}
	return is_too_much(render);
}

/* Texts of nothing but emoji. */

static size_t emoji_at(struct str rest, struct token *token)
{
	if (token_match(rest, token) && token->kind == TOKEN_EMOJI)
		return token->n;
	token->n = 0;
	return emoji_match(rest, NULL);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

/* With out NULL it only looks whether the text is one. */
static bool put_large_emoji(struct str all, struct buf *out)
{
	int count = 0;
	for (size_t i = 0; i < all.n;) {
		struct str rest = {all.p + i, all.n - i};
		struct token token;
		size_t n = is_blank(*rest.p) ? 1 : emoji_at(rest, &token);
		if (n == 0 || (!is_blank(*rest.p) && ++count > MARKDOWN_LARGE_EMOJI_MAX))
			return false;
		if (out != NULL && *rest.p == '\n')
			html_break(out);
		else if (out != NULL && !is_blank(*rest.p) && token.n > 0)
			html_custom_emoji(out, token.id, token.name);
		else if (out != NULL)
			html_text(out, (struct str){rest.p, n});
		i += n;
	}
	return count > 0;
}

/* Whether md4c would find nothing: one line without a sign that begins anything, as most messages are. It makes them
 * three times as quick. */
static bool is_plain(struct str all)
{
	static const char signs[] = "*_~`[]<>|@&\\\n\t\r";
	if (all.n == 0 || strchr(" -+=#0123456789", all.p[0]) != NULL || all.p[all.n - 1] == ' ')
		return false;
	for (size_t i = 0; i < all.n; i++) {
		char c = all.p[i], next = i + 1 < all.n ? all.p[i + 1] : '\0';
		if ((unsigned char)c < ' ' || strchr(signs, c) != NULL || (c == ' ' && next == ' ') ||
		    (c == ':' && next == '/') || (c == '.' && i >= 3 && memcmp(all.p + i - 3, "www", 3) == 0))
			return false;
	}
	return true;
}

static void put_plain(struct str all, struct buf *out)
{
	html_open(out, HTML_P);
	for (size_t i = 0; i < all.n; i++) {
		if (all.p[i] == '\n')
			html_break(out);
		else
			html_byte(out, all.p[i]);
	}
	html_close(out, HTML_P);
}

static bool put_markdown(struct arena *arena, struct str all, const struct markdown_names *names, struct buf *out)
{
	MD_PARSER parser = {.enter_block = enter_block,
			    .leave_block = leave_block,
			    .enter_span = enter_span,
			    .leave_span = leave_span,
			    .text = text};
	int mark_max = (int)(all.n / 2);
	struct render render = {
	    .arena = arena,
	    .names = names,
	    .text = all,
	    .copy = {markdown_copy(arena, all), all.n},
	    .out = out,
	    .run = buf_in_arena(arena),
	    .start = out->n,
	    .marks = arena_alloc(arena, (size_t)(mark_max + 1) * sizeof(struct mark)),
	    .mark_max = mark_max,
	};
	if (render.copy.p == NULL)
		return false;
	buf_reserve(render.run, 1);
	begin_run(&render);
	bool is_whole = markdown_parse(render.copy, &parser, &render);
	if (!is_whole)
		out->n = render.start;
	return is_whole;
}

void markdown_to_html(struct arena *arena, struct str all, const struct markdown_names *names, struct buf *out)
{
	if (put_large_emoji(all, NULL)) {
		html_large_emoji_open(out);
		(void)put_large_emoji(all, out);
		html_close(out, HTML_P);
	} else if (is_plain(all) || !put_markdown(arena, all, names, out)) {
		put_plain(all, out);
	}
}
