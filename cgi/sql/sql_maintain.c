/* Checkpoints and checks of the store's one connection. */
#include "sql/sql_internal.h"
#include "sql/sql_writer.h"

#include <string.h>

enum { ORDINARY_BUSY_TIMEOUT_MS = 1000 };

enum err sql_checkpoint(struct sql *db, enum sql_checkpoint_kind kind, int wait_ms)
{
	static const int modes[] = {SQLITE_CHECKPOINT_PASSIVE, SQLITE_CHECKPOINT_RESTART, SQLITE_CHECKPOINT_TRUNCATE};
	(void)sqlite3_busy_timeout(db->connection, wait_ms);
	int result = sqlite3_wal_checkpoint_v2(db->connection, NULL, modes[kind], NULL, NULL);
	(void)sqlite3_busy_timeout(db->connection, ORDINARY_BUSY_TIMEOUT_MS);
	if ((result & 0xff) == SQLITE_BUSY)
		return ERR_OK;
	if (result == SQLITE_OK && kind != SQL_CHECKPOINT_PASSIVE)
		db->log_bytes = 0;
	return sql_error(db, result, "checkpoint");
}

int64_t sql_log_bytes(const struct sql *db)
{
	return db->log_bytes;
}

enum err sql_check_integrity(struct sql *db, bool *sound)
{
	struct sql_stmt *stmt;
	size_t n;
	*sound = false;
	TRY(sql_start(db, QUERY_PRAGMA_INTEGRITY_CHECK, SQL_NO_ARGS, &stmt));
	if (sql_step(stmt)) {
		const char *text = sql_column_borrow(stmt, 0, &n);
		*sound = text != NULL && strcmp(text, "ok") == 0;
	}
	TRY(sql_finish(stmt));
	TRY(sql_start(db, QUERY_PRAGMA_FOREIGN_KEY_CHECK, SQL_NO_ARGS, &stmt));
	if (sql_step(stmt))
		*sound = false;
	return sql_finish(stmt);
}
