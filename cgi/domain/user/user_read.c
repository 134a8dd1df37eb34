/* Reading accounts. */
#include "domain/user/user.h"

#include <string.h>

enum err user_find(struct sql *db, struct arena *arena, int64_t user_id, struct user *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_USER_FIND, SQL_ARGS(sql_id(user_id)), &stmt));
	bool found = sql_step(stmt);
	if (found) {
		*out = (struct user){
		    .id = user_id,
		    .username = sql_column_text(stmt, 0, arena),
		    .display_name = sql_column_text(stmt, 1, arena),
		    .email = sql_column_text(stmt, 2, arena),
		    .avatar = sql_column_text(stmt, 3, arena),
		    .is_bot = sql_column_int(stmt, 4) != 0,
		    .is_suspended = sql_column_int(stmt, 5) != 0,
		    .about = sql_column_text(stmt, 6, arena),
		    .pronouns = sql_column_text(stmt, 7, arena),
		    .time_zone = sql_column_text(stmt, 8, arena),
		    .is_admin = sql_column_int(stmt, 9) != 0,
		    .is_deleted = !sql_column_is_null(stmt, 10),
		    .has_factor = !sql_column_is_null(stmt, 11),
		    .bot_guild_id = sql_column_int(stmt, 12),
		    .bot_owner_id = sql_column_int(stmt, 13),
		};
	}
	TRY(sql_finish(stmt));
	return found ? ERR_OK : ERR_UNKNOWN_USER;
}

enum err user_find_credentials(struct sql *db, struct arena *arena, const char *login, struct user_credentials *out)
{
	struct sql_stmt *stmt;
	/* A user name holds no '@' and an address always does, so one text can never mean two accounts. */
	enum query query = strchr(login, '@') != NULL ? QUERY_USER_FIND_BY_EMAIL : QUERY_USER_FIND_BY_USERNAME;
	TRY(sql_start(db, query, SQL_ARGS(sql_text(login)), &stmt));
	bool found = sql_step(stmt);
	if (found) {
		*out = (struct user_credentials){
		    .user_id = sql_column_int(stmt, 0),
		    .password_hash = sql_column_text(stmt, 1, arena),
		    .is_suspended = sql_column_int(stmt, 2) != 0,
		};
	}
	TRY(sql_finish(stmt));
	return found ? ERR_OK : ERR_UNKNOWN_USER;
}

enum err user_is_visible(struct sql *db, int64_t viewer_id, int64_t user_id, bool *is_visible)
{
	int64_t one = viewer_id == user_id;
	if (one == 0)
		TRY(sql_find_int(db, QUERY_USER_SHARES_PLACE, SQL_ARGS(sql_id(viewer_id), sql_id(user_id)), &one));
	*is_visible = one != 0;
	return ERR_OK;
}

enum err user_exists_any(struct sql *db, bool *exists)
{
	int64_t one;
	TRY(sql_find_int(db, QUERY_USER_EXISTS_ANY, SQL_NO_ARGS, &one));
	*exists = one != 0;
	return ERR_OK;
}

enum err user_is_admin(struct sql *db, int64_t user_id, bool *is_admin)
{
	int64_t flag;
	TRY(sql_find_int(db, QUERY_USER_IS_ADMIN, SQL_ARGS(sql_id(user_id)), &flag));
	*is_admin = flag != 0;
	return ERR_OK;
}
