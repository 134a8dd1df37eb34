/* The JSON view of blocks. */
#include "domain/block/block.h"
#include "domain/user/user.h"

enum err block_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t user_id)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_BLOCK_LIST, SQL_ARGS(sql_id(user_id)), &stmt));
	jw_array(jw, key);
	while (sql_step(stmt)) {
		struct user user;
		enum err err = user_find(db, arena, sql_column_int(stmt, 0), &user);
		if (err != ERR_OK) {
			err_ignore(sql_finish(stmt));
			return err;
		}
		jw_object(jw, NULL);
		user_to_json(jw, "user", &user);
		jw_time(jw, "created_at", sql_column_int(stmt, 1));
		jw_object_end(jw);
	}
	jw_array_end(jw);
	return sql_finish(stmt);
}
