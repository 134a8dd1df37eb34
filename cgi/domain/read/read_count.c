/* Counting what is unread. See read.h for the blocks. */
#include "domain/read/read.h"

#include <stdlib.h>

/* The columns are those of db/queries/read.sql. */
static struct read_state state_from_row(struct sql_stmt *stmt)
{
	return (struct read_state){.channel_id = sql_column_int(stmt, 0),
				   .type = (int)sql_column_int(stmt, 1),
				   .guild_id = sql_column_int(stmt, 2),
				   .parent_id = sql_column_int(stmt, 3),
				   .last_message_id = sql_column_int(stmt, 4),
				   .sealed_id = sql_column_int(stmt, 5),
				   .member_count = sql_column_int(stmt, 6),
				   .last_read_id = sql_column_int(stmt, 7),
				   .is_muted = sql_column_int(stmt, 8) != 0};
}

/* Adds how many messages of others stand above `after`, up to `last`. */
static enum err add_range(struct sql *db, int64_t user_id, const struct read_state *state, int64_t after, int64_t last,
			  int64_t *count)
{
	int64_t found;
	TRY(sql_find_int(db, QUERY_READ_COUNT_RANGE,
			 SQL_ARGS(sql_id(state->channel_id), sql_int(after), sql_int(last), sql_id(user_id)), &found));
	*count += found;
	return ERR_OK;
}

/* The rest of the block that was read in part, the full ones behind it, and the open one. */
static enum err count_unread(struct sql *db, int64_t user_id, const struct read_state *state, int64_t *count)
{
	int64_t open_after = state->last_read_id;
	*count = 0;
	if (state->last_read_id < state->sealed_id) {
		int64_t block_id, whole;
		struct sql_arg channel = sql_id(state->channel_id);
		TRY(sql_find_int(db, QUERY_READ_BLOCK_OF, SQL_ARGS(channel, sql_int(state->last_read_id + 1)),
				 &block_id));
		TRY(add_range(db, user_id, state, state->last_read_id, block_id, count));
		TRY(sql_find_int(db, QUERY_READ_COUNT_BLOCKS, SQL_ARGS(channel, sql_int(block_id), sql_id(user_id)),
				 &whole));
		*count += whole;
		open_after = state->sealed_id;
	}
	return add_range(db, user_id, state, open_after, INT64_MAX, count);
}

/* What mentions everyone names the workspace, and in a group the group itself. */
static enum err count_mentions(struct sql *db, int64_t user_id, const struct read_state *state, int64_t *count)
{
	int64_t everyone_id = state->guild_id != 0 ? state->guild_id : state->channel_id;
	return sql_find_int(
	    db, QUERY_READ_COUNT_MENTIONS,
	    SQL_ARGS(sql_id(state->channel_id), sql_int(state->last_read_id), sql_id(user_id), sql_id(everyone_id)),
	    count);
}

/* Most places are read to their end: of those nothing is counted. */
static enum err count_state(struct sql *db, int64_t user_id, struct read_state *state)
{
	if (state->last_message_id <= state->last_read_id)
		return ERR_OK;
	TRY(count_unread(db, user_id, state, &state->unread));
	return state->unread == 0 ? ERR_OK : count_mentions(db, user_id, state, &state->mentions);
}

enum err read_find(struct sql *db, int64_t user_id, int64_t channel_id, int64_t now_ms, struct read_state *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_READ_FIND, SQL_ARGS(sql_id(user_id), sql_id(channel_id), sql_int(now_ms)), &stmt));
	bool found = sql_step(stmt);
	if (found)
		*out = state_from_row(stmt);
	TRY(sql_finish(stmt));
	return found ? count_state(db, user_id, out) : ERR_UNKNOWN_MEMBER;
}

enum err read_is_in(struct sql *db, int64_t user_id, int64_t channel_id, bool *is_in)
{
	int64_t found;
	TRY(sql_find_int(db, QUERY_READ_FIND, SQL_ARGS(sql_id(user_id), sql_id(channel_id), sql_int(0)), &found));
	*is_in = found != 0;
	return ERR_OK;
}

static int compare(const void *a, const void *b)
{
	int64_t x = ((const struct read_state *)a)->channel_id, y = ((const struct read_state *)b)->channel_id;
	return (x > y) - (x < y);
}

/* Adds channels, or threads, to a list that has room for READ_LIST_MAX more. */
static enum err add_places(struct sql *db, int64_t user_id, int64_t after, int64_t now_ms, bool are_threads,
			   struct read_state *list, size_t *count)
{
	struct sql_stmt *stmt;
	size_t most = *count + READ_LIST_MAX;
	TRY(sql_start(
	    db, QUERY_READ_LIST,
	    SQL_ARGS(sql_id(user_id), sql_int(now_ms), sql_int(after), sql_int(READ_LIST_MAX), sql_int(are_threads)),
	    &stmt));
	while (*count < most && sql_step(stmt))
		list[(*count)++] = state_from_row(stmt);
	return sql_finish(stmt);
}

enum err read_list(struct sql *db, struct arena *arena, int64_t user_id, int64_t after, int64_t now_ms,
		   struct read_state **list, size_t *count)
{
	struct read_state *all = arena_alloc(arena, 2 * (size_t)READ_LIST_MAX * sizeof(*all));
	size_t n = 0;
	TRY(add_places(db, user_id, after, now_ms, false, all, &n));
	TRY(add_places(db, user_id, after, now_ms, true, all, &n));
	qsort(all, n, sizeof(*all), compare);
	*count = n < READ_LIST_MAX ? n : READ_LIST_MAX;
	*list = all;
	for (size_t i = 0; i < *count; i++)
		TRY(count_state(db, user_id, &all[i]));
	return ERR_OK;
}

const struct read_state *read_list_find(const struct read_state *list, size_t count, int64_t channel_id)
{
	const struct read_state key = {.channel_id = channel_id};
	return count == 0 ? NULL : bsearch(&key, list, count, sizeof(key), compare);
}

enum err read_first_unread(struct sql *db, int64_t user_id, const struct read_state *state, int64_t *message_id)
{
	*message_id = 0;
	if (state->unread == 0)
		return ERR_OK;
	return sql_find_int(db, QUERY_READ_FIRST_UNREAD,
			    SQL_ARGS(sql_id(state->channel_id), sql_int(state->last_read_id), sql_id(user_id)),
			    message_id);
}

enum err read_latest_begins(struct sql *db, int64_t channel_id, int limit, int64_t *message_id)
{
	return sql_find_int(db, QUERY_READ_LATEST_BEGINS, SQL_ARGS(sql_id(channel_id), sql_int(limit - 1)), message_id);
}
