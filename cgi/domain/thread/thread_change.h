/* What the apply functions of threads share. Store only. */
#ifndef SNUG_DOMAIN_THREAD_THREAD_CHANGE_H
#define SNUG_DOMAIN_THREAD_THREAD_CHANGE_H

#include "domain/audit/audit.h"
#include "domain/event/event.h"
#include "domain/thread/thread.h"

/* Appends an event of the thread: for those who see it, or of these for user_id alone (0: all). */
enum err thread_append(struct apply *apply, const char *type, const struct thread *thread, int64_t user_id,
		       const struct buf *payload) MUST_USE;

/* THREAD_CREATE with newly_created for all who see it, or for one person who was let into a private one, with what
 * they are in it. */
enum err thread_announce_created(struct apply *apply, const struct thread *thread) MUST_USE;
enum err thread_announce_to(struct apply *apply, const struct thread *thread, int64_t user_id) MUST_USE;

/* THREAD_UPDATE with the thread as it is in memory. */
enum err thread_announce_update(struct apply *apply, const struct thread *thread) MUST_USE;

/* THREAD_DELETE for all who see it, or for one person alone, who no longer does. */
enum err thread_announce_deleted(struct apply *apply, const struct thread *thread) MUST_USE;
enum err thread_vanish_for(struct apply *apply, const struct thread *thread, int64_t user_id) MUST_USE;

/* Tells the readers of the parent how it stands with the thread below the message that it was started from:
 * MESSAGE_THREAD_UPDATE, ours, of which open pages make the line below that message. Nothing for other threads. */
enum err thread_announce_activity(struct apply *apply, int64_t thread_id) MUST_USE;

/* Puts people into the thread, or takes them out, and tells with THREAD_MEMBERS_UPDATE of those for whom that changed
 * something, some of them with each. last_read_id is how far those who come have read; 0: to the end. *count is how
 * many changed. */
struct thread_people {
	const int64_t *ids;
	size_t count;
	int64_t last_read_id;
};
enum err thread_put(struct apply *apply, int64_t thread_id, const struct thread_people *people, size_t *count) MUST_USE;
enum err thread_drop(struct apply *apply, int64_t thread_id, int64_t user_id, bool *is_changed) MUST_USE;

/* Writes the columns that change after a thread was started. */
enum err thread_write_down(struct apply *apply, const struct thread *thread) MUST_USE;

/* Makes it archived, or active, in memory. ERR_TOO_MANY_THREADS when no more may be active. */
enum err thread_set_archived(struct apply *apply, struct thread *thread, bool is_archived) MUST_USE;

/* ERR_TOO_MANY_THREADS when the workspace has as many active threads as it may. */
enum err thread_check_room(struct apply *apply, int64_t guild_id) MUST_USE;

/* How long a thread may be idle: one of Discord's four. ERR_INVALID_FORM. */
enum err thread_check_archive_min(struct apply *apply, int64_t minutes) MUST_USE;

/* One line of the audit log about a thread. */
enum err thread_audit(struct apply *apply, const struct thread *thread, enum audit_action action,
		      struct audit_changes *changes) MUST_USE;

#endif
