/* Writing the event log. */
#include "base/ensure.h"
#include "domain/event/event.h"

enum { PRUNE_AT_ONCE = 500 };

enum err event_append(struct apply *apply, struct event *event)
{
	ensure(event->payload_n <= EVENT_PAYLOAD_MAX);
	event->seq = ++*apply->last_seq;
	return sql_run(apply->db, QUERY_EVENT_INSERT,
	               SQL_ARGS(sql_int(event->seq), sql_text(event->type), sql_id(event->guild_id), sql_id(event->channel_id),
	                        sql_id(event->user_id), sql_id(event->message_id), sql_text(event->payload)),
	               NULL);
}

enum err event_scrub_message(struct apply *apply, int64_t message_id)
{
	return sql_run(apply->db, QUERY_EVENT_SCRUB_MESSAGE, SQL_ARGS(sql_id(message_id)), NULL);
}

enum err event_prune(struct sql *db, int64_t keep)
{
	struct event_range range;
	TRY(event_range(db, &range));
	int64_t newest_to_drop = range.head - keep;
	if (newest_to_drop < range.oldest)
		return ERR_OK;
	if (newest_to_drop - range.oldest >= PRUNE_AT_ONCE)
		newest_to_drop = range.oldest + PRUNE_AT_ONCE - 1;
	/* Events of an earlier epoch stand below the oldest one that counts, and go first. */
	TRY(sql_run(db, QUERY_EVENT_PRUNE, SQL_ARGS(sql_int(newest_to_drop), sql_int(PRUNE_AT_ONCE)), NULL));
	char text[ID_TEXT_SIZE];
	id_format(newest_to_drop, text);
	return sql_run(db, QUERY_EVENT_SET_PRUNED, SQL_ARGS(sql_text(text)), NULL);
}
