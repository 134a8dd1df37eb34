/* Following a thread and no longer following it; adding others, and taking them out of a private one. */
#include "domain/block/block.h"
#include "domain/member/member.h"
#include "domain/perm.h"
#include "domain/thread/thread_change.h"
#include "domain/thread/thread_row.h"

/* The thread, as the actor may see it. */
static enum err open_thread(struct apply *apply, int64_t thread_id, struct thread *thread, uint64_t *bits)
{
	struct channel channel;
	TRY(perm_open_channel(apply->db, apply->arena, thread_id, apply->actor_id, &channel, bits));
	if (!channel_is_thread(&channel))
		return ERR_CHANNEL_TYPE;
	return thread_find(apply->db, apply->arena, thread_id, thread);
}

enum err thread_join_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct thread_join_input *in = input;
	const struct thread_people people = {.ids = &apply->actor_id, .count = 1};
	struct thread thread;
	uint64_t bits;
	size_t count;
	(void)result;
	TRY(open_thread(apply, in->channel_id, &thread, &bits));
	if (thread.archived_at_ms != 0)
		return ERR_ARCHIVED;
	return thread_put(apply, thread.id, &people, &count);
}

/* Out of a private one nobody comes back by themselves: it ends for them. */
static enum err take_out(struct apply *apply, const struct thread *thread, int64_t user_id)
{
	struct channel channel;
	uint64_t bits;
	bool is_changed;
	TRY(thread_drop(apply, thread->id, user_id, &is_changed));
	if (!is_changed)
		return ERR_UNKNOWN_MEMBER;
	TRY(channel_find(apply->db, apply->arena, thread->id, &channel));
	TRY(perm_of_read_channel(apply->db, apply->arena, &channel, user_id, &bits));
	return bits == 0 ? thread_vanish_for(apply, thread, user_id) : ERR_OK;
}

enum err thread_leave_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct thread_leave_input *in = input;
	struct thread thread;
	uint64_t bits;
	(void)result;
	TRY(open_thread(apply, in->channel_id, &thread, &bits));
	return take_out(apply, &thread, apply->actor_id);
}

/* Whoever writes in a thread may add others; to a private one that is not open for that, who started it and moderators.
 */
static enum err check_adding(struct apply *apply, const struct thread *thread, uint64_t bits)
{
	bool leads = thread->owner_id == apply->actor_id || perm_has(bits, PERM_MANAGE_THREADS);
	if (!perm_has(bits, PERM_SEND_MESSAGES))
		return ERR_MISSING_PERMISSIONS;
	if (thread->type == CHANNEL_TYPE_PRIVATE_THREAD && !thread->is_invitable && !leads)
		return ERR_MISSING_PERMISSIONS;
	return thread->archived_at_ms != 0 ? ERR_ARCHIVED : ERR_OK;
}

/* Only who sees its channel can be in a thread, and nobody is put there by whom they have blocked: a private one of two
 * people is a direct message. */
static enum err check_added(struct apply *apply, const struct thread *thread, int64_t user_id)
{
	struct member member;
	struct channel parent;
	uint64_t bits;
	TRY(member_find(apply->db, apply->arena, thread->guild_id, user_id, &member));
	TRY(channel_find(apply->db, apply->arena, thread->parent_id, &parent));
	TRY(perm_of_read_channel(apply->db, apply->arena, &parent, user_id, &bits));
	if (bits == 0)
		return ERR_MISSING_ACCESS;
	return block_check_adding(apply, user_id);
}

enum err thread_member_add_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct thread_member_add_input *in = input;
	const struct thread_people people = {.ids = &in->user_id, .count = 1};
	struct thread thread;
	uint64_t bits;
	size_t count;
	(void)result;
	TRY(open_thread(apply, in->channel_id, &thread, &bits));
	TRY(check_adding(apply, &thread, bits));
	TRY(check_added(apply, &thread, in->user_id));
	TRY(thread_put(apply, thread.id, &people, &count));
	TRY(thread_find(apply->db, apply->arena, thread.id, &thread));
	return count > 0 && thread.type == CHANNEL_TYPE_PRIVATE_THREAD ? thread_announce_to(apply, &thread, in->user_id)
								       : ERR_OK;
}

enum err thread_member_remove_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct thread_member_remove_input *in = input;
	struct thread thread;
	uint64_t bits;
	(void)result;
	TRY(open_thread(apply, in->channel_id, &thread, &bits));
	if (in->user_id == apply->actor_id)
		return take_out(apply, &thread, in->user_id);
	bool is_own = thread.type == CHANNEL_TYPE_PRIVATE_THREAD && thread.owner_id == apply->actor_id &&
		      perm_has(bits, PERM_SEND_MESSAGES);
	if (!is_own && !perm_has(bits, PERM_MANAGE_THREADS))
		return ERR_MISSING_PERMISSIONS;
	return thread.archived_at_ms != 0 ? ERR_ARCHIVED : take_out(apply, &thread, in->user_id);
}
