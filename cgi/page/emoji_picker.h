/* The emoji that a page offers: those of one kind, those that words find, or at first the usual ones. */
#ifndef SNUG_PAGE_EMOJI_PICKER_H
#define SNUG_PAGE_EMOJI_PICKER_H

#include "front/front.h"
#include "json/view.h"

/* Adds emoji_groups and choices; custom, the workspace's own emoji, must be there, and loses what is not offered. query
 * is what is looked for; where it is empty the request's query string says it (q), or which kind (group). */
void emoji_picker_ready(struct request *request, struct view *data, struct str query);

#endif
