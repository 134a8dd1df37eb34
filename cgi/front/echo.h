/* What is said in a thread and shown in its channel too is a message in each (domain/message/message_echo.h), so it
 * takes from the limit of both: else many threads were a way to say as much in their channel as one likes. */
#ifndef SNUG_FRONT_ECHO_H
#define SNUG_FRONT_ECHO_H

#include "front/front.h"

/* Of an input that says "also_in_channel": true takes from the limit of messages in the thread's channel; does nothing
 * for others. Errors: ERR_RATE_LIMITED; of the database. */
enum err echo_take_limit(struct request *request) MUST_USE;

#endif
