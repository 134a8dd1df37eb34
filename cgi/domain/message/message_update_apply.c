/* Editing. What is not given stays; what a change leaves out of the text, such as a mention, is gone from then on. A
 * message that has an echo, and an echo, are edited together. */
#include "domain/emoji/emoji.h"
#include "domain/file/file.h"
#include "domain/message/message_change.h"
#include "domain/message/message_echo.h"
#include "domain/message/message_embeds.h"
#include "domain/message/message_json.h"
#include "domain/message/message_mentions.h"
#include "domain/perm.h"
#include "domain/preview/preview.h"
#include "domain/search/search.h"

#include <string.h>

/* The message as it is, and what becomes of it. */
struct edit {
	const struct message_update_input *in;
	const struct channel *channel;
	uint64_t bits;
	int64_t author_id, type, flags, parts, reference_id;
	bool is_echo;
	const char *content;
	/* From here on what it is to be. */
	const char *new_content;
	int64_t new_flags;
	struct message_embeds embeds;
	struct message_allowed allowed;
	bool has_new_embeds, has_new_files, are_files_changed;
	int64_t copied_id; /* of an echo: whose files it is to have; 0: those that it has */
};

static bool is_given(const struct edit *edit, const char *name)
{
	return field_is_given(message_update_fields, &edit->in->set, name);
}

static enum err read_row(struct apply *apply, struct edit *edit)
{
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_MESSAGE_FIND,
		      SQL_ARGS(sql_id(edit->in->message_id), sql_id(edit->in->channel_id)), &stmt));
	if (sql_step(stmt)) {
		edit->content = sql_column_text(stmt, MESSAGE_COLUMN_CONTENT, apply->arena);
		edit->author_id = sql_column_int(stmt, MESSAGE_COLUMN_AUTHOR);
		edit->type = sql_column_int(stmt, MESSAGE_COLUMN_TYPE);
		edit->flags = sql_column_int(stmt, MESSAGE_COLUMN_FLAGS);
		edit->parts = sql_column_int(stmt, MESSAGE_COLUMN_PARTS);
		edit->reference_id = sql_column_int(stmt, MESSAGE_COLUMN_REFERENCE);
	}
	TRY(sql_finish(stmt));
	return edit->content != NULL ? ERR_OK : ERR_UNKNOWN_MESSAGE;
}

/* Whether more than the flags is to change: those moderators may set too. */
static bool is_more_than_flags(const struct edit *edit)
{
	return is_given(edit, "content") || is_given(edit, "embeds") || is_given(edit, "embed") ||
	       edit->in->attachments != NULL || json_array_size(edit->in->files) > 0;
}

static enum err check_permission(struct apply *apply, const struct edit *edit)
{
	bool is_system = edit->type != MESSAGE_TYPE_DEFAULT && edit->type != MESSAGE_TYPE_REPLY;
	bool may_moderate = perm_has(edit->bits, PERM_MANAGE_MESSAGES | PERM_READ_HISTORY);
	if (edit->author_id != apply->actor_id &&
	    (is_more_than_flags(edit) || !is_given(edit, "flags") || !may_moderate))
		return ERR_NOT_AUTHOR;
	if (is_system || ((edit->parts & MESSAGE_HAS_SNAPSHOT) && is_more_than_flags(edit)))
		return ERR_SYSTEM_MESSAGE;
	if ((edit->flags & MESSAGE_FLAG_VOICE) && is_more_than_flags(edit))
		return ERR_VOICE_MESSAGE_EDIT;
	if (edit->channel->archived_at_ms != 0)
		return ERR_ARCHIVED;
	/* An edit reaches others as a message does: who was silenced does not speak by it. */
	if (!perm_has(edit->bits, PERM_SEND_MESSAGES))
		return ERR_MISSING_PERMISSIONS;
	return channel_is_direct(edit->channel) ? channel_before_post(apply, edit->channel, PERM_DIRECT) : ERR_OK;
}

static enum err read_change(struct apply *apply, struct edit *edit)
{
	const struct message_update_input *in = edit->in;
	edit->new_content = is_given(edit, "content") ? (in->content != NULL ? in->content : "") : edit->content;
	if (is_given(edit, "content"))
		TRY(emoji_text_settle(apply, edit->channel->guild_id, edit->bits, &edit->new_content));
	edit->new_flags = edit->flags;
	if (is_given(edit, "flags"))
		edit->new_flags =
		    (edit->flags & ~(int64_t)MESSAGE_FLAG_SUPPRESS_EMBEDS) | (in->flags & MESSAGE_FLAG_SUPPRESS_EMBEDS);
	edit->has_new_embeds = is_given(edit, "embeds") || is_given(edit, "embed");
	TRY(message_embeds_read(apply, in->embeds, in->embed, &edit->embeds));
	TRY(message_allowed_read(apply, in->allowed_mentions, &edit->allowed));
	edit->has_new_files = json_array_size(in->files) > 0;
	if (edit->embeds.count > 0 && !perm_has(edit->bits, PERM_EMBED_LINKS))
		return ERR_MISSING_PERMISSIONS;
	if (edit->has_new_files && !perm_has(edit->bits, PERM_ATTACH_FILES))
		return ERR_MISSING_PERMISSIONS;
	return message_check_content(apply, edit->new_content);
}

