/* Statements by name on one connection. Opening and closing are in sql_open.c.
 * Invariants: a statement is busy from sql_start to sql_finish, and the same one is never started twice. */
#include "sql/sql.h"

#include "base/clock.h"
#include "base/ensure.h"
#include "base/log.h"
#include "sql/sql_internal.h"

#include <time.h>

enum { RECOVERY_WAIT_MS = 1000, RECOVERY_PAUSE_MS = 5 };

static const struct query_row rows[] = {
#include "queries.inc"
};
_Static_assert(sizeof(rows) / sizeof(rows[0]) == QUERY_COUNT, "one row a query");

const struct query_row *sql_query_row(enum query query)
{
	ensure((size_t)query < QUERY_COUNT);
	return &rows[query];
}

enum err sql_error(struct sql *db, int result, const char *what)
{
	switch (result & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return ERR_OK;
	default:
		break;
	}
	enum err err;
	switch (result & 0xff) {
	case SQLITE_FULL:
	case SQLITE_IOERR:
		err = ERR_STORAGE_FULL;
		break;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
	case SQLITE_TOOBIG:
		err = ERR_INTERNAL;
		break;
	default:
		err = ERR_DATABASE_UNAVAILABLE;
	}
	log_event(LOG_ERROR, "sql_failed", log_text("query", what), log_number("code", result),
		  log_text("reason", db != NULL && db->connection != NULL ? sqlite3_errmsg(db->connection) : ""));
	return err;
}

static int bind_one(sqlite3_stmt *prepared, int at, const struct sql_arg *arg)
{
	switch (arg->type) {
	case SQL_ARG_INT:
		return sqlite3_bind_int64(prepared, at, arg->number);
	case SQL_ARG_TEXT:
		return sqlite3_bind_text(prepared, at, arg->bytes, -1, SQLITE_STATIC);
	case SQL_ARG_BLOB:
		return sqlite3_bind_blob64(prepared, at, arg->bytes, (sqlite3_uint64)arg->number, SQLITE_STATIC);
	default:
		return sqlite3_bind_null(prepared, at);
	}
}

/* A reader sees these for a moment while the store starts: the log is being recovered, or its index is not there yet.
 */
static bool is_recovering(int result)
{
	return result == SQLITE_BUSY_RECOVERY || result == SQLITE_READONLY_RECOVERY ||
	       result == SQLITE_READONLY_CANTINIT || result == SQLITE_READONLY_CANTLOCK || result == SQLITE_CANTOPEN;
}

/* Whether to try again what gave this result; a moment has passed then. *give_up_at_ms is 0 at the first try. */
static bool wait_for_recovery(int result, int64_t *give_up_at_ms)
{
	if (!is_recovering(result))
		return false;
	int64_t now_ms = clock_monotonic_ms();
	if (*give_up_at_ms == 0)
		*give_up_at_ms = now_ms + RECOVERY_WAIT_MS;
	if (now_ms >= *give_up_at_ms)
		return false;
	const struct timespec pause = {0, RECOVERY_PAUSE_MS * 1000000L};
	(void)nanosleep(&pause, NULL);
	return true;
}

