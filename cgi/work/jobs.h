/* Jobs as the worker sees them: when the next is due, leasing some, ending one. What is due is read from the database;
 * a bell of the store rings when jobs were added. */
#ifndef SNUG_WORK_JOBS_H
#define SNUG_WORK_JOBS_H

#include "crypto/secret.h"
#include "sql/sql.h"
#include "store/submit.h"
#include "work/polls.h"

enum { JOBS_LEASED_MAX = 4 };

struct jobs {
	const char *database_path, *bell_path; /* borrowed */
	struct sql *db;                        /* read-only; NULL until needed, and after an error */
	struct store_client store;
	struct arena arena;    /* of one call */
	int bell;              /* -1: not connected */
	int64_t connect_at_ms; /* monotonic: the next try for the bell */
	uint64_t rings;        /* of the bell, ever */
};

/* When somebody who does jobs of one kind looks for more: each has their own. */
struct job_watch {
	const char *kind;   /* JOB_KIND_… */
	int64_t look_at_ms; /* monotonic; 0: at once. The owner may set it earlier */
	uint64_t rings;     /* that were heard */
};

struct leased_job {
	int64_t id, attempt;
	char lease[SECRET_TEXT_SIZE];
	char *payload; /* owned JSON text */
};

/* How a job went. */
struct job_outcome {
	bool is_done, is_final, is_untouched; /* none of them: it failed and is tried again later */
	char error[256];                      /* why it failed: for people, valid UTF-8 */
};

void jobs_init(struct jobs *jobs, const char *database_path, const char *store_path, const char *bell_path);
void jobs_close(struct jobs *jobs);

/* Adds the bell; turn hears it, and connects it again where it was lost. */
void jobs_wait(const struct jobs *jobs, struct polls *polls);
void jobs_turn(struct jobs *jobs);

/* When the watch wants to look next: at once when the bell has rung. */
int64_t jobs_look_at_ms(const struct jobs *jobs, const struct job_watch *watch);

/* Whether it is time to look and something is due. If nothing is, the next look is set for when something may be. */
bool jobs_are_due(struct jobs *jobs, struct job_watch *watch);

/* Leases up to max jobs of the kind. The caller frees their payloads. Errors: of the store. */
enum err jobs_lease(struct jobs *jobs, const char *kind, int max, struct leased_job *out, int *count) MUST_USE;

/* The database, for reading what a job is about; NULL when it cannot be opened. */
struct sql *jobs_database(struct jobs *jobs);

/* Sends an op of nobody in particular; input is a JSON object's text. What it answers is not looked at. */
enum err jobs_submit(struct jobs *jobs, enum op op, const struct buf *input) MUST_USE;

/* Tells the store. ERR_OK also when the lease has been lost meanwhile. */
enum err jobs_end(struct jobs *jobs, const struct leased_job *job, const struct job_outcome *outcome) MUST_USE;

#endif
