/* Coming into a workspace by an invite: on registration, or with an account that is there. */
#include "domain/channel/channel.h"
#include "domain/guild/guild.h"
#include "domain/invite/invite.h"
#include "domain/member/member.h"
#include "domain/perm.h"
#include "domain/user/user.h"

static enum err check_newcomer(struct apply *apply, int64_t guild_id, int64_t user_id)
{
	struct user user;
	int64_t is_banned;
	TRY(user_find(apply->db, apply->arena, user_id, &user));
	if (user.is_bot)
		return ERR_BOT_FORBIDDEN;
	TRY(sql_find_int(apply->db, QUERY_INVITE_IS_BANNED, SQL_ARGS(sql_id(guild_id), sql_id(user_id)), &is_banned));
	return is_banned != 0 ? ERR_BANNED : ERR_OK;
}

enum err invite_use(struct apply *apply, const char *code, int64_t user_id, struct invite *out, bool *is_new)
{
	struct member member;
	int changes;
	*is_new = false;
	enum err err = invite_find(apply->db, apply->arena, code, apply->now_ms, out);
	if (err != ERR_OK && err != ERR_INVITE_EXPIRED)
		return err;
	/* Who is in already needs no use of it, be it that they took the last one and did not get the reply. */
	enum err found = member_find(apply->db, apply->arena, out->guild_id, user_id, &member);
	if (found != ERR_UNKNOWN_MEMBER)
		return found;
	TRY(err);
	TRY(check_newcomer(apply, out->guild_id, user_id));
	TRY(member_add(apply, out->guild_id, user_id, is_new));
	if (out->is_temporary)
		TRY(sql_run(apply->db, QUERY_MEMBER_SET_TEMPORARY,
			    SQL_ARGS(sql_id(out->guild_id), sql_id(user_id), sql_int(true)), NULL));
	TRY(sql_run(apply->db, QUERY_INVITE_USE, SQL_ARGS(sql_text(code)), &changes));
	out->uses++;
	return changes > 0 ? ERR_OK : ERR_INVITE_EXPIRED;
}

enum err invite_arrive(struct apply *apply, const struct invite *invite, int64_t user_id, int64_t *channel_id)
{
	struct channel channel;
	uint64_t bits;
	enum err err = perm_of_channel(apply->db, apply->arena, invite->channel_id, user_id, &bits);
	if (err == ERR_OK)
		err = channel_find(apply->db, apply->arena, invite->channel_id, &channel);
	if (err != ERR_OK && err != ERR_UNKNOWN_CHANNEL)
		return err;
	*channel_id = invite->channel_id;
	if (err == ERR_OK && channel.type == CHANNEL_TYPE_TEXT)
		return ERR_OK;
	return guild_first_channel(apply->db, apply->arena, invite->guild_id, user_id, channel_id);
}

enum err invite_accept_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct invite_accept_input *in = input;
	struct invite invite;
	int64_t channel_id;
	bool is_new;
	TRY(invite_use(apply, in->code, apply->actor_id, &invite, &is_new));
	TRY(invite_arrive(apply, &invite, apply->actor_id, &channel_id));
	TRY(invite_preview_to_json(apply->db, apply->arena, result, "invite", &invite));
	jw_id(result, "guild_id", invite.guild_id);
	jw_id(result, "channel_id", channel_id);
	jw_flag(result, "is_new", is_new);
	return ERR_OK;
}
