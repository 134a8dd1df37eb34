/* The parent of a pool: forks, counts, replaces, retires and sheds. It serves no request itself, sleeps while nothing
 * changes, and is woken by signals and by the child that takes the last idle place. Growth is one child at a time: each
 * new child that finds work at once wakes the parent again.
 *
 * Invariants: shared->states[i] is FREE exactly when pids[i] is 0 (but for the moment in which a child dies); every
 * index with a child is below shared->slots_used; count is the number of pids that are not 0. */
#include "front/pool.h"

#include "base/clock.h"
#include "base/ensure.h"
#include "base/log.h"
#include "front/pool_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	RETIRE_AFTER_MS = 30000,
	WAIT_MAX_MS = 1000,
	SAMPLE_MS = 100,      /* between looks at a pool that is full */
	SAMPLES = 10,         /* that a rate is taken over */
	SHORT_LIFE_MS = 1000, /* a child that lived less died at once */
	BACKOFF_MAX_MS = 5000,
	SHED_AT_ONCE = 256,
};

struct pool {
	const struct pool_options *options;
	int (*child_main)(void *context, struct pool_slot *slot);
	void *context;
	struct pool_shared *shared;
	struct pool_shed shed;
	pid_t parent;
	pid_t pids[POOL_CHILDREN_MAX];
	int64_t born_at_ms[POOL_CHILDREN_MAX];
	int count;
	int wake_fd, signal_fd;
	bool is_stopping;
	int early_deaths;           /* in a row */
	int64_t fork_at_ms;         /* not before */
	int64_t retire_at_ms;       /* next look at what is not needed */
	int64_t sample_at_ms;       /* next look at a full pool, 0 when it is not watched */
	int64_t full_since_ms;      /* first look in a row that found nobody idle */
	uint32_t finished[SAMPLES]; /* ring of shared->finished, a sample each */
	size_t sample_count;
	int64_t shed_logged_at_ms;
	int shed_count; /* since it was logged */
};

static int count_state(const struct pool *pool, enum pool_state state)
{
	int n = 0;
	for (int i = 0; i < POOL_CHILDREN_MAX; i++)
		n += atomic_load(&pool->shared->states[i]) == state;
	return n;
}

static void close_parent_side(struct pool *pool)
{
	close(pool->signal_fd);
	if (pool->shed.diagnosis_fd >= 0)
		close(pool->shed.diagnosis_fd);
	for (size_t i = 0; i < POOL_LINGERING_MAX; i++)
		if (pool->shed.lingering[i] >= 0)
			close(pool->shed.lingering[i]);
}

static _Noreturn void child_run(struct pool *pool, int index)
{
	close_parent_side(pool);
	struct pool_slot slot = {
	    .shared = pool->shared, .index = index, .wake_fd = pool->wake_fd, .epoll_fd = -1, .signal_fd = -1};
	if (!pool_slot_open(&slot, pool->options->listen_fd, pool->parent)) {
		log_event(LOG_ERROR, "pool_child_failed", log_text("error", strerror(errno)));
		exit(EXIT_FAILURE);
	}
	exit(pool->child_main(pool->context, &slot));
}

static void fork_child(struct pool *pool)
{
	int index = 0;
	while (pool->pids[index] != 0)
		index++;
	ensure(index < pool->options->max);
	int64_t now = clock_monotonic_ms();
	if (index >= atomic_load(&pool->shared->slots_used))
		atomic_store(&pool->shared->slots_used, index + 1);
	atomic_store(&pool->shared->states[index], POOL_STATE_STARTING);
	pid_t pid = fork();
	if (pid == 0)
		child_run(pool, index);
	if (pid < 0) {
		atomic_store(&pool->shared->states[index], POOL_STATE_FREE);
		pool->fork_at_ms = now + BACKOFF_MAX_MS;
		log_event(LOG_ERROR, "pool_fork_failed", log_text("pool", pool->options->name),
			  log_text("error", strerror(errno)));
		return;
	}
	pool->pids[index] = pid;
	pool->born_at_ms[index] = now;
	pool->count++;
}

