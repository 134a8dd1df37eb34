/* Lists of threads, with what the reader is in each. */
#include "domain/perm.h"
#include "domain/thread/thread_row.h"

#include <string.h>

/* The channels of a workspace, asked once each for what the reader may do there. */
struct parents {
	struct channel *list;
	size_t count;
	int64_t known_id; /* the last one whose bits were asked */
	uint64_t bits;
};

static bool is_visible(const struct parents *parents, int64_t channel_id)
{
	for (size_t i = 0; i < parents->count; i++) {
		if (parents->list[i].id == channel_id)
			return true;
	}
	return false;
}

static enum err manages_threads_in(struct sql *db, struct arena *arena, struct parents *parents, int64_t channel_id,
				   int64_t user_id, bool *answer)
{
	if (parents->known_id != channel_id) {
		enum err err = perm_of_channel(db, arena, channel_id, user_id, &parents->bits);
		if (err != ERR_OK && err != ERR_UNKNOWN_CHANNEL)
			return err;
		parents->known_id = channel_id;
	}
	*answer = perm_has(parents->bits, PERM_MANAGE_THREADS);
	return ERR_OK;
}

/* Whether a thread whose channel is seen is; *joined_at_ms is 0 when the user is not in it. */
static enum err is_seen(struct sql *db, struct arena *arena, struct parents *parents, const struct thread *thread,
			int64_t user_id, int64_t *joined_at_ms, bool *answer)
{
	TRY(thread_joined_at(db, thread->id, user_id, joined_at_ms));
	*answer = thread->type != CHANNEL_TYPE_PRIVATE_THREAD || *joined_at_ms != 0;
	return *answer ? ERR_OK : manages_threads_in(db, arena, parents, thread->parent_id, user_id, answer);
}

/* What is written of a list: threads first, then what the user is in them. */
struct listing {
	struct jw *jw;
	int64_t user_id;
	const struct thread **threads;
	int64_t *joined_at_ms;
	size_t count;
};

static void listing_begin(struct listing *listing, struct arena *arena, struct jw *jw, int64_t user_id, size_t room)
{
	*listing = (struct listing){.jw = jw,
				    .user_id = user_id,
				    .threads = arena_alloc(arena, (room + 1) * sizeof(struct thread *)),
				    .joined_at_ms = arena_alloc(arena, (room + 1) * sizeof(int64_t))};
}

static void listing_add(struct listing *listing, const struct thread *thread, int64_t joined_at_ms)
{
	listing->threads[listing->count] = thread;
	listing->joined_at_ms[listing->count++] = joined_at_ms;
}

static void listing_write(const struct listing *listing)
{
	struct jw *jw = listing->jw;
	jw_array(jw, "threads");
	for (size_t i = 0; i < listing->count; i++) {
		const struct thread *thread = listing->threads[i];
		jw_object(jw, NULL);
		thread_members_to_json(jw, thread, thread->name, strlen(thread->name));
		if (listing->joined_at_ms[i] != 0)
			thread_membership_to_json(jw, "member", thread->id, listing->user_id, listing->joined_at_ms[i]);
		jw_object_end(jw);
	}
	jw_array_end(jw);
	jw_array(jw, "members");
	for (size_t i = 0; i < listing->count; i++) {
		if (listing->joined_at_ms[i] != 0)
			thread_membership_to_json(jw, NULL, listing->threads[i]->id, listing->user_id,
						  listing->joined_at_ms[i]);
	}
	jw_array_end(jw);
}

/* Those of the list that are seen, of channels that are. */
static enum err write_seen(struct sql *db, struct arena *arena, struct jw *jw, const struct thread_list *read,
			   struct parents *parents, int64_t user_id)
{
	struct listing listing;
	listing_begin(&listing, arena, jw, user_id, read->count);
	for (size_t i = 0; i < read->count; i++) {
		const struct thread *thread = &read->list[i];
		int64_t joined_at_ms;
		bool seen;
		if (!is_visible(parents, thread->parent_id))
			continue;
		TRY(is_seen(db, arena, parents, thread, user_id, &joined_at_ms, &seen));
		if (seen)
			listing_add(&listing, thread, joined_at_ms);
	}
	listing_write(&listing);
	return ERR_OK;
}

