/* SQLite behind named queries. Only this folder includes sqlite3.h, and no SQL text stands in C: db/queries/<noun>.sql
 * holds it, tools/queries turns it into enum query and a table (build/gen/queries.h), and the unit tests prepare each
 * on a migrated database and refuse unexplained scans. A connection prepares a query once, at its first use.
 *
 *   struct sql_stmt *s;
 *   TRY(sql_start(db, QUERY_MESSAGE_FIND, SQL_ARGS(sql_id(channel_id), sql_id(message_id)), &s));
 *   if (sql_step(s)) message->content = sql_column_text(s, 2, arena);
 *   TRY(sql_finish(s));
 *
 * Invariant: between requests no statement is busy (sql_is_idle). */
#ifndef SNUG_SQL_SQL_H
#define SNUG_SQL_SQL_H

#include "base/arena.h"
#include "base/err.h"
#include "queries.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;
struct sql_stmt;

struct sql_arg {
	enum { SQL_ARG_END, SQL_ARG_INT, SQL_ARG_TEXT, SQL_ARG_BLOB, SQL_ARG_NULL } type;
	int64_t number; /* or the length of a blob */
	const void *bytes;
};

static inline struct sql_arg sql_int(int64_t n)
{
	return (struct sql_arg){SQL_ARG_INT, n, NULL};
}
static inline struct sql_arg sql_id(int64_t id) /* 0 is NULL */
{
	return (struct sql_arg){id ? SQL_ARG_INT : SQL_ARG_NULL, id, NULL};
}
static inline struct sql_arg sql_text(const char *text) /* NULL is NULL */
{
	return (struct sql_arg){text ? SQL_ARG_TEXT : SQL_ARG_NULL, 0, text};
}
static inline struct sql_arg sql_blob(const void *bytes, size_t n)
{
	return (struct sql_arg){bytes ? SQL_ARG_BLOB : SQL_ARG_NULL, (int64_t)n, bytes};
}

#define SQL_ARGS(...) ((const struct sql_arg[]){__VA_ARGS__, {SQL_ARG_END, 0, NULL}})
#define SQL_NO_ARGS ((const struct sql_arg[]){{SQL_ARG_END, 0, NULL}})

/* Opens the database for reading only (SQLITE_OPEN_READONLY, query_only). Waits up to a second for a store that is
 * recovering. path is used as it is, relative to the working directory. Errors: ERR_DATABASE_UNAVAILABLE. */
enum err sql_open_reader(const char *path, struct sql **out) MUST_USE;

/* Opens it for writing: the store's one connection (WAL, synchronous FULL, foreign keys, persistent WAL, no automatic
 * checkpoint), creating the file. */
enum err sql_open_writer(const char *path, struct sql **out) MUST_USE;

void sql_close(struct sql *db); /* NULL is fine */

/* Binds args to ?1, ?2 … in order and leaves the statement before its first row. Args are borrowed until sql_finish.
 * Errors: as sql_finish. */
enum err sql_start(struct sql *db, enum query query, const struct sql_arg *args, struct sql_stmt **out) MUST_USE;
bool sql_step(struct sql_stmt *stmt); /* true when there is a row */

int64_t sql_column_int(struct sql_stmt *stmt, int column);                           /* NULL is 0 */
const char *sql_column_text(struct sql_stmt *stmt, int column, struct arena *arena); /* a copy; NULL is NULL */
const char *sql_column_borrow(struct sql_stmt *stmt, int column, size_t *n); /* text, borrowed until the next step */
const void *sql_column_blob(struct sql_stmt *stmt, int column, size_t *n);   /* borrowed until the next step */
bool sql_column_is_null(struct sql_stmt *stmt, int column);

/* Ends the statement and says how it went: ERR_OK, ERR_STORAGE_FULL (disk full or failing), ERR_DATABASE_UNAVAILABLE
 * (busy, corrupt, gone), ERR_INTERNAL (a constraint or a programmer's error; logged). Always call it. */
enum err sql_finish(struct sql_stmt *stmt) MUST_USE;

/* start, step to the end and finish; *changes (may be NULL) is the number of rows written. */
enum err sql_run(struct sql *db, enum query query, const struct sql_arg *args, int *changes) MUST_USE;

/* The first column of the first row, 0 when there is none. */
enum err sql_find_int(struct sql *db, enum query query, const struct sql_arg *args, int64_t *out) MUST_USE;

/* The pattern of what holds the text anywhere, for "LIKE ?1 ESCAPE '!'": wildcards in it are plain characters. In the
 * arena. */
const char *sql_like_anywhere(struct arena *arena, const char *text);

/* Calls each for every word that the index of messages makes of the text (unicode61, remove_diacritics 2): p is the word as
 * the index has it, borrowed for the call, and it stands at start up to end in the text. Errors: as sql_finish. */
typedef void sql_token_function(void *context, const char *p, size_t n, size_t start, size_t end);
enum err sql_tokenize(struct sql *db, const char *text, size_t n, sql_token_function *each, void *context) MUST_USE;

bool sql_is_idle(struct sql *db);
bool sql_in_transaction(struct sql *db);

/* How many rows this connection has written since it was opened, whatever became of them. */
int64_t sql_rows_written(struct sql *db);

/* A read transaction, so that several queries see one state of the data; end it before waiting on anything. */
enum err sql_read_begin(struct sql *db) MUST_USE;
void sql_read_end(struct sql *db);

#endif
