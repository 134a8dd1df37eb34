/* Reading threads. */
#include "domain/thread/thread_row.h"

struct thread thread_from_row(struct sql_stmt *stmt)
{
	return (struct thread){
	    .id = sql_column_int(stmt, 0),
	    .guild_id = sql_column_int(stmt, 1),
	    .parent_id = sql_column_int(stmt, 2),
	    .owner_id = sql_column_int(stmt, 3),
	    .type = (int)sql_column_int(stmt, 4),
	    .slow_mode_s = sql_column_int(stmt, 6),
	    .last_message_id = sql_column_int(stmt, 7),
	    .archived_at_ms = sql_column_int(stmt, 8),
	    .is_locked = sql_column_int(stmt, 9) != 0,
	    .member_count = sql_column_int(stmt, 10),
	    .auto_archive_min = sql_column_int(stmt, 11),
	    .is_invitable = sql_column_int(stmt, 12) != 0,
	    .created_at_ms = sql_column_int(stmt, 13),
	    .opened_at_ms = sql_column_int(stmt, 14),
	    .message_count = sql_column_int(stmt, 15),
	    .notice_id = sql_column_int(stmt, 16),
	};
}

enum err thread_find(struct sql *db, struct arena *arena, int64_t thread_id, struct thread *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_THREAD_FIND, SQL_ARGS(sql_id(thread_id)), &stmt));
	bool found = sql_step(stmt);
	if (found) {
		*out = thread_from_row(stmt);
		out->name = sql_column_text(stmt, THREAD_COLUMN_NAME, arena);
	}
	TRY(sql_finish(stmt));
	return found ? ERR_OK : ERR_UNKNOWN_CHANNEL;
}

enum err thread_parent(struct sql *db, int64_t channel_id, int64_t *parent_id)
{
	return sql_find_int(db, QUERY_THREAD_PARENT, SQL_ARGS(sql_id(channel_id)), parent_id);
}

enum err thread_list_read(struct sql *db, struct arena *arena, enum query query, const struct sql_arg *args,
			  struct thread_list *out)
{
	struct sql_stmt *stmt;
	out->count = 0;
	TRY(sql_start(db, query, args, &stmt));
	while (out->count < out->room && sql_step(stmt)) {
		struct thread *thread = &out->list[out->count++];
		*thread = thread_from_row(stmt);
		thread->name = sql_column_text(stmt, THREAD_COLUMN_NAME, arena);
	}
	return sql_finish(stmt);
}

enum err thread_list_followed(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id, int64_t now_ms,
			      struct thread_entry **list, size_t *count)
{
	struct sql_stmt *stmt;
	*count = 0;
	*list = arena_alloc(arena, THREADS_ACTIVE_MAX * sizeof(**list));
	TRY(sql_start(db, QUERY_THREAD_LIST_FOLLOWED,
		      SQL_ARGS(sql_id(user_id), sql_id(guild_id), sql_int(now_ms), sql_int(THREADS_ACTIVE_MAX)),
		      &stmt));
	while (*count < THREADS_ACTIVE_MAX && sql_step(stmt))
		(*list)[(*count)++] = (struct thread_entry){.id = sql_column_int(stmt, 0),
							    .parent_id = sql_column_int(stmt, 1),
							    .type = (int)sql_column_int(stmt, 2),
							    .name = sql_column_text(stmt, 3, arena),
							    .is_muted = sql_column_int(stmt, 4) != 0};
	return sql_finish(stmt);
}
