/* What a person typed for others to read, where the request is refused: nobody is logged in any more, the channel is
 * gone, it is one too many. The page that says so hands it back, since going back in a browser may not. */
#ifndef SNUG_FRONT_UNSENT_H
#define SNUG_FRONT_UNSENT_H

#include "front/front.h"

/* The field `content` of the form that came, in the arena. Where the request was refused before its body was read, the
 * first FRONT_BODY_MAX bytes of that are read now, and files in it passed over. "" when there is no such field, when it
 * is no text, and when another site sent it: its words are not this person's. */
const char *unsent_text(struct request *request);

#endif
