#include "live/payload.h"

#include "base/clock.h"

struct str payload_for_programs(struct live *live, const struct event *event)
{
	struct str payload = {event->payload, event->payload_n};
	if (!file_url_is_in(payload.p, payload.n))
		return payload;
	struct buf *out = buf_in_arena(&live->arena);
	file_url_expand(&live->options->urls, clock_now_ms(), payload.p, payload.n, out);
	return (struct str){out->p, out->n};
}

struct str payload_for_pages(struct live *live, const struct event *event)
{
	struct str payload = {event->payload, event->payload_n};
	if (!file_url_is_in(payload.p, payload.n))
		return payload;
	struct buf *out = buf_in_arena(&live->arena);
	file_url_expand_plain(payload.p, payload.n, out);
	return (struct str){out->p, out->n};
}
