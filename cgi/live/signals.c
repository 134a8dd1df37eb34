#include "live/signals.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "domain/channel/channel.h"
#include "domain/channel/channel_direct.h"
#include "domain/member/member.h"
#include "domain/user/user.h"
#include "live/live.h"
#include "json/json.h"
#include "json/jw.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static struct signal_item *item_at(struct signals *signals, uint64_t number)
{
	return &signals->ring[number % SIGNALS_MAX];
}

static void drop(struct signal_item *item)
{
	for (size_t i = 0; i < ITEM_FORM_COUNT; i++)
		chunk_drop(item->forms[i]);
	*item = (struct signal_item){.is_void = true};
}

static bool is_fresh(const struct signal *signal)
{
	int64_t age_ms = clock_now_ms() - signal->at_ms;
	return age_ms >= 0 && age_ms <= SIGNAL_AGE_MAX_MS;
}

static void push(struct signals *signals, const struct signal *signal)
{
	if (signals->next - signals->first == SIGNALS_MAX)
		drop(item_at(signals, signals->first++));
	if (signals->offered < signals->first)
		signals->offered = signals->first;
	*item_at(signals, signals->next++) = (struct signal_item){.signal = *signal};
}

static void take(struct signals *signals, const char *text, size_t n)
{
	struct live *live = signals->live;
	struct signal signal;
	if (signal_parse(&live->arena, text, n, &signal) != ERR_OK)
		log_event(LOG_WARN, "signal_malformed", log_number("bytes", (int64_t)n));
	else if (is_fresh(&signal))
		push(signals, &signal);
	arena_reset(&live->arena);
}

/* One byte more than a signal may have tells that it was longer. A message of no bytes looks like the end; only that of
 * the connection comes with EPOLLHUP, and then there is nothing to wait for any more. */
static void ready(struct watch *watch, uint32_t events)
{
	struct signals *signals = (struct signals *)watch;
	char message[SIGNAL_BYTES_MAX + 1];
	for (int i = 0; i < SIGNALS_TAKEN_A_TURN; i++) {
		ssize_t n = recv(watch->fd, message, sizeof(message), MSG_DONTWAIT);
		if (n > 0)
			take(signals, message, (size_t)n);
		else if (n < 0 && errno != EINTR)
			break;
		else if (n == 0 && (events & EPOLLHUP)) {
			log_event(LOG_WARN, "signals_lost", log_number("head", signals->live->window.head));
			loop_unwatch(&signals->live->loop, watch);
			watch->fd = -1;
			break;
		}
	}
	intake_ring(signals->live);
}

void signals_open(struct signals *signals, struct live *live, int fd)
{
	*signals = (struct signals){.watch = {.fd = fd, .ready = ready}, .live = live};
	if (fd >= 0 && loop_watch(&live->loop, &signals->watch, EPOLLIN) != ERR_OK) {
		log_event(LOG_WARN, "no_signals", log_number("fd", fd));
		signals->watch.fd = -1;
	}
}

void signals_close(struct signals *signals)
{
	loop_unwatch(&signals->live->loop, &signals->watch);
	while (signals->first < signals->next)
		drop(item_at(signals, signals->first++));
}

/* Whether the message of an event ended what the signal tells of: its writer posted it later. */
static bool is_ended_by(struct live *live, const struct signal *signal, const struct event *event)
{
	json_t *payload;
	if (event->channel_id != signal->channel_id || strcmp(event->type, "MESSAGE_CREATE") != 0 ||
	    id_created_at_ms(event->message_id) <= signal->at_ms)
		return false;
	return json_parse_own(&live->arena, event->payload, event->payload_n, &payload) == ERR_OK &&
	       json_id(json_object_get(payload, "author"), "id") == signal->user_id;
}

void signals_learn(struct signals *signals, const struct event *event)
{
	for (uint64_t i = signals->first; i < signals->next; i++) {
		struct signal_item *item = item_at(signals, i);
		if (!item->is_void && is_ended_by(signals->live, &item->signal, event))
			drop(item);
	}
}

/* What had been read of the log before the signal came. */
static bool is_over(struct live *live, const struct signal *signal)
{
	uint64_t number = window_find(&live->window, live->window.after);
	for (const struct item *item; (item = window_at(&live->window, number)) != NULL; number++)
		if (is_ended_by(live, signal, &item->event))
			return true;
	return false;
}

void signals_turn(struct live *live)
{
	struct signals *signals = &live->signals;
	if (signals->offered == signals->next)
		return;
	for (; signals->offered < signals->next; signals->offered++) {
		struct signal_item *item = item_at(signals, signals->offered);
		if (!item->is_void && is_over(live, &item->signal))
			drop(item);
	}
	arena_reset(&live->arena);
	for (struct list *at = live->subscribers.next; at != &live->subscribers; at = at->next) {
		struct subscriber *subscriber = LIST_OWNER(at, struct subscriber, node);
		if (subscriber->cursor < live->window.after) /* it reads the log, and hears of what was later */
			signals_skip(signals, subscriber);
		delivery_wake(live, subscriber);
	}
}

