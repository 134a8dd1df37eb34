/* Reading who is in a channel. */
#include "domain/channel/channel_member.h"

enum err channel_member_find(struct sql *db, int64_t channel_id, int64_t user_id, int64_t now_ms,
			     struct channel_member *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_CHANNEL_MEMBER_FIND, SQL_ARGS(sql_id(channel_id), sql_id(user_id)), &stmt));
	bool found = sql_step(stmt);
	*out = (struct channel_member){.channel_id = channel_id, .user_id = user_id};
	if (found) {
		int64_t until_ms = sql_column_int(stmt, 1);
		out->joined_at_ms = sql_column_int(stmt, 0);
		out->is_muted =
		    !sql_column_is_null(stmt, 1) && (until_ms == CHANNEL_MUTED_FOR_GOOD || until_ms > now_ms);
		out->muted_until_ms = out->is_muted ? until_ms : 0;
		out->notification_level = sql_column_is_null(stmt, 2) ? -1 : (int)sql_column_int(stmt, 2);
		out->is_hidden = sql_column_int(stmt, 3) != 0;
	}
	TRY(sql_finish(stmt));
	return found ? ERR_OK : ERR_UNKNOWN_MEMBER;
}

enum err channel_member_count(struct sql *db, int64_t channel_id, int64_t *count)
{
	return sql_find_int(db, QUERY_CHANNEL_MEMBER_COUNT, SQL_ARGS(sql_id(channel_id)), count);
}
