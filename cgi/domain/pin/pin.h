/* Pinned messages of a channel. Pinning does not edit: the message's time, text and history stay as they are. */
#ifndef SNUG_DOMAIN_PIN_PIN_H
#define SNUG_DOMAIN_PIN_PIN_H

#include "domain/apply.h"
#include "domain/channel/channel.h"

enum { PINS_MAX = 50 };

/* Which of a channel's pins: those before a time (0: from the newest), newest first. */
struct pin_page {
	int64_t before_ms;
	int limit;         /* 1 to PINS_MAX */
	int64_t viewer_id; /* as in struct message_at */
	bool is_plain;     /* messages themselves, not {pinned_at, message} of each */
};

/* Writes them as an array. *has_more when there are others before. Says nothing about who may see the channel. */
enum err pin_list_to_json(struct sql *db, struct jw *jw, const char *key, int64_t channel_id,
			  const struct pin_page *page, bool *has_more) MUST_USE;

/* Takes the pin of a message that is deleted, and tells of it: part of another apply. */
enum err pin_message_gone(struct apply *apply, const struct channel *channel, int64_t message_id) MUST_USE;

struct pin_create_input {
	struct field_set set;
	int64_t channel_id, message_id;
};
extern const struct field pin_create_fields[];
/* {}. What is pinned stays so. MESSAGE_UPDATE and CHANNEL_PINS_UPDATE. ERR_MISSING_PERMISSIONS without PIN_MESSAGES or
 * MANAGE_MESSAGES, and READ_HISTORY; ERR_TOO_MANY_PINS, ERR_SYSTEM_MESSAGE, those of channel_before_response. */
apply_function pin_create_apply;

struct pin_delete_input {
	struct field_set set;
	int64_t channel_id, message_id;
};
extern const struct field pin_delete_fields[];
apply_function pin_delete_apply; /* {}. Nothing to unpin changes nothing. */

#endif
