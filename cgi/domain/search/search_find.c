/* What is found. The index gives what matches in order, and each of these is looked up: it counts if it is still there and
 * stands where the user may read now, whatever the index was asked. */
#include "domain/search/search_access.h"
#include "domain/search/search_match.h"
#include "domain/search/search_query.h"
#include "domain/search/search_resolve.h"

/* Whether that message may be read, and where it stands. */
static enum err look_up(struct sql *db, const struct search_access *access, int64_t message_id, struct search_hit *hit,
			bool *is_readable)
{
	struct sql_stmt *stmt;
	*is_readable = false;
	TRY(sql_start(db, QUERY_SEARCH_HIT, SQL_ARGS(sql_id(message_id)), &stmt));
	if (sql_step(stmt)) {
		*hit = (struct search_hit){message_id, sql_column_int(stmt, 0)};
		*is_readable = search_access_has(access, hit->channel_id, (int)sql_column_int(stmt, 3),
						 sql_column_int(stmt, 4));
	}
	return sql_finish(stmt);
}

/* Everything is counted up to SEARCH_COUNTED_MAX, and up to what stands behind the page. */
static enum err walk(struct sql *db, struct sql_stmt *found, const struct search_access *access,
		     const struct search_page *page, struct search_result *out)
{
	int64_t last = page->offset + page->limit;
	int64_t most = last > SEARCH_COUNTED_MAX ? last : SEARCH_COUNTED_MAX;
	int examined = 0;
	out->is_total_exact = true;
	while (sql_step(found)) {
		struct search_hit hit;
		bool is_readable;
		if (out->total == most || examined++ == SEARCH_EXAMINED_MAX) {
			out->is_total_exact = false;
			break;
		}
		TRY(look_up(db, access, sql_column_int(found, 0), &hit, &is_readable));
		if (!is_readable)
			continue;
		if (out->total >= page->offset && out->total < last)
			out->hits[out->count++] = hit;
		out->total++;
	}
	out->has_next = out->total > last || (out->total == last && !out->is_total_exact);
	return ERR_OK;
}

enum err search_find(struct sql *db, struct arena *arena, const struct search_scope *scope,
		     const struct search_query *query, const struct search_page *page, struct search_result *out)
{
	struct search_access access;
	struct search_resolved *resolved = arena_alloc(arena, sizeof(*resolved));
	struct sql_stmt *found;
	*out = (struct search_result){.is_total_exact = true};
	TRY(search_access_load(db, arena, scope, &access));
	TRY(search_resolve(db, arena, &access, query, resolved));
	out->unknown_filter = resolved->unknown_filter;
	out->unknown_name = resolved->unknown_name;
	if (out->unknown_filter != NULL)
		return ERR_OK;
	TRY(search_match(db, arena, &access, query, resolved, &out->match));
	TRY(sql_start(db, page->is_oldest_first ? QUERY_SEARCH_FIND_OLDEST : QUERY_SEARCH_FIND_NEWEST,
		      SQL_ARGS(sql_text(out->match), sql_int(query->min_id), sql_int(query->max_id)), &found));
	enum err e = walk(db, found, &access, page, out);
	enum err end = sql_finish(found);
	return e != ERR_OK ? e : end;
}
