/* snug-live's dealings with connections: what it accepts, whom it drops, how it ends. */
#include "live_fixture.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#define SSE "text/event-stream"

static int open_rig(void **state)
{
	static struct rig rig;
	rig_open(&rig);
	*state = &rig;
	return 0;
}

static int close_rig(void **state)
{
	rig_close(*state);
	return 0;
}

static struct client request(struct rig *rig, const char *text)
{
	struct client client = client_connect(rig, text, strlen(text));
	client_read(rig, &client);
	return client;
}

static const char *with_token(struct rig *rig, const char *line)
{
	return arena_printf(&rig->ops.arena, "%s\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", line, rig->ada_token);
}

static void a_bad_request_gets_a_whole_json_error_and_an_end(void **state)
{
	struct rig *rig = *state;
	const struct {
		const char *text;
		int status;
	} rows[] = {
	    {"\x16\x03\x01\x02", 0}, /* no line yet: it is waited for */
	    {"GET / HTTP/1.1\nHost: x\n\n", 400},
	    {"GET /live HTTP/2.0\r\nHost: x\r\n\r\n", 400},
	    {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 404},
	    {"GET /api/events HTTP/1.1\r\nHost: x\r\n\r\n", 401},
	    {"GET /api/ HTTP/1.1\r\nHost: x\r\n\r\n", 404},
	    {"GET /api/v2/events HTTP/1.1\r\nHost: x\r\n\r\n", 404},
	    {"GET /api/v1/events/ HTTP/1.1\r\nHost: x\r\n\r\n", 404},
	    {"POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", 405},
	    {"OPTIONS /live HTTP/1.1\r\nHost: x\r\n\r\n", 405},
	    {"GET /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n", 401},
	    {"GET /api/v1/events?access_token=x HTTP/1.1\r\nHost: x\r\n\r\n", 401},
	    {"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Basic x\r\n\r\n", 401},
	    {"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n\r\n", 401},
	    {"GET /live?channel=1 HTTP/1.1\r\nHost: x\r\n\r\n", 401},
	    {"GET /live?channel=1 HTTP/1.1\r\nHost: x\r\nCookie: snug_session=x\r\n\r\n", 401},
	    {"GET /live?channel=1 HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n\r\n", 403},
	    {"GET /live?channel=1 HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: cross-site\r\n\r\n", 403},
	    {with_token(rig, "GET /live?channel=1 HTTP/1.1"), 401}, /* a page has a cookie */
	    {with_token(rig, "GET /api/v1/events?after=x HTTP/1.1"), 400},
	    {with_token(rig, "GET /api/v1/events?channel=1 HTTP/1.1"), 404},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct client client = request(rig, rows[i].text);
		if (client_status(&client) != rows[i].status)
			fail_msg("%s: %d", rows[i].text, client_status(&client));
		assert_int_equal(client.is_closed, rows[i].status != 0);
		if (rows[i].status != 0) {
			const char *body = strstr(client.got.p, "\r\n\r\n") + 4;
			json_t *error;
			assert_int_equal(json_parse(&rig->ops.arena, body, strlen(body), &error), ERR_OK);
			assert_non_null(json_text(error, "message"));
			assert_true(client_has(&client,
					       arena_printf(&rig->ops.arena, "Content-Length: %zu\r\n", strlen(body))));
			assert_true(client_has(&client, "Content-Type: application/json\r\n"));
		}
		client_close(&client);
	}
}

static void a_head_may_arrive_byte_by_byte(void **state)
{
	struct rig *rig = *state;
	const char *head = with_token(rig, "GET /api/v1/events?timeout=0 HTTP/1.1");
	struct client client = client_connect(rig, head, 1);
	for (size_t i = 1; i < strlen(head); i++) {
		rig_settle(rig);
		assert_int_equal(send(client.fd, head + i, 1, MSG_NOSIGNAL), 1);
	}
	client_read(rig, &client);
	assert_int_equal(client_status(&client), 200);
	client_close(&client);
}

