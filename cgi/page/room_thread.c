#include "page/room_thread.h"

#include "domain/channel/channel_member.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/thread/thread.h"
#include "text/fragment.h"

/* *is_gone: it is about a message that was deleted. */
static enum err write_starter(struct page *page, const struct thread *thread, bool *is_gone)
{
	struct request *request = page->request;
	const struct message_at at = {thread->parent_id, thread->id, request->caller.user_id};
	bool is_of_message = thread->type == CHANNEL_TYPE_PUBLIC_THREAD && thread->notice_id == 0;
	enum err e = ERR_UNKNOWN_MESSAGE;

	*is_gone = false;
	if (is_of_message && perm_has(request->permissions, PERM_READ_HISTORY)) {
		e = message_find_to_json(request->db, &page->jw, "starter", at, NULL);
		*is_gone = e == ERR_UNKNOWN_MESSAGE;
	}
	if (e == ERR_UNKNOWN_MESSAGE)
		jw_null(&page->jw, "starter");
	return e == ERR_UNKNOWN_MESSAGE ? ERR_OK : e;
}

static void write_parent(struct jw *jw, const struct channel *parent)
{
	jw_object(jw, "parent");
	jw_id(jw, "id", parent->id);
	jw_text(jw, "name", parent->name);
	jw_flag(jw, "private", channel_is_private(parent));
	jw_object_end(jw);
}

enum err room_thread_write(struct page *page, const struct channel *channel)
{
	struct request *request = page->request;
	struct jw *jw = &page->jw;
	struct channel_member own;
	struct channel parent;
	struct thread thread;
	bool is_gone;

	if (!channel_is_thread(channel)) {
		jw_null(jw, "thread_room");
		return ERR_OK;
	}
	TRY(channel_find(request->db, request->arena, channel->parent_id, &parent));
	TRY(thread_find(request->db, request->arena, channel->id, &thread));
	enum err e = channel_member_find(request->db, channel->id, request->caller.user_id, request->now_ms, &own);
	if (e != ERR_UNKNOWN_MEMBER)
		TRY(e);
	bool is_archived = thread.archived_at_ms != 0;
	jw_object(jw, "thread_room");
	write_parent(jw, &parent);
	jw_flag(jw, "is_private", thread.type == CHANNEL_TYPE_PRIVATE_THREAD);
	jw_flag(jw, "is_locked", thread.is_locked);
	jw_flag(jw, "is_archived", is_archived);
	jw_flag(jw, "is_followed", e == ERR_OK);
	jw_flag(jw, "may_follow", e == ERR_UNKNOWN_MEMBER && !is_archived);
	TRY(write_starter(page, &thread, &is_gone));
	jw_flag(jw, "is_starter_gone", is_gone);
	jw_object_end(jw);
	return ERR_OK;
}

static void ready_starter(struct request *request, const struct view *data, struct view *starter)
{
	struct arena *arena = request->arena;
	int64_t author_id = view_id(view_find(starter, "author"), "id");

	view_put(arena, starter, "place", view_find(data, "place"));
	view_put(arena, starter, "known_channels", view_find(data, "channels"));
	fragment_message(arena, starter);
	view_put_null(arena, starter, "thread"); /* the line below it would lead to where its reader is */
	view_put_flag(arena, starter, "is_mine", author_id == request->caller.user_id);
}

void room_thread_ready(struct request *request, struct view *data)
{
	struct view *room = view_find(data, "thread_room"), *channel = view_find(data, "channel");

	if (!view_is_object(room))
		return;
	view_put(request->arena, channel, "label", view_find(channel, "name"));
	view_put_null(request->arena, channel, "topic");
	view_put_flag(request->arena, channel, "private", view_find(room, "is_private")->type == VIEW_TRUE);
	if (view_is_object(view_find(room, "starter")))
		ready_starter(request, data, view_find(room, "starter"));
}
