/* A request to snug-live: which endpoint, who asks, for what, and may they. Then a subscriber takes over, or an error
 * ends it. */
#ifndef SNUG_LIVE_ENDPOINT_H
#define SNUG_LIVE_ENDPOINT_H

#include "http/request_head.h"

struct connection;

/* Answers the request. head is borrowed for the call. */
void endpoint_take(struct connection *connection, const struct request_head *head);

#endif
