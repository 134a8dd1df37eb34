#include "store/due.h"

#include "domain/scheduled/scheduled.h"
#include "domain/search/search_queue.h"

enum { SENT_AT_ONCE = 20 };

/* As an op is executed (ops.c): what fails is undone as a whole. */
static enum err try_to_send(struct apply *apply, const struct scheduled *scheduled)
{
	int64_t seq_before = *apply->last_seq;
	struct search_mark search_before = search_queue_mark(apply->search);
	TRY(sql_run(apply->db, QUERY_SAVEPOINT_BEGIN, SQL_NO_ARGS, NULL));
	enum err err = scheduled_send(apply, scheduled);
	if (!sql_in_transaction(apply->db)) /* a disk that is full has ended it */
		return err != ERR_OK ? err : ERR_DATABASE_UNAVAILABLE;
	if (err != ERR_OK) {
		*apply->last_seq = seq_before;
		search_queue_cut(apply->search, search_before);
		apply->has_added_jobs = false;
		TRY(sql_run(apply->db, QUERY_SAVEPOINT_ROLLBACK, SQL_NO_ARGS, NULL));
	}
	TRY(sql_run(apply->db, QUERY_SAVEPOINT_RELEASE, SQL_NO_ARGS, NULL));
	return err == ERR_OK ? ERR_OK : scheduled_fail(apply, scheduled, err);
}

enum err due_send(struct apply *house, bool *is_done)
{
	*is_done = true;
	for (int i = 0; i < SENT_AT_ONCE; i++) {
		struct apply apply = *house;
		struct scheduled scheduled;
		TRY(scheduled_next_due(house->db, house->arena, house->now_ms, &scheduled));
		if (scheduled.id == 0)
			return ERR_OK;
		TRY(try_to_send(&apply, &scheduled));
		house->has_added_jobs |= apply.has_added_jobs;
	}
	*is_done = false;
	return ERR_OK;
}