static void a_head_without_end_is_cut_by_size_and_by_time(void **state)
{
	struct rig *rig = *state;
	static char filler[4096];
	memset(filler, 'a', sizeof(filler));
	struct client client = request(rig, "GET / HTTP/1.1\r\nX: ");
	for (int i = 0; i < 5; i++) {
		assert_false(client.is_closed);
		(void)send(client.fd, filler, sizeof(filler), MSG_NOSIGNAL);
		rig_settle(rig);
	}
	client_read(rig, &client);
	assert_int_equal(client_status(&client), 431);
	client_close(&client);
	client = request(rig, "GET /li");
	rig_wait(rig, CONNECTION_HEAD_MS / 2); /* and some time passes by itself */
	client_read(rig, &client);
	assert_false(client.is_closed);
	rig_wait(rig, CONNECTION_HEAD_MS / 2 + 200);
	client_read(rig, &client);
	assert_true(client.is_closed);
	client_close(&client);
	assert_int_equal(rig->live->connection_count, 0);
}

static void a_body_that_nobody_reads_is_bounded(void **state)
{
	struct rig *rig = *state;
	static char filler[16 * 1024];
	struct client client = request(rig, "POST /live HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n");
	assert_int_equal(client_status(&client), 405);
	assert_int_equal(rig->live->connection_count, 1); /* it lingers, so that the reply is not lost */
	for (int i = 0; i < 10 && rig->live->connection_count > 0; i++) {
		(void)send(client.fd, filler, sizeof(filler), MSG_NOSIGNAL);
		rig_settle(rig);
	}
	assert_int_equal(rig->live->connection_count, 0);
	client_close(&client);
	client = request(rig, "POST /live HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n");
	rig_wait(rig, CONNECTION_LINGER_MS + 200);
	assert_int_equal(rig->live->connection_count, 0);
	client_close(&client);
}

