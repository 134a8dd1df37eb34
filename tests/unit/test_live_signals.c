/* Signals through the whole of snug-live: that somebody is typing reaches those who see the channel now and are up to
 * date, nobody else, nobody later, and moves no cursor. What a stream must not bring is looked at once something that
 * came after it is there. */
#include "base/clock.h"
#include "domain/perm.h"
#include "live_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define SSE "text/event-stream"
#define TYPING "event: TYPING_START\n"

static struct rig rig;
static struct ops *const ops = &rig.ops;
static struct person bob, dan;
static const char *bob_token;

static int open_rig(void **state)
{
	(void)state;
	rig_open(&rig);
	bob = ops_join(ops, "bob");
	dan = ops_join(ops, "dan");
	bob_token = rig_token(&rig, &bob, NULL);
	return 0;
}

static int close_rig(void **state)
{
	(void)state;
	rig_close(&rig);
	return 0;
}

static void type_at(const struct person *who, int64_t channel_id, int64_t at_ms)
{
	const struct signal signal = {
	    .kind = SIGNAL_TYPING, .channel_id = channel_id, .user_id = who->id, .at_ms = at_ms};
	assert_true(signal_send(rig.signals_fd, &signal));
}

static void type(const struct person *who, int64_t channel_id)
{
	type_at(who, channel_id, clock_now_ms());
}

static struct client follow(const char *more, const char *token)
{
	return client_follow(&rig, arena_printf(&ops->arena, "/api/v1/events?x=1%s", more), token, SSE);
}

static int count_of(const struct client *client, const char *text)
{
	int count = 0;
	for (const char *at = client->got.n > 0 ? client->got.p : ""; (at = strstr(at, text)) != NULL; at++)
		count++;
	return count;
}

static const char *of_id(const char *format, int64_t id)
{
	char *text = arena_strdup(&ops->arena, format), *mark = strchr(text, '#');
	*mark = '\0';
	return arena_printf(&ops->arena, "%s%lld%s", text, (long long)id, mark + 1);
}

/* Dan, who never types, posts; reads until that has come. */
static void read_past(struct client *client, int64_t channel_id, const char *content)
{
	(void)ops_message(ops, &dan, channel_id, content);
	client_read(&rig, client);
	assert_true(client_has(client, content));
}

static void others_hear_it_in_discords_form_and_no_cursor_moves(void **state)
{
	struct client client = follow("", bob_token);
	int64_t last = client_last_id(&client);
	(void)state;
	client_forget(&client);
	type_at(&ops->ada, ops->general_id, clock_now_ms() - 1000);
	client_read(&rig, &client);
	json_t *data;
	assert_int_equal(count_of(&client, "\nid: "), 0);
	assert_int_equal(strncmp(client.got.p, TYPING "data: ", strlen(TYPING "data: ")), 0);
	const char *text = client.got.p + strlen(TYPING "data: "), *end = strstr(text, "\n\n");
	assert_ptr_equal(end + 2, client.got.p + client.got.n);
	assert_int_equal(json_parse_own(&ops->arena, text, (size_t)(end - text), &data), ERR_OK);
	assert_int_equal(json_object_size(data), 5);
	assert_int_equal(json_id(data, "channel_id"), ops->general_id);
	assert_int_equal(json_id(data, "guild_id"), ops->guild_id);
	assert_int_equal(json_id(data, "user_id"), ops->ada.id);
	int64_t age_s = clock_now_ms() / 1000 - json_int(data, "timestamp");
	assert_true(age_s >= 0 && age_s < SIGNAL_AGE_MAX_MS / 1000);
	const json_t *member = json_object_get(data, "member");
	assert_int_equal(json_id(json_object_get(member, "user"), "id"), ops->ada.id);
	assert_true(json_is_array(json_object_get(member, "roles")));
	client_forget(&client);
	read_past(&client, ops->general_id, "after it");
	int count;
	const int64_t *seqs = client_seqs(&rig, &client, &count);
	assert_true(count > 0 && seqs[0] > last);
	client_close(&client);
}

