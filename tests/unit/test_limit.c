/* Rate limits as requests meet them: who shares a limit with whom, what replies tell, and guesses of passwords. */
#include "api/routes.h"
#include "base/log.h"
#include "base/shared.h"
#include "front/fcgi.h"
#include "front/limit.h"
#include "front/reply.h"
#include "front/route.h"
#include "page/routes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static enum err fine(struct request *request, struct response *response)
{
	(void)request;
	reply_nothing(response);
	return ERR_OK;
}

#define OPEN .credential = ROUTE_PUBLIC

static const struct route rows[] = {
    {"GET", "/look", fine, OPEN, .flags = ROUTE_NO_DATABASE},
    {"POST", "/change", fine, OPEN, .flags = ROUTE_NO_DATABASE},
    {"POST", "/channels/{channel}", fine, OPEN, .flags = ROUTE_NO_DATABASE, .bucket = "message"},
    {"PATCH", "/channels/{channel}", fine, OPEN, .flags = ROUTE_NO_DATABASE, .bucket = "message_edit"},
    {"GET", "/health", fine, OPEN, .flags = ROUTE_NO_DATABASE | ROUTE_UNLIMITED},
    {"POST", "/login", fine, OPEN, .flags = ROUTE_NO_DATABASE, .bucket = "auth"},
};

static struct arena arena;
static struct buf body, text;
static struct limit_cells cells;
static struct limit_rates rates;
static struct app app;
static int64_t clock_value_ms;

static int64_t given_clock(void)
{
	return clock_value_ms;
}

/* New memory, and a time that stands still. */
static int begin(void **state)
{
	int fd = shared_create("test");
	struct config config;

	(void)state;
	assert_int_equal(limit_cells_open(&cells, fd), ERR_OK);
	close(fd);
	clock_value_ms = 5000000;
	cells.clock_ms = given_clock;
	arena_init(&arena);
	config_init(&config);
	limit_rates_read(&config, &rates);
	config_free(&config);
	app = (struct app){.kind = APP_API,
			   .routes = rows,
			   .route_count = sizeof rows / sizeof rows[0],
			   .limits = &cells,
			   .rates = &rates,
			   .store.fd = -1};
	return 0;
}

static int end(void **state)
{
	(void)state;
	buf_free(&body);
	buf_free(&text);
	arena_free(&arena);
	return 0;
}

/* One request by a visitor; the reply stands in text. */
static int ask(const char *method, const char *uri, const char *address)
{
	static struct params params;
	char *environment[] = {arena_printf(&arena, "REQUEST_METHOD=%s", method),
			       arena_printf(&arena, "REQUEST_URI=%s", uri),
			       arena_printf(&arena, "REMOTE_ADDR=%s", address), NULL};
	struct front_arrival arrival = {.params = &params, .error = params_read(environment, &params)};
	struct response response = {.body = &body};

	buf_clear(&body);
	buf_clear(&text);
	front_answer(&app, &arena, &arrival, &response);
	fcgi_write_reply(&text, &response, false);
	return response.status;
}

/* How many of so many at the same moment get in. */
static int ask_many(int count, const char *method, const char *uri, const char *address)
{
	int allowed = 0;

	for (int i = 0; i < count; i++)
		allowed += ask(method, uri, address) == 204;
	return allowed;
}

static void assert_has(const char *part)
{
	if (strstr(text.p, part) == NULL)
		fail_msg("no %s in: %s", part, text.p);
}

static void assert_lacks(const char *part)
{
	if (strstr(text.p, part) != NULL)
		fail_msg("%s in: %s", part, text.p);
}

/* The value of a header of the last reply, in the arena. */
static const char *header(const char *name)
{
	const char *found = strstr(text.p, arena_printf(&arena, "\r\n%s: ", name));

	if (found == NULL)
		fail_msg("no %s in: %s", name, text.p);
	found += strlen(name) + 4;
	return arena_strndup(&arena, found, strcspn(found, "\r"));
}

