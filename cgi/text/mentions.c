#include "text/mentions.h"

#include "text/markdown_names.h"
#include "text/markdown_parse.h"
#include "text/token.h"

#include <string.h>

struct finder {
	struct str text, copy; /* as it came, and as md4c reads it */
	struct mentions *out;
	int code_depth, link_depth;
};

static void add(int64_t *list, size_t *count, int64_t id)
{
	for (size_t i = 0; i < *count; i++) {
		if (list[i] == id)
			return;
	}
	if (*count < MENTIONS_MAX)
		list[(*count)++] = id;
}

/* Takes what begins at p, of piece, and returns how long it is. */
static size_t take(struct finder *finder, struct str piece, const char *p)
{
	static const struct markdown_names everyone = {.is_for_everyone = true};
	struct str rest = {p, (size_t)(piece.p + piece.n - p)};
	struct token token;
	size_t n;
	if (*p == '<' && token_match(rest, &token)) {
		if (token.kind == TOKEN_USER)
			add(finder->out->users, &finder->out->user_count, token.id);
		else if (token.kind == TOKEN_ROLE)
			add(finder->out->roles, &finder->out->role_count, token.id);
		return token.n;
	}
	if (*p == '@' && (n = markdown_everyone(&everyone, piece, p)) > 0) {
		finder->out->is_everyone = true;
		return n;
	}
	return 1;
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE n, void *context)
{
	struct finder *finder = context;
	struct str piece = markdown_piece(finder->text, finder->copy, text, n);
	const char *p = piece.p, *end = piece.p + piece.n;
	if (type != MD_TEXT_NORMAL || finder->code_depth > 0 || finder->link_depth > 0)
		return 0;
	if (markdown_is_escaped(finder->text, piece))
		p++;
	while (p < end)
		p += take(finder, piece, p);
	return 0;
}

static int on_block_begin(MD_BLOCKTYPE type, void *detail, void *context)
{
	struct finder *finder = context;
	(void)detail;
	/* md4c may leave a span that it did not enter, and the other way round: see text/markdown.c. */
	finder->code_depth = type == MD_BLOCK_CODE;
	finder->link_depth = 0;
	return 0;
}

static int on_block_end(MD_BLOCKTYPE type, void *detail, void *context)
{
	struct finder *finder = context;
	(void)type;
	(void)detail;
	finder->code_depth = finder->link_depth = 0;
	return 0;
}

static int on_span_begin(MD_SPANTYPE type, void *detail, void *context)
{
	struct finder *finder = context;
	(void)detail;
	finder->code_depth += type == MD_SPAN_CODE;
	finder->link_depth += type == MD_SPAN_A || type == MD_SPAN_IMG;
	return 0;
}

static int on_span_end(MD_SPANTYPE type, void *detail, void *context)
{
	struct finder *finder = context;
	(void)detail;
	finder->code_depth -= type == MD_SPAN_CODE && finder->code_depth > 0;
	finder->link_depth -= (type == MD_SPAN_A || type == MD_SPAN_IMG) && finder->link_depth > 0;
	return 0;
}

void mentions_find(struct arena *arena, struct str text, struct mentions *out)
{
	MD_PARSER parser = {.enter_block = on_block_begin,
			    .leave_block = on_block_end,
			    .enter_span = on_span_begin,
			    .leave_span = on_span_end,
			    .text = on_text};
	out->user_count = out->role_count = 0;
	out->is_everyone = false;
	if (memchr(text.p, '@', text.n) == NULL)
		return;
	const char *copy = markdown_copy(arena, text);
	if (copy == NULL)
		return;
	struct finder finder = {.text = text, .copy = {copy, text.n}, .out = out};
	/* A text that md4c gives up on is shown as it is: then it mentions nobody. */
	if (!markdown_parse(finder.copy, &parser, &finder))
		*out = (struct mentions){.user_count = 0};
}
