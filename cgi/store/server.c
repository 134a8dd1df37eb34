/* One loop on one thread. A turn: accept, take one message of every caller that has one, execute them as a group while
 * others may still come, commit, answer, ring the feed, then housekeeping. While a group is being flushed the next one
 * gathers in the sockets, so the group grows with the load by itself; only where flushes are slow does it wait a moment
 * for who is expected (gather.h). Invariant: nobody is answered before what they asked is on disk. */
#include "store/server.h"

#include "base/clock.h"
#include "base/log.h"
#include "domain/event/event.h"
#include "domain/session/session_changes.h"
#include "domain/user/user.h"
#include "sql/sql_writer.h"
#include "store/backup.h"
#include "store/checkpoint.h"
#include "store/feed.h"
#include "store/gather.h"
#include "store/group.h"
#include "store/house.h"
#include "store/restore.h"
#include "store/storage.h"
#include "store/upkeep.h"
#include "store/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	CALLERS_MAX = 1024,
	DESCRIPTORS_KEPT = 64,
	EVENTS_A_TURN = GROUP_MAX,
	IDLE_WAIT_MS = 1000,
	HOUSEKEEPING_EVERY_MS = 1000,
	CHORES_PAUSE_MS = 20,
};

/* What an epoll event is about: the kind in the high half, the descriptor in the low one. */
enum source {
	SOURCE_LISTEN_FEED = 100,
	SOURCE_LISTEN_JOBS,
	SOURCE_SIGNAL,
	SOURCE_LISTEN_OP = 200,
	SOURCE_CALLER = 300
};

struct server {
	struct op_engine engine;
	struct group group;
	struct gather gather;
	struct feed feed, jobs; /* who waits for events, and for jobs */
	struct storage storage;
	struct checkpoint_state checkpoint;
	struct upkeep upkeep;
	struct backup backup;
	int epoll, signals;
	int callers, callers_max;
	int64_t housekeeping_at_ms;
	bool has_chores;
	bool is_refusing; /* the group, for want of room on the disk */
	bool is_ending;
};

/* An accept that blocks would stop everything, and the sockets were made by somebody else. */
static bool make_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

/* An accept that fails because no descriptor is left leaves the caller where it is, and the loop would run hot. So some
 * are kept for what else is opened, and callers beyond that are turned away. */
static int callers_max(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
	    limit.rlim_cur >= CALLERS_MAX + 2 * FEED_LISTENERS_MAX + DESCRIPTORS_KEPT)
		return CALLERS_MAX;
	return (int)limit.rlim_cur - 2 * FEED_LISTENERS_MAX - DESCRIPTORS_KEPT;
}

static bool watch(struct server *server, int fd, int source)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = ((uint64_t)(unsigned)source << 32) | (unsigned)fd};
	return epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static void accept_callers(struct server *server, int listen_fd, int role)
{
	for (;;) {
		int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0)
			return;
		if (server->callers < server->callers_max && watch(server, fd, SOURCE_CALLER + role))
			server->callers++;
		else
			(void)close(fd);
	}
}

static void accept_listeners(struct server *server, struct feed *feed, int listen_fd)
{
	int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	int64_t saved_seq = server->group.executed > 0 ? server->group.seq_before : server->engine.last_seq;
	if (fd >= 0)
		feed_add(feed, fd, saved_seq);
}

static void drop_caller(struct server *server, int fd)
{
	if (server->backup.client_fd == fd)
		server->backup.client_fd = -1;
	gather_forget(&server->gather, fd);
	(void)close(fd);
	server->callers--;
}

static void answer(struct server *server, int fd, const struct buf *reply)
{
	/* A caller waits for its reply and has asked once, so there is room; one that asks on without reading is
	 * dropped. */
	if (wire_send(fd, reply->p, reply->n, MSG_DONTWAIT) != WIRE_OK)
		drop_caller(server, fd);
}

static void answer_error(struct server *server, int fd, enum err err)
{
	struct buf reply;
	buf_init(&reply);
	op_reply_error(&reply, err, NULL, 0);
	answer(server, fd, &reply);
	buf_free(&reply);
}

/* A backup takes many turns, so it is no part of a group. */
static bool is_backup_request(const struct buf *request)
{
	static const char start[] = "{\"op\":\"backup\"";
	return request->n >= sizeof(start) - 1 && memcmp(request->p, start, sizeof(start) - 1) == 0;
}

static void begin_backup(struct server *server, int fd, enum op_role role)
{
	enum err err =
	    role == OP_ROLE_CLI ? backup_begin(&server->backup, server->engine.db, fd) : ERR_MISSING_PERMISSIONS;
	if (err != ERR_OK)
		answer_error(server, fd, err);
}

