/* Pinned messages of a channel, and the buttons that pin and unpin. */
#include "domain/perm.h"
#include "domain/pin/pin.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "text/fragment.h"

#include <string.h>

static const char *pins_path(struct request *request)
{
	return arena_printf(request->arena, "%s/pins",
			    page_channel_path(request, request->path.guild_id, request->path.channel_id));
}

static void ready_pins(struct request *request, struct view *data)
{
	struct arena *arena = request->arena;
	struct view *pins = view_find(data, "pins");

	for (struct view *each = pins->first; each != NULL; each = each->next) {
		struct view *message = view_find(each, "message");
		fragment_message(arena, message);
		fragment_moment(arena, each, "moment", view_text(each, "pinned_at"));
		view_put(arena, message, "place", view_find(data, "place"));
		view_put_flag(arena, message, "is_mine",
			      view_id(view_find(message, "author"), "id") == request->caller.user_id);
	}
	view_put_flag(arena, data, "has_pins", pins->first != NULL);
}

enum err page_pins_show(struct request *request, struct response *response)
{
	const struct pin_page wanted = {.limit = PINS_MAX, .viewer_id = request->caller.user_id};
	struct page page;
	struct view *data;
	bool has_more;

	page_begin(&page, request, response);
	page_csrf(&page);
	page_place(&page);
	jw_id(&page.jw, "channel_id", request->path.channel_id);
	jw_int(&page.jw, "most", PINS_MAX);
	jw_flag(&page.jw, "may_pin", (request->permissions & (PERM_PIN_MESSAGES | PERM_MANAGE_MESSAGES)) != 0);
	TRY(page_workspace(&page, request->path.guild_id, request->path.channel_id));
	TRY(pin_list_to_json(request->db, &page.jw, "pins", request->path.channel_id, &wanted, &has_more));
	TRY(page_data(&page, &data));
	ready_pins(request, data);
	return page_finish(&page, "page/pins");
}

/* Back to the list, where the form stands in it, else to the message. */
static enum err back(struct request *request, struct response *response)
{
	const char *from = form_find(&request->form, "from");

	reply_redirect(response, from != NULL && strcmp(from, "pins") == 0
				     ? pins_path(request)
				     : page_message_path(request, request->path.message_id));
	return ERR_OK;
}

enum err page_message_pin(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_pin_create, &reply));
	return back(request, response);
}

enum err page_message_unpin(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_pin_delete, &reply));
	return back(request, response);
}
