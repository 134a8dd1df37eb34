/* Rows and events of threads, one change each. */
#include "domain/thread/thread_change.h"

#include "domain/member/member.h"
#include "domain/thread/thread_row.h"

#include <string.h>

/* How many people one event tells of: with all the roles that a workspace may have each is 7 kB of it. */
enum { TOLD_AT_ONCE = 32 };

enum err thread_append(struct apply *apply, const char *type, const struct thread *thread, int64_t user_id,
		       const struct buf *payload)
{
	struct event event = {.type = type,
			      .guild_id = thread->guild_id,
			      .channel_id = thread->id,
			      .user_id = user_id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
}

enum err thread_announce_created(struct apply *apply, const struct thread *thread)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	thread_members_to_json(&jw, thread, thread->name, strlen(thread->name));
	jw_flag(&jw, "newly_created", true);
	jw_object_end(&jw);
	return thread_append(apply, "THREAD_CREATE", thread, 0, payload);
}

enum err thread_announce_to(struct apply *apply, const struct thread *thread, int64_t user_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	TRY(thread_to_json(apply->db, &jw, NULL, thread, user_id));
	return thread_append(apply, "THREAD_CREATE", thread, user_id, payload);
}

enum err thread_announce_update(struct apply *apply, const struct thread *thread)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	TRY(thread_to_json(apply->db, &jw, NULL, thread, 0));
	return thread_append(apply, "THREAD_UPDATE", thread, 0, payload);
}

static const struct buf *deleted_payload(struct apply *apply, const struct thread *thread)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "id", thread->id);
	jw_id(&jw, "guild_id", thread->guild_id);
	jw_id(&jw, "parent_id", thread->parent_id);
	jw_int(&jw, "type", thread->type);
	jw_object_end(&jw);
	return payload;
}

enum err thread_announce_deleted(struct apply *apply, const struct thread *thread)
{
	return thread_append(apply, "THREAD_DELETE", thread, 0, deleted_payload(apply, thread));
}

/* Of no channel: whoever is told may no longer see it. */
enum err thread_vanish_for(struct apply *apply, const struct thread *thread, int64_t user_id)
{
	const struct buf *payload = deleted_payload(apply, thread);
	struct event event = {
	    .type = "THREAD_DELETE", .user_id = user_id, .payload = payload->p, .payload_n = payload->n};
	return event_append(apply, &event);
}

enum err thread_announce_activity(struct apply *apply, int64_t thread_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct thread thread;
	struct jw jw;
	int64_t author_id;
	TRY(thread_find(apply->db, apply->arena, thread_id, &thread));
	TRY(sql_find_int(apply->db, QUERY_THREAD_STARTER, SQL_ARGS(sql_id(thread.id), sql_id(thread.parent_id)),
			 &author_id));
	if (author_id == 0)
		return ERR_OK;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "id", thread.id);
	jw_id(&jw, "channel_id", thread.parent_id);
	jw_id(&jw, "guild_id", thread.guild_id);
	TRY(thread_to_json(apply->db, &jw, "thread", &thread, 0));
	jw_object_end(&jw);
	struct event event = {.type = "MESSAGE_THREAD_UPDATE",
			      .guild_id = thread.guild_id,
			      .channel_id = thread.parent_id,
			      .message_id = thread.id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
}

/* Who came, as Discord tells it: with their membership of the workspace. */
static enum err added_to_json(struct apply *apply, struct jw *jw, const struct thread *thread, int64_t user_id)
{
	struct member member;
	TRY(member_find(apply->db, apply->arena, thread->guild_id, user_id, &member));
	jw_object(jw, NULL);
	jw_id(jw, "id", thread->id);
	jw_id(jw, "user_id", user_id);
	jw_time(jw, "join_timestamp", apply->now_ms);
	jw_int(jw, "flags", 0);
	TRY(member_to_json(apply->db, apply->arena, jw, "member", &member));
	jw_null(jw, "presence");
	jw_object_end(jw);
	return ERR_OK;
}

static enum err announce_members(struct apply *apply, int64_t thread_id, const struct thread_people *added,
				 int64_t removed_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct thread thread;
	struct jw jw;
	TRY(thread_find(apply->db, apply->arena, thread_id, &thread));
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "id", thread.id);
	jw_id(&jw, "guild_id", thread.guild_id);
	jw_int(&jw, "member_count", thread.member_count);
	jw_array(&jw, "added_members");
	for (size_t i = 0; added != NULL && i < added->count; i++)
		TRY(added_to_json(apply, &jw, &thread, added->ids[i]));
	jw_array_end(&jw);
	jw_array(&jw, "removed_member_ids");
	if (removed_id != 0)
		jw_id(&jw, NULL, removed_id);
	jw_array_end(&jw);
	jw_object_end(&jw);
	return thread_append(apply, "THREAD_MEMBERS_UPDATE", &thread, 0, payload);
}

