/* Messages between programs on this machine that may carry one descriptor: a sealed memfd, as a rule, which its sender
 * can neither change nor shrink while it is read. */
#ifndef SNUG_BASE_PASS_H
#define SNUG_BASE_PASS_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Sends one message, with a descriptor (-1: none), which stays the caller's. flags as for sendmsg; never raises
 * SIGPIPE. False with errno when it was not sent whole. */
bool pass_send(int fd, const void *bytes, size_t n, int attached, int flags);

/* Receives one message of at most size bytes. flags as for recvmsg. *attached is the descriptor that came along, the
 * caller's from now on, or -1; further ones are closed. The length, 0 at the end, -1 with errno (EMSGSIZE when the
 * message was longer). */
ssize_t pass_receive(int fd, void *bytes, size_t size, int *attached, int flags);

/* A sealed memfd with these bytes; -1 with errno. */
int pass_memfd(const char *name, const void *bytes, size_t n);

/* Reads a memfd of at least one and at most max bytes into out (cleared first). False when it is not sealed, or of
 * another size. */
bool pass_memfd_read(int fd, size_t max, struct buf *out);

#endif
