/* Copies of a database, and knowing one again. A person restores a backup by putting the file in the place of the
 * database. Two things are then wrong, and SQLite can see neither: a log that a killed store left beside the old
 * database would be played back into the new one, which ruins it; and cursors of the history that is gone would be
 * valid. So each copy carries a mark, the application id of its header (bytes 68 to 71 of
 * https://www.sqlite.org/fileformat2.html), that the database itself never has. */
#include "base/ensure.h"
#include "sql/sql_internal.h"
#include "sql/sql_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MARK_OFFSET = 68, MARK_BYTES = 4 };

static const char set_mark[] = "PRAGMA application_id = 0x536e426b"; /* SnBk */
static const unsigned char mark[MARK_BYTES] = {0x53, 0x6e, 0x42, 0x6b};

struct sql_backup {
	struct sql *source;
	sqlite3 *copy;
	sqlite3_backup *state;
};

enum err sql_backup_open(struct sql *db, const char *path, struct sql_backup **out)
{
	struct sql_backup *backup = ensure_calloc(1, sizeof(*backup));
	backup->source = db;
	int result = sqlite3_open_v2(
	    path, &backup->copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE, sql_vfs_name());
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

/* The mark goes into the file itself and not into a log beside it, which nobody would carry along. */
static int finish(struct sql_backup *backup)
{
	int result = sqlite3_backup_finish(backup->state);
	backup->state = NULL;
	if (result == SQLITE_OK)
		result = sqlite3_exec(backup->copy, set_mark, NULL, NULL, NULL);
	if (result == SQLITE_OK)
		result = sqlite3_wal_checkpoint_v2(backup->copy, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return result;
}

enum err sql_backup_step(struct sql_backup *backup, int pages, bool *done)
{
	int result = sqlite3_backup_step(backup->state, pages);
	*done = result == SQLITE_DONE;
	if (*done)
		result = finish(backup);
	else if (result == SQLITE_BUSY || result == SQLITE_LOCKED)
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

bool sql_is_copy(const char *path)
{
	unsigned char found[MARK_BYTES];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return false;
	bool is_copy = pread(fd, found, MARK_BYTES, MARK_OFFSET) == MARK_BYTES && memcmp(found, mark, MARK_BYTES) == 0;
	(void)close(fd);
	return is_copy;
}

static bool remove_beside(const char *path, const char *end)
{
	char beside[PATH_MAX];
	int n = snprintf(beside, sizeof(beside), "%s%s", path, end);
	return n > 0 && n < (int)sizeof(beside) && (unlink(beside) == 0 || errno == ENOENT);
}

enum err sql_copy_drop_log(const char *path)
{
	return remove_beside(path, "-wal") && remove_beside(path, "-shm") && remove_beside(path, "-journal")
		   ? ERR_OK
		   : ERR_DATABASE_UNAVAILABLE;
}

/* While the mark stands in the file, the log counts for nothing at the next start, so it must be off before anything is
 * promised. The log is empty exactly when all of it went into the file; a reader can prevent that. */
enum err sql_copy_settle(struct sql *db)
{
	struct stat log;
	char path[PATH_MAX];
	TRY(sql_checkpoint(db, SQL_CHECKPOINT_TRUNCATE, 5000));
	const char *file = sqlite3_db_filename(db->connection, "main");
	int n = snprintf(path, sizeof(path), "%s-wal", file);
	return n > 0 && n < (int)sizeof(path) && stat(path, &log) == 0 && log.st_size == 0 ? ERR_OK
											   : ERR_DATABASE_UNAVAILABLE;
}
