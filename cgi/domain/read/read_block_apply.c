/* Blocks of messages, as messages come and go. Every post comes through here: what it costs is one row of the channel,
 * which it writes anyway, and one of its author's place in the channel; each READ_BLOCK_POSTS-th also writes the block.
 */
#include "domain/read/read.h"

static enum err seal(struct apply *apply, int64_t channel_id, int64_t sealed_id, int64_t message_id)
{
	struct sql_arg channel = sql_id(channel_id), after = sql_int(sealed_id), last = sql_id(message_id);
	TRY(sql_run(apply->db, QUERY_READ_SEAL, SQL_ARGS(channel, after, last), NULL));
	TRY(sql_run(apply->db, QUERY_READ_SEAL_AUTHORS, SQL_ARGS(channel, after, last), NULL));
	return sql_run(apply->db, QUERY_READ_SEAL_DONE, SQL_ARGS(channel, last), NULL);
}

enum err read_message_added(struct apply *apply, int64_t channel_id, int64_t message_id, int64_t author_id,
			    bool *is_member)
{
	struct sql_stmt *stmt;
	int64_t open_count = 0, sealed_id = 0;
	int changes;
	TRY(sql_run(apply->db, QUERY_READ_POST, SQL_ARGS(sql_id(channel_id), sql_id(message_id)), NULL));
	TRY(sql_start(apply->db, QUERY_READ_POST_OPEN, SQL_ARGS(sql_id(channel_id)), &stmt));
	if (sql_step(stmt)) {
		open_count = sql_column_int(stmt, 0);
		sealed_id = sql_column_int(stmt, 1);
	}
	TRY(sql_finish(stmt));
	TRY(sql_run(apply->db, QUERY_READ_POST_OWN, SQL_ARGS(sql_id(channel_id), sql_id(author_id), sql_id(message_id)),
		    &changes));
	*is_member = changes > 0;
	return open_count < READ_BLOCK_POSTS ? ERR_OK : seal(apply, channel_id, sealed_id, message_id);
}

enum err read_message_gone(struct apply *apply, int64_t channel_id, int64_t message_id)
{
	int64_t block_id;
	struct sql_arg channel = sql_id(channel_id), message = sql_id(message_id);
	TRY(sql_find_int(apply->db, QUERY_READ_BLOCK_OF, SQL_ARGS(channel, message), &block_id));
	if (block_id == 0)
		return ERR_OK;
	TRY(sql_run(apply->db, QUERY_READ_BLOCK_LESS, SQL_ARGS(channel, sql_id(block_id)), NULL));
	return sql_run(apply->db, QUERY_READ_BLOCK_LESS_OF_AUTHOR, SQL_ARGS(channel, message, sql_id(block_id)), NULL);
}
