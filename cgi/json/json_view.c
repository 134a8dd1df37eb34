/* Views as values of jansson: for ops that walk a list by themselves. */
#include "json/json.h"

#include "base/ensure.h"
#include "json/view.h"

#include <stdlib.h>

static json_t *value_from(struct arena *arena, const struct view *view);

/* An integer where it is one, else the nearest double. */
static json_t *number_from(struct arena *arena, const struct view *view)
{
	int64_t number;
	if (view_to_int(view, &number))
		return json_integer(number);
	return json_real(strtod(arena_strndup(arena, view->text.p, view->text.n), NULL));
}

static json_t *children_from(struct arena *arena, const struct view *view)
{
	json_t *value = view->type == VIEW_OBJECT ? json_object() : json_array();
	ensure(value != NULL);
	for (const struct view *child = view->first; child != NULL; child = child->next) {
		json_t *item = value_from(arena, child);
		if (view->type == VIEW_LIST)
			ensure(json_array_append_new(value, item) == 0);
		else
			ensure(json_object_set_new_nocheck(
				   value, arena_strndup(arena, child->name.p, child->name.n), item) == 0);
	}
	return value;
}

static json_t *value_from(struct arena *arena, const struct view *view)
{
	switch (view->type) {
	case VIEW_TEXT:
		return json_stringn_nocheck(view->text.p, view->text.n);
	case VIEW_NUMBER:
		return number_from(arena, view);
	case VIEW_LIST:
	case VIEW_OBJECT:
		return children_from(arena, view);
	case VIEW_NULL:
		return json_null();
	default:
		return json_boolean(view->type == VIEW_TRUE);
	}
}

static void release(void *value)
{
	json_decref(value);
}

json_t *json_from_view(struct arena *arena, const struct view *view)
{
	json_t *value = value_from(arena, view);
	ensure(value != NULL);
	arena_defer(arena, release, value);
	return value;
}
