/* Reads the event log in pages: for the window that all share, and for each subscriber that is further behind. */
#ifndef SNUG_LIVE_LOG_READER_H
#define SNUG_LIVE_LOG_READER_H

#include "domain/event/event.h"
#include "live/database.h"

/* About as much as an outbox takes. */
enum { LOG_PAGE_EVENTS = 64 };

struct log_page {
	struct event_range range;
	bool is_gap;                          /* the cursor stands outside what is kept, and there are no events */
	struct event events[LOG_PAGE_EVENTS]; /* strings are in the arena */
	int count;
};

/* What the log holds now. ERR_DATABASE_UNAVAILABLE when it cannot be said. */
enum err log_reader_range(struct database *database, struct event_range *range) MUST_USE;

/* Reads the page after the cursor and the range at the same moment. Errors as above. */
enum err log_reader_page(struct database *database, struct arena *arena, int64_t cursor,
			 struct log_page *page) MUST_USE;

#endif
