/* Checkpoints, backups and checks of the store's one connection. */
#include "base/ensure.h"
#include "sql/sql_internal.h"
#include "sql/sql_writer.h"

#include <stdlib.h>
#include <string.h>

enum { ORDINARY_BUSY_TIMEOUT_MS = 1000 };

struct sql_backup {
	struct sql *source;
	sqlite3 *copy;
	sqlite3_backup *state;
};

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

enum err sql_backup_open(struct sql *db, const char *path, struct sql_backup **out)
{
	struct sql_backup *backup = ensure_calloc(1, sizeof(*backup));
	backup->source = db;
	int result = sqlite3_open_v2(path, &backup->copy,
	                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE, sql_vfs_name());
	if (result == SQLITE_OK) {
		backup->state = sqlite3_backup_init(backup->copy, "main", db->connection, "main");
		result = backup->state == NULL ? sqlite3_extended_errcode(backup->copy) : SQLITE_OK;
	}
	if (result != SQLITE_OK) {
		enum err err = sql_error(db, result, "backup");
		sql_backup_free(backup);
		return err == ERR_OK ? ERR_INTERNAL : err;
	}
	*out = backup;
	return ERR_OK;
}

enum err sql_backup_step(struct sql_backup *backup, int pages, bool *done)
{
	int result = sqlite3_backup_step(backup->state, pages);
	*done = result == SQLITE_DONE;
	if (result == SQLITE_BUSY || result == SQLITE_LOCKED)
		return ERR_OK;
	return sql_error(backup->source, result, "backup");
}

void sql_backup_free(struct sql_backup *backup)
{
	if (backup == NULL)
		return;
	(void)sqlite3_backup_finish(backup->state);
	(void)sqlite3_close(backup->copy);
	free(backup);
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