static struct thread_list list_with_room(struct arena *arena, size_t room)
{
	return (struct thread_list){.list = arena_alloc(arena, room * sizeof(struct thread)), .room = room};
}

enum err thread_list_active_to_json(struct sql *db, struct arena *arena, struct jw *jw, int64_t guild_id,
				    int64_t user_id)
{
	struct thread_list read = list_with_room(arena, THREADS_ACTIVE_MAX);
	struct parents parents = {0};
	TRY(channel_list_visible(db, arena, guild_id, user_id, &parents.list, &parents.count));
	TRY(thread_list_read(db, arena, QUERY_THREAD_LIST_ACTIVE,
			     SQL_ARGS(sql_id(guild_id), sql_int(THREADS_ACTIVE_MAX)), &read));
	return write_seen(db, arena, jw, &read, &parents, user_id);
}

enum err thread_list_active_in_to_json(struct sql *db, struct arena *arena, struct jw *jw, const struct channel *parent,
				       uint64_t bits, int64_t user_id)
{
	struct thread_list read = list_with_room(arena, THREADS_ACTIVE_MAX);
	struct channel copy = *parent;
	struct parents parents = {.list = &copy, .count = 1, .known_id = parent->id, .bits = bits};
	TRY(thread_list_read(db, arena, QUERY_THREAD_LIST_ACTIVE_IN,
			     SQL_ARGS(sql_id(parent->id), sql_int(THREADS_ACTIVE_MAX)), &read));
	return write_seen(db, arena, jw, &read, &parents, user_id);
}

enum err thread_list_of_to_json(struct sql *db, struct arena *arena, struct jw *jw, const int64_t *channel_ids,
				size_t count, int64_t user_id)
{
	struct thread *threads = arena_alloc(arena, (count + 1) * sizeof(*threads));
	struct listing listing;
	listing_begin(&listing, arena, jw, user_id, count);
	for (size_t i = 0; i < count; i++) {
		int64_t joined_at_ms;
		enum err e = thread_find(db, arena, channel_ids[i], &threads[i]);
		if (e == ERR_UNKNOWN_CHANNEL)
			continue;
		TRY(e);
		TRY(thread_joined_at(db, channel_ids[i], user_id, &joined_at_ms));
		listing_add(&listing, &threads[i], joined_at_ms);
	}
	listing_write(&listing);
	return ERR_OK;
}

enum err thread_list_archived_to_json(struct sql *db, struct arena *arena, struct jw *jw,
				      const struct thread_page *page, int64_t user_id)
{
	struct thread_list read = list_with_room(arena, (size_t)page->limit + 1);
	struct listing listing;
	struct sql_arg limit = sql_int(page->limit + 1);
	if (page->is_joined)
		TRY(thread_list_read(db, arena, QUERY_THREAD_LIST_ARCHIVED_JOINED,
				     SQL_ARGS(sql_id(page->channel_id), sql_id(user_id), sql_int(page->before), limit),
				     &read));
	else
		TRY(thread_list_read(
		    db, arena, QUERY_THREAD_LIST_ARCHIVED,
		    SQL_ARGS(sql_id(page->channel_id), sql_int(page->type), sql_int(page->before), limit), &read));
	bool has_more = read.count > (size_t)page->limit;
	size_t count = has_more ? (size_t)page->limit : read.count;
	listing_begin(&listing, arena, jw, user_id, count);
	for (size_t i = 0; i < count; i++) {
		int64_t joined_at_ms;
		TRY(thread_joined_at(db, read.list[i].id, user_id, &joined_at_ms));
		listing_add(&listing, &read.list[i], joined_at_ms);
	}
	listing_write(&listing);
	jw_flag(jw, "has_more", has_more);
	return ERR_OK;
}
