#include "store/group.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/wire.h"

enum { KEPT_MAX_BYTES = 2 * OP_MAX_BYTES };

/* Memory is kept for the next op, but not what a single large message needed. */
static void empty(struct buf *buf)
{
	if (buf->cap > KEPT_MAX_BYTES)
		buf_free(buf);
	buf_clear(buf);
}

struct group_item *group_add(struct group *group)
{
	if (group->count == GROUP_MAX)
		return NULL;
	struct group_item *item = &group->items[group->count++];
	empty(&item->request);
	empty(&item->reply);
	return item;
}

struct group_item *group_find(struct group *group, int fd)
{
	for (int i = 0; i < group->count; i++) {
		if (group->items[i].fd == fd)
			return &group->items[i];
	}
	return NULL;
}

void group_refuse(struct group *group, enum err err)
{
	for (int i = 0; i < group->count; i++)
		op_reply_error(&group->items[i].reply, err, NULL, 0);
}

static enum err begin(struct group *group, struct op_engine *engine)
{
	group->seq_before = engine->last_seq;
	return sql_run(engine->db, QUERY_TRANSACTION_BEGIN_WRITE, SQL_NO_ARGS, NULL);
}

/* As if nothing of the group had been executed. */
static void undo(struct group *group, struct op_engine *engine)
{
	if (sql_in_transaction(engine->db))
		err_ignore(
		    sql_run(engine->db, QUERY_TRANSACTION_ROLLBACK, SQL_NO_ARGS, NULL)); /* the next BEGIN tells */
	engine->last_seq = group->seq_before;
	search_queue_clear(&engine->search);
}

/* Few ops fail after they have written, so a savepoint for each is dear. Where one does, the group begins again with
 * savepoints, and what had been executed is executed anew. */
static void begin_again(struct group *group, struct op_engine *engine)
{
	undo(group, engine);
	group->is_guarded = true;
	group->repeated = group->executed;
	group->executed = 0;
	group->err = begin(group, engine);
}

static enum err execute(struct group *group, struct op_engine *engine, struct group_item *item)
{
	const struct buf *request = &item->request;
	bool has_left_rows;
	/* Outside of a transaction a savepoint would begin one, and its end would save the op alone. */
	if (!sql_in_transaction(engine->db))
		return ERR_DATABASE_UNAVAILABLE;
	if (group->is_guarded)
		return op_execute(engine, item->role, request->p, request->n, &item->reply);
	TRY(op_execute_unguarded(engine, item->role, request->p, request->n, &item->reply, &has_left_rows));
	if (has_left_rows)
		begin_again(group, engine);
	return group->err;
}

void group_execute(struct group *group, struct op_engine *engine)
{
	if (group->executed == 0 && group->count > 0) {
		group->is_guarded = false;
		group->repeated = 0;
		group->err = begin(group, engine);
	}
	while (group->executed < group->count) {
		engine->is_again = group->executed < group->repeated;
		struct group_item *item = &group->items[group->executed++];
		if (group->err == ERR_OK)
			group->err = execute(group, engine, item);
	}
}

void group_commit(struct group *group, struct op_engine *engine)
{
	group_execute(group, engine);
	enum err err = group->err;
	if (err == ERR_OK)
		err = op_settle(engine);
	int64_t flush_at_us = clock_monotonic_us();
	if (err == ERR_OK)
		err = sql_run(engine->db, QUERY_TRANSACTION_COMMIT, SQL_NO_ARGS, NULL);
	group->flush_us = clock_monotonic_us() - flush_at_us;
	group->executed = 0;
	if (err == ERR_OK)
		return;
	undo(group, engine);
	log_event(LOG_ERROR, "group_failed", log_text("err", err_info(err)->name), log_number("ops", group->count));
	group_refuse(group, err == ERR_STORAGE_FULL ? ERR_STORAGE_FULL : ERR_STORE_UNAVAILABLE);
}
