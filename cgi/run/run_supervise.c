/* The store comes first, since it makes and migrates the database; then the programs that read it; lighttpd last. They
 * stop the other way round: lighttpd finishes what it has while snug-live ends the streams, then the pools finish
 * theirs, and the store, which everybody else needs, goes last. Whoever is late is killed.
 *
 * What dies is started again: at once the first time, later and later when it dies within a second again and again.
 * This process adopts orphans of its programs, so that it can end them too.
 *
 * Invariant: a program's pid is 0 exactly when it does not run; start_at_ms is then when it is to be started, or 0
 * never. */
#include "run/run_supervise.h"

#include "base/clock.h"
#include "base/ensure.h"
#include "base/log.h"
#include "run/run_lighttpd.h"
#include "run/run_program.h"
#include "run/run_refuse.h"
#include "run/run_secrets.h"
#include "run/run_uploads.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SHORT_LIFE_MS = 1000,
	BACKOFF_MIN_MS = 100,
	BACKOFF_MAX_MS = 5000,
	STOP_FRONT_MS = 4000, /* lighttpd and the streams */
	STOP_POOLS_MS = 2000,
	STOP_STORE_MS = 2500,
	RETIRING_MAX = 4,          /* lighttpds that finish their connections after a reload */
	RETIRING_MS = 3610 * 1000, /* a little after lighttpd's own server.graceful-shutdown-timeout */
};

/* Where the end has got to; each stage waits for its programs, then for its deadline. */
enum stage { STAGE_RUNNING, STAGE_FRONT, STAGE_POOLS, STAGE_STORE, STAGE_DONE };

struct watched {
	pid_t pid;
	int64_t born_at_ms;
	int64_t start_at_ms;
	int early_deaths; /* in a row */
	unsigned secrets; /* which ones it has: supervisor.secrets when it was started */
	bool is_replaced; /* it was asked to end, for its successor to have the secrets as they are now */
};

struct retiring {
	pid_t pid;
	int64_t kill_at_ms;
};

struct supervisor {
	struct run *run;
	struct watched programs[RUN_PROGRAM_COUNT];
	struct retiring retiring[RETIRING_MAX];
	int signal_fd;
	enum stage stage;
	int64_t deadline_ms;   /* of the stage */
	int64_t uploads_at_ms; /* when run/upload is looked at next */
	bool is_reload_wanted;
	unsigned secrets; /* counts up when they have changed */
};

static void start(struct supervisor *s, enum run_program program, int ready_fd)
{
	struct watched *w = &s->programs[program];
	w->born_at_ms = clock_monotonic_ms();
	w->start_at_ms = 0;
	w->secrets = s->secrets;
	w->is_replaced = false;
	w->pid = run_program_start(s->run, program, ready_fd);
	if (w->pid > 0)
		return;
	log_event(LOG_ERROR, "program_not_started", log_text("name", run_program_name(program)),
		  log_text("error", strerror(errno)));
	w->pid = 0;
	w->start_at_ms = w->born_at_ms + BACKOFF_MAX_MS;
}

static int64_t backoff_ms(const struct watched *w)
{
	if (w->early_deaths <= 1)
		return 0;
	int64_t wait = (int64_t)BACKOFF_MIN_MS << (w->early_deaths < 10 ? w->early_deaths - 2 : 8);
	return wait < BACKOFF_MAX_MS ? wait : BACKOFF_MAX_MS;
}

static void note_death(struct supervisor *s, enum run_program program, int status)
{
	struct watched *w = &s->programs[program];
	int64_t now = clock_monotonic_ms();
	/* What the dead one left of its group, such as children of a pool, is asked to finish. */
	(void)kill(-w->pid, SIGTERM);
	pid_t pid = w->pid;
	w->pid = 0;
	if (s->stage != STAGE_RUNNING)
		return;
	if (w->is_replaced) {
		w->start_at_ms = now;
		log_event(LOG_INFO, "program_replaced", log_text("name", run_program_name(program)));
		return;
	}
	w->early_deaths = now - w->born_at_ms < SHORT_LIFE_MS ? w->early_deaths + 1 : 1;
	int64_t wait = backoff_ms(w);
	w->start_at_ms = now + wait;
	log_event(LOG_WARN, "program_died", log_text("name", run_program_name(program)), log_number("child", pid),
		  log_number(WIFSIGNALED(status) ? "signal" : "exit_status",
			     WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)),
		  log_number("restart_in_ms", wait));
}

