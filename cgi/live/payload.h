/* What an event says when it is sent: the log keeps markers where the moment decides, such as an address that is signed
 * until tomorrow (domain/file/file_url.h). */
#ifndef SNUG_LIVE_PAYLOAD_H
#define SNUG_LIVE_PAYLOAD_H

#include "base/str.h"
#include "domain/event/event.h"
#include "live/live.h"

/* The payload for programs, whose addresses are good by themselves; and for pages, which are known by their session. In
 * live->arena, or the event's own. */
struct str payload_for_programs(struct live *live, const struct event *event);
struct str payload_for_pages(struct live *live, const struct event *event);

#endif
