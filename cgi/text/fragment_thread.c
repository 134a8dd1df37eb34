#include "text/fragment.h"

#include "base/clock.h"
#include "base/id.h"

/* Whose place in it changed: NULL where that is several people's. */
static const struct view *only_one_changed(const struct view *payload)
{
	const struct view *added = view_find(payload, "added_members"),
			  *removed = view_find(payload, "removed_member_ids");

	if (added == NULL || removed == NULL || view_count(added) + view_count(removed) != 1)
		return NULL;
	return added->first != NULL ? view_find(added->first, "user_id") : removed->first;
}

void fragment_thread_change(struct arena *arena, struct view *payload)
{
	view_put(arena, payload, "channel_id", view_find(payload, "id"));
	view_put(arena, payload, "user_id", only_one_changed(payload));
}

void fragment_thread(struct arena *arena, struct view *thread)
{
	int64_t count = view_int(thread, "message_count"), last_id = view_id(thread, "last_message_id");
	char last_at[CLOCK_ISO8601_SIZE] = "";

	if (last_id != 0)
		clock_iso8601(id_created_at_ms(last_id), last_at);
	struct str at = str_from(arena_strdup(arena, last_at));
	view_put_flag(arena, thread, "is_one", count == 1);
	view_put_flag(arena, thread, "is_many", count > 1);
	/* The last one may be deleted by now: then nothing is said of when it was. */
	fragment_moment(arena, thread, "last", count > 0 ? at : STR(""));
}

void fragment_thread_event(struct arena *arena, struct view *payload)
{
	struct view *thread = view_find(payload, "thread");

	if (view_is_object(thread))
		fragment_thread(arena, thread);
	else
		view_put_null(arena, payload, "thread");
}