static void reap(struct supervisor *s)
{
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (unsigned i = 0; i < RUN_PROGRAM_COUNT; i++)
			if (s->programs[i].pid == pid)
				note_death(s, (enum run_program)i, status);
		for (size_t i = 0; i < RETIRING_MAX; i++)
			if (s->retiring[i].pid == pid)
				s->retiring[i].pid = 0;
	}
}

static void signal_program(const struct supervisor *s, enum run_program program, int signal_number)
{
	if (s->programs[program].pid > 0)
		(void)kill(s->programs[program].pid, signal_number);
}

static void kill_program(const struct supervisor *s, enum run_program program)
{
	if (s->programs[program].pid > 0)
		(void)kill(-s->programs[program].pid, SIGKILL);
}

static bool is_retiring(const struct supervisor *s)
{
	for (size_t i = 0; i < RETIRING_MAX; i++)
		if (s->retiring[i].pid > 0)
			return true;
	return false;
}

/* SIGINT is lighttpd's graceful stop, SIGTERM its hasty one. */
static void retire(struct supervisor *s, pid_t pid)
{
	size_t oldest = 0;
	for (size_t i = 0; i < RETIRING_MAX; i++) {
		if (s->retiring[i].pid == 0) {
			oldest = i;
			break;
		}
		if (s->retiring[i].kill_at_ms < s->retiring[oldest].kill_at_ms)
			oldest = i;
	}
	if (s->retiring[oldest].pid > 0)
		(void)kill(s->retiring[oldest].pid, SIGKILL);
	s->retiring[oldest] = (struct retiring){pid, clock_monotonic_ms() + RETIRING_MS};
	(void)kill(pid, SIGINT);
}

/* A second lighttpd on the same socket with the certificate as it is now; the first one stops accepting and finishes.
 */
static void reload(struct supervisor *s)
{
	struct run *run = s->run;
	int old_certificate = run->certificate_fd;
	int old_key = run->key_fd;
	s->is_reload_wanted = false;
	if (run_lighttpd_certificate(&run->config, &run->certificate_fd, &run->key_fd) != ERR_OK ||
	    !run_program_lighttpd_accepts(run)) {
		log_event(LOG_ERROR, "reload_refused",
			  log_text("why", "lighttpd would not start with the certificate as it is now"));
		if (run->certificate_fd >= 0 && run->certificate_fd != old_certificate) {
			close(run->certificate_fd);
			close(run->key_fd);
		}
		run->certificate_fd = old_certificate;
		run->key_fd = old_key;
		return;
	}
	if (old_certificate >= 0) {
		close(old_certificate);
		close(old_key);
	}
	struct watched *w = &s->programs[RUN_PROGRAM_LIGHTTPD];
	pid_t old = w->pid;
	start(s, RUN_PROGRAM_LIGHTTPD, -1);
	if (old > 0)
		retire(s, old);
	log_event(LOG_INFO, "reloaded", log_number("lighttpd", w->pid));
}

/* Keys that were rotated reach the programs that check and make tokens one after the other: snug-live knows the new one
 * before anybody signs with it. Each finishes what it has; who follows a stream comes back to where they were. */
static void reload_secrets(struct supervisor *s)
{
	struct run *run = s->run;
	char code[SECRETS_SETUP_CODE_MAX + 1];
	int fd = -1;
	if (run_secrets_prepare(run->config.needs_code, &fd, code) != ERR_OK) {
		log_event(LOG_ERROR, "reload_refused", log_text("why", "the secrets are not readable as they are now"));
		return;
	}
	if (run_secrets_equal(fd, run->secrets_fd)) {
		close(fd);
		return;
	}
	close(run->secrets_fd);
	run->secrets_fd = fd;
	s->secrets++;
	log_event(LOG_INFO, "secrets_reloaded", log_number("times", (int64_t)s->secrets));
}

static void replace_stale(struct supervisor *s)
{
	static const enum run_program order[] = {RUN_PROGRAM_LIVE, RUN_PROGRAM_API, RUN_PROGRAM_API_PASSWORD,
						 RUN_PROGRAM_WEB, RUN_PROGRAM_WEB_PASSWORD};
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		struct watched *w = &s->programs[order[i]];
		if (w->pid > 0 && w->secrets == s->secrets)
			continue;
		if (w->pid > 0 && !w->is_replaced) {
			w->is_replaced = true;
			signal_program(s, order[i], SIGTERM);
		}
		return;
	}
}

