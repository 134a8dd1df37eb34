/* The pages, through the whole pipeline and on a real database: what they show to whom, in strict mode, so that a value
 * which a template names and a page forgets is found. What changes data is tested over http. */
#include "base/log.h"
#include "domain/perm.h"
#include "front/fcgi.h"
#include "front/front.h"
#include "ops_fixture.h"
#include "page/page.h"
#include "page/routes.h"
#include "tmpl/tmpl.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MESSAGES = 120 };

static const char ada_cookie[] = "snug_session=ada-ada-ada-ada-ada-ada-ada-ada-ada-ada-ad";
static const char eve_cookie[] = "snug_session=eve-eve-eve-eve-eve-eve-eve-eve-eve-eve-ev";

static struct ops ops;
static struct app app;
static struct arena arena;
static struct buf body, text;
static struct tmpl_set *templates;
static char top[PATH_MAX];
static int64_t messages[MESSAGES];

/* Sends one request and returns the reply as it goes out. cookie, accept and content may be NULL. */
static const char *ask_as(const char *cookie, const char *accept, const char *method, const char *uri,
			  const char *content)
{
	static struct params params;
	char *environment[] = {arena_printf(&arena, "REQUEST_METHOD=%s", method),
			       arena_printf(&arena, "REQUEST_URI=%s", uri),
			       arena_printf(&arena, "HTTP_COOKIE=%s", cookie ? cookie : ""),
			       arena_printf(&arena, "HTTP_ACCEPT=%s", accept ? accept : "text/html"), NULL};
	struct front_arrival arrival = {.params = &params, .body = str_from(content), .error = ERR_OK};
	struct response response = {.body = &body};

	arrival.error = params_read(environment, &params);
	buf_clear(&body);
	buf_clear(&text);
	front_answer(&app, &arena, &arrival, &response);
	fcgi_write_reply(&text, &response, false);
	return text.p;
}

static const char *ask(const char *cookie, const char *uri)
{
	return ask_as(cookie, NULL, "GET", uri, NULL);
}

static const char *room(const char *query)
{
	return arena_printf(&arena, "/channels/%lld/%lld%s", (long long)ops.guild_id, (long long)ops.general_id, query);
}

static void assert_status(const char *reply, int status)
{
	char expected[32];

	snprintf(expected, sizeof(expected), "Status: %d\r\n", status);
	if (strncmp(reply, expected, strlen(expected)) != 0)
		fail_msg("expected %d: %.2000s", status, reply);
}

static void assert_leads_to(const char *reply, const char *location)
{
	assert_status(reply, 303);
	if (!strstr(reply, arena_printf(&arena, "Location: %s\r\n", location)))
		fail_msg("expected %s: %s", location, reply);
}

static void assert_holds(const char *reply, const char *part)
{
	if (!strstr(reply, part))
		fail_msg("expected \"%s\": %s", part, reply);
}

static void assert_lacks(const char *reply, const char *part)
{
	if (strstr(reply, part))
		fail_msg("did not expect \"%s\": %s", part, reply);
}

static const char *article(int64_t id)
{
	return arena_printf(&arena, "<article class=\"message\" id=\"m-%lld\"", (long long)id);
}

/* The ids of the messages on a page, in its order; returns how many. */
static int read_ids(const char *reply, int64_t *ids, int most)
{
	static const char mark[] = "<article class=\"message\" id=\"m-";
	int count = 0;

	reply = strstr(reply, "<div id=\"list\">");
	const char *end = strstr(reply, "<div id=\"below\">");
	assert_non_null(end);
	while ((reply = strstr(reply, mark)) && reply < end) {
		assert_true(count < most);
		reply += strlen(mark);
		ids[count++] = strtoll(reply, NULL, 10);
	}
	return count;
}

/* The value between two marks, in the arena; fails the test when it is not there. */
static const char *between(const char *reply, const char *before, const char *after)
{
	const char *from = strstr(reply, before);
	assert_non_null(from);
	from += strlen(before);
	const char *to = strstr(from, after);
	assert_non_null(to);
	return arena_strndup(&arena, from, (size_t)(to - from));
}

static void open_cookie(const struct person *who, const char *cookie)
{
	unsigned char digest[DIGEST_BYTES];
	char digest_text[SECRET_TEXT_SIZE];
	const char *secret = strchr(cookie, '=') + 1;

	secret_digest(secret, strlen(secret), digest);
	(void)base64url_encode(digest, sizeof(digest), digest_text);
	assert_op(&ops, who, "session_create",
		  json_pack("{s:I, s:s, s:s, s:s}", "user_id", (json_int_t)who->id, "password_hash",
			    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA", "session_kind", "cookie", "session_digest",
			    digest_text),
		  ERR_OK);
}