/* The first replacement comes at once; each child that dies at once without having ended well doubles the wait. */
static void note_death(struct pool *pool, int index, int status)
{
	int64_t now = clock_monotonic_ms();
	bool is_bad = !WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS;
	if (is_bad)
		log_event(LOG_WARN, "pool_child_died", log_text("pool", pool->options->name),
			  log_number("child", pool->pids[index]),
			  log_number(WIFSIGNALED(status) ? "signal" : "exit_status",
				     WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)));
	if (!is_bad || now - pool->born_at_ms[index] >= SHORT_LIFE_MS) {
		pool->early_deaths = 0;
		return;
	}
	pool->early_deaths++;
	if (pool->early_deaths > 1) {
		int64_t wait = INT64_C(100) << (pool->early_deaths < 8 ? pool->early_deaths : 8);
		pool->fork_at_ms = now + (wait < BACKOFF_MAX_MS ? wait : BACKOFF_MAX_MS);
	}
}

static void reap(struct pool *pool)
{
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (int i = 0; i < POOL_CHILDREN_MAX; i++) {
			if (pool->pids[i] != pid)
				continue;
			if (!pool->is_stopping)
				note_death(pool, i, status);
			pool->pids[i] = 0;
			pool->count--;
			atomic_store(&pool->shared->states[i], POOL_STATE_FREE);
		}
	}
}

/* Forks up to the minimum, and one more when nobody is idle and nobody is about to be. */
static void grow(struct pool *pool)
{
	atomic_store(&pool->shared->wants_wake, 1); /* before looking: a child that goes busy after the look wakes us */
	while (pool->count < pool->options->max && clock_monotonic_ms() >= pool->fork_at_ms) {
		bool is_short = pool->count < pool->options->min;
		if (!is_short && (count_state(pool, POOL_STATE_IDLE) > 0 || count_state(pool, POOL_STATE_STARTING) > 0))
			return;
		int before = pool->count;
		fork_child(pool);
		if (pool->count == before)
			return;
	}
}

/* Every retire_after_ms: what was not needed at the same time since the last look, less one in reserve, goes. */
static void retire(struct pool *pool)
{
	int64_t now = clock_monotonic_ms();
	int64_t period = pool->options->retire_after_ms ? pool->options->retire_after_ms : RETIRE_AFTER_MS;
	if (pool->count <= pool->options->min) {
		pool->retire_at_ms = now + period;
		return;
	}
	if (now < pool->retire_at_ms)
		return;
	pool->retire_at_ms = now + period;
	int needed = atomic_exchange(&pool->shared->peak, count_state(pool, POOL_STATE_BUSY)) + 1;
	int surplus = pool->count - (needed > pool->options->min ? needed : pool->options->min);
	for (int i = POOL_CHILDREN_MAX - 1; i >= 0 && surplus > 0; i--) {
		if (pool->pids[i] == 0 || atomic_load(&pool->shared->states[i]) != POOL_STATE_IDLE)
			continue;
		kill(pool->pids[i], SIGTERM);
		surplus--;
	}
}

/* Requests finished in the last second or so. */
static int64_t finished_lately(struct pool *pool)
{
	uint32_t now = atomic_load(&pool->shared->finished);
	size_t at = pool->sample_count++ % SAMPLES;
	uint32_t then = pool->finished[at];
	pool->finished[at] = now;
	return (int64_t)(uint32_t)(now - then);
}

static void log_shed(struct pool *pool, int64_t now)
{
	if (pool->shed_count == 0 || now - pool->shed_logged_at_ms < 1000)
		return;
	log_event(LOG_WARN, "pool_overloaded", log_text("pool", pool->options->name),
		  log_number("refused", pool->shed_count));
	pool->shed_logged_at_ms = now;
	pool->shed_count = 0;
}

/* A full pool is looked at every SAMPLE_MS until somebody is idle. Once it was full for as long as a connection may
 * wait, the connections beyond what the children finish in that time are refused; where the kernel does not tell how
 * many wait, all are refused, but only when the children finish nothing at all. */
