/* The JSON views of threads. */
#include "domain/thread/thread_row.h"

#include <string.h>

static void metadata_to_json(struct jw *jw, const struct thread *thread)
{
	bool is_archived = thread->archived_at_ms != 0;
	jw_object(jw, "thread_metadata");
	jw_flag(jw, "archived", is_archived);
	jw_int(jw, "auto_archive_duration", thread->auto_archive_min);
	jw_time(jw, "archive_timestamp", is_archived ? thread->archived_at_ms : thread->opened_at_ms);
	jw_flag(jw, "locked", thread->is_locked);
	if (thread->type == CHANNEL_TYPE_PRIVATE_THREAD)
		jw_flag(jw, "invitable", thread->is_invitable);
	jw_time(jw, "create_timestamp", thread->created_at_ms);
	jw_object_end(jw);
}

void thread_members_to_json(struct jw *jw, const struct thread *thread, const char *name, size_t name_n)
{
	jw_id(jw, "id", thread->id);
	jw_int(jw, "type", thread->type);
	jw_id(jw, "guild_id", thread->guild_id);
	jw_id(jw, "parent_id", thread->parent_id);
	jw_id(jw, "owner_id", thread->owner_id);
	jw_text_n(jw, "name", name, name_n);
	jw_id(jw, "last_message_id", thread->last_message_id);
	jw_int(jw, "message_count", thread->message_count);
	jw_int(jw, "total_message_sent", thread->message_count);
	jw_int(jw, "member_count", thread->member_count);
	jw_int(jw, "rate_limit_per_user", thread->slow_mode_s);
	jw_int(jw, "flags", 0);
	metadata_to_json(jw, thread);
}

void thread_membership_to_json(struct jw *jw, const char *key, int64_t thread_id, int64_t user_id, int64_t joined_at_ms)
{
	jw_object(jw, key);
	jw_id(jw, "id", thread_id);
	jw_id(jw, "user_id", user_id);
	jw_time(jw, "join_timestamp", joined_at_ms);
	jw_int(jw, "flags", 0);
	jw_object_end(jw);
}

enum err thread_joined_at(struct sql *db, int64_t thread_id, int64_t user_id, int64_t *joined_at_ms)
{
	return sql_find_int(db, QUERY_THREAD_MEMBER_JOINED_AT, SQL_ARGS(sql_id(thread_id), sql_id(user_id)),
			    joined_at_ms);
}

/* Nothing when no viewer is named, or is not in it. */
static enum err own_membership_to_json(struct sql *db, struct jw *jw, int64_t thread_id, int64_t viewer_id)
{
	int64_t joined_at_ms = 0;
	if (viewer_id != 0)
		TRY(thread_joined_at(db, thread_id, viewer_id, &joined_at_ms));
	if (joined_at_ms != 0)
		thread_membership_to_json(jw, "member", thread_id, viewer_id, joined_at_ms);
	return ERR_OK;
}

enum err thread_to_json(struct sql *db, struct jw *jw, const char *key, const struct thread *thread, int64_t viewer_id)
{
	jw_object(jw, key);
	thread_members_to_json(jw, thread, thread->name, strlen(thread->name));
	TRY(own_membership_to_json(db, jw, thread->id, viewer_id));
	jw_object_end(jw);
	return ERR_OK;
}

enum err thread_view_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			     const struct channel *channel, int64_t viewer_id)
{
	struct thread thread;
	TRY(thread_find(db, arena, channel->id, &thread));
	return thread_to_json(db, jw, key, &thread, viewer_id);
}

enum err thread_of_message_to_json(struct sql *db, struct jw *jw, int64_t message_id, int64_t viewer_id)
{
	struct sql_stmt *stmt;
	enum err e = ERR_OK;
	TRY(sql_start(db, QUERY_THREAD_FIND_OF_MESSAGE, SQL_ARGS(sql_id(message_id)), &stmt));
	if (sql_step(stmt)) {
		const struct thread thread = thread_from_row(stmt);
		size_t n;
		const char *name = sql_column_borrow(stmt, THREAD_COLUMN_NAME, &n);
		jw_object(jw, "thread");
		thread_members_to_json(jw, &thread, name, n);
		e = own_membership_to_json(db, jw, thread.id, viewer_id);
		jw_object_end(jw);
	}
	enum err end = sql_finish(stmt);
	return end != ERR_OK ? end : e;
}
