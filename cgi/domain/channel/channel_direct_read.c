/* Reading direct messages. */
#include "domain/block/block.h"
#include "domain/channel/channel_direct.h"

enum err channel_direct_is_open(struct sql *db, int64_t channel_id, int64_t user_id, bool *is_open)
{
	int64_t other_id, shared_id;
	bool is_blocked;
	*is_open = false;
	TRY(sql_find_int(db, QUERY_DIRECT_OTHER, SQL_ARGS(sql_id(channel_id), sql_id(user_id)), &other_id));
	TRY(sql_find_int(db, QUERY_DIRECT_SHARED_GUILD, SQL_ARGS(sql_id(user_id), sql_id(other_id)), &shared_id));
	if (shared_id == 0)
		return ERR_OK;
	TRY(block_exists_between(db, user_id, other_id, &is_blocked));
	*is_open = !is_blocked;
	return ERR_OK;
}
