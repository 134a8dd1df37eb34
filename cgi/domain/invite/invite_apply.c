/* Changes of invites: making and revoking them. Coming in by one is in invite_accept.c. */
#include "crypto/secret.h"
#include "domain/audit/audit.h"
#include "domain/channel/channel.h"
#include "domain/event/event.h"
#include "domain/guild/guild.h"
#include "domain/invite/invite.h"
#include "domain/perm.h"
#include "domain/user/user.h"

/* Without the characters that people confuse when they read a code aloud. */
static const char code_alphabet[] = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789";

/* An invite to nowhere in particular leads to a channel that all may see, unless there is no such. */
static enum err choose_channel(struct apply *apply, int64_t guild_id, int64_t *channel_id)
{
	TRY(guild_first_common_channel(apply->db, apply->arena, guild_id, apply->actor_id, channel_id));
	if (*channel_id == 0)
		TRY(guild_first_channel(apply->db, apply->arena, guild_id, apply->actor_id, channel_id));
	return *channel_id != 0 ? ERR_OK : ERR_UNKNOWN_CHANNEL;
}

/* Finds the channel the invite leads to, and through it or by itself the workspace. Into a direct message or group
 * nobody is let by a link. */
static enum err resolve_target(struct apply *apply, const struct invite_create_input *in, struct channel *channel)
{
	int64_t channel_id = in->channel_id;
	if (channel_id == 0)
		TRY(choose_channel(apply, in->guild_id, &channel_id));
	TRY(perm_require_channel(apply->db, apply->arena, channel_id, apply->actor_id, PERM_CREATE_INVITE));
	TRY(channel_find(apply->db, apply->arena, channel_id, channel));
	if (channel_is_direct(channel))
		return ERR_MISSING_PERMISSIONS;
	if (channel_is_thread(channel))
		return ERR_CHANNEL_TYPE;
	return in->guild_id != 0 && in->guild_id != channel->guild_id ? ERR_UNKNOWN_CHANNEL : ERR_OK;
}

/* A workspace holds a number of live invites, of which nobody may take all but who manages it. */
static enum err check_room(struct apply *apply, int64_t guild_id)
{
	int64_t count, own;
	uint64_t bits;
	TRY(sql_run(apply->db, QUERY_INVITE_DELETE_DEAD, SQL_ARGS(sql_id(guild_id), sql_int(apply->now_ms)), NULL));
	TRY(sql_find_int(apply->db, QUERY_INVITE_COUNT, SQL_ARGS(sql_id(guild_id)), &count));
	TRY(sql_find_int(apply->db, QUERY_INVITE_COUNT_BY, SQL_ARGS(sql_id(guild_id), sql_id(apply->actor_id)), &own));
	TRY(perm_of_guild(apply->db, apply->arena, guild_id, apply->actor_id, &bits));
	bool is_bounded = !perm_has(bits, PERM_MANAGE_GUILD);
	return count >= INVITES_MAX || (is_bounded && own >= INVITES_OF_ONE_MAX) ? ERR_TOO_MANY : ERR_OK;
}

static enum err write_audit(struct apply *apply, enum audit_action action, const struct invite *invite)
{
	/* What there was before, and what there is now: nothing on one of the two sides. */
	const struct invite nothing = {0};
	bool is_new = action == AUDIT_INVITE_CREATE;
	const struct invite *before = is_new ? &nothing : invite, *after = is_new ? invite : &nothing;
	struct audit_changes changes;
	audit_changes_begin(apply, &changes);
	audit_changed_text(&changes, "code", before->code, after->code);
	audit_changed_id(&changes, "channel_id", before->channel_id, after->channel_id);
	audit_changed_id(&changes, "inviter_id", before->inviter_id, after->inviter_id);
	audit_changed_int(&changes, "max_uses", before->max_uses, after->max_uses);
	audit_changed_int(&changes, "uses", before->uses, after->uses);
	audit_changed_int(&changes, "max_age", before->max_age_s, after->max_age_s);
	audit_changed_flag(&changes, "temporary", before->is_temporary, after->is_temporary);
	return audit_append(apply, &(struct audit_entry){.guild_id = invite->guild_id,
							 .action = action,
							 .channel_id = invite->channel_id,
							 .changes = &changes});
}

/* Who hears of it, of those who see the channel, is narrowed by event_needs. */
static enum err append(struct apply *apply, const char *type, const struct invite *invite, const struct buf *payload)
{
	struct event event = {.type = type,
			      .guild_id = invite->guild_id,
			      .channel_id = invite->channel_id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
}

static enum err announce_create(struct apply *apply, const struct invite *invite)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct user inviter;
	struct jw jw;
	TRY(user_find(apply->db, apply->arena, invite->inviter_id, &inviter));
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_int(&jw, "type", 0);
	jw_text(&jw, "code", invite->code);
	jw_id(&jw, "guild_id", invite->guild_id);
	jw_id(&jw, "channel_id", invite->channel_id);
	user_to_json(&jw, "inviter", &inviter);
	jw_int(&jw, "uses", 0);
	jw_int(&jw, "max_uses", invite->max_uses);
	jw_int(&jw, "max_age", invite->max_age_s);
	jw_flag(&jw, "temporary", invite->is_temporary);
	jw_time(&jw, "created_at", invite->created_at_ms);
	jw_time(&jw, "expires_at", invite->expires_at_ms);
	jw_object_end(&jw);
	return append(apply, "INVITE_CREATE", invite, payload);
}

