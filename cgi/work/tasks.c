#include "work/tasks.h"

#include "base/clock.h"
#include "base/log.h"
#include "domain/job/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TELL_EVERY_MS = 1000 };

void tasks_init(struct tasks *tasks, const struct task_kind *kind, const struct work_options *options,
		struct jobs *jobs)
{
	*tasks = (struct tasks){.kind = kind, .options = options, .jobs = jobs, .watch.kind = kind->name};
	arena_init(&tasks->arena);
}

void task_fail(struct task *task, bool is_final, const char *why)
{
	task->outcome = (struct job_outcome){.is_final = is_final};
	(void)snprintf(task->outcome.error, sizeof(task->outcome.error), "%s", why);
}

enum err task_submit(struct tasks *tasks, enum op op, const struct buf *input)
{
	static const struct op_caller nobody = {0};
	struct op_reply reply;
	return store_submit(&tasks->jobs->store, &tasks->arena, op, &nobody, input->p, input->n, &reply);
}

static void forget(struct task *task)
{
	free(task->job.payload);
	*task = (struct task){0};
}

/* Tells the store; a task that it could not be told of keeps its outcome until the lease is over. */
static void tell(struct tasks *tasks, struct task *task)
{
	enum err err = jobs_end(tasks->jobs, &task->job, &task->outcome);
	int64_t now_ms = clock_monotonic_ms();
	tasks->watch.look_at_ms = 0;
	if (err != ERR_OK && now_ms < task->forget_at_ms) {
		tasks->tell_at_ms = now_ms + TELL_EVERY_MS;
		return;
	}
	if (err != ERR_OK)
		log_event(LOG_WARN, "job_not_ended", log_number("job", task->job.id),
			  log_text("error", err_info(err)->name));
	forget(task);
}

static void end(struct tasks *tasks, struct task *task)
{
	task->state = TASK_ENDED;
	if (!task->outcome.is_done)
		log_event(LOG_WARN, "job_failed", log_text("kind", tasks->kind->name), log_number("job", task->job.id),
			  log_number("attempt", task->job.attempt), log_number("is_final", task->outcome.is_final),
			  log_text("why", task->outcome.error));
	tell(tasks, task);
}

/* The payload as the store wrote it; an empty object when it is none. */
static const json_t *payload_of(struct tasks *tasks, const struct task *task)
{
	json_t *payload;
	if (json_parse_own(&tasks->arena, task->job.payload, strlen(task->job.payload), &payload) != ERR_OK)
		return NULL;
	return payload;
}

static void pause_all(struct tasks *tasks)
{
	int64_t pause_ms = TASKS_PAUSE_MIN_MS;
	for (int i = 0; i < tasks->failures && pause_ms < TASKS_PAUSE_MAX_MS; i++)
		pause_ms *= 2;
	if (pause_ms > TASKS_PAUSE_MAX_MS)
		pause_ms = TASKS_PAUSE_MAX_MS;
	tasks->failures++;
	tasks->resume_at_ms = clock_monotonic_ms() + pause_ms;
	log_event(LOG_WARN, "jobs_paused", log_text("kind", tasks->kind->name), log_number("for_ms", pause_ms));
}

static void begin(struct tasks *tasks, struct task *task)
{
	task->forget_at_ms = clock_monotonic_ms() + JOB_LEASE_MS;
	if (tasks->kind->start(tasks, task, payload_of(tasks, task)))
		task->state = TASK_RUNNING;
	else
		end(tasks, task);
	arena_reset(&tasks->arena);
}

static void finish(struct tasks *tasks, struct task *task, enum child_verdict verdict)
{
	bool is_late = task->child.is_killed;
	task->outcome = (struct job_outcome){.is_done = verdict == CHILD_DONE};
	tasks->kind->finish(tasks, task, payload_of(tasks, task), verdict);
	child_close(&task->child);
	if (verdict == CHILD_ELSEWHERE)
		pause_all(tasks);
	else
		tasks->failures = 0;
	/* The service is out of order: that is not this job's fault. */
	task->outcome.is_untouched = verdict == CHILD_ELSEWHERE && !is_late;
	end(tasks, task);
	arena_reset(&tasks->arena);
}

static int count_free(const struct tasks *tasks)
{
	int count = 0;
	for (int i = 0; i < TASKS_AT_ONCE; i++)
		count += tasks->list[i].state == TASK_FREE;
	return count;
}

static int room(const struct tasks *tasks)
{
	int count = count_free(tasks);
	if (tasks->failures == 0)
		return count;
	return count == TASKS_AT_ONCE ? 1 : 0;
}

static struct task *next_free(struct tasks *tasks)
{
	struct task *task = tasks->list;
	while (task->state != TASK_FREE)
		task++;
	return task;
}

static void lease(struct tasks *tasks)
{
	struct leased_job list[TASKS_AT_ONCE];
	int count, max = room(tasks);
	if (max == 0 || clock_monotonic_ms() < tasks->resume_at_ms || !jobs_are_due(tasks->jobs, &tasks->watch))
		return;
	if (jobs_lease(tasks->jobs, tasks->kind->name, max, list, &count) != ERR_OK)
		return;
	if (count == max)
		tasks->watch.look_at_ms = 0; /* there may be more */
	for (int i = 0; i < count; i++) {
		struct task *task = next_free(tasks);
		*task = (struct task){.job = list[i], .state = TASK_ENDED};
		begin(tasks, task);
	}
}

void tasks_turn(struct tasks *tasks, bool is_ending)
{
	enum child_verdict verdict;
	for (int i = 0; i < TASKS_AT_ONCE; i++) {
		struct task *task = &tasks->list[i];
		if (task->state == TASK_RUNNING && child_has_ended(&task->child, &verdict))
			finish(tasks, task, verdict);
		else if (task->state == TASK_ENDED && clock_monotonic_ms() >= tasks->tell_at_ms)
			tell(tasks, task);
	}
	if (!is_ending)
		lease(tasks);
}

void tasks_wait(const struct tasks *tasks, struct polls *polls, bool is_ending)
{
	for (int i = 0; i < TASKS_AT_ONCE; i++) {
		const struct task *task = &tasks->list[i];
		if (task->state == TASK_RUNNING) {
			polls_add(polls, task->child.pidfd);
			polls_until(polls, task->child.kill_at_ms);
		} else if (task->state == TASK_ENDED) {
			polls_until(polls, tasks->tell_at_ms);
		}
	}
	int64_t look_at_ms = jobs_look_at_ms(tasks->jobs, &tasks->watch);
	if (!is_ending && room(tasks) > 0)
		polls_until(polls, look_at_ms > tasks->resume_at_ms ? look_at_ms : tasks->resume_at_ms);
}

bool tasks_are_idle(const struct tasks *tasks)
{
	return count_free(tasks) == TASKS_AT_ONCE;
}

void tasks_close(struct tasks *tasks)
{
	for (int i = 0; i < TASKS_AT_ONCE; i++) {
		if (tasks->list[i].state == TASK_RUNNING)
			child_kill(&tasks->list[i].child);
		forget(&tasks->list[i]);
	}
	arena_free(&tasks->arena);
}