/* Reads the schema when it is the connection's first statement. */
static int prepare(struct sql *db, const struct query_row *row, sqlite3_stmt **out)
{
	int64_t give_up_at_ms = 0;
	int result;
	do
		result = sqlite3_prepare_v3(db->connection, row->text, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
	while (wait_for_recovery(result, &give_up_at_ms));
	return result;
}

/* The transaction of a statement that stands alone begins here. */
static int step_first(sqlite3_stmt *prepared)
{
	int64_t give_up_at_ms = 0;
	int result = sqlite3_step(prepared);
	while (wait_for_recovery(result, &give_up_at_ms)) {
		(void)sqlite3_reset(prepared);
		result = sqlite3_step(prepared);
	}
	return result;
}

enum err sql_start(struct sql *db, enum query query, const struct sql_arg *args, struct sql_stmt **out)
{
	const struct query_row *row = sql_query_row(query);
	struct sql_stmt *stmt = &db->statements[query];
	ensure(!stmt->is_busy);
	int result = SQLITE_OK;
	if (stmt->prepared == NULL) {
		result = prepare(db, row, &stmt->prepared);
		if (result != SQLITE_OK)
			return sql_error(db, result, row->name);
		stmt->db = db;
	}
	int count = 0;
	while (args[count].type != SQL_ARG_END && result == SQLITE_OK) {
		result = bind_one(stmt->prepared, count + 1, &args[count]);
		count++;
	}
	if (result != SQLITE_OK) {
		(void)sqlite3_clear_bindings(stmt->prepared);
		return sql_error(db, result, row->name);
	}
	ensure(count == sqlite3_bind_parameter_count(stmt->prepared));
	stmt->is_busy = true;
	stmt->has_stepped = false;
	stmt->result = SQLITE_OK;
	db->busy_count++;
	*out = stmt;
	return ERR_OK;
}

bool sql_step(struct sql_stmt *stmt)
{
	ensure(stmt->is_busy);
	stmt->result = stmt->has_stepped ? sqlite3_step(stmt->prepared) : step_first(stmt->prepared);
	stmt->has_stepped = true;
	return stmt->result == SQLITE_ROW;
}

int64_t sql_column_int(struct sql_stmt *stmt, int column)
{
	return sqlite3_column_int64(stmt->prepared, column);
}

const char *sql_column_text(struct sql_stmt *stmt, int column, struct arena *arena)
{
	const void *text = sqlite3_column_text(stmt->prepared, column);
	if (text == NULL)
		return NULL;
	return arena_strndup(arena, text, (size_t)sqlite3_column_bytes(stmt->prepared, column));
}

const char *sql_column_borrow(struct sql_stmt *stmt, int column, size_t *n)
{
	const void *text = sqlite3_column_text(stmt->prepared, column);
	*n = text == NULL ? 0 : (size_t)sqlite3_column_bytes(stmt->prepared, column);
	return text;
}

const void *sql_column_blob(struct sql_stmt *stmt, int column, size_t *n)
{
	const void *bytes = sqlite3_column_blob(stmt->prepared, column);
	*n = (size_t)sqlite3_column_bytes(stmt->prepared, column);
	return bytes;
}

bool sql_column_is_null(struct sql_stmt *stmt, int column)
{
	return sqlite3_column_type(stmt->prepared, column) == SQLITE_NULL;
}

enum err sql_finish(struct sql_stmt *stmt)
{
	ensure(stmt->is_busy);
	struct sql *db = stmt->db;
	int result = stmt->result;
	enum err err = sql_error(db, result, sql_query_row((enum query)(stmt - db->statements))->name);
	(void)sqlite3_reset(stmt->prepared);
	(void)sqlite3_clear_bindings(stmt->prepared);
	stmt->is_busy = false;
	db->busy_count--;
	return err;
}

enum err sql_run(struct sql *db, enum query query, const struct sql_arg *args, int *changes)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, query, args, &stmt));
	while (sql_step(stmt))
		;
	enum err err = sql_finish(stmt);
	if (changes != NULL)
		*changes = err == ERR_OK ? sqlite3_changes(db->connection) : 0;
	return err;
}

enum err sql_find_int(struct sql *db, enum query query, const struct sql_arg *args, int64_t *out)
{
	struct sql_stmt *stmt;
	*out = 0;
	TRY(sql_start(db, query, args, &stmt));
	if (sql_step(stmt))
		*out = sql_column_int(stmt, 0);
	return sql_finish(stmt);
}

bool sql_is_idle(struct sql *db)
{
	return db == NULL || (db->busy_count == 0 && (db->is_writer || sqlite3_get_autocommit(db->connection)));
}

enum err sql_read_begin(struct sql *db)
{
	return sql_run(db, QUERY_TRANSACTION_BEGIN_READ, SQL_NO_ARGS, NULL);
}

void sql_read_end(struct sql *db)
{
	/* Ending a transaction that only read has nothing to lose: a failure to commit ends it the other way. */
	if (sql_in_transaction(db))
		err_ignore(sql_run(db, QUERY_TRANSACTION_COMMIT, SQL_NO_ARGS, NULL));
	if (sql_in_transaction(db))
		err_ignore(sql_run(db, QUERY_TRANSACTION_ROLLBACK, SQL_NO_ARGS, NULL));
}

bool sql_in_transaction(struct sql *db)
{
	return !sqlite3_get_autocommit(db->connection);
}

int64_t sql_rows_written(struct sql *db)
{
	return sqlite3_total_changes64(db->connection);
}
