/* Finding the row of a request. */
#include "front/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct request_path params;
static const char *allow;

static enum err nothing(struct request *request, struct response *response)
{
	(void)request;
	(void)response;
	return ERR_OK;
}

static const struct route rows[] = {
    {"GET", "/", nothing, .credential = ROUTE_PUBLIC},
    {"GET", "/api/v1/users/@me", nothing, .credential = ROUTE_PUBLIC},
    {"GET", "/api/v1/users/{user}", nothing, .credential = ROUTE_PUBLIC},
    {"GET", "/api/v1/channels/{channel}/messages/{message}", nothing, .credential = ROUTE_PUBLIC},
    {"PATCH", "/api/v1/channels/{channel}/messages/{message}", nothing, .credential = ROUTE_PUBLIC},
    {"POST", "/invite/{code}", nothing, .credential = ROUTE_PUBLIC},
};

static const struct app app = {.routes = rows, .route_count = sizeof(rows) / sizeof(rows[0])};

static int find(const char *method, const char *path)
{
	const struct route *route;
	enum err e = route_find(&app, &arena, method, str_from(path), &route, &params, &allow);

	return e == ERR_OK ? (int)(route - rows) : -(int)e;
}

static int open_arena(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void a_row_is_found_and_its_ids_are_read(void **state)
{
	(void)state;
	assert_int_equal(find("GET", "/"), 0);
	assert_int_equal(find("GET", "/api/v1/channels/175928847299117063/messages/9223372036854775807"), 3);
	assert_true(params.channel_id == INT64_C(175928847299117063));
	assert_true(params.message_id == INT64_MAX);
	assert_int_equal(params.guild_id, 0);
	assert_int_equal(find("POST", "/invite/aB%20c"), 5);
	assert_string_equal(params.code, "aB c");
}

static void the_first_row_wins_and_segments_are_decoded(void **state)
{
	(void)state;
	assert_int_equal(find("GET", "/api/v1/users/@me"), 1);
	assert_int_equal(find("GET", "/api/v1/users/%40me"), 1);
	assert_int_equal(find("GET", "/api/v1/users/5"), 2);
	assert_int_equal(find("GET", "/%61pi/v1/users/5"), 2);
}

static void every_version_and_none_are_the_same_rows(void **state)
{
	(void)state;
	assert_int_equal(find("GET", "/api/v9/users/@me"), 1);
	assert_int_equal(find("GET", "/api/v10/users/@me"), 1);
	assert_int_equal(find("GET", "/api/v2/users/@me"), -ERR_NOT_FOUND);
	assert_int_equal(find("GET", "/api/users/@me"), 1);
	assert_int_equal(find("GET", "/api/users/%40me"), 1);
	assert_int_equal(find("PATCH", "/api/channels/5/messages/6"), 4);
	assert_true(params.channel_id == 5 && params.message_id == 6);
	assert_int_equal(find("GET", "/api"), -ERR_NOT_FOUND);
	assert_int_equal(find("GET", "/api/v10"), -ERR_NOT_FOUND);
	assert_int_equal(find("GET", "/api/v1/v1/users/@me"), -ERR_NOT_FOUND);
	assert_int_equal(find("GET", "/users/@me"), -ERR_NOT_FOUND);
	assert_int_equal(find("GET", "/api/1/2/3/4/5/6/7/8/9/10/11"), -ERR_NOT_FOUND); /* as many segments as there may be */
}

static void what_is_no_id_matches_nothing(void **state)
{
	static const char *const ids[] = {"0",
					  "-1",
					  "+1",
					  "01",
					  "abc",
					  "1.0",
					  "9223372036854775808",
					  "%20"
					  "1",
					  "0x10",
					  "null"};

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		char path[64];

		snprintf(path, sizeof(path), "/api/v1/users/%s", ids[i]);
		assert_int_equal(find("GET", path), -ERR_NOT_FOUND);
	}
}

static void another_method_is_told_which_are_allowed(void **state)
{
	(void)state;
	assert_int_equal(find("DELETE", "/api/v1/channels/1/messages/2"), -ERR_METHOD_NOT_ALLOWED);
	assert_string_equal(allow, "GET, HEAD, PATCH");
	assert_int_equal(params.channel_id, 0);
	assert_int_equal(find("OPTIONS", "/"), -ERR_METHOD_NOT_ALLOWED);
	assert_int_equal(find("get", "/"), -ERR_METHOD_NOT_ALLOWED);
	assert_int_equal(find("GET", "/invite/x"), -ERR_METHOD_NOT_ALLOWED);
	assert_string_equal(allow, "POST");
}

static void head_is_answered_by_get(void **state)
{
	(void)state;
	assert_int_equal(find("HEAD", "/api/v1/users/@me"), 1);
	assert_int_equal(find("HEAD", "/invite/x"), -ERR_METHOD_NOT_ALLOWED);
}

static void a_longer_or_shorter_path_is_another(void **state)
{
	(void)state;
	assert_int_equal(find("GET", "/api/v1/users"), -ERR_NOT_FOUND);
	assert_int_equal(find("GET", "/api/v1/users/@me/"), -ERR_NOT_FOUND);
	assert_int_equal(find("GET", "/api/v1/users/@me/x"), -ERR_NOT_FOUND);
	assert_int_equal(find("GET", "/api/v1//users/@me"), -ERR_NOT_FOUND);
	assert_int_equal(find("GET", "/x/../"), -ERR_NOT_FOUND);
	assert_int_equal(find("GET", "/api/v1/users/%00"), -ERR_BAD_REQUEST);
	assert_int_equal(find("GET", "/api/v1/users/%ff"), -ERR_BAD_REQUEST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_row_is_found_and_its_ids_are_read),
	    cmocka_unit_test(the_first_row_wins_and_segments_are_decoded),
	    cmocka_unit_test(every_version_and_none_are_the_same_rows),
	    cmocka_unit_test(what_is_no_id_matches_nothing),
	    cmocka_unit_test(another_method_is_told_which_are_allowed),
	    cmocka_unit_test(head_is_answered_by_get),
	    cmocka_unit_test(a_longer_or_shorter_path_is_another),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
