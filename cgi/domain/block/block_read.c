/* Reading blocks. */
#include "domain/block/block.h"

enum err block_exists(struct sql *db, int64_t user_id, int64_t blocked_id, bool *exists)
{
	int64_t one;
	TRY(sql_find_int(db, QUERY_BLOCK_FIND, SQL_ARGS(sql_id(user_id), sql_id(blocked_id)), &one));
	*exists = one != 0;
	return ERR_OK;
}

enum err block_exists_between(struct sql *db, int64_t a_id, int64_t b_id, bool *exists)
{
	TRY(block_exists(db, a_id, b_id, exists));
	return *exists ? ERR_OK : block_exists(db, b_id, a_id, exists);
}

enum err block_check_adding(struct apply *apply, int64_t user_id)
{
	bool is_blocked;
	TRY(block_exists(apply->db, user_id, apply->actor_id, &is_blocked));
	return is_blocked ? ERR_CANNOT_DM : ERR_OK;
}

enum err block_list_ids(struct sql *db, struct arena *arena, int64_t user_id, int64_t **ids, size_t *count)
{
	struct sql_stmt *stmt;
	*ids = arena_alloc(arena, BLOCKS_MAX * sizeof(**ids));
	*count = 0;
	TRY(sql_start(db, QUERY_BLOCK_LIST, SQL_ARGS(sql_id(user_id)), &stmt));
	while (*count < BLOCKS_MAX && sql_step(stmt))
		(*ids)[(*count)++] = sql_column_int(stmt, 0);
	return sql_finish(stmt);
}
