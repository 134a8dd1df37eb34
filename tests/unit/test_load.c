/* The steps of the pipeline that need a database: what a route loads, whose permissions it asks for, and what becomes
 * of a connection that failed. With routes of its own. */
#include "base/log.h"
#include "domain/perm.h"
#include "front/reply.h"
#include "front/route.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;
static struct app app;
static struct arena arena;
static struct buf body;
static const char *ada, *bob;
static uint64_t permissions; /* that the handler found */

static enum err look(struct request *request, struct response *response)
{
	permissions = request->permissions;
	reply_nothing(response);
	return ERR_OK;
}

static enum err lose_database(struct request *request, struct response *response)
{
	(void)request;
	(void)response;
	return ERR_DATABASE_UNAVAILABLE;
}

#define LOADS(what, bits) .credential = ROUTE_REQUIRED, .loads = ROUTE_##what, .permissions = (bits)

static const struct route rows[] = {
    {"GET", "/guild/{guild}", look, LOADS(GUILD, 0)},
    {"GET", "/guild/{guild}/manage", look, LOADS(GUILD, PERM_MANAGE_GUILD | PERM_VIEW_CHANNEL)},
    {"GET", "/channel/{channel}", look, LOADS(CHANNEL, PERM_VIEW_CHANNEL)},
    {"GET", "/channel/{channel}/manage", look, LOADS(CHANNEL, PERM_MANAGE_CHANNELS)},
    {"GET", "/channel/{guild}/{channel}", look, LOADS(CHANNEL, 0)},
    {"GET", "/optional", look, .credential = ROUTE_OPTIONAL},
    {"GET", "/fail", lose_database, .credential = ROUTE_OPTIONAL},
};

static const char *token_of(const struct person *person, const char *secret)
{
	unsigned char digest[DIGEST_BYTES];
	char encoded[SECRET_TEXT_SIZE];

	secret_digest(secret, strlen(secret), digest);
	base64url_encode(digest, sizeof digest, encoded);
	assert_op(&ops, person, "token_create", json_pack("{s:s, s:s}", "name", "test", "digest", encoded), ERR_OK);
	return arena_printf(&ops.arena, "Bot %s", secret);
}

static int begin(void **state)
{
	struct person person;

	(void)state;
	log_open("test_load", LOG_ERROR + 1);
	ops_setup(&ops);
	person = ops_join(&ops, "bob");
	ada = token_of(&ops.ada, "adas-token");
	bob = token_of(&person, "bobs-token");
	app = (struct app){.kind = APP_API, .routes = rows, .route_count = sizeof rows / sizeof *rows};
	app.store.fd = -1;
	assert_int_equal(sql_open_reader(ops.path, &app.db), ERR_OK);
	arena_init(&arena);
	return 0;
}

static int end(void **state)
{
	(void)state;
	sql_close(app.db);
	arena_free(&arena);
	buf_free(&body);
	ops_close(&ops);
	return 0;
}

__attribute__((format(printf, 2, 3))) static int fetch(const char *authorization, const char *format, ...)
{
	static struct params params;
	struct front_arrival arrival = {.params = &params};
	struct response response = {.body = &body};
	char path[256];
	va_list args;

	va_start(args, format);
	vsnprintf(path, sizeof path, format, args);
	va_end(args);
	arena_reset(&arena);
	buf_clear(&body);
	permissions = 0;
	char *environment[] = {(char[]){"REQUEST_METHOD=GET"}, arena_printf(&arena, "REQUEST_URI=%s", path),
			       arena_printf(&arena, "HTTP_AUTHORIZATION=%s", authorization), NULL};
	arrival.error = params_read(environment, &params);
	front_answer(&app, &arena, &arrival, &response);
	return response.status;
}

static bool has_code(const char *code)
{
	return strstr(body.p, code) != NULL;
}

static void every_bit_that_a_row_asks_for_is_needed(void **state)
{
	const long long guild = ops.guild_id, channel = ops.general_id;

	(void)state;
	assert_int_equal(fetch(ada, "/guild/%lld/manage", guild), 204);
	assert_true(perm_has(permissions, PERM_ALL));
	assert_int_equal(fetch(bob, "/guild/%lld", guild), 204);
	assert_true(perm_has(permissions, PERM_SEND_MESSAGES) && !perm_has(permissions, PERM_MANAGE_GUILD));
	assert_int_equal(fetch(bob, "/guild/%lld/manage", guild), 403);
	assert_true(has_code("\"code\":50013"));
	assert_int_equal(fetch(bob, "/channel/%lld", channel), 204);
	assert_int_equal(fetch(bob, "/channel/%lld/manage", channel), 403);
}

static void a_channel_is_found_in_its_own_workspace_alone(void **state)
{
	const long long guild = ops.guild_id, channel = ops.general_id;

	(void)state;
	assert_int_equal(fetch(bob, "/channel/%lld/%lld", guild, channel), 204);
	assert_int_equal(fetch(bob, "/channel/%lld/%lld", guild + 1, channel), 404);
	assert_true(has_code("\"code\":10003"));
	assert_int_equal(fetch(bob, "/channel/%lld", guild), 404);
	assert_int_equal(fetch(bob, "/guild/%lld", channel), 404);
	assert_true(has_code("\"code\":10004"));
}

static void a_wrong_token_is_an_error_where_none_is_fine(void **state)
{
	(void)state;
	assert_int_equal(fetch("", "/optional"), 204);
	assert_int_equal(fetch(bob, "/optional"), 204);
	assert_int_equal(fetch("Bearer wrong", "/optional"), 401);
}

static void a_connection_that_failed_is_given_up(void **state)
{
	(void)state;
	assert_non_null(app.db);
	assert_int_equal(fetch("", "/fail"), 503);
	assert_null(app.db);
	assert_true(app.has_new_descriptors);
	assert_int_equal(sql_open_reader(ops.path, &app.db), ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_bit_that_a_row_asks_for_is_needed),
	    cmocka_unit_test(a_channel_is_found_in_its_own_workspace_alone),
	    cmocka_unit_test(a_wrong_token_is_an_error_where_none_is_fine),
	    cmocka_unit_test(a_connection_that_failed_is_given_up),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
