/* One accepted connection: reads one request head, then writes. Every reply closes its connection, which is what
 * lighttpd asks for. What is read after the head is bounded and thrown away.
 *
 * Invariants: a closed connection has no descriptor, no timer and no subscriber that anyone can find; it is freed at
 * the end of the turn (live_bury), so that whoever is at work on it may finish. */
#ifndef SNUG_LIVE_CONNECTION_H
#define SNUG_LIVE_CONNECTION_H

#include "base/buf.h"
#include "http/request_head.h"
#include "live/loop.h"
#include "live/outbox.h"

#include <stdbool.h>

struct live;
struct subscriber;

enum {
	CONNECTION_HEAD_MS = 10 * 1000,  /* for a whole request head: against clients that send a byte at a time */
	CONNECTION_STALL_MS = 30 * 1000, /* output waits and the peer takes none: it is dropped and may resume */
	CONNECTION_LINGER_MS = 2 * 1000, /* for the peer to finish sending what nobody reads */
	CONNECTION_LINGER_BYTES = 64 * 1024,
	CONNECTION_SEND_BUFFER = 32 * 1024, /* what the kernel may hold for one peer that does not read */
};

enum connection_state {
	CONNECTION_HEAD,      /* the request head is being read */
	CONNECTION_STREAM,    /* a subscriber writes when it likes */
	CONNECTION_FINISHING, /* the rest of the reply is being written */
	CONNECTION_LINGERING, /* the reply is written; the peer may still be sending */
	CONNECTION_CLOSED,
};

struct connection {
	struct watch watch; /* first: the loop gives it back */
	struct live *live;
	enum connection_state state;
	bool is_http_1_0;
	bool is_head;       /* HEAD: the reply has no body */
	bool has_body;      /* the request announced one, which is not read */
	bool is_api;        /* not for our own pages: other sites may be told of cors_origins */
	const char *origin; /* of the page that asked, as cors_find knows it; NULL: none that is allowed */
	size_t discarded;   /* bytes read and thrown away while lingering */
	struct list node;   /* of live->connections, or of live->closed */
	struct timer timer;
	struct outbox outbox;
	struct buf head; /* until the head is whole; no memory afterwards */
	struct request_head_scan scan;
	struct subscriber *subscriber; /* NULL until there is one */
};

/* Takes the non-blocking descriptor. */
void connection_open(struct live *live, int fd);

/* The request was answered by a subscriber, which lives as long as the connection. */
void connection_become_stream(struct connection *connection, struct subscriber *subscriber);

/* Adds to the output; connection_flush writes. Takes over one hold of the chunk. */
void connection_send(struct connection *connection, struct chunk *chunk);
void connection_send_bytes(struct connection *connection, const void *bytes, size_t n);

/* Writes what the peer takes. May close the connection. */
void connection_flush(struct connection *connection);

/* Nothing more will be sent: closes once the output is written. Flushes. */
void connection_finish(struct connection *connection);

void connection_close(struct connection *connection);

/* Frees a closed connection. */
void connection_free(struct connection *connection);

#endif
