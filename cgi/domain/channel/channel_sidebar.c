/* The sidebar's view of channels. See channel_sidebar.h. */
#include "domain/channel/channel_sidebar.h"

#include "domain/thread/thread.h"

#include <stdlib.h>

/* A channel that the user is in. */
struct joined {
	int64_t channel_id;
	bool is_muted;
};

/* One workspace's channels, as the user sees them. */
struct listing {
	const struct channel_sidebar *whose;
	struct channel *channels; /* by position and id */
	size_t count;
	struct joined *joined; /* by channel */
	size_t joined_count;
	struct thread_entry *threads; /* those the user follows, and the open one */
	size_t thread_count;
	int64_t open_parent_id; /* of the open thread; 0 when no thread is */
};

/* The open thread is shown below its channel, though its reader may not follow it or it may be archived. */
static enum err read_threads(struct sql *db, struct arena *arena, int64_t guild_id, struct listing *out)
{
	const struct channel_sidebar *whose = out->whose;
	struct thread_entry *followed;
	struct thread thread;
	bool is_listed = false;
	TRY(thread_list_followed(db, arena, guild_id, whose->user_id, whose->now_ms, &followed, &out->thread_count));
	TRY(thread_parent(db, whose->current_id, &out->open_parent_id));
	out->threads = arena_alloc(arena, (out->thread_count + 1) * sizeof(*out->threads));
	for (size_t i = 0; i < out->thread_count; i++) {
		out->threads[i] = followed[i];
		is_listed = is_listed || followed[i].id == whose->current_id;
	}
	if (out->open_parent_id == 0 || is_listed)
		return ERR_OK;
	TRY(thread_find(db, arena, whose->current_id, &thread));
	out->threads[out->thread_count++] = (struct thread_entry){
	    .id = thread.id, .parent_id = thread.parent_id, .type = thread.type, .name = thread.name};
	return ERR_OK;
}

static enum err read_joined(struct sql *db, struct arena *arena, int64_t guild_id, struct listing *out)
{
	const struct channel_sidebar *whose = out->whose;
	struct sql_stmt *stmt;
	out->joined = arena_alloc(arena, CHANNELS_MAX * sizeof(*out->joined));
	TRY(sql_start(db, QUERY_CHANNEL_SIDEBAR_JOINED,
		      SQL_ARGS(sql_id(whose->user_id), sql_id(guild_id), sql_int(whose->now_ms), sql_int(CHANNELS_MAX)),
		      &stmt));
	while (out->joined_count < CHANNELS_MAX && sql_step(stmt))
		out->joined[out->joined_count++] =
		    (struct joined){sql_column_int(stmt, 0), sql_column_int(stmt, 1) != 0};
	return sql_finish(stmt);
}

static int compare(const void *a, const void *b)
{
	int64_t x = ((const struct joined *)a)->channel_id, y = ((const struct joined *)b)->channel_id;
	return (x > y) - (x < y);
}

/* NULL when the user is not in the channel. */
static const struct joined *joined_find(const struct listing *listing, int64_t channel_id)
{
	const struct joined key = {.channel_id = channel_id};
	if (listing->joined_count == 0)
		return NULL;
	return bsearch(&key, listing->joined, listing->joined_count, sizeof(key), compare);
}

/* Whether the channel, or a thread of it, is what the user has open. */
static bool is_opened(const struct listing *listing, const struct channel *channel)
{
	return channel->id == listing->whose->current_id || channel->id == listing->open_parent_id;
}

static bool is_shown(const struct listing *listing, const struct channel *channel)
{
	return channel->type == CHANNEL_TYPE_TEXT && (channel->archived_at_ms == 0 || is_opened(listing, channel));
}

static bool has_threads(const struct listing *listing, const struct channel *channel)
{
	for (size_t i = 0; i < listing->thread_count; i++) {
		if (listing->threads[i].parent_id == channel->id)
			return true;
	}
	return false;
}

static void write_threads(struct jw *jw, const struct listing *listing, const struct channel *channel)
{
	jw_array(jw, "threads");
	for (size_t i = 0; i < listing->thread_count; i++) {
		const struct thread_entry *thread = &listing->threads[i];
		if (thread->parent_id != channel->id)
			continue;
		jw_object(jw, NULL);
		jw_id(jw, "id", thread->id);
		jw_id(jw, "guild_id", channel->guild_id);
		jw_text(jw, "name", thread->name);
		jw_flag(jw, "private", thread->type == CHANNEL_TYPE_PRIVATE_THREAD);
		jw_flag(jw, "muted", thread->is_muted);
		jw_flag(jw, "is_current", thread->id == listing->whose->current_id);
		jw_object_end(jw);
	}
	jw_array_end(jw);
	jw_flag(jw, "has_threads", has_threads(listing, channel));
}

static void write_channel(struct jw *jw, const struct listing *listing, const struct channel *channel)
{
	const struct joined *joined = joined_find(listing, channel->id);
	jw_object(jw, NULL);
	jw_id(jw, "id", channel->id);
	jw_id(jw, "guild_id", channel->guild_id);
	jw_text(jw, "name", channel->name);
	jw_flag(jw, "private", channel_is_private(channel));
	jw_flag(jw, "archived", channel->archived_at_ms != 0);
	jw_flag(jw, "muted", joined != NULL && joined->is_muted);
	jw_flag(jw, "is_current", channel->id == listing->whose->current_id);
	write_threads(jw, listing, channel);
	jw_object_end(jw);
}

