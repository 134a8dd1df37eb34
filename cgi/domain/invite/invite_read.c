/* Reading invites. */
#include "domain/invite/invite.h"

#include <string.h>

enum err invite_find(struct sql *db, struct arena *arena, const char *code, int64_t now_ms, struct invite *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_INVITE_FIND, SQL_ARGS(sql_text(code)), &stmt));
	bool found = sql_step(stmt);
	if (found) {
		*out = (struct invite){
		    .code = arena_strdup(arena, code),
		    .guild_id = sql_column_int(stmt, 0),
		    .channel_id = sql_column_int(stmt, 1),
		    .inviter_id = sql_column_int(stmt, 2),
		    .max_uses = sql_column_int(stmt, 3),
		    .uses = sql_column_int(stmt, 4),
		    .max_age_s = sql_column_int(stmt, 5),
		    .is_temporary = sql_column_int(stmt, 6) != 0,
		    .created_at_ms = sql_column_int(stmt, 7),
		    .expires_at_ms = sql_column_int(stmt, 8),
		};
	}
	TRY(sql_finish(stmt));
	if (!found)
		return ERR_UNKNOWN_INVITE;
	bool is_expired = out->expires_at_ms != 0 && out->expires_at_ms <= now_ms;
	bool is_used_up = out->max_uses != 0 && out->uses >= out->max_uses;
	return is_expired || is_used_up ? ERR_INVITE_EXPIRED : ERR_OK;
}
