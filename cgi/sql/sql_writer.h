/* What only the store does to the database file: migrations, checkpoints, backups. */
#ifndef SNUG_SQL_WRITER_H
#define SNUG_SQL_WRITER_H

#include "sql/sql.h"

/* Brings the schema up to date, by all migrations of db/migrations that it lacks or by none. A database that holds data
 * already is copied first, to <copy_path> (replaced when it exists). A schema newer than this program is ERR_INTERNAL.
 * *applied is how many ran. */
enum err sql_migrate(struct sql *db, const char *copy_path, int *applied) MUST_USE;

enum sql_checkpoint_kind {
	SQL_CHECKPOINT_PASSIVE,  /* what can be moved without waiting for anyone */
	SQL_CHECKPOINT_RESTART,  /* waits for readers, wait_ms at most, so that the log starts again from its beginning
				  */
	SQL_CHECKPOINT_TRUNCATE, /* as above, and the log file becomes empty */
};

/* Moves pages from the write-ahead log to the database. A reader that stands in the way is no error. */
enum err sql_checkpoint(struct sql *db, enum sql_checkpoint_kind kind, int wait_ms) MUST_USE;

/* How much of the log was in use after the last commit; it shrinks when the log begins again from its start. */
int64_t sql_log_bytes(const struct sql *db);

/* Calls changed after each commit of this connection that may have inserted, updated or deleted a row of one of the
 * tables, whoever commits and whatever statement it was, and before the commit returns to whoever ran it: what others
 * must know before anybody is told. A transaction that was undone may be told with the next commit. tables ends in
 * NULL; it is borrowed, and none of them is WITHOUT ROWID. changed may not use the connection. Once a connection. */
void sql_watch(struct sql *db, const char *const *tables, void (*changed)(void *context), void *context);

struct sql_backup;

/* Copies the database into a new file a few pages at a time while writing goes on. The copy has the state of the moment
 * of its end. step copies up to pages and sets *done; free ends it at any time (a copy that is not done is useless). */
enum err sql_backup_open(struct sql *db, const char *path, struct sql_backup **out) MUST_USE;
enum err sql_backup_step(struct sql_backup *backup, int pages, bool *done) MUST_USE;
void sql_backup_free(struct sql_backup *backup);

/* Whether the file is a copy that sql_backup made and nobody took over yet. Only while this process has the database
 * not open: closing any descriptor of a file drops the locks that SQLite has on it. */
bool sql_is_copy(const char *path);

/* Taking over a copy that was put in place of a database. First, before it is opened, the log that the other database
 * left is dropped. Then one transaction runs QUERY_PRAGMA_NO_COPY and whatever must be done once. At last settle brings
 * that into the file. After a crash in between all three are due again, since the file still says that it is a copy. */
enum err sql_copy_drop_log(const char *path) MUST_USE;
enum err sql_copy_settle(struct sql *db) MUST_USE;

/* PRAGMA integrity_check and foreign_key_check: *sound is false when either finds something. */
enum err sql_check_integrity(struct sql *db, bool *sound) MUST_USE;

#endif
