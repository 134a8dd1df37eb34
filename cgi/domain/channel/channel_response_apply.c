/* What a channel asks of a reaction or a vote before it is taken. */
#include "domain/channel/channel_change.h"
#include "domain/channel/channel_direct.h"
#include "domain/member/member.h"

/* A time-out leaves somebody with looking on. Joining a reaction that is there, and voting, need no bit that it takes
 * away, so it is asked for by itself; of those whom it does not bind, perm_base says that they administer. */
static enum err check_time_out(struct apply *apply, const struct channel *channel, uint64_t bits)
{
	struct member member;
	if (perm_has(bits, PERM_ADMINISTRATOR))
		return ERR_OK;
	TRY(member_find(apply->db, apply->arena, channel->guild_id, apply->actor_id, &member));
	return member.timeout_until_ms > apply->now_ms ? ERR_MISSING_PERMISSIONS : ERR_OK;
}

enum err channel_before_response(struct apply *apply, const struct channel *channel, uint64_t bits)
{
	bool is_open;
	if (channel->type == CHANNEL_TYPE_CATEGORY)
		return ERR_NON_TEXT_CHANNEL;
	if (channel->archived_at_ms != 0)
		return ERR_ARCHIVED;
	if (channel->is_locked && !perm_has(bits, PERM_MANAGE_THREADS))
		return ERR_MISSING_PERMISSIONS;
	if (!channel_is_direct(channel))
		return check_time_out(apply, channel, bits);
	if (channel->type != CHANNEL_TYPE_DM)
		return ERR_OK;
	TRY(channel_direct_is_open(apply->db, channel->id, apply->actor_id, &is_open));
	return is_open ? ERR_OK : ERR_CANNOT_DM;
}
