/* Changes of roles; their order is role_move.c. */
#include "domain/audit/audit.h"
#include "domain/event/event.h"
#include "domain/perm.h"
#include "domain/role/role.h"
#include "domain/role/role_change.h"

#include <string.h>

enum err role_create_initial(struct apply *apply, int64_t guild_id)
{
	static const struct {
		const char *name;
		uint64_t bits;
	} initial[] = {
	    {"@everyone", PERM_EVERYONE_INITIAL},
	    {"Member", 0},
	    {"Moderator", PERM_KICK_MEMBERS | PERM_BAN_MEMBERS | PERM_MODERATE_MEMBERS | PERM_MANAGE_MESSAGES |
			      PERM_MANAGE_NICKNAMES | PERM_MANAGE_THREADS | PERM_MENTION_EVERYONE |
			      PERM_VIEW_AUDIT_LOG},
	    {"Admin", PERM_ADMINISTRATOR},
	};
	for (size_t i = 0; i < sizeof(initial) / sizeof(initial[0]); i++) {
		struct role role = {
		    .id = i == 0 ? guild_id : id_next(apply->ids, apply->now_ms),
		    .guild_id = guild_id,
		    .name = initial[i].name,
		    .bits = initial[i].bits,
		    .position = (int64_t)i,
		};
		TRY(role_insert(apply, &role));
	}
	return ERR_OK;
}

enum err role_insert(struct apply *apply, const struct role *role)
{
	return sql_run(apply->db, QUERY_ROLE_INSERT,
		       SQL_ARGS(sql_id(role->id), sql_id(role->guild_id), sql_text(role->name),
				sql_int((int64_t)role->bits), sql_int(role->position), sql_int(role->color),
				sql_int(role->is_hoisted), sql_int(role->is_mentionable)),
		       NULL);
}

enum err role_announce(struct apply *apply, const char *type, const struct role *role)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "guild_id", role->guild_id);
	role_to_json(&jw, "role", role);
	jw_object_end(&jw);
	struct event event = {.type = type, .guild_id = role->guild_id, .payload = payload->p, .payload_n = payload->n};
	return event_append(apply, &event);
}

void role_compare(struct apply *apply, const struct role *before, const struct role *after,
		  struct audit_changes *changes)
{
	static const struct role nothing = {0};
	const struct role *old = before != NULL ? before : &nothing, *new = after != NULL ? after : &nothing;
	audit_changes_begin(apply, changes);
	audit_changed_text(changes, "name", old->name, new->name);
	audit_changed_bits(changes, "permissions", old->bits, new->bits);
	audit_changed_int(changes, "position", old->position, new->position);
	audit_changed_int(changes, "color", old->color, new->color);
	audit_changed_flag(changes, "hoist", old->is_hoisted, new->is_hoisted);
	audit_changed_flag(changes, "mentionable", old->is_mentionable, new->is_mentionable);
}

enum err role_audit(struct apply *apply, enum audit_action action, const struct role *role,
		    struct audit_changes *changes)
{
	const struct audit_entry entry = {
	    .guild_id = role->guild_id, .action = action, .target_id = role->id, .changes = changes};
	return audit_append(apply, &entry);
}

