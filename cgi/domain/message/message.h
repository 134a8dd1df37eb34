/* Messages (Discord's message object). */
#ifndef SNUG_DOMAIN_MESSAGE_MESSAGE_H
#define SNUG_DOMAIN_MESSAGE_MESSAGE_H

#include "domain/apply.h"
#include "json/json.h"

enum { MESSAGE_NONCE_MAX = 25, MESSAGE_PAGE_MAX = 100, MESSAGE_PAGE_INITIAL = 50, MESSAGE_VERSIONS_MAX = 100 };

/* Code points of a text, whatever is configured: the field's bound. */
enum { MESSAGE_CONTENT_HARD_MAX = 4000 };

/* Bits of messages.parts: which tables beside it hold rows of a message. A message without any is one row and one read,
 * so whoever adds the first row sets the bit, and who takes the last one away clears it (message_part_set). */
enum message_part {
	MESSAGE_HAS_MENTIONS = 1 << 0,
	MESSAGE_HAS_NAMES = 1 << 1, /* people and roles that its text names and that are told nothing */
	MESSAGE_HAS_EMBEDS = 1 << 2,
	MESSAGE_HAS_SNAPSHOT = 1 << 3, /* it is a forward; embeds and attachments are then the snapshot's */
	MESSAGE_HAS_ATTACHMENTS = 1 << 4,
	MESSAGE_HAS_REACTIONS = 1 << 5,
	MESSAGE_HAS_POLL = 1 << 6,
	MESSAGE_HAS_THREAD =
	    1 << 7, /* a thread that was started from it; MESSAGE_FLAG_THREAD says the same to clients */
	MESSAGE_HAS_PIN = 1 << 8,
	MESSAGE_HAS_ECHO = 1 << 9, /* it was said in a thread and in its channel, and is one of these two */
};

/* Discord's bits of a message's flags. */
enum message_flag {
	MESSAGE_FLAG_SUPPRESS_EMBEDS = 1 << 2,
	MESSAGE_FLAG_THREAD = 1 << 5,
	MESSAGE_FLAG_SUPPRESS_NOTIFICATIONS = 1 << 12,
	MESSAGE_FLAG_VOICE = 1 << 13,
};

/* Discord's types of messages. */
enum message_type {
	MESSAGE_TYPE_DEFAULT = 0,
	MESSAGE_TYPE_PINNED = 6,
	MESSAGE_TYPE_THREAD_CREATED = 18,
	MESSAGE_TYPE_REPLY = 19,
	MESSAGE_TYPE_THREAD_STARTER = 21,
};

enum {
	MESSAGE_BULK_MIN = 2,
	MESSAGE_BULK_MAX = 100,
	MESSAGE_BULK_AGE_DAYS = 14, /* what is older is deleted one by one: Discord's rule, which its libraries go by */
};

enum message_order { MESSAGE_LATEST, MESSAGE_BEFORE, MESSAGE_AFTER, MESSAGE_AROUND };

struct message_page {
	enum message_order order;
	int64_t anchor_id; /* for all but MESSAGE_LATEST */
	int limit;         /* 1 to MESSAGE_PAGE_MAX */
	int64_t viewer_id; /* as in struct message_at */
};

/* One message for one reader. viewer_id is whose reactions and votes are marked as theirs; 0 is an event's payload, the
 * same for all: what is read only when an event is sent stands in it as a marker (message_marker.h) and not as a
 * copy. */