static void head_gets_the_head_alone_and_http_1_0_no_chunks(void **state)
{
	struct rig *rig = *state;
	struct client client = request(rig, with_token(rig, "HEAD /api/v1/events?timeout=9 HTTP/1.1"));
	assert_int_equal(client_status(&client), 200);
	assert_true(client.is_closed);
	assert_string_equal(strstr(client.got.p, "\r\n\r\n"), "\r\n\r\n");
	client_close(&client);
	client = request(rig, "HEAD /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_int_equal(client_status(&client), 404);
	assert_string_equal(strstr(client.got.p, "\r\n\r\n"), "\r\n\r\n");
	client_close(&client);
	client = request(rig, with_token(rig, "GET /api/v1/events?timeout=0 HTTP/1.0"));
	assert_false(client_has(&client, "chunked"));
	assert_true(client_has(&client, "\r\n\r\n{\"events\":[],\"next\":"));
	assert_true(client.is_closed);
	client_close(&client);
}

static void a_client_that_goes_away_leaves_nothing_behind(void **state)
{
	struct rig *rig = *state;
	struct client stream = client_follow(rig, "/api/v1/events", rig->ada_token, SSE);
	struct client poll = client_follow(rig, "/api/v1/events?timeout=60", rig->ada_token, NULL);
	struct client half = client_follow(rig, "/api/v1/events", rig->ada_token, SSE);
	assert_int_equal(rig->live->connection_count, 3);
	client_close(&stream);
	client_close(&poll);
	assert_int_equal(shutdown(half.fd, SHUT_WR), 0); /* as lighttpd passes it on */
	rig_settle(rig);
	assert_int_equal(rig->live->connection_count, 0);
	assert_true(list_is_empty(&rig->live->subscribers));
	assert_int_equal(rig->live->viewers.by_user.count, 0);
	assert_int_equal(rig->live->loop.timers.count, 1); /* the bell's, which finds no store here */
	client_close(&half);
}

static void a_client_that_takes_nothing_for_half_a_minute_is_dropped_and_may_resume(void **state)
{
	struct rig *rig = *state;
	const char *text = ops_repeat(&rig->ops, "x", 4000);
	struct client stalled = client_follow(rig, "/api/v1/events", rig->ada_token, SSE);
	for (int i = 0; i < 60; i++)
		(void)ops_message(&rig->ops, &rig->ops.ada, rig->ops.general_id, text);
	rig_settle(rig);
	rig_wait(rig, CONNECTION_STALL_MS * 2 / 3);
	assert_int_equal(rig->live->connection_count, 1);
	const struct outbox *outbox = &LIST_OWNER(rig->live->connections.next, struct connection, node)->outbox;
	for (size_t before = outbox->bytes; outbox->bytes == before;)
		client_read_some(rig, &stalled, 16384); /* progress: its time starts anew */
	rig_wait(rig, CONNECTION_STALL_MS * 2 / 3);
	assert_int_equal(rig->live->connection_count, 1);
	rig_wait(rig, CONNECTION_STALL_MS / 3 + 200);
	assert_int_equal(rig->live->connection_count, 0);
	client_read(rig, &stalled);
	assert_true(stalled.is_closed);
	int count, rest;
	int64_t *seqs = client_seqs(rig, &stalled, &count);
	assert_true(count > 0 && count < 60);
	const char *path = arena_printf(&rig->ops.arena, "/api/v1/events?after=%lld", (long long)seqs[count - 1]);
	client_close(&stalled);
	struct client resumed = client_follow(rig, path, rig->ada_token, SSE);
	(void)client_seqs(rig, &resumed, &rest);
	assert_int_equal(count + rest, 60);
	client_close(&resumed);
}

static void one_account_has_a_share_and_not_all(void **state)
{
	struct rig *rig = *state;
	static struct client clients[SUBSCRIBERS_PER_USER_MAX];
	struct person bob = ops_join(&rig->ops, "bob");
	for (int i = 0; i < SUBSCRIBERS_PER_USER_MAX; i++) {
		clients[i] = client_follow(rig, "/api/v1/events", rig->ada_token, SSE);
		assert_int_equal(client_status(&clients[i]), 200);
	}
	struct client refused = client_follow(rig, "/api/v1/events", rig->ada_token, SSE);
	assert_int_equal(client_status(&refused), 429);
	assert_true(client_has(&refused, "\r\nRetry-After: "));
	struct client other = client_follow(rig, "/api/v1/events", rig_token(rig, &bob, NULL), SSE);
	assert_int_equal(client_status(&other), 200);
	client_close(&refused);
	client_close(&clients[0]);
	refused = client_follow(rig, "/api/v1/events", rig->ada_token, SSE);
	assert_int_equal(client_status(&refused), 200);
	client_close(&refused);
	client_close(&other);
	for (int i = 1; i < SUBSCRIBERS_PER_USER_MAX; i++)
		client_close(&clients[i]);
}

static void beyond_the_limit_one_is_told_to_come_back(void **state)
{
	struct rig *rig = *state;
	rig->live->listener.limit = 1;
	struct client first = client_follow(rig, "/api/v1/events", rig->ada_token, SSE);
	struct client second = client_follow(rig, "/api/v1/events", rig->ada_token, SSE);
	assert_int_equal(client_status(&first), 200);
	assert_int_equal(client_status(&second), 503);
	assert_true(client_has(&second, "\r\nRetry-After: "));
	client_close(&first);
	client_close(&second);
}

static void without_the_database_streams_stay_and_new_ones_are_told_to_come_back(void **state)
{
	struct rig *rig = *state;
	struct client stream = client_follow(rig, "/api/v1/events", rig->ada_token, SSE);
	assert_int_equal(database_check(&rig->live->database, ERR_DATABASE_UNAVAILABLE), ERR_DATABASE_UNAVAILABLE);
	struct client refused = client_follow(rig, "/api/v1/events", rig->ada_token, SSE);
	assert_int_equal(client_status(&refused), 503);
	assert_true(client_has(&refused, "\r\nRetry-After: "));
	(void)ops_message(&rig->ops, &rig->ops.ada, rig->ops.general_id, "meanwhile");
	client_read(rig, &stream);
	assert_false(client_has(&stream, "meanwhile"));
	rig_wait(rig, DATABASE_RETRY_MS + 200);
	client_read(rig, &stream);
	assert_true(client_has(&stream, "meanwhile"));
	client_close(&stream);
	client_close(&refused);
}

static void at_the_end_streams_are_told_and_polls_answered(void **state)
{
	struct rig *rig = *state;
	struct client stream = client_follow(rig, "/api/v1/events", rig->ada_token, SSE);
	struct client poll = client_follow(rig, "/api/v1/events?timeout=60", rig->ada_token, NULL);
	struct client idle = client_connect(rig, "", 0);
	rig_settle(rig);
	client_forget(&stream);
	assert_int_equal(raise(SIGTERM), 0);
	rig_settle(rig);
	client_read(rig, &stream);
	client_read(rig, &poll);
	assert_true(stream.is_closed && poll.is_closed);
	assert_true(client_has(&stream, "retry: "));
	json_t *reply = client_json(rig, &poll);
	assert_int_equal(json_int(reply, "next"), rig->ops.engine.last_seq);
	assert_false(json_flag(reply, "gap"));
	assert_true(live_turn(rig->live, false)); /* somebody is connected who has asked for nothing yet */
	rig->live->loop.ahead_ms += LIVE_GOODBYE_MS + 200;
	assert_false(live_turn(rig->live, false));
	client_close(&stream);
	client_close(&poll);
	client_close(&idle);
}

static void a_page_gets_fragments_of_its_channel_and_of_the_list(void **state)
{
	struct rig *rig = *state;
	struct ops *ops = &rig->ops;
	int64_t other = ops_channel(ops, &ops->ada, "other");
	struct client page = client_open_page(rig, &ops->ada, ops->general_id);
	assert_int_equal(client_status(&page), 200);
	(void)ops_message(ops, &ops->ada, other, "elsewhere");
	int64_t id = ops_message(ops, &ops->ada, ops->general_id, "<b>\n\nevent: forged\ndata: x");
	int64_t made = ops_channel(ops, &ops->ada, "made");
	client_read(rig, &page);
	assert_false(client_has(&page, "elsewhere"));
	assert_true(client_has(
	    &page, arena_printf(&ops->arena, "\nevent: MESSAGE_CREATE\ndata: <article class=\"message\" id=\"m-%lld\"",
				(long long)id)));
	assert_true(client_has(&page, "&lt;b&gt;"));
	assert_true(client_has(&page, "event: forged<br"));
	assert_false(client_has(&page, "\nevent: forged"));
	assert_true(
	    client_has(&page, arena_printf(&ops->arena, "/channels/%lld/%lld/messages/%lld/edit",
					   (long long)ops->guild_id, (long long)ops->general_id, (long long)id)));
	assert_true(client_has(&page, "\nevent: CHANNEL_CREATE\ndata: <"));
	assert_true(client_has(&page, arena_printf(&ops->arena, "%lld", (long long)made)));
	client_forget(&page);
	rig_wait(rig, SUBSCRIBER_BEAT_MS + 200);
	client_read(rig, &page);
	assert_true(client_has(&page, "event: beat\ndata: {\"time\":1"));
	assert_true(client_has(&page, arena_printf(&ops->arena, "}\nid: %lld\n\n", (long long)ops->engine.last_seq)));
	client_close(&page);
}

static void what_the_bell_says_is_checked(void **state)
{
	int64_t head;
	static const char *const bad[] = {
	    "", "{}", "{\"head\":\"5\"}", "{\"head\":-1}", "{\"head\":0}", "[5]", "{\"head\":5", "5", "{\"head\":1e3}"};
	(void)state;
	assert_int_equal(bell_parse("{\"head\":1099511627780}", 22, &head), ERR_OK);
	assert_int_equal(head, INT64_C(1099511627780));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(bell_parse(bad[i], strlen(bad[i]), &head), ERR_BAD_JSON);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_rig, close_rig)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_bad_request_gets_a_whole_json_error_and_an_end),
	    TEST(a_head_may_arrive_byte_by_byte),
	    TEST(a_head_without_end_is_cut_by_size_and_by_time),
	    TEST(a_body_that_nobody_reads_is_bounded),
	    TEST(head_gets_the_head_alone_and_http_1_0_no_chunks),
	    TEST(a_client_that_goes_away_leaves_nothing_behind),
	    TEST(a_client_that_takes_nothing_for_half_a_minute_is_dropped_and_may_resume),
	    TEST(one_account_has_a_share_and_not_all),
	    TEST(beyond_the_limit_one_is_told_to_come_back),
	    TEST(without_the_database_streams_stay_and_new_ones_are_told_to_come_back),
	    TEST(at_the_end_streams_are_told_and_polls_answered),
	    TEST(a_page_gets_fragments_of_its_channel_and_of_the_list),
	    cmocka_unit_test(what_the_bell_says_is_checked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
