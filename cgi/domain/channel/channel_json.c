/* The JSON views of channels. */
#include "domain/channel/channel.h"

void channel_to_json(struct jw *jw, const char *key, const struct channel *channel)
{
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
	jw_object_end(jw);
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
