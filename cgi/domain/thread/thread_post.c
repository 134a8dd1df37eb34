/* What a message in a thread changes of the thread, before and after it is written. Every post in one comes through
 * here. */
#include "domain/perm.h"
#include "domain/thread/thread_change.h"

enum { FOLLOWERS_AT_ONCE = 100 };

enum err thread_before_post(struct apply *apply, const struct channel *channel)
{
	struct thread thread;
	if (channel->archived_at_ms == 0)
		return ERR_OK;
	TRY(thread_find(apply->db, apply->arena, channel->id, &thread));
	TRY(thread_set_archived(apply, &thread, false));
	TRY(thread_write_down(apply, &thread));
	return thread_announce_update(apply, &thread);
}

static enum err count_message(struct apply *apply, int64_t thread_id, int64_t by)
{
	return sql_run(apply->db, QUERY_THREAD_COUNT_MESSAGE, SQL_ARGS(sql_id(thread_id), sql_int(by)), NULL);
}

enum err thread_after_post(struct apply *apply, const struct channel *channel)
{
	const struct thread_people author = {.ids = &apply->actor_id, .count = 1};
	size_t count;
	TRY(count_message(apply, channel->id, 1));
	return thread_put(apply, channel->id, &author, &count);
}

/* Who is mentioned in a private thread without being in it is not let in by that. The message that mentions them is the
 * first that they have not read. */
static enum err follow_mentioned(struct apply *apply, const struct channel *channel, int64_t message_id)
{
	int64_t found[FOLLOWERS_AT_ONCE], *ids = arena_alloc(apply->arena, sizeof(found));
	struct thread_people people = {.ids = ids, .last_read_id = message_id - 1};
	struct sql_stmt *stmt;
	size_t n = 0, count;
	TRY(sql_start(apply->db, QUERY_THREAD_LIST_MENTIONED,
		      SQL_ARGS(sql_id(message_id), sql_id(channel->id), sql_int(FOLLOWERS_AT_ONCE)), &stmt));
	while (n < FOLLOWERS_AT_ONCE && sql_step(stmt))
		found[n++] = sql_column_int(stmt, 0);
	TRY(sql_finish(stmt));
	for (size_t i = 0; i < n; i++) {
		uint64_t bits;
		TRY(perm_of_read_channel(apply->db, apply->arena, channel, found[i], &bits));
		if (bits != 0)
			ids[people.count++] = found[i];
	}
	return people.count > 0 ? thread_put(apply, channel->id, &people, &count) : ERR_OK;
}

enum err thread_posted(struct apply *apply, const struct channel *channel, int64_t message_id)
{
	TRY(follow_mentioned(apply, channel, message_id));
	return thread_announce_activity(apply, channel->id);
}

enum err thread_message_gone(struct apply *apply, const struct channel *channel)
{
	TRY(count_message(apply, channel->id, -1));
	return thread_announce_activity(apply, channel->id);
}