enum err thread_put(struct apply *apply, int64_t thread_id, const struct thread_people *people, size_t *count)
{
	int64_t *ids = arena_alloc(apply->arena, (people->count + 1) * sizeof(*ids));
	struct thread_people added = {.ids = ids};
	for (size_t i = 0; i < people->count; i++) {
		int changes;
		TRY(sql_run(apply->db, QUERY_THREAD_MEMBER_INSERT,
			    SQL_ARGS(sql_id(thread_id), sql_id(people->ids[i]), sql_int(apply->now_ms),
				     sql_id(people->last_read_id)),
			    &changes));
		if (changes > 0)
			ids[added.count++] = people->ids[i];
	}
	*count = added.count;
	for (size_t i = 0; i < added.count; i += TOLD_AT_ONCE) {
		struct thread_people part = {.ids = ids + i, .count = added.count - i};
		part.count = part.count < TOLD_AT_ONCE ? part.count : TOLD_AT_ONCE;
		TRY(announce_members(apply, thread_id, &part, 0));
	}
	return ERR_OK;
}

enum err thread_drop(struct apply *apply, int64_t thread_id, int64_t user_id, bool *is_changed)
{
	int changes;
	TRY(sql_run(apply->db, QUERY_CHANNEL_MEMBER_DELETE, SQL_ARGS(sql_id(thread_id), sql_id(user_id)), &changes));
	*is_changed = changes > 0;
	return *is_changed ? announce_members(apply, thread_id, NULL, user_id) : ERR_OK;
}

enum err thread_write_down(struct apply *apply, const struct thread *thread)
{
	bool is_archived = thread->archived_at_ms != 0;
	TRY(sql_run(apply->db, QUERY_THREAD_UPDATE_CHANNEL,
		    SQL_ARGS(sql_id(thread->id), sql_text(thread->name), sql_int(thread->slow_mode_s),
			     sql_id(thread->archived_at_ms), sql_int(thread->is_locked)),
		    NULL));
	return sql_run(apply->db, QUERY_THREAD_UPDATE,
		       SQL_ARGS(sql_id(thread->id), sql_int(thread->auto_archive_min), sql_int(thread->is_invitable),
				sql_int(thread->opened_at_ms), sql_id(is_archived ? 0 : apply->now_ms)),
		       NULL);
}

enum err thread_check_room(struct apply *apply, int64_t guild_id)
{
	int64_t count;
	TRY(sql_find_int(apply->db, QUERY_THREAD_COUNT_ACTIVE, SQL_ARGS(sql_id(guild_id), sql_int(THREADS_ACTIVE_MAX)),
			 &count));
	return count >= THREADS_ACTIVE_MAX ? ERR_TOO_MANY_THREADS : ERR_OK;
}

/* No two of a channel are archived at the same moment, so that a list can go on from a moment. */
enum err thread_set_archived(struct apply *apply, struct thread *thread, bool is_archived)
{
	int64_t last_ms;
	if (!is_archived) {
		thread->archived_at_ms = 0;
		thread->opened_at_ms = apply->now_ms;
		return thread_check_room(apply, thread->guild_id);
	}
	TRY(sql_find_int(apply->db, QUERY_THREAD_LAST_ARCHIVED,
			 SQL_ARGS(sql_id(thread->parent_id), sql_int(thread->type)), &last_ms));
	thread->archived_at_ms = last_ms >= apply->now_ms ? last_ms + 1 : apply->now_ms;
	return ERR_OK;
}

enum err thread_check_archive_min(struct apply *apply, int64_t minutes)
{
	static const int64_t choices[] = {60, 1440, 4320, 10080};
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		if (choices[i] == minutes)
			return ERR_OK;
	}
	field_errors_add(&apply->errors, "auto_archive_duration", "BASE_TYPE_CHOICES",
			 "Value must be one of {60, 1440, 4320, 10080}.");
	return ERR_INVALID_FORM;
}

enum err thread_audit(struct apply *apply, const struct thread *thread, enum audit_action action,
		      struct audit_changes *changes)
{
	return audit_append(apply, &(struct audit_entry){.guild_id = thread->guild_id,
							 .action = action,
							 .target_id = thread->id,
							 .channel_id = thread->id,
							 .changes = changes});
}
