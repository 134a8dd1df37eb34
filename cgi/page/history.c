#include "page/history.h"

#include "base/id.h"
#include "text/fragment.h"

#include <string.h>

/* Both are ISO 8601 in UTC, so the same day is the same ten bytes. */
static bool is_same_day(struct str a, struct str b)
{
	return a.n >= 10 && b.n >= 10 && memcmp(a.p, b.p, 10) == 0;
}

static void ready_message(struct arena *arena, struct view *message, const struct view *previous, int64_t viewer_id)
{
	int64_t author_id = view_id(view_find(message, "author"), "id");
	struct str timestamp = view_text(message, "timestamp");
	bool starts_day = true, is_continued = false;

	fragment_message(arena, message);
	if (previous) {
		int64_t since_ms = id_created_at_ms(view_id(message, "id")) - id_created_at_ms(view_id(previous, "id"));
		starts_day = !is_same_day(timestamp, view_text(previous, "timestamp"));
		is_continued = !starts_day && view_find(message, "is_reply")->type != VIEW_TRUE &&
			       since_ms < HISTORY_RUN_MS && author_id == view_id(view_find(previous, "author"), "id");
	}
	view_put_flag(arena, message, "is_mine", author_id == viewer_id);
	view_put_flag(arena, message, "is_continued", is_continued);
	view_put_flag(arena, message, "starts_day", starts_day);
	view_put_flag(arena, message, "is_first_unread", false);
	if (starts_day)
		fragment_date(arena, message, "day", timestamp);
}

void history_ready(struct arena *arena, struct view *messages, int64_t viewer_id)
{
	const struct view *previous = NULL;

	view_reverse(messages);
	for (struct view *message = messages->first; message; message = message->next) {
		ready_message(arena, message, previous, viewer_id);
		previous = message;
	}
}
