/* A restore: somebody put the file of a backup in the place of the database. */
#ifndef SNUG_STORE_RESTORE_H
#define SNUG_STORE_RESTORE_H

#include "sql/sql_writer.h"

/* Before the database is opened: whether it is a copy, and if so without the log of the one that stood there. */
enum err restore_find(const char *path, bool *is_restored) MUST_USE;

/* After it was opened and brought up to date: begins a new epoch, so that no cursor crosses histories, and makes the
 * copy the database. On disk when it returns. */
enum err restore_take_over(struct sql *db) MUST_USE;

#endif
