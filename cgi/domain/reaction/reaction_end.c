/* What becomes of reactions when what they hang on ends. */
#include "domain/poll/poll.h"
#include "domain/reaction/reaction.h"
#include "domain/reaction/reaction_change.h"

enum { FORGOTTEN_AT_ONCE = 50 };

enum err reaction_message_gone(struct apply *apply, int64_t message_id)
{
	return sql_run(apply->db, QUERY_REACTION_DELETE_KINDS, SQL_ARGS(sql_id(message_id)), NULL);
}

enum err reaction_forget_user(struct apply *apply, int64_t user_id)
{
	return sql_run(apply->db, QUERY_REACTION_REMOVAL_INSERT, SQL_ARGS(sql_id(user_id)), NULL);
}

/* One reaction of somebody's; *found is false when they have none left. Channels that are deleted are purged anyway,
 * but until then their reactions stand in the way of those behind them. */
static enum err forget_one(struct apply *apply, int64_t user_id, bool *found)
{
	struct reaction_place place = {0};
	struct reaction_kind kind;
	struct sql_stmt *stmt;
	int64_t channel_id = 0;
	TRY(sql_start(apply->db, QUERY_REACTION_FIRST_OF_USER, SQL_ARGS(sql_id(user_id)), &stmt));
	*found = sql_step(stmt);
	if (*found) {
		place.message_id = sql_column_int(stmt, 0);
		kind = (struct reaction_kind){
		    .position = sql_column_int(stmt, 1),
		    .emoji = {sql_column_int(stmt, 3), sql_column_text(stmt, 4, apply->arena)},
		    .count = sql_column_int(stmt, 5),
		};
		channel_id = sql_column_int(stmt, 2);
		place.author_id = sql_column_int(stmt, 6);
	}
	TRY(sql_finish(stmt));
	if (!*found)
		return ERR_OK;
	TRY(channel_find_any(apply->db, apply->arena, channel_id, &place.channel));
	return reaction_take_back(apply, &place, &kind, user_id);
}

enum err reaction_forget_more(struct apply *apply, bool *is_done)
{
	int64_t user_id;
	bool found = true;
	TRY(sql_find_int(apply->db, QUERY_REACTION_REMOVAL_FIRST, SQL_NO_ARGS, &user_id));
	*is_done = user_id == 0;
	if (*is_done)
		return ERR_OK;
	for (int i = 0; found && i < FORGOTTEN_AT_ONCE; i++)
		TRY(forget_one(apply, user_id, &found));
	for (int i = 0; !found && i < FORGOTTEN_AT_ONCE; i++) {
		bool is_voter;
		TRY(poll_forget_one(apply, user_id, &is_voter));
		if (!is_voter)
			return sql_run(apply->db, QUERY_REACTION_REMOVAL_DELETE, SQL_ARGS(sql_id(user_id)), NULL);
	}
	return ERR_OK;
}
