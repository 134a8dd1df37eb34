/* Messages that somebody keeps for later: the list, and putting them on it and taking them off by forms. */
#include "domain/saved/saved.h"
#include "front/reply.h"
#include "page/channel_link.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/settings.h"
#include "text/fragment.h"

enum { SAVED_SHOWN = 25 };

const struct field page_saved_fields[] = {
    {.name = "before", .type = FIELD_ID, .offset = offsetof(struct page_saved_input, before)}, {0}};

static enum err ready_item(struct request *request, struct view *item)
{
	struct view *message = view_find(item, "message");
	const struct view *guild_id = view_find(item, "guild_id");

	fragment_message(request->arena, message);
	if (view_id(item, "guild_id") != 0)
		view_put(request->arena, message, "place", guild_id);
	else
		view_put_text(request->arena, message, "place", STR("@me"));
	view_put_flag(request->arena, message, "is_mine",
		      view_id(view_find(message, "author"), "id") == request->caller.user_id);
	fragment_moment(request->arena, item, "moment", view_text(item, "saved_at"));
	return channel_link_put(request, item, view_id(message, "channel_id"));
}

enum err page_saved_show(struct request *request, struct response *response)
{
	const struct page_saved_input *in = request->input;
	const struct saved_page asked = {.before = in->before, .limit = SAVED_SHOWN};
	struct page page;
	struct view *data, *items;
	int64_t last_id;

	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_SAVED));
	TRY(saved_list_to_json(request->db, request->arena, &page.jw, request->caller.user_id, &asked, &last_id));
	jw_id(&page.jw, "last_id", last_id);
	jw_flag(&page.jw, "is_later", in->before != 0);
	TRY(page_data(&page, &data));
	items = view_find(data, "items");
	for (struct view *each = items->first; each != NULL; each = each->next)
		TRY(ready_item(request, each));
	view_put_flag(request->arena, data, "has_items", items->first != NULL);
	return page_finish(&page, "page/saved");
}

static enum err to_message(struct request *request, struct response *response)
{
	if (page_wants_fragment(request))
		reply_nothing(response);
	else
		reply_redirect(response, page_message_path(request, request->path.message_id));
	return ERR_OK;
}

enum err page_save(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_saved_add, &reply));
	return to_message(request, response);
}

enum err page_unsave(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_saved_remove, &reply));
	return to_message(request, response);
}

/* The same from the list, which may name what its owner can see no more. */
enum err page_saved_remove(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_saved_remove, &reply));
	page_done(request, response, "/saved", PAGE_DONE_REMOVED);
	return ERR_OK;
}