static void open_app(void)
{
	app = (struct app){.kind = APP_WEB,
			   .public_url = "http://127.0.0.1:8080",
			   .static_path = "/static/v1",
			   .routes = page_routes,
			   .route_count = page_route_count,
			   .error_page = page_error,
			   .templates = templates};
	config_init(&app.config);
	app.store.fd = -1;
	assert_int_equal(origin_parse(STR("http://127.0.0.1:8080"), &app.public_origin), ERR_OK);
	assert_int_equal(chdir(ops.folder), 0);
}

static void close_app(void)
{
	sql_close(app.db);
	app.db = NULL;
	config_free(&app.config);
	assert_int_equal(chdir(top), 0);
}

static int open_nothing(void **state)
{
	(void)state;
	ops_open(&ops);
	open_app();
	return 0;
}

static int open_workspace(void **state)
{
	(void)state;
	ops_setup(&ops);
	struct person bob = ops_join(&ops, "bob");
	ops.is_quick = true;
	open_cookie(&ops.ada, ada_cookie);
	for (int i = 0; i < MESSAGES; i++)
		messages[i] = ops_message(&ops, i % 3 == 0 ? &bob : &ops.ada, ops.general_id,
					  arena_printf(&arena, "<b>message %d</b>", i));
	open_app();
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	close_app();
	ops_close(&ops);
	arena_reset(&arena);
	return 0;
}

static void test_an_empty_server_leads_to_set_up(void **state)
{
	(void)state;
	assert_leads_to(ask(NULL, "/"), "/setup");
	assert_leads_to(ask(NULL, "/login"), "/setup");
	assert_leads_to(ask(NULL, "/signup"), "/setup");
	const char *reply = ask(NULL, "/setup");
	assert_status(reply, 200);
	assert_lacks(reply, "name=\"setup_code\"");
	snprintf(app.secrets.setup_code, sizeof(app.secrets.setup_code), "secret");
	reply = ask(NULL, "/setup?code=%22%3E%3Cb%3E");
	assert_holds(reply, "name=\"setup_code\" value=\"&quot;&gt;&lt;b&gt;\"");
	assert_holds(reply, "action=\"/setup?code=%22%3E%3Cb%3E\"");
}

static void test_visitors_are_led_to_log_in(void **state)
{
	(void)state;
	assert_leads_to(ask(NULL, "/"), "/login");
	assert_leads_to(ask(NULL, "/setup"), "/");
	assert_leads_to(ask(NULL, arena_printf(&arena, "/guilds/%lld/invites", (long long)ops.guild_id)),
			arena_printf(&arena, "/login?next=%%2Fguilds%%2F%lld%%2Finvites", (long long)ops.guild_id));
	const char *reply = ask(NULL, "/login?next=%2Fguilds%2F1");
	assert_status(reply, 200);
	assert_holds(reply, "name=\"next\" value=\"/guilds/1\"");
	assert_lacks(ask(NULL, "/signup"), "<form");
	assert_leads_to(ask(ada_cookie, "/login?next=%2Fguilds%2F1"), "/guilds/1");
	assert_leads_to(ask(ada_cookie, "/login?next=%2F%2Fevil.example"), "/");
}

static void test_the_room_shows_the_latest_messages(void **state)
{
	(void)state;
	int64_t ids[100];
	assert_leads_to(ask(ada_cookie, "/"), room(""));
	assert_leads_to(ask(ada_cookie, arena_printf(&arena, "/guilds/%lld", (long long)ops.guild_id)), room(""));
	const char *reply = ask(ada_cookie, room(""));
	assert_status(reply, 200);
	assert_holds(reply, "Cache-Control: no-store\r\n");
	assert_int_equal(read_ids(reply, ids, 100), 50);
	assert_memory_equal(ids, messages + MESSAGES - 50, sizeof(*ids) * 50);
	assert_holds(reply, arena_printf(&arena, "data-seq=\"%lld\"", (long long)ops.engine.last_seq));
	assert_holds(reply, arena_printf(&arena, "?before=%lld\"", (long long)messages[MESSAGES - 50]));
	assert_holds(reply, " data-latest=\"\"");
	assert_lacks(reply, "?after=");
	assert_lacks(reply, "<b>message");
	assert_holds(reply, "&lt;b&gt;message 119&lt;/b&gt;");
	assert_holds(reply, "data-author=\"");
}

