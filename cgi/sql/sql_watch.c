/* Telling of changes to some tables: see sql_writer.h. SQLite's update hook says which rows are written, its hook for
 * the log when they have been committed (sql_open.c); no statement has to remember anything.
 *
 * SQLite documents three gaps of the update hook. Tables WITHOUT ROWID are never told of: sql_watch's caller watches
 * none. Rows that REPLACE deletes on a conflict are not: the row that takes their place is, as insertions are told too.
 * DELETE without WHERE is not where it empties a table at once (the truncate optimisation): that is never done to a
 * table which other rows refer to while foreign keys are enforced, as the writer does. Tests hold SQLite to all of it
 * (tests/unit/test_session_changes.c). */
#include "base/ensure.h"
#include "sql/sql_internal.h"
#include "sql/sql_writer.h"

#include <string.h>

static void note_row(void *context, int what, const char *database, const char *table, sqlite3_int64 row)
{
	struct sql_watch *watch = context;
	(void)what;
	(void)database;
	(void)row;
	for (const char *const *each = watch->tables; *each != NULL && !watch->has_changed; each++)
		watch->has_changed = strcmp(*each, table) == 0;
}

void sql_watch(struct sql *db, const char *const *tables, void (*changed)(void *context), void *context)
{
	ensure(db->is_writer && db->watch.tables == NULL);
	db->watch = (struct sql_watch){.tables = tables, .changed = changed, .context = context};
	(void)sqlite3_update_hook(db->connection, note_row, &db->watch);
}

void sql_watch_committed(struct sql_watch *watch)
{
	if (!watch->has_changed)
		return;
	watch->has_changed = false;
	watch->changed(watch->context);
}
