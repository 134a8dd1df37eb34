/* Messages between programs: one JSON object a SOCK_SEQPACKET message of at most OP_MAX_BYTES; a larger one travels as
 * a sealed memfd beside the message WIRE_LARGE. A receiver closes every descriptor it did not ask for. */
#ifndef SNUG_STORE_WIRE_H
#define SNUG_STORE_WIRE_H

#include "base/buf.h"

#include <stddef.h>
#include <sys/types.h>

enum {
	OP_MAX_BYTES = 128 * 1024,            /* of one message */
	OP_LARGE_MAX_BYTES = 4 * 1024 * 1024, /* of a memfd: bounds what a hostile program makes the store read */
};

enum wire_status {
	WIRE_OK,
	WIRE_AGAIN,     /* nothing there, or no room, right now */
	WIRE_CLOSED,    /* the peer is gone */
	WIRE_MALFORMED, /* too long, or a memfd that is not sealed */
};

/* Sends one message; flags as for sendmsg (MSG_DONTWAIT). Never raises SIGPIPE. */
enum wire_status wire_send(int fd, const char *bytes, size_t n, int flags);

/* Receives one message into out (cleared first); flags as for recvmsg. */
enum wire_status wire_receive(int fd, struct buf *out, int flags);

#endif
