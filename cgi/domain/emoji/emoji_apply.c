/* Changes of custom emoji. */
#include "domain/audit/audit.h"
#include "domain/emoji/emoji.h"
#include "domain/event/event.h"
#include "domain/perm.h"
#include "domain/picture/picture.h"

#include <string.h>

/* Discord's event for each change: all emoji that the workspace has now. */
static enum err announce(struct apply *apply, int64_t guild_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "guild_id", guild_id);
	TRY(emoji_list_to_json(apply->db, apply->arena, &jw, "emojis", guild_id, false));
	jw_object_end(&jw);
	struct event event = {
	    .type = "GUILD_EMOJIS_UPDATE", .guild_id = guild_id, .payload = payload->p, .payload_n = payload->n};
	return event_append(apply, &event);
}

static enum err audit(struct apply *apply, enum audit_action action, const struct emoji *emoji, const char *before,
		      const char *after)
{
	struct audit_changes changes;
	const struct audit_entry entry = {
	    .guild_id = emoji->guild_id, .action = action, .target_id = emoji->id, .changes = &changes};
	audit_changes_begin(apply, &changes);
	audit_changed_text(&changes, "name", before, after);
	return audit_append(apply, &entry);
}

/* is_own: what the actor added, or is about to. */
static enum err require(struct apply *apply, int64_t guild_id, bool is_own)
{
	uint64_t bits;
	TRY(perm_of_guild(apply->db, apply->arena, guild_id, apply->actor_id, &bits));
	if (perm_has(bits, PERM_MANAGE_EXPRESSIONS) || (is_own && perm_has(bits, PERM_CREATE_EXPRESSIONS)))
		return ERR_OK;
	return ERR_MISSING_PERMISSIONS;
}

static enum err check_name(struct apply *apply, int64_t guild_id, const char *name)
{
	struct emoji other;
	if (strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != strlen(name)) {
		field_errors_add(&apply->errors, "name", "STRING_TYPE_REGEX",
				 "Only letters a to z, digits and underscores.");
		return ERR_INVALID_FORM;
	}
	enum err err = emoji_find_by_name(apply->db, apply->arena, guild_id, name, &other);
	return err == ERR_UNKNOWN_EMOJI ? ERR_OK : err == ERR_OK ? ERR_EMOJI_NAME_TAKEN : err;
}

static enum err answer(struct apply *apply, const struct emoji *emoji, struct jw *result)
{
	return emoji_to_json(apply->db, apply->arena, result, "emoji", emoji, true);
}

enum err emoji_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct emoji_create_input *in = input;
	char hash[CONTENT_HASH_SIZE];
	int64_t count;
	TRY(require(apply, in->guild_id, true));
	TRY(check_name(apply, in->guild_id, in->name));
	TRY(sql_find_int(apply->db, QUERY_EMOJI_COUNT, SQL_ARGS(sql_id(in->guild_id)), &count));
	if (count >= EMOJIS_MAX)
		return ERR_TOO_MANY_EMOJIS;
	TRY(picture_put(apply, in->picture, hash));
	const struct emoji emoji = {
	    .id = id_next(apply->ids, apply->now_ms),
	    .guild_id = in->guild_id,
	    .user_id = apply->actor_id,
	    .name = in->name,
	    .picture = hash,
	};
	TRY(sql_run(apply->db, QUERY_EMOJI_INSERT,
		    SQL_ARGS(sql_id(emoji.id), sql_id(emoji.guild_id), sql_id(emoji.user_id), sql_text(emoji.name),
			     sql_text(emoji.picture), sql_int(emoji.is_animated)),
		    NULL));
	TRY(announce(apply, in->guild_id));
	TRY(audit(apply, AUDIT_EMOJI_CREATE, &emoji, NULL, emoji.name));
	return answer(apply, &emoji, result);
}

/* The emoji that an op is about, which has to be of the workspace that it names, once the actor may change it. */
static enum err open_emoji(struct apply *apply, int64_t guild_id, int64_t emoji_id, struct emoji *emoji)
{
	enum err err = emoji_find_by_id(apply->db, apply->arena, emoji_id, emoji);
	bool is_there = err == ERR_OK && emoji->guild_id == guild_id;
	if (err != ERR_OK && err != ERR_UNKNOWN_EMOJI)
		return err;
	TRY(require(apply, guild_id, is_there && emoji->user_id == apply->actor_id));
	return is_there ? ERR_OK : ERR_UNKNOWN_EMOJI;
}

enum err emoji_update_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct emoji_update_input *in = input;
	struct emoji emoji;
	TRY(open_emoji(apply, in->guild_id, in->emoji_id, &emoji));
	if (in->name == NULL || strcmp(in->name, emoji.name) == 0)
		return answer(apply, &emoji, result);
	TRY(check_name(apply, in->guild_id, in->name));
	TRY(sql_run(apply->db, QUERY_EMOJI_RENAME, SQL_ARGS(sql_id(emoji.id), sql_text(in->name)), NULL));
	TRY(announce(apply, in->guild_id));
	TRY(audit(apply, AUDIT_EMOJI_UPDATE, &emoji, emoji.name, in->name));
	emoji.name = in->name;
	return answer(apply, &emoji, result);
}

static enum err delete_row(struct apply *apply, const struct emoji *emoji)
{
	TRY(sql_run(apply->db, QUERY_EMOJI_DELETE, SQL_ARGS(sql_id(emoji->id)), NULL));
	return picture_release(apply, emoji->picture);
}

/* Reactions and texts that use it stay: its name stands in for it there. */
enum err emoji_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct emoji_delete_input *in = input;
	struct emoji emoji;
	(void)result;
	TRY(open_emoji(apply, in->guild_id, in->emoji_id, &emoji));
	TRY(delete_row(apply, &emoji));
	TRY(announce(apply, in->guild_id));
	return audit(apply, AUDIT_EMOJI_DELETE, &emoji, emoji.name, NULL);
}

enum err emoji_delete_all(struct apply *apply, int64_t guild_id)
{
	struct emoji *list;
	size_t count;
	TRY(emoji_list(apply->db, apply->arena, guild_id, &list, &count));
	for (size_t i = 0; i < count; i++)
		TRY(delete_row(apply, &list[i]));
	return ERR_OK;
}
