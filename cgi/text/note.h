/* What open pages hear of conversations that they do not show, to keep the counts beside their names: that a message
 * came or went, how far their reader has read, and what they have begun to write. Made for all readers alike, as
 * fragments are (fragment.h): whether a message counts for somebody is for the page to say. */
#ifndef SNUG_TEXT_NOTE_H
#define SNUG_TEXT_NOTE_H

#include "json/view.h"

#include <stdbool.h>

/* Whether pages hear of events of this type wherever their reader sees them. */
bool note_is_of(const char *type);

/* Readies the payload of such an event for live/note: note (what happened: "create", "delete", "ack", "draft"),
 * author_id, targets (the ids of people, roles and of everyone that it mentions, with spaces between) and, of an ack,
 * its counts; null where there is none. */
void note_ready(struct arena *arena, const char *type, struct view *payload);

#endif
