/* The index cannot say where in a text its words stand, as it holds no text: so a hit's text is made words of once
 * more, in the same way, and these are compared. */
#include "domain/search/search_snippet.h"

#include "base/utf8.h"
#include "domain/search/search_match.h"
#include "text/markdown.h"
#include "text/search_text.h"

#include <string.h>

enum {
	TOKENS_A_TERM_MAX = 32,
	TOKENS_A_TEXT_MAX = 8192,
	SNIPPET_BYTES_MAX = 360, /* of what was found in a long text */
	LEAD_BYTES = 90,         /* of these before the first hit */
	TEXT_DEPTH_MAX = 5,
};

struct token {
	struct str word;
	size_t start, end; /* in the text that it was found in */
};

struct tokens {
	struct arena *arena;
	struct token *list;
	size_t count, most;
};

struct term {
	struct token *tokens;
	size_t count;
	bool is_prefix; /* of the last one */
};

struct search_words {
	struct term terms[SEARCH_TERMS_MAX];
	size_t count;
};

static void take(void *context, const char *p, size_t n, size_t start, size_t end)
{
	struct tokens *tokens = context;

	if (tokens->count == tokens->most)
		return;
	tokens->list[tokens->count++] = (struct token){{arena_strndup(tokens->arena, p, n), n}, start, end};
}

enum err search_words_of(struct sql *db, struct arena *arena, const struct search_query *query,
			 struct search_words **out)
{
	struct search_words *words = arena_alloc(arena, sizeof(*words));
	for (size_t i = 0; i < query->term_count; i++) {
		const struct search_term *asked = &query->terms[i];
		struct str ready;
		bool is_prefix;
		struct tokens tokens = {arena, arena_alloc(arena, TOKENS_A_TERM_MAX * sizeof(struct token)), 0,
					TOKENS_A_TERM_MAX};
		struct term *term = &words->terms[words->count];
		if (asked->is_excluded)
			continue;
		TRY(search_term_ready(db, arena, asked, &ready, &is_prefix));
		TRY(sql_tokenize(db, ready.p, ready.n, take, &tokens));
		*term = (struct term){tokens.list, tokens.count, is_prefix};
		words->count += term->count > 0;
	}
	*out = words;
	return ERR_OK;
}

static bool is_token(const struct term *term, size_t at, const struct token *token)
{
	struct str wanted = term->tokens[at].word, word = token->word;

	if (term->is_prefix && at + 1 == term->count && word.n > wanted.n)
		word.n = wanted.n;
	return str_eq(word, wanted);
}

static bool stands_at(const struct term *term, const struct tokens *tokens, size_t at)
{
	if (at + term->count > tokens->count)
		return false;
	for (size_t i = 0; i < term->count; i++) {
		if (!is_token(term, i, &tokens->list[at + i]))
			return false;
	}
	return true;
}

/* A text as people read it, and for each of its bytes whether it belongs to a hit. */
struct marked {
	struct markdown_plain plain;
	struct str text;
	bool *marks;  /* NULL: none */
	size_t first; /* the first that does */
};

static void mark(struct marked *marked, const uint32_t *origins, const struct token *from, const struct token *to)
{
	size_t start = origins[from->start], end = origins[to->end];

	/* The end of a token is where the next byte came from, which may be behind blanks or what was left out. */
	if (to->end > 0 && end > origins[to->end - 1]) {
		uint32_t c;
		size_t last = origins[to->end - 1];
		end = last + utf8_decode(marked->text.p + last, marked->text.n - last, &c);
	}
	if (marked->marks != NULL && start < end && end <= marked->text.n) {
		memset(marked->marks + start, 1, end - start);
		if (start < marked->first)
			marked->first = start;
	}
}

