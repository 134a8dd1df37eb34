/* The accounts of the server, for those who administer it. Their addresses are nobody's but their own. */
#include "base/id.h"
#include "domain/user/user_admin.h"

static void row_to_json(struct jw *jw, struct arena *arena, struct sql_stmt *stmt)
{
	struct user user = {
	    .id = sql_column_int(stmt, 0),
	    .username = sql_column_text(stmt, 1, arena),
	    .display_name = sql_column_text(stmt, 2, arena),
	    .avatar = sql_column_text(stmt, 3, arena),
	};
	jw_object(jw, NULL);
	user_to_json(jw, "user", &user);
	jw_flag(jw, "admin", sql_column_int(stmt, 4) != 0);
	jw_flag(jw, "suspended", sql_column_int(stmt, 5) != 0);
	jw_time(jw, "created_at", id_created_at_ms(user.id));
	jw_time(jw, "last_used_at", sql_column_int(stmt, 6));
	jw_int(jw, "guilds", sql_column_int(stmt, 7));
	jw_object_end(jw);
}

enum err user_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			   const struct user_page *page, struct user_page_result *result)
{
	struct sql_stmt *stmt;
	bool has_query = page->query != NULL && page->query[0] != '\0';
	*result = (struct user_page_result){0};
	TRY(sql_start(db, QUERY_USER_LIST_PAGE,
		      SQL_ARGS(sql_int(page->after), sql_int(page->limit),
			       sql_text(has_query ? sql_like_anywhere(arena, page->query) : NULL),
			       sql_text(has_query ? page->query : NULL), sql_int(page->is_suspended)),
		      &stmt));
	jw_array(jw, key);
	while (sql_step(stmt)) {
		row_to_json(jw, arena, stmt);
		result->last_id = sql_column_int(stmt, 0);
		result->count++;
	}
	jw_array_end(jw);
	return sql_finish(stmt);
}
