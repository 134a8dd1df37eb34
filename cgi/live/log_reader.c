/* Pages of the event log. Range and page are of one moment: otherwise events might be pruned between the two, and what
 * is missing would not be seen. */
#include "live/log_reader.h"

_Static_assert((int)LOG_PAGE_EVENTS <= (int)EVENT_PAGE_MAX, "event_list reads a whole page");

enum err log_reader_range(struct database *database, struct event_range *range)
{
	if (!database_is_open(database))
		return ERR_DATABASE_UNAVAILABLE;
	return database_check(database, event_range(database->sql, range));
}

static enum err read_page(struct sql *sql, struct arena *arena, int64_t cursor, struct log_page *page)
{
	TRY(event_range(sql, &page->range));
	page->is_gap = event_is_gap(&page->range, cursor);
	if (page->is_gap)
		return ERR_OK;
	return event_list(sql, arena, cursor, LOG_PAGE_EVENTS, page->events, &page->count);
}

enum err log_reader_page(struct database *database, struct arena *arena, int64_t cursor, struct log_page *page)
{
	page->count = 0;
	if (!database_is_open(database))
		return ERR_DATABASE_UNAVAILABLE;
	enum err err = sql_read_begin(database->sql);
	if (err == ERR_OK)
		err = read_page(database->sql, arena, cursor, page);
	sql_read_end(database->sql);
	return database_check(database, err);
}
