/* What becomes of threads when something else ends: an idle thread, somebody's place in a channel, a channel, a
 * workspace. */
#include "base/id.h"
#include "domain/thread/thread_change.h"

enum { IDLE_AT_ONCE = 100 };

/* The threads that a query names, in the arena. */
static enum err list_ids(struct apply *apply, enum query query, const struct sql_arg *args, size_t room, int64_t **ids,
			 size_t *count)
{
	struct sql_stmt *stmt;
	*count = 0;
	*ids = arena_alloc(apply->arena, room * sizeof(**ids));
	TRY(sql_start(apply->db, query, args, &stmt));
	while (*count < room && sql_step(stmt))
		(*ids)[(*count)++] = sql_column_int(stmt, 0);
	return sql_finish(stmt);
}

/* Followers of active threads are told one by one, archived ones are left in silence: there may be very many. */
static enum err leave(struct apply *apply, enum query list, enum query rest, int64_t place_id, int64_t user_id)
{
	int64_t *ids;
	size_t count;
	bool is_changed;
	TRY(list_ids(apply, list, SQL_ARGS(sql_id(place_id), sql_id(user_id)), THREADS_ACTIVE_MAX, &ids, &count));
	for (size_t i = 0; i < count; i++)
		TRY(thread_drop(apply, ids[i], user_id, &is_changed));
	return sql_run(apply->db, rest, SQL_ARGS(sql_id(place_id), sql_id(user_id)), NULL);
}

enum err thread_leave_channel(struct apply *apply, const struct channel *parent, int64_t user_id)
{
	return leave(apply, QUERY_THREAD_LIST_LEFT_IN, QUERY_THREAD_LEAVE_CHANNEL, parent->id, user_id);
}

enum err thread_leave_guild(struct apply *apply, int64_t guild_id, int64_t user_id)
{
	return leave(apply, QUERY_THREAD_LIST_LEFT_OF, QUERY_THREAD_LEAVE_GUILD, guild_id, user_id);
}

static enum err archive(struct apply *apply, struct thread *thread)
{
	TRY(thread_set_archived(apply, thread, true));
	TRY(thread_write_down(apply, thread));
	return thread_announce_update(apply, thread);
}

enum err thread_archive_children(struct apply *apply, const struct channel *parent)
{
	int64_t *ids;
	size_t count;
	TRY(list_ids(apply, QUERY_THREAD_LIST_ACTIVE_IN, SQL_ARGS(sql_id(parent->id), sql_int(THREADS_ACTIVE_MAX)),
		     THREADS_ACTIVE_MAX, &ids, &count));
	for (size_t i = 0; i < count; i++) {
		struct thread thread;
		TRY(thread_find(apply->db, apply->arena, ids[i], &thread));
		TRY(archive(apply, &thread));
	}
	return ERR_OK;
}

enum err thread_delete_children(struct apply *apply, int64_t parent_id)
{
	TRY(sql_run(apply->db, QUERY_THREAD_DELETE_CHILDREN, SQL_ARGS(sql_id(parent_id)), NULL));
	return sql_run(apply->db, QUERY_THREAD_MARK_CHILDREN_DELETED,
		       SQL_ARGS(sql_id(parent_id), sql_int(apply->now_ms)), NULL);
}

enum err thread_delete_all(struct apply *apply, int64_t guild_id)
{
	TRY(sql_run(apply->db, QUERY_THREAD_DELETE_OF_GUILD, SQL_ARGS(sql_id(guild_id)), NULL));
	return sql_run(apply->db, QUERY_THREAD_MARK_ALL_DELETED, SQL_ARGS(sql_id(guild_id), sql_int(apply->now_ms)),
		       NULL);
}

/* When somebody last wrote in it, or it was started or opened. */
static int64_t active_at_ms(const struct thread *thread)
{
	int64_t written_at_ms = thread->last_message_id != 0 ? id_created_at_ms(thread->last_message_id) : 0;
	return written_at_ms > thread->opened_at_ms ? written_at_ms : thread->opened_at_ms;
}

/* The time to look again stands in the row; what was written since has moved it without touching that. */
static enum err look(struct apply *apply, int64_t thread_id)
{
	struct thread thread;
	TRY(thread_find(apply->db, apply->arena, thread_id, &thread));
	int64_t due_at_ms = active_at_ms(&thread) + thread.auto_archive_min * 60000;
	if (due_at_ms <= apply->now_ms)
		return archive(apply, &thread);
	return sql_run(apply->db, QUERY_THREAD_SET_IDLE_CHECK, SQL_ARGS(sql_id(thread_id), sql_int(due_at_ms)), NULL);
}

enum err thread_archive_idle(struct apply *apply, bool *is_done)
{
	int64_t *ids;
	size_t count;
	TRY(list_ids(apply, QUERY_THREAD_LIST_IDLE, SQL_ARGS(sql_int(apply->now_ms), sql_int(IDLE_AT_ONCE)),
		     IDLE_AT_ONCE, &ids, &count));
	for (size_t i = 0; i < count; i++)
		TRY(look(apply, ids[i]));
	*is_done = count < IDLE_AT_ONCE;
	return ERR_OK;
}