static void every_route_names_a_bucket_that_there_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < api_route_count; i++)
		assert_true(api_routes[i].bucket == NULL || limit_is_bucket(api_routes[i].bucket));
	for (size_t i = 0; i < page_route_count; i++)
		assert_true(page_routes[i].bucket == NULL || limit_is_bucket(page_routes[i].bucket));
	assert_false(limit_is_bucket("guess"));
	assert_false(limit_is_bucket("all"));
}

static void five_posts_to_a_channel_and_then_one_a_second(void **state)
{
	(void)state;
	assert_int_equal(ask_many(7, "POST", "/channels/12", "10.0.0.1"), 5);
	assert_int_equal(ask_many(7, "POST", "/channels/13", "10.0.0.1"), 5);
	assert_int_equal(ask_many(7, "POST", "/channels/12", "10.0.0.2"), 5);
	assert_int_equal(ask_many(7, "PATCH", "/channels/12", "10.0.0.1"), 5);
	clock_value_ms += 1000;
	assert_int_equal(ask_many(7, "POST", "/channels/12", "10.0.0.1"), 1);
}

static void a_reply_tells_what_is_left_and_a_refusal_when_to_come_again(void **state)
{
	const char *bucket;

	(void)state;
	assert_int_equal(ask("POST", "/channels/12", "10.0.0.1"), 204);
	assert_string_equal(header("X-RateLimit-Limit"), "5");
	assert_string_equal(header("X-RateLimit-Remaining"), "4");
	assert_string_equal(header("X-RateLimit-Reset-After"), "1.000");
	assert_non_null(strchr(header("X-RateLimit-Reset"), '.'));
	bucket = header("X-RateLimit-Bucket");
	assert_lacks("Retry-After: ");
	assert_lacks("X-RateLimit-Scope");
	assert_int_equal(ask_many(4, "POST", "/channels/12", "10.0.0.1"), 4);
	clock_value_ms += 350;
	assert_int_equal(ask("POST", "/channels/12", "10.0.0.1"), 429);
	assert_string_equal(header("Retry-After"), "1");
	assert_string_equal(header("X-RateLimit-Remaining"), "0");
	assert_string_equal(header("X-RateLimit-Reset-After"), "4.650");
	assert_string_equal(header("X-RateLimit-Scope"), "user");
	assert_string_equal(header("X-RateLimit-Bucket"), bucket);
	assert_string_equal(header("Via"), "1.1 snug");
	assert_lacks("X-RateLimit-Global");
	assert_has("\"retry_after\":0.650,\"global\":false");
	ask("POST", "/channels/13", "10.0.0.9");
	assert_string_equal(header("X-RateLimit-Bucket"), bucket);
	ask("PATCH", "/channels/12", "10.0.0.1");
	assert_string_not_equal(header("X-RateLimit-Bucket"), bucket);
}

static void everything_together_is_limited_and_that_refusal_is_global(void **state)
{
	(void)state;
	assert_int_equal(ask_many(60, "POST", "/change", "10.0.0.1"), 50);
	assert_has("\"global\":true");
	assert_string_equal(header("X-RateLimit-Global"), "true");
	assert_string_equal(header("X-RateLimit-Scope"), "global");
	/* What was refused has taken from the hundred all the same. */
	assert_int_equal(ask_many(60, "GET", "/look", "10.0.0.1"), 40);
	assert_has("\"global\":true");
	assert_int_equal(ask_many(120, "GET", "/look", "10.0.0.2"), 100);
	clock_value_ms += 20;
	assert_int_equal(ask_many(10, "GET", "/look", "10.0.0.2"), 2);
}

static void routes_without_a_bucket_are_told_apart_by_clients(void **state)
{
	const char *one;

	(void)state;
	ask("GET", "/look", "10.0.0.1");
	one = header("X-RateLimit-Bucket");
	assert_string_equal(header("X-RateLimit-Limit"), "100");
	ask("POST", "/change", "10.0.0.1");
	assert_string_equal(header("X-RateLimit-Limit"), "50");
	assert_string_not_equal(header("X-RateLimit-Bucket"), one);
}

