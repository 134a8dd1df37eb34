/* GET /live: what open pages follow. Server-sent events whose data is HTML, rendered from the same templates as the
 * page, once for all: those of one channel, and those that change the list of channels of its workspace. */
#ifndef SNUG_LIVE_PAGE_H
#define SNUG_LIVE_PAGE_H

#include "live/subscriber.h"

extern const struct transport page_transport;

#endif
