/* Deleting a role. Members lose it with its row, and channels forget it in the same transaction. */
#include "domain/audit/audit.h"
#include "domain/channel/channel.h"
#include "domain/event/event.h"
#include "domain/perm.h"
#include "domain/role/role.h"
#include "domain/role/role_change.h"

static enum err announce(struct apply *apply, const struct role *role)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "guild_id", role->guild_id);
	jw_id(&jw, "role_id", role->id);
	jw_object_end(&jw);
	struct event event = {
	    .type = "GUILD_ROLE_DELETE", .guild_id = role->guild_id, .payload = payload->p, .payload_n = payload->n};
	return event_append(apply, &event);
}

enum err role_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct role_delete_input *in = input;
	struct audit_changes changes;
	struct role role;
	(void)result;
	TRY(perm_require_above_role(apply->db, apply->arena, in->guild_id, apply->actor_id, in->role_id,
				    PERM_MANAGE_ROLES));
	if (in->role_id == in->guild_id)
		return ERR_INVALID_ROLE;
	TRY(role_find(apply->db, apply->arena, in->guild_id, in->role_id, &role));
	TRY(sql_run(apply->db, QUERY_ROLE_DELETE, SQL_ARGS(sql_id(role.id)), NULL));
	TRY(announce(apply, &role));
	TRY(channel_role_gone(apply, role.guild_id, role.id));
	role_compare(apply, &role, NULL, &changes);
	return role_audit(apply, AUDIT_ROLE_DELETE, &role, &changes);
}
