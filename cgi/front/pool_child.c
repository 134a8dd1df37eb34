/* A child's side of the pool: waiting for a connection, and saying whether it is busy.
 *
 * SIGTERM is blocked and read from a signalfd that stands in the same epoll set as the listening socket. So there is no
 * moment between "shall I stop?" and "wait" in which the signal could be lost, and no other system call is interrupted.
 * The socket is watched with EPOLLEXCLUSIVE, so that a connection wakes one child and not all. */
#include "front/pool_internal.h"

#include "base/log.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { EVENT_CONNECTION, EVENT_SIGNAL };

static bool watch(int epoll_fd, int fd, uint32_t events, uint64_t what)
{
	struct epoll_event event = {.events = events, .data.u64 = what};
	return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool pool_slot_open(struct pool_slot *slot, int listen_fd, pid_t parent)
{
	/* The parent's death is a request to stop like any other: the request in hand is finished first. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent)
		return false;
	signal(SIGINT, SIG_IGN);
	signal(SIGALRM, SIG_DFL);
	sigset_t blocked;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	if (sigprocmask(SIG_SETMASK, &blocked, NULL) != 0)
		return false;
	slot->signal_fd = signalfd(-1, &blocked, SFD_CLOEXEC | SFD_NONBLOCK);
	slot->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	return slot->signal_fd >= 0 && slot->epoll_fd >= 0 &&
	       watch(slot->epoll_fd, slot->signal_fd, EPOLLIN, EVENT_SIGNAL) &&
	       watch(slot->epoll_fd, listen_fd, EPOLLIN | EPOLLEXCLUSIVE, EVENT_CONNECTION);
}

/* Says that this child serves a request. The order matters: it is marked busy before it looks whether anybody is idle,
 * so of two that take the last places at the same time at least one sees it and wakes the parent. */
static void mark_busy(struct pool_slot *slot)
{
	struct pool_shared *shared = slot->shared;
	atomic_store(&shared->states[slot->index], POOL_STATE_BUSY);
	int idle = 0;
	int busy = 0;
	int used = atomic_load(&shared->slots_used);
	for (int i = 0; i < used; i++) {
		unsigned char state = atomic_load(&shared->states[i]);
		idle += state == POOL_STATE_IDLE;
		busy += state == POOL_STATE_BUSY;
	}
	int peak = atomic_load(&shared->peak);
	while (busy > peak && !atomic_compare_exchange_weak(&shared->peak, &peak, busy))
		;
	if (idle == 0 && atomic_exchange(&shared->wants_wake, 0)) {
		uint64_t one = 1;
		if (write(slot->wake_fd, &one, sizeof one) < 0)
			log_event(LOG_ERROR, "pool_wake_failed", log_text("error", strerror(errno)));
	}
}

bool pool_wait(struct pool_slot *slot)
{
	alarm(0);
	if (atomic_exchange(&slot->shared->states[slot->index], POOL_STATE_IDLE) == POOL_STATE_BUSY)
		atomic_fetch_add(&slot->shared->finished, 1);
	struct epoll_event events[2];
	for (;;) {
		int n = epoll_wait(slot->epoll_fd, events, 2, -1);
		if (n < 0 && errno != EINTR) {
			log_event(LOG_ERROR, "pool_wait_failed", log_text("error", strerror(errno)));
			return false;
		}
		bool is_waiting = false;
		for (int i = 0; i < n; i++) {
			if (events[i].data.u64 == EVENT_SIGNAL)
				return false;
			is_waiting = true;
		}
		if (is_waiting)
			break;
	}
	alarm(POOL_REQUEST_S);
	mark_busy(slot);
	return true;
}
