/* What only the store does to the database file: migrations, checkpoints, backups. */
#ifndef SNUG_SQL_WRITER_H
#define SNUG_SQL_WRITER_H

#include "sql/sql.h"

/* Brings the schema up to date, each migration of db/migrations in a transaction of its own. A database that holds data
 * already is copied first, to <copy_path> (replaced when it exists). A schema newer than this program is ERR_INTERNAL.
 * *applied is how many ran. */
enum err sql_migrate(struct sql *db, const char *copy_path, int *applied) MUST_USE;

enum sql_checkpoint_kind {
	SQL_CHECKPOINT_PASSIVE,  /* what can be moved without waiting for anyone */
	SQL_CHECKPOINT_RESTART,  /* waits for readers, wait_ms at most, so that the log starts again from its beginning */
	SQL_CHECKPOINT_TRUNCATE, /* as above, and the log file becomes empty */
};

/* Moves pages from the write-ahead log to the database. A reader that stands in the way is no error. */
enum err sql_checkpoint(struct sql *db, enum sql_checkpoint_kind kind, int wait_ms) MUST_USE;

/* How much of the log was in use after the last commit; it shrinks when the log begins again from its start. */
int64_t sql_log_bytes(const struct sql *db);

struct sql_backup;

/* Copies the database into a new file a few pages at a time while writing goes on. The copy has a state of its own moment
 * of the end. step copies up to pages and sets *done; free ends it at any time (a copy that is not done is useless). */
enum err sql_backup_open(struct sql *db, const char *path, struct sql_backup **out) MUST_USE;
enum err sql_backup_step(struct sql_backup *backup, int pages, bool *done) MUST_USE;
void sql_backup_free(struct sql_backup *backup);

/* PRAGMA integrity_check and foreign_key_check: *sound is false when either finds something. */
enum err sql_check_integrity(struct sql *db, bool *sound) MUST_USE;

#endif
