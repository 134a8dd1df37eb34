/* Whether a channel takes messages at all. The store asks it of each post, and a front of what only announces one. */
#include "domain/channel/channel.h"
#include "domain/channel/channel_direct.h"

static enum err require_direct(struct sql *db, const struct channel *channel, int64_t user_id)
{
	bool is_open;
	TRY(channel_direct_is_open(db, channel->id, user_id, &is_open));
	return is_open ? ERR_OK : ERR_CANNOT_DM;
}

/* A message opens a thread that is archived, but not one whose channel is. */
static enum err require_parent(struct sql *db, struct arena *arena, const struct channel *thread)
{
	struct channel parent;
	TRY(channel_find(db, arena, thread->parent_id, &parent));
	return parent.archived_at_ms != 0 ? ERR_ARCHIVED : ERR_OK;
}

enum err channel_require_open(struct sql *db, struct arena *arena, const struct channel *channel, int64_t user_id)
{
	if (channel->type == CHANNEL_TYPE_DM)
		return require_direct(db, channel, user_id);
	if (channel->type == CHANNEL_TYPE_GROUP)
		return ERR_OK;
	if (channel_is_thread(channel))
		return require_parent(db, arena, channel);
	if (channel->type != CHANNEL_TYPE_TEXT)
		return ERR_NON_TEXT_CHANNEL;
	return channel->archived_at_ms != 0 ? ERR_ARCHIVED : ERR_OK;
}