static void health_and_a_server_without_limits_have_none(void **state)
{
	(void)state;
	assert_int_equal(ask_many(500, "GET", "/health", "10.0.0.1"), 500);
	assert_lacks("X-RateLimit");
	app.limits = NULL;
	assert_int_equal(ask_many(500, "POST", "/channels/12", "10.0.0.1"), 500);
	assert_lacks("X-RateLimit");
}

static void a_network_of_ipv6_is_one_address(void **state)
{
	(void)state;
	assert_int_equal(ask_many(4, "POST", "/channels/12", "2001:db8::1"), 4);
	assert_int_equal(ask_many(4, "POST", "/channels/12", "2001:db8::ffff:2"), 1);
	assert_int_equal(ask_many(4, "POST", "/channels/12", "2001:db8:0:1::1"), 4);
	assert_int_equal(ask_many(4, "POST", "/channels/12", "192.0.2.7"), 4);
	assert_int_equal(ask_many(4, "POST", "/channels/12", "::ffff:192.0.2.7"), 1);
	assert_int_equal(ask_many(4, "POST", "/channels/12", "::ffff:192.0.2.8"), 4);
	assert_int_equal(ask_many(9, "POST", "/channels/12", ""), 5);
	assert_int_equal(ask_many(9, "POST", "/channels/12", "no address"), 5);
}

static struct request request_of(const char *address, int64_t user_id, int64_t session_id)
{
	return (struct request){.app = &app,
				.arena = &arena,
				.route = &rows[2],
				.path.channel_id = 12,
				.address = address,
				.caller = {.user_id = user_id, .session_id = session_id}};
}

/* How many of ten posts get in. */
static int post_ten(const char *address, int64_t user_id, int64_t session_id)
{
	int allowed = 0;

	for (int i = 0; i < 10; i++) {
		struct request request = request_of(address, user_id, session_id);

		allowed += limit_take(&request) == ERR_OK;
	}
	return allowed;
}

static void a_person_is_one_whatever_the_address_and_the_token(void **state)
{
	(void)state;
	assert_int_equal(post_ten("10.0.0.1", 1, 11), 5);
	assert_int_equal(post_ten("10.0.0.2", 1, 11), 0);
	assert_int_equal(post_ten("10.0.0.1", 1, 12), 0);
	assert_int_equal(post_ten("10.0.0.1", 2, 21), 5);
	assert_int_equal(post_ten("10.0.0.1", 0, 0), 5);
}

static void who_has_many_sessions_is_one_person(void **state)
{
	int allowed = 0;

	(void)state;
	for (int64_t session = 11; session < 19; session++) {
		for (int i = 0; i < 40; i++) {
			struct request request = request_of("10.0.0.1", 1, session);
			request.route = &rows[1];
			allowed += limit_take(&request) == ERR_OK;
		}
	}
	assert_int_equal(allowed, 100);
	struct request other = request_of("10.0.0.1", 2, 21);
	other.route = &rows[1];
	assert_int_equal(limit_take(&other), ERR_OK);
}

/* One attempt to log in. */
static enum err attempt(const char *address, const char *account, bool is_right)
{
	struct request request = request_of(address, 0, 0);
	struct limit_guess guess;
	enum err e = limit_guess_begin(&request, account, &guess);

	if (e != ERR_OK) {
		assert_true(request.retry_after_ms > 0 && request.retry_after_ms <= 600000);
		return e;
	}
	e = is_right ? ERR_OK : ERR_BAD_CREDENTIALS;
	limit_guess_end(&request, &guess, e);
	return e;
}

static const char *numbered(int i)
{
	return arena_printf(&arena, "10.1.%d.%d", i / 250, i % 250);
}

