/* Adding people: to a channel of a workspace by who may invite to it or leads it, to a group by anybody in it. */
#include "domain/block/block.h"
#include "domain/channel/channel_direct.h"
#include "domain/channel/channel_member_change.h"

/* Whether this member of the workspace can be in the channel. To a public one nobody is added who may not see it: that
 * would be a permission given without anybody having said so. Nor is anybody let into a private one who was denied it
 * by name, but by who may change permissions there. Who has blocked the actor is not put anywhere by them, and stays
 * where they are. */
static enum err check_one(struct apply *apply, const struct channel *channel, uint64_t bits, int64_t user_id)
{
	struct member member;
	bool is_banned, sees, is_in;
	TRY(member_find(apply->db, apply->arena, channel->guild_id, user_id, &member));
	TRY(channel_member_is_in(apply, channel->id, user_id, &is_in));
	if (!is_in)
		TRY(block_check_adding(apply, user_id));
	TRY(channel_is_banned(apply, channel->id, user_id, &is_banned));
	if (is_banned)
		return ERR_CHANNEL_BANNED;
	bool is_denied = (channel_overwrite_of_member(channel, user_id).deny & PERM_VIEW_CHANNEL) != 0;
	if (is_denied && !perm_has(bits, PERM_MANAGE_ROLES))
		return ERR_MISSING_PERMISSIONS;
	if (channel_is_private(channel))
		return ERR_OK;
	TRY(channel_is_seen_by(apply, channel, user_id, &sees));
	return sees ? ERR_OK : ERR_MISSING_ACCESS;
}

/* What is to be done for one person. */
struct addition {
	int64_t user_id;
	bool is_in, saw;
};

static enum err note_additions(struct apply *apply, const struct channel *channel, const struct channel_people *people,
			       struct addition *additions)
{
	for (size_t i = 0; i < people->count; i++) {
		additions[i].user_id = people->ids[i];
		TRY(channel_member_is_in(apply, channel->id, people->ids[i], &additions[i].is_in));
		TRY(channel_is_seen_by(apply, channel, people->ids[i], &additions[i].saw));
	}
	return ERR_OK;
}

static enum err put_in(struct apply *apply, struct channel *channel, const struct addition *addition)
{
	bool is_changed;
	if (!addition->saw)
		TRY(channel_announce_to(apply, "CHANNEL_CREATE", channel, addition->user_id));
	TRY(channel_member_put(apply, channel, addition->user_id, &is_changed));
	return channel_audit(apply, channel, AUDIT_CHANNEL_MEMBER_ADD, addition->user_id, NULL);
}

/* First everybody is let in, then told: what the last one hears of the channel is what the first one does. */
static enum err add_to_guild_channel(struct apply *apply, struct channel *channel, const struct channel_people *people)
{
	struct addition *additions = arena_alloc(apply->arena, people->count * sizeof(*additions));
	bool is_private = channel_is_private(channel), has_changed = false;
	TRY(note_additions(apply, channel, people, additions));
	for (size_t i = 0; i < people->count; i++) {
		if (!is_private || (additions[i].is_in && additions[i].saw))
			continue;
		TRY(channel_overwrite_let_in(apply, channel, people->ids[i]));
		has_changed = true;
	}
	for (size_t i = 0; i < people->count; i++) {
		if (!additions[i].is_in || !additions[i].saw)
			TRY(put_in(apply, channel, &additions[i]));
	}
	return has_changed ? channel_announce(apply, "CHANNEL_UPDATE", channel) : ERR_OK;
}

enum err channel_member_add_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct channel_member_add_input *in = input;
	struct channel_member_targets targets;
	struct channel channel;
	uint64_t bits;
	(void)result;
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &channel, &bits));
	if (channel.type != CHANNEL_TYPE_TEXT && channel.type != CHANNEL_TYPE_GROUP)
		return ERR_CHANNEL_TYPE;
	if (channel.type == CHANNEL_TYPE_TEXT && (bits & (PERM_CREATE_INVITE | PERM_KICK_MEMBERS)) == 0)
		return ERR_MISSING_PERMISSIONS;
	TRY(channel_member_targets_decode(apply, in->user_id, in->users, &targets));
	if (channel.type == CHANNEL_TYPE_GROUP)
		return channel_group_add(apply, &channel, &targets);
	for (size_t i = 0; i < targets.people.count; i++)
		TRY(channel_member_refuse(apply, &targets, targets.people.ids[i],
					  check_one(apply, &channel, bits, targets.people.ids[i])));
	TRY(channel_people_verdict(apply));
	return add_to_guild_channel(apply, &channel, &targets.people);
}
