/* See emoji_picker.h. What the words of the kinds are, part/emoji_group says. */
#include "page/emoji_picker.h"

#include "http/form.h"
#include "text/emoji.h"
#include "text/emoji_list.h"
#include "text/fragment.h"

#include <string.h>

enum { FOUND_MAX = 100, NO_GROUP = -1 };

static const char *const groups[] = {"is_smileys",    "is_people",  "is_animals", "is_food", "is_travel",
				     "is_activities", "is_objects", "is_symbols", "is_flags"};
_Static_assert(sizeof(groups) / sizeof(groups[0]) == EMOJI_GROUP_COUNT, "each kind has a word");

static int asked_group(const struct request *request)
{
	const char *text = form_find(&request->query, "group");

	if (text == NULL || text[0] < '0' || text[0] >= '0' + EMOJI_GROUP_COUNT || text[1] != '\0')
		return NO_GROUP;
	return text[0] - '0';
}

static void put_groups(struct arena *arena, struct view *data, int chosen)
{
	struct view *list = view_put_list(arena, data, "emoji_groups");

	for (int i = 0; i < EMOJI_GROUP_COUNT; i++) {
		struct view *group = view_new_object(arena);
		view_put_int(arena, group, "number", i);
		view_put_flag(arena, group, "is_chosen", i == chosen);
		for (int other = 0; other < EMOJI_GROUP_COUNT; other++)
			view_put_flag(arena, group, groups[other], other == i);
		view_append(list, group);
	}
}

static void add(struct arena *arena, struct view *choices, struct str emoji)
{
	struct view *choice = view_new_object(arena);

	view_put_null(arena, choice, "id");
	view_put_text(arena, choice, "name", emoji);
	fragment_emoji(arena, choice);
	view_append(choices, choice);
}

static void add_group(struct arena *arena, struct view *choices, int group)
{
	struct str emoji;
	int of;

	for (size_t row = 0; emoji_list_at(row, &emoji, &of); row++) {
		if (of == group)
			add(arena, choices, emoji);
	}
}

/* The one that is meant exactly comes first: typed as it is, with its skin tone, or by a name. */
static void add_found(struct arena *arena, struct view *choices, struct str query)
{
	struct str exact = emoji_whole(query), emoji;
	size_t count = 0;
	int group;

	if (exact.n == 0)
		exact = emoji_by_name(query);
	if (exact.n > 0)
		add(arena, choices, exact);
	for (size_t row = 0; emoji_list_at(row, &emoji, &group) && count < FOUND_MAX; row++) {
		if (str_eq(emoji, exact) || !emoji_list_matches(row, query))
			continue;
		add(arena, choices, emoji);
		count++;
	}
}

static bool name_has(struct str name, struct str query)
{
	for (size_t i = 0; i + query.n <= name.n; i++) {
		if (str_eq_nocase((struct str){name.p + i, query.n}, query))
			return true;
	}
	return false;
}

/* Of the workspace's own those whose names hold what is looked for. */
static void narrow_custom(struct view *custom, struct str query)
{
	for (struct view *each = custom->first, *next; each != NULL; each = next) {
		next = each->next;
		if (!name_has(view_text(each, "name"), query))
			view_remove(custom, each);
	}
}

void emoji_picker_ready(struct request *request, struct view *data, struct str query)
{
	const char *asked = form_find(&request->query, "q");
	struct view *choices = view_put_list(request->arena, data, "choices");
	int group = NO_GROUP;

	if (query.n == 0 && asked != NULL)
		query = str_trim(str_from(asked));
	if (query.n > 2 && query.p[0] == ':' && query.p[query.n - 1] == ':')
		query = (struct str){query.p + 1, query.n - 2};
	if (query.n == 0)
		group = asked_group(request);
	if (query.n > 0) {
		add_found(request->arena, choices, query);
		narrow_custom(view_find(data, "custom"), query);
	} else if (group != NO_GROUP) {
		add_group(request->arena, choices, group);
	}
	put_groups(request->arena, data, group);
	view_put_flag(request->arena, data, "is_usual", query.n == 0 && group == NO_GROUP);
	view_put_flag(request->arena, data, "has_choices", choices->first != NULL);
	view_put_flag(request->arena, data, "has_custom",
		      view_find(data, "custom")->first != NULL && group == NO_GROUP);
}
