#include "domain/row_json.h"

void row_text_to_json(struct jw *jw, const char *key, struct sql_stmt *stmt, int column)
{
	size_t n;
	const char *text = sql_column_borrow(stmt, column, &n);
	if (text == NULL)
		jw_null(jw, key);
	else
		jw_text_n(jw, key, text, n);
}

void row_user_to_json(struct jw *jw, const char *key, struct sql_stmt *stmt, int column)
{
	jw_object(jw, key);
	jw_id(jw, "id", sql_column_int(stmt, column));
	row_text_to_json(jw, "username", stmt, column + 1);
	jw_text(jw, "discriminator", "0");
	row_text_to_json(jw, "global_name", stmt, column + 2);
	row_text_to_json(jw, "avatar", stmt, column + 3);
	jw_flag(jw, "bot", sql_column_int(stmt, column + 4) != 0);
	jw_int(jw, "public_flags", 0);
	jw_object_end(jw);
}

enum err row_users_to_json(struct sql *db, struct jw *jw, const char *key, enum query query, const struct sql_arg *args)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, query, args, &stmt));
	jw_array(jw, key);
	while (sql_step(stmt))
		row_user_to_json(jw, NULL, stmt, 0);
	jw_array_end(jw);
	return sql_finish(stmt);
}
