/* Reading members. */
#include "domain/member/member.h"

enum err member_find(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id, struct member *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_MEMBER_FIND, SQL_ARGS(sql_id(guild_id), sql_id(user_id)), &stmt));
	bool found = sql_step(stmt);
	if (found) {
		*out = (struct member){
		    .guild_id = guild_id,
		    .user_id = user_id,
		    .nickname = sql_column_text(stmt, 0, arena),
		    .joined_at_ms = sql_column_int(stmt, 1),
		    .timeout_until_ms = sql_column_int(stmt, 2),
		};
	}
	TRY(sql_finish(stmt));
	return found ? ERR_OK : ERR_UNKNOWN_MEMBER;
}
