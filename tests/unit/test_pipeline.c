/* The pipeline, with routes of its own that need no database: which step answers, and what. */
#include "base/log.h"
#include "front/csrf.h"
#include "front/decode.h"
#include "front/fcgi.h"
#include "front/reply.h"
#include "front/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct note_input {
	struct field_set set;
	int64_t channel_id;
	const char *text;
	int64_t count;
};

static const struct field note_fields[] = {
    {.name = "channel_id", .type = FIELD_ID, .offset = offsetof(struct note_input, channel_id)},
    {.name = "text",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED,
     .max = 10,
     .offset = offsetof(struct note_input, text)},
    {.name = "count", .type = FIELD_INT, .max = 5, .offset = offsetof(struct note_input, count)},
    {0}};

/* Answers what it was given, as decode_undo writes it. */
static enum err echo(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	jw_object(&jw, NULL);
	if (request->input != NULL)
		decode_undo(request->arena, request->route->fields, request->input, &jw);
	jw_object_end(&jw);
	return ERR_OK;
}

static enum err no_room(struct request *request, struct response *response)
{
	struct jw jw;

	(void)request;
	reply_json(response, 200, &jw);
	jw_text(&jw, NULL, "half an ans");
	reply_header(response, "X-Half", "yes");
	return ERR_STORAGE_FULL;
}

static enum err slow_down(struct request *request, struct response *response)
{
	(void)response;
	request->retry_after_ms = 1650;
	return ERR_RATE_LIMITED;
}

static enum err say_reason(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	jw_object(&jw, NULL);
	jw_text(&jw, "reason", request->caller.reason);
	jw_object_end(&jw);
	return ERR_OK;
}

static void refused(struct request *request, struct response *response, enum err why)
{
	(void)why;
	response->content_type = "text/html; charset=utf-8";
	buf_puts(response->body, "again: ");
	buf_puts(response->body, form_find(&request->form, "text") ? form_find(&request->form, "text") : "");
}

static void error_page(struct request *request, struct response *response, enum err why)
{
	(void)request;
	if (why == ERR_NOT_FOUND)
		return; /* as if the template were gone */
	response->content_type = "text/html; charset=utf-8";
	buf_puts(response->body, "an error page");
}

#define OPEN .credential = ROUTE_PUBLIC, .flags = ROUTE_NO_DATABASE

static const struct route rows[] = {
    {"GET", "/api/v1/notes/{channel}", echo, OPEN, ROUTE_INPUT(note)},
    {"POST", "/api/v1/notes/{channel}", echo, OPEN, ROUTE_INPUT(note)},
    {"DELETE", "/api/v1/notes/{channel}", echo, OPEN},
    {"GET", "/full", no_room, OPEN},
    {"GET", "/slow", slow_down, OPEN},
    {"POST", "/reason", say_reason, OPEN},
    {"POST", "/password", echo, .credential = ROUTE_PUBLIC, .flags = ROUTE_NO_DATABASE | ROUTE_PASSWORD},
    {"POST", "/form", echo, OPEN, ROUTE_INPUT(note), .refused = refused},
};

static struct arena arena;
static struct buf body, text;

/* Sends one request through the whole pipeline and returns the reply as it goes out. More parameters end with NULL. */
static const char *ask(enum app_kind kind, const char *method, const char *uri, const char *content, char *const *more)
{
	static struct app app;
	static struct params params;
	char *environment[16] = {arena_printf(&arena, "REQUEST_METHOD=%s", method),
				 arena_printf(&arena, "REQUEST_URI=%s", uri)};
	struct front_arrival arrival = {.params = &params, .body = str_from(content), .error = ERR_OK};
	struct response response = {.body = &body};

	for (size_t i = 0; more != NULL && more[i] != NULL; i++)
		environment[2 + i] = more[i];
	app = (struct app){.kind = kind,
			   .routes = rows,
			   .route_count = sizeof(rows) / sizeof(rows[0]),
			   .error_page = error_page,
			   .instance = 0xabcdef01};
	app.store.fd = -1;
	assert_int_equal(origin_parse(STR("http://127.0.0.1:8080"), &app.public_origin), ERR_OK);
	arrival.error = params_read(environment, &params);
	buf_clear(&body);
	buf_clear(&text);
	front_answer(&app, &arena, &arrival, &response);
	fcgi_write_reply(&text, &response, strcmp(method, "HEAD") == 0);
	return text.p;
}

