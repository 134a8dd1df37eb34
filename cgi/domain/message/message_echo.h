/* What is said in a thread can be shown in its channel too. The message there has an echo here, of the same words,
 * embeds and files: an edit of either is one of both, and the echo goes with the message. It may be taken away alone,
 * and so may files of it; those of the message it gets anew whenever they change. */
#ifndef SNUG_DOMAIN_MESSAGE_ECHO_H
#define SNUG_DOMAIN_MESSAGE_ECHO_H

#include "domain/apply.h"

/* Of the two the one that was not asked about. */
struct message_echo {
	int64_t message_id, channel_id, parts; /* message_id 0: there is none, or none any more */
	bool is_echo;
};

/* Ties two messages that were written, and sets their bits. */
enum err message_echo_insert(struct apply *apply, int64_t message_id, int64_t echo_id) MUST_USE;

/* Finds the other one of a message with MESSAGE_HAS_ECHO. That bit stays behind where a thread was deleted: its echoes
 * are messages of the channel from then on. */
enum err message_echo_find(struct apply *apply, int64_t message_id, struct message_echo *out) MUST_USE;

/* A message with MESSAGE_HAS_ECHO is deleted: its echo is, with MESSAGE_DELETE; what it is the echo of stays. */
enum err message_echo_gone(struct apply *apply, int64_t message_id) MUST_USE;

#endif
