/* The end of a membership, whatever ends it: a kick, a ban, leaving, an account that is deleted. Everything that the
 * member had in the workspace goes in the same transaction, so that nobody who comes back finds rights they had. */
#include "domain/bot/bot.h"
#include "domain/channel/channel.h"
#include "domain/event/event.h"
#include "domain/member/member.h"
#include "domain/user/user.h"

static enum err announce_remove(struct apply *apply, int64_t guild_id, int64_t user_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct user user;
	struct jw jw;
	TRY(user_find(apply->db, apply->arena, user_id, &user));
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "guild_id", guild_id);
	user_to_json(&jw, "user", &user);
	jw_object_end(&jw);
	struct event event = {
	    .type = "GUILD_MEMBER_REMOVE", .guild_id = guild_id, .payload = payload->p, .payload_n = payload->n};
	return event_append(apply, &event);
}

/* Who is out hears of it as of the end of the workspace: to them it is gone. */
static enum err announce_guild_delete(struct apply *apply, int64_t guild_id, int64_t user_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "id", guild_id);
	jw_object_end(&jw);
	struct event event = {
	    .type = "GUILD_DELETE", .user_id = user_id, .payload = payload->p, .payload_n = payload->n};
	return event_append(apply, &event);
}

/* Leaving and coming back does not end a time-out: member_add takes over what is kept here. */
static enum err keep_timeout(struct apply *apply, const struct member *member)
{
	if (member->timeout_until_ms <= apply->now_ms)
		return sql_run(apply->db, QUERY_MEMBER_DROP_TIMEOUT,
			       SQL_ARGS(sql_id(member->guild_id), sql_id(member->user_id)), NULL);
	return sql_run(apply->db, QUERY_MEMBER_KEEP_TIMEOUT,
		       SQL_ARGS(sql_id(member->guild_id), sql_id(member->user_id), sql_int(member->timeout_until_ms)),
		       NULL);
}

enum err member_remove(struct apply *apply, int64_t guild_id, int64_t user_id)
{
	struct member member;
	TRY(member_find(apply->db, apply->arena, guild_id, user_id, &member));
	TRY(keep_timeout(apply, &member));
	TRY(sql_run(apply->db, QUERY_MEMBER_DELETE, SQL_ARGS(sql_id(guild_id), sql_id(user_id)), NULL));
	TRY(channel_leave_guild(apply, guild_id, user_id));
	TRY(bot_stop_all_of_in(apply, user_id, guild_id));
	TRY(announce_remove(apply, guild_id, user_id));
	return announce_guild_delete(apply, guild_id, user_id);
}
