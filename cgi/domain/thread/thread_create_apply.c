/* Starting threads. */
#include "domain/block/block.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/thread/thread_change.h"

/* Discord makes a private one where no type is given; a thread of a message is public. News channels, whose type of
 * threads is 10, are text channels here. */
static enum err type_of(struct apply *apply, const struct thread_create_input *in, int *type)
{
	*type = CHANNEL_TYPE_PRIVATE_THREAD;
	if (in->message_id != 0 || in->type == 10 || in->type == CHANNEL_TYPE_PUBLIC_THREAD) {
		*type = CHANNEL_TYPE_PUBLIC_THREAD;
		return ERR_OK;
	}
	bool is_given = field_is_given(thread_create_fields, &in->set, "type") &&
			!field_is_nulled(thread_create_fields, &in->set, "type");
	if (!is_given || in->type == CHANNEL_TYPE_PRIVATE_THREAD)
		return ERR_OK;
	field_errors_add(&apply->errors, "type", "BASE_TYPE_CHOICES", "Value must be one of {10, 11, 12}.");
	return ERR_INVALID_FORM;
}

static bool has_value(const struct thread_create_input *in, const char *field)
{
	return field_is_given(thread_create_fields, &in->set, field) &&
	       !field_is_nulled(thread_create_fields, &in->set, field);
}

/* The thread that is asked for. It is as slow as its channel unless told otherwise: nobody gets around that by it. */
static enum err terms(struct apply *apply, const struct thread_create_input *in, const struct channel *parent,
		      struct thread *out)
{
	*out = (struct thread){
	    .guild_id = parent->guild_id,
	    .parent_id = parent->id,
	    .owner_id = apply->actor_id,
	    .name = in->name,
	    .slow_mode_s = has_value(in, "rate_limit_per_user") ? in->rate_limit_per_user : parent->slow_mode_s,
	    .created_at_ms = apply->now_ms,
	    .opened_at_ms = apply->now_ms,
	    .auto_archive_min =
		has_value(in, "auto_archive_duration") ? in->auto_archive_duration : THREAD_ARCHIVE_INITIAL_MIN,
	    .is_invitable = !has_value(in, "invitable") || in->invitable,
	};
	TRY(type_of(apply, in, &out->type));
	return thread_check_archive_min(apply, out->auto_archive_min);
}

/* A thread that is started by itself is told of in its channel, which is to write there. A slower one than its channel
 * is for everybody to make, a quicker one for who need not wait. */
static enum err check_permission(const struct thread *thread, const struct channel *parent, uint64_t bits,
				 bool is_of_message)
{
	static const uint64_t quick =
	    PERM_MANAGE_THREADS | PERM_MANAGE_MESSAGES | PERM_MANAGE_CHANNELS | PERM_BYPASS_SLOW_MODE;
	bool is_public = thread->type == CHANNEL_TYPE_PUBLIC_THREAD;
	uint64_t needed = is_public ? PERM_CREATE_PUBLIC_THREADS : PERM_CREATE_PRIVATE_THREADS;
	if (is_of_message)
		needed |= PERM_READ_HISTORY;
	else if (is_public)
		needed |= PERM_SEND_MESSAGES;
	if (!perm_has(bits, needed))
		return ERR_MISSING_PERMISSIONS;
	return thread->slow_mode_s < parent->slow_mode_s && (bits & quick) == 0 ? ERR_MISSING_PERMISSIONS : ERR_OK;
}

/* The id of a thread is that of its message, which has one at most: the row of one that was deleted is taken again. */
static enum err insert(struct apply *apply, const struct thread *thread)
{
	int64_t exists;
	int changes;
	TRY(sql_run(apply->db, QUERY_THREAD_BEGIN_ANEW,
		    SQL_ARGS(sql_id(thread->id), sql_id(thread->owner_id), sql_text(thread->name),
			     sql_int(thread->slow_mode_s)),
		    &changes));
	TRY(sql_find_int(apply->db, QUERY_THREAD_EXISTS, SQL_ARGS(sql_id(thread->id)), &exists));
	if (changes == 0 && exists != 0)
		return ERR_THREAD_EXISTS;
	if (changes == 0)
		TRY(sql_run(apply->db, QUERY_THREAD_INSERT_CHANNEL,
			    SQL_ARGS(sql_id(thread->id), sql_id(thread->guild_id), sql_id(thread->parent_id),
				     sql_id(thread->owner_id), sql_int(thread->type), sql_text(thread->name),
				     sql_int(thread->slow_mode_s)),
			    NULL));
	return sql_run(apply->db, QUERY_THREAD_INSERT,
		       SQL_ARGS(sql_id(thread->id), sql_int(thread->auto_archive_min), sql_int(thread->is_invitable),
				sql_int(thread->created_at_ms)),
		       NULL);
}

