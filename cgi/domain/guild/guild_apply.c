/* Changes of workspaces. Their end is in guild_delete.c. */
#include "base/utf8.h"
#include "domain/audit/audit.h"
#include "domain/channel/channel.h"
#include "domain/event/event.h"
#include "domain/guild/guild.h"
#include "domain/member/member.h"
#include "domain/perm.h"
#include "domain/picture/picture.h"
#include "domain/role/role.h"
#include "domain/user/user.h"

#include <string.h>

enum err guild_create(struct apply *apply, int64_t owner_id, const char *name, int64_t *guild_id, int64_t *channel_id)
{
	size_t chars = utf8_count(name, strlen(name));
	if (chars < GUILD_NAME_MIN || chars > GUILD_NAME_MAX) {
		field_errors_add(&apply->errors, "workspace", "BASE_TYPE_BAD_LENGTH",
				 "Must be between 2 and 100 in length.");
		return ERR_INVALID_FORM;
	}
	*guild_id = id_next(apply->ids, apply->now_ms);
	bool is_new;
	TRY(sql_run(apply->db, QUERY_GUILD_INSERT, SQL_ARGS(sql_id(*guild_id), sql_id(owner_id), sql_text(name)),
		    NULL));
	TRY(role_create_initial(apply, *guild_id));
	TRY(channel_create_general(apply, *guild_id, channel_id));
	return member_add(apply, *guild_id, owner_id, &is_new);
}

enum err guild_check_creator(struct apply *apply, int64_t user_id)
{
	struct user user;
	int64_t count;
	bool is_admin;
	TRY(user_find(apply->db, apply->arena, user_id, &user));
	if (user.is_bot)
		return ERR_BOT_FORBIDDEN;
	TRY(user_is_admin(apply->db, user_id, &is_admin));
	if (!is_admin && strcmp(config_text(apply->config, CONFIG_WORKSPACE_CREATION), "admins") == 0)
		return ERR_MISSING_PERMISSIONS;
	TRY(sql_find_int(apply->db, QUERY_GUILD_COUNT_OWNED, SQL_ARGS(sql_id(user_id)), &count));
	return count >= config_int(apply->config, CONFIG_WORKSPACES_OWNED_MAX) ? ERR_TOO_MANY_GUILDS : ERR_OK;
}

static enum err update(struct apply *apply, const struct guild *guild)
{
	return sql_run(apply->db, QUERY_GUILD_UPDATE,
		       SQL_ARGS(sql_id(guild->id), sql_id(guild->owner_id), sql_text(guild->name),
				sql_text(guild->icon), sql_text(guild->description)),
		       NULL);
}

static enum err announce(struct apply *apply, const struct guild *guild)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	TRY(guild_to_json(apply->db, apply->arena, &jw, NULL, guild));
	struct event event = {
	    .type = "GUILD_UPDATE", .guild_id = guild->id, .payload = payload->p, .payload_n = payload->n};
	return event_append(apply, &event);
}

/* Keeps the picture that came, if one did, and makes it the icon. */
static enum err set_icon(struct apply *apply, const char *picture, struct guild *guild)
{
	char hash[CONTENT_HASH_SIZE];
	if (picture == NULL || picture[0] == '\0')
		return ERR_OK;
	TRY(picture_put(apply, picture, hash));
	guild->icon = arena_strdup(apply->arena, hash);
	return ERR_OK;
}

enum err guild_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct guild_create_input *in = input;
	struct guild guild;
	int64_t guild_id, channel_id;
	TRY(guild_check_creator(apply, apply->actor_id));
	TRY(guild_create(apply, apply->actor_id, in->name, &guild_id, &channel_id));
	TRY(guild_find(apply->db, apply->arena, guild_id, &guild));
	TRY(set_icon(apply, in->picture, &guild));
	if (guild.icon != NULL) {
		TRY(update(apply, &guild));
		TRY(announce(apply, &guild));
	}
	TRY(guild_to_json(apply->db, apply->arena, result, "guild", &guild));
	jw_id(result, "guild_id", guild_id);
	jw_id(result, "channel_id", channel_id);
	return ERR_OK;
}

static enum err refuse_owner(struct apply *apply, const char *why)
{
	field_errors_add(&apply->errors, "owner_id", "GUILD_OWNER_INVALID", why);
	return ERR_INVALID_FORM;
}