void signals_skip(const struct signals *signals, struct subscriber *subscriber)
{
	if (subscriber->signal < signals->offered)
		subscriber->signal = signals->offered;
}

/* The event that a signal is to subscribers: of no place in the log. */
static struct event event_of(const struct signal_item *item)
{
	return (struct event){
	    .type = "TYPING_START", .guild_id = item->guild_id, .channel_id = item->signal.channel_id, .payload = ""};
}

/* Whoever types is told by none of their own streams, whatever the device. */
static bool is_wanted(const struct subscriber *subscriber, const struct signal_item *item)
{
	const struct transport *transport = subscriber->transport;
	const struct event event = event_of(item);
	if (item->is_void || item->signal.user_id == subscriber->viewer->user_id)
		return false;
	return (subscriber->types != NULL || !transport->needs_naming) && transport->wants(subscriber, &event);
}

bool signals_wait_for(struct signals *signals, struct subscriber *subscriber)
{
	if (subscriber->signal < signals->first)
		subscriber->signal = signals->first;
	for (; subscriber->signal < signals->offered; subscriber->signal++)
		if (is_wanted(subscriber, item_at(signals, subscriber->signal)))
			return true;
	return false;
}

static enum err read_channel(struct live *live, struct signal_item *item)
{
	struct channel channel;
	if (item->has_channel)
		return ERR_OK;
	TRY(channel_find(live->database.sql, &live->arena, item->signal.channel_id, &channel));
	item->has_channel = true;
	item->is_dm = channel.type == CHANNEL_TYPE_DM;
	item->guild_id = channel.guild_id;
	return ERR_OK;
}

/* Discord's payload. A page shows a name, and so is told of the person in direct messages too; and it asks how old the
 * signal is more closely than by seconds. */
static enum err write(struct live *live, const struct signal_item *item, enum item_form form, struct buf *out)
{
	struct sql *sql = live->database.sql;
	struct member member;
	struct user user;
	struct jw jw;
	jw_init(&jw, out);
	jw_object(&jw, NULL);
	jw_id(&jw, "channel_id", item->signal.channel_id);
	jw_id(&jw, "user_id", item->signal.user_id);
	jw_int(&jw, "timestamp", item->signal.at_ms / 1000);
	if (form == ITEM_PAGE)
		jw_int(&jw, "at_ms", item->signal.at_ms);
	if (item->guild_id != 0) {
		jw_id(&jw, "guild_id", item->guild_id);
		TRY(member_find(sql, &live->arena, item->guild_id, item->signal.user_id, &member));
		TRY(member_to_json(sql, &live->arena, &jw, "member", &member));
	} else if (form == ITEM_PAGE) {
		TRY(user_find(sql, &live->arena, item->signal.user_id, &user));
		user_to_json(&jw, "user", &user);
	}
	jw_object_end(&jw);
	return ERR_OK;
}

static enum err encode(struct live *live, const struct subscriber *subscriber, struct signal_item *item,
		       enum item_form form)
{
	struct buf *payload = buf_in_arena(&live->arena);
	struct event event = event_of(item);
	if (item->is_encoded[form])
		return ERR_OK;
	TRY(write(live, item, form, payload));
	event.payload = payload->p;
	event.payload_n = payload->n;
	item->forms[form] = delivery_encode(live, subscriber->transport, form, &event);
	item->is_encoded[form] = true;
	return ERR_OK;
}

/* The bytes of the signal, if the subscriber may see it now; NULL if not. Of a direct message that is not open any more
 * the other one hears nothing. ERR_UNKNOWN_…: the channel or the person is gone. */
static enum err chunk_for(struct live *live, const struct subscriber *subscriber, struct signal_item *item,
			  struct chunk **out)
{
	const struct event event = event_of(item);
	enum item_form form = delivery_form_for(subscriber, &event);
	bool sees, is_open = true;
	*out = NULL;
	TRY(viewers_see(&live->viewers, subscriber->viewer, &event, &sees));
	if (!sees)
		return ERR_OK;
	TRY(read_channel(live, item));
	if (item->is_dm)
		TRY(channel_direct_is_open(live->database.sql, event.channel_id, subscriber->viewer->user_id,
					   &is_open));
	if (!is_open)
		return ERR_OK;
	TRY(encode(live, subscriber, item, form));
	*out = item->forms[form] == NULL ? NULL : chunk_hold(item->forms[form]);
	return ERR_OK;
}

void signals_send(struct live *live, struct subscriber *subscriber)
{
	while (!subscriber->is_over && signals_wait_for(&live->signals, subscriber)) {
		struct signal_item *item = item_at(&live->signals, subscriber->signal);
		struct chunk *chunk = NULL;
		if (!subscriber_is_at_head(subscriber) || !subscriber->transport->has_room(subscriber) ||
		    !database_is_open(&live->database)) {
			signals_skip(&live->signals, subscriber);
			return;
		}
		subscriber->signal++;
		if (!is_fresh(&item->signal) ||
		    database_check(&live->database, chunk_for(live, subscriber, item, &chunk)) != ERR_OK)
			drop(item);
		if (chunk != NULL)
			subscriber->transport->send(subscriber, chunk);
	}
}
