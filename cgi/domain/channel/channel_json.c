/* The JSON views of channels. */
#include "base/ensure.h"
#include "domain/channel/channel.h"
#include "domain/channel/channel_direct.h"
#include "domain/thread/thread.h"
#include "domain/user/user.h"

enum { DIRECT_LIST_MAX = 500 };

static void overwrites_to_json(struct jw *jw, const struct channel *channel)
{
	jw_array(jw, "permission_overwrites");
	for (size_t i = 0; i < channel->overwrite_count; i++) {
		const struct perm_overwrite *overwrite = &channel->overwrites[i];
		jw_object(jw, NULL);
		jw_id(jw, "id", overwrite->target_id);
		jw_int(jw, "type", overwrite->target);
		jw_bits(jw, "allow", overwrite->allow);
		jw_bits(jw, "deny", overwrite->deny);
		jw_object_end(jw);
	}
	jw_array_end(jw);
}

void channel_to_json(struct jw *jw, const char *key, const struct channel *channel)
{
	ensure(!channel_is_direct(channel)); /* whose recipients differ by who asks */
	ensure(!channel_is_thread(channel)); /* which are domain/thread's to show */
	jw_object(jw, key);
	jw_id(jw, "id", channel->id);
	jw_int(jw, "type", channel->type);
	jw_id(jw, "guild_id", channel->guild_id);
	jw_text(jw, "name", channel->name);
	jw_text(jw, "topic", channel->topic);
	jw_int(jw, "position", channel->position);
	jw_id(jw, "parent_id", channel->parent_id);
	jw_flag(jw, "nsfw", false);
	jw_int(jw, "rate_limit_per_user", channel->slow_mode_s);
	jw_id(jw, "last_message_id", channel->last_message_id);
	jw_int(jw, "flags", 0);
	jw_id(jw, "owner_id", channel->owner_id);
	jw_flag(jw, "archived", channel->archived_at_ms != 0);
	jw_flag(jw, "default", channel->is_default);
	jw_flag(jw, "private", channel_is_private(channel));
	overwrites_to_json(jw, channel);
	jw_object_end(jw);
}

/* The others in it, in the order of their ids. */
static enum err recipients_to_json(struct sql *db, struct arena *arena, struct jw *jw, int64_t channel_id,
				   int64_t user_id)
{
	int64_t ids[GROUP_PEOPLE_MAX];
	size_t count = 0;
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_CHANNEL_RECIPIENTS, SQL_ARGS(sql_id(channel_id), sql_id(user_id)), &stmt));
	while (count < GROUP_PEOPLE_MAX && sql_step(stmt))
		ids[count++] = sql_column_int(stmt, 0);
	TRY(sql_finish(stmt));
	jw_array(jw, "recipients");
	for (size_t i = 0; i < count; i++) {
		struct user user;
		TRY(user_find(db, arena, ids[i], &user));
		user_to_json(jw, NULL, &user);
	}
	jw_array_end(jw);
	return ERR_OK;
}

enum err channel_view_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			      const struct channel *channel, int64_t user_id)
{
	if (channel_is_thread(channel))
		return thread_view_to_json(db, arena, jw, key, channel, user_id);
	if (!channel_is_direct(channel)) {
		channel_to_json(jw, key, channel);
		return ERR_OK;
	}
	jw_object(jw, key);
	jw_id(jw, "id", channel->id);
	jw_int(jw, "type", channel->type);
	jw_id(jw, "last_message_id", channel->last_message_id);
	jw_int(jw, "flags", 0);
	TRY(recipients_to_json(db, arena, jw, channel->id, user_id));
	if (channel->type == CHANNEL_TYPE_GROUP) {
		jw_text(jw, "name", channel->name[0] != '\0' ? channel->name : NULL);
		jw_null(jw, "icon");
		jw_id(jw, "owner_id", channel->owner_id);
	}
	jw_object_end(jw);
	return ERR_OK;
}

enum err channel_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
			      int64_t user_id)
{
	struct channel *list;
	size_t count;
	TRY(channel_list_visible(db, arena, guild_id, user_id, &list, &count));
	jw_array(jw, key);
	for (size_t i = 0; i < count; i++)
		channel_to_json(jw, NULL, &list[i]);
	jw_array_end(jw);
	return ERR_OK;
}

enum err channel_list_direct_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				     int64_t user_id)
{
	int64_t *ids = arena_alloc(arena, DIRECT_LIST_MAX * sizeof(*ids));
	size_t count = 0;
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_CHANNEL_LIST_DIRECT, SQL_ARGS(sql_id(user_id), sql_int(DIRECT_LIST_MAX)), &stmt));
	while (count < DIRECT_LIST_MAX && sql_step(stmt))
		ids[count++] = sql_column_int(stmt, 0);
	TRY(sql_finish(stmt));
	jw_array(jw, key);
	for (size_t i = 0; i < count; i++) {
		struct channel channel;
		TRY(channel_find(db, arena, ids[i], &channel));
		TRY(channel_view_to_json(db, arena, jw, NULL, &channel, user_id));
	}
	jw_array_end(jw);
	return ERR_OK;
}
