/* Writing the event log. */
#include "base/ensure.h"
#include "domain/event/event.h"

enum { PRUNE_AT_ONCE = 500 };

enum err event_append(struct apply *apply, struct event *event)
{
	ensure(event->payload_n <= EVENT_PAYLOAD_MAX);
	event->seq = ++*apply->last_seq;
	return sql_run(apply->db, QUERY_EVENT_INSERT,
		       SQL_ARGS(sql_int(event->seq), sql_text(event->type), sql_id(event->guild_id),
				sql_id(event->channel_id), sql_id(event->user_id), sql_id(event->message_id),
				sql_text(event->payload)),
		       NULL);
}

enum err event_append_to_each(struct apply *apply, const struct event *event)
{
	bool is_of_channel = event->channel_id != 0;
	int count;
	ensure(event->payload_n <= EVENT_PAYLOAD_MAX);
	TRY(sql_run(apply->db, is_of_channel ? QUERY_EVENT_INSERT_FOR_PEOPLE : QUERY_EVENT_INSERT_FOR_MEMBERS,
		    SQL_ARGS(sql_id(is_of_channel ? event->channel_id : event->guild_id), sql_int(*apply->last_seq),
			     sql_text(event->type), sql_text(event->payload)),
		    &count));
	*apply->last_seq += count;
	return ERR_OK;
}

enum err event_scrub_message(struct apply *apply, int64_t message_id)
{
	return sql_run(apply->db, QUERY_EVENT_SCRUB_MESSAGE, SQL_ARGS(sql_id(message_id)), NULL);
}

static enum err set_pruned(struct sql *db, int64_t seq)
{
	char text[ID_TEXT_SIZE];
	id_format(seq, text);
	return sql_run(db, QUERY_EVENT_SET_PRUNED, SQL_ARGS(sql_text(text)), NULL);
}

enum err event_begin_epoch(struct sql *db, int64_t start)
{
	struct event_range range;
	char text[ID_TEXT_SIZE];
	ensure(start > 0 && start <= EVENT_EPOCH_START_MAX);
	TRY(event_range(db, &range));
	int64_t epoch = (range.head >> EVENT_EPOCH_SHIFT) + 1;
	if (epoch > EVENT_EPOCH_MAX)
		return ERR_INTERNAL;
	id_format(epoch, text);
	TRY(sql_run(db, QUERY_EVENT_SET_EPOCH, SQL_ARGS(sql_text(text)), NULL));
	return set_pruned(db, (epoch << EVENT_EPOCH_SHIFT) + start);
}

/* The lower bound of what counts as kept rises by as many as are dropped, and not all that lies below it is dropped at
 * once where an earlier epoch left something: who is told that there is no gap finds everything. */
enum err event_prune(struct sql *db, int64_t keep, bool *is_done)
{
	struct event_range range;
	int dropped;
	TRY(event_range(db, &range));
	int64_t last = range.head - keep;
	if (last > range.oldest + PRUNE_AT_ONCE - 1)
		last = range.oldest + PRUNE_AT_ONCE - 1;
	if (last >= range.oldest)
		TRY(set_pruned(db, last));
	else
		last = range.oldest - 1;
	TRY(sql_run(db, QUERY_EVENT_PRUNE, SQL_ARGS(sql_int(last), sql_int(PRUNE_AT_ONCE)), &dropped));
	*is_done = dropped < PRUNE_AT_ONCE;
	return ERR_OK;
}
