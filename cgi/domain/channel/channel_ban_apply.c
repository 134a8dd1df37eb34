/* Bans from one channel of a workspace: a row, and the member's overwrite that denies VIEW_CHANNEL. */
#include "domain/channel/channel_member_change.h"
#include "domain/channel/channel_rank.h"

static enum err find(struct apply *apply, int64_t channel_id, struct channel *channel)
{
	uint64_t bits;
	TRY(perm_open_channel(apply->db, apply->arena, channel_id, apply->actor_id, channel, &bits));
	if (channel->type != CHANNEL_TYPE_TEXT)
		return ERR_CHANNEL_TYPE;
	return perm_has(bits, PERM_BAN_MEMBERS) ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

/* What the ban has to change of the member's overwrite, then everything that follows when somebody ceases to see. */
static enum err write_overwrite(struct apply *apply, struct channel *channel, const struct perm_overwrite *overwrite)
{
	bool saw_before;
	TRY(channel_is_seen_by(apply, channel, overwrite->target_id, &saw_before));
	TRY(channel_overwrite_settle(apply, channel, overwrite));
	return channel_viewer_changed(apply, channel, overwrite->target_id, saw_before);
}

enum err channel_ban_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct channel_ban_create_input *in = input;
	struct channel channel;
	bool is_changed;
	int changes;
	(void)result;
	TRY(find(apply, in->channel_id, &channel));
	TRY(channel_rank_require_above(apply->db, apply->arena, &channel, apply->actor_id, in->user_id));
	TRY(sql_run(apply->db, QUERY_CHANNEL_BAN_INSERT,
		    SQL_ARGS(sql_id(channel.id), sql_id(in->user_id), sql_id(apply->actor_id), sql_text(apply->reason),
			     sql_int(apply->now_ms)),
		    &changes));
	if (changes == 0)
		return ERR_OK;
	struct perm_overwrite overwrite = channel_overwrite_of_member(&channel, in->user_id);
	overwrite.allow = 0;
	overwrite.deny |= PERM_VIEW_CHANNEL;
	TRY(channel_member_drop(apply, &channel, in->user_id, &is_changed));
	TRY(write_overwrite(apply, &channel, &overwrite));
	return channel_audit(apply, &channel, AUDIT_CHANNEL_BAN_ADD, in->user_id, NULL);
}

enum err channel_ban_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct channel_ban_delete_input *in = input;
	struct channel channel;
	int changes;
	(void)result;
	TRY(find(apply, in->channel_id, &channel));
	TRY(sql_run(apply->db, QUERY_CHANNEL_BAN_DELETE, SQL_ARGS(sql_id(channel.id), sql_id(in->user_id)), &changes));
	if (changes == 0)
		return ERR_UNKNOWN_BAN;
	struct perm_overwrite overwrite = channel_overwrite_of_member(&channel, in->user_id);
	overwrite.deny &= ~PERM_VIEW_CHANNEL;
	TRY(write_overwrite(apply, &channel, &overwrite));
	return channel_audit(apply, &channel, AUDIT_CHANNEL_BAN_REMOVE, in->user_id, NULL);
}
