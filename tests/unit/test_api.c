/* The API's reading endpoints on a database: who sees what, pages of history, and what odd clients send. What changes
 * data goes through snug-store, and is tried by tests/http. */
#include "api/routes.h"

#include "base/log.h"
#include "front/fcgi.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MESSAGES = 7 };

static struct ops ops;
static struct app app;
static struct arena arena; /* of one request */
static struct buf body, text;
static int64_t messages[MESSAGES]; /* oldest first */
static const char *ada, *stranger; /* Authorization */

static const char *token_of(const struct person *person, const char *secret)
{
	unsigned char digest[DIGEST_BYTES];
	char encoded[SECRET_TEXT_SIZE];

	secret_digest(secret, strlen(secret), digest);
	base64url_encode(digest, sizeof digest, encoded);
	assert_op(&ops, person, "token_create", json_pack("{s:s, s:s}", "name", "test", "digest", encoded), ERR_OK);
	return arena_printf(&ops.arena, "Bearer %s", secret);
}

/* An account with a workspace of its own: it shares nothing with ada. */
static struct person make_stranger(void)
{
	json_t *in = ops_register_input(&ops, "stranger");

	json_object_set_new(in, "workspace", json_string("Elsewhere"));
	assert_op(&ops, NULL, "user_register", in, ERR_OK);
	return (struct person){ops_result_id(&ops, "user", "id"), ops_result_id(&ops, NULL, "session_id"), OP_ROLE_API};
}

static int begin(void **state)
{
	const char *why;
	struct person other;

	(void)state;
	log_open("test_api", LOG_ERROR + 1);
	ops_setup(&ops);
	assert_int_equal(config_set(&ops.config, CONFIG_REGISTRATION, "open", &why), ERR_OK);
	other = make_stranger();
	ada = token_of(&ops.ada, "adas-token");
	stranger = token_of(&other, "strangers-token");
	for (int i = 0; i < MESSAGES; i++)
		messages[i] = ops_message(&ops, &ops.ada, ops.general_id, arena_printf(&ops.arena, "message %d", i));
	app = (struct app){.kind = APP_API,
			   .routes = api_routes,
			   .route_count = api_route_count,
			   .public_url = "https://chat.example.org"};
	app.store.fd = -1;
	assert_int_equal(origin_parse(str_from(app.public_url), &app.public_origin), ERR_OK);
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
	buf_free(&text);
	ops_close(&ops);
	return 0;
}

/* GETs a path below /api/v10 and returns the status; the reply stands in text and body. */
__attribute__((format(printf, 2, 3))) static int fetch(const char *authorization, const char *format, ...)
{
	static struct params params;
	struct front_arrival arrival = {.params = &params};
	struct response response = {.body = &body};
	char path[512];
	va_list args;

	va_start(args, format);
	vsnprintf(path, sizeof path, format, args);
	va_end(args);
	arena_reset(&arena);
	buf_clear(&body);
	buf_clear(&text);
	char *environment[] = {(char[]){"REQUEST_METHOD=GET"}, arena_printf(&arena, "REQUEST_URI=/api/v10%s", path),
			       arena_printf(&arena, "HTTP_AUTHORIZATION=%s", authorization), NULL};
	arrival.error = params_read(environment, &params);
	front_answer(&app, &arena, &arrival, &response);
	fcgi_write_reply(&text, &response, false);
	return response.status;
}

/* The reply's messages are those of this range, newest first. */
static void assert_messages(int newest, int oldest)
{
	json_t *list;

	assert_int_equal(json_parse_own(&arena, body.p, body.n, &list), ERR_OK);
	assert_int_equal(json_array_size(list), newest - oldest + 1);
	for (int i = newest; i >= oldest; i--)
		assert_true(json_id(json_array_get(list, (size_t)(newest - i)), "id") == messages[i]);
}

