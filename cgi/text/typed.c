/* md4c says which pieces of a text are plain; they come in the order of the text. Between and within them the text is
 * copied as it is, so that whatever is not a name stays byte for byte. */
#include "text/typed.h"

#include "text/markdown.h"
#include "text/markdown_parse.h"

#include <string.h>

struct piece {
	size_t from, to; /* offsets in the text */
};

struct pieces {
	struct str text, copy;
	struct piece *list;
	size_t count, max;
	int link_depth;
	bool is_code;
};

static int on_text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *context)
{
	struct pieces *pieces = context;
	bool is_of_copy = p >= pieces->copy.p && p < pieces->copy.p + pieces->copy.n;
	if (type != MD_TEXT_NORMAL || pieces->is_code || pieces->link_depth > 0 || !is_of_copy ||
	    pieces->count == pieces->max)
		return 0;
	size_t from = (size_t)(p - pieces->copy.p);
	struct str piece = {pieces->text.p + from, n};
	size_t escaped = markdown_is_escaped(pieces->text, piece) ? 1 : 0;
	pieces->list[pieces->count++] = (struct piece){from + escaped, from + n};
	return 0;
}

static int on_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	struct pieces *pieces = context;
	(void)detail;
	pieces->is_code = type == MD_BLOCK_CODE;
	pieces->link_depth = 0;
	return 0;
}

static int on_block_end(MD_BLOCKTYPE type, void *detail, void *context)
{
	struct pieces *pieces = context;
	(void)type;
	(void)detail;
	pieces->is_code = false;
	pieces->link_depth = 0;
	return 0;
}

static bool is_link(MD_SPANTYPE type)
{
	return type == MD_SPAN_A || type == MD_SPAN_IMG;
}

static int on_span(MD_SPANTYPE type, void *detail, void *context)
{
	struct pieces *pieces = context;
	(void)detail;
	pieces->link_depth += is_link(type);
	return 0;
}

/* md4c may leave what it did not enter: see text/markdown.c. */
static int on_span_end(MD_SPANTYPE type, void *detail, void *context)
{
	struct pieces *pieces = context;
	(void)detail;
	pieces->link_depth -= is_link(type) && pieces->link_depth > 0;
	return 0;
}

/* The pieces of plain text; none when md4c cannot say. */
static void find_pieces(struct arena *arena, struct str text, struct pieces *out)
{
	MD_PARSER parser = {.enter_block = on_block,
			    .leave_block = on_block_end,
			    .enter_span = on_span,
			    .leave_span = on_span_end,
			    .text = on_text};
	*out = (struct pieces){.text = text, .copy = {markdown_copy(arena, text), text.n}, .max = text.n};
	if (out->copy.p == NULL)
		return;
	out->list = arena_alloc(arena, text.n * sizeof(struct piece));
	if (!markdown_parse(out->copy, &parser, out))
		out->count = 0;
}

struct change {
	struct arena *arena;
	struct str text;
	struct buf *out;
	size_t copied; /* how much of the text is in out */
	int asked;
	typed_find *find;
	typed_name *name;
	void *owner;
};

/* What stands before a name: nothing, a blank, or what opens something. A letter makes it the middle of a word, and "<"
 * a stored form. */
static bool begins_name(struct str text, size_t at)
{
	unsigned char before = at > 0 ? (unsigned char)text.p[at - 1] : ' ';
	return before >= 0x80 || before == '\n' || before == '\t' || strchr(" ([{\"'*_~|>,;!?.", before) != NULL;
}

/* Puts what out holds from made on in the place of the n bytes at. */
static void put_before(struct change *change, size_t at, size_t n, const struct buf *made)
{
	buf_put(change->out, change->text.p + change->copied, at - change->copied);
	buf_put(change->out, made->p, made->n);
	change->copied = at + n;
}

static enum err try_name(struct change *change, size_t at, size_t *end)
{
	struct str rest = {change->text.p + at + 1, change->text.n - at - 1}, line, ignored;
	struct buf *made = buf_in_arena(change->arena);
	size_t taken = 0;
	char sign = change->text.p[at];
	if (strchr("@#:", sign) == NULL || rest.n == 0 || !begins_name(change->text, at) ||
	    change->asked >= TYPED_NAMES_MAX)
		return ERR_OK;
	(void)str_cut(rest, '\n', &line, &ignored);
	change->asked++;
	TRY(change->find(change->owner, sign, line, made, &taken));
	if (taken == 0)
		return ERR_OK;
	put_before(change, at, taken + 1, made);
	*end = at + taken + 1;
	return ERR_OK;
}

static enum err try_token(struct change *change, size_t at, size_t *end)
{
	struct str rest = {change->text.p + at, change->text.n - at};
	struct buf *made = buf_in_arena(change->arena);
	struct token token;
	if (!token_match(rest, &token) || change->asked >= TYPED_NAMES_MAX)
		return ERR_OK;
	change->asked++;
	TRY(change->name(change->owner, &token, made));
	*end = at + token.n;
	if (made->n > 0)
		put_before(change, at, token.n, made);
	return ERR_OK;
}

static enum err change_all(struct change *change)
{
	struct pieces pieces;
	find_pieces(change->arena, change->text, &pieces);
	for (size_t i = 0; i < pieces.count; i++) {
		/* A name may reach into later pieces: "_ann_" is an emphasis to md4c. */
		size_t at = pieces.list[i].from < change->copied ? change->copied : pieces.list[i].from;
		while (at < pieces.list[i].to) {
			size_t end = at + 1;
			if (change->find != NULL)
				TRY(try_name(change, at, &end));
			else
				TRY(try_token(change, at, &end));
			at = end;
		}
	}
	return ERR_OK;
}

static enum err run(struct change *change, struct str *out)
{
	*out = change->text;
	TRY(change_all(change));
	if (change->copied == 0)
		return ERR_OK;
	buf_put(change->out, change->text.p + change->copied, change->text.n - change->copied);
	*out = (struct str){change->out->p, change->out->n};
	return ERR_OK;
}

enum err typed_to_stored(struct arena *arena, struct str text, typed_find *find, void *owner, struct str *out)
{
	struct change change = {.arena = arena, .text = text, .out = buf_in_arena(arena), .find = find, .owner = owner};
	return run(&change, out);
}

enum err typed_from_stored(struct arena *arena, struct str text, typed_name *name, void *owner, struct str *out)
{
	struct change change = {.arena = arena, .text = text, .out = buf_in_arena(arena), .name = name, .owner = owner};
	return run(&change, out);
}