static enum err find_marks(struct sql *db, struct arena *arena, const struct search_words *words,
			   struct markdown_plain plain, struct marked *out)
{
	struct buf *ready = buf_in_arena(arena), *origins = buf_in_arena(arena);
	struct str text = plain.text;
	struct tokens tokens = {arena, NULL, 0, TOKENS_A_TEXT_MAX};
	*out = (struct marked){plain, text, arena_alloc(arena, text.n + 1), SIZE_MAX};
	search_text_put(ready, text, origins);
	if (ready->n == 0 || words->count == 0)
		return ERR_OK;
	if (tokens.most > ready->n)
		tokens.most = ready->n;
	tokens.list = arena_alloc(arena, tokens.most * sizeof(*tokens.list));
	TRY(sql_tokenize(db, ready->p, ready->n, take, &tokens));
	uint32_t *from = arena_alloc(arena, origins->n);
	memcpy(from, origins->p, origins->n);
	for (size_t i = 0; i < tokens.count; i++) {
		for (size_t t = 0; t < words->count; t++) {
			if (stands_at(&words->terms[t], &tokens, i))
				mark(out, from, &tokens.list[i], &tokens.list[i + words->terms[t].count - 1]);
		}
	}
	return ERR_OK;
}

/* A message whose texts are looked through. */
struct source {
	struct sql *db;
	struct arena *arena;
	const struct search_words *words;
	struct markdown_names names;
};

static enum err find_text_marks(struct source *source, struct str text, bool is_markdown, struct marked *out)
{
	struct markdown_plain plain = {.text = text};
	if (is_markdown)
		plain = markdown_to_plain(source->arena, text, &source->names);
	return find_marks(source->db, source->arena, source->words, plain, out);
}

/* Members of a message's view whose texts are in the index, other than its own text. In an embed that a program made
 * some are Markdown, of a copy its content; in a preview, which is a page's own words, none. */
static bool is_shown_text(const struct view *member, bool is_rich, bool *is_markdown)
{
	static const struct {
		const char *name;
		enum { TEXT, MARKDOWN, RICH } is;
	} shown[] = {{"filename", TEXT}, {"title", TEXT}, {"description", RICH}, {"name", TEXT},
		     {"value", RICH},    {"text", TEXT},  {"content", MARKDOWN}};

	for (size_t i = 0; member->type == VIEW_TEXT && i < sizeof(shown) / sizeof(shown[0]); i++) {
		if (str_eq_text(member->name, shown[i].name)) {
			*is_markdown = shown[i].is == MARKDOWN || (shown[i].is == RICH && is_rich);
			return true;
		}
	}
	return false;
}

/* Looks through what belongs to a message for the first text that has a hit; *out keeps what it was when none has. */
static enum err find_in(struct source *source, const struct view *view, bool is_rich, int depth, struct marked *out)
{
	for (const struct view *each = view->first; each != NULL && depth > 0 && out->first == SIZE_MAX;
	     each = each->next) {
		struct marked marked;
		bool is_markdown;
		if (each->type == VIEW_OBJECT || each->type == VIEW_LIST)
			TRY(find_in(source, each,
				    (is_rich || str_eq_text(each->name, "embeds")) &&
					!str_eq_text(view_text(each, "type"), "link"),
				    depth - 1, out));
		if (out->first != SIZE_MAX || !is_shown_text(each, is_rich, &is_markdown))
			continue;
		TRY(find_text_marks(source, each->text, is_markdown, &marked));
		if (marked.first != SIZE_MAX || (out->text.n == 0 && out->plain.hidden_count == 0))
			*out = marked;
	}
	return ERR_OK;
}

static enum err find_text(struct source *source, const struct view *message, struct marked *out)
{
	static const char *const parts[] = {"message_snapshots", "poll", "attachments", "embeds"};
	TRY(find_text_marks(source, view_text(message, "content"), true, out));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && out->first == SIZE_MAX; i++) {
		const struct view *part = view_find(message, parts[i]);
		if (part != NULL && (part->type == VIEW_LIST || part->type == VIEW_OBJECT))
			TRY(find_in(source, part, strcmp(parts[i], "embeds") == 0, TEXT_DEPTH_MAX, out));
	}
	return ERR_OK;
}

