/* Migrations: db/migrations/NNNN_name.sql, built in by tools/migrations, forward only. PRAGMA user_version is the
 * number of the last one that was applied. */
#include "base/ensure.h"
#include "base/log.h"
#include "sql/sql_internal.h"
#include "sql/sql_writer.h"

#include <stdio.h>
#include <unistd.h>

struct migration {
	int number;
	const char *name;
	const char *text;
};

/* A migration is one literal, longer than ISO C promises to take; gcc and clang take any. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverlength-strings"
static const struct migration migrations[] = {
#include "migrations.inc"
};
#pragma GCC diagnostic pop

enum { MIGRATION_COUNT = sizeof(migrations) / sizeof(migrations[0]) };

/* An older copy goes with what stands beside it, which would be taken for the new one's: it has that when its maker was
 * killed, or somebody looks into it. */
static enum err copy_all(struct sql *db, const char *copy_path)
{
	struct sql_backup *backup;
	bool done = false;
	(void)unlink(copy_path);
	TRY(sql_copy_drop_log(copy_path));
	TRY(sql_backup_open(db, copy_path, &backup));
	enum err err = ERR_OK;
	while (err == ERR_OK && !done)
		err = sql_backup_step(backup, 1000, &done);
	sql_backup_free(backup);
	return err;
}

static void switch_foreign_keys(struct sql *db, bool on)
{
	int is_on = -1;
	ensure(sqlite3_db_config(db->connection, SQLITE_DBCONFIG_ENABLE_FKEY, (int)on, &is_on) == SQLITE_OK);
	ensure(is_on == (int)on);
}

/* Whether every foreign key finds its row. */
static bool holds_together(struct sql *db)
{
	sqlite3_stmt *stmt = NULL;
	bool is_sound = sqlite3_prepare_v2(db->connection, "PRAGMA foreign_key_check", -1, &stmt, NULL) == SQLITE_OK &&
			sqlite3_step(stmt) == SQLITE_DONE;
	(void)sqlite3_finalize(stmt);
	return is_sound;
}

static enum err apply_one(struct sql *db, const struct migration *migration)
{
	char set_version[64];
	(void)snprintf(set_version, sizeof(set_version), "PRAGMA user_version = %d", migration->number);
	int result = sqlite3_exec(db->connection, migration->text, NULL, NULL, NULL);
	if (result == SQLITE_OK && !holds_together(db))
		result = SQLITE_CONSTRAINT;
	if (result == SQLITE_OK)
		result = sqlite3_exec(db->connection, set_version, NULL, NULL, NULL);
	return sql_error(db, result, migration->name);
}

/* In one transaction: whoever is killed in the middle has the old schema, so the copy that the next start makes is of
 * that too. */
static enum err apply_from(struct sql *db, int64_t version)
{
	enum err err = sql_error(db, sqlite3_exec(db->connection, "BEGIN IMMEDIATE", NULL, NULL, NULL), "BEGIN");
	for (int64_t i = version; err == ERR_OK && i < MIGRATION_COUNT; i++)
		err = apply_one(db, &migrations[i]);
	if (err == ERR_OK)
		err = sql_error(db, sqlite3_exec(db->connection, "COMMIT", NULL, NULL, NULL), "COMMIT");
	if (err != ERR_OK && !sqlite3_get_autocommit(db->connection))
		(void)sqlite3_exec(db->connection, "ROLLBACK", NULL, NULL, NULL);
	return err;
}

enum err sql_migrate(struct sql *db, const char *copy_path, int *applied)
{
	int64_t version;
	*applied = 0;
	TRY(sql_find_int(db, QUERY_PRAGMA_USER_VERSION, SQL_NO_ARGS, &version));
	for (int i = 0; i < MIGRATION_COUNT; i++)
		ensure(migrations[i].number == i + 1);
	if (version > MIGRATION_COUNT) {
		log_event(LOG_ERROR, "schema_is_newer", log_number("schema", version),
			  log_number("program", MIGRATION_COUNT));
		return ERR_INTERNAL;
	}
	if (version == MIGRATION_COUNT)
		return ERR_OK;
	if (version > 0)
		TRY(copy_all(db, copy_path));
	/* A table that is made anew is dropped in between, which must not take what refers to it along (SQLite, "Making
	 * Other Kinds Of Table Schema Changes"). The switch has no effect in a transaction. */
	switch_foreign_keys(db, false);
	enum err err = apply_from(db, version);
	switch_foreign_keys(db, true);
	TRY(err);
	for (int64_t i = version; i < MIGRATION_COUNT; i++)
		log_event(LOG_INFO, "migrated", log_text("migration", migrations[i].name));
	*applied = MIGRATION_COUNT - (int)version;
	return ERR_OK;
}