static enum err announce_delete(struct apply *apply, const struct invite *invite)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "guild_id", invite->guild_id);
	jw_id(&jw, "channel_id", invite->channel_id);
	jw_text(&jw, "code", invite->code);
	jw_object_end(&jw);
	return append(apply, "INVITE_DELETE", invite, payload);
}

/* The terms that were asked for. */
static struct invite terms(const struct apply *apply, const struct invite_create_input *in,
			   const struct channel *channel)
{
	bool has_age = field_is_given(invite_create_fields, &in->set, "max_age") &&
		       !field_is_nulled(invite_create_fields, &in->set, "max_age");
	struct invite invite = {
	    .guild_id = channel->guild_id,
	    .channel_id = channel->id,
	    .inviter_id = apply->actor_id,
	    .max_uses = in->max_uses,
	    .max_age_s = has_age ? in->max_age : INVITE_AGE_INITIAL_S,
	    .is_temporary = in->temporary,
	    .created_at_ms = apply->now_ms,
	};
	invite.expires_at_ms = invite.max_age_s == 0 ? 0 : apply->now_ms + invite.max_age_s * 1000;
	return invite;
}

/* The actor's newest live invite of the same terms; its code is NULL when there is none. */
static enum err find_similar(struct apply *apply, const struct invite *wanted, struct invite *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_INVITE_FIND_SIMILAR,
		      SQL_ARGS(sql_id(wanted->guild_id), sql_id(wanted->channel_id), sql_id(wanted->inviter_id),
			       sql_int(wanted->max_uses), sql_int(wanted->max_age_s), sql_int(wanted->is_temporary),
			       sql_int(apply->now_ms)),
		      &stmt));
	const char *code = sql_step(stmt) ? sql_column_text(stmt, 0, apply->arena) : NULL;
	TRY(sql_finish(stmt));
	*out = (struct invite){0};
	return code == NULL ? ERR_OK : invite_find(apply->db, apply->arena, code, apply->now_ms, out);
}

static enum err insert(struct apply *apply, const struct invite *invite)
{
	return sql_run(apply->db, QUERY_INVITE_INSERT,
		       SQL_ARGS(sql_text(invite->code), sql_id(invite->guild_id), sql_id(invite->channel_id),
				sql_id(invite->inviter_id), sql_int(invite->max_uses), sql_int(invite->max_age_s),
				sql_int(invite->is_temporary), sql_int(invite->created_at_ms),
				sql_id(invite->expires_at_ms)),
		       NULL);
}

enum err invite_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct invite_create_input *in = input;
	struct channel channel;
	TRY(resolve_target(apply, in, &channel));
	struct invite invite = terms(apply, in, &channel), similar;
	/* discord.py says unique: true of itself, and who says nothing means an invite of its own. */
	if (field_is_given(invite_create_fields, &in->set, "unique") &&
	    !field_is_nulled(invite_create_fields, &in->set, "unique") && !in->unique) {
		TRY(find_similar(apply, &invite, &similar));
		if (similar.code != NULL)
			return invite_to_json(apply->db, apply->arena, result, "invite", &similar);
	}
	TRY(check_room(apply, channel.guild_id));
	char code[INVITE_CODE_LENGTH + 1];
	secret_code(code, INVITE_CODE_LENGTH, code_alphabet);
	invite.code = code;
	TRY(insert(apply, &invite));
	TRY(write_audit(apply, AUDIT_INVITE_CREATE, &invite));
	TRY(announce_create(apply, &invite));
	return invite_to_json(apply->db, apply->arena, result, "invite", &invite);
}

/* ERR_MISSING_PERMISSIONS for strangers too: that there is such an invite is no secret to who knows its code. */
static enum err check_revoker(struct apply *apply, const struct invite *invite)
{
	uint64_t in_guild, in_channel;
	enum err err = perm_of_guild(apply->db, apply->arena, invite->guild_id, apply->actor_id, &in_guild);
	if (err == ERR_UNKNOWN_GUILD)
		return ERR_MISSING_PERMISSIONS;
	TRY(err);
	if (invite->inviter_id == apply->actor_id || perm_has(in_guild, PERM_MANAGE_GUILD))
		return ERR_OK;
	err = perm_of_channel(apply->db, apply->arena, invite->channel_id, apply->actor_id, &in_channel);
	if (err != ERR_OK && err != ERR_UNKNOWN_CHANNEL)
		return err;
	return err == ERR_OK && perm_has(in_channel, PERM_MANAGE_CHANNELS) ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

enum err invite_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct invite_delete_input *in = input;
	struct invite invite;
	enum err err = invite_find(apply->db, apply->arena, in->code, apply->now_ms, &invite);
	if (err != ERR_OK && err != ERR_INVITE_EXPIRED)
		return err;
	TRY(check_revoker(apply, &invite));
	TRY(sql_run(apply->db, QUERY_INVITE_DELETE, SQL_ARGS(sql_text(invite.code)), NULL));
	TRY(write_audit(apply, AUDIT_INVITE_DELETE, &invite));
	TRY(announce_delete(apply, &invite));
	return invite_preview_to_json(apply->db, apply->arena, result, "invite", &invite);
}
