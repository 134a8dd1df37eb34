/* Changes of membership. */
#include "domain/channel/channel.h"
#include "domain/event/event.h"
#include "domain/guild/guild.h"
#include "domain/member/member.h"
#include "domain/member/member_change.h"

enum err member_announce(struct apply *apply, const char *type, const struct member *member)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	TRY(member_added_to_json(apply->db, apply->arena, &jw, member));
	struct event event = {
	    .type = type, .guild_id = member->guild_id, .payload = payload->p, .payload_n = payload->n};
	return event_append(apply, &event);
}

/* The newcomer alone is told of the workspace as a whole. */
static enum err announce_guild(struct apply *apply, int64_t guild_id, int64_t user_id)
{
	struct guild guild;
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	TRY(guild_find(apply->db, apply->arena, guild_id, &guild));
	TRY(guild_to_json(apply->db, apply->arena, &jw, NULL, &guild));
	struct event event = {
	    .type = "GUILD_CREATE", .user_id = user_id, .payload = payload->p, .payload_n = payload->n};
	return event_append(apply, &event);
}

enum err member_add(struct apply *apply, int64_t guild_id, int64_t user_id, bool *is_new)
{
	int changes;
	TRY(sql_run(apply->db, QUERY_MEMBER_INSERT, SQL_ARGS(sql_id(guild_id), sql_id(user_id), sql_int(apply->now_ms)),
		    &changes));
	*is_new = changes > 0;
	if (!*is_new)
		return ERR_OK;
	struct member member;
	TRY(member_find(apply->db, apply->arena, guild_id, user_id, &member));
	TRY(announce_guild(apply, guild_id, user_id));
	TRY(member_announce(apply, "GUILD_MEMBER_ADD", &member));
	return channel_join_defaults(apply, guild_id, user_id);
}
