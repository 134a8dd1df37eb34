/* A page of history, readied for part/messages: in reading order, in runs by author, with the days (in UTC; the
 * client's script sets both anew for the viewer's zone). */
#ifndef SNUG_PAGE_HISTORY_H
#define SNUG_PAGE_HISTORY_H

#include "json/json.h"

#include <stdint.h>

/* The next message belongs to the run before it when its author wrote within this time. static/js/list.js has the same.
 */
enum { HISTORY_RUN_MS = 5 * 60 * 1000 };

/* data's member "messages" is an array of message views, newest first. Adds has_messages, and to each message what
 * fragment_message adds, is_mine, is_continued, starts_day and day. */
void history_ready(json_t *data, int64_t viewer_id);

#endif
