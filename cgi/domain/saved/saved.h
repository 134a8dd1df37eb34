/* Messages that somebody keeps for later: a list of their own, which nobody else learns of. It holds where a message
 * stands and none of what it says, so that it shows no more than its reader may see when they look: what was deleted is
 * taken off, and what they may no longer read does not appear, but is there again with the permission. */
#ifndef SNUG_DOMAIN_SAVED_SAVED_H
#define SNUG_DOMAIN_SAVED_SAVED_H

#include "domain/apply.h"

enum { SAVED_MAX = 1000, SAVED_PAGE_MAX = 100, SAVED_PAGE_INITIAL = 50 };

/* The latest saved first. */
struct saved_page {
	int64_t before; /* the id of an entry; 0: from the latest */
	int limit;      /* 1 to SAVED_PAGE_MAX */
};

/* Writes `items`, an array of {"id","saved_at","guild_id","message"}, and `has_more`, into an object that is open.
 * last_id, which may be NULL, is where the next page begins. guild_id is null for direct messages. */
enum err saved_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, int64_t user_id,
			    const struct saved_page *page, int64_t *last_id) MUST_USE;

/* Whether the person has saved the message. */
enum err saved_exists(struct sql *db, int64_t user_id, int64_t message_id, bool *exists) MUST_USE;

/* Takes a message that is deleted off everybody's list; its own event tells of it. Part of another apply. */
enum err saved_message_gone(struct apply *apply, int64_t message_id) MUST_USE;

/* Takes the list of somebody whose account is deleted: part of user_delete. */
enum err saved_forget_user(struct apply *apply, int64_t user_id) MUST_USE;

/* Both tell the person alone: SAVED_MESSAGE_ADD {"id","channel_id","message_id","saved_at"} and SAVED_MESSAGE_REMOVE
 * {"channel_id","message_id"}. What is as it was asked to be changes nothing and has no event. */
struct saved_add_input {
	struct field_set set;
	int64_t channel_id, message_id;
};
extern const struct field saved_add_fields[];
apply_function saved_add_apply; /* {}; ERR_TOO_MANY_SAVED, ERR_UNKNOWN_MESSAGE, those of reading the channel */

struct saved_remove_input {
	struct field_set set;
	int64_t channel_id, message_id;
};
extern const struct field saved_remove_fields[];
apply_function saved_remove_apply; /* {}; no permission is needed to let go of something */

#endif
