/* snug jobs …: what snug-worker has still to do, and what it has given up. What a job is about is not shown: a mail may
 * hold a code. */
#include "base/clock.h"
#include "base/id.h"
#include "domain/job/job.h"
#include "run/run_client.h"
#include "run/run_command.h"
#include "run/run_refuse.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2, LIST_MAX = 1000 };

static void print_job(const struct job *job, int64_t now_ms)
{
	char id[ID_TEXT_SIZE], at[CLOCK_ISO8601_SIZE];
	bool is_leased = job->leased_until_ms > now_ms;
	id_format(job->id, id);
	clock_iso8601(job->dead_at_ms != 0 ? job->dead_at_ms : job->run_at_ms, at);
	printf("%-20s %-8s %-8s %.19sZ  tried %" PRId64 " times%s%s\n", id, job->kind,
	       job->dead_at_ms != 0 ? "dead"
	       : is_leased          ? "running"
				    : "waiting",
	       at, job->attempts, job->last_error != NULL ? ": " : "", job->last_error != NULL ? job->last_error : "");
}

static enum err list(struct run_client *client)
{
	struct job *jobs;
	int count;
	TRY(run_client_read(client));
	if (job_list(client->db, &client->arena, LIST_MAX, &jobs, &count) != ERR_OK)
		return run_refuse("the jobs cannot be read");
	for (int i = 0; i < count; i++)
		print_job(&jobs[i], clock_now_ms());
	return ERR_OK;
}

static enum err choose(struct run_client *client, enum op op, const char *id)
{
	int64_t job_id;
	struct op_reply reply;
	struct buf *input = buf_in_arena(&client->arena);
	struct jw jw;
	if (!id_parse(id, strlen(id), &job_id))
		return run_refuse("\"%s\" is no id: snug jobs list prints them", id);
	jw_init(&jw, input);
	jw_object(&jw, NULL);
	jw_id(&jw, "id", job_id);
	jw_object_end(&jw);
	return run_client_submit(client, op, 0, input, &reply);
}

int run_jobs(int argc, char **argv)
{
	struct run_client client;
	enum err err = run_client_open(&client, argc, argv);
	char **rest = client.options.rest;
	int n = client.options.rest_count;
	int status = EXIT_FAILURE;
	if (err == ERR_OK && n == 1 && strcmp(rest[0], "list") == 0)
		err = list(&client);
	else if (err == ERR_OK && n == 2 && strcmp(rest[0], "retry") == 0)
		err = choose(&client, OP_job_retry, rest[1]);
	else if (err == ERR_OK && n == 2 && strcmp(rest[0], "drop") == 0)
		err = choose(&client, OP_job_drop, rest[1]);
	else if (err == ERR_OK) {
		(void)run_refuse("usage: snug jobs list | snug jobs retry ID | snug jobs drop ID");
		err = ERR_BAD_REQUEST;
		status = EXIT_USAGE;
	}
	run_client_close(&client);
	return err == ERR_OK ? EXIT_SUCCESS : status;
}