struct message_at {
	int64_t channel_id, message_id, viewer_id;
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
enum err message_find_to_json(struct sql *db, struct jw *jw, const char *key, struct message_at at,
			      int64_t *author_id) MUST_USE;

/* The same for who may not look back, and wrote it: what it answers is null. */
enum err message_find_alone_to_json(struct sql *db, struct jw *jw, const char *key, struct message_at at) MUST_USE;

/* Writes what a message said before, the latest MESSAGE_VERSIONS_MAX, oldest first, as an array of {content, timestamp,
 * replaced_timestamp}: from when to when it said that. The message is one that the caller may read. */
enum err message_versions_to_json(struct sql *db, struct jw *jw, const char *key, int64_t message_id) MUST_USE;

/* Writes what somebody wrote beside the text of a message of theirs, for their export, as members of an object that is
 * open: earlier versions, embeds, files, a poll, the copy that a forward is. What others wrote is not in it. */
struct message_own {
	int64_t message_id, author_id, type, flags, parts, reference_id;
	bool is_edited;
};
enum err message_own_to_json(struct sql *db, struct jw *jw, const struct message_own *own) MUST_USE;

/* Parts of other nouns' apply functions. */

/* Whether a text is not longer than configured. ERR_INVALID_FORM. */
enum err message_check_content(struct apply *apply, const char *content) MUST_USE;

/* Sets or clears a bit of messages.parts. */
enum err message_part_set(struct apply *apply, int64_t message_id, enum message_part part, bool is_there) MUST_USE;

/* Tells everybody who sees the channel what the message is now: MESSAGE_UPDATE with the full message. */
enum err message_announce_update(struct apply *apply, int64_t channel_id, int64_t message_id) MUST_USE;

/* The same of what nobody did just now: a poll's end, a thumbnail. What is out of reach by now, as in a channel that is
 * deleted and not purged yet, or has grown beyond what can be told, is passed over. */
enum err message_announce_found(struct apply *apply, int64_t channel_id, int64_t message_id) MUST_USE;

/* Writes a message that tells what the actor did: of a type of its own, leading to another channel. It asks for no
 * permission. */
struct message_notice {
	const struct channel *channel;
	enum message_type type;
	const char *content;
	int64_t reference_channel_id;
};
enum err message_notice_post(struct apply *apply, const struct message_notice *notice, int64_t *message_id) MUST_USE;

/* Takes a message away as its author would; nothing when it is gone. */
enum err message_notice_take(struct apply *apply, int64_t channel_id, int64_t message_id) MUST_USE;

/* Inputs of ops. */

struct message_create_input {
	struct field_set set;
	int64_t channel_id;
	const char *content, *nonce;
	json_t *embeds, *embed; /* a list, and the one that eris sends beside it; domain/message/message_embeds.h */
	json_t *allowed_mentions, *message_reference;
	json_t *files; /* what the front received; domain/file/file.h */
	json_t *poll;  /* as domain/poll reads it, or NULL */
	int64_t flags;
	int64_t reply_to;        /* ours, for forms: as message_reference, and what is gone by now is no error */
	bool also_in_channel;    /* ours: what is said in a public thread has an echo in its channel (message_echo.h) */
	bool resolve_names;      /* ours, and done by the front: names in content mean people, roles, channels
				    (front/names.h) */
	int64_t draft_revision;  /* ours: the draft that this was goes with it, in the same transaction; */
	const char *draft_nonce; /* one of the two names it: domain/draft/draft.h */
};
extern const struct field message_create_fields[];
/* {"message":{…}}. The same author, channel and nonce is the same message for ever: a retry gets the first one, or
 * ERR_UNKNOWN_MESSAGE when that was deleted. */
apply_function message_create_apply;
/* The same for one that was to be sent later, whose files become those of the message; 0: it has none. */
enum err message_create_scheduled(struct apply *apply, const struct message_create_input *input, int64_t scheduled_id,
				  struct jw *result) MUST_USE;

struct message_update_input {
	struct field_set set;
	int64_t channel_id, message_id;
	const char *content;
	json_t *embeds, *embed, *allowed_mentions;
	json_t *attachments; /* those that stay, of those that it has */
	json_t *files;       /* new ones */
	int64_t flags;
	bool resolve_names; /* as above */
};
extern const struct field message_update_fields[];
/* {"message":{…}}. Its author's alone, but for SUPPRESS_EMBEDS, which moderators may set. What it said before is kept,
 * the latest MESSAGE_VERSIONS_MAX of it. */
apply_function message_update_apply;

struct message_delete_input {
	struct field_set set;
	int64_t channel_id, message_id;
};
extern const struct field message_delete_fields[];
apply_function message_delete_apply; /* {} */

struct message_bulk_delete_input {
	struct field_set set;
	int64_t channel_id;
	json_t *messages; /* ids: MESSAGE_BULK_MIN to MESSAGE_BULK_MAX of them */
};
extern const struct field message_bulk_delete_fields[];
/* {}. MESSAGE_DELETE_BULK of those that were there; what is gone already is passed over. Needs MANAGE_MESSAGES.
 * ERR_BULK_DELETE_COUNT, ERR_BULK_DELETE_TOO_OLD (nothing is deleted then), ERR_CHANNEL_TYPE in direct messages. */
apply_function message_bulk_delete_apply;

/* Takes away what the author wrote in the workspace's channels (guild_id 0: everywhere) since that time: some of it at
 * once, the rest by and by in house-keeping. Part of a ban, and of the end of an account. */
enum err message_remove_recent(struct apply *apply, int64_t guild_id, int64_t author_id, int64_t since_ms) MUST_USE;

/* The next part of such removals; *is_done when there is none. */
enum err message_remove_more(struct apply *apply, bool *is_done) MUST_USE;

#endif
