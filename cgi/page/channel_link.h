/* A link to a conversation, for lists of things from several of them. */
#ifndef SNUG_PAGE_CHANNEL_LINK_H
#define SNUG_PAGE_CHANNEL_LINK_H

#include "page/page.h"
#include "json/view.h"

/* Adds channel to an object: what it is called for its reader (part/place_title), and path, where it is; null where it
 * can be seen no more. */
enum err channel_link_put(struct request *request, struct view *object, int64_t channel_id) MUST_USE;

#endif
