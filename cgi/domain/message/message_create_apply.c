/* Posting. Everything is looked at before the first row is written (struct draft), so that a plain message costs one
 * insert and no look at what it does not have. */
#include "base/utf8.h"
#include "domain/draft/draft.h"
#include "domain/emoji/emoji.h"
#include "domain/file/file.h"
#include "domain/message/message_change.h"
#include "domain/message/message_echo.h"
#include "domain/message/message_embeds.h"
#include "domain/message/message_json.h"
#include "domain/message/message_mentions.h"
#include "domain/message/message_reference.h"
#include "domain/perm.h"
#include "domain/poll/poll.h"
#include "domain/preview/preview.h"
#include "domain/read/read.h"
#include "domain/thread/thread.h"

#include <stdio.h>
#include <string.h>

/* What a client may say of a message's flags; others are for the server to say. */
enum { FLAGS_TAKEN = MESSAGE_FLAG_SUPPRESS_EMBEDS | MESSAGE_FLAG_SUPPRESS_NOTIFICATIONS | MESSAGE_FLAG_VOICE };

/* A message that is about to be written. */
struct draft {
	const struct channel *channel;
	uint64_t bits;       /* of its author there */
	const char *content; /* "" when it has none */
	int64_t flags;
	int64_t scheduled_id;         /* one that was to be sent later and has files: they become its own; else 0 */
	int64_t thread_id, echoed_id; /* of the echo of what is said in a thread: that thread and message; else 0 */
	struct message_allowed allowed;
	struct message_reference reference;
	struct message_embeds embeds;
	struct message_mentions mentions;
	struct poll_draft poll;
};

_Static_assert((int)DRAFT_CONTENT_MAX == (int)MESSAGE_CONTENT_HARD_MAX, "what may be sent may be a draft");

enum err message_check_content(struct apply *apply, const char *content)
{
	int64_t most = config_int(apply->config, CONFIG_MESSAGE_MAX_CHARS);
	char message[64];
	if (utf8_count(content, strlen(content)) <= (size_t)most)
		return ERR_OK;
	(void)snprintf(message, sizeof(message), "Must be %lld or fewer in length.", (long long)most);
	field_errors_add(&apply->errors, "content", "BASE_TYPE_MAX_LENGTH", message);
	return ERR_INVALID_FORM;
}

/* A retry with a nonce that was used gets the message that the first try made; *is_repeat says so. */
static enum err answer_repeat(struct apply *apply, const struct message_create_input *in, const struct channel *channel,
			      struct jw *result, bool *is_repeat)
{
	struct sql_stmt *stmt;
	int64_t message_id = 0;
	bool is_deleted = false;
	*is_repeat = false;
	if (in->nonce == NULL)
		return ERR_OK;
	TRY(sql_start(apply->db, QUERY_MESSAGE_FIND_BY_NONCE,
		      SQL_ARGS(sql_id(in->channel_id), sql_id(apply->actor_id), sql_text(in->nonce)), &stmt));
	if (sql_step(stmt)) {
		message_id = sql_column_int(stmt, 0);
		is_deleted = sql_column_int(stmt, 1) != 0;
	}
	TRY(sql_finish(stmt));
	if (message_id == 0)
		return ERR_OK;
	*is_repeat = true;
	return is_deleted ? ERR_UNKNOWN_MESSAGE : message_result_to_json(apply, result, channel, message_id);
}

/* A forward is its copy and nothing else. */
static enum err check_forward(struct apply *apply, const struct message_create_input *in, struct draft *draft)
{
	if (draft->content[0] != '\0' || draft->embeds.count > 0 || in->poll != NULL ||
	    json_array_size(in->files) > 0) {
		field_errors_add(&apply->errors, "message_reference", "MESSAGE_FORWARD_CANNOT_HAVE_CONTENT",
				 "A forwarded message cannot have content of its own");
		return ERR_INVALID_FORM;
	}
	draft->flags &= ~(int64_t)MESSAGE_FLAG_VOICE;
	draft->flags |= draft->reference.source.flags & MESSAGE_FLAG_VOICE;
	return ERR_OK;
}

