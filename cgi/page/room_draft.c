/* See room_draft.h. */
#include "page/room_draft.h"

#include "base/id.h"
#include "domain/draft/draft.h"

#include <stdlib.h>

enum err room_draft_write(struct page *page, int64_t channel_id)
{
	struct request *request = page->request;

	TRY(draft_find_to_json(request->db, &page->jw, "draft", request->caller.user_id, channel_id));
	return draft_channels_to_json(request->db, &page->jw, "draft_channels", request->caller.user_id);
}

/* The channels with a draft, by id, as they were written. */
struct ids {
	int64_t list[DRAFTS_MAX];
	size_t count;
};

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void mark(struct arena *arena, const struct ids *ids, struct view *place, int64_t channel_id)
{
	view_put_flag(arena, place, "has_draft",
		      bsearch(&channel_id, ids->list, ids->count, sizeof(channel_id), compare) != NULL);
}

static void mark_each(struct arena *arena, const struct ids *ids, const struct view *list)
{
	for (struct view *each = list ? list->first : NULL; each; each = each->next) {
		mark(arena, ids, each, view_id(each, "id"));
		mark_each(arena, ids, view_find(each, "threads"));
	}
}

static void mark_sidebar(struct arena *arena, struct view *data)
{
	const struct view *groups = view_find(data, "groups"), *directs = view_find(data, "directs");
	const struct view *written = view_find(data, "draft_channels");
	struct ids *ids = arena_alloc(arena, sizeof(*ids));

	ids->count = 0;
	for (const struct view *each = written->first; each && ids->count < DRAFTS_MAX; each = each->next) {
		if (id_parse(each->text.p, each->text.n, &ids->list[ids->count]))
			ids->count++;
	}
	for (const struct view *each = groups ? groups->first : NULL; each; each = each->next)
		mark_each(arena, ids, view_find(each, "channels"));
	mark_each(arena, ids, view_find(data, "more"));
	for (struct view *each = directs ? directs->first : NULL; each; each = each->next)
		mark(arena, ids, each, view_id(view_find(each, "channel"), "id"));
}

/* Both texts, the stored one first. */
static void put_both(struct arena *arena, struct view *form, struct str stored, struct str typed)
{
	struct buf *both = buf_in_arena(arena);

	buf_put(both, stored.p, stored.n);
	if (stored.n > 0 && typed.n > 0)
		buf_put(both, "\n\n", 2);
	buf_put(both, typed.p, typed.n);
	view_put_text(arena, form, "content", (struct str){both->p != NULL ? both->p : "", both->n});
}

void room_draft_ready(struct request *request, struct view *data, enum err why)
{
	struct arena *arena = request->arena;
	struct view *form = view_find(data, "form"), *draft = view_find(data, "draft");
	struct str stored = view_text(draft, "content"), typed = view_text(form, "content");
	const char *revision = form_find(&request->form, "draft_revision");
	bool is_merged = why == ERR_DRAFT_CHANGED;

	mark_sidebar(arena, data);
	view_put_flag(arena, draft, "is_merged", is_merged);
	if (is_merged) {
		put_both(arena, form, stored, typed);
		view_put_null(arena, data, "problem");
	} else if (request->form.count > 0) {
		view_put_text(arena, draft, "revision", str_from(revision != NULL ? revision : ""));
	} else if (typed.n == 0) {
		view_put_text(arena, form, "content", stored);
	} else {
		view_put_null(arena, draft, "revision"); /* what the address brings is another text */
	}
}
