/* The JSON view of a member. */
#include "domain/member/member.h"
#include "domain/role/role.h"
#include "domain/user/user.h"

enum err member_partial_to_json(struct sql *db, struct jw *jw, const char *key, const struct member *member)
{
	jw_object(jw, key);
	TRY(member_members_to_json(db, jw, member));
	jw_object_end(jw);
	return ERR_OK;
}

enum err member_members_to_json(struct sql *db, struct jw *jw, const struct member *member)
{
	TRY(role_ids_to_json(db, jw, "roles", member->guild_id, member->user_id));
	jw_text(jw, "nick", member->nickname);
	jw_null(jw, "avatar");
	jw_time(jw, "joined_at", member->joined_at_ms);
	jw_null(jw, "premium_since");
	jw_flag(jw, "deaf", false);
	jw_flag(jw, "mute", false);
	jw_flag(jw, "pending", false);
	jw_time(jw, "communication_disabled_until", member->timeout_until_ms);
	jw_int(jw, "flags", 0);
	return ERR_OK;
}

enum err member_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			const struct member *member)
{
	struct user user;
	TRY(user_find(db, arena, member->user_id, &user));
	jw_object(jw, key);
	user_to_json(jw, "user", &user);
	TRY(member_members_to_json(db, jw, member));
	jw_object_end(jw);
	return ERR_OK;
}

enum err member_added_to_json(struct sql *db, struct arena *arena, struct jw *jw, const struct member *member)
{
	struct user user;
	TRY(user_find(db, arena, member->user_id, &user));
	jw_object(jw, NULL);
	jw_id(jw, "guild_id", member->guild_id);
	user_to_json(jw, "user", &user);
	TRY(member_members_to_json(db, jw, member));
	jw_object_end(jw);
	return ERR_OK;
}
