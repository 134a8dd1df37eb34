/* Messages that are sent later, by the store itself when their time has come. Only their author knows of them until
 * then. What the author may do is asked when they are written and again when they are sent. */
#ifndef SNUG_DOMAIN_SCHEDULED_SCHEDULED_H
#define SNUG_DOMAIN_SCHEDULED_SCHEDULED_H

#include "domain/apply.h"
#include "json/json.h"

enum {
	SCHEDULED_MAX = 100, /* of one person */
	SCHEDULED_TIME_MAX = 40,
};

#define SCHEDULED_AHEAD_MAX_MS (INT64_C(366) * 24 * 3600 * 1000)

/* An array of the person's own, the next one first: {id, channel_id, guild_id or null, content, send_at, attachments:
 * [{id, filename, size, content_type, …}], failure: null or the error's text}. Failure is why it was not sent, or that
 * it cannot be, as things are now: its channel is gone or not to be seen any more, which are the same to its author. */
enum err scheduled_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				int64_t author_id) MUST_USE;

/* One of them. ERR_UNKNOWN_SCHEDULED when it is not the person's, or was sent. */
enum err scheduled_find_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				int64_t scheduled_id, int64_t author_id) MUST_USE;

struct scheduled_create_input {
	struct field_set set;
	int64_t channel_id;
	const char *content;    /* NULL: files alone */
	const char *send_at;    /* ISO 8601 */
	json_t *files;          /* that the front has received: domain/file/file.h */
	bool resolve_names;     /* ours, and done by the front: front/names.h */
	int64_t draft_revision; /* the draft that this was goes with it: domain/draft/draft.h */
	const char *draft_nonce;
};
extern const struct field scheduled_create_fields[];
apply_function scheduled_create_apply; /* {"scheduled":{…}} */

/* What is not given stays, and its files do. One that was refused waits again. */
struct scheduled_update_input {
	struct field_set set;
	int64_t scheduled_id;
	const char *content, *send_at;
};
extern const struct field scheduled_update_fields[];
apply_function scheduled_update_apply; /* {"scheduled":{…}} */

struct scheduled_delete_input {
	struct field_set set;
	int64_t scheduled_id;
};
extern const struct field scheduled_delete_fields[];
apply_function scheduled_delete_apply; /* {} */

/* The oldest of those whose time has come, for the store to send. ERR_OK with id 0 when there is none. */
struct scheduled {
	int64_t id, channel_id, author_id;
	const char *content; /* in the arena */
};
enum err scheduled_next_due(struct sql *db, struct arena *arena, int64_t now_ms, struct scheduled *out) MUST_USE;

/* Posts it as its author would, whatever account acts now. The caller undoes all that when it fails. */
enum err scheduled_send(struct apply *apply, const struct scheduled *scheduled) MUST_USE;

/* What becomes of one that was not sent: one that may be later, such as in slow mode, is tried again; another is kept,
 * with why, for its author to see. */
enum err scheduled_fail(struct apply *apply, const struct scheduled *scheduled, enum err why) MUST_USE;

/* Takes away all of an account that ends. */
enum err scheduled_forget_user(struct apply *apply, int64_t user_id) MUST_USE;

#endif
