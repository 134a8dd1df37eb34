/* Jobs: leased to one holder at a time, put off when they fail, dead when they fail for good, done once. */
#include "base/clock.h"
#include "base/ensure.h"
#include "domain/job/job.h"
#include "domain/mail/mail.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;
static const struct person worker = {0, 0, OP_ROLE_WORKER}, an_operator = {0, 0, OP_ROLE_CLI};

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

/* As the apply function of another op adds one, due at once. */
static void add(const char *kind, const char *payload)
{
	struct apply apply = {
	    .db = ops.engine.db,
	    .arena = &ops.arena,
	    .config = &ops.config,
	    .ids = &ops.engine.ids,
	    .now_ms = clock_now_ms(),
	};
	assert_int_equal(job_add(&apply, kind, str_from(payload), apply.now_ms), ERR_OK);
	assert_true(apply.has_added_jobs);
}

static const char *lease_of(int number)
{
	return arena_printf(&ops.arena, "lease-number-%09d", number);
}

/* How many jobs of kind "mail" the lease of that number gets. */
static size_t lease(int number, int limit)
{
	assert_op(&ops, &worker, "job_lease",
		  ops_json("{'kind': 'mail', 'lease': '%s', 'limit': %d}", lease_of(number), limit), ERR_OK);
	return json_array_size(json_object_get(ops.result, "jobs"));
}

static const json_t *leased(size_t at)
{
	return json_array_get(json_object_get(ops.result, "jobs"), at);
}

static json_t *holding(int64_t id, int number, const char *more)
{
	return ops_json("{'id': '%lld', 'lease': '%s'%s}", (long long)id, lease_of(number), more);
}

static int64_t only_id(void)
{
	return ops_int(&ops, "SELECT id FROM jobs");
}

/* As if the time had come. */
static void make_due(void)
{
	ops_sql(&ops, "UPDATE jobs SET run_at_ms = 1, leased_until_ms = CASE WHEN lease IS NULL THEN NULL ELSE 1 END");
}

static void a_job_goes_to_one_holder_with_its_payload(void **state)
{
	(void)state;
	add("mail", "{\"to\":\"a\"}");
	assert_int_equal(lease(1, 5), 1);
	assert_string_equal(json_text(json_object_get(leased(0), "payload"), "to"), "a");
	assert_int_equal(json_int(leased(0), "attempt"), 1);
	assert_int_equal(json_id(leased(0), "id"), only_id());
	assert_int_equal(lease(2, 5), 0);
}

static void asking_again_with_the_same_lease_gives_the_same_jobs(void **state)
{
	(void)state;
	add("mail", "{}");
	add("mail", "{}");
	add("mail", "{}");
	assert_int_equal(lease(1, 2), 2);
	assert_int_equal(lease(1, 2), 2);
	assert_int_equal(json_int(leased(1), "attempt"), 1);
	assert_int_equal(lease(2, 2), 1);
}

static void a_lease_takes_only_its_kind_and_what_is_due(void **state)
{
	(void)state;
	add("other", "{}");
	assert_int_equal(lease(1, 5), 0);
	add("mail", "{}");
	ops_sql(&ops, "UPDATE jobs SET run_at_ms = run_at_ms + 60000");
	assert_int_equal(lease(2, 5), 0);
}

