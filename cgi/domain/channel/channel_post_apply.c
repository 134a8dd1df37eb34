/* What a channel asks of a message before it is written, and what the message changes of the channel. Every post comes
 * through here: what most channels do not need is not looked up. */
#include "domain/channel/channel_change.h"
#include "domain/thread/thread.h"

static enum err check_slow_mode(struct apply *apply, const struct channel *channel, uint64_t bits)
{
	uint64_t exempting = PERM_BYPASS_SLOW_MODE | PERM_MANAGE_MESSAGES | PERM_MANAGE_CHANNELS;
	int64_t posted_at_ms;
	if (channel_is_thread(channel))
		exempting |= PERM_MANAGE_THREADS;
	if (channel->slow_mode_s == 0 || (bits & exempting) != 0)
		return ERR_OK;
	TRY(sql_find_int(apply->db, QUERY_SLOW_MODE_FIND, SQL_ARGS(sql_id(channel->id), sql_id(apply->actor_id)),
			 &posted_at_ms));
	int64_t wait_ms = posted_at_ms + channel->slow_mode_s * 1000 - apply->now_ms;
	/* A clock that was set back must not make anybody wait longer than the mode says. */
	if (posted_at_ms != 0 && wait_ms > 0 && posted_at_ms <= apply->now_ms) {
		apply->retry_after_ms = wait_ms;
		return ERR_SLOW_MODE;
	}
	return sql_run(apply->db, QUERY_SLOW_MODE_NOTE,
		       SQL_ARGS(sql_id(channel->id), sql_id(apply->actor_id), sql_int(apply->now_ms)), NULL);
}

enum err channel_before_post(struct apply *apply, const struct channel *channel, uint64_t bits)
{
	TRY(channel_require_open(apply->db, apply->arena, channel, apply->actor_id));
	if (channel_is_direct(channel))
		return ERR_OK;
	if (channel_is_thread(channel))
		TRY(thread_before_post(apply, channel));
	return check_slow_mode(apply, channel, bits);
}

/* A direct message comes back into the list of whoever had closed it, or has never seen it. */
static enum err show_again(struct apply *apply, const struct channel *channel)
{
	int64_t hidden_from[2];
	size_t count = 0;
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_CHANNEL_MEMBER_LIST_HIDDEN, SQL_ARGS(sql_id(channel->id)), &stmt));
	while (count < 2 && sql_step(stmt))
		hidden_from[count++] = sql_column_int(stmt, 0);
	TRY(sql_finish(stmt));
	for (size_t i = 0; i < count; i++) {
		TRY(sql_run(apply->db, QUERY_CHANNEL_MEMBER_SET_HIDDEN,
			    SQL_ARGS(sql_id(channel->id), sql_id(hidden_from[i]), sql_int(0)), NULL));
		TRY(channel_announce_to(apply, "CHANNEL_CREATE", channel, hidden_from[i]));
	}
	return ERR_OK;
}

enum err channel_join_by_post(struct apply *apply, const struct channel *channel, bool is_member)
{
	int changes;
	if (channel->type == CHANNEL_TYPE_DM)
		return show_again(apply, channel);
	if (channel_is_thread(channel))
		return thread_after_post(apply, channel);
	if (channel->type != CHANNEL_TYPE_TEXT || is_member)
		return ERR_OK;
	TRY(sql_run(apply->db, QUERY_CHANNEL_MEMBER_INSERT_PERSON,
		    SQL_ARGS(sql_id(channel->id), sql_id(apply->actor_id), sql_int(apply->now_ms)), &changes));
	return changes > 0 ? channel_member_announce(apply, channel, apply->actor_id, true) : ERR_OK;
}
