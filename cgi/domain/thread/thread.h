/* Threads: conversations beside a message, or in a channel by themselves (Discord's threads). A thread is a channel of
 * type 11 (public) or 12 (private) whose parent is a text channel of the workspace; domain/channel reads it as any
 * other, and this noun knows what it has beyond that. One that was started from a message has the message's id.
 *
 * Who sees it: whoever sees its parent; a private one, of these, who is in it or may MANAGE_THREADS there
 * (domain/perm.h). Who follows it is in channel_members; whoever starts it, writes in it or is mentioned there follows
 * by themselves.
 *
 * It is archived by hand, or by itself when nothing was written for long enough; a message opens it again. In a locked
 * one only those write, and only those open it, who may MANAGE_THREADS. */
#ifndef SNUG_DOMAIN_THREAD_THREAD_H
#define SNUG_DOMAIN_THREAD_THREAD_H

#include "domain/apply.h"
#include "domain/channel/channel.h"

enum {
	THREAD_NAME_MAX = 100,
	THREADS_ACTIVE_MAX = 1000, /* of a workspace */
	THREAD_PAGE_MAX = 100,
	THREAD_PAGE_INITIAL = 50,
	THREAD_ARCHIVE_INITIAL_MIN = 4320,
};

struct thread {
	int64_t id, guild_id, parent_id;
	int64_t owner_id; /* who started it */
	int type;
	const char *name;
	int64_t slow_mode_s, last_message_id;
	int64_t archived_at_ms; /* 0: it is active */
	int64_t created_at_ms, opened_at_ms;
	int64_t auto_archive_min;
	int64_t message_count; /* without the one that it was started from, and without deleted ones */
	int64_t member_count;
	int64_t notice_id; /* the message in the parent that tells of it; 0: none */
	bool is_locked;
	bool is_invitable; /* of a private one: everybody in it may add others */
};

/* Reading. */

/* ERR_UNKNOWN_CHANNEL when there is no such thread or it is deleted. Says nothing about who may see it. */
enum err thread_find(struct sql *db, struct arena *arena, int64_t thread_id, struct thread *out) MUST_USE;

/* The parent of a thread, deleted ones included; 0 for everything else. It never changes. */
enum err thread_parent(struct sql *db, int64_t channel_id, int64_t *parent_id) MUST_USE;

/* Discord's thread object, with `member` when viewer_id (0: nobody in particular) is in it. */
enum err thread_to_json(struct sql *db, struct jw *jw, const char *key, const struct thread *thread,
			int64_t viewer_id) MUST_USE;

/* The same of a channel that was read and is a thread. */
enum err thread_view_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			     const struct channel *channel, int64_t viewer_id) MUST_USE;

/* Member `thread` of a message that one was started from; nothing when there is none. Needs no arena, as it is called
 * while messages are being read. */
enum err thread_of_message_to_json(struct sql *db, struct jw *jw, int64_t message_id, int64_t viewer_id) MUST_USE;

/* Members `threads` and `members` (the user's own) of all active threads in the workspace that the user sees, or of
 * those of one channel that the user may view; most recent first. */
enum err thread_list_active_to_json(struct sql *db, struct arena *arena, struct jw *jw, int64_t guild_id,
				    int64_t user_id) MUST_USE;
enum err thread_list_active_in_to_json(struct sql *db, struct arena *arena, struct jw *jw, const struct channel *parent,
				       uint64_t bits, int64_t user_id) MUST_USE;

/* The same of those of the channels that are threads, in their order. What the user may see of them is not asked. */
enum err thread_list_of_to_json(struct sql *db, struct arena *arena, struct jw *jw, const int64_t *channel_ids,
				size_t count, int64_t user_id) MUST_USE;

/* Which archived threads of a channel: private ones that the user is in are listed by id, all others by when they were
 * archived. What the user may see of them is not asked. */
struct thread_page {
	int64_t channel_id;
	int type;
	bool is_joined; /* only those the user is in */
	int64_t before; /* a time in ms, of is_joined an id; INT64_MAX: from the start */
	int limit;      /* 1 to THREAD_PAGE_MAX */
};

