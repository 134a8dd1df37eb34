#include "json/view.h"

#include "json/view_key.h"

#include "base/ensure.h"
#include "base/id.h"

#include <string.h>

struct view *view_find(const struct view *view, const char *name)
{
	if (!view_is_object(view))
		return NULL;
	size_t n = strlen(name);
	uint32_t key = view_key(name, n);
	for (struct view *member = view->first; member; member = member->next) {
		if (member->name_key == key && member->name.n == n && memcmp(member->name.p, name, n) == 0)
			return member;
	}
	return NULL;
}

struct str view_text(const struct view *object, const char *name)
{
	const struct view *member = view_find(object, name);
	return member && member->type == VIEW_TEXT ? member->text : (struct str){"", 0};
}

int64_t view_id(const struct view *object, const char *name)
{
	const struct view *member = view_find(object, name);
	int64_t id;
	if (!member || (member->type != VIEW_TEXT && member->type != VIEW_NUMBER))
		return 0;
	return id_parse(member->text.p, member->text.n, &id) ? id : 0;
}

bool view_to_int(const struct view *view, int64_t *out)
{
	int64_t value = 0;
	if (!view || view->type != VIEW_NUMBER)
		return false;
	bool is_negative = view->text.p[0] == '-';
	for (size_t i = is_negative ? 1 : 0; i < view->text.n; i++) {
		char c = view->text.p[i];
		/* Counted downwards, so that INT64_MIN fits. */
		if (c < '0' || c > '9' || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, c - '0', &value))
			return false;
	}
	if (!is_negative && value == INT64_MIN)
		return false;
	*out = is_negative ? value : -value;
	return true;
}

int64_t view_int(const struct view *object, const char *name)
{
	int64_t value;
	return view_to_int(view_find(object, name), &value) ? value : 0;
}

struct view *view_new_object(struct arena *arena)
{
	struct view *object = arena_alloc(arena, sizeof(*object));
	object->type = VIEW_OBJECT;
	return object;
}

bool view_is_object(const struct view *view)
{
	return view && view->type == VIEW_OBJECT;
}

static bool has_children(const struct view *view)
{
	return view && (view->type == VIEW_LIST || view->type == VIEW_OBJECT);
}

size_t view_count(const struct view *list)
{
	size_t count = 0;
	if (!has_children(list))
		return 0;
	for (const struct view *item = list->first; item; item = item->next)
		count++;
	return count;
}

void view_reverse(struct view *list)
{
	struct view *item = list->first, *reversed = NULL;
	list->last = list->first;
	while (item) {
		struct view *next = item->next;
		item->next = reversed;
		reversed = item;
		item = next;
	}
	list->first = reversed;
}

void view_remove(struct view *list, struct view *item)
{
	struct view **link = &list->first, *previous = NULL;
	while (*link != item) {
		ensure(*link);
		previous = *link;
		link = &previous->next;
	}
	*link = item->next;
	if (list->last == item)
		list->last = previous;
	item->next = NULL;
}

void view_append(struct view *list, struct view *item)
{
	ensure(has_children(list) && !item->next);
	if (list->last)
		list->last->next = item;
	else
		list->first = item;
	list->last = item;
}

/* The member of that name, made when there is none. What it was is forgotten; its place stays. */
static struct view *member_for(struct arena *arena, struct view *object, const char *name)
{
	ensure(view_is_object(object));
	struct view *member = view_find(object, name);
	if (!member) {
		member = arena_alloc(arena, sizeof(*member));
		member->name = str_from(name);
		member->name_key = view_key(member->name.p, member->name.n);
		view_append(object, member);
	}
	member->first = member->last = NULL;
	return member;
}

void view_put_text(struct arena *arena, struct view *object, const char *name, struct str text)
{
	struct view *member = member_for(arena, object, name);
	member->type = VIEW_TEXT;
	member->text = text;
}

void view_put_int(struct arena *arena, struct view *object, const char *name, int64_t number)
{
	struct view *member = member_for(arena, object, name);
	char digits[24];
	size_t at = sizeof(digits);
	/* Unsigned, because INT64_MIN has no positive. */
	uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
	do
		digits[--at] = (char)('0' + rest % 10);
	while (rest /= 10);
	if (number < 0)
		digits[--at] = '-';
	member->type = VIEW_NUMBER;
	member->text = (struct str){arena_strndup(arena, digits + at, sizeof(digits) - at), sizeof(digits) - at};
}

void view_put_flag(struct arena *arena, struct view *object, const char *name, bool value)
{
	member_for(arena, object, name)->type = value ? VIEW_TRUE : VIEW_FALSE;
}

void view_put_null(struct arena *arena, struct view *object, const char *name)
{
	member_for(arena, object, name)->type = VIEW_NULL;
}

struct view *view_put_object(struct arena *arena, struct view *object, const char *name)
{
	struct view *member = member_for(arena, object, name);
	member->type = VIEW_OBJECT;
	return member;
}

struct view *view_put_list(struct arena *arena, struct view *object, const char *name)
{
	struct view *member = member_for(arena, object, name);
	member->type = VIEW_LIST;
	return member;
}

void view_put(struct arena *arena, struct view *object, const char *name, const struct view *value)
{
	if (!value) {
		view_put_null(arena, object, name);
		return;
	}
	/* value may be the very member that is replaced. */
	const struct view copy = *value;
	struct view *member = member_for(arena, object, name);
	member->type = copy.type;
	if (has_children(&copy)) {
		member->first = copy.first;
		member->last = copy.last;
	} else {
		member->text = copy.text;
	}
}
