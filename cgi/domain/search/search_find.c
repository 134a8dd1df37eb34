/* What is found. The index gives what matches in order, and with each the tables say where it stands: it counts if it
 * is still there and stands where the user may read now, whatever the index was asked. */
#include "domain/search/search_access.h"
#include "domain/search/search_match.h"
#include "domain/search/search_query.h"
#include "domain/search/search_resolve.h"

/* Places that were looked up already; one takes the room of another whose number falls together with its own. */
enum { PLACES_KNOWN = 128 };

struct place {
	int64_t channel_id;
	bool is_readable;
};

/* A search that is under way. */
struct find {
	struct sql *db;
	struct arena *arena;
	const struct search_access *access;
	const struct search_query *query;
	const struct search_resolved *resolved;
	const struct search_page *page;
	struct search_result *out;
	struct place *places; /* PLACES_KNOWN of them */
};

static struct place *room_of(const struct find *find, int64_t channel_id)
{
	return &find->places[((uint64_t)channel_id * UINT64_C(0x9e3779b97f4a7c15) >> 32) % PLACES_KNOWN];
}

/* Whether what stands there may be read now; 0 is no place. Most of what is found stands in channels that the user
 * reads. The others are threads, deleted channels, and those of somebody else. */
static enum err is_readable_in(const struct find *find, int64_t channel_id, bool *out)
{
	struct place *place = room_of(find, channel_id);
	struct sql_stmt *stmt;
	*out = search_ids_has(&find->access->readable, channel_id);
	if (*out || channel_id == 0)
		return ERR_OK;
	if (place->channel_id != channel_id) {
		*place = (struct place){channel_id, false};
		TRY(sql_start(find->db, QUERY_SEARCH_PLACE_OF_HIT, SQL_ARGS(sql_id(channel_id)), &stmt));
		if (sql_step(stmt))
			place->is_readable = search_access_has(find->access, channel_id, (int)sql_column_int(stmt, 0),
							       sql_column_int(stmt, 1));
		TRY(sql_finish(stmt));
	}
	*out = place->is_readable;
	return ERR_OK;
}

/* Everything is counted up to SEARCH_COUNTED_MAX, and up to what stands behind the page. */
static enum err walk(const struct find *find, struct sql_stmt *found, int unreadable_max, bool *is_given_up)
{
	struct search_result *out = find->out;
	int64_t first = find->page->offset, last = first + find->page->limit;
	int64_t most = last > SEARCH_COUNTED_MAX ? last : SEARCH_COUNTED_MAX;
	int unreadable = 0;
	*is_given_up = false;
	out->total = out->count = 0;
	out->is_total_exact = true;
	while (out->is_total_exact && sql_step(found)) {
		const struct search_hit hit = {sql_column_int(found, 0), sql_column_int(found, 1)};
		bool is_readable;
		TRY(is_readable_in(find, hit.channel_id, &is_readable));
		*is_given_up = !is_readable && ++unreadable == unreadable_max;
		if (*is_given_up || (is_readable && out->total == most))
			out->is_total_exact = false;
		if (!is_readable || !out->is_total_exact)
			continue;
		if (out->total >= first && out->total < last)
			out->hits[out->count++] = hit;
		out->total++;
	}
	out->has_next = out->total > last || (out->total == last && !out->is_total_exact);
	return ERR_OK;
}

static enum err ask(const struct find *find, bool is_narrowed, int unreadable_max, bool *is_given_up)
{
	struct sql_stmt *found;
	TRY(search_match(find->db, find->arena, find->access, find->query, find->resolved, is_narrowed,
			 &find->out->match));
	TRY(sql_start(find->db, find->page->is_oldest_first ? QUERY_SEARCH_FIND_OLDEST : QUERY_SEARCH_FIND_NEWEST,
		      SQL_ARGS(sql_text(find->out->match), sql_int(find->query->min_id), sql_int(find->query->max_id)),
		      &found));
	enum err e = walk(find, found, unreadable_max, is_given_up);
	enum err end = sql_finish(found);
	return e != ERR_OK ? e : end;
}

/* Mostly people may read what they ask for, and then the words alone are asked for soonest. Where too much of what is
 * found is not theirs, the index is asked again, for what stands where they may read. */
enum err search_find(struct sql *db, struct arena *arena, const struct search_scope *scope,
		     const struct search_query *query, const struct search_page *page, struct search_result *out)
{
	struct search_access access;
	struct search_resolved *resolved = arena_alloc(arena, sizeof(*resolved));
	struct place *places = arena_alloc(arena, PLACES_KNOWN * sizeof(*places));
	const struct find find = {db, arena, &access, query, resolved, page, out, places};
	bool is_given_up;
	*out = (struct search_result){.is_total_exact = true};
	TRY(search_access_load(db, arena, scope, &access));
	TRY(search_resolve(db, arena, &access, query, resolved));
	out->unknown_filter = resolved->unknown_filter;
	out->unknown_name = resolved->unknown_name;
	if (out->unknown_filter != NULL)
		return ERR_OK;
	TRY(ask(&find, false, SEARCH_UNREADABLE_MAX, &is_given_up));
	return is_given_up ? ask(&find, true, SEARCH_EXAMINED_MAX, &is_given_up) : ERR_OK;
}
