#include "store/backup.h"

#include "base/clock.h"
#include "base/log.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGES_A_STEP = 256 };

static const char folder[] = "backups";
static const char partial[] = "backups/partial.db";

/* What stands there is a copy that was not finished, and what SQLite put beside it. */
static void remove_partial(void)
{
	static const char *const beside[] = {"backups/partial.db-journal", "backups/partial.db-wal",
					     "backups/partial.db-shm"};
	(void)unlink(partial);
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
		(void)unlink(beside[i]);
}

void backup_init(struct backup *backup)
{
	*backup = (struct backup){.client_fd = -1};
}

/* Ends the copy and closes its file: in this order, since closing a file drops the locks that SQLite holds on it. */
static void end_copy(struct backup *backup)
{
	sql_backup_free(backup->copy);
	backup->copy = NULL;
	(void)close(backup->file);
}

enum err backup_begin(struct backup *backup, struct sql *db, int client_fd)
{
	if (backup->copy != NULL)
		return ERR_OVERLOADED;
	(void)mkdir(folder, 0700);
	remove_partial();
	TRY(sql_backup_open(db, partial, &backup->copy));
	backup->file = open(partial, O_RDONLY | O_CLOEXEC);
	if (backup->file < 0) {
		sql_backup_free(backup->copy);
		backup->copy = NULL;
		return ERR_STORAGE_FULL;
	}
	(void)snprintf(backup->path, sizeof(backup->path), "%s/snug-%" PRId64 ".db", folder, clock_now_ms());
	backup->client_fd = client_fd;
	return ERR_OK;
}

/* The new name must be on disk, as the file is, before anyone is told. */
static bool put_in_place(const char *path)
{
	int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool is_good = dir >= 0 && rename(partial, path) == 0 && fsync(dir) == 0;
	if (dir >= 0)
		(void)close(dir);
	return is_good;
}

bool backup_step(struct backup *backup, enum err *err)
{
	bool is_done = false;
	*err = sql_backup_step(backup->copy, PAGES_A_STEP, &is_done);
	/* Flushed little by little: one flush of the whole copy at its end would stop the writer for seconds. */
	if (*err == ERR_OK && fdatasync(backup->file) != 0)
		*err = ERR_STORAGE_FULL;
	if (*err == ERR_OK && !is_done)
		return false;
	end_copy(backup);
	if (*err == ERR_OK && !put_in_place(backup->path))
		*err = ERR_STORAGE_FULL;
	if (*err != ERR_OK)
		remove_partial();
	log_event(*err == ERR_OK ? LOG_INFO : LOG_ERROR, "backup_ended", log_text("err", err_info(*err)->name),
		  log_text("path", backup->path));
	return true;
}

void backup_abandon(struct backup *backup)
{
	if (backup->copy == NULL)
		return;
	end_copy(backup);
	remove_partial();
}