static void enter_stage(struct supervisor *s, enum stage stage)
{
	int64_t now = clock_monotonic_ms();
	s->stage = stage;
	switch (stage) {
	case STAGE_FRONT:
		log_write(LOG_INFO, "stopping", (const struct log_field[]){{0}});
		close(s->run->tcp_fd);
		s->run->tcp_fd = -1;
		s->deadline_ms = now + STOP_FRONT_MS;
		signal_program(s, RUN_PROGRAM_LIGHTTPD, SIGINT);
		signal_program(s, RUN_PROGRAM_LIVE, SIGTERM);
		break;
	case STAGE_POOLS:
		s->deadline_ms = now + STOP_POOLS_MS;
		for (unsigned i = RUN_PROGRAM_LIVE; i < RUN_PROGRAM_LIGHTTPD; i++)
			signal_program(s, (enum run_program)i, SIGTERM);
		break;
	case STAGE_STORE:
		s->deadline_ms = now + STOP_STORE_MS;
		signal_program(s, RUN_PROGRAM_STORE, SIGTERM);
		break;
	case STAGE_RUNNING:
	case STAGE_DONE:
		break;
	}
}

static bool is_stage_over(const struct supervisor *s)
{
	switch (s->stage) {
	case STAGE_FRONT:
		return s->programs[RUN_PROGRAM_LIGHTTPD].pid == 0 && !is_retiring(s);
	case STAGE_POOLS:
		for (unsigned i = RUN_PROGRAM_LIVE; i < RUN_PROGRAM_LIGHTTPD; i++)
			if (s->programs[i].pid > 0)
				return false;
		return true;
	case STAGE_STORE:
		return s->programs[RUN_PROGRAM_STORE].pid == 0;
	case STAGE_RUNNING:
	case STAGE_DONE:
		break;
	}
	return false;
}

static void kill_the_late(struct supervisor *s)
{
	static const enum run_program first[] = {
	    [STAGE_FRONT] = RUN_PROGRAM_LIGHTTPD, [STAGE_POOLS] = RUN_PROGRAM_LIVE, [STAGE_STORE] = RUN_PROGRAM_STORE};
	for (unsigned i = first[s->stage]; i < RUN_PROGRAM_COUNT; i++) {
		if (s->programs[i].pid > 0)
			log_event(LOG_WARN, "program_killed", log_text("name", run_program_name((enum run_program)i)));
		kill_program(s, (enum run_program)i);
	}
	for (size_t i = 0; i < RETIRING_MAX; i++)
		if (s->retiring[i].pid > 0)
			(void)kill(s->retiring[i].pid, SIGKILL);
}

static void advance(struct supervisor *s)
{
	int64_t now = clock_monotonic_ms();
	while (s->stage != STAGE_RUNNING && s->stage != STAGE_DONE) {
		if (!is_stage_over(s)) {
			if (now < s->deadline_ms)
				return;
			kill_the_late(s);
			s->deadline_ms = now + STOP_STORE_MS; /* the killed are reaped in a moment */
			return;
		}
		enter_stage(s, (enum stage)(s->stage + 1));
	}
}

static void start_the_dead(struct supervisor *s)
{
	int64_t now = clock_monotonic_ms();
	for (unsigned i = 0; i < RUN_PROGRAM_COUNT; i++)
		if (s->programs[i].pid == 0 && s->programs[i].start_at_ms != 0 && now >= s->programs[i].start_at_ms)
			start(s, (enum run_program)i, -1);
	for (size_t i = 0; i < RETIRING_MAX; i++)
		if (s->retiring[i].pid > 0 && now >= s->retiring[i].kill_at_ms)
			(void)kill(s->retiring[i].pid, SIGKILL);
	if (s->is_reload_wanted) {
		reload_secrets(s);
		reload(s);
	}
	replace_stale(s);
}

static void read_signals(struct supervisor *s)
{
	struct signalfd_siginfo info;
	while (read(s->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGHUP)
			s->is_reload_wanted = true;
		else if (info.ssi_signo != SIGCHLD && s->stage == STAGE_RUNNING)
			enter_stage(s, STAGE_FRONT);
	}
}

