/* The JSON views of who is in a channel, and who is kept out of it. */
#include "domain/channel/channel_member.h"
#include "domain/user/user.h"

#include <string.h>

/* As it was given in this channel: what somebody may do beside that, by the workspace's roles, is not said here. */
static const char *role_in(const struct channel *channel, int64_t user_id)
{
	const struct perm_overwrite *overwrite = channel_overwrite_of(channel, user_id);
	if (channel->owner_id == user_id)
		return "owner";
	if (overwrite == NULL || (overwrite->allow & PERM_KICK_MEMBERS) == 0)
		return "member";
	return (overwrite->allow & PERM_MANAGE_CHANNELS) != 0 ? "admin" : "moderator";
}

static enum err member_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			       const struct channel *channel, const struct channel_member *member)
{
	struct user user;
	TRY(user_find(db, arena, member->user_id, &user));
	jw_object(jw, key);
	user_to_json(jw, "user", &user);
	jw_time(jw, "joined_at", member->joined_at_ms);
	jw_text(jw, "role", role_in(channel, member->user_id));
	jw_object_end(jw);
	return ERR_OK;
}

/* Those whose roles have come to hide the channel from them are not in it, though their row is there. */
static enum err sees(struct sql *db, struct arena *arena, const struct channel *channel, int64_t user_id, bool *is_seen)
{
	uint64_t bits;
	TRY(perm_of_read_channel(db, arena, channel, user_id, &bits));
	*is_seen = bits != 0;
	return ERR_OK;
}

enum err channel_member_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				const struct channel *channel, int64_t user_id)
{
	struct channel_member member;
	bool is_seen;
	TRY(channel_member_find(db, channel->id, user_id, 0, &member));
	TRY(sees(db, arena, channel, user_id, &is_seen));
	return is_seen ? member_to_json(db, arena, jw, key, channel, &member) : ERR_UNKNOWN_MEMBER;
}

/* The rows that follow `after`, in the order of user ids. */
static enum err read_page(struct sql *db, int64_t channel_id, int64_t after,
			  struct channel_member list[CHANNEL_MEMBERS_PAGE_MAX], int *count)
{
	struct sql_stmt *stmt;
	*count = 0;
	TRY(sql_start(db, QUERY_CHANNEL_MEMBER_LIST,
		      SQL_ARGS(sql_id(channel_id), sql_int(after), sql_int(CHANNEL_MEMBERS_PAGE_MAX)), &stmt));
	while (*count < CHANNEL_MEMBERS_PAGE_MAX && sql_step(stmt))
		list[(*count)++] = (struct channel_member){.user_id = sql_column_int(stmt, 0),
							   .joined_at_ms = sql_column_int(stmt, 1)};
	return sql_finish(stmt);
}

/* Reads on until the page is full, whoever is left out, so that a page which is not is the last. */
enum err channel_member_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				     const struct channel *channel, int64_t after, int limit)
{
	struct channel_member list[CHANNEL_MEMBERS_PAGE_MAX];
	int count, written = 0;
	bool is_seen;
	jw_array(jw, key);
	do {
		TRY(read_page(db, channel->id, after, list, &count));
		for (int i = 0; i < count && written < limit; i++) {
			after = list[i].user_id;
			TRY(sees(db, arena, channel, after, &is_seen));
			if (is_seen)
				TRY(member_to_json(db, arena, jw, NULL, channel, &list[i]));
			written += is_seen;
		}
	} while (count == CHANNEL_MEMBERS_PAGE_MAX && written < limit);
	jw_array_end(jw);
	return ERR_OK;
}

void channel_settings_to_json(struct jw *jw, const char *key, const struct channel_member *member)
{
	jw_object(jw, key);
	jw_id(jw, "channel_id", member->channel_id);
	jw_time(jw, "joined_at", member->joined_at_ms);
	jw_flag(jw, "muted", member->is_muted);
	jw_time(jw, "muted_until", member->muted_until_ms);
	if (member->notification_level < 0)
		jw_null(jw, "notification_level");
	else
		jw_int(jw, "notification_level", member->notification_level);
	jw_object_end(jw);
}

struct ban {
	int64_t user_id, banned_by, created_at_ms;
	const char *reason;
};

static enum err ban_to_json(struct sql *db, struct arena *arena, struct jw *jw, const struct ban *ban)
{
	struct user user;
	TRY(user_find(db, arena, ban->user_id, &user));
	jw_object(jw, NULL);
	user_to_json(jw, "user", &user);
	jw_text(jw, "reason", ban->reason);
	jw_id(jw, "banned_by", ban->banned_by);
	jw_time(jw, "created_at", ban->created_at_ms);
	jw_object_end(jw);
	return ERR_OK;
}

enum err channel_ban_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				  int64_t channel_id)
{
	/* Each has an overwrite, so there are no more. */
	struct ban *list = arena_alloc(arena, CHANNEL_OVERWRITES_MAX * sizeof(*list));
	struct sql_stmt *stmt;
	size_t count = 0;
	TRY(sql_start(db, QUERY_CHANNEL_BAN_LIST, SQL_ARGS(sql_id(channel_id)), &stmt));
	while (count < CHANNEL_OVERWRITES_MAX && sql_step(stmt))
		list[count++] = (struct ban){.user_id = sql_column_int(stmt, 0),
					     .reason = sql_column_text(stmt, 1, arena),
					     .banned_by = sql_column_int(stmt, 2),
					     .created_at_ms = sql_column_int(stmt, 3)};
	TRY(sql_finish(stmt));
	jw_array(jw, key);
	for (size_t i = 0; i < count; i++)
		TRY(ban_to_json(db, arena, jw, &list[i]));
	jw_array_end(jw);
	return ERR_OK;
}