static enum err check_message(struct apply *apply, const struct thread_create_input *in, int64_t *author_id)
{
	TRY(sql_find_int(apply->db, QUERY_THREAD_STARTER, SQL_ARGS(sql_id(in->message_id), sql_id(in->channel_id)),
			 author_id));
	return *author_id != 0 ? ERR_OK : ERR_UNKNOWN_MESSAGE;
}

/* Whoever starts it is in it, and who wrote the message that it is about, if they see it still and want to hear of who
 * starts it. */
static enum err put_first(struct apply *apply, const struct thread *thread, const struct channel *parent,
			  int64_t author_id)
{
	int64_t ids[2] = {apply->actor_id};
	struct thread_people people = {.ids = ids, .count = 1};
	int64_t is_bot;
	uint64_t bits = 0;
	size_t count;
	bool is_blocked;
	if (author_id != 0 && author_id != apply->actor_id) {
		TRY(sql_find_int(apply->db, QUERY_USER_IS_BOT, SQL_ARGS(sql_id(author_id)), &is_bot));
		TRY(perm_of_read_channel(apply->db, apply->arena, parent, author_id, &bits));
		TRY(block_exists(apply->db, author_id, apply->actor_id, &is_blocked));
		if (bits != 0 && is_bot == 0 && !is_blocked)
			ids[people.count++] = author_id;
	}
	return thread_put(apply, thread->id, &people, &count);
}

/* What readers of the channel see of it: a line below its message, or a message that tells of it. Of a private one
 * nothing. */
static enum err show_in_parent(struct apply *apply, const struct thread *thread, const struct channel *parent,
			       bool is_of_message)
{
	const struct message_notice notice = {.channel = parent,
					      .type = MESSAGE_TYPE_THREAD_CREATED,
					      .content = thread->name,
					      .reference_channel_id = thread->id};
	int64_t notice_id;
	if (is_of_message) {
		TRY(message_part_set(apply, thread->id, MESSAGE_HAS_THREAD, true));
		return message_announce_update(apply, thread->parent_id, thread->id);
	}
	if (thread->type == CHANNEL_TYPE_PRIVATE_THREAD)
		return ERR_OK;
	TRY(message_notice_post(apply, &notice, &notice_id));
	return sql_run(apply->db, QUERY_THREAD_SET_NOTICE, SQL_ARGS(sql_id(thread->id), sql_id(notice_id)), NULL);
}

static enum err audit_create(struct apply *apply, const struct thread *thread)
{
	struct audit_changes changes;
	audit_changes_begin(apply, &changes);
	audit_changed_text(&changes, "name", NULL, thread->name);
	audit_changed_id(&changes, "parent_id", 0, thread->parent_id);
	return thread_audit(apply, thread, AUDIT_THREAD_CREATE, &changes);
}

enum err thread_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct thread_create_input *in = input;
	bool is_of_message = in->message_id != 0;
	struct channel parent;
	struct thread thread;
	int64_t author_id = 0;
	uint64_t bits;
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &parent, &bits));
	if (parent.type != CHANNEL_TYPE_TEXT)
		return ERR_CHANNEL_TYPE;
	TRY(terms(apply, in, &parent, &thread));
	TRY(check_permission(&thread, &parent, bits, is_of_message));
	if (parent.archived_at_ms != 0)
		return ERR_ARCHIVED;
	if (is_of_message)
		TRY(check_message(apply, in, &author_id));
	else if (thread.type == CHANNEL_TYPE_PUBLIC_THREAD)
		TRY(channel_before_post(apply, &parent, bits));
	TRY(thread_check_room(apply, thread.guild_id));
	thread.id = is_of_message ? in->message_id : id_next(apply->ids, apply->now_ms);
	TRY(insert(apply, &thread));
	TRY(thread_announce_created(apply, &thread));
	TRY(put_first(apply, &thread, &parent, author_id));
	TRY(show_in_parent(apply, &thread, &parent, is_of_message));
	TRY(audit_create(apply, &thread));
	TRY(thread_find(apply->db, apply->arena, thread.id, &thread));
	return thread_to_json(apply->db, result, "thread", &thread, apply->actor_id);
}
