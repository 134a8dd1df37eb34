/* Banning and lifting bans. */
#include "domain/audit/audit.h"
#include "domain/ban/ban.h"
#include "domain/event/event.h"
#include "domain/member/member.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/user/user.h"

static enum err announce(struct apply *apply, const char *type, int64_t guild_id, int64_t user_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct user user;
	struct jw jw;
	TRY(user_find(apply->db, apply->arena, user_id, &user));
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "guild_id", guild_id);
	user_to_json(&jw, "user", &user);
	jw_object_end(&jw);
	struct event event = {.type = type, .guild_id = guild_id, .payload = payload->p, .payload_n = payload->n};
	return event_append(apply, &event);
}

/* A member must stand below; whoever is none can be kept out by anybody who may ban. */
static enum err check(struct apply *apply, const struct ban_create_input *in, bool *is_member)
{
	struct member member;
	struct user user;
	TRY(perm_require_guild(apply->db, apply->arena, in->guild_id, apply->actor_id, PERM_BAN_MEMBERS));
	enum err err = member_find(apply->db, apply->arena, in->guild_id, in->user_id, &member);
	*is_member = err == ERR_OK;
	if (err == ERR_UNKNOWN_MEMBER)
		return user_find(apply->db, apply->arena, in->user_id, &user);
	TRY(err);
	return perm_require_above_member(apply->db, apply->arena, in->guild_id, apply->actor_id, in->user_id,
					 PERM_BAN_MEMBERS);
}

static enum err ban(struct apply *apply, const struct ban_create_input *in, bool is_member)
{
	const struct audit_entry entry = {.guild_id = in->guild_id, .action = AUDIT_BAN_ADD, .target_id = in->user_id};
	int changes;
	TRY(sql_run(apply->db, QUERY_BAN_INSERT,
		    SQL_ARGS(sql_id(in->guild_id), sql_id(in->user_id), sql_id(apply->actor_id),
			     sql_text(apply->reason), sql_int(apply->now_ms)),
		    &changes));
	if (changes == 0)
		return ERR_OK;
	TRY(announce(apply, "GUILD_BAN_ADD", in->guild_id, in->user_id));
	if (is_member)
		TRY(member_remove(apply, in->guild_id, in->user_id));
	return audit_append(apply, &entry);
}

enum err ban_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct ban_create_input *in = input;
	int64_t seconds = in->delete_message_seconds;
	bool is_member;
	(void)result;
	TRY(check(apply, in, &is_member));
	TRY(ban(apply, in, is_member));
	if (!field_is_given(ban_create_fields, &in->set, "delete_message_seconds"))
		seconds = in->delete_message_days * 24 * 3600;
	if (seconds == 0)
		return ERR_OK;
	return message_remove_recent(apply, in->guild_id, in->user_id, apply->now_ms - seconds * 1000);
}

enum err ban_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct ban_delete_input *in = input;
	const struct audit_entry entry = {
	    .guild_id = in->guild_id, .action = AUDIT_BAN_REMOVE, .target_id = in->user_id};
	int changes;
	(void)result;
	TRY(perm_require_guild(apply->db, apply->arena, in->guild_id, apply->actor_id, PERM_BAN_MEMBERS));
	TRY(sql_run(apply->db, QUERY_BAN_DELETE, SQL_ARGS(sql_id(in->guild_id), sql_id(in->user_id)), &changes));
	if (changes == 0)
		return ERR_UNKNOWN_BAN;
	TRY(announce(apply, "GUILD_BAN_REMOVE", in->guild_id, in->user_id));
	return audit_append(apply, &entry);
}
