/* What all subscribers have in common. */
#include "live/subscriber.h"

#include "base/ensure.h"
#include "base/log.h"
#include "live/live.h"

#include <stdlib.h>

static void tick(struct timer *timer)
{
	struct subscriber *subscriber = LIST_OWNER(timer, struct subscriber, timer);
	subscriber->transport->tick(subscriber);
}

static struct subscriber *make(struct connection *connection, const struct subscription *subscription)
{
	const struct live_query *query = subscription->query;
	struct live *live = connection->live;
	ensure(subscription->transport->size_bytes >= sizeof(struct subscriber));
	struct subscriber *subscriber = ensure_calloc(1, subscription->transport->size_bytes);
	*subscriber = (struct subscriber){
	    .transport = subscription->transport,
	    .live = live,
	    .connection = connection,
	    .viewer = viewers_hold(&live->viewers, subscription->user_id),
	    .session_id = subscription->session_id,
	    .cursor = query->has_after ? query->after : subscription->range.head,
	    .target = subscription->range.head,
	    .signal = live->signals.next,
	    .channel_id = query->channel_id,
	    .types = query->types == NULL ? NULL : ensure_strdup(query->types),
	};
	timers_prepare(&subscriber->timer, tick);
	list_init(&subscriber->queue);
	list_append(&live->subscribers, &subscriber->node);
	list_append(&subscriber->viewer->subscribers, &subscriber->fellow);
	return subscriber;
}

void subscriber_open(struct connection *connection, const struct subscription *subscription)
{
	const struct event_range *range = &subscription->range;
	struct live *live = connection->live;
	struct subscriber *subscriber = make(connection, subscription);
	connection_become_stream(connection, subscriber);
	bool is_gap = event_is_gap(range, subscriber->cursor);
	if (range->head > live->window.head)
		intake_ring(live); /* the bell is on its way */
	subscriber->transport->open(subscriber, subscription->query);
	if (is_gap)
		subscriber_lose(subscriber, range->head);
	subscriber->transport->settle(subscriber, subscriber_is_at_head(subscriber));
	connection_flush(connection);
	delivery_wake(live, subscriber);
}

void subscriber_finish(struct subscriber *subscriber)
{
	struct connection *connection = subscriber->connection;
	subscriber_detach(subscriber);
	connection_finish(connection);
}

void subscriber_detach(struct subscriber *subscriber)
{
	if (subscriber->is_over)
		return;
	subscriber->is_over = true;
	timers_clear(&subscriber->live->loop.timers, &subscriber->timer);
	list_remove(&subscriber->node);
	list_remove(&subscriber->queue);
	list_remove(&subscriber->fellow);
	viewers_drop(&subscriber->live->viewers, subscriber->viewer);
	subscriber->viewer = NULL;
}

void subscriber_free(struct subscriber *subscriber)
{
	ensure(subscriber->is_over);
	if (subscriber->transport->release != NULL)
		subscriber->transport->release(subscriber);
	free(subscriber->types);
	free(subscriber);
}

void subscriber_lose(struct subscriber *subscriber, int64_t head)
{
	int64_t after = subscriber->cursor;
	subscriber->cursor = head;
	subscriber->target = head;
	list_remove(&subscriber->queue);
	log_event(LOG_DEBUG, "gap", log_number("after", after), log_number("head", head));
	subscriber->transport->gap(subscriber, after);
}

bool subscriber_is_at_head(const struct subscriber *subscriber)
{
	return subscriber->cursor >= subscriber->live->window.head && subscriber->cursor >= subscriber->target;
}

bool subscriber_wants(const struct subscriber *subscriber, const struct event *event)
{
	if (subscriber->channel_id != 0 && event->channel_id != subscriber->channel_id)
		return false;
	return subscriber->types == NULL || live_query_names_type(subscriber->types, event->type);
}

void subscriber_check_session(struct subscriber *subscriber, bool is_strict)
{
	int64_t user_id = subscriber->viewer->user_id;
	enum err err = database_session_is_live(&subscriber->live->database, subscriber->session_id, user_id);
	if (err == ERR_UNAUTHORIZED || (err != ERR_OK && is_strict))
		subscriber->transport->end(subscriber, SUBSCRIBER_END_SESSION);
}
