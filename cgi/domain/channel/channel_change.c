/* Events and rows of channels, one change each. */
#include "domain/channel/channel_change.h"
#include "domain/channel/channel_direct.h"
#include "domain/event/event.h"
#include "domain/thread/thread.h"
#include "domain/user/user.h"

#include <string.h>

static enum err append(struct apply *apply, const char *type, const struct channel *channel, int64_t user_id,
		       const struct buf *payload)
{
	struct event event = {.type = type,
			      .guild_id = channel->guild_id,
			      .channel_id = channel->id,
			      .user_id = user_id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
}

enum err channel_announce_to(struct apply *apply, const char *type, const struct channel *channel, int64_t user_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	TRY(channel_view_to_json(apply->db, apply->arena, &jw, NULL, channel, user_id));
	return append(apply, type, channel, user_id, payload);
}

static enum err announce_to_each(struct apply *apply, const char *type, const struct channel *channel)
{
	int64_t ids[GROUP_PEOPLE_MAX];
	size_t count = 0;
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_CHANNEL_RECIPIENTS, SQL_ARGS(sql_id(channel->id), sql_int(0)), &stmt));
	while (count < GROUP_PEOPLE_MAX && sql_step(stmt))
		ids[count++] = sql_column_int(stmt, 0);
	TRY(sql_finish(stmt));
	for (size_t i = 0; i < count; i++)
		TRY(channel_announce_to(apply, type, channel, ids[i]));
	return ERR_OK;
}

enum err channel_announce(struct apply *apply, const char *type, const struct channel *channel)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	if (channel_is_direct(channel))
		return announce_to_each(apply, type, channel);
	jw_init(&jw, payload);
	channel_to_json(&jw, NULL, channel);
	return append(apply, type, channel, 0, payload);
}

enum err channel_vanish_for(struct apply *apply, const struct channel *channel, int64_t user_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "id", channel->id);
	jw_int(&jw, "type", channel->type);
	if (channel->guild_id != 0)
		jw_id(&jw, "guild_id", channel->guild_id);
	jw_object_end(&jw);
	struct event event = {
	    .type = "CHANNEL_DELETE", .user_id = user_id, .payload = payload->p, .payload_n = payload->n};
	return event_append(apply, &event);
}

/* Groups have Discord's events, channels of a workspace ours. */
enum err channel_member_announce(struct apply *apply, const struct channel *channel, int64_t user_id, bool is_added)
{
	struct user user;
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	const char *type = is_added ? "CHANNEL_MEMBER_ADD" : "CHANNEL_MEMBER_REMOVE";
	if (channel_is_direct(channel))
		type = is_added ? "CHANNEL_RECIPIENT_ADD" : "CHANNEL_RECIPIENT_REMOVE";
	TRY(user_find(apply->db, apply->arena, user_id, &user));
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "channel_id", channel->id);
	if (channel->guild_id != 0)
		jw_id(&jw, "guild_id", channel->guild_id);
	user_to_json(&jw, "user", &user);
	jw_object_end(&jw);
	return append(apply, type, channel, 0, payload);
}

enum err channel_member_put(struct apply *apply, struct channel *channel, int64_t user_id, bool *is_changed)
{
	int changes;
	TRY(sql_run(apply->db, QUERY_CHANNEL_MEMBER_INSERT,
		    SQL_ARGS(sql_id(channel->id), sql_id(user_id), sql_int(apply->now_ms)), &changes));
	*is_changed = changes > 0;
	return *is_changed ? channel_member_announce(apply, channel, user_id, true) : ERR_OK;
}

enum err channel_member_drop(struct apply *apply, struct channel *channel, int64_t user_id, bool *is_changed)
{
	int changes;
	int64_t next_id;
	TRY(sql_run(apply->db, QUERY_CHANNEL_MEMBER_DELETE, SQL_ARGS(sql_id(channel->id), sql_id(user_id)), &changes));
	*is_changed = changes > 0;
	if (*is_changed)
		TRY(channel_member_announce(apply, channel, user_id, false));
	if (channel->type == CHANNEL_TYPE_TEXT)
		TRY(thread_leave_channel(apply, channel, user_id));
	if (channel->owner_id != user_id)
		return ERR_OK;
	TRY(sql_find_int(apply->db, QUERY_CHANNEL_MEMBER_NEXT_OWNER, SQL_ARGS(sql_id(channel->id), sql_id(user_id)),
			 &next_id));
	return channel_owner_set(apply, channel, next_id);
}

enum err channel_owner_set(struct apply *apply, struct channel *channel, int64_t user_id)
{
	if (channel->owner_id == user_id)
		return ERR_OK;
	channel->owner_id = user_id;
	TRY(sql_run(apply->db, QUERY_CHANNEL_SET_OWNER, SQL_ARGS(sql_id(channel->id), sql_id(user_id)), NULL));
	return channel_announce(apply, "CHANNEL_UPDATE", channel);
}

