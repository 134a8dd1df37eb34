/* The part of a conversation that its page shows: ?before=, ?after=, ?around= or the latest, and the links to what
 * stands beside it. */
#ifndef SNUG_PAGE_ROOM_HISTORY_H
#define SNUG_PAGE_ROOM_HISTORY_H

#include "domain/message/message.h"
#include "page/page.h"

/* What the address asks for. ERR_NOT_FOUND when it names no message. */
enum err room_history_asked(const struct request *request, struct message_page *out) MUST_USE;

/* Writes messages; none for who may not read history. */
enum err room_history_write(struct page *page, const struct message_page *asked) MUST_USE;

/* Readies messages for part/messages, and adds older, newer (ids or null), is_latest and is_empty. */
void room_history_ready(struct request *request, struct view *data, const struct message_page *asked);

#endif
