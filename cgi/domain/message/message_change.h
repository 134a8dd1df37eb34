/* What the files that change messages share. */
#ifndef SNUG_DOMAIN_MESSAGE_CHANGE_H
#define SNUG_DOMAIN_MESSAGE_CHANGE_H

#include "domain/apply.h"
#include "domain/channel/channel.h"
#include "domain/message/message.h"

/* Appends MESSAGE_CREATE or MESSAGE_UPDATE; adds member message, as the actor reads it, to result where that is not
 * NULL. A MESSAGE_CREATE is the actor's own message. */
enum err message_announce(struct apply *apply, const char *type, const struct channel *channel, int64_t message_id,
			  struct jw *result) MUST_USE;

/* Adds member message to an op's result, as the actor may read it. */
enum err message_result_to_json(struct apply *apply, struct jw *result, const struct channel *channel,
				int64_t message_id) MUST_USE;

/* Empties a message and all that hangs on it, the event log too; telling of it is the caller's. parts are its row's. */
enum err message_take(struct apply *apply, const struct channel *channel, int64_t message_id, int64_t parts) MUST_USE;

/* The same with MESSAGE_DELETE. */
enum err message_take_away(struct apply *apply, const struct channel *channel, int64_t message_id,
			   int64_t parts) MUST_USE;

#endif
