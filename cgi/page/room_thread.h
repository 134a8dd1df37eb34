/* What the room of a thread has beyond that of a channel: where it belongs, what it is about, and what its reader may
 * do with it. */
#ifndef SNUG_PAGE_ROOM_THREAD_H
#define SNUG_PAGE_ROOM_THREAD_H

#include "domain/channel/channel.h"
#include "page/page.h"

/* Adds thread_room, null for every other conversation: parent {id, name, private}, starter (the message that it is
 * about, or null), is_starter_gone, is_private, is_locked, is_archived, is_followed, may_follow. */
enum err room_thread_write(struct page *page, const struct channel *channel) MUST_USE;

/* Readies the starter, and the view of the thread as the room's templates want a channel's. */
void room_thread_ready(struct request *request, struct view *data);

#endif
