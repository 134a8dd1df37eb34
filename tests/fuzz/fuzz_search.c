/* Search with any text: the grammar takes it, the index understands what is made of it, and the text becomes words
 * without harm. The first byte says which way it comes in. */
#include "base/ensure.h"
#include "base/utf8.h"
#include "domain/search/search.h"
#include "domain/search/search_query.h"
#include "domain/search/search_snippet.h"
#include "ops_fixture.h"
#include "text/search_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 4096 };

static struct ops ops;

static void prepare(struct str text)
{
	struct buf out, origins, again;

	buf_init(&out);
	buf_init(&origins);
	buf_init(&again);
	search_text_put_content(&out, text, &origins);
	search_text_put_content(&again, text, NULL);
	ensure(out.n == again.n && (out.n == 0 || memcmp(out.p, again.p, out.n) == 0));
	ensure(out.n == 0 || utf8_is_valid(out.p, out.n));
	ensure(origins.n == (out.n + 1) * sizeof(uint32_t));
	for (size_t i = 0; i <= out.n; i++) {
		uint32_t at;
		memcpy(&at, origins.p + i * sizeof at, sizeof at);
		ensure(at <= text.n);
	}
	buf_free(&out);
	buf_free(&origins);
	buf_free(&again);
}

/* Every hit is a message, and its snippet is made of its text. */
static void find(struct str text)
{
	const struct search_scope scope = {ops.guild_id, 0, ops.ada.id};
	const struct search_page page = {.limit = SEARCH_PAGE_MAX};
	struct search_query *query = arena_alloc(&ops.arena, sizeof *query);
	struct search_result *result = arena_alloc(&ops.arena, sizeof *result);
	struct buf *out = buf_in_arena(&ops.arena);
	struct jw jw;

	search_query_init(query);
	search_query_parse(query, text, 0);
	ensure(search_find(ops.engine.db, &ops.arena, &scope, query, &page, result) == ERR_OK);
	jw_init(&jw, out);
	jw_object(&jw, NULL);
	ensure(search_result_to_json(ops.engine.db, &ops.arena, &jw, query, result, ops.ada.id) == ERR_OK);
	jw_object_end(&jw);
	ensure(utf8_is_valid(out->p, out->n));
}

/* The text as a message, and a query for its first word. */
static void show(struct str text)
{
	struct search_query *query = arena_alloc(&ops.arena, sizeof *query);
	struct buf *out = buf_in_arena(&ops.arena);
	struct view *message = view_new_object(&ops.arena);
	struct search_words *words;
	struct str head, tail;
	struct jw jw;

	(void)str_cut(text, ' ', &head, &tail);
	search_query_init(query);
	search_query_parse(query, head, 0);
	view_put_text(&ops.arena, message, "content", text);
	ensure(search_words_of(ops.engine.db, &ops.arena, query, &words) == ERR_OK);
	jw_init(&jw, out);
	jw_object(&jw, NULL);
	ensure(search_snippet_to_json(ops.engine.db, &ops.arena, &jw, words, message) == ERR_OK);
	jw_object_end(&jw);
	ensure(utf8_is_valid(out->p, out->n));
}

static void tear_down(void)
{
	ops_close(&ops);
}

static void set_up(void)
{
	ops_setup(&ops);
	(void)ops_message(&ops, &ops.ada, ops.general_id, "a b c AND or 日本 x@y.z ||s|| <@1>");
	ensure(atexit(tear_down) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text;

	if (size < 1 || size > INPUT_MAX || !utf8_is_valid((const char *)data + 1, size - 1) ||
	    memchr(data + 1, '\0', size - 1) != NULL)
		return 0;
	if (ops.engine.db == NULL)
		set_up();
	text = (struct str){arena_strndup(&ops.arena, (const char *)data + 1, size - 1), size - 1};
	switch (data[0] % 3) {
	case 0:
		prepare(text);
		break;
	case 1:
		find(text);
		break;
	default:
		show(text);
	}
	ensure(sql_is_idle(ops.engine.db));
	arena_reset(&ops.arena);
	return 0;
}