static void test_my_messages_are_marked_and_runs_have_one_head(void **state)
{
	(void)state;
	const char *reply = ask(ada_cookie, room(""));
	for (int i = MESSAGES - 49; i < MESSAGES; i++) {
		const char *tag = between(reply, article(messages[i]), ">");
		assert_int_equal(strstr(tag, "data-mine") != NULL, i % 3 != 0);
		/* bob, ada, ada, bob … within a moment: only ada's second goes on with a run. */
		assert_int_equal(strstr(tag, "data-continued") != NULL, i % 3 == 2);
	}
}

static void test_the_links_walk_through_all_of_the_history(void **state)
{
	(void)state;
	int64_t ids[100], seen[MESSAGES];
	int count, first = MESSAGES;
	const char *query = "";
	for (;;) {
		const char *reply = ask(ada_cookie, room(query));
		count = read_ids(reply, ids, 100);
		assert_true(count > 0 && count <= first);
		first -= count;
		memcpy(seen + first, ids, sizeof(*ids) * (size_t)count);
		assert_int_equal(strstr(reply, " data-latest=\"\"") != NULL, first + count == MESSAGES);
		if (!strstr(reply, "?before="))
			break;
		query = arena_printf(&arena, "?before=%s", between(reply, "?before=", "\""));
	}
	assert_int_equal(first, 0);
	assert_memory_equal(seen, messages, sizeof(seen));
	assert_holds(text.p, "This is where the channel begins.");

	/* And back to the present. */
	for (first = count; strstr(text.p, "?after="); first += count) {
		query = arena_printf(&arena, "?after=%s", between(text.p, "?after=", "#"));
		count = read_ids(ask(ada_cookie, room(query)), ids, 100);
		assert_true(count > 0);
		assert_memory_equal(ids, messages + first, sizeof(*ids) * (size_t)count);
	}
	assert_int_equal(first, MESSAGES);
	assert_holds(text.p, " data-latest=\"\"");
}

static void test_a_page_around_a_message(void **state)
{
	(void)state;
	static const int anchors[] = {0, 10, 24, 25, 60, MESSAGES - 26, MESSAGES - 25, MESSAGES - 1};
	for (size_t i = 0; i < sizeof(anchors) / sizeof(anchors[0]); i++) {
		int64_t ids[100];
		const char *reply =
		    ask(ada_cookie, room(arena_printf(&arena, "?around=%lld", (long long)messages[anchors[i]])));
		int count = read_ids(reply, ids, 100);
		assert_holds(reply, article(messages[anchors[i]]));
		assert_int_equal(strstr(reply, "?before=") != NULL, ids[0] != messages[0]);
		assert_int_equal(strstr(reply, "?after=") != NULL, ids[count - 1] != messages[MESSAGES - 1]);
	}
	assert_status(ask(ada_cookie, room("?around=abc")), 404);
	assert_status(ask(ada_cookie, room("?before=0")), 404);
}

static void test_what_one_may_not_see_does_not_exist(void **state)
{
	(void)state;
	json_t *in = ops_register_input(&ops, "eve");
	config_free(&ops.config);
	config_init(&ops.config);
	const char *why;
	assert_int_equal(config_set(&ops.config, CONFIG_REGISTRATION, "open", &why), ERR_OK);
	assert_op(&ops, NULL, "user_register", in, ERR_OK);
	struct person eve = {.id = ops_result_id(&ops, "user", "id"), .role = OP_ROLE_API};
	open_cookie(&eve, eve_cookie);
	static const char *const pages[] = {"", "?around=1", "/messages/1/edit", "/messages/1/delete"};
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		const char *reply = ask(eve_cookie, room(pages[i]));
		assert_status(reply, 404);
		assert_lacks(reply, "Engine Room");
	}
	assert_status(ask(eve_cookie, arena_printf(&arena, "/guilds/%lld/invites", (long long)ops.guild_id)), 404);
	assert_holds(ask(eve_cookie, "/"), "There is no channel for you yet");
	/* A channel of one workspace under the address of another. */
	assert_status(ask(ada_cookie, arena_printf(&arena, "/channels/1/%lld", (long long)ops.general_id)), 404);
}