static void history_is_read_in_pages_newest_first(void **state)
{
	const long long channel = ops.general_id;

	(void)state;
	assert_int_equal(fetch(ada, "/channels/%lld/messages", channel), 200);
	assert_messages(6, 0);
	assert_null(strstr(text.p, "\r\nLink:"));
	assert_int_equal(fetch(ada, "/channels/%lld/messages?limit=3", channel), 200);
	assert_messages(6, 4);
	assert_int_equal(fetch(ada, "/channels/%lld/messages?limit=3&before=%lld", channel, (long long)messages[4]),
			 200);
	assert_messages(3, 1);
	assert_int_equal(fetch(ada, "/channels/%lld/messages?limit=3&after=%lld", channel, (long long)messages[1]),
			 200);
	assert_messages(4, 2);
	assert_int_equal(fetch(ada, "/channels/%lld/messages?limit=3&around=%lld", channel, (long long)messages[3]),
			 200);
	assert_messages(4, 2);
}

static void a_full_page_links_to_the_next_in_the_same_direction(void **state)
{
	const long long channel = ops.general_id;
	char expected[256];

	(void)state;
	assert_int_equal(fetch(ada, "/channels/%lld/messages?limit=3", channel), 200);
	snprintf(expected, sizeof expected,
		 "Link: <https://chat.example.org/api/v1/channels/%lld/messages?before=%lld&limit=3>; rel=\"next\"\r\n",
		 channel, (long long)messages[4]);
	assert_non_null(strstr(text.p, expected));
	assert_int_equal(fetch(ada, "/channels/%lld/messages?limit=3&after=%lld", channel, (long long)messages[0]),
			 200);
	snprintf(expected, sizeof expected, "messages?after=%lld&limit=3>; rel=\"next\"\r\n", (long long)messages[3]);
	assert_non_null(strstr(text.p, expected));
	assert_int_equal(fetch(ada, "/channels/%lld/messages?limit=3&before=%lld", channel, (long long)messages[2]),
			 200);
	assert_null(strstr(text.p, "\r\nLink:")); /* two were left */
}

static void a_page_that_makes_no_sense_is_refused(void **state)
{
	static const char *const queries[] = {"limit=0",         "limit=101",  "limit=-1",         "limit=x",
					      "before=x",        "before=0",   "after=1&before=2", "around=1&after=2",
					      "limit=1&limit=2", "before=%31%"};

	(void)state;
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		if (fetch(ada, "/channels/%lld/messages?%s", (long long)ops.general_id, queries[i]) != 400)
			fail_msg("accepted: %s", queries[i]);
	}
	assert_int_equal(fetch(ada, "/channels/%lld/messages?limit=100&unknown=1&", (long long)ops.general_id), 200);
}

static void what_a_stranger_may_not_see_does_not_exist(void **state)
{
	const long long channel = ops.general_id, guild = ops.guild_id;

	(void)state;
	assert_int_equal(fetch(stranger, "/channels/%lld", channel), 404);
	assert_non_null(strstr(body.p, "\"code\":10003"));
	assert_int_equal(fetch(stranger, "/channels/%lld/messages", channel), 404);
	assert_int_equal(fetch(stranger, "/channels/%lld/messages?limit=0", channel), 404); /* whatever else is wrong */
	assert_int_equal(fetch(stranger, "/channels/%lld/messages/%lld", channel, (long long)messages[0]), 404);
	assert_int_equal(fetch(stranger, "/guilds/%lld", guild), 404);
	assert_non_null(strstr(body.p, "\"code\":10004"));
	assert_int_equal(fetch(stranger, "/guilds/%lld/channels", guild), 404);
	assert_int_equal(fetch(stranger, "/guilds/%lld/invites", guild), 404);
	assert_int_equal(fetch(stranger, "/channels/1/messages"), 404);
}

static void without_a_valid_credential_nothing_is_told(void **state)
{
	static const char *const values[] = {"", "Bearer nobodys-token", "Bearer a.b.c", "Basic YTpi", "adas-token"};

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		assert_int_equal(fetch(values[i], "/users/@me"), 401);
		assert_string_equal(body.p, "{\"message\":\"401: Unauthorized\",\"code\":0}");
		assert_int_equal(fetch(values[i], "/channels/%lld", (long long)ops.general_id), 401);
	}
	assert_non_null(strstr(text.p, "WWW-Authenticate: Bearer\r\n"));
}

