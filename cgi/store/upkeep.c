#include "store/upkeep.h"

#include "base/clock.h"
#include "base/log.h"
#include "sql/sql_writer.h"

#include <sys/stat.h>
#include <unistd.h>

enum {
	MERGE_FROM = 16,   /* segments that came since the last merge */
	PAGES_A_STEP = 64, /* about 12 ms */
	EMPTY_WAIT_MS = 50,
	OLD_COPY_KEEP_S = 7 * 24 * 3600,
};

void upkeep_init(struct upkeep *upkeep)
{
	*upkeep = (struct upkeep){.is_due = true};
}

static enum err end_transaction(struct sql *db, enum err err)
{
	if (err == ERR_OK)
		err = sql_run(db, QUERY_TRANSACTION_COMMIT, SQL_NO_ARGS, NULL);
	if (sql_in_transaction(db))
		err_ignore(sql_run(db, QUERY_TRANSACTION_ROLLBACK, SQL_NO_ARGS, NULL)); /* the next BEGIN tells */
	return err;
}

/* What cannot be merged is made anew. */
static enum err merge(struct op_engine *engine, int merge_from, int pages, bool *is_done)
{
	struct sql *db = engine->db;
	TRY(sql_run(db, QUERY_TRANSACTION_BEGIN_WRITE, SQL_NO_ARGS, NULL));
	enum err err = search_queue_merge(&engine->search, db, merge_from, pages, is_done);
	bool is_damaged = err != ERR_OK && err != ERR_STORAGE_FULL;
	err = end_transaction(db, err);
	if (err != ERR_OK)
		engine->search.merge_from = 0; /* what had been set is undone */
	if (is_damaged)
		TRY(search_mark_damaged(db));
	return err;
}

static enum err merge_some(struct upkeep *upkeep, struct op_engine *engine, bool *is_done)
{
	bool has_few = engine->search.unmerged < MERGE_FROM && engine->search.merge_from != SEARCH_MERGE_FROM_BUSY;
	*is_done = true;
	if (has_few && upkeep->knows_segments)
		return ERR_OK;
	TRY(merge(engine, SEARCH_MERGE_FROM_IDLE, PAGES_A_STEP, is_done));
	upkeep->knows_segments |= *is_done;
	return ERR_OK;
}

/* From one step to the next the segments of the beginning become one. Those that come meanwhile are newer, and hold
 * what was taken out meanwhile: that is for the next time. */
static enum err begin(struct upkeep *upkeep, struct op_engine *engine)
{
	bool is_done;
	upkeep->begun_at_ms = clock_now_ms();
	TRY(search_segments_read(engine->db, NULL, &upkeep->oldest));
	if (upkeep->oldest.count > 1)
		TRY(merge(engine, SEARCH_MERGE_FROM_PURGE, -PAGES_A_STEP, &is_done));
	upkeep->stage = UPKEEP_MERGING;
	upkeep->has_merged = true;
	return ERR_OK;
}

static enum err go_on(struct upkeep *upkeep, struct op_engine *engine)
{
	struct search_segments now;
	bool is_done;
	TRY(search_segments_read(engine->db, &upkeep->oldest, &now));
	if (upkeep->oldest.count < 2 || !now.has_asked || !now.is_merging) {
		upkeep->stage = UPKEEP_EMPTYING;
		return ERR_OK;
	}
	return merge(engine, SEARCH_MERGE_FROM_PURGE, PAGES_A_STEP, &is_done);
}

static bool is_log_empty(void)
{
	struct stat info;
	return stat("snug.db-wal", &info) != 0 || info.st_size == 0;
}

/* What was deleted since stands in the copy that was made before a migration. Who wants to go back to it does so within
 * days, or never. */
static void drop_old_copy(void)
{
	struct stat info;
	bool is_old =
	    stat(UPKEEP_OLD_COPY, &info) == 0 && info.st_mtim.tv_sec < clock_now_ms() / 1000 - OLD_COPY_KEEP_S;
	if (is_old && unlink(UPKEEP_OLD_COPY) == 0)
		log_event(LOG_INFO, "old_copy_dropped", log_text("path", UPKEEP_OLD_COPY));
}

/* A reader that stands in the way is waited for a moment; then it is tried again with the next step, a second later. */
static enum err empty(struct upkeep *upkeep, struct sql *db)
{
	TRY(sql_checkpoint(db, SQL_CHECKPOINT_TRUNCATE, EMPTY_WAIT_MS));
	if (!is_log_empty())
		return ERR_OK;
	upkeep->stage = UPKEEP_WAITING;
	upkeep->emptied_at_ms = clock_monotonic_ms();
	upkeep->is_due = false;
	drop_old_copy();
	if (!upkeep->has_merged)
		return ERR_OK;
	upkeep->has_merged = false;
	log_event(LOG_INFO, "purged", log_number("segments", upkeep->oldest.count));
	return sql_run(db, QUERY_SEARCH_MARK_CLEAN, SQL_ARGS(sql_int(upkeep->begun_at_ms)), NULL);
}

static enum err consider(struct upkeep *upkeep, struct op_engine *engine, bool *is_done)
{
	int64_t after_ms = config_int(engine->config, CONFIG_PURGE_AFTER_S) * 1000, dirty_since_ms;
	*is_done = true;
	if (!upkeep->is_due && clock_monotonic_ms() - upkeep->emptied_at_ms < after_ms)
		return ERR_OK;
	*is_done = false;
	TRY(sql_find_int(engine->db, QUERY_SEARCH_DIRTY_SINCE, SQL_NO_ARGS, &dirty_since_ms));
	if (dirty_since_ms != 0)
		return begin(upkeep, engine);
	upkeep->stage = UPKEEP_EMPTYING;
	return ERR_OK;
}

enum err upkeep_step(struct upkeep *upkeep, struct op_engine *engine, bool is_busy, bool *is_done)
{
	bool is_merged = true;
	if (!is_busy)
		TRY(merge_some(upkeep, engine, &is_merged));
	switch (upkeep->stage) {
	case UPKEEP_WAITING:
		TRY(consider(upkeep, engine, is_done));
		break;
	case UPKEEP_MERGING:
		TRY(go_on(upkeep, engine));
		*is_done = false;
		break;
	case UPKEEP_EMPTYING:
		TRY(empty(upkeep, engine->db));
		*is_done = true;
		break;
	}
	*is_done = *is_done && is_merged;
	return ERR_OK;
}