/* A voice message is a recording and nothing else. */
static enum err check_voice(const struct message_create_input *in, const struct draft *draft)
{
	if (!perm_has(draft->bits, PERM_SEND_VOICE_MESSAGES))
		return ERR_MISSING_PERMISSIONS;
	bool is_alone = draft->content[0] == '\0' && draft->embeds.count == 0 && in->poll == NULL;
	return is_alone && file_is_voice(in->files) ? ERR_OK : ERR_BAD_VOICE_MESSAGE;
}

static enum err check_draft(struct apply *apply, const struct message_create_input *in, struct draft *draft)
{
	bool has_files = json_array_size(in->files) > 0 || draft->scheduled_id != 0;
	if (draft->embeds.count > 0 && !perm_has(draft->bits, PERM_EMBED_LINKS))
		return ERR_MISSING_PERMISSIONS;
	if (has_files && !perm_has(draft->bits, PERM_ATTACH_FILES))
		return ERR_MISSING_PERMISSIONS;
	if (draft->reference.source.message_id != 0)
		return check_forward(apply, in, draft);
	if (draft->flags & MESSAGE_FLAG_VOICE)
		return check_voice(in, draft);
	if (draft->content[0] == '\0' && draft->embeds.count == 0 && !has_files && in->poll == NULL)
		return ERR_EMPTY_MESSAGE;
	return message_check_content(apply, draft->content);
}

static enum err settle_mentions(struct apply *apply, struct draft *draft)
{
	const struct message_source *source = &draft->reference.source;
	const struct message_mentioning mentioning = {
	    .channel = draft->channel,
	    .bits = draft->bits,
	    .content = source->message_id != 0 ? source->content : draft->content,
	    /* Who is mentioned in a thread is told there. */
	    .allowed = source->message_id != 0 || draft->thread_id != 0 ? NULL : &draft->allowed,
	    .replied_id = draft->reference.replied_author_id,
	};
	return message_mentions_settle(apply, &mentioning, &draft->mentions);
}

static enum err read_draft(struct apply *apply, const struct message_create_input *in, struct draft *draft)
{
	const struct message_referring referring = {
	    .channel = draft->channel, .bits = draft->bits, .given = in->message_reference, .reply_to = in->reply_to};
	draft->content = in->content != NULL ? in->content : "";
	TRY(emoji_text_settle(apply, draft->channel->guild_id, draft->bits, &draft->content));
	draft->flags = in->flags & FLAGS_TAKEN;
	TRY(message_embeds_read(apply, in->embeds, in->embed, &draft->embeds));
	TRY(message_allowed_read(apply, in->allowed_mentions, &draft->allowed));
	TRY(message_reference_read(apply, &referring, &draft->reference));
	if (in->poll != NULL)
		TRY(poll_draft_read(apply, in->poll, draft->channel->guild_id, draft->bits, &draft->poll));
	TRY(check_draft(apply, in, draft));
	return settle_mentions(apply, draft);
}

/* The rows beside the message's own. *parts are the bits that its row does not have yet; a poll sets its own. */
static enum err insert_parts(struct apply *apply, const struct message_create_input *in, const struct draft *draft,
			     int64_t id, int64_t *parts)
{
	int file_count = 0;
	TRY(message_mentions_insert(apply, draft->channel->id, id, apply->actor_id, &draft->mentions));
	if (draft->reference.source.message_id != 0)
		TRY(message_reference_copy(apply, draft->channel->id, id, &draft->reference.source, parts));
	if (in->poll != NULL)
		TRY(poll_insert(apply, id, &draft->poll));
	if (draft->echoed_id != 0)
		TRY(file_copy(apply, draft->echoed_id, draft->channel->id, id, &file_count));
	else if (json_array_size(in->files) > 0)
		TRY(file_attach(apply, draft->channel->id, id, in->files, &file_count));
	else if (draft->scheduled_id != 0)
		TRY(file_send_scheduled(apply, draft->scheduled_id, draft->channel->id, id, &file_count));
	if (file_count > 0)
		*parts |= MESSAGE_HAS_ATTACHMENTS;
	return message_embeds_insert(apply, id, &draft->embeds);
}

