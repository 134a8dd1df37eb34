/* Threads by forms: starting one from a message or by itself, the lists of a channel's, following, and what a thread is
 * called and whether it is open. A thread's room is channel_page.c. */
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/thread/thread.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/page_input.h"
#include "text/fragment.h"

#include <string.h>

static const struct page_field start_fields[] = {{"name", false}, {NULL, false}};
static const struct page_form start_form = {start_fields, NULL};

static const char *path_of(struct request *request, int64_t channel_id)
{
	return page_channel_path(request, request->path.guild_id, channel_id);
}

static enum err to(struct request *request, struct response *response, int64_t channel_id)
{
	reply_redirect(response, path_of(request, channel_id));
	return ERR_OK;
}

/* To the thread that an op has started. */
static enum err to_started(struct request *request, struct response *response, const struct op_reply *reply)
{
	struct str text = op_reply_member(reply, request->arena, "thread");
	struct view *thread;

	TRY(view_parse(request->arena, text.p, text.n, &thread));
	return to(request, response, view_id(thread, "id"));
}

static void write_place(struct page *page)
{
	page_csrf(page);
	page_place(page);
	jw_id(&page->jw, "channel_id", page->request->path.channel_id);
}

/* A channel that threads may stand in; those of direct messages, and threads themselves, have none. */
static enum err find_parent(struct request *request, struct channel *channel)
{
	TRY(channel_find(request->db, request->arena, request->path.channel_id, channel));
	return channel->type == CHANNEL_TYPE_TEXT ? ERR_OK : ERR_UNKNOWN_CHANNEL;
}

/* Adds may_start and may_start_private. */
static void write_may_start(struct page *page, const struct channel *channel)
{
	uint64_t bits = page->request->permissions;
	bool is_open = channel->archived_at_ms == 0;

	jw_flag(&page->jw, "may_start", is_open && perm_has(bits, PERM_CREATE_PUBLIC_THREADS | PERM_SEND_MESSAGES));
	jw_flag(&page->jw, "may_start_private", is_open && perm_has(bits, PERM_CREATE_PRIVATE_THREADS));
}

/* Adds archived {threads, members, has_more}: public ones, or private ones for who manages them, else those the reader
 * is in. */
static enum err write_archived(struct page *page, const char *key, int type)
{
	struct request *request = page->request;
	uint64_t bits = request->permissions;
	bool is_private = type == CHANNEL_TYPE_PRIVATE_THREAD;
	const struct thread_page asked = {.channel_id = request->path.channel_id,
					  .type = type,
					  .is_joined = is_private && !perm_has(bits, PERM_MANAGE_THREADS),
					  .before = INT64_MAX,
					  .limit = THREAD_PAGE_MAX};

	jw_object(&page->jw, key);
	if (perm_has(bits, PERM_READ_HISTORY)) {
		TRY(thread_list_archived_to_json(request->db, request->arena, &page->jw, &asked,
						 request->caller.user_id));
	} else {
		jw_array(&page->jw, "threads");
		jw_array_end(&page->jw);
		jw_flag(&page->jw, "has_more", false);
	}
	jw_object_end(&page->jw);
	return ERR_OK;
}

static void ready_threads(struct arena *arena, struct view *data, const char *key)
{
	struct view *list = view_find(data, key), *threads = view_find(list, "threads");

	for (struct view *each = threads->first; each != NULL; each = each->next) {
		fragment_thread(arena, each);
		view_put(arena, each, "place", view_find(data, "place"));
		view_put_flag(arena, each, "is_private", view_int(each, "type") == CHANNEL_TYPE_PRIVATE_THREAD);
		view_put_flag(arena, each, "is_followed", view_is_object(view_find(each, "member")));
	}
	view_put_flag(arena, list, "has_threads", threads->first != NULL);
}

static enum err list_render(struct request *request, struct response *response, enum err why)
{
	struct channel channel;
	struct page page;
	struct view *data;