/* Whether no character is cut in two there. */
static bool is_boundary(struct str text, size_t at)
{
	return at >= text.n || ((unsigned char)text.p[at] & 0xc0) != 0x80;
}

/* The piece of a long text that is shown: from a blank not far before the first hit. */
static void cut(const struct marked *marked, size_t *from, size_t *to)
{
	struct str text = marked->text;
	size_t hit = marked->first == SIZE_MAX ? 0 : marked->first;

	*from = 0;
	*to = text.n;
	if (text.n <= SNIPPET_BYTES_MAX)
		return;
	if (hit > LEAD_BYTES) {
		*from = hit - LEAD_BYTES;
		for (size_t i = *from; i < hit; i++) {
			if (text.p[i] == ' ' || text.p[i] == '\n') {
				*from = i + 1;
				break;
			}
		}
	}
	if (text.n - *from > SNIPPET_BYTES_MAX)
		*to = *from + SNIPPET_BYTES_MAX;
	while (!is_boundary(text, *from))
		(*from)++;
	while (!is_boundary(text, *to))
		(*to)--;
}

/* The pieces as they are written. */
struct pieces {
	struct jw *jw;
	struct buf *text; /* of the piece that is open */
	bool is_hit;
};

static void put_piece(struct jw *jw, const char *text, size_t n, bool is_hit, bool is_spoiler)
{
	jw_object(jw, NULL);
	jw_text_n(jw, "text", n > 0 ? text : "", n);
	jw_flag(jw, "hit", is_hit);
	jw_flag(jw, "spoiler", is_spoiler);
	jw_object_end(jw);
}

static void end_piece(struct pieces *pieces)
{
	if (pieces->text->n > 0)
		put_piece(pieces->jw, pieces->text->p, pieces->text->n, pieces->is_hit, false);
	buf_clear(pieces->text);
}

static void add(struct pieces *pieces, const char *p, size_t n, bool is_hit)
{
	if (is_hit != pieces->is_hit)
		end_piece(pieces);
	pieces->is_hit = is_hit;
	for (size_t i = 0; i < n; i++)
		buf_putc(pieces->text, p[i] == '\n' || p[i] == '\t' ? ' ' : p[i]);
}

/* The whole text is shown, or a piece of it, and where something is hidden in that. */
static void put_pieces(struct pieces *pieces, const struct marked *marked)
{
	const struct markdown_plain *plain = &marked->plain;
	struct str text = marked->text;
	size_t from, to, next = 0;

	cut(marked, &from, &to);
	if (from > 0)
		add(pieces, "…", strlen("…"), false);
	for (size_t i = from; i <= to; i++) {
		for (; next < plain->hidden_count && plain->hidden[next] <= i; next++) {
			bool is_one_more = next > 0 && plain->hidden[next] == plain->hidden[next - 1];
			if (plain->hidden[next] < from || is_one_more)
				continue;
			end_piece(pieces);
			put_piece(pieces->jw, "", 0, false, true);
		}
		if (i < to)
			add(pieces, text.p + i, 1, marked->marks[i]);
	}
	if (to < text.n)
		add(pieces, "…", strlen("…"), false);
	end_piece(pieces);
}

enum err search_snippet_to_json(struct sql *db, struct arena *arena, struct jw *jw, const struct search_words *words,
				const struct view *message)
{
	struct source source = {db,
				arena,
				words,
				{.users = view_find(message, "mentions"),
				 .others = view_find(message, "mention_user_names"),
				 .roles = view_find(message, "mention_role_names"),
				 .channels = view_find(message, "known_channels")}};
	struct pieces pieces = {.jw = jw, .text = buf_in_arena(arena)};
	struct marked marked;
	TRY(find_text(&source, message, &marked));
	jw_array(jw, "snippet");
	put_pieces(&pieces, &marked);
	jw_array_end(jw);
	return ERR_OK;
}
