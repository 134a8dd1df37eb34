/* What the files of sql/ share; nothing outside includes this. */
#ifndef SNUG_SQL_INTERNAL_H
#define SNUG_SQL_INTERNAL_H

#include "sql/sql.h"

#include <sqlite3.h>

struct query_row {
	const char *name;
	const char *text;
	const char *scan; /* why a full scan is wanted; NULL: it is not */
};

struct sql_stmt {
	struct sql *db;
	sqlite3_stmt *prepared; /* NULL before the first use */
	bool is_busy;           /* between start and finish */
	bool has_stepped;
	int result; /* of the last call into SQLite */
};

struct sql_tokenizer;

/* See sql_watch in sql_writer.h. */
struct sql_watch {
	const char *const *tables; /* NULL: nothing is watched */
	void (*changed)(void *context);
	void *context;
	bool has_changed; /* since the last commit */
};

struct sql {
	sqlite3 *connection;
	bool is_writer;
	unsigned busy_count;             /* statements that are busy */
	int64_t log_bytes;               /* of a writer: the log in use at the last commit */
	struct sql_tokenizer *tokenizer; /* NULL before the first use */
	struct sql_watch watch;          /* of a writer */
	struct sql_stmt statements[QUERY_COUNT];
};

/* The row of a query in the generated table. */
const struct query_row *sql_query_row(enum query query);

/* Registers the file system layer that keeps relative names and returns its name for sqlite3_open_v2. */
const char *sql_vfs_name(void);

/* Releases what sql_tokenize keeps; NULL is fine. */
void sql_tokenizer_free(struct sql_tokenizer *tokenizer);

/* Tells who watches of what the transaction changed that has just been committed. */
void sql_watch_committed(struct sql_watch *watch);

/* What an SQLite result means to callers; logs what they cannot mend. */
enum err sql_error(struct sql *db, int result, const char *what);

#endif
