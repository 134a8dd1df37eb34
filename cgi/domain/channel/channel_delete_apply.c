/* The end of a channel: of a workspace's for everybody, of a direct message or group for the one who asks. */
#include "domain/channel/channel_change.h"
#include "domain/channel/channel_member.h"
#include "domain/thread/thread.h"

/* What stood in a category that goes stands by itself. */
static enum err free_children(struct apply *apply, const struct channel *category)
{
	int64_t *ids = arena_alloc(apply->arena, CHANNELS_MAX * sizeof(*ids));
	size_t count = 0;
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_CHANNEL_LIST_CHILDREN, SQL_ARGS(sql_id(category->id)), &stmt));
	while (count < CHANNELS_MAX && sql_step(stmt))
		ids[count++] = sql_column_int(stmt, 0);
	TRY(sql_finish(stmt));
	TRY(sql_run(apply->db, QUERY_CHANNEL_ORPHAN_CHILDREN, SQL_ARGS(sql_id(category->id)), NULL));
	for (size_t i = 0; i < count; i++) {
		struct channel child;
		TRY(channel_find(apply->db, apply->arena, ids[i], &child));
		TRY(channel_announce(apply, "CHANNEL_UPDATE", &child));
	}
	return ERR_OK;
}

static enum err delete_from_guild(struct apply *apply, const struct channel *channel)
{
	struct audit_changes changes;
	TRY(free_children(apply, channel));
	TRY(sql_run(apply->db, QUERY_CHANNEL_DELETE_INVITES, SQL_ARGS(sql_id(channel->guild_id), sql_id(channel->id)),
		    NULL));
	audit_changes_begin(apply, &changes);
	audit_changed_text(&changes, "name", channel->name, NULL);
	audit_changed_text(&changes, "topic", channel->topic, NULL);
	TRY(channel_audit(apply, channel, AUDIT_CHANNEL_DELETE, channel->id, &changes));
	TRY(channel_announce(apply, "CHANNEL_DELETE", channel));
	TRY(thread_delete_children(apply, channel->id));
	/* What it holds is out of reach from here on; channel_purge takes it from the disk a few rows at a time. */
	return sql_run(apply->db, QUERY_CHANNEL_MARK_DELETED, SQL_ARGS(sql_id(channel->id), sql_int(apply->now_ms)),
		       NULL);
}

/* A direct message that is closed is out of its reader's list until the next message. */
static enum err close_direct(struct apply *apply, const struct channel *channel)
{
	int changes;
	TRY(sql_run(apply->db, QUERY_CHANNEL_MEMBER_SET_HIDDEN,
		    SQL_ARGS(sql_id(channel->id), sql_id(apply->actor_id), sql_int(1)), &changes));
	return changes > 0 ? channel_vanish_for(apply, channel, apply->actor_id) : ERR_OK;
}

enum err channel_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct channel_delete_input *in = input;
	struct channel channel;
	uint64_t bits;
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &channel, &bits));
	if (channel_is_thread(&channel))
		return thread_delete(apply, &channel, bits, result);
	if (!channel_is_direct(&channel) && !perm_has(bits, PERM_MANAGE_CHANNELS))
		return ERR_MISSING_PERMISSIONS;
	TRY(channel_view_to_json(apply->db, apply->arena, result, "channel", &channel, apply->actor_id));
	if (channel.type == CHANNEL_TYPE_DM)
		return close_direct(apply, &channel);
	if (channel.type == CHANNEL_TYPE_GROUP)
		return channel_group_leave(apply, &channel, apply->actor_id);
	return delete_from_guild(apply, &channel);
}
