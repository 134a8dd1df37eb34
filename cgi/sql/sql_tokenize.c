/* The tokenizer of the index of messages, to ask it what it makes of a text: SQLite, "Custom Tokenizers" of FTS5. */
#include "base/ensure.h"
#include "sql/sql_internal.h"

#include <limits.h>
#include <stdlib.h>

struct sql_tokenizer {
	fts5_tokenizer methods;
	Fts5Tokenizer *tokenizer;
};

void sql_tokenizer_free(struct sql_tokenizer *tokenizer)
{
	if (tokenizer == NULL)
		return;
	if (tokenizer->tokenizer != NULL)
		tokenizer->methods.xDelete(tokenizer->tokenizer);
	free(tokenizer);
}

/* FTS5 hands out its interface as a pointer that a query fills in. */
static int find_interface(sqlite3 *connection, fts5_api **out)
{
	sqlite3_stmt *stmt = NULL;
	int result = sqlite3_prepare_v2(connection, sql_query_row(QUERY_SEARCH_TOKENIZERS)->text, -1, &stmt, NULL);
	*out = NULL;
	if (result != SQLITE_OK)
		return result;
	(void)sqlite3_bind_pointer(stmt, 1, out, "fts5_api_ptr", NULL);
	(void)sqlite3_step(stmt);
	result = sqlite3_finalize(stmt);
	return result == SQLITE_OK && *out == NULL ? SQLITE_ERROR : result;
}

static int open_tokenizer(sqlite3 *connection, struct sql_tokenizer *out)
{
	static const char *arguments[] = {"remove_diacritics", "2"};
	fts5_api *interface;
	void *context;
	int result = find_interface(connection, &interface);
	if (result == SQLITE_OK)
		result = interface->xFindTokenizer(interface, "unicode61", &context, &out->methods);
	if (result == SQLITE_OK)
		result = out->methods.xCreate(context, arguments, 2, &out->tokenizer);
	return result;
}

struct call {
	sql_token_function *each;
	void *context;
};

static int take_token(void *context, int flags, const char *p, int n, int start, int end)
{
	const struct call *call = context;
	(void)flags;
	call->each(call->context, p, (size_t)n, (size_t)start, (size_t)end);
	return SQLITE_OK;
}

enum err sql_tokenize(struct sql *db, const char *text, size_t n, sql_token_function *each, void *context)
{
	struct call call = {each, context};
	ensure(n <= INT_MAX);
	if (db->tokenizer == NULL) {
		db->tokenizer = ensure_calloc(1, sizeof(*db->tokenizer));
		int result = open_tokenizer(db->connection, db->tokenizer);
		if (result != SQLITE_OK) {
			sql_tokenizer_free(db->tokenizer);
			db->tokenizer = NULL;
			return sql_error(db, result, "tokenizer");
		}
	}
	int result = db->tokenizer->methods.xTokenize(db->tokenizer->tokenizer, &call, FTS5_TOKENIZE_DOCUMENT, text,
						      (int)n, take_token);
	return sql_error(db, result, "tokenize");
}