static void no_stream_of_whoever_types_hears_it(void **state)
{
	struct client own = follow("", rig.ada_token), page = client_open_page(&rig, &ops->ada, ops->general_id);
	struct client other = follow("", bob_token);
	(void)state;
	type(&ops->ada, ops->general_id);
	client_read(&rig, &other);
	assert_true(client_has(&other, TYPING));
	read_past(&own, ops->general_id, "later");
	client_read(&rig, &page);
	assert_true(client_has(&page, "later"));
	assert_false(client_has(&own, TYPING));
	assert_false(client_has(&page, TYPING));
	client_close(&own);
	client_close(&page);
	client_close(&other);
}

static void nobody_hears_it_who_does_not_see_the_channel_now(void **state)
{
	struct client client = follow("", bob_token);
	(void)state;
	int64_t room = ops_channel(ops, &ops->ada, "room");
	rig_settle(&rig);
	type(&ops->ada, room);
	client_read(&rig, &client);
	assert_int_equal(count_of(&client, TYPING), 1);
	/* The store has not rung yet when the signal comes: the log is read before it is delivered. */
	assert_op(ops, &ops->ada, "overwrite_put",
		  ops_json("{'channel_id':'%lld','target_id':'%lld','type':1,'deny':'%llu'}", (long long)room,
			   (long long)bob.id, (unsigned long long)PERM_VIEW_CHANNEL),
		  ERR_OK);
	type(&ops->ada, room);
	for (int i = 0; i < 8; i++)
		assert_true(live_turn(rig.live, false));
	read_past(&client, ops->general_id, "seen by all");
	assert_int_equal(count_of(&client, TYPING), 1);
	client_close(&client);
}

static void it_reaches_those_alone_who_asked_for_its_channel_and_type(void **state)
{
	int64_t other = ops_channel(ops, &ops->ada, "other");
	struct client here = follow(of_id("&channel=#", ops->general_id), bob_token);
	struct client there = follow(of_id("&channel=#", other), bob_token);
	struct client messages = follow("&types=MESSAGE_CREATE", bob_token);
	struct client typing = follow("&types=TYPING_START,MESSAGE_CREATE", bob_token);
	(void)state;
	type(&ops->ada, ops->general_id);
	read_past(&typing, ops->general_id, "in general");
	read_past(&there, other, "in other");
	client_read(&rig, &here);
	client_read(&rig, &messages);
	assert_int_equal(count_of(&here, TYPING), 1);
	assert_int_equal(count_of(&typing, TYPING), 1);
	assert_int_equal(count_of(&there, TYPING), 0);
	assert_true(client_has(&messages, "in other"));
	assert_int_equal(count_of(&messages, TYPING), 0);
	client_close(&here);
	client_close(&there);
	client_close(&messages);
	client_close(&typing);
}

static void a_poll_hears_it_only_when_it_named_it_and_stays_where_it_was(void **state)
{
	struct client plain = client_follow(&rig, "/api/v1/events?timeout=60", bob_token, NULL);
	struct client named = client_follow(&rig, "/api/v1/events?timeout=60&types=TYPING_START", bob_token, NULL);
	int64_t head = ops->engine.last_seq;
	(void)state;
	type(&ops->ada, ops->general_id);
	client_read(&rig, &named);
	const json_t *reply = client_json(&rig, &named), *events = json_object_get(reply, "events");
	assert_int_equal(json_array_size(events), 1);
	assert_string_equal(json_text(json_array_get(events, 0), "t"), "TYPING_START");
	assert_null(json_object_get(json_array_get(events, 0), "seq"));
	assert_int_equal(json_int(reply, "next"), head);
	(void)ops_message(ops, &ops->ada, ops->general_id, "said");
	client_read(&rig, &plain);
	events = json_object_get(client_json(&rig, &plain), "events");
	for (size_t i = 0; i < json_array_size(events); i++)
		assert_string_not_equal(json_text(json_array_get(events, i), "t"), "TYPING_START");
	assert_true(json_array_size(events) > 0);
	/* What came while nobody waited is not kept. */
	struct client late = client_follow(&rig, "/api/v1/events?timeout=0&types=TYPING_START", bob_token, NULL);
	assert_int_equal(json_array_size(json_object_get(client_json(&rig, &late), "events")), 0);
	client_close(&plain);
	client_close(&named);
	client_close(&late);
}

