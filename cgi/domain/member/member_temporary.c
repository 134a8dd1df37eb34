/* Temporary members: who came by an invite for guests is out again after a day, unless somebody gave them a role. */
#include "domain/member/member.h"

enum { ENDED_AT_ONCE = 50 };

/* One whose day is over. */
struct guest {
	int64_t guild_id, user_id;
	bool stays; /* has a role, or owns the workspace by now */
};

static enum err list_due(struct apply *apply, struct guest *list, int *count)
{
	struct sql_stmt *stmt;
	*count = 0;
	TRY(sql_start(apply->db, QUERY_MEMBER_LIST_TEMPORARY_DUE,
		      SQL_ARGS(sql_int(apply->now_ms - MEMBER_TEMPORARY_MS), sql_int(ENDED_AT_ONCE)), &stmt));
	while (*count < ENDED_AT_ONCE && sql_step(stmt)) {
		list[(*count)++] = (struct guest){
		    .guild_id = sql_column_int(stmt, 0),
		    .user_id = sql_column_int(stmt, 1),
		    .stays = sql_column_int(stmt, 2) != 0 || sql_column_int(stmt, 3) != 0,
		};
	}
	return sql_finish(stmt);
}

enum err member_end_temporary(struct apply *apply, bool *is_done)
{
	struct guest list[ENDED_AT_ONCE];
	int count;
	TRY(list_due(apply, list, &count));
	for (int i = 0; i < count; i++) {
		const struct guest *guest = &list[i];
		if (guest->stays)
			TRY(sql_run(apply->db, QUERY_MEMBER_SET_TEMPORARY,
				    SQL_ARGS(sql_id(guest->guild_id), sql_id(guest->user_id), sql_int(false)), NULL));
		else
			TRY(member_remove(apply, guest->guild_id, guest->user_id));
	}
	*is_done = count < ENDED_AT_ONCE;
	return ERR_OK;
}
