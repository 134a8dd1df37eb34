#include "page/history.h"

#include "base/ensure.h"
#include "base/id.h"
#include "text/fragment.h"

#include <string.h>

static void set_flag(json_t *object, const char *key, bool value)
{
	ensure(json_object_set_new(object, key, json_boolean(value)) == 0);
}

/* Both are ISO 8601 in UTC, so the same day is the same ten bytes. */
static bool is_same_day(const char *a, const char *b)
{
	return a && b && strncmp(a, b, 10) == 0;
}

static void ready_message(json_t *message, const json_t *previous, int64_t viewer_id)
{
	int64_t author_id = json_id(json_object_get(message, "author"), "id");
	const char *timestamp = json_text(message, "timestamp");
	bool starts_day = true, is_continued = false;

	fragment_message(message);
	if (previous) {
		int64_t since_ms = id_created_at_ms(json_id(message, "id")) - id_created_at_ms(json_id(previous, "id"));
		starts_day = !is_same_day(timestamp, json_text(previous, "timestamp"));
		is_continued = !starts_day && since_ms < HISTORY_RUN_MS &&
			       author_id == json_id(json_object_get(previous, "author"), "id");
	}
	set_flag(message, "is_mine", author_id == viewer_id);
	set_flag(message, "is_continued", is_continued);
	set_flag(message, "starts_day", starts_day);
	if (starts_day)
		fragment_date(message, "day", timestamp);
}

void history_ready(json_t *data, int64_t viewer_id)
{
	json_t *newest_first = json_object_get(data, "messages");
	json_t *messages = json_array();
	const json_t *previous = NULL;

	for (size_t i = json_array_size(newest_first); i > 0; i--) {
		json_t *message = json_array_get(newest_first, i - 1);
		ready_message(message, previous, viewer_id);
		ensure(json_array_append(messages, message) == 0);
		previous = message;
	}
	set_flag(data, "has_messages", previous != NULL);
	ensure(json_object_set_new(data, "messages", messages) == 0);
}