/* Sets the bit of what there is now. */
static void put_part(struct edit *edit, enum message_part part, bool is_there)
{
	edit->parts = is_there ? edit->parts | part : edit->parts & ~(int64_t)part;
}

static enum err copy_files(struct apply *apply, struct edit *edit)
{
	int64_t message_id = edit->in->message_id;
	int count;
	TRY(file_message_gone(apply, message_id));
	TRY(file_copy(apply, edit->copied_id, edit->channel->id, message_id, &count));
	put_part(edit, MESSAGE_HAS_ATTACHMENTS, count > 0);
	edit->are_files_changed = true;
	return ERR_OK;
}

static enum err change_files(struct apply *apply, struct edit *edit)
{
	int64_t message_id = edit->in->message_id;
	int kept = 0, added = 0;
	edit->are_files_changed = false;
	if (edit->copied_id != 0)
		return copy_files(apply, edit);
	if (edit->in->attachments == NULL && !edit->has_new_files)
		return ERR_OK;
	TRY(file_keep(apply, message_id, edit->in->attachments, &kept, &edit->are_files_changed));
	if (edit->has_new_files)
		TRY(file_attach(apply, edit->channel->id, message_id, edit->in->files, &added));
	edit->are_files_changed |= added > 0;
	put_part(edit, MESSAGE_HAS_ATTACHMENTS, kept + added > 0);
	return ERR_OK;
}

/* Those that its author gave it; previews of links stay as long as the text does. */
static enum err change_embeds(struct apply *apply, struct edit *edit, bool is_text_changed, bool *is_changed)
{
	int64_t message_id = edit->in->message_id, left;
	struct sql_arg message = sql_id(message_id);
	*is_changed = false;
	if (is_text_changed && (edit->parts & MESSAGE_HAS_EMBEDS))
		TRY(sql_run(apply->db, QUERY_MESSAGE_DELETE_PREVIEWS, SQL_ARGS(message), NULL));
	if (edit->has_new_embeds)
		TRY(message_embeds_replace(apply, message_id, &edit->embeds, is_changed));
	if (!is_text_changed && !*is_changed)
		return ERR_OK;
	TRY(sql_find_int(apply->db, QUERY_MESSAGE_HAS_EMBEDS, SQL_ARGS(message), &left));
	put_part(edit, MESSAGE_HAS_EMBEDS, left != 0);
	return ERR_OK;
}

/* Whose message it answers, if that mentioned them: an edit neither adds nor takes that away by itself. */
static enum err find_replied(struct apply *apply, const struct edit *edit, struct message_allowed *allowed,
			     int64_t *author_id)
{
	int64_t is_mentioned;
	*author_id = 0;
	if (edit->reference_id == 0)
		return ERR_OK;
	TRY(sql_find_int(apply->db, QUERY_MESSAGE_AUTHOR,
			 SQL_ARGS(sql_id(edit->reference_id), sql_id(edit->channel->id)), author_id));
	TRY(sql_find_int(apply->db, QUERY_MESSAGE_MENTIONS_PERSON,
			 SQL_ARGS(sql_id(*author_id), sql_id(edit->channel->id), sql_id(edit->in->message_id)),
			 &is_mentioned));
	if (edit->in->allowed_mentions == NULL || json_object_get(edit->in->allowed_mentions, "replied_user") == NULL)
		allowed->replied_user = is_mentioned != 0;
	return ERR_OK;
}

static enum err change_mentions(struct apply *apply, struct edit *edit)
{
	struct message_mentions *mentions = arena_alloc(apply->arena, sizeof(*mentions));
	struct message_mentioning mentioning = {
	    .channel = edit->channel, .bits = edit->bits, .content = edit->new_content, .allowed = &edit->allowed};
	struct sql_arg message = sql_id(edit->in->message_id);
	TRY(find_replied(apply, edit, &edit->allowed, &mentioning.replied_id));
	if (edit->is_echo) /* who is mentioned is told in the thread */
		mentioning.allowed = NULL;
	TRY(message_mentions_settle(apply, &mentioning, mentions));
	if (edit->parts & MESSAGE_HAS_MENTIONS)
		TRY(sql_run(apply->db, QUERY_MESSAGE_DELETE_MENTIONS, SQL_ARGS(message), NULL));
	if (edit->parts & MESSAGE_HAS_NAMES)
		TRY(sql_run(apply->db, QUERY_MESSAGE_DELETE_NAMES, SQL_ARGS(message), NULL));
	TRY(message_mentions_insert(apply, edit->channel->id, edit->in->message_id, edit->author_id, mentions));
	put_part(edit, MESSAGE_HAS_MENTIONS, mentions->mentioned_count > 0);
	put_part(edit, MESSAGE_HAS_NAMES, mentions->named_count > 0);
	return ERR_OK;
}