/* Nobody gives or takes what they lack themselves. */
static enum err check_bits(struct apply *apply, int64_t guild_id, uint64_t before, uint64_t after)
{
	uint64_t bits;
	TRY(perm_of_guild(apply->db, apply->arena, guild_id, apply->actor_id, &bits));
	return perm_has(bits, before ^ after) ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

static bool has_value(const struct field *fields, const struct field_set *set, const char *name)
{
	return field_is_given(fields, set, name) && !field_is_nulled(fields, set, name);
}

/* The colour may come as a number or as Discord's object of three, of which Snug has the first. */
static enum err read_color(struct apply *apply, const json_t *colors, int64_t *color)
{
	const json_t *primary = json_object_get(colors, "primary_color");
	if (primary == NULL || json_is_null(primary))
		return ERR_OK;
	int64_t value = json_integer_value(primary);
	if (!json_is_integer(primary) || value < 0 || value > ROLE_COLOR_MAX) {
		field_errors_add(&apply->errors, "colors", "NUMBER_TYPE_COERCE",
				 "The primary color must be between 0 and 16777215.");
		return ERR_INVALID_FORM;
	}
	*color = value;
	return ERR_OK;
}

/* Puts what was given into the role; null keeps what is there, as absence does. */
static enum err take(struct apply *apply, const struct role_values *values, const struct field *fields,
		     const struct field_set *set, struct role *role)
{
	if (has_value(fields, set, "name"))
		role->name = values->name;
	if (has_value(fields, set, "permissions"))
		role->bits = values->permissions & PERM_ALL;
	if (has_value(fields, set, "color"))
		role->color = values->color;
	if (has_value(fields, set, "colors"))
		TRY(read_color(apply, values->colors, &role->color));
	if (has_value(fields, set, "hoist"))
		role->is_hoisted = values->hoist;
	if (has_value(fields, set, "mentionable"))
		role->is_mentionable = values->mentionable;
	return ERR_OK;
}

enum err role_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct role_create_input *in = input;
	struct audit_changes changes;
	struct role everyone;
	int64_t count;
	TRY(perm_require_guild(apply->db, apply->arena, in->guild_id, apply->actor_id, PERM_MANAGE_ROLES));
	TRY(sql_find_int(apply->db, QUERY_ROLE_COUNT, SQL_ARGS(sql_id(in->guild_id)), &count));
	if (count >= ROLES_MAX)
		return ERR_TOO_MANY_ROLES;
	TRY(role_find(apply->db, apply->arena, in->guild_id, in->guild_id, &everyone));
	/* Of two in one position the older is higher: a new role stands below all others without moving them. */
	struct role role = {
	    .id = id_next(apply->ids, apply->now_ms),
	    .guild_id = in->guild_id,
	    .name = "new role",
	    .bits = everyone.bits,
	    .position = 1,
	};
	TRY(take(apply, &in->values, role_create_fields, &in->set, &role));
	TRY(check_bits(apply, in->guild_id, 0, role.bits));
	TRY(role_insert(apply, &role));
	TRY(role_announce(apply, "GUILD_ROLE_CREATE", &role));
	role_compare(apply, NULL, &role, &changes);
	TRY(role_audit(apply, AUDIT_ROLE_CREATE, &role, &changes));
	role_to_json(result, "role", &role);
	return ERR_OK;
}

static enum err save(struct apply *apply, const struct role *role, struct audit_changes *changes)
{
	TRY(sql_run(apply->db, QUERY_ROLE_UPDATE,
		    SQL_ARGS(sql_id(role->id), sql_text(role->name), sql_int((int64_t)role->bits), sql_int(role->color),
			     sql_int(role->is_hoisted), sql_int(role->is_mentionable)),
		    NULL));
	TRY(role_announce(apply, "GUILD_ROLE_UPDATE", role));
	return role_audit(apply, AUDIT_ROLE_UPDATE, role, changes);
}

enum err role_update_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct role_update_input *in = input;
	struct audit_changes changes;
	struct role before;
	TRY(perm_require_above_role(apply->db, apply->arena, in->guild_id, apply->actor_id, in->role_id,
				    PERM_MANAGE_ROLES));
	TRY(role_find(apply->db, apply->arena, in->guild_id, in->role_id, &before));
	struct role after = before;
	TRY(take(apply, &in->values, role_update_fields, &in->set, &after));
	if (after.id == after.guild_id && strcmp(before.name, after.name) != 0)
		return ERR_INVALID_ROLE;
	TRY(check_bits(apply, in->guild_id, before.bits, after.bits));
	role_compare(apply, &before, &after, &changes);
	if (changes.count > 0)
		TRY(save(apply, &after, &changes));
	role_to_json(result, "role", &after);
	return ERR_OK;
}
