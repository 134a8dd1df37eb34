/* The words of the index's second column: what a search is narrowed by. All begin alike, so that they take the index of
 * prefixes no room. Changing them is another SEARCH_TEXT_VERSION. */
#ifndef SNUG_DOMAIN_SEARCH_TAGS_H
#define SNUG_DOMAIN_SEARCH_TAGS_H

#include "base/buf.h"

#include <inttypes.h>
#include <stdint.h>

/* Of a message: where it stands. A place is what decides who may read it: its channel; of a public thread the channel
 * that the thread is in; a private thread is one of its own. */
#define SEARCH_TAG_GUILD "tagg%" PRId64
#define SEARCH_TAG_PLACE "tagp%" PRId64
#define SEARCH_TAG_THREAD "tagt%" PRId64
#define SEARCH_TAG_PRIVATE "tagprivate"      /* it is in a private thread … */
#define SEARCH_TAG_PRIVATE_OF "tagm%" PRId64 /* … of this channel */
/* Whose it is, alone and together with the place: people look for what somebody wrote somewhere. */
#define SEARCH_TAG_AUTHOR "tagu%" PRId64
#define SEARCH_TAG_AUTHOR_PLACE "taga%" PRId64 "p%" PRId64
/* Whom it mentions: a person, a role, or with the workspace's id everybody. */
#define SEARCH_TAG_MENTION "tagn%" PRId64
/* What is with it, alone, together with the place, and with whose it is. */
#define SEARCH_TAG_HAS "tagh%s"
#define SEARCH_TAG_HAS_PLACE "tagh%sp%" PRId64
#define SEARCH_TAG_HAS_AUTHOR "tagh%su%" PRId64

enum search_has {
	SEARCH_HAS_LINK = 1 << 0,
	SEARCH_HAS_EMBED = 1 << 1,
	SEARCH_HAS_FILE = 1 << 2,
	SEARCH_HAS_IMAGE = 1 << 3,
	SEARCH_HAS_VIDEO = 1 << 4,
	SEARCH_HAS_SOUND = 1 << 5,
	SEARCH_HAS_POLL = 1 << 6,
	SEARCH_HAS_PIN = 1 << 7,
	SEARCH_HAS_FORWARD = 1 << 8,
	SEARCH_IS_THREAD = 1 << 9, /* it is in a thread */
	SEARCH_IS_REPLY = 1 << 10,
	SEARCH_HAS_MENTION = 1 << 11,
};
enum { SEARCH_HAS_COUNT = 12 };

/* The name of one bit, as its tag has it. */
const char *search_has_name(enum search_has bit);

#endif