static const char *ask_api(const char *method, const char *uri, const char *content)
{
	return ask(APP_API, method, uri, content, NULL);
}

static void assert_status(const char *reply, int status)
{
	char expected[32];

	snprintf(expected, sizeof(expected), "Status: %d\r\n", status);
	if (strncmp(reply, expected, strlen(expected)) != 0)
		fail_msg("expected %d: %s", status, reply);
}

static void assert_body(const char *reply, const char *expected)
{
	const char *found = strstr(reply, "\r\n\r\n");

	assert_non_null(found);
	assert_string_equal(found + 4, expected);
}

static void assert_has(const char *reply, const char *part)
{
	if (strstr(reply, part) == NULL)
		fail_msg("no %s in: %s", part, reply);
}

static int begin(void **state)
{
	(void)state;
	log_open("test_pipeline", LOG_ERROR + 1);
	secret_open();
	arena_init(&arena);
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

static void the_path_wins_over_the_body(void **state)
{
	const char *reply =
	    ask_api("POST", "/api/v10/notes/12", "{\"channel_id\":\"99\",\"text\":\"hi\",\"count\":null,\"x\":{}}");

	(void)state;
	assert_status(reply, 200);
	assert_body(reply, "{\"channel_id\":\"12\",\"text\":\"hi\",\"count\":null}");
	assert_has(reply, "Content-Type: application/json\r\n");
	assert_has(reply, "X-Request-Id: abcdef01");
	assert_has(reply, "Cache-Control: no-store\r\n");
}

static void a_get_reads_its_query(void **state)
{
	(void)state;
	assert_body(ask_api("GET", "/api/v1/notes/12?text=a+b&count=3&", NULL),
		    "{\"channel_id\":\"12\",\"text\":\"a b\",\"count\":3}");
	assert_status(ask_api("GET", "/api/v1/notes/12?text=a&text=b", NULL), 400);
	assert_status(ask_api("GET", "/api/v1/notes/12?text=%ff", NULL), 400);
	assert_status(ask_api("GET", "/api/v1/notes/12?text=a&count=6", NULL), 400);
	assert_status(ask_api("GET", "/api/v1/notes/12?text=a&count=1e1", NULL), 400);
}

static void head_has_the_length_and_no_body(void **state)
{
	const char *reply = ask_api("HEAD", "/api/v1/notes/12?text=a", NULL);

	(void)state;
	assert_status(reply, 200);
	assert_has(reply, "Content-Length: 30\r\n");
	assert_body(reply, "");
}

static void a_refused_body_is_told_in_discords_form(void **state)
{
	(void)state;
	assert_body(ask_api("POST", "/api/v1/notes/1", "{}"),
		    "{\"message\":\"Invalid Form "
		    "Body\",\"code\":50035,\"errors\":{\"text\":{\"_errors\":[{\"code\":\"BASE_TYPE_REQUIRED\","
		    "\"message\":\"This field is required\"}]}}}");
	assert_body(ask_api("POST", "/api/v1/notes/1", "{\"text\":"),
		    "{\"message\":\"The request body contains invalid JSON.\",\"code\":50109}");
	assert_status(ask_api("POST", "/api/v1/notes/1", "[]"), 400);
	assert_status(ask_api("POST", "/api/v1/notes/1", "{\"text\":\"a\",\"text\":\"b\"}"), 400);
	assert_status(ask_api("POST", "/api/v1/notes/1", ""), 400);
}

static void only_json_is_taken_by_the_api(void **state)
{
	char *const json[] = {(char[]){"CONTENT_TYPE=application/json; charset=utf-8"}, NULL};
	char *const form[] = {(char[]){"CONTENT_TYPE=application/x-www-form-urlencoded"}, NULL};
	char *const broken[] = {(char[]){"CONTENT_TYPE=json"}, NULL};

	(void)state;
	assert_status(ask(APP_API, "POST", "/api/v1/notes/1", "{\"text\":\"a\"}", json), 200);
	assert_status(ask(APP_API, "POST", "/api/v1/notes/1", "text=a", form), 415);
	assert_status(ask(APP_API, "POST", "/api/v1/notes/1", "{\"text\":\"a\"}", broken), 415);
	assert_status(ask(APP_API, "DELETE", "/api/v1/notes/1", "whatever", form), 200);
}

static void an_unknown_route_or_method_is_told_as_discord_does(void **state)
{
	const char *reply = ask_api("GET", "/api/v1/nothing", NULL);

	(void)state;
	assert_status(reply, 404);
	assert_body(reply, "{\"message\":\"404: Not Found\",\"code\":0}");
	reply = ask_api("PUT", "/api/v1/notes/1", NULL);
	assert_status(reply, 405);
	assert_has(reply, "Allow: GET, HEAD, POST, DELETE\r\n");
	assert_status(ask_api("GET", "/api/v1/notes/abc", NULL), 404);
	assert_status(ask_api("GET", "http://evil.example/full", NULL), 400);
	assert_status(ask_api("GET", "/full\x80", NULL), 400);
	assert_status(ask_api("GET", "", NULL), 400);
}

static void what_was_written_before_a_failure_is_taken_back(void **state)
{
	const char *reply = ask_api("GET", "/full", NULL);

	(void)state;
	assert_status(reply, 503);
	assert_has(reply, "Retry-After: 1\r\n");
	assert_null(strstr(reply, "X-Half"));
	assert_null(strstr(reply, "half an ans"));
}

static void a_limit_tells_when_to_come_again(void **state)
{
	const char *reply = ask_api("GET", "/slow", NULL);

	(void)state;
	assert_status(reply, 429);
	assert_has(reply, "Retry-After: 2\r\n");
	assert_has(reply, "Via: ");
	assert_has(reply, "\"retry_after\":1.650,\"global\":false");
}

static void a_password_route_is_not_served_by_the_main_pool(void **state)
{
	(void)state;
	assert_status(ask_api("POST", "/password", "{}"), 404);
}

static void a_parameter_that_comes_twice_spoils_the_request(void **state)
{
	char *const twice[] = {(char[]){"HTTP_X_FORWARDED_FOR=1"}, (char[]){"HTTP_X_FORWARDED_FOR=2"}, NULL};

	(void)state;
	assert_status(ask(APP_API, "GET", "/api/v1/notes/1?text=a", NULL, twice), 400);
}

static void a_post_to_a_page_without_a_token_is_refused(void **state)
{
	char *const foreign[] = {(char[]){"HTTP_ORIGIN=http://evil.example"}, NULL};
	const char *reply = ask(APP_WEB, "POST", "/form", "text=a", NULL);

	(void)state;
	assert_status(reply, 403);
	assert_body(reply, "an error page");
	assert_has(reply, "Content-Security-Policy: default-src 'none'; script-src 'self';");
	assert_status(ask(APP_WEB, "POST", "/form", "text=a", foreign), 403);
}

/* The token and its cookie, for an app whose secrets are all zero as in ask. */
static char *const *visitor(const char **token)
{
	static char cookie[] = "HTTP_COOKIE=snug_visitor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	static char *parameters[] = {cookie, NULL};
	static const struct secret zero;
	static char sealed[96];

	csrf_seal(&zero, "visitor:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", sealed);
	*token = sealed;
	return parameters;
}

static void a_refused_form_is_shown_again_with_what_was_typed(void **state)
{
	const char *token, *reply;
	char *const *cookie = visitor(&token);

	(void)state;
	reply = ask(APP_WEB, "POST", "/form", arena_printf(&arena, "csrf=%s&text=far+too+long+a+text", token), cookie);
	assert_status(reply, 400);
	assert_body(reply, "again: far too long a text");
	reply = ask(APP_WEB, "POST", "/form", arena_printf(&arena, "csrf=%s&text=short&count=", token), cookie);
	assert_status(reply, 200);
	assert_body(reply, "{\"text\":\"short\"}");
}

static const char *ask_why(const char *header)
{
	char *const more[] = {arena_printf(&arena, "HTTP_X_AUDIT_LOG_REASON=%s", header), NULL};

	return ask(APP_API, "POST", "/reason", NULL, more);
}

static const char *repeated(const char *piece, int count)
{
	struct buf *out = buf_in_arena(&arena);

	for (int i = 0; i < count; i++)
		buf_puts(out, piece);
	return out->p;
}

static void the_reason_of_a_change_is_decoded_and_bounded(void **state)
{
	(void)state;
	assert_body(ask_api("POST", "/reason", NULL), "{\"reason\":null}");
	assert_body(ask_why("%20 %20"), "{\"reason\":null}");
	assert_body(ask_why("too%20loud, %C3%A9t%C3%A9 + 100%25"),
		    "{\"reason\":\"too loud, \xc3\xa9t\xc3\xa9 + 100%\"}");
	assert_body(ask_why("\xc3\xa9t\xc3\xa9"), "{\"reason\":\"\xc3\xa9t\xc3\xa9\"}");
	assert_status(ask_why(repeated("%C3%A9", 512)), 200);
	assert_has(ask_why(repeated("%C3%A9", 513)),
		   "\"errors\":{\"reason\":{\"_errors\":[{\"code\":\"BASE_TYPE_MAX_LENGTH\"");
	static const char *const malformed[] = {"100%", "%zz", "%FF", "%00", "a%0Ab", "%E2%80%AE"};
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++)
		assert_status(ask_why(malformed[i]), 400);
}

