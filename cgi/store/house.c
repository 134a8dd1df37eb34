/* Each step is a transaction of its own: one that fails, for whatever lasting reason, is undone and stops no other. */
#include "store/house.h"

#include "base/clock.h"
#include "base/ensure.h"
#include "base/log.h"
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

/* How long a step that failed waits, so that one which fails each time neither fills the log nor takes time of others.
 */
enum { RETRY_AFTER_MS = 10000 };

static enum err delete_expired(struct apply *apply, bool *is_done)
{
	*is_done = true;
	TRY(sql_run(apply->db, QUERY_SESSION_DELETE_EXPIRED, SQL_ARGS(sql_int(apply->now_ms)), NULL));
	TRY(sql_run(apply->db, QUERY_SESSION_DELETE_ENDED, SQL_ARGS(sql_int(apply->now_ms - ENDED_KEEP_MS)), NULL));
	TRY(password_reset_prune(apply->db, apply->now_ms));
	return job_prune(apply->db, apply->now_ms);
}

/* A workspace is emptied once its channels are. */
static enum err purge(struct apply *apply, bool *is_done)
{
	TRY(channel_purge(apply, is_done));
	return *is_done ? guild_purge(apply->db, is_done) : ERR_OK;
}

static const struct {
	const char *name;
	enum err (*take)(struct apply *, bool *is_done); /* NULL: event_prune, which is told how many to keep */
} steps[] = {
    {"prune_events", NULL},
    {"delete_expired", delete_expired},
    {"end_temporary_members", member_end_temporary},
    {"archive_idle_threads", thread_archive_idle},
    {"send_scheduled", due_send},
    {"remove_messages", message_remove_more},
    {"end_polls", poll_end_due},
    {"forget_reactions", reaction_forget_more},
    {"index_messages", search_catch_up},
    {"keep_files", file_keep_house},
    {"purge", purge},
};
_Static_assert(sizeof(steps) / sizeof(steps[0]) == HOUSE_STEPS, "one pause a step");

static enum err take_step(size_t step, struct apply *apply, int64_t events_keep, bool *is_done)
{
	return steps[step].take == NULL ? event_prune(apply->db, events_keep, is_done)
					: steps[step].take(apply, is_done);
}

static enum err run_step(struct op_engine *engine, size_t step, int64_t events_keep, bool *is_done)
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
		err = take_step(step, &apply, events_keep, is_done);
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

enum err house_keep(struct op_engine *engine, int64_t events_keep, bool *is_done)
{
	enum err first = ERR_OK;
	*is_done = true;
	for (size_t i = 0; i < HOUSE_STEPS; i++) {
		bool is_step_done;
		if (clock_monotonic_ms() < engine->house.retry_at_ms[i])
			continue;
		enum err err = run_step(engine, i, events_keep, &is_step_done);
		if (err == ERR_OK) {
			*is_done = *is_done && is_step_done;
			continue;
		}
		log_event(LOG_ERROR, "housekeeping_failed", log_text("step", steps[i].name),
			  log_text("err", err_info(err)->name));
		engine->house.retry_at_ms[i] = clock_monotonic_ms() + RETRY_AFTER_MS;
		first = first == ERR_OK ? err : first;
	}
	return first;
}
