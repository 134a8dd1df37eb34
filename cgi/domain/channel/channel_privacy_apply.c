/* A public channel becomes private, or a private one public. See channel_change.h. */
#include "domain/channel/channel_change.h"
#include "domain/channel/channel_overwrites.h"

/* Whether the person is among the viewers, who stand in the order of ids. */
static bool sees(const struct channel_viewers *viewers, int64_t user_id)
{
	size_t low = 0, high = viewers->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (viewers->ids[middle] < user_id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < viewers->count && viewers->ids[low] == user_id;
}

/* Those who are in it and see it: a place outlasts the role that showed the channel. */
static enum err list_people(struct apply *apply, const struct channel *channel, const struct channel_viewers *viewers,
			    int64_t ids[CHANNEL_OVERWRITES_MAX], size_t *count)
{
	struct sql_stmt *stmt;
	bool is_too_many = false;
	TRY(sql_start(apply->db, QUERY_CHANNEL_RECIPIENTS, SQL_ARGS(sql_id(channel->id), sql_int(0)), &stmt));
	while (!is_too_many && sql_step(stmt)) {
		int64_t user_id = sql_column_int(stmt, 0);
		if (!sees(viewers, user_id))
			continue;
		is_too_many = *count == CHANNEL_OVERWRITES_MAX;
		if (!is_too_many)
			ids[(*count)++] = user_id;
	}
	TRY(sql_finish(stmt));
	return is_too_many ? ERR_TOO_MANY : ERR_OK;
}

/* Whoever is in it stays. This gives nobody more than they have: it is no permission that the actor hands out. */
static enum err keep_people(struct apply *apply, struct channel *channel, const struct channel_viewers *viewers)
{
	int64_t *ids = arena_alloc(apply->arena, CHANNEL_OVERWRITES_MAX * sizeof(*ids));
	size_t count = 0;
	TRY(list_people(apply, channel, viewers, ids, &count));
	for (size_t i = 0; i < count; i++)
		TRY(channel_overwrite_let_in(apply, channel, ids[i]));
	return ERR_OK;
}

enum err channel_privacy_set(struct apply *apply, struct channel *channel, uint64_t bits, bool is_private)
{
	const struct perm_overwrite *found = channel_overwrite_of(channel, channel->guild_id);
	struct perm_overwrite before = {.target_id = channel->guild_id, .target = PERM_TARGET_ROLE}, after;
	struct channel_viewers viewers;
	if (channel->type != CHANNEL_TYPE_TEXT)
		return ERR_CHANNEL_TYPE;
	if (found != NULL)
		before = *found;
	after = before;
	after.allow &= ~PERM_VIEW_CHANNEL;
	after.deny = is_private ? after.deny | PERM_VIEW_CHANNEL : after.deny & ~PERM_VIEW_CHANNEL;
	const struct channel_overwrite_change change = {found != NULL ? &before : NULL,
							(after.allow | after.deny) != 0 ? &after : NULL};
	TRY(channel_viewers_list(apply, channel, &viewers));
	if (is_private)
		TRY(keep_people(apply, channel, &viewers));
	TRY(channel_overwrite_apply_change(apply, channel, bits, &change));
	return channel_viewers_changed(apply, channel, &viewers);
}
