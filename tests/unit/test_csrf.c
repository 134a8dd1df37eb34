/* Cross-site request forgery: tokens, and where a form may come from. */
#include "base/log.h"
#include "front/csrf.h"
#include "front/front.h"
#include "front/params.h"
#include "front/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct app app;

static int open_app(void **state)
{
	(void)state;
	log_open("test_csrf", LOG_ERROR + 1);
	secret_open();
	arena_init(&arena);
	app = (struct app){.kind = APP_WEB};
	secret_random(&app.secrets.csrf);
	assert_int_equal(origin_parse(STR("https://chat.example.org"), &app.public_origin), ERR_OK);
	return 0;
}

static int close_app(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void a_token_is_good_for_its_subject_and_key_alone(void **state)
{
	struct secret key, other;
	char token[CSRF_TOKEN_SIZE];

	(void)state;
	secret_random(&key);
	secret_random(&other);
	csrf_seal(&key, "session:1", token);
	assert_true(csrf_is_sealed(&key, "session:1", token));
	assert_false(csrf_is_sealed(&key, "session:12", token));
	assert_false(csrf_is_sealed(&key, "visitor:1", token));
	assert_false(csrf_is_sealed(&other, "session:1", token));
}

static void a_token_never_looks_the_same_twice(void **state)
{
	char one[CSRF_TOKEN_SIZE], two[CSRF_TOKEN_SIZE];
	size_t same = 0;

	(void)state;
	csrf_seal(&app.secrets.csrf, "session:1", one);
	csrf_seal(&app.secrets.csrf, "session:1", two);
	for (size_t i = 0; i < strlen(one); i++)
		same += one[i] == two[i];
	assert_true(same < 16); /* of 86, where chance alone gives one or two */
	assert_true(csrf_is_sealed(&app.secrets.csrf, "session:1", one));
	assert_true(csrf_is_sealed(&app.secrets.csrf, "session:1", two));
}

static void a_changed_or_malformed_token_is_refused(void **state)
{
	static const char *const cases[] = {"", "a", "=", "AAAA", "\xff", "not base64url!"};
	char token[CSRF_TOKEN_SIZE], longer[CSRF_TOKEN_SIZE + 8];

	(void)state;
	csrf_seal(&app.secrets.csrf, "session:1", token);
	for (size_t i = 0; i < strlen(token) - 1; i++) {
		char kept = token[i];

		token[i] = kept == 'A' ? 'B' : 'A';
		assert_false(csrf_is_sealed(&app.secrets.csrf, "session:1", token));
		token[i] = kept;
	}
	snprintf(longer, sizeof(longer), "%sAAAA", token);
	assert_false(csrf_is_sealed(&app.secrets.csrf, "session:1", longer));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_false(csrf_is_sealed(&app.secrets.csrf, "session:1", cases[i]));
}

static bool is_ours(const char *public_url, const char *origin, const char *fetch_site, const char *host)
{
	struct app one = {.kind = APP_WEB};

	assert_int_equal(origin_parse(str_from(public_url), &one.public_origin), ERR_OK);
	return csrf_origin_is_ours(&one, origin ? str_from(origin) : (struct str){NULL, 0}, str_from(fetch_site),
				   str_from(host));
}

static void a_form_comes_from_the_public_address(void **state)
{
	static const char url[] = "https://chat.example.org", host[] = "chat.example.org";

	(void)state;
	assert_true(is_ours(url, "https://chat.example.org", "same-origin", host));
	assert_true(is_ours(url, "https://chat.example.org", NULL, host));
	assert_true(is_ours(url, NULL, NULL, host));
	assert_true(is_ours(url, NULL, "none", host));
	assert_false(is_ours(url, "https://chat.example.org", "cross-site", host));
	assert_false(is_ours(url, NULL, "same-site", host));
	assert_false(is_ours(url, "https://evil.example", NULL, host));
	assert_false(is_ours(url, "https://evil.example", "same-origin", host));
	assert_false(
	    is_ours(url, "https://evil.example", NULL, "evil.example")); /* the Host header decides nothing here */
	assert_false(is_ours(url, "http://chat.example.org", NULL, host));
	assert_false(is_ours(url, "https://chat.example.org:8443", NULL, host));
	assert_false(is_ours(url, "https://chat.example.org.evil.example", NULL, host));
	assert_false(is_ours(url, "null", NULL, host));
	assert_false(is_ours(url, "", NULL, host));
}

static void on_this_machine_its_names_are_one_another_but_no_name_is_made_ours_by_dns(void **state)
{
	static const char url[] = "http://127.0.0.1:8080";

	(void)state;
	assert_true(is_ours(url, "http://127.0.0.1:8080", NULL, "127.0.0.1:8080"));
	assert_true(is_ours(url, "http://localhost:8080", NULL, "localhost:8080"));
	assert_true(is_ours(url, "http://[::1]:8080", NULL, "[::1]:8080"));
	assert_true(is_ours(url, "http://localhost:9000", NULL, "localhost:9000"));  /* through a tunnel */
	assert_false(is_ours(url, "http://localhost:3000", NULL, "localhost:8080")); /* another program's page */
	assert_false(is_ours(url, "http://rebound.example:8080", NULL, "rebound.example:8080"));
}

static void an_address_that_names_no_host_takes_the_one_that_was_asked_for(void **state)
{
	static const char url[] = "http://0.0.0.0:8080";

	(void)state;
	assert_true(is_ours(url, "http://chat.lan:8080", NULL, "chat.lan:8080"));
	assert_false(is_ours(url, "http://evil.example", NULL, "chat.lan:8080"));
	assert_false(is_ours(url, "http://chat.lan:8080", NULL, ""));
	assert_false(is_ours(url, "http://chat.lan:8080", NULL, "chat.lan:8080/x"));
}

/* A request of a visitor or session, with one form field csrf. */
static enum err check(const char *cookie, int64_t session_id, const char *token)
{
	struct params params = {.count = 1, .list = {{STR("HTTP_COOKIE"), str_from(cookie)}}};
	struct request request = {.app = &app, .arena = &arena, .params = &params, .session.id = session_id};

	if (token != NULL)
		request.form = (struct form){.count = 1, .fields = {{"csrf", token}}};
	return csrf_check(&request);
}

static void a_visitor_gets_a_cookie_that_its_token_is_bound_to(void **state)
{
	struct params params = {0};
	struct response response = {0};
	struct request request = {.app = &app, .arena = &arena, .params = &params};
	const char *token = csrf_token(&request, &response);
	const char *end;
	char *cookie;

	(void)state;
	assert_int_equal(response.header_count, 1);
	assert_string_equal(response.headers[0].name, "Set-Cookie");
	assert_non_null(strstr(response.headers[0].value, "; HttpOnly; SameSite=Lax"));
	end = strchr(response.headers[0].value, ';');
	cookie = arena_strndup(&arena, response.headers[0].value, (size_t)(end - response.headers[0].value));
	assert_ptr_equal(csrf_token(&request, &response), token); /* one token a page */
	assert_int_equal(response.header_count, 1);

	assert_int_equal(check(cookie, 0, token), ERR_OK);
	assert_int_equal(check("", 0, token), ERR_CSRF);
	assert_int_equal(check(cookie, 0, NULL), ERR_CSRF);
	assert_int_equal(check("snug_visitor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 0, token), ERR_CSRF);
	assert_int_equal(check(cookie, 77, token), ERR_CSRF); /* whoever has logged in needs a new one */
}

static void a_session_needs_no_cookie_more(void **state)
{
	struct params params = {0};
	struct response response = {0};
	struct request request = {.app = &app, .arena = &arena, .params = &params, .session.id = 77};
	const char *token = csrf_token(&request, &response);

	(void)state;
	assert_int_equal(response.header_count, 0);
	assert_int_equal(check("", 77, token), ERR_OK);
	assert_int_equal(check("", 78, token), ERR_CSRF);
	assert_int_equal(check("", 0, token), ERR_CSRF);
}

static void on_https_the_cookie_is_bound_to_the_host(void **state)
{
	struct app secure = app;
	struct params params = {0};
	struct response response = {0};
	struct request request = {.app = &secure, .arena = &arena, .params = &params};

	(void)state;
	secure.is_https = true;
	csrf_token(&request, &response);
	assert_int_equal(strncmp(response.headers[0].value, "__Host-snug_visitor=", 20), 0);
	assert_non_null(strstr(response.headers[0].value, "; Path=/; "));
	assert_non_null(strstr(response.headers[0].value, "; Secure"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_token_is_good_for_its_subject_and_key_alone),
	    cmocka_unit_test(a_token_never_looks_the_same_twice),
	    cmocka_unit_test(a_changed_or_malformed_token_is_refused),
	    cmocka_unit_test(a_form_comes_from_the_public_address),
	    cmocka_unit_test(on_this_machine_its_names_are_one_another_but_no_name_is_made_ours_by_dns),
	    cmocka_unit_test(an_address_that_names_no_host_takes_the_one_that_was_asked_for),
	    cmocka_unit_test(a_visitor_gets_a_cookie_that_its_token_is_bound_to),
	    cmocka_unit_test(a_session_needs_no_cookie_more),
	    cmocka_unit_test(on_https_the_cookie_is_bound_to_the_host),
	};

	return cmocka_run_group_tests(tests, open_app, close_app);
}
