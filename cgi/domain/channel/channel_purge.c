/* Taking what deleted channels held from the disk, a few rows at a time, so that deleting a large one delays nobody:
 * messages first, then who was in it and what they were writing. */
#include "domain/channel/channel.h"
#include "domain/search/search.h"

enum { PURGE_AT_ONCE = 200 };

/* Overwrites stay, and the people of a group do: who saw the channel is to hear of its end, and may come back late. */
static enum err purge_people(struct sql *db, int64_t channel_id)
{
	static const enum query portions[] = {QUERY_CHANNEL_PURGE_MEMBERS,       QUERY_CHANNEL_PURGE_SLOW_MODE,
					      QUERY_CHANNEL_PURGE_BANS,          QUERY_CHANNEL_PURGE_BLOCKS,
					      QUERY_CHANNEL_PURGE_BLOCK_AUTHORS, QUERY_CHANNEL_PURGE_DRAFTS};
	for (size_t i = 0; i < sizeof(portions) / sizeof(portions[0]); i++) {
		int deleted;
		TRY(sql_run(db, portions[i], SQL_ARGS(sql_id(channel_id), sql_int(PURGE_AT_ONCE)), &deleted));
		if (deleted > 0)
			return ERR_OK;
	}
	return sql_run(db, QUERY_CHANNEL_MARK_PURGED, SQL_ARGS(sql_id(channel_id)), NULL);
}

enum err channel_purge(struct apply *apply, bool *is_done)
{
	struct sql *db = apply->db;
	int64_t channel_id, last_id;
	*is_done = true;
	TRY(sql_find_int(db, QUERY_CHANNEL_NEXT_TO_PURGE, SQL_NO_ARGS, &channel_id));
	if (channel_id == 0)
		return ERR_OK;
	*is_done = false;
	TRY(sql_find_int(db, QUERY_CHANNEL_PURGE_BOUND, SQL_ARGS(sql_id(channel_id), sql_int(PURGE_AT_ONCE)),
			 &last_id));
	if (last_id == 0)
		return purge_people(db, channel_id);
	/* PART: tables that hang on messages go with them by their foreign keys. What other nouns hold of these
	 * messages that no foreign key takes goes here, before the rows that say what it was. */
	TRY(search_leave_all(apply, channel_id, last_id));
	TRY(sql_run(db, QUERY_CHANNEL_PURGE_EVENTS, SQL_ARGS(sql_id(channel_id), sql_int(last_id)), NULL));
	return sql_run(db, QUERY_CHANNEL_PURGE_MESSAGES, SQL_ARGS(sql_id(channel_id), sql_int(last_id)), NULL);
}