static void garbage_and_what_is_old_is_dropped(void **state)
{
	struct client client = follow("", bob_token);
	int64_t now_ms = clock_now_ms();
	char long_one[2 * SIGNAL_BYTES_MAX];
	(void)state;
	memset(long_one, ' ', sizeof(long_one));
	const char *const garbage[] = {
	    "x",
	    "{}",
	    "[]",
	    "{\"kind\":\"typing\"}",
	    of_id("{\"kind\":\"presence\",\"channel_id\":\"#\",\"user_id\":\"5\",\"at_ms\":5}", ops->general_id),
	    of_id("{\"kind\":\"typing\",\"channel_id\":\"#\",\"user_id\":\"-5\",\"at_ms\":5}", ops->general_id),
	    "{\"kind\":\"typing\",\"channel_id\":\"\\u0000\",\"user_id\":\"\xff\",\"at_ms\":1e300}",
	};
	assert_int_equal(send(rig.signals_fd, "", 0, MSG_NOSIGNAL), 0);
	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++)
		assert_true(send(rig.signals_fd, garbage[i], strlen(garbage[i]), MSG_NOSIGNAL) > 0);
	assert_true(send(rig.signals_fd, long_one, sizeof(long_one), MSG_NOSIGNAL) > 0);
	type_at(&ops->ada, ops->general_id, now_ms - SIGNAL_AGE_MAX_MS - 1);
	type_at(&ops->ada, ops->general_id, now_ms + 60 * 1000);
	type_at(&ops->ada, 4242, now_ms);
	type_at(&(const struct person){.id = 4242}, ops->general_id, now_ms);
	client_read(&rig, &client);
	assert_int_equal(count_of(&client, TYPING), 0);
	type(&ops->ada, ops->general_id);
	client_read(&rig, &client);
	assert_int_equal(count_of(&client, TYPING), 1);
	client_close(&client);
}

static void a_message_ends_what_its_writer_announced_before(void **state)
{
	struct client client = follow("", bob_token);
	int64_t before_ms = clock_now_ms() - 1;
	(void)state;
	/* The signal comes when the message is known, and together with it. */
	(void)ops_message(ops, &ops->ada, ops->general_id, "said at last");
	rig_settle(&rig);
	type_at(&ops->ada, ops->general_id, before_ms);
	rig_settle(&rig);
	type_at(&ops->ada, ops->general_id, before_ms);
	(void)ops_message(ops, &ops->ada, ops->general_id, "and said again");
	client_read(&rig, &client);
	assert_true(client_has(&client, "and said again"));
	assert_int_equal(count_of(&client, TYPING), 0);
	/* Of others and elsewhere it says nothing. */
	struct person carol = ops_join(ops, "carol");
	int64_t other = ops_channel(ops, &ops->ada, "other");
	rig_settle(&rig);
	type_at(&carol, ops->general_id, before_ms);
	type_at(&ops->ada, other, before_ms);
	client_read(&rig, &client);
	assert_int_equal(count_of(&client, TYPING), 2);
	client_close(&client);
}

static void a_message_that_comes_before_the_signal_is_delivered_ends_it_too(void **state)
{
	struct client client = follow("", bob_token);
	(void)state;
	type_at(&ops->ada, ops->general_id, clock_now_ms() - 1);
	loop_turn(&rig.live->loop, false);
	while (intake_turn(rig.live))
		;
	signals_turn(rig.live);
	assert_false(list_is_empty(&rig.live->delivery.due)); /* offered, and not delivered yet */
	(void)ops_message(ops, &ops->ada, ops->general_id, "quicker");
	client_read(&rig, &client);
	assert_true(client_has(&client, "quicker"));
	assert_int_equal(count_of(&client, TYPING), 0);
	client_close(&client);
}

