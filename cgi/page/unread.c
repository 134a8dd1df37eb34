/* See unread.h. */
#include "page/unread.h"

#include "base/id.h"
#include "domain/block/block.h"
#include "domain/event/event.h"
#include "domain/perm.h"
#include "domain/read/read.h"

#include <stdlib.h>
#include <string.h>

enum { BADGE_MAX = 99 };

/* All that a message may mention to mention this person: themselves, the workspace as a whole, their roles. */
static enum err write_targets(struct page *page, int64_t guild_id)
{
	struct request *request = page->request;
	struct perm_member member = {0};
	struct buf *out = buf_in_arena(request->arena);

	buf_printf(out, "%lld", (long long)request->caller.user_id);
	if (guild_id != 0) {
		enum err e = perm_load_member(request->db, request->arena, guild_id, request->caller.user_id, &member);
		if (e != ERR_UNKNOWN_GUILD)
			TRY(e);
		buf_printf(out, " %lld", (long long)guild_id);
	}
	for (size_t i = 0; i < member.role_count; i++)
		buf_printf(out, " %lld", (long long)member.role_ids[i]);
	jw_text_n(&page->jw, "targets", out->p, out->n);
	return ERR_OK;
}

/* Whose mentions are none. */
static enum err write_blocked(struct page *page)
{
	struct request *request = page->request;
	struct buf *out = buf_in_arena(request->arena);
	int64_t *ids;
	size_t count;

	TRY(block_list_ids(request->db, request->arena, request->caller.user_id, &ids, &count));
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%s%lld", i > 0 ? " " : "", (long long)ids[i]);
	jw_text_n(&page->jw, "blocked", out->n > 0 ? out->p : "", out->n);
	return ERR_OK;
}

/* The first unread message of the room, 0 for none; *is_far when the latest page does not show it. */
static enum err find_first(struct request *request, const struct read_state *state, int64_t *first_id, bool *is_far)
{
	int64_t begins_id;

	*is_far = false;
	TRY(read_first_unread(request->db, request->caller.user_id, state, first_id));
	if (*first_id == 0)
		return ERR_OK;
	TRY(read_latest_begins(request->db, state->channel_id, MESSAGE_PAGE_INITIAL, &begins_id));
	*is_far = *first_id < begins_id;
	return ERR_OK;
}

static enum err write_here(struct page *page, const struct read_state *state)
{
	struct jw *jw = &page->jw;
	int64_t first_id = 0;
	bool is_far = false;

	if (state != NULL)
		TRY(find_first(page->request, state, &first_id, &is_far));
	jw_flag(jw, "is_joined", state != NULL);
	jw_int(jw, "count", state != NULL ? state->unread : 0);
	jw_id(jw, "first_id", first_id);
	jw_flag(jw, "is_far", is_far);
	return ERR_OK;
}

enum err unread_write(struct page *page, const struct channel *channel)
{
	struct request *request = page->request;
	struct jw *jw = &page->jw;
	struct event_range range;
	struct read_state *list;
	size_t count;

	TRY(event_range(request->db, &range));
	TRY(read_list(request->db, request->arena, request->caller.user_id, 0, request->now_ms, &list, &count));
	jw_object(jw, "unread");
	jw_int(jw, "seq", range.head);
	TRY(write_targets(page, channel->guild_id != 0 ? channel->guild_id : channel->home_guild_id));
	TRY(write_blocked(page));
	TRY(write_here(page, read_list_find(list, count, channel->id)));
	jw_array(jw, "places");
	for (size_t i = 0; i < count; i++)
		read_state_to_json(jw, NULL, &list[i]);
	jw_array_end(jw);
	jw_object_end(jw);
	return ERR_OK;
}

/* The places as they were written: by id. */
struct place {
	int64_t channel_id, unread, mentions;
};

struct places {
	struct place *list;
	size_t count;
	int64_t badge_total;
};

static int compare(const void *a, const void *b)
{
	int64_t x = ((const struct place *)a)->channel_id, y = ((const struct place *)b)->channel_id;
	return (x > y) - (x < y);
}

static struct places places_of(struct arena *arena, const struct view *unread)
{
	const struct view *views = view_find(unread, "places");
	struct places places = {.list = arena_alloc(arena, (view_count(views) + 1) * sizeof(*places.list))};

	for (const struct view *each = views->first; each; each = each->next)
		places.list[places.count++] =
		    (struct place){view_id(each, "channel_id"), view_int(each, "unread"), view_int(each, "mentions")};
	return places;
}