static void take_request(struct server *server, int fd, enum op_role role)
{
	gather_forget(&server->gather, fd);
	/* One op of each caller a group; what does not go in stays in its socket for the next. */
	struct group_item *item = group_find(&server->group, fd) == NULL ? group_add(&server->group) : NULL;
	if (item == NULL)
		return;
	item->fd = fd;
	item->role = role;
	enum wire_status status = wire_receive(fd, &item->request, MSG_DONTWAIT);
	if (status == WIRE_OK && !is_backup_request(&item->request))
		return;
	server->group.count--;
	if (status == WIRE_OK)
		begin_backup(server, fd, role);
	else if (status == WIRE_MALFORMED)
		answer_error(server, fd, ERR_TOO_LARGE);
	else if (status == WIRE_CLOSED)
		drop_caller(server, fd);
}

static void dispatch(struct server *server, const struct epoll_event *event)
{
	int source = (int)(event->data.u64 >> 32), fd = (int)(event->data.u64 & UINT32_MAX);
	if (source >= SOURCE_CALLER)
		take_request(server, fd, (enum op_role)(source - SOURCE_CALLER));
	else if (source >= SOURCE_LISTEN_OP)
		accept_callers(server, fd, source - SOURCE_LISTEN_OP);
	else if (source == SOURCE_LISTEN_FEED)
		accept_listeners(server, &server->feed, fd);
	else if (source == SOURCE_LISTEN_JOBS)
		accept_listeners(server, &server->jobs, fd);
	else
		server->is_ending = true;
}

/* While the disk is full nothing is begun. */
static void execute(struct server *server)
{
	if (server->group.executed == 0 && server->group.count > 0)
		server->is_refusing = storage_is_low(&server->storage);
	if (!server->is_refusing)
		group_execute(&server->group, &server->engine);
}

/* Executes what came, and what comes within the time that gather.h gives others to come. */
static void gather_and_execute(struct server *server)
{
	struct epoll_event events[EVENTS_A_TURN];
	int64_t until_us = clock_monotonic_us() + gather_wait_us(&server->gather, &server->group);
	for (;;) {
		execute(server);
		int64_t left_us = until_us - clock_monotonic_us();
		if (left_us <= 0 || gather_wait_us(&server->gather, &server->group) == 0)
			return;
		struct pollfd ready = {.fd = server->epoll, .events = POLLIN};
		const struct timespec timeout = {0, (long)left_us * 1000};
		if (ppoll(&ready, 1, &timeout, NULL) <= 0)
			return;
		int count = epoll_wait(server->epoll, events, EVENTS_A_TURN, 0);
		for (int i = 0; i < count; i++)
			dispatch(server, &events[i]);
	}
}

/* Rings for what has been committed since last_seq was seq_before. */
static void ring(struct server *server, int64_t seq_before)
{
	if (server->engine.last_seq != seq_before)
		feed_ring(&server->feed, server->engine.last_seq);
	if (server->engine.has_added_jobs)
		feed_ring(&server->jobs, server->engine.last_seq);
	server->engine.has_added_jobs = false;
}

/* Returns how many were answered. */
static int commit_and_answer(struct server *server)
{
	int64_t seq_before = server->engine.last_seq;
	gather_and_execute(server);
	int count = server->group.count;
	if (count == 0)
		return 0;
	if (server->is_refusing)
		group_refuse(&server->group, ERR_STORAGE_FULL);
	else
		group_commit(&server->group, &server->engine);
	gather_note(&server->gather, &server->group);
	for (int i = 0; i < server->group.count; i++)
		answer(server, server->group.items[i].fd, &server->group.items[i].reply);
	server->group.count = 0;
	ring(server, seq_before);
	return count;
}

static void step_backup(struct server *server)
{
	enum err err;
	if (!backup_is_running(&server->backup) || !backup_step(&server->backup, &err))
		return;
	int fd = server->backup.client_fd;
	server->backup.client_fd = -1;
	if (fd < 0)
		return;
	if (err != ERR_OK) {
		answer_error(server, fd, err);
		return;
	}
	struct buf reply;
	struct jw jw;
	buf_init(&reply);
	jw_init(&jw, &reply);
	jw_object(&jw, NULL);
	jw_text(&jw, "err", "OK");
	jw_object(&jw, "result");
	jw_text(&jw, "path", server->backup.path);
	jw_object_end(&jw);
	jw_object_end(&jw);
	answer(server, fd, &reply);
	buf_free(&reply);
}

static void housekeeping(struct server *server, int callers)
{
	if (clock_monotonic_ms() < server->housekeeping_at_ms || storage_is_low(&server->storage))
		return;
	bool is_done;
	feed_sweep(&server->feed);
	feed_sweep(&server->jobs);
	storage_restore(&server->storage);
	/* What failed was logged and is tried again after a longer pause. */
	int64_t seq_before = server->engine.last_seq;
	err_ignore(house_keep(&server->engine, config_int(server->engine.config, CONFIG_EVENTS_KEEP), &is_done));
	ring(server, seq_before);
	bool is_kept_up = true;
	enum err err = upkeep_step(&server->upkeep, &server->engine, callers > 0, &is_kept_up);
	server->has_chores = !is_done || (err == ERR_OK && !is_kept_up);
	server->housekeeping_at_ms =
	    clock_monotonic_ms() + (server->has_chores ? CHORES_PAUSE_MS : HOUSEKEEPING_EVERY_MS);
}

