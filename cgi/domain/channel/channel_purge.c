/* Taking the messages of deleted channels from the disk, a few at a time, so that deleting a large one delays nobody.
 */
#include "domain/channel/channel.h"

enum { PURGE_AT_ONCE = 200 };

enum err channel_purge(struct sql *db, bool *is_done)
{
	int64_t channel_id, last_id;
	*is_done = true;
	TRY(sql_find_int(db, QUERY_CHANNEL_NEXT_TO_PURGE, SQL_NO_ARGS, &channel_id));
	if (channel_id == 0)
		return ERR_OK;
	*is_done = false;
	TRY(sql_find_int(db, QUERY_CHANNEL_PURGE_BOUND, SQL_ARGS(sql_id(channel_id), sql_int(PURGE_AT_ONCE)),
			 &last_id));
	if (last_id == 0)
		return sql_run(db, QUERY_CHANNEL_MARK_PURGED, SQL_ARGS(sql_id(channel_id)), NULL);
	TRY(sql_run(db, QUERY_CHANNEL_PURGE_EVENTS, SQL_ARGS(sql_id(channel_id), sql_int(last_id)), NULL));
	return sql_run(db, QUERY_CHANNEL_PURGE_MESSAGES, SQL_ARGS(sql_id(channel_id), sql_int(last_id)), NULL);
}
