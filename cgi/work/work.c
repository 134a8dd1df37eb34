#include "work/work.h"

#include "base/clock.h"
#include "base/log.h"
#include "domain/mail/mail.h"
#include "work/file_copies.h"
#include "work/mailer.h"
#include "work/picture_service.h"
#include "work/previewer.h"
#include "work/tasks.h"
#include "work/thumbnails.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

static const struct task_kind *const kinds[] = {&thumbnail_tasks, &file_copy_tasks, &file_remove_tasks};
enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

struct worker {
	struct jobs jobs;
	struct mailer mailer;
	struct previewer previewer;
	struct picture_service pictures;
	struct tasks tasks[KIND_COUNT];
	int signals;
	int64_t end_by_ms; /* 0 until told to end */
};

static bool is_ending(const struct worker *worker)
{
	return worker->end_by_ms != 0;
}

static void read_signals(struct worker *worker)
{
	struct signalfd_siginfo info;
	while (read(worker->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (!is_ending(worker))
			worker->end_by_ms = clock_monotonic_ms() + WORK_END_MS;
	}
}

static void wait_for_something(const struct worker *worker)
{
	struct polls polls = {.until_ms = is_ending(worker) ? worker->end_by_ms : INT64_MAX};
	polls_add(&polls, worker->signals);
	jobs_wait(&worker->jobs, &polls);
	mailer_wait(&worker->mailer, &polls, is_ending(worker));
	previewer_wait(&worker->previewer, &polls, is_ending(worker));
	picture_service_wait(&worker->pictures, &polls, is_ending(worker));
	for (int i = 0; i < KIND_COUNT; i++)
		tasks_wait(&worker->tasks[i], &polls, is_ending(worker));
	int64_t left_ms = polls.until_ms == INT64_MAX ? -1 : polls.until_ms - clock_monotonic_ms();
	if (left_ms > INT32_MAX)
		left_ms = INT32_MAX;
	(void)poll(polls.fds, polls.count, polls.until_ms == INT64_MAX ? -1 : left_ms > 0 ? (int)left_ms : 0);
}

static bool is_over(const struct worker *worker)
{
	if (!is_ending(worker))
		return false;
	bool are_idle = true;
	for (int i = 0; i < KIND_COUNT; i++)
		are_idle = are_idle && tasks_are_idle(&worker->tasks[i]);
	return (are_idle && mailer_is_idle(&worker->mailer) && previewer_is_idle(&worker->previewer) &&
		picture_service_is_idle(&worker->pictures)) ||
	       clock_monotonic_ms() >= worker->end_by_ms;
}

static bool take_signals(struct worker *worker)
{
	sigset_t ending;
	sigemptyset(&ending);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGINT);
	worker->signals = signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
	return worker->signals >= 0 && sigprocmask(SIG_BLOCK, &ending, NULL) == 0;
}

int work_run(const struct work_options *options)
{
	static struct worker worker; /* large for a stack */
	if (!take_signals(&worker))
		return EXIT_FAILURE;
	jobs_init(&worker.jobs, options->database_path, options->store_path, options->bell_path);
	mailer_init(&worker.mailer, options, &worker.jobs);
	previewer_init(&worker.previewer, options, &worker.jobs);
	picture_service_init(&worker.pictures, options->picture_web_fd, options->picture_api_fd,
			     options->picture_program);
	for (int i = 0; i < KIND_COUNT; i++)
		tasks_init(&worker.tasks[i], kinds[i], options, &worker.jobs);
	log_event(LOG_INFO, "worker_ready", log_number("mail", mail_is_on(options->config)));
	while (!is_over(&worker)) {
		jobs_turn(&worker.jobs);
		mailer_turn(&worker.mailer, is_ending(&worker));
		previewer_turn(&worker.previewer, is_ending(&worker));
		picture_service_turn(&worker.pictures, is_ending(&worker));
		for (int i = 0; i < KIND_COUNT; i++)
			tasks_turn(&worker.tasks[i], is_ending(&worker));
		wait_for_something(&worker);
		read_signals(&worker);
	}
	for (int i = 0; i < KIND_COUNT; i++)
		tasks_close(&worker.tasks[i]);
	picture_service_close(&worker.pictures);
	previewer_close(&worker.previewer);
	mailer_close(&worker.mailer);
	jobs_close(&worker.jobs);
	(void)close(worker.signals);
	return EXIT_SUCCESS;
}
