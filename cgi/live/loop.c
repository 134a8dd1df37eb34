/* The event loop. */
#include "live/loop.h"

#include "base/clock.h"
#include "base/ensure.h"

#include <errno.h>
#include <unistd.h>

static int64_t time_now_ms(const struct loop *loop)
{
	return clock_monotonic_ms() + loop->ahead_ms;
}

void loop_open(struct loop *loop)
{
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	ensure(loop->epoll_fd >= 0);
	loop->ahead_ms = 0;
	loop->now_ms = time_now_ms(loop);
	loop->batch_count = 0;
	timers_init(&loop->timers, loop->now_ms);
}

void loop_close(struct loop *loop)
{
	(void)close(loop->epoll_fd);
	loop->epoll_fd = -1;
}

enum err loop_watch(struct loop *loop, struct watch *watch, uint32_t interest)
{
	ensure(interest != 0);
	if (watch->interest == interest)
		return ERR_OK;
	struct epoll_event event = {.events = interest, .data.ptr = watch};
	int operation = watch->interest == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
	if (epoll_ctl(loop->epoll_fd, operation, watch->fd, &event) != 0) {
		ensure(errno == ENOMEM || errno == ENOSPC);
		return ERR_OVERLOADED;
	}
	watch->interest = interest;
	return ERR_OK;
}

void loop_unwatch(struct loop *loop, struct watch *watch)
{
	if (watch->interest == 0)
		return;
	(void)epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
	watch->interest = 0;
	for (int i = 0; i < loop->batch_count; i++)
		if (loop->batch[i].data.ptr == watch)
			loop->batch[i].data.ptr = NULL;
}

void loop_turn(struct loop *loop, bool may_wait)
{
	int wait_ms = may_wait ? timers_wait_ms(&loop->timers, time_now_ms(loop)) : 0;
	int count = epoll_wait(loop->epoll_fd, loop->batch, LOOP_BATCH, wait_ms);
	ensure(count >= 0 || errno == EINTR);
	loop->batch_count = count > 0 ? count : 0;
	loop->now_ms = time_now_ms(loop);
	timers_run(&loop->timers, loop->now_ms);
	for (int i = 0; i < loop->batch_count; i++) {
		struct watch *watch = loop->batch[i].data.ptr;
		if (watch != NULL)
			watch->ready(watch, loop->batch[i].events);
	}
	loop->batch_count = 0;
}
