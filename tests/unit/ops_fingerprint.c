#include "ops_fingerprint.h"

#include "base/ensure.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { TABLES_MAX = 128 };

/* A query for the rows of each table. */
struct queries {
	sqlite3_stmt *of[TABLES_MAX];
	int count;
};

static sqlite3_stmt *prepared(sqlite3 *connection, const char *text)
{
	sqlite3_stmt *query;

	ensure(sqlite3_prepare_v2(connection, text, -1, &query, NULL) == SQLITE_OK);
	return query;
}

/* An index of words has no rows of its own to read; what it keeps is in tables beside it. */
static void queries_prepare(struct queries *queries, sqlite3 *connection)
{
	sqlite3_stmt *names =
	    prepared(connection, "SELECT format('SELECT * FROM \"%w\"', name) FROM sqlite_schema WHERE "
				 "type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name");

	queries->count = 0;
	while (sqlite3_step(names) == SQLITE_ROW) {
		const void *text = sqlite3_column_text(names, 0);

		ensure(queries->count < TABLES_MAX);
		queries->of[queries->count++] = prepared(connection, text);
	}
	ensure(sqlite3_finalize(names) == SQLITE_OK);
}

static void queries_finalize(struct queries *queries)
{
	for (int i = 0; i < queries->count; i++)
		ensure(sqlite3_finalize(queries->of[i]) == SQLITE_OK);
	queries->count = 0;
}

/* FNV-1a. */
static void mix(uint64_t *hash, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	for (size_t i = 0; i < n; i++)
		*hash = (*hash ^ p[i]) * UINT64_C(1099511628211);
}

static void mix_rows(uint64_t *hash, sqlite3_stmt *query)
{
	mix(hash, sqlite3_sql(query), strlen(sqlite3_sql(query)));
	while (sqlite3_step(query) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(query); i++) {
			int type = sqlite3_column_type(query, i);
			const void *bytes = sqlite3_column_blob(query, i);
			int n = sqlite3_column_bytes(query, i);

			mix(hash, &type, sizeof type);
			mix(hash, &n, sizeof n);
			mix(hash, bytes, (size_t)n);
		}
	}
	ensure(sqlite3_reset(query) == SQLITE_OK);
}

static uint64_t fingerprint(const struct queries *queries)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (int i = 0; i < queries->count; i++)
		mix_rows(&hash, queries->of[i]);
	return hash;
}

/* The schema is long and there are many tables: to read and prepare them takes most of a look, so it is done once. */
static struct {
	char path[256];
	ino_t inode; /* a test may put another file in its place */
	sqlite3 *connection;
	sqlite3_stmt *schema_version;
	int prepared_at; /* version of the schema */
	struct queries queries;
} onlooker;

void ops_fingerprint_close(void)
{
	queries_finalize(&onlooker.queries);
	ensure(sqlite3_finalize(onlooker.schema_version) == SQLITE_OK);
	ensure(sqlite3_close(onlooker.connection) == SQLITE_OK);
	onlooker.connection = NULL;
	onlooker.schema_version = NULL;
}

static void onlooker_open(const char *path)
{
	struct stat info;

	ensure(stat(path, &info) == 0);
	if (onlooker.connection != NULL && strcmp(onlooker.path, path) == 0 && onlooker.inode == info.st_ino)
		return;
	ops_fingerprint_close();
	ensure(snprintf(onlooker.path, sizeof onlooker.path, "%s", path) < (int)sizeof onlooker.path);
	onlooker.inode = info.st_ino;
	ensure(sqlite3_open_v2(path, &onlooker.connection, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK);
	onlooker.schema_version = prepared(onlooker.connection, "PRAGMA schema_version");
	onlooker.prepared_at = -1;
}

static void onlooker_prepare(void)
{
	ensure(sqlite3_step(onlooker.schema_version) == SQLITE_ROW);
	int version = sqlite3_column_int(onlooker.schema_version, 0);
	ensure(sqlite3_reset(onlooker.schema_version) == SQLITE_OK);
	if (version == onlooker.prepared_at)
		return;
	queries_finalize(&onlooker.queries);
	queries_prepare(&onlooker.queries, onlooker.connection);
	onlooker.prepared_at = version;
}

uint64_t ops_fingerprint(const char *path)
{
	onlooker_open(path);
	ensure(sqlite3_exec(onlooker.connection, "BEGIN", NULL, NULL, NULL) == SQLITE_OK);
	onlooker_prepare();
	uint64_t hash = fingerprint(&onlooker.queries);
	ensure(sqlite3_exec(onlooker.connection, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
	return hash;
}

uint64_t ops_fingerprint_of(sqlite3 *connection)
{
	struct queries queries;

	queries_prepare(&queries, connection);
	uint64_t hash = fingerprint(&queries);
	queries_finalize(&queries);
	return hash;
}
