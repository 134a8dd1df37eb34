#include "domain/message/message_echo.h"

#include "domain/message/message_change.h"

enum err message_echo_insert(struct apply *apply, int64_t message_id, int64_t echo_id)
{
	TRY(sql_run(apply->db, QUERY_MESSAGE_INSERT_ECHO, SQL_ARGS(sql_id(message_id), sql_id(echo_id)), NULL));
	TRY(message_part_set(apply, message_id, MESSAGE_HAS_ECHO, true));
	return message_part_set(apply, echo_id, MESSAGE_HAS_ECHO, true);
}

enum err message_echo_find(struct apply *apply, int64_t message_id, struct message_echo *out)
{
	struct sql_stmt *stmt;
	*out = (struct message_echo){0};
	TRY(sql_start(apply->db, QUERY_MESSAGE_FIND_ECHO, SQL_ARGS(sql_id(message_id)), &stmt));
	if (sql_step(stmt))
		*out = (struct message_echo){.message_id = sql_column_int(stmt, 0),
					     .channel_id = sql_column_int(stmt, 1),
					     .parts = sql_column_int(stmt, 2),
					     .is_echo = sql_column_int(stmt, 3) != 0};
	return sql_finish(stmt);
}

enum err message_echo_gone(struct apply *apply, int64_t message_id)
{
	struct message_echo other;
	struct channel channel;
	TRY(message_echo_find(apply, message_id, &other));
	TRY(sql_run(apply->db, QUERY_MESSAGE_DELETE_ECHO, SQL_ARGS(sql_id(message_id)), NULL));
	if (other.message_id == 0)
		return ERR_OK;
	if (!other.is_echo)
		return message_part_set(apply, other.message_id, MESSAGE_HAS_ECHO, false);
	TRY(channel_find(apply->db, apply->arena, other.channel_id, &channel));
	return message_take_away(apply, &channel, other.message_id, other.parts & ~(int64_t)MESSAGE_HAS_ECHO);
}