static void shed(struct pool *pool)
{
	int64_t now = clock_monotonic_ms();
	if (pool->sample_at_ms != 0 && now < pool->sample_at_ms)
		return;
	log_shed(pool, now);
	if (pool->count < pool->options->max || count_state(pool, POOL_STATE_IDLE) > 0) {
		pool_shed_settle(&pool->shed);
		pool->sample_at_ms = 0;
		pool->full_since_ms = 0;
		return;
	}
	if (pool->full_since_ms == 0) {
		pool->full_since_ms = now;
		pool->sample_count = 0;
		uint32_t finished = atomic_load(&pool->shared->finished);
		for (size_t i = 0; i < SAMPLES; i++)
			pool->finished[i] = finished;
	}
	pool->sample_at_ms = now + SAMPLE_MS;
	int64_t wait_max = pool->options->wait_max_ms ? pool->options->wait_max_ms : WAIT_MAX_MS;
	int64_t finished = finished_lately(pool);
	if (now - pool->full_since_ms < wait_max)
		return;
	pool_shed_settle(&pool->shed);
	int waiting = pool_shed_waiting(&pool->shed);
	int64_t bearable = finished * wait_max / (SAMPLES * SAMPLE_MS);
	int64_t excess = waiting >= 0 ? waiting - bearable : finished == 0 ? SHED_AT_ONCE : 0;
	if (excess > 0)
		pool->shed_count += pool_shed_answer(&pool->shed, excess < SHED_AT_ONCE ? (int)excess : SHED_AT_ONCE);
}

static int poll_timeout_ms(const struct pool *pool)
{
	int64_t at = INT64_MAX;
	if (!pool->is_stopping) {
		if (pool->count < pool->options->min && pool->fork_at_ms < at)
			at = pool->fork_at_ms;
		if (pool->count > pool->options->min && pool->retire_at_ms < at)
			at = pool->retire_at_ms;
		if (pool->sample_at_ms != 0 && pool->sample_at_ms < at)
			at = pool->sample_at_ms;
	}
	if (at == INT64_MAX)
		return -1;
	int64_t left = at - clock_monotonic_ms();
	return left < 0 ? 0 : (int)left;
}

static void stop(struct pool *pool)
{
	pool->is_stopping = true;
	for (int i = 0; i < POOL_CHILDREN_MAX; i++)
		if (pool->pids[i] != 0)
			kill(pool->pids[i], SIGTERM);
}

static void wait_for_change(struct pool *pool)
{
	struct pollfd fds[] = {{.fd = pool->signal_fd, .events = POLLIN}, {.fd = pool->wake_fd, .events = POLLIN}};
	(void)poll(fds, 2, poll_timeout_ms(pool));
	struct signalfd_siginfo signal_info;
	while (read(pool->signal_fd, &signal_info, sizeof signal_info) == (ssize_t)sizeof signal_info)
		if (signal_info.ssi_signo != SIGCHLD && !pool->is_stopping)
			stop(pool);
	uint64_t wakes;
	(void)!read(pool->wake_fd, &wakes, sizeof wakes);
}

static void pool_open(struct pool *pool)
{
	const struct pool_options *options = pool->options;
	ensure(options->min >= 1 && options->min <= options->max && options->max <= POOL_CHILDREN_MAX);
	pool->parent = getpid();
	pool->shared = mmap(NULL, sizeof *pool->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ensure(pool->shared != MAP_FAILED);
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	ensure(sigprocmask(SIG_BLOCK, &signals, NULL) == 0);
	pool->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	pool->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int flags = fcntl(options->listen_fd, F_GETFL);
	ensure(pool->signal_fd >= 0 && pool->wake_fd >= 0 && flags >= 0);
	ensure(fcntl(options->listen_fd, F_SETFL, flags | O_NONBLOCK) == 0);
	pool_shed_open(&pool->shed, options->listen_fd, options->overload);
}

static void pool_close(struct pool *pool)
{
	pool_shed_close(&pool->shed);
	close(pool->signal_fd);
	close(pool->wake_fd);
	munmap(pool->shared, sizeof *pool->shared);
}

int pool_run(const struct pool_options *options, int (*child_main)(void *context, struct pool_slot *slot),
	     void *context)
{
	struct pool pool = {.options = options, .child_main = child_main, .context = context};
	pool_open(&pool);
	while (!pool.is_stopping || pool.count > 0) {
		if (!pool.is_stopping) {
			grow(&pool);
			retire(&pool);
			shed(&pool);
		}
		wait_for_change(&pool);
		reap(&pool);
	}
	pool_close(&pool);
	return EXIT_SUCCESS;
}
