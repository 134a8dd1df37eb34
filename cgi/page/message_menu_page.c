/* The page of one message: all that can be done to it, as links and forms, each shown to who may. The room's script
 * takes the list out of this page and shows it beside the message. */
#include "domain/channel/channel.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/saved/saved.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page_input.h"
#include "page/readers.h"
#include "text/fragment.h"

/* Adds may: what this person may do to the message. The ops decide; this only spares people a refusal. */
static enum err write_may(struct page *page, bool is_own, bool is_joined)
{
	struct request *request = page->request;
	struct channel channel;
	uint64_t bits = request->permissions;
	struct jw *jw = &page->jw;

	TRY(channel_find(request->db, request->arena, request->path.channel_id, &channel));
	bool holds_threads = channel.type == CHANNEL_TYPE_TEXT && channel.archived_at_ms == 0;
	jw_object(jw, "may");
	jw_flag(jw, "start_thread", holds_threads && perm_has(bits, PERM_CREATE_PUBLIC_THREADS));
	jw_flag(jw, "reply", perm_has(bits, PERM_SEND_MESSAGES));
	jw_flag(jw, "edit", is_own && perm_has(bits, PERM_SEND_MESSAGES));
	jw_flag(jw, "mark_unread", is_joined);
	jw_flag(jw, "pin", (bits & (PERM_PIN_MESSAGES | PERM_MANAGE_MESSAGES)) != 0);
	jw_flag(jw, "delete_many", page->request->path.guild_id != 0 && perm_has(bits, PERM_MANAGE_MESSAGES));
	jw_flag(jw, "delete", is_own || perm_has(bits, PERM_MANAGE_MESSAGES));
	jw_object_end(jw);
	return ERR_OK;
}

/* Its author may end a poll that is open. */
static void put_end_poll(struct arena *arena, struct view *data)
{
	const struct view *message = view_find(data, "message"), *poll = view_find(message, "poll");
	bool is_open = view_is_object(poll) && view_find(poll, "is_final")->type != VIEW_TRUE;

	view_put_flag(arena, view_find(data, "may"), "end_poll",
		      is_open && view_find(message, "is_mine")->type == VIEW_TRUE);
}

/* A forward's are its copy's. */
static bool has_embeds(const struct view *message)
{
	const struct view *copies = view_find(message, "message_snapshots");
	bool is_forward = copies != NULL && copies->type == VIEW_LIST && copies->first != NULL;
	const struct view *shown = is_forward ? view_find(copies->first, "message") : message;
	const struct view *flag = view_find(shown, "has_embeds");

	return flag != NULL && flag->type == VIEW_TRUE;
}

/* What stands below its text, previews of links too, its author and moderators hide and show again. What is hidden is
 * not told, so that it can be shown again is offered whatever it is. */
static void put_embeds(struct request *request, struct view *data)
{
	const struct view *message = view_find(data, "message");
	struct view *may = view_find(data, "may");
	uint64_t bits = request->permissions;
	int64_t type = view_int(message, "type");
	bool is_hidden = (view_int(message, "flags") & MESSAGE_FLAG_SUPPRESS_EMBEDS) != 0;
	bool is_of_person = type == MESSAGE_TYPE_DEFAULT || type == MESSAGE_TYPE_REPLY;
	bool is_theirs = view_find(message, "is_mine")->type == VIEW_TRUE || perm_has(bits, PERM_MANAGE_MESSAGES);
	bool may_change = is_of_person && is_theirs && perm_has(bits, PERM_SEND_MESSAGES);

	view_put_flag(request->arena, may, "show_embeds", may_change && is_hidden);
	view_put_flag(request->arena, may, "hide_embeds", may_change && !is_hidden && has_embeds(message));
}

enum err page_message_show(struct request *request, struct response *response)
{
	const struct request_path *path = &request->path;
	struct message_at at = {path->channel_id, path->message_id, request->caller.user_id};
	struct page page;
	struct view *data, *message;
	int64_t author_id;
	bool is_joined, is_saved;

	page_begin(&page, request, response);
	page_csrf(&page);
	page_place(&page);
	jw_id(&page.jw, "channel_id", path->channel_id);
	jw_id(&page.jw, "message_id", path->message_id);
	TRY(page_workspace(&page, path->guild_id, path->channel_id));
	TRY(message_find_to_json(request->db, &page.jw, "message", at, &author_id));
	TRY(page_readers_write(&page, &is_joined));
	TRY(write_may(&page, author_id == request->caller.user_id, is_joined));
	TRY(saved_exists(request->db, request->caller.user_id, path->message_id, &is_saved));
	jw_flag(&page.jw, "is_saved", is_saved);
	TRY(page_data(&page, &data));
	message = view_find(data, "message");
	fragment_message_whole(request->arena, message);
	page_readers_ready(request->arena, data);
	view_put_flag(request->arena, message, "is_mine", author_id == request->caller.user_id);
	put_end_poll(request->arena, data);
	put_embeds(request, data);
	if (view_find(message, "is_editable")->type != VIEW_TRUE)
		view_put_flag(request->arena, view_find(data, "may"), "edit", false);
	if (view_is_object(view_find(message, "thread")))
		view_put_flag(request->arena, view_find(data, "may"), "start_thread", false);
	struct str permalink = str_from(page_message_path(request, path->message_id));
	view_put_text(request->arena, data, "permalink", permalink);
	view_put_text(request->arena, view_find(data, "workspace"), "back", permalink);
	return page_finish(&page, "page/message");
}

enum err page_message_embeds(struct request *request, struct response *response)
{
	bool is_hidden = form_find(&request->form, "hide") != NULL;
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	jw_id(&input.jw, "message_id", request->path.message_id);
	jw_int(&input.jw, "flags", is_hidden ? MESSAGE_FLAG_SUPPRESS_EMBEDS : 0);
	TRY(page_input_submit(&input, OP_message_update, &reply));
	reply_redirect(response, page_message_path(request, request->path.message_id));
	return ERR_OK;
}
