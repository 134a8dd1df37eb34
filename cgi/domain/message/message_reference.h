/* What a new message refers to: the one that it answers, or the one that it is a copy of. */
#ifndef SNUG_DOMAIN_MESSAGE_REFERENCE_H
#define SNUG_DOMAIN_MESSAGE_REFERENCE_H

#include "domain/apply.h"
#include "domain/channel/channel.h"
#include "json/json.h"

/* What a forward copies. It is read where it stands, and nothing says later where that was. */
struct message_source {
	int64_t message_id; /* 0: nothing is forwarded */
	int64_t flags, parts, sent_at_ms, edited_at_ms;
	const char *content; /* in the arena */
};

struct message_reference {
	int64_t replied_id, replied_author_id; /* 0: nothing is answered */
	struct message_source source;
};

/* Where it was asked for. */
struct message_referring {
	const struct channel *channel;
	uint64_t bits;       /* of the actor in it */
	const json_t *given; /* Discord's message_reference; NULL, null, and what names no message: none */
	int64_t reply_to;    /* ours, for forms: what is answered, or nothing if it is gone by now */
};

/* Reads it. Answering needs READ_HISTORY here, forwarding needs it where the message stands. What the actor may not
 * read is refused as what is not there: ERR_INVALID_FORM. ERR_REPLY_NEEDS_HISTORY. */
enum err message_reference_read(struct apply *apply, const struct message_referring *of,
				struct message_reference *out) MUST_USE;

/* Gives the new message the copy: text, embeds and files. *parts gets the bits of what it has then. */
enum err message_reference_copy(struct apply *apply, int64_t channel_id, int64_t message_id,
				const struct message_source *source, int64_t *parts) MUST_USE;

#endif
