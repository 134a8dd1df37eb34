/* Changing threads, archiving them and opening them again; their end. */
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/thread/thread_change.h"

static bool has_value(const struct channel_update_input *in, const char *field)
{
	return field_is_given(channel_update_fields, &in->set, field) &&
	       !field_is_nulled(channel_update_fields, &in->set, field);
}

/* What of it is given may be opened or left open by anybody who writes in it, and all but locking and slow mode be
 * changed by who started it. */
static enum err check_permission(struct apply *apply, const struct thread *thread, uint64_t bits,
				 const struct channel_update_input *in)
{
	bool only_opens = has_value(in, "archived") && !in->archived && in->name == NULL &&
			  !has_value(in, "auto_archive_duration") && !has_value(in, "invitable");
	if (perm_has(bits, PERM_MANAGE_THREADS))
		return ERR_OK;
	if (has_value(in, "locked") || has_value(in, "rate_limit_per_user") || thread->is_locked)
		return ERR_MISSING_PERMISSIONS;
	if (!perm_has(bits, PERM_SEND_MESSAGES))
		return ERR_MISSING_PERMISSIONS;
	return thread->owner_id == apply->actor_id || only_opens ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

static enum err change(struct apply *apply, const struct channel_update_input *in, struct thread *thread)
{
	bool opens = has_value(in, "archived") && !in->archived;
	/* What is archived stays as it is, but for being opened, or locked. */
	if (thread->archived_at_ms != 0 && !opens &&
	    (in->name != NULL || has_value(in, "auto_archive_duration") || has_value(in, "rate_limit_per_user")))
		return ERR_ARCHIVED;
	if (in->name != NULL)
		thread->name = in->name;
	if (has_value(in, "rate_limit_per_user"))
		thread->slow_mode_s = in->rate_limit_per_user;
	if (has_value(in, "locked"))
		thread->is_locked = in->locked;
	if (has_value(in, "invitable"))
		thread->is_invitable = in->invitable;
	if (has_value(in, "auto_archive_duration")) {
		TRY(thread_check_archive_min(apply, in->auto_archive_duration));
		thread->auto_archive_min = in->auto_archive_duration;
	}
	if (has_value(in, "archived") && in->archived != (thread->archived_at_ms != 0))
		TRY(thread_set_archived(apply, thread, in->archived));
	return ERR_OK;
}

static enum err audit_update(struct apply *apply, const struct thread *before, const struct thread *after)
{
	struct audit_changes changes;
	audit_changes_begin(apply, &changes);
	audit_changed_text(&changes, "name", before->name, after->name);
	audit_changed_flag(&changes, "archived", before->archived_at_ms != 0, after->archived_at_ms != 0);
	audit_changed_flag(&changes, "locked", before->is_locked, after->is_locked);
	audit_changed_flag(&changes, "invitable", before->is_invitable, after->is_invitable);
	audit_changed_int(&changes, "auto_archive_duration", before->auto_archive_min, after->auto_archive_min);
	audit_changed_int(&changes, "rate_limit_per_user", before->slow_mode_s, after->slow_mode_s);
	return changes.count > 0 ? thread_audit(apply, after, AUDIT_THREAD_UPDATE, &changes) : ERR_OK;
}

/* Nothing opens in a channel that is archived. */
static enum err check_parent(struct apply *apply, const struct thread *thread)
{
	struct channel parent;
	TRY(channel_find(apply->db, apply->arena, thread->parent_id, &parent));
	return parent.archived_at_ms != 0 ? ERR_ARCHIVED : ERR_OK;
}

enum err thread_update(struct apply *apply, const struct channel *channel, uint64_t bits,
		       const struct channel_update_input *in, struct jw *result)
{
	struct thread thread;
	TRY(thread_find(apply->db, apply->arena, channel->id, &thread));
	const struct thread before = thread;
	TRY(check_permission(apply, &thread, bits, in));
	TRY(change(apply, in, &thread));
	if (before.archived_at_ms != 0 && thread.archived_at_ms == 0)
		TRY(check_parent(apply, &thread));
	TRY(thread_write_down(apply, &thread));
	TRY(audit_update(apply, &before, &thread));
	TRY(thread_announce_update(apply, &thread));
	TRY(thread_announce_activity(apply, thread.id));
	return thread_to_json(apply->db, result, "channel", &thread, apply->actor_id);
}

static enum err audit_delete(struct apply *apply, const struct thread *thread)
{
	struct audit_changes changes;
	audit_changes_begin(apply, &changes);
	audit_changed_text(&changes, "name", thread->name, NULL);
	audit_changed_id(&changes, "parent_id", thread->parent_id, 0);
	return thread_audit(apply, thread, AUDIT_THREAD_DELETE, &changes);
}

/* What told of it in its channel goes: the line below its message, or the message with its name. */
static enum err hide_in_parent(struct apply *apply, const struct thread *thread)
{
	int64_t author_id;
	if (thread->notice_id != 0)
		return message_notice_take(apply, thread->parent_id, thread->notice_id);
	TRY(sql_find_int(apply->db, QUERY_THREAD_STARTER, SQL_ARGS(sql_id(thread->id), sql_id(thread->parent_id)),
			 &author_id));
	if (author_id == 0)
		return ERR_OK;
	TRY(message_part_set(apply, thread->id, MESSAGE_HAS_THREAD, false));
	return message_announce_update(apply, thread->parent_id, thread->id);
}

/* What it holds is out of reach from here on; channel_purge takes it from the disk a few rows at a time. */
enum err thread_delete(struct apply *apply, const struct channel *channel, uint64_t bits, struct jw *result)
{
	struct thread thread;
	if (!perm_has(bits, PERM_MANAGE_THREADS))
		return ERR_MISSING_PERMISSIONS;
	TRY(thread_find(apply->db, apply->arena, channel->id, &thread));
	TRY(thread_to_json(apply->db, result, "channel", &thread, apply->actor_id));
	TRY(audit_delete(apply, &thread));
	TRY(thread_announce_deleted(apply, &thread));
	TRY(sql_run(apply->db, QUERY_THREAD_DELETE, SQL_ARGS(sql_id(thread.id)), NULL));
	TRY(sql_run(apply->db, QUERY_CHANNEL_MARK_DELETED, SQL_ARGS(sql_id(thread.id), sql_int(apply->now_ms)), NULL));
	return hide_in_parent(apply, &thread);
}
