/* A conversation of any kind: sidebar, head, a page of history, composer. One document of views, read in one
 * transaction together with the seq behind which the page's stream of events goes on. */
#include "base/id.h"
#include "domain/channel/channel.h"
#include "domain/event/event.h"
#include "domain/guild/guild.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/user/user.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/room_draft.h"
#include "page/room_history.h"
#include "page/room_state.h"
#include "page/room_thread.h"
#include "page/sidebar.h"
#include "page/unread.h"
#include "text/fragment.h"
#include "tmpl/tmpl.h"

#include <string.h>

static const struct page_field composer_fields[] = {{"content", false}, {NULL, false}};
static const struct page_form composer_form = {composer_fields, NULL};

/* The message that the client's script fills in and shows while a new one is on its way. */
static void write_blank_message(struct page *page)
{
	struct jw *jw = &page->jw;

	jw_object(jw, "blank_message");
	jw_text(jw, "id", "");
	jw_id(jw, "channel_id", page->request->path.channel_id);
	jw_text(jw, "content", "");
	jw_text(jw, "timestamp", "");
	jw_object_end(jw);
}

/* Adds reply_to: the message that is being answered, as ?reply= or a refused form names it; else null. */
static enum err write_reply_to(struct page *page)
{
	struct request *request = page->request;
	struct message_at at = {.channel_id = request->path.channel_id, .viewer_id = request->caller.user_id};
	const char *text = form_find(&request->form, "reply_to");
	enum err e = ERR_UNKNOWN_MESSAGE;

	if (text == NULL)
		text = form_find(&request->query, "reply");
	if (text != NULL && id_parse(text, strlen(text), &at.message_id) &&
	    perm_has(request->permissions, PERM_READ_HISTORY))
		e = message_find_to_json(request->db, &page->jw, "reply_to", at, NULL);
	if (e == ERR_UNKNOWN_MESSAGE)
		jw_null(&page->jw, "reply_to");
	return e == ERR_UNKNOWN_MESSAGE ? ERR_OK : e;
}

static void ready_reply_to(struct arena *arena, struct view *data)
{
	struct view *reply_to = view_find(data, "reply_to");

	if (view_is_object(reply_to))
		fragment_parent(arena, reply_to);
}

/* What surrounds the conversation: sidebar, head, and what stands where the composer does. */
static enum err write_surroundings(struct page *page, const struct channel *channel, enum err why)
{
	page_csrf(page);
	page_nonce(page);
	page_place(page);
	jw_id(&page->jw, "channel_id", channel->id);
	TRY(page_user(page));
	TRY(sidebar_write(page, channel));
	TRY(unread_write(page, channel));
	TRY(room_state_write(page, channel));
	TRY(room_thread_write(page, channel));
	TRY(write_reply_to(page));
	TRY(room_draft_write(page, channel->id));
	return page_form(page, &composer_form, why);
}

static void ready_surroundings(struct request *request, struct view *data, enum err why)
{
	sidebar_ready(request, data);
	unread_ready(request, data);
	room_state_ready(request, data);
	room_thread_ready(request, data);
	ready_reply_to(request->arena, data);
	room_draft_ready(request, data, why);
	fragment_person(request->arena, data, "user", view_find(data, "user"));
}

static void ready_blank_message(struct arena *arena, struct view *data)
{
	struct view *blank = view_find(data, "blank_message");

	view_put(arena, blank, "author", view_find(data, "user"));
	fragment_message(arena, blank);
	fragment_parent(arena, blank); /* it is also the blank of what stands above a composer that answers */
	view_put_flag(arena, blank, "is_mine", true);
}

static enum err room_render(struct request *request, struct response *response, enum err why)
{
	struct message_page asked;
	struct event_range range;
	struct channel channel;
	struct page page;
	struct view *data;

	TRY(room_history_asked(request, &asked));
	TRY(page_read_again(request));
	TRY(channel_find(request->db, request->arena, request->path.channel_id, &channel));
	if (channel.type == CHANNEL_TYPE_CATEGORY) {
		reply_redirect(response, page_channel_path(request, channel.guild_id, 0));
		return ERR_OK;
	}
	TRY(unread_asked(request, channel.id, &asked));
	page_begin(&page, request, response);
	TRY(event_range(request->db, &range));
	jw_int(&page.jw, "seq", range.head);
	write_blank_message(&page);
	TRY(write_surroundings(&page, &channel, why));
	TRY(room_history_write(&page, &asked));
	TRY(page_data(&page, &data));
	ready_surroundings(request, data, why);
	ready_blank_message(request->arena, data);
	room_history_ready(request, data, &asked);
	sidebar_remember(request, response, data);
	return page_finish(&page, "page/channel");
}

enum err page_channel_show(struct request *request, struct response *response)
{
	return room_render(request, response, ERR_OK);
}

/* What the script of an open room fetches when an event says that something around the conversation may have changed.
 */
enum err page_channel_sidebar(struct request *request, struct response *response)
{
	struct channel channel;
	struct page page;
	struct view *data;

	TRY(channel_find(request->db, request->arena, request->path.channel_id, &channel));
	if (channel.type == CHANNEL_TYPE_CATEGORY)
		return ERR_UNKNOWN_CHANNEL;
	page_begin(&page, request, response);
	TRY(write_surroundings(&page, &channel, ERR_OK));
	TRY(page_data(&page, &data));
	ready_surroundings(request, data, ERR_OK);
	return page_finish(&page, "page/channel_sidebar");
}

/* A message that was refused: the room with the text in the composer. What is wrong alone where the room cannot be
 * shown, since it has gone meanwhile, and for the script of an open one. */
void page_channel_refused(struct request *request, struct response *response, enum err why)
{
	if (!page_wants_fragment(request) && room_render(request, response, why) == ERR_OK)
		return;
	reply_clear(response);
	page_error(request, response, why);
}