static void test_only_the_author_edits(void **state)
{
	(void)state;
	const char *mine = arena_printf(&arena, "/messages/%lld", (long long)messages[1]);
	const char *other = arena_printf(&arena, "/messages/%lld", (long long)messages[0]);
	const char *reply = ask(ada_cookie, arena_printf(&arena, "%s%s/edit", room(""), mine));
	assert_status(reply, 200);
	assert_holds(reply, "&lt;b&gt;message 1&lt;/b&gt;</textarea>");
	assert_status(ask(ada_cookie, arena_printf(&arena, "%s%s/edit", room(""), other)), 403);
	assert_status(ask(ada_cookie, arena_printf(&arena, "%s%s/delete", room(""), mine)), 200);
	/* ada owns the workspace, so she moderates. */
	assert_status(ask(ada_cookie, arena_printf(&arena, "%s%s/delete", room(""), other)), 200);
	assert_status(ask(ada_cookie, room("/messages/1/edit")), 404);
}

static void test_a_refused_message_is_shown_again(void **state)
{
	(void)state;
	const char *csrf = between(ask(ada_cookie, room("")), "name=\"csrf\" value=\"", "\"");
	const char *form =
	    arena_printf(&arena, "csrf=%s&nonce=1&content=%%3Ci%%3E%s", csrf, ops_repeat(&ops, "y", 4000));
	const char *reply = ask_as(ada_cookie, NULL, "POST", room("/messages"), form);
	assert_status(reply, 400);
	assert_holds(reply, "&lt;i&gt;yyy");
	assert_holds(reply, "id=\"content-error\"");
	assert_holds(reply, "id=\"list\"");
	reply = ask_as(ada_cookie, "text/vnd.snug.fragment+html", "POST", room("/messages"), form);
	assert_status(reply, 400);
	assert_holds(reply, "id=\"problem\">Must be");
	assert_lacks(reply, "id=\"list\"");
	/* Without the token nothing is even read. */
	assert_status(ask_as(ada_cookie, NULL, "POST", room("/messages"), "content=x"), 403);
	assert_leads_to(ask(ada_cookie, room("/messages")), room(""));
}

static void test_invites_show_what_they_lead_to(void **state)
{
	(void)state;
	const char *code = ops_invite(&ops, &ops.ada, 1);
	const char *reply = ask(NULL, arena_printf(&arena, "/invite/%s", code));
	assert_status(reply, 200);
	assert_holds(reply, "Engine Room");
	assert_holds(reply, arena_printf(&arena, "/signup?invite=%s", code));
	assert_holds(ask(ada_cookie, arena_printf(&arena, "/invite/%s", code)), "You are a member already");
	reply = ask(NULL, arena_printf(&arena, "/signup?invite=%s", code));
	assert_holds(reply, "Engine Room");
	assert_holds(reply, "name=\"username\"");
	reply = ask(NULL, "/invite/none");
	assert_status(reply, 404);
	assert_holds(reply, "This invitation does not work");
	assert_lacks(ask(NULL, "/signup?invite=none"), "name=\"username\"");
	reply = ask(ada_cookie, arena_printf(&arena, "/guilds/%lld/invites", (long long)ops.guild_id));
	assert_holds(reply, arena_printf(&arena, "value=\"http://127.0.0.1:8080/invite/%s\"", code));
	assert_holds(reply, "used 0 of 1");
	assert_holds(reply, ">#general</option>");
	assert_leads_to(ask(ada_cookie, "/join?invite=http%3A%2F%2Fx%2Finvite%2FaBc9"), "/invite/aBc9");
	assert_status(ask(NULL, "/join?invite=a%22b"), 404);
	assert_status(ask(ada_cookie, arena_printf(&arena, "/guilds/%lld/channels/new", (long long)ops.guild_id)), 200);
}

static const char *guild_page(const char *cookie, const char *page)
{
	return ask(cookie, arena_printf(&arena, "/guilds/%lld/%s", (long long)ops.guild_id, page));
}