/* Of what it said before as many versions are kept as are shown. */
static enum err keep_version(struct apply *apply, const struct edit *edit)
{
	struct sql_arg message = sql_id(edit->in->message_id);
	TRY(sql_run(apply->db, QUERY_MESSAGE_INSERT_VERSION,
		    SQL_ARGS(message, sql_int(apply->now_ms), sql_text(edit->content)), NULL));
	return sql_run(apply->db, QUERY_MESSAGE_PRUNE_VERSIONS, SQL_ARGS(message, sql_int(MESSAGE_VERSIONS_MAX)), NULL);
}

/* *is_changed when there is something to tell. */
static enum err change(struct apply *apply, struct edit *edit, bool *is_changed)
{
	bool is_text_changed = strcmp(edit->content, edit->new_content) != 0, are_embeds_changed;
	if (is_text_changed) {
		TRY(keep_version(apply, edit));
		TRY(change_mentions(apply, edit));
	}
	TRY(change_files(apply, edit));
	TRY(change_embeds(apply, edit, is_text_changed, &are_embeds_changed));
	bool is_edited = is_text_changed || are_embeds_changed || edit->are_files_changed;
	*is_changed = is_edited || edit->new_flags != edit->flags;
	if (edit->new_content[0] == '\0' &&
	    !(edit->parts & (MESSAGE_HAS_EMBEDS | MESSAGE_HAS_ATTACHMENTS | MESSAGE_HAS_POLL | MESSAGE_HAS_SNAPSHOT)))
		return ERR_EMPTY_MESSAGE;
	if (!*is_changed)
		return ERR_OK;
	return sql_run(apply->db, QUERY_MESSAGE_UPDATE,
		       SQL_ARGS(sql_id(edit->in->message_id), sql_text(edit->new_content),
				sql_id(is_edited ? apply->now_ms : 0), sql_int(edit->new_flags), sql_int(edit->parts)),
		       NULL);
}

/* What may be refused is, before anything is written. */
static enum err prepare(struct apply *apply, struct edit *edit)
{
	TRY(read_row(apply, edit));
	TRY(check_permission(apply, edit));
	return read_change(apply, edit);
}

/* result may be NULL. */
static enum err carry_out(struct apply *apply, struct edit *edit, struct jw *result)
{
	int64_t message_id = edit->in->message_id;
	bool is_changed;
	/* What the index holds of it can be taken out only while the text stands. */
	TRY(search_leave(apply, message_id));
	TRY(change(apply, edit, &is_changed));
	if (is_changed) {
		TRY(preview_ask(apply, message_id, edit->new_content, edit->new_flags, edit->bits));
		return message_announce(apply, "MESSAGE_UPDATE", edit->channel, message_id, result);
	}
	TRY(search_renew(apply, message_id));
	return result != NULL ? message_result_to_json(apply, result, edit->channel, message_id) : ERR_OK;
}

/* The same words and embeds for the other one of a message and its echo. */
struct other {
	struct message_update_input input;
	struct channel channel;
	struct edit edit;
};

/* *out is NULL where there is no other one, or nothing that it has too is to change. Whoever may not write there cannot
 * edit it here: else the two would differ from then on. */
static enum err prepare_other(struct apply *apply, struct edit *edit, struct other **out)
{
	struct message_echo found;
	*out = NULL;
	if (!(edit->parts & MESSAGE_HAS_ECHO) || !is_more_than_flags(edit))
		return ERR_OK;
	TRY(message_echo_find(apply, edit->in->message_id, &found));
	if (found.message_id == 0)
		return ERR_OK;
	struct other *other = arena_alloc(apply->arena, sizeof(*other));
	other->input = *edit->in;
	other->input.channel_id = found.channel_id;
	other->input.message_id = found.message_id;
	other->input.attachments = other->input.files = NULL;
	other->edit = (struct edit){.in = &other->input, .channel = &other->channel, .is_echo = found.is_echo};
	edit->is_echo = !found.is_echo;
	TRY(perm_open_channel(apply->db, apply->arena, found.channel_id, apply->actor_id, &other->channel,
			      &other->edit.bits));
	TRY(prepare(apply, &other->edit));
	other->edit.new_flags = other->edit.flags;
	*out = other;
	return ERR_OK;
}

/* Of a message that is left with its poll alone, nothing is left to be echoed. */
static enum err carry_out_other(struct apply *apply, const struct edit *edit, struct other *other)
{
	if (edit->are_files_changed && other->edit.is_echo)
		other->edit.copied_id = edit->in->message_id;
	enum err err = carry_out(apply, &other->edit, NULL);
	if (err != ERR_EMPTY_MESSAGE || !other->edit.is_echo)
		return err;
	return message_take_away(apply, &other->channel, other->input.message_id, other->edit.parts);
}

enum err message_update_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct message_update_input *in = input;
	struct channel channel;
	struct edit edit = {.in = in, .channel = &channel};
	struct other *other;
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &channel, &edit.bits));
	TRY(prepare(apply, &edit));
	TRY(prepare_other(apply, &edit, &other));
	TRY(carry_out(apply, &edit, result));
	return other != NULL ? carry_out_other(apply, &edit, other) : ERR_OK;
}