static int wait_ms(const struct server *server)
{
	if (backup_is_running(&server->backup))
		return 0;
	return server->has_chores ? CHORES_PAUSE_MS : IDLE_WAIT_MS;
}

static void serve(struct server *server)
{
	struct epoll_event events[EVENTS_A_TURN];
	while (!server->is_ending) {
		int count = epoll_wait(server->epoll, events, EVENTS_A_TURN, wait_ms(server));
		for (int i = 0; i < count; i++)
			dispatch(server, &events[i]);
		int callers = commit_and_answer(server);
		step_backup(server);
		housekeeping(server, callers);
		checkpoint_consider(&server->checkpoint, server->engine.db, callers);
	}
}

/* Readers under ids of their own read the database and its log by group, and share the -shm file's locks. */
static void open_to_readers(void)
{
	(void)chmod("snug.db", 0640);
	(void)chmod("snug.db-wal", 0640);
	(void)chmod("snug.db-shm", 0660);
}

static enum err open_database(struct server *server, const struct config *config, int session_changes_fd)
{
	struct op_engine *engine = &server->engine;
	struct event_range range;
	int applied;
	bool is_restored;
	engine->config = config;
	arena_init(&engine->arena);
	TRY(restore_find("snug.db", &is_restored));
	TRY(sql_open_writer("snug.db", &engine->db));
	TRY(sql_migrate(engine->db, UPKEEP_OLD_COPY, &applied));
	if (is_restored)
		TRY(restore_take_over(engine->db));
	TRY(event_range(engine->db, &range));
	TRY(sql_find_int(engine->db, QUERY_EVENT_HIGHEST_IDS, SQL_NO_ARGS, &engine->ids.last));
	engine->last_seq = range.head;
	open_to_readers();
	return session_changes_fd >= 0 ? session_changes_watch(engine->db, session_changes_fd) : ERR_OK;
}

static bool watch_all(struct server *server, const struct server_sockets *sockets)
{
	const struct {
		int fd, source;
	} all[] = {{sockets->op_web, SOURCE_LISTEN_OP + OP_ROLE_WEB},
		   {sockets->op_api, SOURCE_LISTEN_OP + OP_ROLE_API},
		   {sockets->op_live, SOURCE_LISTEN_OP + OP_ROLE_LIVE},
		   {sockets->op_cli, SOURCE_LISTEN_OP + OP_ROLE_CLI},
		   {sockets->op_worker, SOURCE_LISTEN_OP + OP_ROLE_WORKER},
		   {sockets->feed, SOURCE_LISTEN_FEED},
		   {sockets->jobs, SOURCE_LISTEN_JOBS},
		   {server->signals, SOURCE_SIGNAL}};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i].fd >= 0 && (!make_nonblocking(all[i].fd) || !watch(server, all[i].fd, all[i].source)))
			return false;
	}
	return true;
}

static void announce_ready(struct server *server, int fd)
{
	bool exists = true;
	if (fd < 0)
		return;
	err_ignore(user_exists_any(server->engine.db, &exists)); /* "r" then: the link to set-up is a convenience */
	ssize_t written = write(fd, exists ? "r" : "s", 1);
	(void)written;
	(void)close(fd);
}

int server_run(const struct config *config, const struct server_sockets *sockets)
{
	static struct server server; /* a group's slots are too large for the stack */
	sigset_t ending;
	sigemptyset(&ending);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGINT);
	sigprocmask(SIG_BLOCK, &ending, NULL);
	server.signals = signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
	server.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (server.signals < 0 || server.epoll < 0)
		return EXIT_FAILURE;
	server.callers_max = callers_max();
	backup_init(&server.backup);
	upkeep_init(&server.upkeep);
	if (open_database(&server, config, sockets->session_changes) != ERR_OK)
		return EXIT_FAILURE;
	storage_open(&server.storage, config_int(config, CONFIG_BALLAST_MB) * 1024 * 1024);
	if (!watch_all(&server, sockets))
		return EXIT_FAILURE;
	announce_ready(&server, sockets->ready);
	log_event(LOG_INFO, "store_ready", log_number("head", server.engine.last_seq));
	serve(&server);
	backup_abandon(&server.backup);
	checkpoint_finish(server.engine.db);
	sql_close(server.engine.db);
	search_queue_free(&server.engine.search);
	return EXIT_SUCCESS;
}
