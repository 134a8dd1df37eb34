/* SQLite's own file system layer with two differences.
 *
 * A name is used as it was given. Programs run in the data folder and open "snug.db"; SQLite would make that absolute,
 * which fails where a parent folder may not be searched (a clone in /root whose programs run under ids of their own).
 *
 * What is deleted is in no database file. With secure_delete SQLite overwrites what it deletes, but when it moves cells
 * from page to page it leaves copies of them in the unused middle of a page (measured: 1 in 500 of the texts that were
 * deleted from a table with edits were still in the file). So that part of each page of a b-tree is zeroed as the page
 * is written to a database file, which in WAL mode is at the checkpoint: readers see the page of the log or this one,
 * and neither has anything there. The log itself is emptied by store/purge.h. */
#include "base/ensure.h"
#include "sql/sql_internal.h"

#include <stdio.h>
#include <string.h>

enum { PAGE_MAX = 65536, PAGE_MIN = 512, DATABASE_HEADER = 100, PAGES_MAX = 1 << 25 };

/* A database file: SQLite's own file lies behind it. */
struct database_file {
	sqlite3_file base;
	sqlite3_file *real;
	sqlite3_int64 size; /* as far as it is known here; 0 before the first write */
};

static sqlite3_vfs *standard;

static sqlite3_file *real_of(sqlite3_file *file)
{
	return ((struct database_file *)file)->real;
}

static unsigned two_bytes(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* Where the unused middle of a page begins and ends (https://www.sqlite.org/fileformat2.html, "B-tree Pages"). False
 * for pages of other kinds: those begin with the number of a page, which begins with such a byte in no file of less
 * than PAGES_MAX. */
static bool unused_part(const unsigned char *page, size_t n, size_t header, size_t *from, size_t *to)
{
	unsigned char kind = page[header];
	size_t cells, start;

	if (kind != 2 && kind != 5 && kind != 10 && kind != 13)
		return false;
	cells = two_bytes(page + header + 3);
	start = two_bytes(page + header + 5);
	*to = start == 0 ? PAGE_MAX : start;
	*from = header + (kind == 2 || kind == 5 ? 12 : 8) + 2 * cells;
	return *from < *to && *to <= n;
}

/* Pages are written whole; whatever else is written to a database file goes through as it is, and so is all of one that
 * is so large that kinds of pages cannot be told apart. */
static bool is_page(struct database_file *file, int n, sqlite3_int64 offset)
{
	if (file->size == 0 && file->real->pMethods->xFileSize(file->real, &file->size) != SQLITE_OK)
		return false;
	if (offset + n > file->size)
		file->size = offset + n;
	return n >= PAGE_MIN && n <= PAGE_MAX && (n & (n - 1)) == 0 && offset % n == 0 && file->size / n < PAGES_MAX;
}

static int file_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 offset)
{
	unsigned char page[PAGE_MAX];
	size_t from, to;

	if (!is_page((struct database_file *)file, n, offset) ||
	    !unused_part(bytes, (size_t)n, offset == 0 ? DATABASE_HEADER : 0, &from, &to))
		return real_of(file)->pMethods->xWrite(real_of(file), bytes, n, offset);
	memcpy(page, bytes, (size_t)n);
	memset(page + from, 0, to - from);
	return real_of(file)->pMethods->xWrite(real_of(file), page, n, offset);
}

static int file_close(sqlite3_file *file)
{
	int result = real_of(file)->pMethods->xClose(real_of(file));
	file->pMethods = NULL;
	return result;
}

static int file_read(sqlite3_file *file, void *bytes, int n, sqlite3_int64 offset)
{
	return real_of(file)->pMethods->xRead(real_of(file), bytes, n, offset);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
	return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int file_lock(sqlite3_file *file, int level)
{
	return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int file_unlock(sqlite3_file *file, int level)
{
	return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int file_check_lock(sqlite3_file *file, int *out)
{
	return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}

static int file_control(sqlite3_file *file, int what, void *argument)
{
	return real_of(file)->pMethods->xFileControl(real_of(file), what, argument);
}

static int file_sector_size(sqlite3_file *file)
{
	return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int file_device(sqlite3_file *file)
{
	return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
	return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, out);
}

static int file_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	return real_of(file)->pMethods->xShmLock(real_of(file), offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
	real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int file_shm_unmap(sqlite3_file *file, int is_deleted)
{
	return real_of(file)->pMethods->xShmUnmap(real_of(file), is_deleted);
}

/* Version 2: without memory mapping, which writes past xWrite. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_device,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
	struct database_file *database = (struct database_file *)file;
	int result;

	(void)vfs;
	if ((flags & SQLITE_OPEN_MAIN_DB) == 0)
		return standard->xOpen(standard, name, file, flags, out_flags);
	database->base.pMethods = NULL;
	database->real = (sqlite3_file *)(database + 1);
	database->size = 0;
	result = standard->xOpen(standard, name, database->real, flags, out_flags);
	if (database->real->pMethods != NULL && result == SQLITE_OK)
		database->base.pMethods = &methods;
	return result;
}

static int keep_name(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
	(void)vfs;
	int n = snprintf(out, (size_t)size, "%s", name);
	return n > 0 && n < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

const char *sql_vfs_name(void)
{
	static sqlite3_vfs own; /* SQLite keeps a list of these for the life of the process */
	static const char name[] = "snug";
	if (sqlite3_vfs_find(name) == NULL) {
		standard = sqlite3_vfs_find(NULL);
		ensure(standard != NULL);
		own = *standard;
		own.zName = name;
		own.pNext = NULL;
		own.szOsFile = (int)sizeof(struct database_file) + standard->szOsFile;
		own.xFullPathname = keep_name;
		own.xOpen = open_file;
		ensure(sqlite3_vfs_register(&own, 0) == SQLITE_OK);
	}
	return name;
}
