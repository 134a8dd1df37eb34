/* Posting, editing and deleting messages by forms. The script of an open room posts the same form and takes the
 * message's fragment instead of the redirect. */
#include "domain/message/message.h"
#include "domain/name/name.h"
#include "domain/perm.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/history.h"
#include "page/page.h"
#include "text/fragment.h"
#include "tmpl/tmpl.h"

#include <string.h>

static const struct page_field edit_fields[] = {{"content", false}, {NULL, false}};
static const struct page_blame edit_blames[] = {{ERR_EMPTY_MESSAGE, "content"}, {ERR_OK, NULL}};
static const struct page_form edit_form = {edit_fields, edit_blames};

static enum err to_room(struct request *request, struct response *response)
{
	reply_redirect(response, page_channel_path(request, request->path.guild_id, request->path.channel_id));
	return ERR_OK;
}

/* The address of a room that was shown again with a refused message, when it is reloaded. */
enum err page_messages_show(struct request *request, struct response *response)
{
	return to_room(request, response);
}

static enum err reply_fragment(struct request *request, struct response *response, int status,
			       const struct op_reply *reply)
{
	struct str text = op_reply_member(reply, request->arena, "message");
	struct page page;
	struct view *data, *message;

	page_begin(&page, request, response);
	page_place(&page);
	jw_raw(&page.jw, "message", text.p, text.n);
	TRY(page_data(&page, &data));
	message = view_find(data, "message");
	if (!view_is_object(message))
		return ERR_INTERNAL;
	view_put(request->arena, message, "place", view_find(data, "place"));
	fragment_message(request->arena, message);
	reply_page(response, status);
	return tmpl_render(request->app->templates, "part/message", message, TMPL_LENIENT, response->body);
}

enum err page_message_post(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_message_create, &reply));
	return page_wants_fragment(request) ? reply_fragment(request, response, 201, &reply)
					    : to_room(request, response);
}

static void write_place(struct page *page)
{
	const struct request_path *path = &page->request->path;

	page_csrf(page);
	page_place(page);
	jw_id(&page->jw, "channel_id", path->channel_id);
	jw_id(&page->jw, "message_id", path->message_id);
}

/* Adds message. ERR_NOT_AUTHOR for somebody else's, unless moderators may do this. */
static enum err write_message(struct page *page, bool moderators_may)
{
	struct request *request = page->request;
	int64_t author_id;

	TRY(message_find_to_json(
	    request->db, &page->jw, "message",
	    (struct message_at){request->path.channel_id, request->path.message_id, request->caller.user_id},
	    &author_id));
	if (author_id == request->caller.user_id)
		return ERR_OK;
	return moderators_may && perm_has(request->permissions, PERM_MANAGE_MESSAGES) ? ERR_OK : ERR_NOT_AUTHOR;
}

/* Into the form: the text as it is typed. */
static enum err put_typed(struct request *request, struct view *data)
{
	const struct name_place place = {request->path.channel_id, request->caller.user_id};
	struct str typed;

	TRY(name_to_typed(request->db, request->arena, &place, view_text(view_find(data, "message"), "content"),
			  &typed));
	view_put_text(request->arena, view_find(data, "form"), "content", typed);
	return ERR_OK;
}

static enum err edit_render(struct request *request, struct response *response, enum err why)
{
	struct page page;
	struct view *data;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	write_place(&page);
	TRY(page_workspace(&page, request->path.guild_id, request->path.channel_id));
	TRY(write_message(&page, false));
	TRY(page_form(&page, &edit_form, why));
	TRY(page_data(&page, &data));
	if (why == ERR_OK)
		TRY(put_typed(request, data));
	return page_finish(&page, "page/message_edit");
}

enum err page_message_edit_show(struct request *request, struct response *response)
{
	return edit_render(request, response, ERR_OK);
}

enum err page_message_edit(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_message_update, &reply));
	if (page_wants_fragment(request))
		return reply_fragment(request, response, 200, &reply);
	reply_redirect(response, page_message_path(request, request->path.message_id));
	return ERR_OK;
}

void page_message_edit_refused(struct request *request, struct response *response, enum err why)
{
	if (edit_render(request, response, why) == ERR_OK)
		return;
	/* The message is gone, or was never theirs: there is no form to show. */
	reply_clear(response);
	page_error(request, response, why);
}

enum err page_message_delete_show(struct request *request, struct response *response)
{
	struct page page;
	struct view *data;

	page_begin(&page, request, response);
	write_place(&page);
	TRY(page_workspace(&page, request->path.guild_id, request->path.channel_id));
	TRY(write_message(&page, true));
	TRY(page_data(&page, &data));
	fragment_message(request->arena, view_find(data, "message"));
	return page_finish(&page, "page/message_delete");
}

/* What is gone already is as it was asked to be. */
enum err page_message_delete(struct request *request, struct response *response)
{
	struct op_reply reply;
	enum err e = front_submit(request, OP_message_delete, &reply);

	return e == ERR_OK || e == ERR_UNKNOWN_MESSAGE ? to_room(request, response) : e;
}
