/* A public channel becomes private, or a private one public. See channel_change.h. */
#include "domain/channel/channel_change.h"
#include "domain/channel/channel_overwrites.h"

/* Everybody who is in it. A channel that can be made private has no more than may have overwrites. */
static enum err list_people(struct apply *apply, const struct channel *channel, int64_t *ids, size_t *count)
{
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_CHANNEL_MEMBER_LIST,
		      SQL_ARGS(sql_id(channel->id), sql_int(0), sql_int(CHANNEL_OVERWRITES_MAX)), &stmt));
	while (*count < CHANNEL_OVERWRITES_MAX && sql_step(stmt))
		ids[(*count)++] = sql_column_int(stmt, 0);
	return sql_finish(stmt);
}

/* Whoever is in it stays. This gives nobody more than they have: it is no permission that the actor hands out. */
static enum err keep_people(struct apply *apply, struct channel *channel)
{
	int64_t *ids = arena_alloc(apply->arena, CHANNEL_OVERWRITES_MAX * sizeof(*ids));
	size_t count = 0;
	TRY(list_people(apply, channel, ids, &count));
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
		TRY(keep_people(apply, channel));
	TRY(channel_overwrite_apply_change(apply, channel, bits, &change));
	return channel_viewers_changed(apply, channel, &viewers);
}