/* A workspace is handed over by its owner alone, to a person who is in it and can answer for it. */
static enum err check_new_owner(struct apply *apply, const struct guild *guild, int64_t owner_id)
{
	struct member member;
	struct user user;
	if (apply->actor_id != guild->owner_id)
		return ERR_MISSING_PERMISSIONS;
	enum err err = member_find(apply->db, apply->arena, guild->id, owner_id, &member);
	if (err == ERR_UNKNOWN_MEMBER)
		return refuse_owner(apply, "Not a member of this workspace.");
	TRY(err);
	TRY(user_find(apply->db, apply->arena, owner_id, &user));
	if (user.is_bot || user.is_suspended)
		return refuse_owner(apply, "A bot or a suspended account cannot own a workspace.");
	return ERR_OK;
}

/* Takes over what was given; what is given as null is left alone, but description and icon, which then end. */
static enum err change(struct apply *apply, const struct guild_update_input *in, struct guild *guild)
{
	if (in->owner_id != 0 && in->owner_id != guild->owner_id) {
		TRY(check_new_owner(apply, guild, in->owner_id));
		guild->owner_id = in->owner_id;
	}
	if (in->name != NULL)
		guild->name = in->name;
	if (field_is_given(guild_update_fields, &in->set, "description"))
		guild->description = in->description != NULL && in->description[0] != '\0' ? in->description : NULL;
	if (field_is_given(guild_update_fields, &in->set, "picture"))
		guild->icon = NULL;
	return set_icon(apply, in->picture, guild);
}

static enum err write_audit(struct apply *apply, const struct guild *before, const struct guild *after, bool *differs)
{
	struct audit_changes changes;
	audit_changes_begin(apply, &changes);
	audit_changed_text(&changes, "name", before->name, after->name);
	audit_changed_text(&changes, "description", before->description, after->description);
	audit_changed_text(&changes, "icon_hash", before->icon, after->icon);
	audit_changed_id(&changes, "owner_id", before->owner_id, after->owner_id);
	*differs = changes.count > 0;
	if (!*differs)
		return ERR_OK;
	return audit_append(apply, &(struct audit_entry){.guild_id = after->id,
							 .action = AUDIT_GUILD_UPDATE,
							 .target_id = after->id,
							 .changes = &changes});
}

static enum err release_icon(struct apply *apply, const struct guild *before, const struct guild *after)
{
	if (before->icon == NULL || (after->icon != NULL && strcmp(before->icon, after->icon) == 0))
		return ERR_OK;
	return picture_release(apply, before->icon);
}

enum err guild_update_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct guild_update_input *in = input;
	struct guild before, after;
	bool differs;
	TRY(perm_require_guild(apply->db, apply->arena, in->guild_id, apply->actor_id, PERM_MANAGE_GUILD));
	TRY(guild_find(apply->db, apply->arena, in->guild_id, &before));
	after = before;
	TRY(change(apply, in, &after));
	TRY(write_audit(apply, &before, &after, &differs));
	if (differs) {
		TRY(update(apply, &after));
		TRY(announce(apply, &after));
		TRY(release_icon(apply, &before, &after));
	}
	return guild_to_json(apply->db, apply->arena, result, "guild", &after);
}

/* Whoever owns a workspace hands it over or deletes it first: one without an owner could not be managed for ever. */
enum err guild_leave_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct guild_leave_input *in = input;
	struct guild guild;
	uint64_t bits;
	(void)result;
	TRY(perm_of_guild(apply->db, apply->arena, in->guild_id, apply->actor_id, &bits));
	TRY(guild_find(apply->db, apply->arena, in->guild_id, &guild));
	if (guild.owner_id == apply->actor_id)
		return ERR_OWNER_STAYS;
	return member_remove(apply, in->guild_id, apply->actor_id);
}

enum err guild_hand_over(struct apply *apply, int64_t from_id, int64_t to_id, int64_t *count)
{
	*count = 0;
	for (int64_t guild_id = 0;;) {
		struct guild before, after;
		struct member member;
		bool differs;
		TRY(sql_find_int(apply->db, QUERY_GUILD_NEXT_OWNED, SQL_ARGS(sql_id(from_id), sql_int(guild_id)),
				 &guild_id));
		if (guild_id == 0)
			return ERR_OK;
		enum err err = member_find(apply->db, apply->arena, guild_id, to_id, &member);
		if (err == ERR_UNKNOWN_MEMBER)
			continue;
		TRY(err);
		TRY(guild_find(apply->db, apply->arena, guild_id, &before));
		after = before;
		after.owner_id = to_id;
		TRY(write_audit(apply, &before, &after, &differs));
		TRY(update(apply, &after));
		TRY(announce(apply, &after));
		++*count;
	}
}