static void who_does_not_take_what_there_is_goes_without(void **state)
{
	const char *long_text = ops_repeat(ops, "x", 2000);
	struct client slow = follow("", bob_token), quick = follow("", bob_token);
	(void)state;
	for (int i = 0; i < 200; i++)
		(void)ops_message(ops, &dan, ops->general_id, long_text);
	client_read(&rig, &quick);
	for (int i = 0; i < 3; i++)
		type(&ops->ada, ops->general_id);
	client_read(&rig, &quick);
	assert_int_equal(count_of(&quick, TYPING), 3);
	read_past(&slow, ops->general_id, "when it reads again");
	assert_int_equal(count_of(&slow, "event: MESSAGE_CREATE\n"), 201);
	assert_int_equal(count_of(&slow, TYPING), 0);
	type(&ops->ada, ops->general_id);
	client_read(&rig, &slow);
	assert_int_equal(count_of(&slow, TYPING), 1);
	client_close(&slow);
	client_close(&quick);
}

/* Whether typing is told of among the messages, and not after the last. */
static bool is_before_messages(const struct client *client)
{
	const char *typing = strstr(client->got.p, TYPING);
	return typing != NULL && strstr(typing, "event: MESSAGE_CREATE\n") != NULL;
}

static void who_catches_up_gets_none_among_what_was_missed(void **state)
{
	int64_t begin = ops->engine.last_seq;
	(void)state;
	for (int i = 0; i < 2 * WINDOW_ITEMS_MAX; i++)
		(void)ops_message(ops, &ops->ada, ops->general_id, "missed");
	rig_settle(&rig);
	const char *text = arena_printf(&ops->arena,
					"GET /api/v1/events?after=%lld HTTP/1.1\r\nHost: h\r\nAccept: " SSE
					"\r\nAuthorization: Bearer %s\r\n\r\n",
					(long long)begin, bob_token);
	struct client client = client_connect(&rig, text, strlen(text));
	assert_true(live_turn(rig.live, false));
	type(&ops->ada, ops->general_id);
	client_read(&rig, &client);
	assert_int_equal(count_of(&client, "event: MESSAGE_CREATE\n"), 2 * WINDOW_ITEMS_MAX);
	assert_false(is_before_messages(&client));
	client_close(&client);
}

static void who_is_sent_more_than_fits_gets_none_in_between(void **state)
{
	const char *long_text = ops_repeat(ops, "x", 2000);
	struct client client = follow("", bob_token);
	(void)state;
	for (int i = 0; i < 60; i++)
		(void)ops_message(ops, &dan, ops->general_id, long_text);
	type(&ops->ada, ops->general_id);
	client_read(&rig, &client);
	assert_int_equal(count_of(&client, "event: MESSAGE_CREATE\n"), 60);
	assert_false(is_before_messages(&client));
	client_close(&client);
}

static void a_flood_is_bounded_and_the_newest_is_told(void **state)
{
	struct client client = follow("", bob_token);
	int64_t now_ms = clock_now_ms();
	int sent = 0;
	(void)state;
	struct signal signal = {
	    .kind = SIGNAL_TYPING, .channel_id = ops->general_id, .user_id = ops->ada.id, .at_ms = now_ms};
	while (signal_send(rig.signals_fd, &signal))
		sent++;
	assert_true(sent > SIGNALS_MAX);
	/* As while the log cannot be read. */
	for (int i = 0; i <= sent / SIGNALS_TAKEN_A_TURN; i++)
		loop_turn(&rig.live->loop, false);
	client_read(&rig, &client);
	assert_int_equal(count_of(&client, TYPING), SIGNALS_MAX);
	assert_true(signal_send(rig.signals_fd, &signal));
	client_read(&rig, &client);
	assert_int_equal(count_of(&client, TYPING), SIGNALS_MAX + 1);
	client_close(&client);
}

