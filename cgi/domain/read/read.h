/* How far people have read, and what is unread: of each channel, thread and direct message that somebody is in the id
 * of the last message they have read. What one wrote oneself is never unread.
 *
 * How much is unread is exact and is counted without reading messages. Those of a channel are cut into blocks of
 * READ_BLOCK_POSTS, in order. Of a full block the store keeps how many of its messages are left, of everybody and of
 * each author; of the block that is still open, and of the one that somebody has read a part of, an index is counted.
 *
 * Invariants: a block's messages are those above the previous block's last_id, up to its own. channels.sealed_id is the
 * last_id of the last full one. message_count of a full block is the number of its messages that are not deleted;
 * channels.open_count is the number of messages that were ever posted above sealed_id, and below READ_BLOCK_POSTS. */
#ifndef SNUG_DOMAIN_READ_READ_H
#define SNUG_DOMAIN_READ_READ_H

#include "domain/apply.h"

enum {
	READ_BLOCK_POSTS = 64,       /* the migration has it too */
	READ_LIST_MAX = 1000,        /* places a page of a list */
	READ_READERS_NAMED = 50,     /* in larger channels readers are a number without names */
	READ_READERS_COUNTED = 1000, /* up to here they are counted exactly */
	READ_AT_ONCE_MAX = 1000,     /* places that one "mark all as read" takes */
};

/* A place that somebody is in. */
struct read_state {
	int64_t channel_id, guild_id, parent_id; /* guild_id 0: a direct message or group */
	int type;                                /* Discord's number of the kind of channel */
	int64_t last_message_id, sealed_id, member_count;
	int64_t last_read_id; /* 0: all of it is unread */
	bool is_muted;
	int64_t unread, mentions;
};

/* One of them, with its counts. ERR_UNKNOWN_MEMBER when the user is not in the channel. Says nothing of who sees it. */
enum err read_find(struct sql *db, int64_t user_id, int64_t channel_id, int64_t now_ms,
		   struct read_state *out) MUST_USE;

/* Whether the user is in the channel: only there it is remembered how far they have read. */
enum err read_is_in(struct sql *db, int64_t user_id, int64_t channel_id, bool *is_in) MUST_USE;

/* Where the user is, by channel id above `after` (0: from the start), READ_LIST_MAX at most, with counts; in the arena.
 * Says nothing of who sees them. */
enum err read_list(struct sql *db, struct arena *arena, int64_t user_id, int64_t after, int64_t now_ms,
		   struct read_state **list, size_t *count) MUST_USE;

/* The state of that channel in such a list; NULL when the user is not in it. */
const struct read_state *read_list_find(const struct read_state *list, size_t count, int64_t channel_id);

/* The first message that somebody has not read, of a state that was read; 0 when there is none. */
enum err read_first_unread(struct sql *db, int64_t user_id, const struct read_state *state,
			   int64_t *message_id) MUST_USE;

/* The oldest of the channel's newest `limit` messages; 0 when it has fewer. */
enum err read_latest_begins(struct sql *db, int64_t channel_id, int limit, int64_t *message_id) MUST_USE;

/* {"channel_id","guild_id","parent_id","type","unread","mentions","last_message_id","last_read_id","member_count","muted"},
 * without those ids that it has none of. */
void read_state_to_json(struct jw *jw, const char *key, const struct read_state *state);

/* An array of the places that the user is in and sees now, as read_list pages them. *last_id is the id behind which the
 * next page begins, 0 after the last. */
enum err read_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t user_id,
			   int64_t after, int64_t now_ms, int64_t *last_id) MUST_USE;

/* Whether the person shares with others how far they have read, and is shown it of them. */
enum err read_receipts_find(struct sql *db, int64_t user_id, bool *is_on) MUST_USE;

/* Writes "count", "count_is_exact" (else there are more) and "users" into an object that is open: who has read a
 * message, its author left out; users is null in channels of more than READ_READERS_NAMED. Left out too are bots, who
 * came after the message, and who does not share it. ERR_UNKNOWN_MESSAGE; ERR_RECEIPTS_OFF when the viewer does not
 * share; ERR_MISSING_ACCESS when not in the channel. */
enum err read_readers_to_json(struct sql *db, struct arena *arena, struct jw *jw, int64_t channel_id,
			      int64_t message_id, int64_t viewer_id) MUST_USE;

/* Parts of other nouns' apply functions. */

/* A message was written into its channel: it is the newest there, and who wrote it has read up to it. *is_member is
 * whether the author is among the channel's members. */
enum err read_message_added(struct apply *apply, int64_t channel_id, int64_t message_id, int64_t author_id,
			    bool *is_member) MUST_USE;

/* A message that was not deleted is so now. */
enum err read_message_gone(struct apply *apply, int64_t channel_id, int64_t message_id) MUST_USE;

/* Inputs of ops. What changes nothing writes nothing; what does is told to the person as MESSAGE_ACK. */

struct read_ack_input {
	struct field_set set;
	int64_t channel_id, message_id;
	bool manual; /* given as false, as clients do by themselves: only forward, so that a late one undoes nothing */
};
extern const struct field read_ack_fields[];
apply_function read_ack_apply; /* {"read_state":{…}}: all up to this message is read, what follows is not */

struct read_unread_input {
	struct field_set set;
	int64_t channel_id, message_id;
};
extern const struct field read_unread_fields[];
apply_function read_unread_apply; /* {"read_state":{…}}: this message and what follows is unread */

struct read_ack_channel_input {
	struct field_set set;
	int64_t channel_id;
};
extern const struct field read_ack_channel_fields[];
apply_function read_ack_channel_apply; /* {"read_state":{…}} */

struct read_ack_guild_input {
	struct field_set set;
	int64_t guild_id;
};
extern const struct field read_ack_guild_fields[];
apply_function read_ack_guild_apply; /* {}: every channel and followed thread of the workspace */

struct read_receipts_input {
	struct field_set set;
	bool read_receipts;
};
extern const struct field read_receipts_fields[];
apply_function read_receipts_apply; /* {"settings":{"read_receipts"}} */

#endif
