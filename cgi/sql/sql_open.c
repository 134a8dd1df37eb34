/* Opening and closing a connection, and how each kind is set up. */
#include "base/ensure.h"
#include "base/log.h"
#include "sql/sql_internal.h"

#include <stdlib.h>

enum { BUSY_TIMEOUT_MS = 1000 };

/* No program starts threads and nobody reads SQLite's statistics, so neither is paid for. Once SQLite runs, which is
 * from the first connection on, this does nothing. */
static void configure_library(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum err open_connection(const char *path, int flags, bool is_writer, struct sql **out)
{
	struct sql *db = ensure_calloc(1, sizeof(*db));
	db->is_writer = is_writer;
	configure_library();
	int result =
	    sqlite3_open_v2(path, &db->connection, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, sql_vfs_name());
	if (result != SQLITE_OK) {
		enum err err = sql_error(db, result, "open");
		sql_close(db);
		return err;
	}
	(void)sqlite3_busy_timeout(db->connection, BUSY_TIMEOUT_MS);
	(void)sqlite3_db_config(db->connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void)sqlite3_db_config(db->connection, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(db->connection, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	(void)sqlite3_db_config(db->connection, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	*out = db;
	return ERR_OK;
}

static enum err run_all(struct sql *db, const enum query *queries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		TRY(sql_run(db, queries[i], SQL_NO_ARGS, NULL));
	return ERR_OK;
}

enum err sql_open_reader(const char *path, struct sql **out)
{
	static const enum query set_up[] = {QUERY_PRAGMA_QUERY_ONLY, QUERY_PRAGMA_READER_CACHE,
					    QUERY_PRAGMA_TEMP_MEMORY, QUERY_HEALTH_PROBE};
	struct sql *db;
	TRY(open_connection(path, SQLITE_OPEN_READONLY, false, &db));
	enum err err = run_all(db, set_up, sizeof(set_up) / sizeof(set_up[0]));
	if (err != ERR_OK) {
		sql_close(db);
		return ERR_DATABASE_UNAVAILABLE;
	}
	*out = db;
	return ERR_OK;
}

/* SQLite calls this after each commit that wrote, with the pages in the log; page size is the default of 4,096. */
static int note_commit(void *context, sqlite3 *connection, const char *name, int pages)
{
	struct sql *db = context;
	(void)connection;
	(void)name;
	db->log_bytes = (int64_t)pages * 4096;
	sql_watch_committed(&db->watch);
	return SQLITE_OK;
}

enum err sql_open_writer(const char *path, struct sql **out)
{
	static const enum query set_up[] = {QUERY_PRAGMA_WAL,
					    QUERY_PRAGMA_SYNCHRONOUS_FULL,
					    QUERY_PRAGMA_FOREIGN_KEYS,
					    QUERY_PRAGMA_NO_AUTOCHECKPOINT,
					    QUERY_PRAGMA_LOG_FILE_LIMIT,
					    QUERY_PRAGMA_SECURE_DELETE,
					    QUERY_PRAGMA_WRITER_CACHE,
					    QUERY_PRAGMA_TEMP_MEMORY};
	struct sql *db;
	TRY(open_connection(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, true, &db));
	int persistent = 1; /* readers live through a restart of the writer only while the log stays */
	(void)sqlite3_file_control(db->connection, "main", SQLITE_FCNTL_PERSIST_WAL, &persistent);
	enum err err = run_all(db, set_up, sizeof(set_up) / sizeof(set_up[0]));
	if (err != ERR_OK) {
		sql_close(db);
		return err;
	}
	(void)sqlite3_wal_hook(db->connection, note_commit, db);
	*out = db;
	return ERR_OK;
}

void sql_close(struct sql *db)
{
	if (db == NULL)
		return;
	sql_tokenizer_free(db->tokenizer);
	for (size_t i = 0; i < QUERY_COUNT; i++)
		(void)sqlite3_finalize(db->statements[i].prepared);
	(void)sqlite3_close(db->connection);
	free(db);
}
