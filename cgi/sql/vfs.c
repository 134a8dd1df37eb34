/* SQLite's own file system layer with one difference: a name is used as it was given. Programs run in the data folder
 * and open "snug.db"; SQLite would make that absolute, which fails where a parent folder may not be searched (a clone
 * in /root whose programs run under ids of their own). */
#include "base/ensure.h"
#include "sql/sql_internal.h"

#include <stdio.h>

static int keep_name(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
	(void)vfs;
	int n = snprintf(out, (size_t)size, "%s", name);
	return n > 0 && n < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

const char *sql_vfs_name(void)
{
	static sqlite3_vfs relative; /* SQLite keeps a list of these for the life of the process */
	static const char name[] = "snug";
	if (sqlite3_vfs_find(name) == NULL) {
		sqlite3_vfs *standard = sqlite3_vfs_find(NULL);
		ensure(standard != NULL);
		relative = *standard;
		relative.zName = name;
		relative.pNext = NULL;
		relative.xFullPathname = keep_name;
		ensure(sqlite3_vfs_register(&relative, 0) == SQLITE_OK);
	}
	return name;
}
