/* The sockets that programs share. snug run makes all of them and hands them down, so that a program that restarts
 * loses no waiting connection. Each may be opened by exactly the program that has to. */
#ifndef SNUG_RUN_SOCKETS_H
#define SNUG_RUN_SOCKETS_H

#include "run/run_address.h"
#include "run/run_owner.h"

enum run_socket {
	RUN_SOCKET_WEB,
	RUN_SOCKET_WEB_PASSWORD,
	RUN_SOCKET_API,
	RUN_SOCKET_API_PASSWORD,
	RUN_SOCKET_LIVE,
	RUN_SOCKET_OP_WEB,
	RUN_SOCKET_OP_API,
	RUN_SOCKET_OP_LIVE,
	RUN_SOCKET_OP_CLI,
	RUN_SOCKET_OP_WORKER,
	RUN_SOCKET_FEED,
	RUN_SOCKET_JOBS,
	RUN_SOCKET_PICTURE_WEB,
	RUN_SOCKET_PICTURE_API,
	RUN_SOCKET_COUNT,
};

/* What the kernel allows as the queue of a listening socket (net.core.somaxconn). */
int run_sockets_backlog(void);

/* Binds run/<name>.sock for every socket; they close on exec and do not block. On failure the person has been told. */
enum err run_sockets_bind(const struct run_owners *owners, int backlog, int out[RUN_SOCKET_COUNT]) MUST_USE;

/* Binds the address for lighttpd and stores in *address what it became (port 0 is chosen by the system). */
enum err run_sockets_listen(struct run_address *address, int backlog, int *out) MUST_USE;

/* A pair of sockets for whole messages that go one way. Both ends stay open here, so that neither side notices when the
 * other is started anew; they close on exec and do not block. On failure the person has been told. */
enum err run_sockets_pair(int *writer, int *reader) MUST_USE;

#endif