	TRY(page_read_again(request));
	TRY(find_parent(request, &channel));
	page_begin(&page, request, response);
	write_place(&page);
	TRY(page_workspace(&page, request->path.guild_id, request->path.channel_id));
	jw_text(&page.jw, "channel_name", channel.name);
	write_may_start(&page, &channel);
	jw_object(&page.jw, "active");
	TRY(thread_list_active_in_to_json(request->db, request->arena, &page.jw, &channel, request->permissions,
					  request->caller.user_id));
	jw_object_end(&page.jw);
	TRY(write_archived(&page, "archived", CHANNEL_TYPE_PUBLIC_THREAD));
	TRY(write_archived(&page, "archived_private", CHANNEL_TYPE_PRIVATE_THREAD));
	TRY(page_form(&page, &start_form, why));
	TRY(page_data(&page, &data));
	ready_threads(request->arena, data, "active");
	ready_threads(request->arena, data, "archived");
	ready_threads(request->arena, data, "archived_private");
	return page_finish(&page, "page/threads");
}

enum err page_threads_show(struct request *request, struct response *response)
{
	return list_render(request, response, ERR_OK);
}

void page_threads_refused(struct request *request, struct response *response, enum err why)
{
	if (list_render(request, response, why) == ERR_OK)
		return;
	reply_clear(response);
	page_error(request, response, why);
}

enum err page_thread_new(struct request *request, struct response *response)
{
	bool is_private = form_find(&request->form, "private") != NULL;
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	page_input_text(&input, "name");
	jw_int(&input.jw, "type", is_private ? CHANNEL_TYPE_PRIVATE_THREAD : CHANNEL_TYPE_PUBLIC_THREAD);
	TRY(page_input_submit(&input, OP_thread_create, &reply));
	return to_started(request, response, &reply);
}

/* The form for a message; one that has a thread already leads there. */
static enum err start_render(struct request *request, struct response *response, enum err why)
{
	const struct message_at at = {request->path.channel_id, request->path.message_id, request->caller.user_id};
	struct channel channel;
	struct page page;
	struct view *data, *message;

	TRY(page_read_again(request));
	TRY(find_parent(request, &channel));
	page_begin(&page, request, response);
	write_place(&page);
	jw_id(&page.jw, "message_id", request->path.message_id);
	TRY(page_workspace(&page, request->path.guild_id, request->path.channel_id));
	TRY(message_find_to_json(request->db, &page.jw, "message", at, NULL));
	TRY(page_form(&page, &start_form, why));
	TRY(page_data(&page, &data));
	message = view_find(data, "message");
	if (view_is_object(view_find(message, "thread")))
		return to(request, response, request->path.message_id);
	view_put(request->arena, message, "place", view_find(data, "place"));
	fragment_message(request->arena, message);
	return page_finish(&page, "page/thread_new");
}

enum err page_message_thread_show(struct request *request, struct response *response)
{
	return start_render(request, response, ERR_OK);
}

enum err page_message_thread(struct request *request, struct response *response)
{
	struct op_reply reply;
	enum err e = front_submit(request, OP_thread_create, &reply);

	if (e == ERR_THREAD_EXISTS) /* two started it at once */
		return to(request, response, request->path.message_id);
	TRY(e);
	return to_started(request, response, &reply);
}

void page_message_thread_refused(struct request *request, struct response *response, enum err why)
{
	if (start_render(request, response, why) == ERR_OK)
		return;
	reply_clear(response);
	page_error(request, response, why);
}

enum err page_thread_follow(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_thread_join, &reply));
	return to(request, response, request->path.channel_id);
}

/* Out of a private one there is no way back: to its channel then. */
enum err page_thread_unfollow(struct request *request, struct response *response)
{
	struct channel channel;
	struct op_reply reply;

	TRY(channel_find(request->db, request->arena, request->path.channel_id, &channel));
	enum err e = front_submit(request, OP_thread_leave, &reply);
	if (e != ERR_UNKNOWN_MEMBER) /* as was asked already */
		TRY(e);
	return to(request, response, channel.type == CHANNEL_TYPE_PRIVATE_THREAD ? channel.parent_id : channel.id);
}