/* Keeps the list in memory as the rows are, in the order of target ids: without the target's overwrite, and with the
 * new one where there is one. */
static enum err remember(struct apply *apply, struct channel *channel, int64_t target_id,
			 const struct perm_overwrite *overwrite)
{
	struct perm_overwrite *list = arena_alloc(apply->arena, (channel->overwrite_count + 1) * sizeof(*list));
	size_t count = 0;
	for (size_t i = 0; i < channel->overwrite_count; i++) {
		const struct perm_overwrite *at = &channel->overwrites[i];
		if (overwrite != NULL && at->target_id >= target_id) {
			list[count++] = *overwrite;
			overwrite = NULL;
		}
		if (at->target_id != target_id)
			list[count++] = *at;
	}
	if (overwrite != NULL)
		list[count++] = *overwrite;
	channel->overwrites = list;
	channel->overwrite_count = count;
	return count > CHANNEL_OVERWRITES_MAX ? ERR_TOO_MANY : ERR_OK;
}

enum err channel_overwrite_set(struct apply *apply, struct channel *channel, const struct perm_overwrite *overwrite)
{
	const struct perm_overwrite copy = *overwrite;
	TRY(remember(apply, channel, copy.target_id, &copy));
	return sql_run(apply->db, QUERY_OVERWRITE_INSERT,
		       SQL_ARGS(sql_id(channel->id), sql_id(copy.target_id), sql_int(copy.target),
				sql_int((int64_t)copy.allow), sql_int((int64_t)copy.deny)),
		       NULL);
}

enum err channel_overwrite_remove(struct apply *apply, struct channel *channel, int64_t target_id)
{
	TRY(remember(apply, channel, target_id, NULL));
	return sql_run(apply->db, QUERY_OVERWRITE_DELETE, SQL_ARGS(sql_id(channel->id), sql_id(target_id)), NULL);
}

enum err channel_overwrite_settle(struct apply *apply, struct channel *channel, const struct perm_overwrite *overwrite)
{
	if (overwrite->allow == 0 && overwrite->deny == 0)
		return channel_overwrite_remove(apply, channel, overwrite->target_id);
	return channel_overwrite_set(apply, channel, overwrite);
}

struct perm_overwrite channel_overwrite_of_member(const struct channel *channel, int64_t user_id)
{
	const struct perm_overwrite *found = channel_overwrite_of(channel, user_id);
	return found != NULL ? *found : (struct perm_overwrite){.target_id = user_id, .target = PERM_TARGET_MEMBER};
}

enum err channel_overwrite_let_in(struct apply *apply, struct channel *channel, int64_t user_id)
{
	struct perm_overwrite overwrite = channel_overwrite_of_member(channel, user_id);
	overwrite.allow |= PERM_VIEW_CHANNEL;
	overwrite.deny &= ~PERM_VIEW_CHANNEL;
	return channel_overwrite_settle(apply, channel, &overwrite);
}

/* What made somebody an Admin or Moderator of the channel goes along. What they were denied stays, so that nobody gets
 * rid of it by leaving and coming back. */
enum err channel_overwrite_let_out(struct apply *apply, struct channel *channel, int64_t user_id)
{
	struct perm_overwrite overwrite = channel_overwrite_of_member(channel, user_id);
	overwrite.allow &= ~(PERM_VIEW_CHANNEL | PERM_CHANNEL_ADMIN);
	return channel_overwrite_settle(apply, channel, &overwrite);
}

enum err channel_is_banned(struct apply *apply, int64_t channel_id, int64_t user_id, bool *is_banned)
{
	int64_t found;
	TRY(sql_find_int(apply->db, QUERY_CHANNEL_BAN_FIND, SQL_ARGS(sql_id(channel_id), sql_id(user_id)), &found));
	*is_banned = found != 0;
	return ERR_OK;
}

enum err channel_audit(struct apply *apply, const struct channel *channel, enum audit_action action, int64_t target_id,
		       struct audit_changes *changes)
{
	struct buf *options = NULL;
	struct jw jw;
	if (channel->guild_id == 0)
		return ERR_OK;
	if (target_id != channel->id) {
		options = buf_in_arena(apply->arena);
		jw_init(&jw, options);
		jw_object(&jw, NULL);
		jw_id(&jw, "channel_id", channel->id);
		jw_object_end(&jw);
	}
	return audit_append(apply, &(struct audit_entry){.guild_id = channel->guild_id,
							 .action = action,
							 .target_id = target_id,
							 .channel_id = channel->id,
							 .changes = changes,
							 .options = options != NULL ? options->p : NULL});
}