/* The category, or 0 where the user does not see it, so that its channels stand with those that have none. */
static int64_t group_of(const struct listing *listing, const struct channel *channel)
{
	for (size_t i = 0; channel->parent_id != 0 && i < listing->count; i++) {
		if (listing->channels[i].id == channel->parent_id)
			return channel->parent_id;
	}
	return 0;
}

/* category is NULL for the channels that have none. */
static void write_group(struct jw *jw, const struct listing *listing, const int64_t *groups,
			const struct channel *category)
{
	int64_t category_id = category != NULL ? category->id : 0;
	bool is_open = false;
	for (size_t i = 0; i < listing->count; i++) {
		const struct channel *channel = &listing->channels[i];
		if (groups[i] != category_id || !is_shown(listing, channel) || !joined_find(listing, channel->id))
			continue;
		if (!is_open) {
			jw_object(jw, NULL);
			jw_id(jw, "id", category_id);
			jw_text(jw, "name", category != NULL ? category->name : NULL);
			jw_array(jw, "channels");
			is_open = true;
		}
		write_channel(jw, listing, channel);
	}
	if (is_open) {
		jw_array_end(jw);
		jw_object_end(jw);
	}
}

static void write_groups(struct arena *arena, struct jw *jw, const struct listing *listing)
{
	int64_t *groups = arena_alloc(arena, (listing->count + 1) * sizeof(*groups));
	for (size_t i = 0; i < listing->count; i++)
		groups[i] = group_of(listing, &listing->channels[i]);
	jw_array(jw, "groups");
	write_group(jw, listing, groups, NULL);
	for (size_t i = 0; i < listing->count; i++) {
		if (listing->channels[i].type == CHANNEL_TYPE_CATEGORY)
			write_group(jw, listing, groups, &listing->channels[i]);
	}
	jw_array_end(jw);
}

static void write_more(struct jw *jw, const struct listing *listing)
{
	int count = 0;
	jw_array(jw, "more");
	for (size_t i = 0; i < listing->count; i++) {
		const struct channel *channel = &listing->channels[i];
		if (!is_shown(listing, channel) || joined_find(listing, channel->id) != NULL)
			continue;
		if (count < CHANNEL_SIDEBAR_MORE_MAX || has_threads(listing, channel) || is_opened(listing, channel))
			write_channel(jw, listing, channel);
		count++;
	}
	jw_array_end(jw);
}

enum err channel_sidebar_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
				 const struct channel_sidebar *whose)
{
	struct listing listing = {.whose = whose};
	TRY(channel_list_visible(db, arena, guild_id, whose->user_id, &listing.channels, &listing.count));
	TRY(read_joined(db, arena, guild_id, &listing));
	TRY(read_threads(db, arena, guild_id, &listing));
	jw_object(jw, key);
	write_groups(arena, jw, &listing);
	write_more(jw, &listing);
	jw_object_end(jw);
	return ERR_OK;
}

static enum err write_direct(struct sql *db, struct arena *arena, struct jw *jw, const struct joined *joined,
			     const struct channel_sidebar *whose)
{
	struct channel channel;
	TRY(channel_find(db, arena, joined->channel_id, &channel));
	jw_object(jw, NULL);
	TRY(channel_view_to_json(db, arena, jw, "channel", &channel, whose->user_id));
	jw_flag(jw, "muted", joined->is_muted);
	jw_flag(jw, "is_current", channel.id == whose->current_id);
	jw_object_end(jw);
	return ERR_OK;
}

enum err channel_sidebar_direct_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
					const struct channel_sidebar *whose)
{
	struct joined list[CHANNEL_SIDEBAR_DIRECT_MAX];
	size_t count = 0;
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_CHANNEL_SIDEBAR_DIRECT,
		      SQL_ARGS(sql_id(whose->user_id), sql_int(whose->now_ms), sql_id(whose->current_id),
			       sql_int(CHANNEL_SIDEBAR_DIRECT_MAX)),
		      &stmt));
	while (count < CHANNEL_SIDEBAR_DIRECT_MAX && sql_step(stmt))
		list[count++] = (struct joined){sql_column_int(stmt, 0), sql_column_int(stmt, 1) != 0};
	TRY(sql_finish(stmt));
	jw_array(jw, key);
	for (size_t i = 0; i < count; i++)
		TRY(write_direct(db, arena, jw, &list[i], whose));
	jw_array_end(jw);
	return ERR_OK;
}

enum err channel_first_to_open(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id,
			       int64_t *channel_id)
{
	const struct channel_sidebar whose = {.user_id = user_id};
	struct listing listing = {.whose = &whose};
	int best = 0;
	*channel_id = 0;
	TRY(channel_list_visible(db, arena, guild_id, user_id, &listing.channels, &listing.count));
	TRY(read_joined(db, arena, guild_id, &listing));
	for (size_t i = 0; i < listing.count; i++) {
		const struct channel *channel = &listing.channels[i];
		bool is_joined = joined_find(&listing, channel->id) != NULL;
		int rank =
		    1 + (channel->archived_at_ms == 0 ? 1 : 0) + (is_joined && channel->archived_at_ms == 0 ? 1 : 0);
		if (channel->type != CHANNEL_TYPE_TEXT || rank <= best)
			continue;
		best = rank;
		*channel_id = channel->id;
	}
	return ERR_OK;
}

enum err channel_last_direct(struct sql *db, int64_t user_id, int64_t *channel_id)
{
	return sql_find_int(db, QUERY_CHANNEL_LIST_DIRECT, SQL_ARGS(sql_id(user_id), sql_int(1)), channel_id);
}
