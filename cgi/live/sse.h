/* Server-sent events (HTML standard, "Server-sent events"): GET /api/v1/events with Accept: text/event-stream, or
 * with Last-Event-ID where nothing says that a poll is meant. id is the event's seq, event its type, data its payload.
 */
#ifndef SNUG_LIVE_SSE_H
#define SNUG_LIVE_SSE_H

#include "live/subscriber.h"

extern const struct transport sse_transport;

/* Appends one event. type may be NULL; seq 0 is a signal's, which has no id and moves nobody's cursor. Each line of
 * data, whatever ends it, becomes a line of its own, so nothing inside can end the event or begin another field. */
void sse_put(struct buf *out, int64_t seq, const char *type, const char *data, size_t n);

/* Appends what says that the events behind after, to next, will not come: the client asks for what it shows anew. */
void sse_put_gap(struct buf *out, int64_t after, int64_t next);

/* What page.c, which speaks the same language, shares. */
void sse_open(struct subscriber *subscriber, const struct live_query *query);
bool sse_has_room(const struct subscriber *subscriber);
void sse_send(struct subscriber *subscriber, struct chunk *chunk);
void sse_gap(struct subscriber *subscriber, int64_t after);
void sse_settle(struct subscriber *subscriber, bool is_at_head);
void sse_end(struct subscriber *subscriber, enum subscriber_end why);

/* The time for a sign of life: sends the bytes of out, unless something waits to be written anyway, and sets the timer
 * again. */
void sse_beat(struct subscriber *subscriber, const struct buf *out);

#endif
