/* Jobs of one kind, each done by a child: leased when they are due, at most a few at once, and the store told how they
 * went. What a kind of job is, is a struct task_kind: what the child is asked, and what becomes of its answer.
 *
 * When what all of them need is out of order (a service that does not answer), nothing is leased for a while, and then
 * one at a time until one succeeds: the work of others goes on, and no job loses its attempts. Mail has its own
 * (mailer.h), which does the same and renders what it sends. */
#ifndef SNUG_WORK_TASKS_H
#define SNUG_WORK_TASKS_H

#include "work/child.h"
#include "work/jobs.h"
#include "work/polls.h"
#include "work/work.h"
#include "json/json.h"

enum {
	TASKS_AT_ONCE = 2,
	TASKS_PAUSE_MIN_MS = 4000, /* after the first failure of the service; then twice as long each time */
	TASKS_PAUSE_MAX_MS = 300 * 1000,
};

struct tasks;

enum task_state { TASK_FREE, TASK_RUNNING, TASK_ENDED /* the store is to be told the outcome */ };

struct task {
	enum task_state state;
	struct leased_job job;
	struct child child;
	struct job_outcome outcome;
	int64_t forget_at_ms; /* ENDED: the lease is over, and telling is of no use */
};

struct task_kind {
	const char *name; /* JOB_KIND_… */
	/* Starts the child. False when there is nothing to start; task->outcome says how the job went. payload is the
	 * job's. */
	bool (*start)(struct tasks *tasks, struct task *task, const json_t *payload);
	/* The child has ended: reads its answer, tells the store what was found, and fills in task->outcome. */
	void (*finish)(struct tasks *tasks, struct task *task, const json_t *payload, enum child_verdict verdict);
};

struct tasks {
	const struct task_kind *kind;
	const struct work_options *options; /* borrowed */
	struct jobs *jobs;
	struct job_watch watch;
	struct arena arena; /* of one step */
	struct task list[TASKS_AT_ONCE];
	int64_t resume_at_ms; /* monotonic: nothing is leased before */
	int64_t tell_at_ms;   /* when the store is told again what it did not hear */
	int failures;         /* of the service, in a row */
};

void tasks_init(struct tasks *tasks, const struct task_kind *kind, const struct work_options *options,
		struct jobs *jobs);

/* Adds what they wait for; takes what is due, and ends what has ended. is_ending: nothing more is taken. */
void tasks_wait(const struct tasks *tasks, struct polls *polls, bool is_ending);
void tasks_turn(struct tasks *tasks, bool is_ending);

bool tasks_are_idle(const struct tasks *tasks);
void tasks_close(struct tasks *tasks); /* kills what is in hand; its lease ends by itself */

/* For start and finish. */

/* Why a job failed: for people. is_final: trying again is of no use. */
void task_fail(struct task *task, bool is_final, const char *why);

/* Sends an op with what jw has written. */
enum err task_submit(struct tasks *tasks, enum op op, const struct buf *input) MUST_USE;

#endif