static void test_the_owner_sets_the_workspace_up(void **state)
{
	(void)state;
	const char *reply = guild_page(ada_cookie, "settings");
	assert_status(reply, 200);
	assert_holds(reply, "id=\"name\" name=\"name\" value=\"Engine Room\"");
	assert_holds(reply, "First steps");
	assert_holds(reply, arena_printf(&arena, "/guilds/%lld/delete", (long long)ops.guild_id));
	assert_status(ask(ada_cookie, "/guilds/new"), 200);
	assert_leads_to(ask(NULL, "/guilds/new"), "/login?next=%2Fguilds%2Fnew");
	assert_holds(guild_page(ada_cookie, "transfer"), "User name of the new owner");
	assert_holds(guild_page(ada_cookie, "delete"), "for all members (2)");
	assert_holds(guild_page(ada_cookie, "leave"), "You own this workspace, so you cannot leave it.");

	ops_sql(&ops, "UPDATE guilds SET owner_id = (SELECT id FROM users WHERE username = 'bob')");
	assert_status(guild_page(ada_cookie, "settings"), 403);
	assert_status(guild_page(ada_cookie, "transfer"), 403);
	assert_status(guild_page(ada_cookie, "delete"), 403);
	assert_holds(guild_page(ada_cookie, "leave"), ">Leave</button>");
	ops_grant(&ops, &ops.ada, PERM_MANAGE_GUILD);
	reply = guild_page(ada_cookie, "settings");
	assert_status(reply, 200);
	assert_lacks(reply, "First steps");
	assert_lacks(reply, "/transfer\"");
}

static const char *channel_page(int64_t channel_id, const char *tail)
{
	return arena_printf(&arena, "/channels/%lld/%lld%s", (long long)ops.guild_id, (long long)channel_id, tail);
}

static int64_t make_channel(const char *name, int type)
{
	assert_op(&ops, &ops.ada, "channel_create",
		  json_pack("{s:I, s:s, s:i}", "guild_id", (json_int_t)ops.guild_id, "name", name, "type", type),
		  ERR_OK);
	return ops_result_id(&ops, "channel", "id");
}

static void test_a_composer_stands_where_a_post_would_be_taken(void **state)
{
	(void)state;
	int64_t category = make_channel("Projects", 4), attic = make_channel("attic", 0);
	assert_holds(ask(ada_cookie, channel_page(attic, "")), "id=\"composer\"");
	assert_op(&ops, &ops.ada, "channel_update",
		  json_pack("{s:I, s:b}", "channel_id", (json_int_t)attic, "archived", 1), ERR_OK);
	const char *reply = ask(ada_cookie, channel_page(attic, ""));
	assert_holds(reply, "This channel is archived.");
	assert_lacks(reply, "id=\"composer\"");
	/* A category has no conversation. */
	assert_leads_to(ask(ada_cookie, channel_page(category, "")),
			arena_printf(&arena, "/guilds/%lld", (long long)ops.guild_id));
	assert_status(ask(ada_cookie, channel_page(category, "/sidebar")), 404);
	assert_status(ask(ada_cookie, channel_page(category, "/settings")), 200);
	assert_status(ask(ada_cookie, channel_page(category, "/members")), 404);
	/* What is fetched when something changed is the same as what the page began with. */
	reply = ask(ada_cookie, channel_page(attic, "/sidebar"));
	assert_holds(reply, "This channel is archived.");
	assert_holds(reply, "id=\"sidebar\"");
	assert_lacks(reply, "id=\"list\"");
}

static void test_direct_messages_have_an_address_of_their_own(void **state)
{
	(void)state;
	struct person dan = ops_join(&ops, "dan");
	assert_op(&ops, &ops.ada, "direct_create", json_pack("{s:I}", "recipient_id", (json_int_t)dan.id), ERR_OK);
	int64_t direct = ops_result_id(&ops, "channel", "id");
	const char *path = arena_printf(&arena, "/channels/@me/%lld", (long long)direct);
	const char *reply = ask(ada_cookie, path);
	assert_status(reply, 200);
	assert_holds(reply, "data-place=\"@me\"");
	assert_holds(reply, arena_printf(&arena, "action=\"%s/messages\"", path));
	assert_holds(reply, "Engine Room");
	assert_status(ask(ada_cookie, arena_printf(&arena, "%s/settings", path)), 200);
	assert_status(ask(ada_cookie, arena_printf(&arena, "%s/members", path)), 200);
	/* Neither kind is had under the address of the other. */
	assert_status(ask(ada_cookie, channel_page(direct, "")), 404);
	assert_status(ask(ada_cookie, arena_printf(&arena, "/channels/@me/%lld", (long long)ops.general_id)), 404);
}

static void test_the_notice_of_what_was_done_says_only_what_is_ours(void **state)
{
	(void)state;
	const char *page = channel_page(ops.general_id, "/settings");
	assert_holds(ask(ada_cookie, arena_printf(&arena, "%s?done=saved", page)), "role=\"status\">Saved.</p>");
	assert_lacks(ask(ada_cookie, arena_printf(&arena, "%s?done=%%3Cb%%3Ehacked", page)), "hacked");
	assert_lacks(ask(ada_cookie, page), "class=\"notice\"");
}