static int timeout_ms(const struct supervisor *s)
{
	int64_t at = s->stage == STAGE_RUNNING ? INT64_MAX : s->deadline_ms;
	for (unsigned i = 0; s->stage == STAGE_RUNNING && i < RUN_PROGRAM_COUNT; i++)
		if (s->programs[i].pid == 0 && s->programs[i].start_at_ms != 0 && s->programs[i].start_at_ms < at)
			at = s->programs[i].start_at_ms;
	for (size_t i = 0; i < RETIRING_MAX; i++)
		if (s->retiring[i].pid > 0 && s->retiring[i].kill_at_ms < at)
			at = s->retiring[i].kill_at_ms;
	if (s->stage == STAGE_RUNNING && s->uploads_at_ms < at)
		at = s->uploads_at_ms;
	if (at == INT64_MAX)
		return -1;
	int64_t left = at - clock_monotonic_ms();
	return left < 1 ? 1 : left > INT32_MAX ? INT32_MAX : (int)left;
}

static void bound_uploads(struct supervisor *s)
{
	if (clock_monotonic_ms() < s->uploads_at_ms)
		return;
	(void)run_uploads_trim("run/upload", run_uploads_max_bytes(&s->run->config.values));
	s->uploads_at_ms = clock_monotonic_ms() + RUN_UPLOADS_EVERY_MS;
}

/* Sleeps until a signal, other_fd (-1: none) or the next deadline. */
static void wait_for_change(struct supervisor *s, int other_fd)
{
	struct pollfd fds[] = {{.fd = s->signal_fd, .events = POLLIN}, {.fd = other_fd, .events = POLLIN}};
	(void)poll(fds, 2, timeout_ms(s));
	read_signals(s);
	reap(s);
	advance(s);
	bound_uploads(s);
}

/* Waits until the store has the database open. 'r' or 's' as it says (nobody has an account), 0 when it ended instead.
 */
static char start_store(struct supervisor *s)
{
	int ready[2];
	char answer = 0;
	ensure(pipe2(ready, O_CLOEXEC | O_NONBLOCK) == 0);
	start(s, RUN_PROGRAM_STORE, ready[1]);
	close(ready[1]);
	while (s->stage == STAGE_RUNNING && s->programs[RUN_PROGRAM_STORE].pid > 0) {
		wait_for_change(s, ready[0]);
		if (read(ready[0], &answer, 1) >= 0)
			break;
	}
	close(ready[0]);
	return answer;
}

static void announce(const struct run *run, bool is_new)
{
	char link[512];
	run_config_link(&run->config, link, sizeof link);
	if (!is_new)
		printf("Snug is at %s/\n", link);
	else
		printf("Snug is at %s/\nMake the first account: %s/setup%s%s\n", link, link,
		       run->setup_code[0] ? "?code=" : "", run->setup_code);
	(void)fflush(stdout);
}

static void supervisor_open(struct supervisor *s, struct run *run)
{
	*s = (struct supervisor){.run = run};
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	ensure(sigprocmask(SIG_BLOCK, &signals, NULL) == 0);
	(void)signal(SIGPIPE, SIG_IGN);
	s->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	ensure(s->signal_fd >= 0);
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* Orphans that outlived their parents: each is a child of this process by now. */
static void kill_orphans(void)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
	while (waitpid(-1, NULL, WNOHANG) >= 0) {
		FILE *children = fopen(path, "re");
		if (!children)
			return;
		for (long pid; fscanf(children, "%ld", &pid) == 1;)
			(void)kill((pid_t)pid, SIGKILL);
		fclose(children);
		usleep(1000);
	}
}

static bool start_all(struct supervisor *s)
{
	bool accepts = run_program_lighttpd_accepts(s->run);
	if (!accepts) {
		(void)run_refuse("lighttpd does not accept its configuration; it has said why above");
		return false;
	}
	char answer = start_store(s);
	if (s->stage != STAGE_RUNNING)
		return true; /* told to stop meanwhile */
	if (answer == 0) {
		(void)run_refuse("snug-store could not open the database in %s; it has said why above",
				 s->run->data.path);
		return false;
	}
	for (unsigned i = RUN_PROGRAM_STORE + 1; i < RUN_PROGRAM_COUNT; i++)
		start(s, (enum run_program)i, -1);
	announce(s->run, answer == 's');
	return true;
}

int run_supervise(struct run *run)
{
	struct supervisor s;
	supervisor_open(&s, run);
	bool is_good = start_all(&s);
	if (!is_good)
		s.stage = STAGE_DONE;
	while (s.stage != STAGE_DONE) {
		wait_for_change(&s, -1);
		if (s.stage == STAGE_RUNNING)
			start_the_dead(&s);
	}
	kill_orphans();
	close(s.signal_fd);
	return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
