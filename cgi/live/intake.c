/* New events: from the log into the window. */
#include "live/intake.h"

#include "base/log.h"
#include "live/live.h"
#include "live/log_reader.h"
#include "json/json.h"

#include <string.h>

void intake_ring(struct live *live)
{
	live->intake.is_rung = true;
}

/* Ends the streams of a session, or of all sessions of an account that are no longer live. The database decides, not
 * the event: by now the account may have logged in anew, and that session is not meant. */
static void revoke(struct live *live, const struct event *event)
{
	json_t *payload;
	int64_t session_id = 0;
	if (viewers_find(&live->viewers, event->user_id) == NULL)
		return;
	if (json_parse_own(&live->arena, event->payload, event->payload_n, &payload) == ERR_OK)
		session_id = json_id(payload, "session_id");
	struct viewer *viewer = viewers_hold(&live->viewers, event->user_id); /* it must not go with its last stream */
	struct list *next;
	for (struct list *at = viewer->subscribers.next; at != &viewer->subscribers; at = next) {
		struct subscriber *subscriber = LIST_OWNER(at, struct subscriber, fellow);
		next = at->next;
		if (session_id == 0 || session_id == subscriber->session_id)
			subscriber_check_session(subscriber, true);
	}
	viewers_drop(&live->viewers, viewer);
}

static void scrub_all(struct live *live, const struct event *event)
{
	json_t *payload, *each;
	size_t i;
	if (json_parse_own(&live->arena, event->payload, event->payload_n, &payload) != ERR_OK)
		return;
	json_array_foreach(json_object_get(payload, "ids"), i, each)
	    window_scrub_message(&live->window, json_id_of(each));
}

/* What was said in the threads of a channel that is gone: they have no event of their own. What the database cannot
 * tell of is forgotten too. */
static void scrub_threads(struct live *live, int64_t channel_id)
{
	uint64_t number = window_find(&live->window, live->window.after);
	for (struct item *item; (item = window_at(&live->window, number)) != NULL; number++) {
		int64_t parent_id;
		if (item->event.message_id == 0)
			continue;
		enum err err = database_thread_parent(&live->database, item->event.channel_id, &parent_id);
		if (err != ERR_OK || parent_id == channel_id)
			window_scrub_channel(&live->window, item->event.channel_id);
	}
}

static void scrub_channel(struct live *live, int64_t channel_id)
{
	window_scrub_channel(&live->window, channel_id);
	scrub_threads(live, channel_id);
}

static void learn(struct live *live, const struct event *event)
{
	viewers_learn(&live->viewers, event);
	signals_learn(&live->signals, event);
	if (strcmp(event->type, "_SESSION_REVOKED") == 0)
		revoke(live, event);
	else if (strcmp(event->type, "MESSAGE_DELETE") == 0)
		window_scrub_message(&live->window, event->message_id);
	else if (strcmp(event->type, "MESSAGE_DELETE_BULK") == 0)
		scrub_all(live, event);
	else if (strcmp(event->type, "CHANNEL_DELETE") == 0 && event->channel_id != 0) /* not for one person alone */
		scrub_channel(live, event->channel_id);
	else if (strcmp(event->type, "THREAD_DELETE") == 0 && event->channel_id != 0)
		window_scrub_channel(&live->window, event->channel_id);
}

/* Starts at the end of the log: at first, when it is another history now, and when nobody listens. What came shortly
 * before is read all the same, for those who come back to it. */
static void start_again(struct live *live, const struct event_range *range)
{
	int64_t start = range->head - WINDOW_ITEMS_MAX;
	if (start < range->oldest - 1)
		start = range->oldest - 1;
	window_reset(&live->window, start);
	viewers_forget_all(&live->viewers);
	struct list *next;
	for (struct list *at = live->subscribers.next; at != &live->subscribers; at = next) {
		struct subscriber *subscriber = LIST_OWNER(at, struct subscriber, node);
		next = at->next;
		subscriber_check_session(subscriber, false);
		if (subscriber->is_over || !event_is_gap(range, subscriber->cursor))
			continue;
		subscriber_lose(subscriber, range->head);
		connection_flush(subscriber->connection);
	}
	intake_ring(live);
	delivery_wake_all(live);
}

void intake_resume(void *owner)
{
	struct live *live = owner;
	struct event_range range;
	if (log_reader_range(&live->database, &range) != ERR_OK)
		return;
	if (event_is_gap(&range, live->window.head))
		start_again(live, &range);
	intake_ring(live);
}

/* With nobody listening only the newest events matter. */
static bool skip_unheard(struct live *live, const struct log_page *page)
{
	if (!list_is_empty(&live->subscribers) || page->range.head - live->window.head <= WINDOW_ITEMS_MAX)
		return false;
	start_again(live, &page->range);
	return true;
}

static void take(struct live *live, const struct log_page *page)
{
	for (int i = 0; i < page->count; i++) {
		learn(live, &page->events[i]);
		window_push(&live->window, &page->events[i]);
	}
	live->intake.is_rung = page->count == LOG_PAGE_EVENTS;
	if (page->count > 0)
		delivery_wake_all(live);
}

bool intake_turn(struct live *live)
{
	struct log_page page;
	if (!live->intake.is_rung || !database_is_open(&live->database))
		return false;
	if (log_reader_page(&live->database, &live->arena, live->window.head, &page) != ERR_OK)
		return false; /* a fresh connection rings again */
	if (page.is_gap)
		start_again(live, &page.range);
	else if (!skip_unheard(live, &page))
		take(live, &page);
	arena_reset(&live->arena);
	return live->intake.is_rung;
}
