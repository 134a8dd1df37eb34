/* How a conversation stands for whoever reads it: its head (name, topic, people) and what stands above or instead of
 * the composer. A composer is shown exactly where a post would be taken. */
#ifndef SNUG_PAGE_ROOM_STATE_H
#define SNUG_PAGE_ROOM_STATE_H

#include "domain/channel/channel.h"
#include "page/page.h"

/* Writes channel (as the reader sees it), room, can_send, can_moderate, and composer: what that takes. channel is that
 * of the request's path, and no category. */
enum err room_state_write(struct page *page, const struct channel *channel) MUST_USE;

/* Readies them for part/room_head, part/room_state and part/composer. */
void room_state_ready(struct request *request, struct view *data);

#endif
