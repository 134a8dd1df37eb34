/* Saying that one is typing: POST …/typing, of the API and of an open page. */
#ifndef SNUG_FRONT_TYPING_H
#define SNUG_FRONT_TYPING_H

#include "front/front.h"

/* A handler for rows that load a channel and ask for PERM_SEND_MESSAGES: 204, whether or not anybody could be told. Who
 * could not post in the channel cannot announce a message either, and gets the same error; but slow mode does not
 * count, since what is written meanwhile may be sent when it has passed. A body says nothing here. */
front_handler typing_start;

#endif
