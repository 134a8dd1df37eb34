/* What stands in an event for the message that another one answers: it is read when the event is sent and not kept in
 * the log, so that deleting a message has only its own events to scrub. A marker is "\x02CHANNEL/MESSAGE\x02", which no
 * JSON text can hold, where a value stands. */
#ifndef SNUG_DOMAIN_MESSAGE_MARKER_H
#define SNUG_DOMAIN_MESSAGE_MARKER_H

#include "base/buf.h"
#include "sql/sql.h"
#include "json/jw.h"

enum { MESSAGE_MARKER = 0x02 };

/* Writes the member referenced_message with a marker as its value. */
void message_marker_write(struct jw *jw, int64_t channel_id, int64_t message_id);

/* Whether a payload holds any; most do not, and need no copy. */
bool message_marker_is_in(const char *payload, size_t n);

/* Whether one of its markers is that message's. */
bool message_marker_names(const char *payload, size_t n, int64_t message_id);

/* Appends the payload of an event to out with each marker replaced by what the message is now, null where it is deleted
 * or reads_history is false: an answer does not tell what it answers to who may not look back. What other markers
 * stand for is left as it is. */
enum err message_marker_expand(struct sql *db, const char *payload, size_t n, bool reads_history,
			       struct buf *out) MUST_USE;

#endif
