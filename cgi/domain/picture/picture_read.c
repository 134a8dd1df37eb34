/* Reading pictures. */
#include "domain/picture/picture.h"

enum err picture_find(struct sql *db, struct arena *arena, const char *hash, struct str *content)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_PICTURE_FIND, SQL_ARGS(sql_text(hash)), &stmt));
	bool is_found = sql_step(stmt);
	if (is_found) {
		size_t n;
		const void *bytes = sql_column_blob(stmt, 0, &n);
		*content = (struct str){arena_strndup(arena, bytes, n), n};
	}
	TRY(sql_finish(stmt));
	return is_found ? ERR_OK : ERR_NOT_FOUND;
}
