/* The channels of a workspace that goes. Their messages are out of reach from here on; channel_purge takes them from
 * the disk a few at a time. */
#include "domain/channel/channel.h"
#include "domain/event/event.h"

enum err channel_delete_all(struct apply *apply, int64_t guild_id)
{
	return sql_run(apply->db, QUERY_CHANNEL_MARK_ALL_DELETED, SQL_ARGS(sql_id(guild_id), sql_int(apply->now_ms)),
		       NULL);
}
