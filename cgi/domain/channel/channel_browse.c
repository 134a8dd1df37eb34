/* See channel_browse.h. */
#include "domain/channel/channel_browse.h"

#include "domain/user/user.h"

#include <stdlib.h>

/* Who is in one channel. */
struct crowd {
	int64_t channel_id, people;
	bool is_joined;
};

struct browse {
	struct channel *channels; /* by position and id */
	size_t count;
	struct crowd *crowds; /* by channel; one without people has none */
	size_t crowd_count;
};

static enum err read_crowds(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id, struct browse *out)
{
	struct sql_stmt *stmt;
	out->crowds = arena_alloc(arena, CHANNELS_MAX * sizeof(*out->crowds));
	TRY(sql_start(db, QUERY_CHANNEL_BROWSE, SQL_ARGS(sql_id(guild_id), sql_id(user_id)), &stmt));
	while (out->crowd_count < CHANNELS_MAX && sql_step(stmt))
		out->crowds[out->crowd_count++] =
		    (struct crowd){sql_column_int(stmt, 0), sql_column_int(stmt, 1), sql_column_int(stmt, 2) != 0};
	return sql_finish(stmt);
}

static int compare(const void *a, const void *b)
{
	int64_t x = ((const struct crowd *)a)->channel_id, y = ((const struct crowd *)b)->channel_id;
	return (x > y) - (x < y);
}

static struct crowd crowd_of(const struct browse *browse, int64_t channel_id)
{
	const struct crowd nobody = {.channel_id = channel_id};
	const struct crowd *found =
	    browse->crowd_count == 0 ? NULL
				     : bsearch(&nobody, browse->crowds, browse->crowd_count, sizeof(nobody), compare);
	return found != NULL ? *found : nobody;
}

static void write_channel(struct jw *jw, const struct browse *browse, const struct channel *channel)
{
	struct crowd crowd = crowd_of(browse, channel->id);
	jw_object(jw, NULL);
	jw_id(jw, "id", channel->id);
	jw_id(jw, "guild_id", channel->guild_id);
	jw_text(jw, "name", channel->name);
	jw_text(jw, "topic", channel->topic);
	jw_flag(jw, "private", channel_is_private(channel));
	jw_flag(jw, "archived", channel->archived_at_ms != 0);
	jw_flag(jw, "joined", crowd.is_joined);
	jw_int(jw, "people", crowd.people);
	jw_object_end(jw);
}

/* Whether the channel stands under this category: under none too where it stands in one that the user does not see. */
static bool stands_under(const struct browse *browse, const struct channel *channel, int64_t category_id)
{
	if (channel->parent_id == category_id || category_id != 0)
		return channel->parent_id == category_id;
	for (size_t i = 0; i < browse->count; i++) {
		if (browse->channels[i].id == channel->parent_id)
			return false;
	}
	return true;
}

/* category is NULL for the channels that have none. */
static void write_category(struct jw *jw, const struct browse *browse, const struct channel *category)
{
	jw_id(jw, "id", category != NULL ? category->id : 0);
	jw_text(jw, "name", category != NULL ? category->name : NULL);
	jw_array(jw, "channels");
	for (size_t i = 0; i < browse->count; i++) {
		const struct channel *channel = &browse->channels[i];
		if (channel->type == CHANNEL_TYPE_TEXT &&
		    stands_under(browse, channel, category != NULL ? category->id : 0))
			write_channel(jw, browse, channel);
	}
	jw_array_end(jw);
}

enum err channel_browse_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
				int64_t user_id)
{
	struct browse browse = {0};
	size_t categories = 0, at = 0;
	TRY(channel_list_visible(db, arena, guild_id, user_id, &browse.channels, &browse.count));
	TRY(read_crowds(db, arena, guild_id, user_id, &browse));
	for (size_t i = 0; i < browse.count; i++)
		categories += browse.channels[i].type == CHANNEL_TYPE_CATEGORY;
	jw_array(jw, key);
	jw_object(jw, NULL);
	write_category(jw, &browse, NULL);
	jw_flag(jw, "is_first", true);
	jw_flag(jw, "is_last", true);
	jw_object_end(jw);
	for (size_t i = 0; i < browse.count; i++) {
		if (browse.channels[i].type != CHANNEL_TYPE_CATEGORY)
			continue;
		jw_object(jw, NULL);
		write_category(jw, &browse, &browse.channels[i]);
		jw_flag(jw, "is_first", at == 0);
		jw_flag(jw, "is_last", ++at == categories);
		jw_object_end(jw);
	}
	jw_array_end(jw);
	return ERR_OK;
}

enum err channel_candidates_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				    const struct channel_candidates *which)
{
	int64_t ids[CHANNEL_CANDIDATES_MAX];
	size_t count = 0;
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_CHANNEL_CANDIDATES,
		      SQL_ARGS(sql_id(which->guild_id), sql_int(which->channel_id),
			       sql_text(sql_like_anywhere(arena, which->query != NULL ? which->query : "")),
			       sql_int(which->not_id), sql_int(CHANNEL_CANDIDATES_MAX)),
		      &stmt));
	while (count < CHANNEL_CANDIDATES_MAX && sql_step(stmt))
		ids[count++] = sql_column_int(stmt, 0);
	TRY(sql_finish(stmt));
	jw_array(jw, key);
	for (size_t i = 0; i < count; i++) {
		struct user user;
		TRY(user_find(db, arena, ids[i], &user));
		user_to_json(jw, NULL, &user);
	}
	jw_array_end(jw);
	return ERR_OK;
}