static void a_direct_message_tells_the_other_until_one_blocks(void **state)
{
	(void)state;
	assert_op(ops, &ops->ada, "direct_create", ops_json("{'recipient_id':'%lld'}", (long long)bob.id), ERR_OK);
	int64_t direct = ops_result_id(ops, "channel", "id");
	struct person carol = ops_join(ops, "carol");
	struct client other = follow("", bob_token), stranger = follow("", rig_token(&rig, &carol, NULL));
	struct client page = client_open_page(&rig, &bob, direct);
	type(&ops->ada, direct);
	client_read(&rig, &other);
	client_read(&rig, &page);
	assert_int_equal(count_of(&other, TYPING), 1);
	assert_false(client_has(&other, "\"guild_id\"") || client_has(&other, "\"member\""));
	assert_false(client_has(&other, "\"user\":"));
	assert_true(client_has(&page, of_id("<bdi data-user=\"#\"", ops->ada.id)));
	assert_op(ops, &bob, "block_create", ops_json("{'user_id':'%lld'}", (long long)ops->ada.id), ERR_OK);
	type(&ops->ada, direct);
	read_past(&other, ops->general_id, "in general");
	read_past(&stranger, ops->general_id, "in general too");
	assert_int_equal(count_of(&other, TYPING), 1);
	assert_int_equal(count_of(&stranger, TYPING), 0);
	client_close(&other);
	client_close(&stranger);
	client_close(&page);
}

static void an_open_page_gets_the_name_as_text(void **state)
{
	int64_t other = ops_channel(ops, &ops->ada, "other");
	(void)state;
	assert_op(ops, &ops->ada, "member_nickname",
		  json_pack("{s:s, s:s}", "guild_id", arena_printf(&ops->arena, "%lld", (long long)ops->guild_id),
			    "nick", "<img src=x>"),
		  ERR_OK);
	struct client page = client_open_page(&rig, &bob, ops->general_id);
	assert_true(client_has(&page, "event: beat\ndata: {\"time\":")); /* what the age of a signal is measured by */
	client_forget(&page);
	type(&ops->ada, other);
	type(&ops->ada, ops->general_id);
	client_read(&rig, &page);
	assert_int_equal(count_of(&page, TYPING), 1);
	assert_int_equal(
	    strncmp(page.got.p, TYPING "data: <bdi data-user=\"", strlen(TYPING "data: <bdi data-user=\"")), 0);
	assert_true(client_has(&page, ">&lt;img src=x&gt;</bdi>\n\n"));
	assert_false(client_has(&page, "\nid: "));
	client_close(&page);
}

static void the_end_of_the_line_is_no_end_of_streams(void **state)
{
	struct client client = follow("", bob_token);
	(void)state;
	assert_int_equal(shutdown(rig.signals_fd, SHUT_RDWR), 0);
	rig_settle(&rig);
	assert_int_equal(rig.live->signals.watch.fd, -1);
	read_past(&client, ops->general_id, "still here");
	client_close(&client);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_rig, close_rig)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(others_hear_it_in_discords_form_and_no_cursor_moves),
	    TEST(no_stream_of_whoever_types_hears_it),
	    TEST(nobody_hears_it_who_does_not_see_the_channel_now),
	    TEST(it_reaches_those_alone_who_asked_for_its_channel_and_type),
	    TEST(a_poll_hears_it_only_when_it_named_it_and_stays_where_it_was),
	    TEST(garbage_and_what_is_old_is_dropped),
	    TEST(a_message_ends_what_its_writer_announced_before),
	    TEST(a_message_that_comes_before_the_signal_is_delivered_ends_it_too),
	    TEST(who_does_not_take_what_there_is_goes_without),
	    TEST(who_catches_up_gets_none_among_what_was_missed),
	    TEST(who_is_sent_more_than_fits_gets_none_in_between),
	    TEST(a_flood_is_bounded_and_the_newest_is_told),
	    TEST(a_direct_message_tells_the_other_until_one_blocks),
	    TEST(an_open_page_gets_the_name_as_text),
	    TEST(the_end_of_the_line_is_no_end_of_streams),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
