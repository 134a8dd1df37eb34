/* Any bytes as a view: what json.h accepts is accepted, and is the same when it is read through view.h. */
#include "base/ensure.h"
#include "base/log.h"
#include "json/json.h"
#include "json/view.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n);

static bool is_same_text(struct str text, const json_t *string)
{
	return text.n == json_string_length(string) && memcmp(text.p, json_string_value(string), text.n) == 0;
}

static bool is_same(const struct view *view, const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_NULL:
		return view->type == VIEW_NULL;
	case JSON_TRUE:
		return view->type == VIEW_TRUE;
	case JSON_FALSE:
		return view->type == VIEW_FALSE;
	case JSON_STRING:
		return view->type == VIEW_TEXT && is_same_text(view->text, value);
	case JSON_INTEGER:
	case JSON_REAL:
		return view->type == VIEW_NUMBER;
	case JSON_ARRAY:
		break;
	case JSON_OBJECT:
		if (view->type != VIEW_OBJECT || view_count(view) != json_object_size(value))
			return false;
		for (const struct view *member = view->first; member; member = member->next) {
			const json_t *other = json_object_getn(value, member->name.p, member->name.n);
			if (!other || !is_same(member, other))
				return false;
			if (json_is_integer(other) && memchr(member->name.p, '\0', member->name.n) == NULL) {
				char name[64];
				if (member->name.n < sizeof(name)) {
					memcpy(name, member->name.p, member->name.n);
					name[member->name.n] = '\0';
					ensure(view_find(view, name) == member);
					ensure(view_int(view, name) == json_integer_value(other));
				}
			}
		}
		return true;
	}
	const struct view *item = view->first;
	if (view->type != VIEW_LIST || view_count(view) != json_array_size(value))
		return false;
	for (size_t i = 0; i < json_array_size(value); i++, item = item->next) {
		if (!is_same(item, json_array_get(value, i)))
			return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n)
{
	struct arena arena;
	struct view *view;
	json_t *value;

	log_open("fuzz_view", LOG_ERROR);
	arena_init(&arena);
	enum err e = view_parse(&arena, (const char *)bytes, n, &view);
	ensure(e == ERR_OK || (e == ERR_BAD_JSON && view == NULL));
	if (json_parse(&arena, (const char *)bytes, n, &value) == ERR_OK) {
		ensure(e == ERR_OK);
		ensure(is_same(view, value));
	}
	arena_free(&arena);
	return 0;
}
