/* What the reader of a room is writing there: it stands in the composer, and beside the name of each conversation in
 * which there is something a mark tells of it. */
#ifndef SNUG_PAGE_ROOM_DRAFT_H
#define SNUG_PAGE_ROOM_DRAFT_H

#include "page/page.h"

/* Writes draft and draft_channels, of which room_draft_ready makes what templates show. channel_id is the room's. */
enum err room_draft_write(struct page *page, int64_t channel_id) MUST_USE;

/* Adds has_draft to each place of the sidebar, which is ready by then; puts the draft into form.content where nothing
 * was typed, and makes draft {revision, is_merged} for part/composer. A draft that was refused with ERR_DRAFT_CHANGED
 * stands there together with what it was to replace: is_merged, and why is told in its words, not as form's problem. */
void room_draft_ready(struct request *request, struct view *data, enum err why);

#endif
