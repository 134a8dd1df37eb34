/* Whom a message mentions: settled when it is written and each time its text changes. */
#ifndef SNUG_DOMAIN_MESSAGE_MENTIONS_H
#define SNUG_DOMAIN_MESSAGE_MENTIONS_H

#include "domain/apply.h"
#include "domain/channel/channel.h"
#include "text/mentions.h"
#include "json/json.h"

enum message_target { MESSAGE_TARGET_ROLE = 0, MESSAGE_TARGET_PERSON = 1, MESSAGE_TARGET_EVERYONE = 2 };

/* Discord's allowed_mentions: who of those that the text names may be mentioned by it. */
struct message_allowed {
	bool users, roles, everyone;       /* all of that kind */
	bool replied_user;                 /* whose message is answered, though the text may not name them */
	const json_t *user_ids, *role_ids; /* only these; NULL: as above */
};

struct message_named {
	int64_t id;
	enum message_target target;
};

enum { MESSAGE_MENTIONS_MAX = 2 * MENTIONS_MAX + 2 };

/* mentioned are told of the message; named stand in its text by name and that is all. */
struct message_mentions {
	struct message_named mentioned[MESSAGE_MENTIONS_MAX], named[MESSAGE_MENTIONS_MAX];
	size_t mentioned_count, named_count;
};

/* What there is to know to settle it. */
struct message_mentioning {
	const struct channel *channel;
	uint64_t bits; /* of the author in it */
	const char *content;
	const struct message_allowed *allowed; /* NULL: nobody is mentioned, only named */
	int64_t replied_id;                    /* whose message is answered; 0: nobody's */
};

/* Reads allowed_mentions; NULL or null allows all. Errors: ERR_INVALID_FORM. */
enum err message_allowed_read(struct apply *apply, const json_t *json, struct message_allowed *out) MUST_USE;

/* Finds out whom the text mentions: people who are in the workspace or the conversation and have not blocked the actor;
 * roles that anybody may mention, and with MENTION_EVERYONE all roles and everyone. */
enum err message_mentions_settle(struct apply *apply, const struct message_mentioning *of,
				 struct message_mentions *out) MUST_USE;

/* The bits of messages.parts that these make. */
int64_t message_mentions_parts(const struct message_mentions *mentions);

/* Writes their rows; the message has none. */
enum err message_mentions_insert(struct apply *apply, int64_t channel_id, int64_t message_id, int64_t author_id,
				 const struct message_mentions *mentions) MUST_USE;

#endif
