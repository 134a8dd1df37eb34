/* The life of snug-live: set up, turn after turn, and the end. */
#include "live/live.h"

#include "base/ensure.h"
#include "base/log.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

static void bury(struct live *live)
{
	while (!list_is_empty(&live->closed))
		connection_free(LIST_OWNER(live->closed.next, struct connection, node));
}

static void time_to_go(struct timer *timer)
{
	struct live *live = LIST_OWNER(timer, struct live, goodbye);
	live->is_over = true;
}

/* Streams are told to come back, polls get what there is. The listening socket belongs to snug run, so those who
 * connect from now on wait for the next snug-live and are not refused. */
static void stop(struct live *live)
{
	if (live->is_stopping)
		return;
	live->is_stopping = true;
	log_event(LOG_INFO, "stopping", log_number("connections", (int64_t)live->connection_count));
	listener_close(&live->listener);
	struct list *next;
	for (struct list *at = live->subscribers.next; at != &live->subscribers; at = next) {
		struct subscriber *subscriber = LIST_OWNER(at, struct subscriber, node);
		next = at->next;
		subscriber->transport->end(subscriber, SUBSCRIBER_END_SHUTDOWN);
	}
	timers_set(&live->loop.timers, &live->goodbye, live->loop.now_ms, LIVE_GOODBYE_MS);
}

static void signalled(struct watch *watch, uint32_t events)
{
	struct live *live = LIST_OWNER(watch, struct live, ending);
	struct signalfd_siginfo info;
	(void)events;
	if (read(watch->fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
		stop(live);
}

static void open_signals(struct live *live)
{
	sigset_t set;
	ensure(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	ensure(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
	live->ending = (struct watch){.fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC), .ready = signalled};
	ensure(live->ending.fd >= 0);
	ensure(loop_watch(&live->loop, &live->ending, EPOLLIN) == ERR_OK);
}

struct live *live_open(const struct live_options *options)
{
	struct live *live = ensure_calloc(1, sizeof(*live));
	live->options = options;
	loop_open(&live->loop);
	list_init(&live->connections);
	list_init(&live->closed);
	list_init(&live->subscribers);
	arena_init(&live->arena);
	buf_init(&live->scratch);
	timers_prepare(&live->goodbye, time_to_go);
	delivery_init(&live->delivery);
	window_init(&live->window, 0);
	viewers_init(&live->viewers, &(const struct viewer_source){
					 .sees_channel = database_sees_channel,
					 .thread_parent = database_thread_parent,
					 .reads_history = database_reads_history,
					 .is_member = database_is_member,
					 .may = database_may,
					 .owner = &live->database,
				     });
	if (tmpl_set_open(options->templates_path, &live->templates) != ERR_OK)
		log_event(LOG_WARN, "no_templates", log_text("folder", options->templates_path));
	open_signals(live);
	database_open(&live->database, &live->loop, options->database_path, intake_resume, live);
	bell_open(&live->bell, live, options->bell_path);
	signals_open(&live->signals, live, options->signals_fd);
	listener_open(&live->listener, live, options->listen_fd);
	live->has_work = true;
	return live;
}

void live_close(struct live *live)
{
	if (!live->is_stopping)
		listener_close(&live->listener);
	while (!list_is_empty(&live->connections))
		connection_close(LIST_OWNER(live->connections.next, struct connection, node));
	bury(live);
	bell_close(&live->bell);
	signals_close(&live->signals);
	database_close(&live->database);
	viewers_free(&live->viewers);
	window_reset(&live->window, 0);
	tmpl_set_close(live->templates);
	arena_free(&live->arena);
	buf_free(&live->scratch);
	loop_unwatch(&live->loop, &live->ending);
	(void)close(live->ending.fd);
	loop_close(&live->loop);
	free(live);
}

static bool is_done(const struct live *live)
{
	return live->is_over || (live->is_stopping && list_is_empty(&live->connections));
}

bool live_turn(struct live *live, bool may_wait)
{
	loop_turn(&live->loop, may_wait && !live->has_work);
	live->has_work = intake_turn(live);
	if (!live->intake.is_rung)
		signals_turn(live);
	live->has_work = delivery_turn(live) || live->has_work;
	bury(live);
	return !is_done(live);
}

int live_run(const struct live_options *options)
{
	struct live *live = live_open(options);
	while (live_turn(live, true))
		;
	live_close(live);
	return EXIT_SUCCESS;
}