static void a_page_takes_the_reason_from_its_form_alone(void **state)
{
	const char *token;
	char *const *cookie = visitor(&token);
	char *const both[] = {cookie[0], (char[]){"HTTP_X_AUDIT_LOG_REASON=header"}, NULL};

	(void)state;
	assert_body(ask(APP_WEB, "POST", "/reason", arena_printf(&arena, "csrf=%s&reason=+too+loud", token), both),
		    "{\"reason\":\"too loud\"}");
	assert_body(ask(APP_WEB, "POST", "/reason?reason=x", arena_printf(&arena, "csrf=%s&reason=", token), both),
		    "{\"reason\":null}");
	assert_status(
	    ask(APP_WEB, "POST", "/reason", arena_printf(&arena, "csrf=%s&reason=%s", token, repeated("x", 513)), both),
	    400);
}

static void a_page_that_cannot_be_made_is_a_sentence(void **state)
{
	const char *reply = ask(APP_WEB, "GET", "/nothing", NULL, NULL);

	(void)state;
	assert_status(reply, 404);
	assert_has(reply, "Content-Type: text/plain; charset=utf-8\r\n");
	assert_body(reply, "404: Not Found\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_path_wins_over_the_body),
	    cmocka_unit_test(a_get_reads_its_query),
	    cmocka_unit_test(head_has_the_length_and_no_body),
	    cmocka_unit_test(a_refused_body_is_told_in_discords_form),
	    cmocka_unit_test(only_json_is_taken_by_the_api),
	    cmocka_unit_test(an_unknown_route_or_method_is_told_as_discord_does),
	    cmocka_unit_test(what_was_written_before_a_failure_is_taken_back),
	    cmocka_unit_test(a_limit_tells_when_to_come_again),
	    cmocka_unit_test(a_password_route_is_not_served_by_the_main_pool),
	    cmocka_unit_test(a_parameter_that_comes_twice_spoils_the_request),
	    cmocka_unit_test(a_post_to_a_page_without_a_token_is_refused),
	    cmocka_unit_test(a_refused_form_is_shown_again_with_what_was_typed),
	    cmocka_unit_test(the_reason_of_a_change_is_decoded_and_bounded),
	    cmocka_unit_test(a_page_takes_the_reason_from_its_form_alone),
	    cmocka_unit_test(a_page_that_cannot_be_made_is_a_sentence),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
