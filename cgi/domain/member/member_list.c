/* Lists of members. Ids are read first, so that the view of each is made by the one function that makes it everywhere.
 */
#include "domain/member/member.h"

static enum err start(struct sql *db, struct arena *arena, int64_t guild_id, const struct member_page *page,
		      struct sql_stmt **stmt)
{
	struct sql_arg after = sql_int(page->after), limit = sql_int(page->limit);
	if (page->role_id != 0)
		return sql_start(db, QUERY_MEMBER_LIST_OF_ROLE, SQL_ARGS(sql_id(page->role_id), after, limit), stmt);
	if (page->query == NULL || page->query[0] == '\0')
		return sql_start(db, QUERY_MEMBER_LIST, SQL_ARGS(sql_id(guild_id), after, limit), stmt);
	return sql_start(db, QUERY_MEMBER_SEARCH,
			 SQL_ARGS(sql_id(guild_id), sql_text(sql_like_anywhere(arena, page->query)), after, limit),
			 stmt);
}

enum err member_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
			     const struct member_page *page)
{
	int64_t *ids = arena_alloc(arena, (size_t)page->limit * sizeof(*ids));
	struct sql_stmt *stmt;
	int count = 0;
	TRY(start(db, arena, guild_id, page, &stmt));
	while (count < page->limit && sql_step(stmt))
		ids[count++] = sql_column_int(stmt, 0);
	TRY(sql_finish(stmt));
	jw_array(jw, key);
	for (int i = 0; i < count; i++) {
		struct member member;
		TRY(member_find(db, arena, guild_id, ids[i], &member));
		TRY(member_to_json(db, arena, jw, NULL, &member));
	}
	jw_array_end(jw);
	return ERR_OK;
}