/* Mentions are counted in figures, and so is all that somebody writes to this person alone. */
static int64_t badge_of(const struct place *place, const struct view *view, bool is_direct)
{
	const struct view *muted = view_find(view, "muted");
	bool is_muted = muted != NULL && muted->type == VIEW_TRUE;

	return is_direct && !is_muted ? place->unread : place->mentions;
}

static void put_badge(struct arena *arena, struct view *object, const char *name, int64_t number)
{
	if (number == 0)
		view_put_null(arena, object, name);
	else if (number > BADGE_MAX)
		view_put_text(arena, object, name, STR("99+"));
	else
		view_put_int(arena, object, name, number);
}

static void mark(struct arena *arena, struct places *places, struct view *view, int64_t channel_id, bool is_direct)
{
	const struct place key = {.channel_id = channel_id};
	const struct place *place =
	    places->count == 0 ? NULL : bsearch(&key, places->list, places->count, sizeof(key), compare);
	int64_t badge = place != NULL ? badge_of(place, view, is_direct) : 0;

	places->badge_total += badge;
	view_put_flag(arena, view, "is_joined", place != NULL);
	view_put_int(arena, view, "unread", place != NULL ? place->unread : 0);
	view_put_int(arena, view, "mentions", place != NULL ? place->mentions : 0);
	put_badge(arena, view, "badge", badge);
}

static void mark_each(struct arena *arena, struct places *places, const struct view *list)
{
	for (struct view *each = list ? list->first : NULL; each; each = each->next) {
		mark(arena, places, each, view_id(each, "id"), false);
		mark_each(arena, places, view_find(each, "threads"));
	}
}

static void ready_bar(struct request *request, struct view *data, const struct view *unread)
{
	struct arena *arena = request->arena;
	const struct view *is_far = view_find(unread, "is_far");

	if (view_int(unread, "count") == 0) {
		view_put_null(arena, data, "unread_bar");
		return;
	}
	struct view *bar = view_put_object(arena, data, "unread_bar");
	view_put_int(arena, bar, "count", view_int(unread, "count"));
	view_put_flag(arena, bar, "is_one", view_int(unread, "count") == 1);
	view_put_flag(arena, bar, "is_far", is_far != NULL && is_far->type == VIEW_TRUE);
}

void unread_ready(struct request *request, struct view *data)
{
	struct arena *arena = request->arena;
	const struct view *unread = view_find(data, "unread"), *groups = view_find(data, "groups");
	const struct view *directs = view_find(data, "directs");
	const char *asked = form_find(&request->query, "unread");
	struct str kept = str_from(asked != NULL ? asked : "");
	struct places places = places_of(arena, unread);

	for (const struct view *each = groups ? groups->first : NULL; each; each = each->next)
		mark_each(arena, &places, view_find(each, "channels"));
	mark_each(arena, &places, view_find(data, "more"));
	for (struct view *each = directs ? directs->first : NULL; each; each = each->next)
		mark(arena, &places, each, view_id(view_find(each, "channel"), "id"), true);
	put_badge(arena, data, "badge_total", places.badge_total);
	view_put(arena, data, "is_joined", view_find(unread, "is_joined"));
	view_put_flag(arena, data, "is_unread_kept", str_eq_text(kept, "kept"));
	struct view *state = view_put_object(arena, data, "unread_state");
	view_put(arena, state, "seq", view_find(unread, "seq"));
	view_put(arena, state, "targets", view_find(unread, "targets"));
	view_put(arena, state, "blocked", view_find(unread, "blocked"));
	ready_bar(request, data, unread);
}

enum err unread_asked(struct request *request, int64_t channel_id, struct message_page *asked)
{
	struct read_state state;
	int64_t first_id;
	bool is_far;

	if (form_find(&request->query, "unread") == NULL || asked->order != MESSAGE_LATEST)
		return ERR_OK;
	enum err e = read_find(request->db, request->caller.user_id, channel_id, request->now_ms, &state);
	if (e == ERR_UNKNOWN_MEMBER)
		return ERR_OK;
	TRY(e);
	TRY(find_first(request, &state, &first_id, &is_far));
	if (!is_far)
		return ERR_OK;
	asked->order = MESSAGE_AROUND;
	asked->anchor_id = first_id;
	return ERR_OK;
}

void unread_ready_messages(struct arena *arena, struct view *data, struct view *messages)
{
	int64_t first_id = view_id(view_find(data, "unread"), "first_id");
	struct view *bar = view_find(data, "unread_bar");

	for (struct view *each = messages->first; each; each = each->next) {
		if (first_id == 0 || view_id(each, "id") != first_id)
			continue;
		view_put_flag(arena, each, "is_first_unread", true);
		view_put_flag(arena, each, "is_continued", false);
		if (view_is_object(bar))
			view_put_flag(arena, bar, "is_far", false);
	}
}
