#include "store/house.h"

#include "base/clock.h"
#include "base/ensure.h"
#include "domain/channel/channel.h"
#include "domain/event/event.h"
#include "domain/file/file.h"
#include "domain/guild/guild.h"
#include "domain/job/job.h"
#include "domain/member/member.h"
#include "domain/message/message.h"
#include "domain/password/password.h"
#include "domain/poll/poll.h"
#include "domain/reaction/reaction.h"
#include "domain/search/search.h"
#include "domain/thread/thread.h"
#include "store/due.h"

/* How long a revoked token's row is kept: streams that it had opened have ended long before. */
#define ENDED_KEEP_MS (INT64_C(24) * 3600 * 1000)

static enum err prune_expire_purge(struct apply *apply, int64_t events_keep, bool *is_done)
{
	bool are_polls_ended, is_archived, is_forgotten, is_indexed, is_pruned, is_purged, is_ended, is_removed, is_sent;
	bool is_tidy;
	TRY(event_prune(apply->db, events_keep, &is_pruned));
	TRY(sql_run(apply->db, QUERY_SESSION_DELETE_EXPIRED, SQL_ARGS(sql_int(apply->now_ms)), NULL));
	TRY(sql_run(apply->db, QUERY_SESSION_DELETE_ENDED, SQL_ARGS(sql_int(apply->now_ms - ENDED_KEEP_MS)), NULL));
	TRY(password_reset_prune(apply->db, apply->now_ms));
	TRY(job_prune(apply->db, apply->now_ms));
	TRY(member_end_temporary(apply, &is_ended));
	TRY(thread_archive_idle(apply, &is_archived));
	TRY(due_send(apply, &is_sent));
	TRY(message_remove_more(apply, &is_removed));
	TRY(poll_end_due(apply, &are_polls_ended));
	TRY(reaction_forget_more(apply, &is_forgotten));
	TRY(search_catch_up(apply, &is_indexed));
	TRY(file_keep_house(apply, &is_tidy));
	TRY(channel_purge(apply, &is_purged));
	if (is_purged)
		TRY(guild_purge(apply->db, &is_purged));
	*is_done = is_tidy && is_indexed && is_pruned && is_purged && is_ended && is_removed && is_archived && are_polls_ended && is_forgotten && is_sent;
	return ERR_OK;
}

enum err house_keep(struct op_engine *engine, int64_t events_keep, bool *is_done)
{
	struct sql *db = engine->db;
	struct apply apply = {
	    .db = db,
	    .arena = &engine->arena,
	    .config = engine->config,
	    .ids = &engine->ids,
	    .last_seq = &engine->last_seq,
	    .search = &engine->search,
	    .now_ms = clock_now_ms(),
	};
	int64_t seq_before = engine->last_seq;
	*is_done = true;
	enum err err = sql_run(db, QUERY_TRANSACTION_BEGIN_WRITE, SQL_NO_ARGS, NULL);
	if (err == ERR_OK)
		err = prune_expire_purge(&apply, events_keep, is_done);
	if (err == ERR_OK)
		err = op_settle(engine);
	if (err == ERR_OK)
		err = sql_run(db, QUERY_TRANSACTION_COMMIT, SQL_NO_ARGS, NULL);
	if (sql_in_transaction(db))
		err_ignore(sql_run(db, QUERY_TRANSACTION_ROLLBACK, SQL_NO_ARGS, NULL)); /* the next BEGIN tells */
	if (err != ERR_OK) {
		engine->last_seq = seq_before;
		search_queue_clear(&engine->search);
	}
	engine->has_added_jobs |= err == ERR_OK && apply.has_added_jobs;
	ensure(sql_is_idle(db));
	arena_reset(&engine->arena);
	return err;
}
