/* Changes of jobs. What is kept of a lease is its digest: a reader of the database ends nobody's job. */
#include "base/ensure.h"
#include "crypto/secret.h"
#include "domain/job/job.h"

#include <string.h>

enum err job_add(struct apply *apply, const char *kind, struct str payload, int64_t run_at_ms)
{
	ensure(payload.n > 0 && payload.n <= JOB_PAYLOAD_MAX_BYTES);
	int64_t id = id_next(apply->ids, apply->now_ms);
	apply->has_added_jobs = true;
	return sql_run(apply->db, QUERY_JOB_INSERT,
		       SQL_ARGS(sql_id(id), sql_text(kind), sql_text(arena_strndup(apply->arena, payload.p, payload.n)),
				sql_int(run_at_ms)),
		       NULL);
}

int64_t job_backoff_ms(int64_t attempts, uint32_t jitter)
{
	int64_t wait = JOB_BACKOFF_MIN_MS;
	for (int64_t i = 1; i < attempts && wait < JOB_BACKOFF_MAX_MS; i++)
		wait *= 3;
	if (wait > JOB_BACKOFF_MAX_MS)
		wait = JOB_BACKOFF_MAX_MS;
	return wait - (int64_t)(jitter % (uint64_t)(wait / 4));
}

static enum err bury(struct apply *apply, int64_t id, const char *why)
{
	return sql_run(apply->db, QUERY_JOB_BURY, SQL_ARGS(sql_id(id), sql_int(apply->now_ms), sql_text(why)), NULL);
}

struct due {
	int64_t id, attempts;
};

static enum err list_due(struct apply *apply, const struct job_lease_input *in, struct due *list, int *count)
{
	struct sql_stmt *stmt;
	*count = 0;
	TRY(sql_start(apply->db, QUERY_JOB_LIST_DUE,
		      SQL_ARGS(sql_text(in->kind), sql_int(apply->now_ms), sql_int(in->limit)), &stmt));
	while (*count < in->limit && sql_step(stmt))
		list[(*count)++] = (struct due){sql_column_int(stmt, 0), sql_column_int(stmt, 1)};
	return sql_finish(stmt);
}

/* A job that has had all its attempts and is due all the same ended its workers each time. */
static enum err take(struct apply *apply, const struct due *due, const unsigned char digest[DIGEST_BYTES])
{
	if (due->attempts >= JOB_ATTEMPTS_MAX)
		return bury(apply, due->id, "the worker ended in the middle of it");
	return sql_run(apply->db, QUERY_JOB_TAKE,
		       SQL_ARGS(sql_id(due->id), sql_blob(digest, DIGEST_BYTES), sql_int(apply->now_ms + JOB_LEASE_MS)),
		       NULL);
}

static enum err write_leased(struct apply *apply, const struct job_lease_input *in,
			     const unsigned char digest[DIGEST_BYTES], struct jw *result)
{
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_JOB_LIST_LEASED,
		      SQL_ARGS(sql_blob(digest, DIGEST_BYTES), sql_text(in->kind), sql_int(apply->now_ms)), &stmt));
	jw_array(result, "jobs");
	while (sql_step(stmt)) {
		size_t n;
		const char *payload = sql_column_borrow(stmt, 2, &n);
		jw_object(result, NULL);
		jw_id(result, "id", sql_column_int(stmt, 0));
		jw_int(result, "attempt", sql_column_int(stmt, 1));
		jw_raw(result, "payload", payload, n);
		jw_object_end(result);
	}
	jw_array_end(result);
	return sql_finish(stmt);
}

enum err job_lease_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct job_lease_input *in = input;
	struct due list[JOB_LEASE_AT_ONCE_MAX];
	unsigned char digest[DIGEST_BYTES];
	int64_t held;
	int count = 0;
	secret_digest(in->lease, strlen(in->lease), digest);
	TRY(sql_find_int(apply->db, QUERY_JOB_COUNT_LEASED, SQL_ARGS(sql_blob(digest, DIGEST_BYTES)), &held));
	/* A worker that did not hear the answer asks again with the same lease. */
	if (held == 0)
		TRY(list_due(apply, in, list, &count));
	for (int i = 0; i < count; i++)
		TRY(take(apply, &list[i], digest));
	return write_leased(apply, in, digest, result);
}

/* Finds how often the job was tried, for the one who holds it. */
static enum err find_held(struct apply *apply, int64_t id, const char *lease, int64_t *attempts)
{
	struct sql_stmt *stmt;
	unsigned char digest[DIGEST_BYTES];
	bool is_held = false;
	secret_digest(lease, strlen(lease), digest);
	TRY(sql_start(apply->db, QUERY_JOB_FIND, SQL_ARGS(sql_id(id)), &stmt));
	if (sql_step(stmt)) {
		size_t n;
		*attempts = sql_column_int(stmt, 0);
		const void *held = sql_column_blob(stmt, 1, &n);
		is_held = held != NULL && n == DIGEST_BYTES && secret_equal(held, digest, DIGEST_BYTES);
	}
	TRY(sql_finish(stmt));
	return is_held ? ERR_OK : ERR_UNKNOWN_JOB;
}

enum err job_done_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct job_done_input *in = input;
	int64_t attempts;
	(void)result;
	TRY(find_held(apply, in->id, in->lease, &attempts));
	return sql_run(apply->db, QUERY_JOB_DELETE, SQL_ARGS(sql_id(in->id)), NULL);
}

static enum err put_off(struct apply *apply, const struct job_fail_input *in, int64_t attempts, struct jw *result)
{
	struct secret random;
	uint32_t jitter;
	secret_random(&random);
	memcpy(&jitter, random.bytes, sizeof(jitter));
	int64_t run_at_ms = apply->now_ms + (in->is_untouched ? 0 : job_backoff_ms(attempts, jitter));
	jw_time(result, "run_at", run_at_ms);
	return sql_run(apply->db, QUERY_JOB_PUT_OFF,
		       SQL_ARGS(sql_id(in->id), sql_int(run_at_ms), sql_text(in->error),
				sql_int(attempts - (in->is_untouched ? 1 : 0))),
		       NULL);
}

enum err job_fail_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct job_fail_input *in = input;
	int64_t attempts;
	TRY(find_held(apply, in->id, in->lease, &attempts));
	bool is_dead = in->is_final || (!in->is_untouched && attempts >= JOB_ATTEMPTS_MAX);
	jw_flag(result, "is_dead", is_dead);
	return is_dead ? bury(apply, in->id, in->error) : put_off(apply, in, attempts, result);
}

enum err job_retry_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct job_retry_input *in = input;
	int changes;
	(void)result;
	TRY(sql_run(apply->db, QUERY_JOB_HURRY, SQL_ARGS(sql_id(in->id), sql_int(apply->now_ms)), &changes));
	apply->has_added_jobs = true;
	return changes > 0 ? ERR_OK : ERR_UNKNOWN_JOB;
}

enum err job_drop_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct job_drop_input *in = input;
	int changes;
	(void)result;
	TRY(sql_run(apply->db, QUERY_JOB_DELETE, SQL_ARGS(sql_id(in->id)), &changes));
	return changes > 0 ? ERR_OK : ERR_UNKNOWN_JOB;
}

enum err job_prune(struct sql *db, int64_t now_ms)
{
	return sql_run(db, QUERY_JOB_DELETE_OLD_DEAD, SQL_ARGS(sql_int(now_ms - JOB_DEAD_KEEP_MS)), NULL);
}
