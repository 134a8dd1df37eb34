/* From md4c's callbacks to HTML. What stands in a block's line of text is written into run; a block's tags, and run
 * when its block ends, into out. A spoiler begins and ends in one run and within the same span, so that it never
 * crosses another element; one that goes on over several blocks (text/markdown_spoilers.h) is one in each.
 *
 * Invariants: every element that is opened is closed, in order; no link is in a link and no spoiler in a link or
 * another spoiler. */
#include "text/markdown.h"

#include "text/emoji.h"
#include "text/html.h"
#include "text/markdown_names.h"
#include "text/markdown_parse.h"
#include "text/markdown_spans.h"
#include "text/markdown_spoilers.h"

#include <string.h>

struct render {
	struct arena *arena;
	const struct markdown_names *names;
	struct str text, copy; /* as it came, and as md4c reads it */
	struct buf *out, *run;
	size_t start; /* of out: what was there before */
	struct markdown_spans spans;
	const struct markdown_spoilers *spoilers;
	int hidden_depth;    /* spoilers that are open */
	bool is_continued;   /* one was when the run began */
	size_t sign_at;      /* of run: where the last one began in it, */
	size_t opened_at;    /* and behind its tags */
	size_t paragraph_at; /* of out: behind the tag of the paragraph that is open */
	int link_depth;
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

static void close_span(struct render *render);

/* A spoiler that goes on has nothing of a run that is empty, or in which nothing stands behind its sign. */
static void end_run(struct render *render)
{
	struct buf *run = render->run;
	bool goes_on;

	for (int n = markdown_spans_end(&render->spans); n > 0; n--)
		close_span(render);
	goes_on = render->hidden_depth > 0;
	if (goes_on && run->n > 0 && run->n == render->opened_at) {
		run->n = render->sign_at;
		goes_on = false;
	}
	if (run->n > 0) {
		if (render->is_continued)
			html_spoiler_open(render->out);
		buf_put(render->out, run->p, run->n);
		if (goes_on)
			html_spoiler_close(render->out);
	}
	buf_clear(run);
	render->sign_at = render->opened_at = 0;
	render->is_continued = render->hidden_depth > 0;
}

static void put_sign(struct render *render, enum markdown_sign sign)
{
	if (sign == MARKDOWN_SIGN_OPENS && render->hidden_depth++ == 0) {
		render->sign_at = render->run->n;
		html_spoiler_open(render->run);
		render->opened_at = render->run->n;
	} else if (sign == MARKDOWN_SIGN_CLOSES && render->hidden_depth > 0 && --render->hidden_depth == 0) {
		if (render->is_continued && render->run->n == 0)
			render->is_continued = false;
		else
			html_spoiler_close(render->run);
	}
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
		render->paragraph_at = render->out->n;
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
		/* Of a sign alone, which was the beginning or the end of a spoiler, nothing is left. */
		if (render->out->n == render->paragraph_at) {
			render->out->n -= sizeof("<p>") - 1;
			buf_puts(render->out, "");
		} else {
			html_close(render->out, HTML_P);
		}
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
	struct str label = render->label, rest = markdown_behind_address(render->text, label, render->url);
	if (rest.n == 0)
		return false;
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

/* Closes the innermost. What a split address leaves behind is text of the span around it. */
static void close_span(struct render *render)
{
	enum html_element element;
	MD_SPANTYPE type = markdown_spans_close(&render->spans);
	if (element_of(type, &element))
		html_close(render->run, element);
	if (markdown_span_is_link(type))
		leave_link(render);
}

static int enter_span(MD_SPANTYPE type, void *detail, void *context)
{
	struct render *render = context;
	enum html_element element;
	if (!markdown_spans_enter(&render->spans, type))
		return 0;
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
	(void)detail;
	for (int n = markdown_spans_leave(&render->spans, type); n > 0; n--)
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
		enum markdown_sign sign = markdown_sign_at(render->spoilers, p);
		put_sign(render, sign);
		if (sign == MARKDOWN_SIGN_NONE)
			html_text(render->run, (struct str){p, 2});
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

/* Where something may be hidden in what could not be made HTML, all of it is. */
static void put_plain(struct str all, struct buf *out)
{
	bool is_hidden = all.n > 0 && memmem(all.p, all.n, "||", 2) != NULL;
	html_open(out, HTML_P);
	if (is_hidden)
		html_spoiler_open(out);
	for (size_t i = 0; i < all.n; i++) {
		if (all.p[i] == '\n')
			html_break(out);
		else
			html_byte(out, all.p[i]);
	}
	if (is_hidden)
		html_spoiler_close(out);
	html_close(out, HTML_P);
}

static bool put_markdown(struct arena *arena, struct str all, const struct markdown_names *names, struct buf *out)
{
	MD_PARSER parser = {.enter_block = enter_block,
			    .leave_block = leave_block,
			    .enter_span = enter_span,
			    .leave_span = leave_span,
			    .text = text};
	struct render render = {
	    .arena = arena,
	    .names = names,
	    .text = all,
	    .copy = {markdown_copy(arena, all), all.n},
	    .out = out,
	    .run = buf_in_arena(arena),
	    .start = out->n,
	};
	if (render.copy.p == NULL)
		return false;
	buf_reserve(render.run, 1);
	render.spoilers = markdown_spoilers_find(arena, all, render.copy);
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
