/* Changes of invites. */
#include "crypto/secret.h"
#include "domain/channel/channel.h"
#include "domain/guild/guild.h"
#include "domain/invite/invite.h"
#include "domain/member/member.h"
#include "domain/perm.h"

/* Without the characters that people confuse when they read a code aloud. */
static const char code_alphabet[] = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789";

/* An invite shows its channel's name to everybody who has the link, so a channel that not all may see is not chosen
 * unless there is no other. */
static enum err choose_channel(struct apply *apply, int64_t guild_id, int64_t *channel_id)
{
	TRY(guild_first_common_channel(apply->db, apply->arena, guild_id, apply->actor_id, channel_id));
	if (*channel_id == 0)
		TRY(guild_first_channel(apply->db, apply->arena, guild_id, apply->actor_id, channel_id));
	return *channel_id != 0 ? ERR_OK : ERR_UNKNOWN_CHANNEL;
}

/* Finds the channel the invite leads to, and through it or by itself the workspace. */
static enum err resolve_target(struct apply *apply, const struct invite_create_input *in, struct channel *channel)
{
	int64_t channel_id = in->channel_id;
	if (channel_id == 0)
		TRY(choose_channel(apply, in->guild_id, &channel_id));
	TRY(perm_require_channel(apply->db, apply->arena, channel_id, apply->actor_id, PERM_CREATE_INVITE));
	TRY(channel_find(apply->db, apply->arena, channel_id, channel));
	return in->guild_id != 0 && in->guild_id != channel->guild_id ? ERR_UNKNOWN_CHANNEL : ERR_OK;
}

enum err invite_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct invite_create_input *in = input;
	struct channel channel;
	int64_t count;
	TRY(resolve_target(apply, in, &channel));
	TRY(sql_run(apply->db, QUERY_INVITE_DELETE_DEAD, SQL_ARGS(sql_id(channel.guild_id), sql_int(apply->now_ms)),
		    NULL));
	TRY(sql_find_int(apply->db, QUERY_INVITE_COUNT, SQL_ARGS(sql_id(channel.guild_id)), &count));
	if (count >= INVITES_MAX)
		return ERR_TOO_MANY;

	char code[INVITE_CODE_LENGTH + 1];
	secret_code(code, INVITE_CODE_LENGTH, code_alphabet);
	bool has_age = field_is_given(invite_create_fields, &in->set, "max_age") &&
		       !field_is_nulled(invite_create_fields, &in->set, "max_age");
	struct invite invite = {
	    .code = code,
	    .guild_id = channel.guild_id,
	    .channel_id = channel.id,
	    .inviter_id = apply->actor_id,
	    .max_uses = in->max_uses,
	    .max_age_s = has_age ? in->max_age : INVITE_AGE_INITIAL_S,
	    .is_temporary = in->temporary,
	    .created_at_ms = apply->now_ms,
	};
	invite.expires_at_ms = invite.max_age_s == 0 ? 0 : apply->now_ms + invite.max_age_s * 1000;
	TRY(sql_run(apply->db, QUERY_INVITE_INSERT,
		    SQL_ARGS(sql_text(code), sql_id(invite.guild_id), sql_id(invite.channel_id),
			     sql_id(invite.inviter_id), sql_int(invite.max_uses), sql_int(invite.max_age_s),
			     sql_int(invite.is_temporary), sql_int(invite.created_at_ms), sql_id(invite.expires_at_ms)),
		    NULL));
	return invite_to_json(apply->db, apply->arena, result, "invite", &invite, true);
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
	TRY(member_add(apply, out->guild_id, user_id, is_new));
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
	TRY(invite_to_json(apply->db, apply->arena, result, "invite", &invite, false));
	jw_id(result, "guild_id", invite.guild_id);
	jw_id(result, "channel_id", channel_id);
	jw_flag(result, "is_new", is_new);
	return ERR_OK;
}
