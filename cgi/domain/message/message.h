/* Messages (Discord's message object). */
#ifndef SNUG_DOMAIN_MESSAGE_MESSAGE_H
#define SNUG_DOMAIN_MESSAGE_MESSAGE_H

#include "domain/apply.h"

enum { MESSAGE_NONCE_MAX = 25, MESSAGE_PAGE_MAX = 100, MESSAGE_PAGE_INITIAL = 50 };

enum message_order { MESSAGE_LATEST, MESSAGE_BEFORE, MESSAGE_AFTER, MESSAGE_AROUND };

struct message_page {
	enum message_order order;
	int64_t anchor_id; /* for all but MESSAGE_LATEST */
	int limit;         /* 1 to MESSAGE_PAGE_MAX */
};

/* What a page of history held, for links to what stands beside it. */
struct message_page_result {
	int count;
	int64_t newest_id, oldest_id; /* 0 when empty */
};

/* Writes an array of full message objects, newest first as Discord does, of a channel the caller may read.
 * Constant cost at any depth: one range of the primary order. */
enum err message_list_to_json(struct sql *db, struct jw *jw, const char *key, int64_t channel_id,
			      const struct message_page *page, struct message_page_result *result) MUST_USE;

/* Writes one message; ERR_UNKNOWN_MESSAGE when it is not in the channel or deleted. *author_id may be NULL. */
enum err message_find_to_json(struct sql *db, struct jw *jw, const char *key, int64_t channel_id, int64_t message_id,
			      int64_t *author_id) MUST_USE;

struct message_create_input {
	struct field_set set;
	int64_t channel_id;
	const char *content, *nonce;
};
extern const struct field message_create_fields[];
/* {"message":{…}}. The same author, channel and nonce is the same message for ever: a retry gets the first one, or
 * ERR_UNKNOWN_MESSAGE when that was deleted. */
apply_function message_create_apply;

struct message_update_input {
	struct field_set set;
	int64_t channel_id, message_id;
	const char *content;
};
extern const struct field message_update_fields[];
apply_function message_update_apply; /* {"message":{…}} */

struct message_delete_input {
	struct field_set set;
	int64_t channel_id, message_id;
};
extern const struct field message_delete_fields[];
apply_function message_delete_apply; /* {} */

/* Takes away what the author wrote in the workspace's channels (guild_id 0: everywhere) since that time: some of it at
 * once, the rest by and by in house-keeping. Part of a ban, and of the end of an account. */
enum err message_remove_recent(struct apply *apply, int64_t guild_id, int64_t author_id, int64_t since_ms) MUST_USE;

/* The next part of such removals; *is_done when there is none. */
enum err message_remove_more(struct apply *apply, bool *is_done) MUST_USE;

#endif
