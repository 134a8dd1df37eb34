/* The JSON view of what is unread, and of who has read. */
#include "base/id.h"
#include "domain/channel/channel.h"
#include "domain/read/read.h"
#include "domain/user/user.h"

void read_state_to_json(struct jw *jw, const char *key, const struct read_state *state)
{
	jw_object(jw, key);
	jw_id(jw, "channel_id", state->channel_id);
	if (state->guild_id != 0)
		jw_id(jw, "guild_id", state->guild_id);
	if (state->parent_id != 0)
		jw_id(jw, "parent_id", state->parent_id);
	jw_int(jw, "type", state->type);
	jw_int(jw, "unread", state->unread);
	jw_int(jw, "mentions", state->mentions);
	jw_id(jw, "last_message_id", state->last_message_id);
	jw_id(jw, "last_read_id", state->last_read_id);
	jw_int(jw, "member_count", state->member_count);
	jw_flag(jw, "muted", state->is_muted);
	jw_object_end(jw);
}

/* The channels of a workspace that somebody sees, read once for all that are asked for. */
struct sight {
	int64_t guild_id;
	struct channel *channels;
	size_t count;
	struct sight *next;
};

static enum err sight_of(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id, struct sight **all,
			 const struct sight **out)
{
	struct sight *sight = *all;
	while (sight != NULL && sight->guild_id != guild_id)
		sight = sight->next;
	*out = sight;
	if (sight != NULL)
		return ERR_OK;
	sight = arena_alloc(arena, sizeof(*sight));
	*sight = (struct sight){.guild_id = guild_id, .next = *all};
	*all = sight;
	*out = sight;
	enum err err = channel_list_visible(db, arena, guild_id, user_id, &sight->channels, &sight->count);
	return err == ERR_UNKNOWN_GUILD ? ERR_OK : err;
}

static bool holds(const struct sight *sight, int64_t channel_id)
{
	for (size_t i = 0; i < sight->count; i++) {
		if (sight->channels[i].id == channel_id)
			return true;
	}
	return false;
}

/* Who is in a direct message or group sees it; of a channel permission decides, of a thread that of its channel. */
static enum err is_seen(struct sql *db, struct arena *arena, int64_t user_id, const struct read_state *state,
			struct sight **all, bool *answer)
{
	const struct sight *sight;
	*answer = true;
	if (state->guild_id == 0)
		return ERR_OK;
	TRY(sight_of(db, arena, state->guild_id, user_id, all, &sight));
	*answer =
	    holds(sight, state->channel_id) || (state->type != CHANNEL_TYPE_TEXT && holds(sight, state->parent_id));
	return ERR_OK;
}

enum err read_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t user_id,
			   int64_t after, int64_t now_ms, int64_t *last_id)
{
	struct read_state *list;
	struct sight *sights = NULL;
	size_t count;
	TRY(read_list(db, arena, user_id, after, now_ms, &list, &count));
	*last_id = count == READ_LIST_MAX ? list[count - 1].channel_id : 0;
	jw_array(jw, key);
	for (size_t i = 0; i < count; i++) {
		bool sees;
		TRY(is_seen(db, arena, user_id, &list[i], &sights, &sees));
		if (sees)
			read_state_to_json(jw, NULL, &list[i]);
	}
	jw_array_end(jw);
	return ERR_OK;
}

enum err read_receipts_find(struct sql *db, int64_t user_id, bool *is_on)
{
	int64_t value;
	TRY(sql_find_int(db, QUERY_READ_RECEIPTS_OF, SQL_ARGS(sql_id(user_id)), &value));
	*is_on = value != 0;
	return ERR_OK;
}

/* What the queries for readers of a message take; the last is for a list alone. */
struct readers_of {
	struct sql_arg channel, message, posted_at, author;
};

static enum err write_users(struct sql *db, struct arena *arena, struct jw *jw, const struct readers_of *of)
{
	int64_t ids[READ_READERS_NAMED];
	size_t count = 0;
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_READ_READERS,
		      SQL_ARGS(of->channel, of->message, of->posted_at, of->author, sql_int(READ_READERS_NAMED)),
		      &stmt));
	while (count < READ_READERS_NAMED && sql_step(stmt))
		ids[count++] = sql_column_int(stmt, 0);
	TRY(sql_finish(stmt));
	jw_int(jw, "count", (int64_t)count);
	jw_flag(jw, "count_is_exact", true);
	jw_array(jw, "users");
	for (size_t i = 0; i < count; i++) {
		struct user user;
		TRY(user_find(db, arena, ids[i], &user));
		user_to_json(jw, NULL, &user);
	}
	jw_array_end(jw);
	return ERR_OK;
}

static enum err write_count(struct sql *db, struct jw *jw, const struct readers_of *of)
{
	int64_t count;
	TRY(sql_find_int(
	    db, QUERY_READ_READERS_COUNT,
	    SQL_ARGS(of->channel, of->message, of->posted_at, of->author, sql_int(READ_READERS_COUNTED + 1)), &count));
	jw_int(jw, "count", count < READ_READERS_COUNTED ? count : READ_READERS_COUNTED);
	jw_flag(jw, "count_is_exact", count <= READ_READERS_COUNTED);
	jw_null(jw, "users");
	return ERR_OK;
}

enum err read_readers_to_json(struct sql *db, struct arena *arena, struct jw *jw, int64_t channel_id,
			      int64_t message_id, int64_t viewer_id)
{
	struct read_state own;
	bool shares;
	int64_t author_id;
	TRY(sql_find_int(db, QUERY_READ_MESSAGE_AUTHOR, SQL_ARGS(sql_id(channel_id), sql_id(message_id)), &author_id));
	if (author_id == 0)
		return ERR_UNKNOWN_MESSAGE;
	enum err err = read_find(db, viewer_id, channel_id, 0, &own);
	if (err == ERR_UNKNOWN_MEMBER)
		return ERR_MISSING_ACCESS;
	TRY(err);
	TRY(read_receipts_find(db, viewer_id, &shares));
	if (!shares)
		return ERR_RECEIPTS_OFF;
	const struct readers_of of = {sql_id(channel_id), sql_id(message_id), sql_int(id_created_at_ms(message_id)),
				      sql_id(author_id)};
	return own.member_count <= READ_READERS_NAMED ? write_users(db, arena, jw, &of) : write_count(db, jw, &of);
}
