/* Overwrites as a client sends them: [{id, type, allow, deny}], and who may touch which. */
#include "domain/channel/channel_overwrites.h"

#include "domain/channel/channel_change.h"
#include "domain/channel/channel_rank.h"
#include "domain/member/member.h"

#include <stdlib.h>
#include <string.h>

/* A permission mask arrives as a decimal string or an integer; anything else counts as none of the bits being valid. */
static bool bits_from_json(const json_t *object, const char *key, uint64_t *bits)
{
	const json_t *value = json_object_get(object, key);
	*bits = 0;
	if (value == NULL || json_is_null(value))
		return true;
	if (json_is_integer(value)) {
		*bits = (uint64_t)json_integer_value(value);
		return json_integer_value(value) >= 0;
	}
	const char *text = json_string_value(value);
	int64_t number = 0;
	if (text == NULL || (strcmp(text, "0") != 0 && !id_parse(text, strlen(text), &number)))
		return false;
	*bits = (uint64_t)number;
	return true;
}

enum err channel_overwrite_check_target(struct apply *apply, int64_t guild_id, const struct perm_overwrite *overwrite)
{
	if (overwrite->target == PERM_TARGET_MEMBER) {
		struct member member;
		return member_find(apply->db, apply->arena, guild_id, overwrite->target_id, &member);
	}
	int64_t found;
	TRY(sql_find_int(apply->db, QUERY_ROLE_FIND_IN_GUILD, SQL_ARGS(sql_id(overwrite->target_id), sql_id(guild_id)),
			 &found));
	return found != 0 ? ERR_OK : ERR_UNKNOWN_ROLE;
}

static int compare(const void *a, const void *b)
{
	const struct perm_overwrite *x = a, *y = b;
	return (x->target_id > y->target_id) - (x->target_id < y->target_id);
}

static enum err refuse(struct apply *apply, const char *code, const char *message)
{
	field_errors_add(&apply->errors, "permission_overwrites", code, message);
	return ERR_INVALID_FORM;
}

static enum err decode_one(struct apply *apply, const json_t *item, struct perm_overwrite *out)
{
	out->target_id = json_id(item, "id");
	out->target = json_int(item, "type") == PERM_TARGET_MEMBER ? PERM_TARGET_MEMBER : PERM_TARGET_ROLE;
	if (!bits_from_json(item, "allow", &out->allow) || !bits_from_json(item, "deny", &out->deny))
		return refuse(apply, "BITFIELD_TYPE_CONVERT", "Not a permission mask.");
	if ((out->allow & out->deny) != 0)
		return refuse(apply, "OVERWRITE_OVERLAP", "The same bit cannot be allowed and denied.");
	return ERR_OK;
}