/* Members `threads`, `members` and `has_more`. */
enum err thread_list_archived_to_json(struct sql *db, struct arena *arena, struct jw *jw,
				      const struct thread_page *page, int64_t user_id) MUST_USE;

/* A thread as the sidebar shows it. */
struct thread_entry {
	int64_t id, parent_id;
	int type;
	const char *name;
	bool is_muted;
};

/* The active threads of the workspace that the user follows, by id; whether their channels are seen is not asked. */
enum err thread_list_followed(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id, int64_t now_ms,
			      struct thread_entry **list, size_t *count) MUST_USE;

/* An array of {id, user_id, join_timestamp, flags}, with `member` when that is asked for: those in the thread after a
 * user id who see it, limit of them at most. One alone: ERR_UNKNOWN_MEMBER. */
struct thread_member_page {
	int64_t after;
	int limit;
	bool has_member;
};
enum err thread_member_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				    const struct channel *channel, const struct thread_member_page *page) MUST_USE;
enum err thread_member_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			       const struct channel *channel, int64_t user_id, bool has_member) MUST_USE;

/* Parts of other nouns' apply functions. */

/* What channel_update and channel_delete do with a thread: bits are the actor's in it. */
enum err thread_update(struct apply *apply, const struct channel *channel, uint64_t bits,
		       const struct channel_update_input *in, struct jw *result) MUST_USE;
enum err thread_delete(struct apply *apply, const struct channel *channel, uint64_t bits, struct jw *result) MUST_USE;

/* Before a message is written in a thread: opens one that is archived. */
enum err thread_before_post(struct apply *apply, const struct channel *channel) MUST_USE;

/* After it was written, before and after it is told: counts it and lets its author follow; then lets those follow whom
 * it mentions, and tells the readers of the channel. */
enum err thread_after_post(struct apply *apply, const struct channel *channel) MUST_USE;
enum err thread_posted(struct apply *apply, const struct channel *channel, int64_t message_id) MUST_USE;

/* After a message of a thread was deleted. */
enum err thread_message_gone(struct apply *apply, const struct channel *channel) MUST_USE;

/* When somebody is in a channel no more: they leave its threads. */
enum err thread_leave_channel(struct apply *apply, const struct channel *parent, int64_t user_id) MUST_USE;

/* The same for a whole workspace of which they are a member no more. */
enum err thread_leave_guild(struct apply *apply, int64_t guild_id, int64_t user_id) MUST_USE;

/* When a channel is archived, its threads are; a message does not open them before it is opened itself. */
enum err thread_archive_children(struct apply *apply, const struct channel *parent) MUST_USE;

/* The threads of a channel, or of a workspace, go with it. Its own event tells of that. */
enum err thread_delete_children(struct apply *apply, int64_t parent_id) MUST_USE;
enum err thread_delete_all(struct apply *apply, int64_t guild_id) MUST_USE;

/* Archives some of the threads that were idle for long enough; *is_done when none are left. The store does this for
 * itself. */
enum err thread_archive_idle(struct apply *apply, bool *is_done) MUST_USE;

/* Inputs of ops. */

struct thread_create_input {
	struct field_set set;
	int64_t channel_id;
	int64_t message_id; /* 0: it is started by itself */
	const char *name;
	int64_t type;
	int64_t auto_archive_duration, rate_limit_per_user;
	bool invitable;
};
extern const struct field thread_create_fields[];
apply_function thread_create_apply; /* {"thread":{…}}; ERR_THREAD_EXISTS, ERR_TOO_MANY_THREADS */

struct thread_join_input {
	struct field_set set;
	int64_t channel_id;
};
extern const struct field thread_join_fields[];
apply_function thread_join_apply; /* {} */

struct thread_leave_input {
	struct field_set set;
	int64_t channel_id;
};
extern const struct field thread_leave_fields[];
apply_function thread_leave_apply; /* {} */

struct thread_member_add_input {
	struct field_set set;
	int64_t channel_id, user_id;
};
extern const struct field thread_member_add_fields[];
apply_function thread_member_add_apply; /* {} */

struct thread_member_remove_input {
	struct field_set set;
	int64_t channel_id, user_id;
};
extern const struct field thread_member_remove_fields[];
apply_function thread_member_remove_apply; /* {} */

#endif
