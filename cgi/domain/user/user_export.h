/* All that the server knows of an account and all that it wrote, for its owner to take away.
 *
 * It comes in parts, so that no process holds more than one of them: each part is a document of its own, the first has
 * what there is beside messages, and each names where the next one begins. Parts end where the same walk always ends
 * them, so a list of parts and the parts themselves agree as long as nothing is deleted in between. */
#ifndef SNUG_DOMAIN_USER_USER_EXPORT_H
#define SNUG_DOMAIN_USER_USER_EXPORT_H

#include "domain/user/user.h"

enum {
	USER_EXPORT_MESSAGES_MAX = 10000,        /* of one part */
	USER_EXPORT_BYTES_MAX = 8 * 1024 * 1024, /* of the text of its messages */
	USER_EXPORT_PARTS_MAX = 1000,            /* that are listed; a script goes on by next */
};

struct user_export_part {
	int64_t after; /* messages with a higher id, and what the account put on any of those */
	int64_t count; /* of its messages */
};

/* Lists the parts into list (room for USER_EXPORT_PARTS_MAX); there is always a first. */
enum err user_export_list(struct sql *db, int64_t user_id, struct user_export_part *list, int *count) MUST_USE;

/* Writes the part that begins after that message (0: the first) as {"exported_at", "account", "guilds", "channels",
 * "sessions", "bots", "saved_messages", "drafts", "scheduled_messages", "blocks", "messages", "reactions", "votes",
 * "next"}; each message with its files, embeds and earlier versions; next is null at the end, else what after is of the next part. No
 * secret and nobody else's address is in it. */
enum err user_export_to_json(struct sql *db, struct arena *arena, struct jw *jw, int64_t user_id, int64_t after,
			     int64_t now_ms) MUST_USE;

#endif