static void the_caller_and_its_workspaces_are_read(void **state)
{
	(void)state;
	assert_int_equal(fetch(ada, "/users/%%40me?"), 200);
	assert_non_null(strstr(body.p, "\"username\":\"ada\""));
	assert_non_null(strstr(body.p, "\"email\":\"ada@example.org\""));
	assert_int_equal(fetch(ada, "/users/@me/guilds?limit=200&before=9223372036854775807"), 200);
	assert_non_null(strstr(body.p, "\"name\":\"Engine Room\""));
	assert_int_equal(fetch(ada, "/users/@me/guilds?after=%lld", (long long)ops.guild_id), 200);
	assert_string_equal(body.p, "[]");
	assert_int_equal(fetch(ada, "/users/@me/guilds?limit=201"), 400);
	assert_int_equal(fetch(ada, "/guilds/%lld", (long long)ops.guild_id), 200);
	assert_non_null(strstr(body.p, "\"roles\":["));
	assert_int_equal(fetch(ada, "/guilds/%lld/channels", (long long)ops.guild_id), 200);
	assert_non_null(strstr(body.p, "\"name\":\"general\""));
}

static void an_invite_is_previewed_by_anybody_and_tells_no_more_than_it_should(void **state)
{
	const char *code = ops_invite(&ops, &ops.ada, 1);

	(void)state;
	assert_int_equal(fetch("", "/invites/%s?with_counts=true", code), 200);
	assert_non_null(strstr(body.p, "\"Engine Room\""));
	assert_null(strstr(body.p, "\"uses\""));
	assert_null(strstr(body.p, "example.org"));
	assert_int_equal(fetch("", "/invites/nosuchcode"), 404);
	assert_int_equal(fetch("", "/invites/%%27%%20OR%%201=1"), 404);
}

static void one_message_is_read_where_it_stands(void **state)
{
	int64_t other = ops_channel(&ops, &ops.ada, "other");

	(void)state;
	assert_int_equal(fetch(ada, "/channels/%lld/messages/%lld", (long long)ops.general_id, (long long)messages[0]),
			 200);
	assert_non_null(strstr(body.p, "\"content\":\"message 0\""));
	assert_int_equal(fetch(ada, "/channels/%lld/messages/%lld", (long long)other, (long long)messages[0]), 404);
	assert_non_null(strstr(body.p, "\"code\":10008"));
}

static void health_needs_a_store_to_be_ready(void **state)
{
	struct params params = {
	    .count = 2, .list = {{STR("REQUEST_METHOD"), STR("GET")}, {STR("REQUEST_URI"), STR("/health/ready")}}};
	struct front_arrival arrival = {.params = &params};
	struct response response = {.body = &body};

	(void)state;
	app.store.path = "no/such.sock";
	buf_clear(&body);
	front_answer(&app, &arena, &arrival, &response);
	assert_int_equal(response.status, 503);
	params.list[1].value = STR("/health/live");
	buf_clear(&body);
	front_answer(&app, &arena, &arrival, &response);
	assert_int_equal(response.status, 200);
	assert_string_equal(body.p, "{\"status\":\"alive\"}");
}

static void a_database_that_was_away_is_opened_again(void **state)
{
	char *folder = getcwd(NULL, 0);

	(void)state;
	assert_int_equal(chdir(ops.folder), 0);
	sql_close(app.db);
	app.db = NULL;
	assert_int_equal(rename("snug.db", "away.db"), 0);
	assert_int_equal(fetch(ada, "/users/@me"), 503);
	assert_non_null(strstr(text.p, "\r\nRetry-After: "));
	assert_null(app.db);
	assert_int_equal(rename("away.db", "snug.db"), 0);
	assert_int_equal(fetch(ada, "/users/@me"), 200);
	assert_int_equal(chdir(folder), 0);
	free(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(history_is_read_in_pages_newest_first),
	    cmocka_unit_test(a_full_page_links_to_the_next_in_the_same_direction),
	    cmocka_unit_test(a_page_that_makes_no_sense_is_refused),
	    cmocka_unit_test(what_a_stranger_may_not_see_does_not_exist),
	    cmocka_unit_test(without_a_valid_credential_nothing_is_told),
	    cmocka_unit_test(the_caller_and_its_workspaces_are_read),
	    cmocka_unit_test(an_invite_is_previewed_by_anybody_and_tells_no_more_than_it_should),
	    cmocka_unit_test(one_message_is_read_where_it_stands),
	    cmocka_unit_test(health_needs_a_store_to_be_ready),
	    cmocka_unit_test(a_database_that_was_away_is_opened_again),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