static void five_failures_slow_an_address_down_for_a_while(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		assert_int_equal(attempt("10.0.0.1", arena_printf(&arena, "id %d", i), false), ERR_BAD_CREDENTIALS);
	assert_int_equal(attempt("10.0.0.1", "id 9", false), ERR_RATE_LIMITED);
	assert_int_equal(attempt("10.0.0.1", "id 9", true), ERR_RATE_LIMITED);
	assert_int_equal(attempt("10.0.0.2", "id 9", true), ERR_OK);
	clock_value_ms += 12000;
	assert_int_equal(attempt("10.0.0.1", "id 9", true), ERR_OK);
}

static void what_was_right_is_no_failure(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++)
		assert_int_equal(attempt("10.0.0.1", "id 1", true), ERR_OK);
	for (int i = 0; i < 5; i++)
		assert_int_equal(attempt("10.0.0.1", "id 1", false), ERR_BAD_CREDENTIALS);
}

/* Strangers with ever new addresses: the account's own person still gets in. */
static void a_stranger_slows_an_account_down_and_locks_nobody_out(void **state)
{
	int tries = 0;

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_int_equal(attempt(numbered(i), "id 1", false), ERR_BAD_CREDENTIALS);
	/* Each address that has failed waits for the account. */
	for (int i = 0; i < 10; i++)
		assert_int_equal(attempt(numbered(i), "id 1", true), ERR_RATE_LIMITED);
	/* One that has not may try once. */
	assert_int_equal(attempt("10.2.0.1", "id 1", true), ERR_OK);
	assert_int_equal(attempt("10.2.0.1", "id 1", true), ERR_OK);
	assert_int_equal(attempt("10.2.0.1", "id 1", false), ERR_BAD_CREDENTIALS);
	assert_int_equal(attempt("10.2.0.1", "id 1", true), ERR_RATE_LIMITED);
	assert_int_equal(attempt("10.2.0.1", "id 2", true), ERR_OK);
	/* However long they go on: a hundred addresses have a try each in ten minutes, and one more comes back a
	 * minute. */
	for (int second = 0; second < 600; second++) {
		clock_value_ms += 1000;
		for (int i = 0; i < 100; i++)
			tries += attempt(numbered(i), "id 1", false) == ERR_BAD_CREDENTIALS;
		assert_int_equal(attempt("10.2.0.2", "id 1", true), ERR_OK);
	}
	assert_in_range(tries, 90, 115);
}

static void other_secrets_are_limited_by_address(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		assert_int_equal(attempt("10.0.0.1", NULL, false), ERR_BAD_CREDENTIALS);
	assert_int_equal(attempt("10.0.0.1", NULL, true), ERR_RATE_LIMITED);
	assert_int_equal(attempt("10.0.0.2", NULL, true), ERR_OK);
	app.limits = NULL;
	assert_int_equal(attempt("10.0.0.1", NULL, true), ERR_OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	static const struct CMUnitTest tests[] = {
	    TEST(every_route_names_a_bucket_that_there_is),
	    TEST(five_posts_to_a_channel_and_then_one_a_second),
	    TEST(a_reply_tells_what_is_left_and_a_refusal_when_to_come_again),
	    TEST(everything_together_is_limited_and_that_refusal_is_global),
	    TEST(routes_without_a_bucket_are_told_apart_by_clients),
	    TEST(health_and_a_server_without_limits_have_none),
	    TEST(a_network_of_ipv6_is_one_address),
	    TEST(a_person_is_one_whatever_the_address_and_the_token),
	    TEST(who_has_many_sessions_is_one_person),
	    TEST(five_failures_slow_an_address_down_for_a_while),
	    TEST(what_was_right_is_no_failure),
	    TEST(a_stranger_slows_an_account_down_and_locks_nobody_out),
	    TEST(other_secrets_are_limited_by_address),
	};

	log_open("test_limit", LOG_ERROR + 1);
	secret_open();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
