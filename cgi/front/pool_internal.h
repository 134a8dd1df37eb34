/* What the files of the pool share: the memory between parent and children, and the shedding of load. */
#ifndef SNUG_FRONT_POOL_INTERNAL_H
#define SNUG_FRONT_POOL_INTERNAL_H

#include "front/pool.h"

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

enum pool_state {
	POOL_STATE_FREE,     /* no child */
	POOL_STATE_STARTING, /* forked, has not reached pool_wait */
	POOL_STATE_IDLE,     /* inside pool_wait */
	POOL_STATE_BUSY,     /* serving a request */
};

/* One anonymous shared mapping a pool. Every field is an atomic of its own and each state is written by its child alone
 * while that lives: no lock that a dead child could keep. */
struct pool_shared {
	_Atomic unsigned char states[POOL_CHILDREN_MAX]; /* enum pool_state */
	_Atomic int slots_used;                          /* children stand below this index */
	_Atomic int peak;                                /* most children busy at once since the parent looked */
	_Atomic int wants_wake;                          /* the parent is to be woken when nobody is idle */
	_Atomic uint32_t finished;                       /* requests, wrapping */
};

struct pool_slot {
	struct pool_shared *shared;
	int index;
	int wake_fd; /* eventfd of the parent */
	int epoll_fd;
	int signal_fd;
};

/* In the child: makes it end with its parent, and lets SIGTERM arrive in pool_wait alone. False when that is impossible
 * or the parent is gone already. */
bool pool_slot_open(struct pool_slot *slot, int listen_fd, pid_t parent);

enum { POOL_LINGERING_MAX = 128 };

/* Connections that were answered with the overload reply and wait for their peer to read it. */
struct pool_shed {
	int listen_fd;
	int diagnosis_fd;     /* netlink socket, -1 where the kernel has none */
	unsigned char *reply; /* FastCGI records, owned */
	size_t reply_size;
	int lingering[POOL_LINGERING_MAX]; /* a ring; -1 is empty */
	size_t next;
};

void pool_shed_open(struct pool_shed *shed, int listen_fd, const char *overload);
void pool_shed_close(struct pool_shed *shed);

/* How many connections wait to be accepted; -1 when the kernel does not say. */
int pool_shed_waiting(const struct pool_shed *shed);

/* Answers up to most waiting connections, the longest-waiting first, and returns how many there were. */
int pool_shed_answer(struct pool_shed *shed, int most);

/* Closes what lingers; call it when at least a tick has passed since the last answers. */
void pool_shed_settle(struct pool_shed *shed);

#endif
