#include "work/jobs.h"

#include "base/clock.h"
#include "base/ensure.h"
#include "base/log.h"
#include "domain/job/job.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A bell that was missed costs no more than LOOK_EVERY_MS. */
enum { LOOK_EVERY_MS = 30000, RETRY_MS = 1000, CONNECT_EVERY_MS = 500 };

static const struct op_caller nobody = {0};

void jobs_init(struct jobs *jobs, const char *database_path, const char *store_path, const char *bell_path)
{
	*jobs = (struct jobs){.database_path = database_path, .bell_path = bell_path, .bell = -1};
	store_client_init(&jobs->store, store_path);
	arena_init(&jobs->arena);
}

void jobs_close(struct jobs *jobs)
{
	if (jobs->bell >= 0)
		(void)close(jobs->bell);
	sql_close(jobs->db);
	store_client_close(&jobs->store);
	arena_free(&jobs->arena);
}

/* The bell's first ring says that there is a store; it may have come with another file. */
static void connect_bell(struct jobs *jobs)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", jobs->bell_path);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	jobs->connect_at_ms = clock_monotonic_ms() + CONNECT_EVERY_MS;
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		(void)close(fd);
		fd = -1;
	}
	jobs->bell = fd;
	sql_close(jobs->db);
	jobs->db = NULL;
}

static void hear_bell(struct jobs *jobs)
{
	char ring[64];
	ssize_t n;
	while ((n = recv(jobs->bell, ring, sizeof(ring), MSG_DONTWAIT)) > 0 || (n < 0 && errno == EINTR))
		jobs->rings++;
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return;
	(void)close(jobs->bell);
	jobs->bell = -1;
}

void jobs_turn(struct jobs *jobs)
{
	if (jobs->bell >= 0)
		hear_bell(jobs);
	if (jobs->bell < 0 && clock_monotonic_ms() >= jobs->connect_at_ms)
		connect_bell(jobs);
}

void jobs_wait(const struct jobs *jobs, struct polls *polls)
{
	if (jobs->bell >= 0)
		polls_add(polls, jobs->bell);
	else
		polls_until(polls, jobs->connect_at_ms);
}

struct sql *jobs_database(struct jobs *jobs)
{
	if (jobs->db == NULL && sql_open_reader(jobs->database_path, &jobs->db) != ERR_OK)
		jobs->db = NULL;
	return jobs->db;
}

static enum err next_run(struct jobs *jobs, const char *kind, int64_t *run_at_ms)
{
	struct sql *db = jobs_database(jobs);
	return db != NULL ? job_next_run(db, kind, run_at_ms) : ERR_DATABASE_UNAVAILABLE;
}

int64_t jobs_look_at_ms(const struct jobs *jobs, const struct job_watch *watch)
{
	return watch->rings != jobs->rings ? 0 : watch->look_at_ms;
}

bool jobs_are_due(struct jobs *jobs, struct job_watch *watch)
{
	int64_t run_at_ms, now_ms = clock_monotonic_ms(), wait_ms = LOOK_EVERY_MS;
	if (now_ms < jobs_look_at_ms(jobs, watch))
		return false;
	watch->rings = jobs->rings;
	if (next_run(jobs, watch->kind, &run_at_ms) != ERR_OK) {
		sql_close(jobs->db);
		jobs->db = NULL;
		watch->look_at_ms = now_ms + RETRY_MS;
		return false;
	}
	if (run_at_ms != 0 && run_at_ms - clock_now_ms() < wait_ms)
		wait_ms = run_at_ms - clock_now_ms();
	watch->look_at_ms = now_ms + (wait_ms > 0 ? wait_ms : RETRY_MS);
	return wait_ms <= 0;
}

static enum err submit(struct jobs *jobs, enum op op, const struct buf *input, struct op_reply *reply)
{
	return store_submit(&jobs->store, &jobs->arena, op, &nobody, input->p, input->n, reply);
}

enum err jobs_submit(struct jobs *jobs, enum op op, const struct buf *input)
{
	struct op_reply reply;
	enum err err = submit(jobs, op, input, &reply);
	arena_reset(&jobs->arena);
	return err;
}

static enum err read_leased(struct jobs *jobs, const struct op_reply *reply, const char *lease, int max,
			    struct leased_job *out, int *count)
{
	json_t *root;
	TRY(json_parse_own(&jobs->arena, reply->result.p, reply->result.n, &root));
	const json_t *list = json_object_get(root, "jobs");
	for (size_t i = 0; i < json_array_size(list) && *count < max; i++) {
		const json_t *one = json_array_get(list, i);
		struct leased_job *job = &out[(*count)++];
		job->id = json_id(one, "id");
		job->attempt = json_int(one, "attempt");
		job->payload = ensure_strdup(json_write(&jobs->arena, json_object_get(one, "payload")).p);
		(void)snprintf(job->lease, sizeof(job->lease), "%s", lease);
	}
	return ERR_OK;
}

enum err jobs_lease(struct jobs *jobs, const char *kind, int max, struct leased_job *out, int *count)
{
	char lease[SECRET_TEXT_SIZE];
	struct buf *input = buf_in_arena(&jobs->arena);
	struct op_reply reply;
	struct jw jw;
	*count = 0;
	secret_token(lease);
	jw_init(&jw, input);
	jw_object(&jw, NULL);
	jw_text(&jw, "kind", kind);
	jw_text(&jw, "lease", lease);
	jw_int(&jw, "limit", max);
	jw_object_end(&jw);
	enum err err = submit(jobs, OP_job_lease, input, &reply);
	if (err == ERR_OK)
		err = read_leased(jobs, &reply, lease, max, out, count);
	arena_reset(&jobs->arena);
	return err;
}

enum err jobs_end(struct jobs *jobs, const struct leased_job *job, const struct job_outcome *outcome)
{
	struct buf *input = buf_in_arena(&jobs->arena);
	struct op_reply reply;
	struct jw jw;
	jw_init(&jw, input);
	jw_object(&jw, NULL);
	jw_id(&jw, "id", job->id);
	jw_text(&jw, "lease", job->lease);
	if (!outcome->is_done) {
		jw_text(&jw, "error", outcome->error);
		jw_flag(&jw, "is_final", outcome->is_final);
		jw_flag(&jw, "is_untouched", outcome->is_untouched);
	}
	jw_object_end(&jw);
	enum err err = submit(jobs, outcome->is_done ? OP_job_done : OP_job_fail, input, &reply);
	arena_reset(&jobs->arena);
	if (err != ERR_UNKNOWN_JOB)
		return err;
	/* It was taken again, dropped, or ended by this very call whose answer was lost. */
	log_event(LOG_INFO, "job_lease_lost", log_number("job", job->id));
	return ERR_OK;
}
