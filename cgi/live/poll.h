/* Long poll: GET /api/v1/events that asks for no stream (sse.h). One JSON object
 * {"events":[{"seq","t","d"}],"next":SEQ,"gap":false} as soon as there is something, or when the time is over. The head
 * is sent at once and the body is chunked, so that a client can tell a cut reply from a whole one. */
#ifndef SNUG_LIVE_POLL_H
#define SNUG_LIVE_POLL_H

#include "live/subscriber.h"

enum {
	POLL_EVENTS_MAX = 256,       /* in one reply */
	POLL_BYTES_MAX = 128 * 1024, /* beyond this no further event is added to a reply */
};

extern const struct transport poll_transport;

#endif
