/* Jobs: work for snug-worker that another change asks for, written in the transaction of that change, so that one is on
 * disk exactly when the other is.
 *
 * A job is waiting, leased or dead. Who leases it has a secret and a deadline: only the holder may end it, and what is
 * not ended by then is taken again. So a job may be worked on twice (the worker was killed after the effect and before
 * it said so), and its effect has to bear that: a mail carries the same Message-ID each time.
 * What failed waits longer and longer; after JOB_ATTEMPTS_MAX, or when trying again is of no use, the job is dead. Dead
 * jobs stay for people to see, without their payload, which may hold a secret. */
#ifndef SNUG_DOMAIN_JOB_JOB_H
#define SNUG_DOMAIN_JOB_JOB_H

#include "base/str.h"
#include "domain/apply.h"

#define JOB_KIND_MAIL "mail"

#define JOB_LEASE_MS INT64_C(40000)      /* longer than any one attempt may take */
#define JOB_BACKOFF_MIN_MS INT64_C(5000) /* before the second attempt; then three times as long each time */
#define JOB_BACKOFF_MAX_MS (INT64_C(3600) * 1000)
#define JOB_DEAD_KEEP_MS (INT64_C(30) * 24 * 3600 * 1000)

enum {
	JOB_ATTEMPTS_MAX = 12, /* about five hours */
	JOB_PAYLOAD_MAX_BYTES = 16 * 1024,
	JOB_LEASE_AT_ONCE_MAX = 16,
	JOB_ERROR_MAX = 200, /* code points */
};

/* Adds a job that is due at run_at_ms (apply->now_ms: at once). kind is one of JOB_KIND_…, payload a JSON object's text
 * of at most JOB_PAYLOAD_MAX_BYTES. */
enum err job_add(struct apply *apply, const char *kind, struct str payload, int64_t run_at_ms) MUST_USE;

/* How long a job waits that has failed so many times; jitter is a random number, which takes up to a quarter off, so
 * that what failed together does not come back together. */
int64_t job_backoff_ms(int64_t attempts, uint32_t jitter);

struct job_lease_input {
	struct field_set set;
	const char *kind;
	const char *lease; /* the holder's secret, fresh for each call: the same one again gives the same jobs */
	int64_t limit;
};
extern const struct field job_lease_fields[];
apply_function job_lease_apply; /* {"jobs":[{"id":"…","attempt":1,"payload":{…}}]} */

struct job_done_input {
	struct field_set set;
	int64_t id;
	const char *lease;
};
extern const struct field job_done_fields[];
apply_function job_done_apply; /* ERR_UNKNOWN_JOB when the lease is not, or no longer, the job's */

struct job_fail_input {
	struct field_set set;
	int64_t id;
	const char *lease;
	const char *error;
	bool is_final;     /* trying again is of no use */
	bool is_untouched; /* handed back as it was leased: no attempt was made */
};
extern const struct field job_fail_fields[];
apply_function job_fail_apply; /* {"is_dead":false,"run_at":…} */

/* What an administrator of the machine may do about a job: have it tried now, or have it gone. */
struct job_retry_input {
	struct field_set set;
	int64_t id;
};
extern const struct field job_retry_fields[];
apply_function job_retry_apply; /* ERR_UNKNOWN_JOB for what is leased or dead too */

struct job_drop_input {
	struct field_set set;
	int64_t id;
};
extern const struct field job_drop_fields[];
apply_function job_drop_apply;

/* Deletes dead jobs that nobody looks at any more: part of housekeeping. */
enum err job_prune(struct sql *db, int64_t now_ms) MUST_USE;

/* When the next job of that kind is due or its lease ends; 0 when there is none. */
enum err job_next_run(struct sql *db, const char *kind, int64_t *run_at_ms) MUST_USE;

struct job {
	int64_t id;
	const char *kind;
	int64_t run_at_ms, attempts;
	int64_t leased_until_ms;
	const char *last_error; /* NULL: none yet */
	int64_t dead_at_ms;
};

/* The oldest jobs, at most max of them, in the arena: for people. */
enum err job_list(struct sql *db, struct arena *arena, int max, struct job **out, int *count) MUST_USE;

#endif
