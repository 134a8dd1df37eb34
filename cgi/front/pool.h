/* A pool of processes on one listening socket: the parent forks children, grows when all are busy, retires what is not
 * needed, replaces the dead, and sheds load when the pool is at its maximum and cannot keep up. A program's main
 * prepares what all children share (templates, secrets) and calls pool_run; a child opens its own database connection
 * and serves one request at a time:
 *
 *   static int serve(void *context, struct pool_slot *slot)
 *   {
 *           FCGX_Request request;
 *           FCGX_InitRequest(&request, listen_fd, 0);
 *           while (pool_wait(slot)) {
 *                   if (FCGX_Accept_r(&request) != 0)
 *                           continue; // another child was quicker, or the peer spoke no FastCGI
 *                   ...answer...
 *                   FCGX_Finish_r(&request);
 *           }
 *           return EXIT_SUCCESS;
 *   }
 *
 * Invariants: a child counts as idle only inside pool_wait, and SIGTERM reaches it only there, so that no request is
 * cut and no other call sees EINTR; a child that serves one request for POOL_REQUEST_S ends by SIGALRM. */
#ifndef SNUG_FRONT_POOL_H
#define SNUG_FRONT_POOL_H

#include <stdbool.h>
#include <stddef.h>

enum {
	POOL_CHILDREN_MAX = 256,
	POOL_REQUEST_S = 45, /* longest time one request may take */
};

struct pool_slot; /* a child's place in the memory it shares with the parent */

struct pool_options {
	const char *name;     /* for the log */
	int listen_fd;        /* a listening socket; it is made non-blocking */
	int min, max;         /* children; 1 <= min <= max <= POOL_CHILDREN_MAX */
	int retire_after_ms;  /* how long more children than needed are kept; 0 means 30 s */
	int wait_max_ms;      /* connections that would wait longer are answered with overload; 0 means 1 s */
	const char *overload; /* the whole CGI reply for those ("Status: 503 …\r\n…\r\n\r\nbody"), borrowed */
};

/* Runs until SIGTERM or SIGINT, then lets every child finish its request. child_main runs in each child; what it
 * returns is the child's exit status. A child that ends at once slows its replacement down. Returns the exit status for
 * main. The calling process has no other children and no threads. */
int pool_run(const struct pool_options *options, int (*child_main)(void *context, struct pool_slot *slot),
	     void *context);

/* In a child: ends the request before, if any, and waits until a connection stands at the socket, which a non-blocking
 * accept may still miss because another child was quicker. False when the child is to end. */
bool pool_wait(struct pool_slot *slot);

#endif
