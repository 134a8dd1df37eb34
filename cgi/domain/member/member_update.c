/* Changes of a member that stays: nickname, time-out, and by member_role.c their roles. One op is one event. */
#include "base/clock.h"
#include "domain/audit/audit.h"
#include "domain/event/event.h"
#include "domain/member/member.h"
#include "domain/member/member_change.h"
#include "domain/perm.h"

enum err member_require_above_or_self(struct apply *apply, const struct member *member, uint64_t needed)
{
	if (member->user_id == apply->actor_id)
		return perm_require_guild(apply->db, apply->arena, member->guild_id, apply->actor_id, needed);
	return perm_require_above_member(apply->db, apply->arena, member->guild_id, apply->actor_id, member->user_id,
					 needed);
}

/* One's own nickname needs CHANGE_NICKNAME; who manages those of others manages their own too. */
static enum err check_nickname(struct apply *apply, const struct member *member)
{
	uint64_t bits;
	if (member->user_id != apply->actor_id)
		return member_require_above_or_self(apply, member, PERM_MANAGE_NICKNAMES);
	TRY(perm_of_guild(apply->db, apply->arena, member->guild_id, apply->actor_id, &bits));
	return (bits & (PERM_CHANGE_NICKNAME | PERM_MANAGE_NICKNAMES)) != 0 ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

static enum err take_nickname(struct apply *apply, const char *nick, struct member *member)
{
	TRY(check_nickname(apply, member));
	member->nickname = nick != NULL && nick[0] != '\0' ? nick : NULL;
	return ERR_OK;
}

static enum err refuse_timeout(struct apply *apply, const char *message)
{
	field_errors_add(&apply->errors, "communication_disabled_until", "TIMESTAMP_INVALID", message);
	return ERR_INVALID_FORM;
}

/* Administrators are not held by a time-out, so they are not given one. */
static enum err check_timeout(struct apply *apply, const struct member *member)
{
	uint64_t bits;
	TRY(perm_require_above_member(apply->db, apply->arena, member->guild_id, apply->actor_id, member->user_id,
				      PERM_MODERATE_MEMBERS));
	TRY(perm_of_guild(apply->db, apply->arena, member->guild_id, member->user_id, &bits));
	return perm_has(bits, PERM_ADMINISTRATOR) ? ERR_MISSING_PERMISSIONS : ERR_OK;
}

static enum err take_timeout(struct apply *apply, const char *until, struct member *member)
{
	int64_t at_ms = 0;
	TRY(check_timeout(apply, member));
	if (until != NULL && until[0] != '\0' && !clock_parse_iso8601(until, &at_ms))
		return refuse_timeout(apply, "Not a time in ISO 8601.");
	if (at_ms > apply->now_ms + MEMBER_TIMEOUT_MAX_MS)
		return refuse_timeout(apply, "A time-out lasts 28 days at most.");
	member->timeout_until_ms = at_ms > apply->now_ms ? at_ms : 0;
	return ERR_OK;
}

static const char *time_text(struct arena *arena, int64_t at_ms)
{
	char *text = arena_alloc(arena, CLOCK_ISO8601_SIZE);
	clock_iso8601(at_ms, text);
	return at_ms != 0 ? text : NULL;
}

/* Writes what differs, with the audit log's line. */
static enum err save(struct apply *apply, const struct member *before, const struct member *after, bool *is_changed)
{
	struct audit_changes changes;
	const struct audit_entry entry = {.guild_id = after->guild_id,
					  .action = AUDIT_MEMBER_UPDATE,
					  .target_id = after->user_id,
					  .changes = &changes};
	audit_changes_begin(apply, &changes);
	audit_changed_text(&changes, "nick", before->nickname, after->nickname);
	audit_changed_text(&changes, "communication_disabled_until", time_text(apply->arena, before->timeout_until_ms),
			   time_text(apply->arena, after->timeout_until_ms));
	*is_changed = changes.count > 0;
	if (!*is_changed)
		return ERR_OK;
	TRY(sql_run(apply->db, QUERY_MEMBER_UPDATE,
		    SQL_ARGS(sql_id(after->guild_id), sql_id(after->user_id), sql_text(after->nickname),
			     sql_id(after->timeout_until_ms)),
		    NULL));
	return audit_append(apply, &entry);
}

static enum err reply(struct apply *apply, const struct member *member, bool is_changed, struct jw *result)
{
	if (is_changed)
		TRY(member_announce(apply, "GUILD_MEMBER_UPDATE", member));
	return member_to_json(apply->db, apply->arena, result, "member", member);
}

enum err member_update_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct member_update_input *in = input;
	struct member before;
	bool is_changed, has_other_roles = false;
	TRY(perm_require_guild(apply->db, apply->arena, in->guild_id, apply->actor_id, 0));
	TRY(member_find(apply->db, apply->arena, in->guild_id, in->user_id, &before));
	struct member after = before;
	if (field_is_given(member_update_fields, &in->set, "nick"))
		TRY(take_nickname(apply, in->nick, &after));
	if (field_is_given(member_update_fields, &in->set, "communication_disabled_until"))
		TRY(take_timeout(apply, in->communication_disabled_until, &after));
	if (field_is_given(member_update_fields, &in->set, "roles"))
		TRY(member_roles_set(apply, &after, in->roles, &has_other_roles));
	TRY(save(apply, &before, &after, &is_changed));
	return reply(apply, &after, is_changed || has_other_roles, result);
}

enum err member_nickname_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct member_nickname_input *in = input;
	struct member before;
	bool is_changed = false;
	TRY(perm_require_guild(apply->db, apply->arena, in->guild_id, apply->actor_id, 0));
	TRY(member_find(apply->db, apply->arena, in->guild_id, apply->actor_id, &before));
	struct member after = before;
	if (field_is_given(member_nickname_fields, &in->set, "nick")) {
		TRY(take_nickname(apply, in->nick, &after));
		TRY(save(apply, &before, &after, &is_changed));
	}
	return reply(apply, &after, is_changed, result);
}

/* Kicked is whoever stands below; nobody kicks themselves, for that there is leaving. */
enum err member_kick_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct member_kick_input *in = input;
	const struct audit_entry entry = {
	    .guild_id = in->guild_id, .action = AUDIT_MEMBER_KICK, .target_id = in->user_id};
	(void)result;
	TRY(perm_require_above_member(apply->db, apply->arena, in->guild_id, apply->actor_id, in->user_id,
				      PERM_KICK_MEMBERS));
	TRY(member_remove(apply, in->guild_id, in->user_id));
	return audit_append(apply, &entry);
}