static enum err insert(struct apply *apply, const struct message_create_input *in, const struct draft *draft,
		       int64_t *message_id)
{
	int64_t id = id_next(apply->ids, apply->now_ms), reference_id = draft->reference.replied_id, more_parts = 0;
	int64_t parts = message_mentions_parts(&draft->mentions) | (draft->embeds.count > 0 ? MESSAGE_HAS_EMBEDS : 0);
	TRY(sql_run(apply->db, QUERY_MESSAGE_INSERT,
		    SQL_ARGS(sql_id(id), sql_id(draft->channel->id), sql_id(apply->actor_id),
			     sql_int(reference_id != 0 ? MESSAGE_TYPE_REPLY : MESSAGE_TYPE_DEFAULT),
			     sql_text(draft->content), sql_text(in->nonce), sql_int(draft->flags), sql_int(parts),
			     sql_id(reference_id), sql_id(draft->thread_id)),
		    NULL));
	*message_id = id;
	TRY(insert_parts(apply, in, draft, id, &more_parts));
	return more_parts == 0 ? ERR_OK
			       : sql_run(apply->db, QUERY_MESSAGE_SET_PARTS,
					 SQL_ARGS(sql_id(id), sql_int(more_parts), sql_int(more_parts)), NULL);
}

/* Writes and tells it; draft names the channel and the author's bits there. result may be NULL. */
static enum err post(struct apply *apply, const struct message_create_input *in, struct draft *draft, struct jw *result,
		     int64_t *message_id)
{
	const struct channel *channel = draft->channel;
	bool is_member;
	int64_t id;
	if (!perm_has(draft->bits, PERM_SEND_MESSAGES))
		return ERR_MISSING_PERMISSIONS;
	TRY(read_draft(apply, in, draft));
	TRY(channel_before_post(apply, channel, draft->bits));
	TRY(insert(apply, in, draft, &id));
	*message_id = id;
	TRY(read_message_added(apply, channel->id, id, apply->actor_id, &is_member));
	TRY(preview_ask(apply, id, draft->content, draft->flags, draft->bits));
	TRY(channel_join_by_post(apply, channel, is_member));
	TRY(message_announce(apply, "MESSAGE_CREATE", channel, id, result));
	return channel_is_thread(channel) ? thread_posted(apply, channel, id) : ERR_OK;
}

/* What is said in a public thread, once more for the readers of its channel: words, embeds and files, in a message that
 * leads to the thread (message_echo.h). */
static enum err post_echo(struct apply *apply, const struct message_create_input *in, const struct channel *thread,
			  int64_t message_id)
{
	struct message_create_input copy = *in;
	int64_t echo_id;
	struct draft *draft = arena_alloc(apply->arena, sizeof(*draft));
	struct channel parent;
	if (thread->type != CHANNEL_TYPE_PUBLIC_THREAD)
		return ERR_CHANNEL_TYPE;
	copy.channel_id = thread->parent_id;
	copy.nonce = NULL;
	copy.poll = copy.message_reference = NULL;
	copy.reply_to = 0;
	TRY(perm_open_channel(apply->db, apply->arena, copy.channel_id, apply->actor_id, &parent, &draft->bits));
	draft->channel = &parent;
	draft->thread_id = thread->id;
	draft->echoed_id = message_id;
	TRY(post(apply, &copy, draft, NULL, &echo_id));
	return message_echo_insert(apply, message_id, echo_id);
}

static enum err create(struct apply *apply, const struct message_create_input *in, int64_t scheduled_id,
		       struct jw *result)
{
	struct draft *draft = arena_alloc(apply->arena, sizeof(*draft));
	struct channel channel;
	int64_t message_id;
	bool is_repeat;
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &channel, &draft->bits));
	if (!perm_has(draft->bits, PERM_SEND_MESSAGES))
		return ERR_MISSING_PERMISSIONS;
	TRY(answer_repeat(apply, in, &channel, result, &is_repeat));
	if (is_repeat)
		return ERR_OK;
	draft->channel = &channel;
	draft->scheduled_id = scheduled_id;
	draft->thread_id = draft->echoed_id = 0;
	TRY(post(apply, in, draft, result, &message_id));
	TRY(draft_sent(apply, channel.id, in->draft_revision, in->draft_nonce));
	return in->also_in_channel ? post_echo(apply, in, &channel, message_id) : ERR_OK;
}

enum err message_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	return create(apply, input, 0, result);
}

enum err message_create_scheduled(struct apply *apply, const struct message_create_input *input, int64_t scheduled_id,
				  struct jw *result)
{
	return create(apply, input, scheduled_id, result);
}