static void test_the_navigation_shows_what_one_may_use(void **state)
{
	(void)state;
	struct person fay = ops_join(&ops, "fay");
	static const char fay_cookie[] = "snug_session=fay-fay-fay-fay-fay-fay-fay-fay-fay-fay-fa";
	open_cookie(&fay, fay_cookie);
	const char *page = arena_printf(&arena, "/guilds/%lld/channels", (long long)ops.guild_id);
	static const char *const managed[] = {"/roles\"", "/bans\"", "/bots\"", "/audit\"", "/admin/users\""};
	for (size_t i = 0; i < sizeof(managed) / sizeof(managed[0]); i++) {
		assert_holds(ask(ada_cookie, page), managed[i]);
		assert_lacks(ask(fay_cookie, page), managed[i]);
	}
	assert_holds(ask(fay_cookie, page), "/leave\"");
	assert_lacks(ask(ada_cookie, page), arena_printf(&arena, "/guilds/%lld/leave\"", (long long)ops.guild_id));
	assert_lacks(ask(fay_cookie, page), "/channels/new\"");
}

static void test_where_to_go_after_logging_in_stays_on_this_site(void **state)
{
	(void)state;
	static const char *const good[] = {"/", "/channels/1/2", "/invite/abc?x=//y"};
	static const char *const bad[] = {"",
					  "x",
					  "//evil.example",
					  "/\\evil.example",
					  "/\t/evil.example",
					  "/a b",
					  "https://evil.example",
					  "/a\r\nSet-Cookie: x",
					  "/\xc3\xa9"};
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_string_equal(page_next_path(good[i]), good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_string_equal(page_next_path(bad[i]), "/");
	assert_string_equal(page_next_path(NULL), "/");
}

static void test_an_error_is_a_page(void **state)
{
	(void)state;
	const char *reply = ask(NULL, "/nothing/here");
	assert_status(reply, 404);
	assert_holds(reply, "<h1 id=\"problem\">Not Found</h1>");
	reply = ask_as(NULL, NULL, "DELETE", "/login", NULL);
	assert_status(reply, 405);
	assert_holds(reply, "Allow: GET, HEAD, POST\r\n");
}

static int open_templates(void **state)
{
	(void)state;
	log_open("test_page", LOG_ERROR + 1); /* errors are what is tested here */
	secret_open();
	arena_init(&arena);
	buf_init(&body);
	buf_init(&text);
	if (!getcwd(top, sizeof(top) - 16))
		return 1;
	char path[PATH_MAX + 16];
	snprintf(path, sizeof(path), "%s/templates", top);
	if (tmpl_set_open(path, &templates) != ERR_OK)
		return 1;
	tmpl_set_be_strict(templates);
	return 0;
}

static int close_templates(void **state)
{
	(void)state;
	tmpl_set_close(templates);
	buf_free(&body);
	buf_free(&text);
	arena_free(&arena);
	return 0;
}

#define IN_WORKSPACE(test) cmocka_unit_test_setup_teardown(test, open_workspace, close_all)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_an_empty_server_leads_to_set_up, open_nothing, close_all),
	    IN_WORKSPACE(test_visitors_are_led_to_log_in),
	    IN_WORKSPACE(test_the_room_shows_the_latest_messages),
	    IN_WORKSPACE(test_my_messages_are_marked_and_runs_have_one_head),
	    IN_WORKSPACE(test_the_links_walk_through_all_of_the_history),
	    IN_WORKSPACE(test_a_page_around_a_message),
	    IN_WORKSPACE(test_what_one_may_not_see_does_not_exist),
	    IN_WORKSPACE(test_only_the_author_edits),
	    IN_WORKSPACE(test_a_refused_message_is_shown_again),
	    IN_WORKSPACE(test_invites_show_what_they_lead_to),
	    IN_WORKSPACE(test_the_owner_sets_the_workspace_up),
	    IN_WORKSPACE(test_an_error_is_a_page),
	    IN_WORKSPACE(test_a_composer_stands_where_a_post_would_be_taken),
	    IN_WORKSPACE(test_direct_messages_have_an_address_of_their_own),
	    IN_WORKSPACE(test_the_notice_of_what_was_done_says_only_what_is_ours),
	    IN_WORKSPACE(test_the_navigation_shows_what_one_may_use),
	    cmocka_unit_test(test_where_to_go_after_logging_in_stays_on_this_site),
	};
	return cmocka_run_group_tests(tests, open_templates, close_templates);
}
