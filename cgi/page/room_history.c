/* See room_history.h. */
#include "page/room_history.h"

#include "base/id.h"
#include "domain/perm.h"
#include "page/history.h"
#include "page/unread.h"

#include <string.h>

enum err room_history_asked(const struct request *request, struct message_page *out)
{
	static const struct {
		const char *name;
		enum message_order order;
	} orders[] = {{"before", MESSAGE_BEFORE}, {"after", MESSAGE_AFTER}, {"around", MESSAGE_AROUND}};

	*out = (struct message_page){
	    .order = MESSAGE_LATEST, .limit = MESSAGE_PAGE_INITIAL, .viewer_id = request->caller.user_id};
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		const char *text = form_find(&request->query, orders[i].name);
		if (text == NULL)
			continue;
		out->order = orders[i].order;
		return id_parse(text, strlen(text), &out->anchor_id) ? ERR_OK : ERR_NOT_FOUND;
	}
	return ERR_OK;
}

enum err room_history_write(struct page *page, const struct message_page *asked)
{
	struct request *request = page->request;
	struct message_page one_more = *asked;
	struct message_page_result result;

	if (!perm_has(request->permissions, PERM_READ_HISTORY)) {
		jw_array(&page->jw, "messages");
		jw_array_end(&page->jw);
		return ERR_OK;
	}
	/* One more than is shown, at each end that may go on, tells whether there is something to link to. */
	one_more.limit += asked->order == MESSAGE_AROUND ? 2 : 1;
	return message_list_to_json(request->db, &page->jw, "messages", request->path.channel_id, &one_more, &result);
}

/* What stands beside the page of history. */
struct edges {
	bool has_older, has_newer;
};

/* Half of such a page is newer than its anchor, the rest the anchor and what is older; each was asked for one more. */
static struct edges cut_around(struct view *messages, const struct message_page *asked)
{
	size_t newer = 0, limit = (size_t)asked->limit;
	struct edges edges = {false, false};

	for (struct view *each = messages->first; each && view_id(each, "id") > asked->anchor_id; each = each->next)
		newer++;
	if (newer > limit / 2) {
		view_remove(messages, messages->first);
		edges.has_newer = true;
	}
	for (size_t count = view_count(messages); count > limit; count--) {
		view_remove(messages, messages->last);
		edges.has_older = true;
	}
	return edges;
}

/* Takes the one message too many off the end where it shows that there is more. messages are newest first. */
static struct edges cut_edges(struct view *messages, const struct message_page *asked)
{
	size_t count = view_count(messages);
	bool is_more = count > (size_t)asked->limit;

	switch (asked->order) {
	case MESSAGE_AROUND:
		return cut_around(messages, asked);
	case MESSAGE_AFTER:
		if (is_more)
			view_remove(messages, messages->first);
		return (struct edges){.has_older = count > 0, .has_newer = is_more};
	case MESSAGE_LATEST:
	case MESSAGE_BEFORE:
		break;
	}
	if (is_more)
		view_remove(messages, messages->last);
	return (struct edges){.has_older = is_more, .has_newer = asked->order == MESSAGE_BEFORE && count > 0};
}

static void add_channels(struct arena *arena, struct view *known, const struct view *channels)
{
	for (const struct view *each = channels ? channels->first : NULL; each; each = each->next) {
		struct view *channel = view_new_object(arena);
		view_put(arena, channel, "id", view_find(each, "id"));
		view_put(arena, channel, "name", view_find(each, "name"));
		view_append(known, channel);
	}
}

/* The channels of the sidebar in one list: the names that texts call them by. */
static const struct view *known_channels(struct arena *arena, struct view *data)
{
	struct view *known = view_put_list(arena, data, "known_channels");
	const struct view *groups = view_find(data, "groups");

	for (const struct view *group = groups ? groups->first : NULL; group; group = group->next)
		add_channels(arena, known, view_find(group, "channels"));
	add_channels(arena, known, view_find(data, "more"));
	return known;
}

void room_history_ready(struct request *request, struct view *data, const struct message_page *asked)
{
	struct arena *arena = request->arena;
	struct view *messages = view_find(data, "messages");
	struct edges edges = cut_edges(messages, asked);

	view_put(arena, data, "older", edges.has_older ? view_find(messages->last, "id") : NULL);
	view_put(arena, data, "newer", edges.has_newer ? view_find(messages->first, "id") : NULL);
	view_put_flag(arena, data, "is_latest", !edges.has_newer);
	view_put_flag(arena, data, "is_empty", messages->first == NULL);
	const struct view *known = known_channels(arena, data);
	const struct view *targets = view_find(view_find(data, "unread"), "targets");
	for (struct view *each = messages->first; each; each = each->next) {
		view_put(arena, each, "known_channels", known);
		view_put(arena, each, "reader_targets", targets);
		view_put(arena, each, "place", view_find(data, "place"));
	}
	history_ready(arena, messages, request->caller.user_id);
	unread_ready_messages(arena, data, messages);
}
