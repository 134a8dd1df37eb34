/* A page of history, readied for part/messages: in reading order, in runs by author, with the days (in UTC; the
 * client's script sets both anew for the viewer's zone). */
#ifndef SNUG_PAGE_HISTORY_H
#define SNUG_PAGE_HISTORY_H

#include "json/view.h"

#include <stdint.h>

/* The next message belongs to the run before it when its author wrote within this time. static/js/time.js has the same.
 */
enum { HISTORY_RUN_MS = 5 * 60 * 1000 };

/* messages is a list of message views, newest first, and becomes one of oldest first. Adds to each what
 * fragment_message adds, is_mine, is_continued, starts_day, and day where that is true. */
void history_ready(struct arena *arena, struct view *messages, int64_t viewer_id);

#endif