static void a_lease_that_ran_out_is_given_to_the_next_and_is_worth_nothing_any_more(void **state)
{
	(void)state;
	add("mail", "{}");
	assert_int_equal(lease(1, 5), 1);
	int64_t until = ops_int(&ops, "SELECT leased_until_ms FROM jobs");
	assert_in_range(until - clock_now_ms(), JOB_LEASE_MS - 20000, JOB_LEASE_MS);
	make_due();
	assert_int_equal(lease(2, 5), 1);
	assert_int_equal(json_int(leased(0), "attempt"), 2);
	assert_op(&ops, &worker, "job_done", holding(only_id(), 1, ""), ERR_UNKNOWN_JOB);
	assert_op(&ops, &worker, "job_fail", holding(only_id(), 1, ", 'error': 'x'"), ERR_UNKNOWN_JOB);
	assert_op(&ops, &worker, "job_done", holding(only_id(), 2, ""), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM jobs"), 0);
	assert_op(&ops, &worker, "job_done", holding(1, 2, ""), ERR_UNKNOWN_JOB);
}

/* A worker that was slow is as good as one that was not, so long as nobody else has taken the job. */
static void who_is_late_may_still_end_what_nobody_else_took(void **state)
{
	(void)state;
	add("mail", "{}");
	assert_int_equal(lease(1, 5), 1);
	make_due();
	assert_op(&ops, &worker, "job_done", holding(only_id(), 1, ""), ERR_OK);
}

static void a_job_that_nobody_leased_cannot_be_ended(void **state)
{
	(void)state;
	add("mail", "{}");
	assert_op(&ops, &worker, "job_done", holding(only_id(), 1, ""), ERR_UNKNOWN_JOB);
	assert_op(&ops, &worker, "job_fail", holding(only_id(), 1, ", 'is_final': true"), ERR_UNKNOWN_JOB);
}

static void what_failed_waits_longer_each_time_and_then_is_dead_without_its_payload(void **state)
{
	(void)state;
	int64_t waited_ms = 0;
	add("mail", "{\"code\":\"secret\"}");
	for (int attempt = 1; attempt < JOB_ATTEMPTS_MAX; attempt++) {
		assert_int_equal(lease(attempt, 5), 1);
		assert_op(&ops, &worker, "job_fail", holding(only_id(), attempt, ", 'error': 'no answer'"), ERR_OK);
		assert_false(json_flag(ops.result, "is_dead"));
		int64_t wait_ms = ops_int(&ops, "SELECT run_at_ms FROM jobs") - clock_now_ms();
		assert_true(wait_ms > waited_ms || wait_ms > JOB_BACKOFF_MAX_MS * 2 / 3);
		assert_true(wait_ms <= JOB_BACKOFF_MAX_MS);
		waited_ms = wait_ms;
		assert_int_equal(lease(1000, 5), 0);
		make_due();
	}
	assert_int_equal(lease(JOB_ATTEMPTS_MAX, 5), 1);
	assert_op(&ops, &worker, "job_fail", holding(only_id(), JOB_ATTEMPTS_MAX, ", 'error': 'no answer'"), ERR_OK);
	assert_true(json_flag(ops.result, "is_dead"));
	assert_string_equal(ops_text(&ops, "SELECT payload FROM jobs"), "{}");
	assert_string_equal(ops_text(&ops, "SELECT last_error FROM jobs"), "no answer");
	make_due();
	assert_int_equal(lease(1000, 5), 0);
}

static void a_failure_for_good_is_the_last(void **state)
{
	(void)state;
	add("mail", "{\"code\":\"secret\"}");
	assert_int_equal(lease(1, 5), 1);
	assert_op(&ops, &worker, "job_fail", holding(only_id(), 1, ", 'error': '550', 'is_final': true"), ERR_OK);
	assert_true(json_flag(ops.result, "is_dead"));
	assert_string_equal(ops_text(&ops, "SELECT payload FROM jobs"), "{}");
}

static void what_is_handed_back_untouched_is_due_at_once_and_has_lost_no_attempt(void **state)
{
	(void)state;
	add("mail", "{}");
	for (int i = 0; i < JOB_ATTEMPTS_MAX + 3; i++) {
		assert_int_equal(lease(i, 5), 1);
		assert_int_equal(json_int(leased(0), "attempt"), 1);
		assert_op(&ops, &worker, "job_fail", holding(only_id(), i, ", 'is_untouched': true"), ERR_OK);
	}
}

/* Else a mail that crashes the worker would crash it for ever. */
static void a_job_that_ended_every_worker_is_dead(void **state)
{
	(void)state;
	add("mail", "{}");
	for (int attempt = 1; attempt <= JOB_ATTEMPTS_MAX; attempt++) {
		assert_int_equal(lease(attempt, 5), 1);
		make_due();
	}
	assert_int_equal(lease(1000, 5), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM jobs WHERE dead_at_ms IS NOT NULL"), 1);
}

static void the_operator_hurries_what_waits_and_drops_anything(void **state)
{
	(void)state;
	add("mail", "{}");
	int64_t id = only_id();
	assert_int_equal(lease(1, 5), 1);
	assert_op(&ops, &an_operator, "job_retry", ops_json("{'id': '%lld'}", (long long)id), ERR_UNKNOWN_JOB);
	assert_op(&ops, &worker, "job_fail", holding(id, 1, ""), ERR_OK);
	assert_int_equal(lease(2, 5), 0);
	assert_op(&ops, &an_operator, "job_retry", ops_json("{'id': '%lld'}", (long long)id), ERR_OK);
	assert_int_equal(lease(3, 5), 1);
	assert_op(&ops, &an_operator, "job_drop", ops_json("{'id': '%lld'}", (long long)id), ERR_OK);
	assert_op(&ops, &an_operator, "job_drop", ops_json("{'id': '%lld'}", (long long)id), ERR_UNKNOWN_JOB);
}

static void a_bad_lease_is_refused(void **state)
{
	(void)state;
	assert_op(&ops, &worker, "job_lease", ops_json("{'kind': 'mail', 'lease': 'short', 'limit': 1}"),
		  ERR_INVALID_FORM);
	assert_op(&ops, &worker, "job_lease", ops_json("{'kind': 'mail', 'lease': '%s', 'limit': 17}", lease_of(1)),
		  ERR_INVALID_FORM);
	assert_op(&ops, &worker, "job_lease", ops_json("{'kind': 'mail', 'lease': '%s'}", lease_of(1)),
		  ERR_INVALID_FORM);
}

static void what_failed_together_does_not_come_back_together(void **state)
{
	(void)state;
	assert_int_equal(job_backoff_ms(1, 0), JOB_BACKOFF_MIN_MS);
	assert_int_equal(job_backoff_ms(2, 0), JOB_BACKOFF_MIN_MS * 3);
	assert_int_equal(job_backoff_ms(INT64_MAX, 0), JOB_BACKOFF_MAX_MS);
	for (uint32_t jitter = 0; jitter < 100000; jitter += 777)
		assert_in_range(job_backoff_ms(1, jitter), JOB_BACKOFF_MIN_MS * 3 / 4, JOB_BACKOFF_MIN_MS);
	assert_true(job_backoff_ms(1, 1000) != job_backoff_ms(1, 1001));
}

static void dead_jobs_are_forgotten_after_a_month(void **state)
{
	(void)state;
	add("mail", "{}");
	add("mail", "{}");
	add("mail", "{}");
	int64_t now_ms = clock_now_ms();
	ops_sql(&ops, "UPDATE jobs SET dead_at_ms = %lld WHERE id = (SELECT min(id) FROM jobs)",
		(long long)(now_ms - JOB_DEAD_KEEP_MS - 1));
	ops_sql(&ops, "UPDATE jobs SET dead_at_ms = %lld WHERE id = (SELECT max(id) FROM jobs)", (long long)now_ms);
	assert_int_equal(job_prune(ops.engine.db, now_ms), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM jobs"), 2);
}

static enum err add_mail(void)
{
	struct apply apply = {
	    .db = ops.engine.db,
	    .arena = &ops.arena,
	    .config = &ops.config,
	    .ids = &ops.engine.ids,
	    .now_ms = clock_now_ms(),
	};
	return mail_add(&apply, MAIL_password_reset, "ada@example.org", STR("{\"code\":\"c\"}"), 42);
}

static void mail_is_a_job_where_there_is_a_server_for_it_and_nothing_elsewhere(void **state)
{
	const char *why;
	(void)state;
	assert_false(mail_is_on(&ops.config));
	assert_int_equal(add_mail(), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM jobs"), 0);
	assert_int_equal(config_set(&ops.config, CONFIG_SMTP_URL, "smtp://127.0.0.1:25", &why), ERR_OK);
	assert_true(mail_is_on(&ops.config));
	assert_int_equal(add_mail(), ERR_OK);
	assert_string_equal(ops_text(&ops, "SELECT kind FROM jobs"), "mail");
	assert_string_equal(
	    ops_text(&ops, "SELECT payload FROM jobs"),
	    "{\"mail\":\"password_reset\",\"to\":\"ada@example.org\",\"expires_at_ms\":42,\"data\":{\"code\":\"c\"}}");
}

static void people_see_what_waits_and_why(void **state)
{
	struct job *list;
	int count;
	(void)state;
	add("mail", "{}");
	assert_int_equal(lease(1, 5), 1);
	assert_op(&ops, &worker, "job_fail", holding(only_id(), 1, ", 'error': 'no answer'"), ERR_OK);
	assert_int_equal(job_list(ops.engine.db, &ops.arena, 10, &list, &count), ERR_OK);
	assert_int_equal(count, 1);
	assert_string_equal(list[0].kind, "mail");
	assert_string_equal(list[0].last_error, "no answer");
	assert_int_equal(list[0].attempts, 1);
	assert_int_equal(list[0].dead_at_ms, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_set_up, close_database)
	static const struct CMUnitTest tests[] = {
	    TEST(a_job_goes_to_one_holder_with_its_payload),
	    TEST(asking_again_with_the_same_lease_gives_the_same_jobs),
	    TEST(a_lease_takes_only_its_kind_and_what_is_due),
	    TEST(a_lease_that_ran_out_is_given_to_the_next_and_is_worth_nothing_any_more),
	    TEST(who_is_late_may_still_end_what_nobody_else_took),
	    TEST(a_job_that_nobody_leased_cannot_be_ended),
	    TEST(what_failed_waits_longer_each_time_and_then_is_dead_without_its_payload),
	    TEST(a_failure_for_good_is_the_last),
	    TEST(what_is_handed_back_untouched_is_due_at_once_and_has_lost_no_attempt),
	    TEST(a_job_that_ended_every_worker_is_dead),
	    TEST(the_operator_hurries_what_waits_and_drops_anything),
	    TEST(a_bad_lease_is_refused),
	    cmocka_unit_test(what_failed_together_does_not_come_back_together),
	    TEST(dead_jobs_are_forgotten_after_a_month),
	    TEST(mail_is_a_job_where_there_is_a_server_for_it_and_nothing_elsewhere),
	    TEST(people_see_what_waits_and_why),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
