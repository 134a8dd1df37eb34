#include "domain/search/search_access.h"

#include "domain/channel/channel.h"
#include "domain/perm.h"

#include <stdlib.h>

enum { OWN_THREADS_MAX = 500 };

static int by_id(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void sort(struct search_ids *ids)
{
	if (ids->count > 1)
		qsort(ids->list, ids->count, sizeof(*ids->list), by_id);
}

bool search_ids_has(const struct search_ids *ids, int64_t id)
{
	return ids->count > 0 && bsearch(&id, ids->list, ids->count, sizeof(id), by_id) != NULL;
}

static struct search_ids room_for(struct arena *arena, size_t count)
{
	return (struct search_ids){arena_alloc(arena, count * sizeof(int64_t)), 0};
}

static void add(struct search_ids *ids, int64_t id)
{
	ids->list[ids->count++] = id;
}

static enum err load_direct(struct sql *db, struct arena *arena, struct search_access *out)
{
	uint64_t bits;

	TRY(perm_of_channel(db, arena, out->scope.channel_id, out->scope.user_id, &bits));
	if (!perm_has(bits, PERM_READ_HISTORY))
		return ERR_MISSING_PERMISSIONS;
	out->readable = room_for(arena, 1);
	add(&out->readable, out->scope.channel_id);
	return ERR_OK;
}

static enum err load_channels(struct sql *db, struct arena *arena, struct search_access *out)
{
	const struct search_scope *scope = &out->scope;
	struct perm_member member;
	struct channel *channels;
	size_t count;

	TRY(perm_load_member(db, arena, scope->guild_id, scope->user_id, &member));
	TRY(channel_list_visible(db, arena, scope->guild_id, scope->user_id, &channels, &count));
	out->readable = room_for(arena, count);
	out->managed = room_for(arena, count);
	for (size_t i = 0; i < count; i++) {
		uint64_t bits = perm_of_member_in(&member, &channels[i]);
		if (channels[i].type == CHANNEL_TYPE_CATEGORY || !perm_has(bits, PERM_READ_HISTORY))
			continue;
		add(&out->readable, channels[i].id);
		if (perm_has(bits, PERM_MANAGE_THREADS))
			add(&out->managed, channels[i].id);
	}
	sort(&out->readable);
	sort(&out->managed);
	return ERR_OK;
}

static enum err load_hidden(struct sql *db, struct arena *arena, struct search_access *out)
{
	struct sql_stmt *stmt;

	out->hidden = room_for(arena, CHANNELS_MAX);
	TRY(sql_start(db, QUERY_SEARCH_CHANNELS, SQL_ARGS(sql_id(out->scope.guild_id)), &stmt));
	while (out->hidden.count < CHANNELS_MAX && sql_step(stmt)) {
		int64_t id = sql_column_int(stmt, 0);
		if (!search_ids_has(&out->readable, id))
			add(&out->hidden, id);
	}
	TRY(sql_finish(stmt));
	sort(&out->hidden);
	return ERR_OK;
}

/* Threads whose channel is not to be seen any more are among them: whoever lost that has lost them. */
static enum err load_threads(struct sql *db, struct arena *arena, struct search_access *out)
{
	const struct search_scope *scope = &out->scope;
	struct sql_stmt *stmt;

	out->threads = room_for(arena, OWN_THREADS_MAX);
	TRY(sql_start(db, QUERY_SEARCH_OWN_THREADS,
		      SQL_ARGS(sql_id(scope->user_id), sql_id(scope->guild_id), sql_int(OWN_THREADS_MAX)), &stmt));
	while (out->threads.count < OWN_THREADS_MAX && sql_step(stmt)) {
		if (search_ids_has(&out->readable, sql_column_int(stmt, 1)))
			add(&out->threads, sql_column_int(stmt, 0));
	}
	TRY(sql_finish(stmt));
	sort(&out->threads);
	return ERR_OK;
}

enum err search_access_load(struct sql *db, struct arena *arena, const struct search_scope *scope,
			    struct search_access *out)
{
	*out = (struct search_access){.scope = *scope};
	if (scope->guild_id == 0)
		return load_direct(db, arena, out);
	TRY(load_channels(db, arena, out));
	TRY(load_hidden(db, arena, out));
	return load_threads(db, arena, out);
}

bool search_access_has(const struct search_access *access, int64_t channel_id, int type, int64_t parent_id)
{
	if (type == CHANNEL_TYPE_PUBLIC_THREAD)
		return search_ids_has(&access->readable, parent_id);
	if (type == CHANNEL_TYPE_PRIVATE_THREAD)
		return search_ids_has(&access->threads, channel_id) || search_ids_has(&access->managed, parent_id);
	return search_ids_has(&access->readable, channel_id);
}