enum err channel_overwrites_decode(struct apply *apply, const json_t *list, struct perm_overwrite **out, size_t *count)
{
	*count = json_is_array(list) ? json_array_size(list) : 0;
	if (list != NULL && !json_is_null(list) && !json_is_array(list))
		return refuse(apply, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
	if (*count > CHANNEL_OVERWRITES_MAX)
		return refuse(apply, "BASE_TYPE_MAX_LENGTH", "Too many overwrites.");
	*out = arena_alloc(apply->arena, (*count + CHANNEL_OVERWRITES_SPARE) * sizeof(**out));
	for (size_t i = 0; i < *count; i++)
		TRY(decode_one(apply, json_array_get(list, i), &(*out)[i]));
	qsort(*out, *count, sizeof(**out), compare);
	for (size_t i = 1; i < *count; i++) {
		if ((*out)[i].target_id == (*out)[i - 1].target_id)
			return refuse(apply, "OVERWRITE_DUPLICATE", "The same role or member is named twice.");
	}
	return ERR_OK;
}

static uint64_t touched_bits(const struct channel_overwrite_change *change)
{
	static const struct perm_overwrite none;
	const struct perm_overwrite *before = change->before != NULL ? change->before : &none;
	const struct perm_overwrite *after = change->after != NULL ? change->after : &none;
	return (before->allow ^ after->allow) | (before->deny ^ after->deny);
}

bool channel_overwrite_is_same(const struct channel_overwrite_change *change)
{
	return (change->before != NULL) == (change->after != NULL) && touched_bits(change) == 0;
}

/* What is gone from the workspace stands above nobody. */
static enum err check_rank(struct apply *apply, const struct channel *channel, const struct perm_overwrite *target)
{
	struct perm_rank actor, role;
	if (target->target == PERM_TARGET_MEMBER) {
		enum err err =
		    channel_rank_require_above(apply->db, apply->arena, channel, apply->actor_id, target->target_id);
		return err == ERR_UNKNOWN_MEMBER ? ERR_OK : err;
	}
	if (target->target_id == channel->guild_id)
		return ERR_OK;
	TRY(perm_rank_of_member(apply->db, channel->guild_id, apply->actor_id, &actor));
	enum err err = perm_rank_of_role(apply->db, channel->guild_id, target->target_id, &role);
	if (err == ERR_UNKNOWN_ROLE)
		return ERR_OK;
	TRY(err);
	return perm_is_above(&actor, &role) ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

static enum err check_ban(struct apply *apply, const struct channel *channel,
			  const struct channel_overwrite_change *change)
{
	const struct perm_overwrite *target = change->before != NULL ? change->before : change->after;
	bool is_banned;
	TRY(channel_is_banned(apply, channel->id, target->target_id, &is_banned));
	bool stays_out = change->after != NULL && (change->after->deny & PERM_VIEW_CHANNEL) != 0;
	return is_banned && !stays_out ? ERR_CHANNEL_BANNED : ERR_OK;
}

enum err channel_overwrite_check(struct apply *apply, const struct channel *channel, uint64_t bits,
				 const struct channel_overwrite_change *change)
{
	if (channel_overwrite_is_same(change))
		return ERR_OK;
	if (!perm_has(bits, PERM_MANAGE_ROLES) || !perm_has(bits, touched_bits(change)))
		return ERR_MISSING_PERMISSIONS;
	if (change->after != NULL)
		TRY(channel_overwrite_check_target(apply, channel->guild_id, change->after));
	TRY(check_rank(apply, channel, change->before != NULL ? change->before : change->after));
	return check_ban(apply, channel, change);
}

static enum err audit_change(struct apply *apply, const struct channel *channel,
			     const struct channel_overwrite_change *change)
{
	const struct perm_overwrite *before = change->before, *after = change->after;
	const struct perm_overwrite *target = before != NULL ? before : after;
	struct audit_changes changes;
	enum audit_action action = before == NULL  ? AUDIT_OVERWRITE_CREATE
				   : after == NULL ? AUDIT_OVERWRITE_DELETE
						   : AUDIT_OVERWRITE_UPDATE;
	struct buf *options = buf_in_arena(apply->arena);
	struct jw jw;
	audit_changes_begin(apply, &changes);
	audit_changed_bits(&changes, "allow", before != NULL ? before->allow : 0, after != NULL ? after->allow : 0);
	audit_changed_bits(&changes, "deny", before != NULL ? before->deny : 0, after != NULL ? after->deny : 0);
	jw_init(&jw, options);
	jw_object(&jw, NULL);
	jw_id(&jw, "id", target->target_id);
	jw_text(&jw, "type", target->target == PERM_TARGET_MEMBER ? "1" : "0");
	jw_object_end(&jw);
	/* As Discord has it, the entry is about the channel and names whose overwrite it is. */
	return audit_append(apply, &(struct audit_entry){.guild_id = channel->guild_id,
							 .action = action,
							 .target_id = channel->id,
							 .changes = &changes,
							 .options = options->p});
}

enum err channel_overwrite_apply_change(struct apply *apply, struct channel *channel, uint64_t bits,
					const struct channel_overwrite_change *change)
{
	if (channel_overwrite_is_same(change))
		return ERR_OK;
	TRY(channel_overwrite_check(apply, channel, bits, change));
	TRY(audit_change(apply, channel, change));
	if (change->after == NULL)
		return channel_overwrite_remove(apply, channel, change->before->target_id);
	return channel_overwrite_set(apply, channel, change->after);
}
