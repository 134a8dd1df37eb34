/* Telling of reactions. The payloads are Discord's, with `count`, so that an open page shows the new number without
 * knowing the old one. */
#include "domain/event/event.h"
#include "domain/member/member.h"
#include "domain/reaction/reaction_change.h"

#include <string.h>

/* Who reacted, and to whom; of an addition also who that is in the workspace, as a message of theirs would say. */
static enum err write_person(struct apply *apply, struct jw *jw, const struct reaction_place *place, int64_t user_id,
			     bool is_addition)
{
	struct member member;
	jw_id(jw, "user_id", user_id);
	jw_id(jw, "message_author_id", place->author_id);
	jw_flag(jw, "burst", false);
	jw_int(jw, "type", 0);
	if (!is_addition)
		return ERR_OK;
	jw_array(jw, "burst_colors");
	jw_array_end(jw);
	if (place->channel.guild_id == 0)
		return ERR_OK;
	TRY(member_find(apply->db, apply->arena, place->channel.guild_id, user_id, &member));
	return member_to_json(apply->db, apply->arena, jw, "member", &member);
}

enum err reaction_announce(struct apply *apply, const char *type, const struct reaction_place *place,
			   const struct reaction_kind *kind, int64_t user_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "channel_id", place->channel.id);
	jw_id(&jw, "message_id", place->message_id);
	if (place->channel.guild_id != 0)
		jw_id(&jw, "guild_id", place->channel.guild_id);
	if (user_id != 0)
		TRY(write_person(apply, &jw, place, user_id, strcmp(type, "MESSAGE_REACTION_ADD") == 0));
	if (kind != NULL) {
		TRY(emoji_ref_to_json(apply->db, apply->arena, &jw, "emoji", &kind->emoji));
		jw_int(&jw, "count", kind->count);
	}
	jw_object_end(&jw);
	struct event event = {.type = type,
			      .guild_id = place->channel.guild_id,
			      .channel_id = place->channel.id,
			      .message_id = place->message_id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
}
