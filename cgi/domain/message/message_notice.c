/* Messages that nobody typed: they tell the readers of a channel what somebody did. */
#include "domain/message/message_change.h"
#include "domain/message/message_json.h"
#include "domain/read/read.h"

enum err message_notice_post(struct apply *apply, const struct message_notice *notice, int64_t *message_id)
{
	int64_t channel_id = notice->channel->id;
	bool is_member;
	*message_id = id_next(apply->ids, apply->now_ms);
	TRY(sql_run(apply->db, QUERY_MESSAGE_INSERT,
		    SQL_ARGS(sql_id(*message_id), sql_id(channel_id), sql_id(apply->actor_id), sql_int(notice->type),
			     sql_text(notice->content), sql_text(NULL), sql_int(0), sql_int(0), sql_id(0),
			     sql_id(notice->reference_channel_id)),
		    NULL));
	TRY(read_message_added(apply, channel_id, *message_id, apply->actor_id, &is_member));
	TRY(channel_join_by_post(apply, notice->channel, is_member));
	return message_announce(apply, "MESSAGE_CREATE", notice->channel, *message_id, NULL);
}

enum err message_notice_take(struct apply *apply, int64_t channel_id, int64_t message_id)
{
	struct channel channel;
	struct sql_stmt *stmt;
	int64_t parts = -1;
	TRY(sql_start(apply->db, QUERY_MESSAGE_FIND, SQL_ARGS(sql_id(message_id), sql_id(channel_id)), &stmt));
	if (sql_step(stmt))
		parts = sql_column_int(stmt, MESSAGE_COLUMN_PARTS);
	TRY(sql_finish(stmt));
	if (parts < 0)
		return ERR_OK;
	TRY(channel_find(apply->db, apply->arena, channel_id, &channel));
	return message_take_away(apply, &channel, message_id, parts);
}
