#include "text/markdown_spoilers.h"

#include "text/markdown_parse.h"
#include "text/markdown_spans.h"

#include <stdint.h>
#include <string.h>

enum { NONE = -1 };

struct sign {
	size_t at;     /* in the text */
	size_t before; /* how much is shown before it: the same as of another when nothing stands between */
	int depth;     /* of the span that it stands in */
	enum markdown_sign is;
};

/* Invariant: list is in the order of the text. */
struct markdown_spoilers {
	struct str text;
	struct sign *list;
	int count, max;
};

/* md4c is asked once for the signs alone. */
struct finder {
	struct arena *arena;
	struct markdown_spoilers *found;
	struct str text, copy;
	struct markdown_spans spans;
	int lone[MARKDOWN_SPAN_DEPTH_MAX + 1]; /* of each span that is open, from 1 on: its sign without a fellow */
	int line;                              /* the first sign of the line */
	int open; /* the sign of an earlier line whose spoiler goes on if another ends it */
	size_t shown;
	int link_depth;
	struct str url, label; /* of the link that is open; the first piece of its label */
};

/* Gives the sign its fellow, or makes it the one that waits for one. */
static void pair(struct markdown_spoilers *found, int *lone, int at)
{
	struct sign *sign = &found->list[at];

	sign->is = MARKDOWN_SIGN_NONE;
	if (*lone == NONE || found->list[*lone].before == sign->before) {
		*lone = at;
		return;
	}
	found->list[*lone].is = MARKDOWN_SIGN_OPENS;
	sign->is = MARKDOWN_SIGN_CLOSES;
	*lone = NONE;
}

/* Pairs the signs of a line that stand in no span; lone is one before them, or NONE. The one that is left. */
static int pair_line(struct finder *finder, int lone)
{
	for (int i = finder->line; i < finder->found->count; i++) {
		if (finder->found->list[i].depth == 0)
			pair(finder->found, &lone, i);
	}
	return lone;
}

static void add_sign(struct finder *finder, const char *p)
{
	struct markdown_spoilers *found = finder->found;
	int depth = finder->spans.depth;
	size_t at = (size_t)(p - finder->text.p);

	if (found->count == found->max || (found->count > 0 && at <= found->list[found->count - 1].at))
		return;
	found->list[found->count] = (struct sign){at, finder->shown, depth, MARKDOWN_SIGN_NONE};
	found->count++;
	if (depth > 0)
		pair(found, &finder->lone[depth], found->count - 1);
}

static void read_piece(struct finder *finder, struct str piece)
{
	size_t i = 0;

	if (piece.p < finder->text.p || piece.p + piece.n > finder->text.p + finder->text.n) {
		finder->shown++;
		return;
	}
	if (markdown_is_escaped(finder->text, piece)) {
		finder->shown++;
		i++;
	}
	while (i < piece.n) {
		if (piece.p[i] == '|' && i + 1 < piece.n && piece.p[i + 1] == '|') {
			add_sign(finder, piece.p + i);
			i += 2;
		} else {
			finder->shown++;
			i++;
		}
	}
}

static int take_text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *context)
{
	struct finder *finder = context;
	struct str piece = markdown_piece(finder->text, finder->copy, p, n);

	if (type != MD_TEXT_NORMAL)
		finder->shown++;
	else if (finder->link_depth == 0)
		read_piece(finder, piece);
	else if (finder->label.n == 0)
		finder->label = piece;
	return 0;
}

/* An address that was recognised by itself ends before the sign of a spoiler; the rest is text. */
static void leave_link(struct finder *finder)
{
	struct str label = finder->label, rest;

	finder->shown++;
	rest = markdown_behind_address(finder->text, label, finder->url);
	if (rest.n > 0)
		read_piece(finder, rest);
}

static void close_span(struct finder *finder)
{
	if (markdown_span_is_link(markdown_spans_close(&finder->spans)) && --finder->link_depth == 0)
		leave_link(finder);
}

/* What is left of a line waits for the next one of which something is left. */
static void end_line(struct finder *finder)
{
	int left, open = finder->open;

	for (int n = markdown_spans_end(&finder->spans); n > 0; n--)
		close_span(finder);
	left = pair_line(finder, NONE);
	if (left != NONE)
		finder->open = left;
	if (left != NONE && open != NONE)
		finder->open = pair_line(finder, open);
	finder->line = finder->found->count;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *context)
{
	struct finder *finder = context;

	if (!markdown_spans_enter(&finder->spans, type))
		return 0;
	finder->lone[finder->spans.depth] = NONE;
	if (!markdown_span_is_link(type) || finder->link_depth++ > 0)
		return 0;
	finder->label = STR("");
	finder->url = markdown_attribute(finder->arena, type == MD_SPAN_A ? &((const MD_SPAN_A_DETAIL *)detail)->href
									  : &((const MD_SPAN_IMG_DETAIL *)detail)->src);
	return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context)
{
	struct finder *finder = context;

	(void)detail;
	for (int n = markdown_spans_leave(&finder->spans, type); n > 0; n--)
		close_span(finder);
	return 0;
}

static int turn_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	(void)type;
	(void)detail;
	end_line(context);
	return 0;
}

const struct markdown_spoilers *markdown_spoilers_find(struct arena *arena, struct str text, struct str copy)
{
	MD_PARSER parser = {.enter_block = turn_block,
			    .leave_block = turn_block,
			    .enter_span = enter_span,
			    .leave_span = leave_span,
			    .text = take_text};
	struct markdown_spoilers *found = arena_alloc(arena, sizeof(*found));
	struct finder finder = {.arena = arena, .found = found, .text = text, .copy = copy, .open = NONE};

	*found = (struct markdown_spoilers){.text = text, .max = (int)(text.n / 2)};
	if (text.n == 0 || memmem(text.p, text.n, "||", 2) == NULL)
		return found;
	found->list = arena_alloc(arena, (size_t)found->max * sizeof(*found->list));
	if (!markdown_parse(copy, &parser, &finder))
		found->count = 0;
	return found;
}

enum markdown_sign markdown_sign_at(const struct markdown_spoilers *spoilers, const char *p)
{
	int low = 0, high = spoilers->count;
	size_t at;

	if (p < spoilers->text.p || p >= spoilers->text.p + spoilers->text.n)
		return MARKDOWN_SIGN_NONE;
	at = (size_t)(p - spoilers->text.p);
	while (low < high) {
		int middle = low + (high - low) / 2;
		if (spoilers->list[middle].at == at)
			return spoilers->list[middle].is;
		if (spoilers->list[middle].at < at)
			low = middle + 1;
		else
			high = middle;
	}
	return MARKDOWN_SIGN_NONE;
}
