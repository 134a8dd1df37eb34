/* The audit log of a workspace: who did what to whom, with the values before and after (Discord's audit log object).
 * Every apply function that manages a workspace writes its line here, in the transaction of the change. */
#ifndef SNUG_DOMAIN_AUDIT_AUDIT_H
#define SNUG_DOMAIN_AUDIT_AUDIT_H

#include "domain/apply.h"

/* Discord's numbers ("Audit Log Events"); from 1000 on are ours. */
enum audit_action {
	AUDIT_GUILD_UPDATE = 1,
	AUDIT_CHANNEL_CREATE = 10,
	AUDIT_CHANNEL_UPDATE = 11,
	AUDIT_CHANNEL_DELETE = 12,
	AUDIT_OVERWRITE_CREATE = 13,
	AUDIT_OVERWRITE_UPDATE = 14,
	AUDIT_OVERWRITE_DELETE = 15,
	AUDIT_MEMBER_KICK = 20,
	AUDIT_BAN_ADD = 22,
	AUDIT_BAN_REMOVE = 23,
	AUDIT_MEMBER_UPDATE = 24,
	AUDIT_MEMBER_ROLE_UPDATE = 25,
	AUDIT_BOT_ADD = 28,
	AUDIT_ROLE_CREATE = 30,
	AUDIT_ROLE_UPDATE = 31,
	AUDIT_ROLE_DELETE = 32,
	AUDIT_INVITE_CREATE = 40,
	AUDIT_INVITE_DELETE = 42,
	AUDIT_EMOJI_CREATE = 60,
	AUDIT_EMOJI_UPDATE = 61,
	AUDIT_EMOJI_DELETE = 62,
	AUDIT_MESSAGE_DELETE = 72,
	AUDIT_MESSAGE_BULK_DELETE = 73,
	AUDIT_MESSAGE_PIN = 74,
	AUDIT_MESSAGE_UNPIN = 75,
	AUDIT_THREAD_CREATE = 110,
	AUDIT_THREAD_UPDATE = 111,
	AUDIT_THREAD_DELETE = 112,
	AUDIT_CHANNEL_MEMBER_ADD = 1000,
	AUDIT_CHANNEL_MEMBER_REMOVE = 1001,
	AUDIT_CHANNEL_BAN_ADD = 1002,
	AUDIT_CHANNEL_BAN_REMOVE = 1003,
	AUDIT_CHANNEL_OWNER_UPDATE = 1004,
	AUDIT_BOT_TOKEN_RENEW = 1010,
	AUDIT_BOT_REMOVE = 1011,
};

enum { AUDIT_REASON_MAX = 512, AUDIT_PAGE_MAX = 100 };

/* The changes of one entry: begun, filled, then given to audit_append. A change whose values are equal is left out. */
struct audit_changes {
	struct buf *text; /* in the op's arena */
	struct jw jw;
	size_t count;
};

void audit_changes_begin(struct apply *apply, struct audit_changes *changes);

/* NULL, 0 for ids, is "was not there". */
void audit_changed_text(struct audit_changes *changes, const char *key, const char *before, const char *after);
void audit_changed_id(struct audit_changes *changes, const char *key, int64_t before, int64_t after);
void audit_changed_int(struct audit_changes *changes, const char *key, int64_t before, int64_t after);
void audit_changed_flag(struct audit_changes *changes, const char *key, bool before, bool after);
void audit_changed_bits(struct audit_changes *changes, const char *key, uint64_t before, uint64_t after);

/* What was added to a list, or taken from it: [{"id", "name"}] as the new value of "$add" and "$remove". Nothing when
 * count is 0. */
struct audit_name {
	int64_t id;
	const char *name;
};
void audit_changed_names(struct audit_changes *changes, const char *key, const struct audit_name *list, size_t count);

struct audit_entry {
	int64_t guild_id;
	enum audit_action action;
	int64_t target_id;             /* 0: none */
	int64_t channel_id;            /* what it is about, if that is a channel which not all may see */
	struct audit_changes *changes; /* NULL: none */
	const char *options;           /* JSON object text, or NULL */
};

/* Writes the entry, with apply's actor and reason, and its event GUILD_AUDIT_LOG_ENTRY_CREATE, which those may hear who
 * may read the log. */
enum err audit_append(struct apply *apply, const struct audit_entry *entry) MUST_USE;

/* Which entries of a workspace's log: newest first those before an id (0: from the newest), or with has_after oldest
 * first those after one. What is 0 or NULL does not narrow them. */
struct audit_page {
	int64_t before, after;
	bool has_after;
	int limit; /* 1 to AUDIT_PAGE_MAX */
	int64_t actor_id, target_id;
	int64_t action;
	const char *text; /* stands in the reason, in any case */
};

/* What a list held, for what stands beside it: who is named in it, each once, and where it ends. */
struct audit_page_result {
	int count;
	int64_t last_id; /* 0 when empty */
	int64_t user_ids[2 * AUDIT_PAGE_MAX];
	int user_count;
};

/* An array of Discord's audit log entry objects, as viewer_id may read them: what is about a channel that they do not
 * see is left out. Says nothing about who may read the log. A list that is shorter than the limit is the last. */
enum err audit_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
			    int64_t viewer_id, const struct audit_page *page,
			    struct audit_page_result *result) MUST_USE;

/* The account of that user name, to narrow a list by it; 0 when there is none. Tells nobody that it exists. */
enum err audit_find_person(struct sql *db, const char *username, int64_t *user_id) MUST_USE;

/* An array of the users that were named; who is gone for good is left out. */
enum err audit_users_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			     const struct audit_page_result *result) MUST_USE;

/* One entry's members into an object that is open: changes and options are JSON text, or NULL. */
struct audit_row {
	int64_t id, actor_id, action, target_id;
	const char *reason, *changes, *options;
};
void audit_row_members(struct jw *jw, const struct audit_row *row);

#endif
