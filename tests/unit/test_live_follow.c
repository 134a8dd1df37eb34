/* Followers of the event log, through the whole of snug-live: each sees every event it may see exactly once, in order,
 * or an explicit gap. */
#include "domain/perm.h"
#include "live_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

static const char *path_after(struct rig *rig, int64_t after, const char *more)
{
	return arena_printf(&rig->ops.arena, "/api/v1/events?after=%lld%s", (long long)after, more);
}

static void post(struct rig *rig, int64_t channel_id, const char *prefix, int count)
{
	for (int i = 0; i < count; i++)
		(void)ops_message(&rig->ops, &rig->ops.ada, channel_id,
				  arena_printf(&rig->ops.arena, "%s %d", prefix, i));
}

/* Those of the log after a seq that everybody in the workspace sees, as the domain tells it. */
static int64_t *public_seqs(struct rig *rig, int64_t after, int *count)
{
	int all;
	struct event *events = ops_events(&rig->ops, after, &all);
	int64_t *seqs = arena_alloc(&rig->ops.arena, ((size_t)all + 1) * sizeof(*seqs));
	*count = 0;
	for (int i = 0; i < all; i++)
		if (events[i].channel_id == rig->ops.general_id && events[i].type[0] != '_')
			seqs[(*count)++] = events[i].seq;
	return seqs;
}

static void assert_seqs(const int64_t *seqs, int count, const int64_t *expected, int expected_count)
{
	assert_int_equal(count, expected_count);
	assert_memory_equal(seqs, expected, (size_t)count * sizeof(*seqs));
}

/* Follows by polls until one is empty. */
static int64_t *poll_all(struct rig *rig, const char *token, int64_t after, int *count, int *pages)
{
	int64_t *seqs = arena_alloc(&rig->ops.arena, 4096 * sizeof(*seqs));
	*count = *pages = 0;
	for (;;) {
		struct client client = client_follow(rig, path_after(rig, after, "&timeout=0"), token, NULL);
		json_t *reply = client_json(rig, &client);
		const json_t *events = json_object_get(reply, "events");
		assert_false(json_flag(reply, "gap"));
		client_close(&client);
		for (size_t i = 0; i < json_array_size(events); i++)
			seqs[(*count)++] = json_int(json_array_get(events, i), "seq");
		assert_true(*count == 0 || json_int(reply, "next") >= seqs[*count - 1]);
		after = json_int(reply, "next");
		if (json_array_size(events) == 0)
			return seqs;
		(*pages)++;
	}
}

static void what_is_posted_arrives_at_once_with_its_seq_and_payload(void **state)
{
	struct rig *rig = *state;
	struct client client = client_follow(rig, "/api/v10/events", rig->ada_token, "text/html, " SSE ";q=0.9");
	assert_int_equal(client_status(&client), 200);
	assert_true(client_has(&client, "\r\nContent-Type: text/event-stream\r\n"));
	assert_true(client_has(&client, "\r\nCache-Control: no-store\r\n"));
	assert_int_equal(client_last_id(&client), rig->ops.engine.last_seq);
	int64_t id = ops_message(&rig->ops, &rig->ops.ada, rig->ops.general_id, "two\nlines");
	client_read(rig, &client);
	assert_true(client_has(
	    &client, arena_printf(&rig->ops.arena, "\nevent: MESSAGE_CREATE\ndata: {\"id\":\"%lld\",", (long long)id)));
	assert_int_equal(client_last_id(&client), rig->ops.engine.last_seq);
	assert_true(client_has(&client, "\"content\":\"two\\nlines\""));
	client_close(&client);
}

static void a_resume_gets_the_rest_exactly_once_wherever_it_begins(void **state)
{
	struct rig *rig = *state;
	int64_t begin = rig->ops.engine.last_seq;
	post(rig, rig->ops.general_id, "m", 3 * WINDOW_ITEMS_MAX);
	rig_settle(rig);
	const int64_t steps[] = {0,
				 1,
				 63,
				 64,
				 65,
				 WINDOW_ITEMS_MAX,
				 2 * WINDOW_ITEMS_MAX - 1,
				 2 * WINDOW_ITEMS_MAX,
				 2 * WINDOW_ITEMS_MAX + 1,
				 3 * WINDOW_ITEMS_MAX - 1,
				 3 * WINDOW_ITEMS_MAX};
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		int64_t after = begin + steps[i];
		int count, expected_count, pages;
		struct client client = client_follow(rig, path_after(rig, after, ""), rig->ada_token, SSE);
		const int64_t *expected = public_seqs(rig, after, &expected_count), *got;
		assert_int_equal(expected_count, 3 * WINDOW_ITEMS_MAX - steps[i]);
		got = client_seqs(rig, &client, &count);
		assert_seqs(got, count, expected, expected_count);
		client_close(&client);
		got = poll_all(rig, rig->ada_token, after, &count, &pages);
		assert_seqs(got, count, expected, expected_count);
		assert_true(pages >= expected_count / 256);
	}
}

static void a_follower_that_reads_little_misses_nothing_and_costs_little(void **state)
{
	struct rig *rig = *state;
	const char *long_text = ops_repeat(&rig->ops, "x", 2000);
	struct client slow = client_follow(rig, "/api/v1/events", rig->ada_token, SSE);
	struct client quick = client_follow(rig, "/api/v1/events", rig->ada_token, SSE);
	int64_t begin = rig->ops.engine.last_seq;
	size_t most = 0;
	for (int i = 0; i < 600; i++) {
		(void)ops_message(&rig->ops, &rig->ops.ada, rig->ops.general_id, long_text);
		client_read(rig, &quick);
		client_read_some(rig, &slow, 100);
		for (struct list *at = rig->live->connections.next; at != &rig->live->connections; at = at->next) {
			const struct outbox *outbox = &LIST_OWNER(at, struct connection, node)->outbox;
			most = outbox->bytes > most ? outbox->bytes : most;
		}
	}
	assert_true(most >= OUTBOX_SOFT_BYTES);
	assert_true(most < OUTBOX_SOFT_BYTES + 8 * 1024);
	assert_true(rig->live->window.bytes <= WINDOW_BYTES_MAX);
	int count, expected_count;
	const int64_t *expected = public_seqs(rig, begin, &expected_count);
	const int64_t *got = client_seqs(rig, &quick, &count);
	assert_seqs(got, count, expected, expected_count);
	client_read(rig, &slow);
	got = client_seqs(rig, &slow, &count);
	assert_seqs(got, count, expected, expected_count);
	client_close(&slow);
	client_close(&quick);
}

static void the_header_leads_and_filters_narrow_without_changing_the_cursor(void **state)
{
	struct rig *rig = *state;
	int64_t other = ops_channel(&rig->ops, &rig->ops.ada, "other");
	int64_t begin = rig->ops.engine.last_seq;
	post(rig, other, "elsewhere", 3);
	post(rig, rig->ops.general_id, "here", 2);
	const char *head =
	    arena_printf(&rig->ops.arena,
			 "GET /api/v1/events?after=1&channel=%lld&types=MESSAGE_CREATE HTTP/1.1\r\nHost: x\r\n"
			 "Authorization: Bearer %s\r\nAccept: " SSE "\r\nLast-Event-ID: %lld\r\n\r\n",
			 (long long)other, rig->ada_token, (long long)begin + 1);
	struct client client = client_connect(rig, head, strlen(head));
	client_read(rig, &client);
	assert_false(client_has(&client, "elsewhere 0"));
	assert_true(client_has(&client, "elsewhere 1"));
	assert_true(client_has(&client, "elsewhere 2"));
	assert_false(client_has(&client, "\"here 1\""));
	client_forget(&client);
	rig_wait(rig, SUBSCRIBER_BEAT_MS + 200);
	client_read(rig, &client);
	assert_int_equal(client_last_id(&client), rig->ops.engine.last_seq);
	client_close(&client);
	client = client_follow(rig, path_after(rig, begin, "&timeout=0&types=MESSAGE_DELETE"), rig->ada_token, NULL);
	assert_int_equal(json_int(client_json(rig, &client), "next"), rig->ops.engine.last_seq);
	client_close(&client);
}

static void what_one_may_not_see_is_passed_over_and_the_cursor_passes_too(void **state)
{
	struct rig *rig = *state;
	struct person bob = ops_join(&rig->ops, "bob");
	const char *bobs = rig_token(rig, &bob, NULL);
	json_t *hidden = json_pack("[{s:I, s:i, s:s, s:s}]", "id", (json_int_t)rig->ops.guild_id, "type", 0, "allow",
				   "0", "deny", "1024");
	assert_op(&rig->ops, &rig->ops.ada, "channel_create",
		  json_pack("{s:I, s:s, s:o}", "guild_id", (json_int_t)rig->ops.guild_id, "name", "secret",
			    "permission_overwrites", hidden),
		  ERR_OK);
	int64_t secret = ops_result_id(&rig->ops, "channel", "id");
	int64_t begin = rig->ops.engine.last_seq;
	struct client client = client_follow(rig, "/api/v1/events", bobs, SSE);
	post(rig, secret, "between us", 300);
	client_read(rig, &client);
	assert_false(client_has(&client, "between us"));
	client_forget(&client);
	rig_wait(rig, SUBSCRIBER_BEAT_MS + 200);
	client_read(rig, &client);
	assert_true(client_has(&client, ": beat\n"));
	assert_int_equal(client_last_id(&client), rig->ops.engine.last_seq);
	client_close(&client);
	client = client_follow(rig, path_after(rig, begin, "&timeout=0"), bobs, NULL);
	assert_int_equal(json_int(client_json(rig, &client), "next"), rig->ops.engine.last_seq);
	assert_false(client_has(&client, "between us"));
	client_close(&client);
	client = client_follow(rig, arena_printf(&rig->ops.arena, "/api/v1/events?channel=%lld", (long long)secret),
			       bobs, SSE);
	assert_int_equal(client_status(&client), 404);
	assert_true(client_has(&client, "{\"code\":10003,"));
	client_close(&client);
}

static void permission_is_what_it_is_now(void **state)
{
	struct rig *rig = *state;
	struct ops *ops = &rig->ops;
	struct person bob = ops_join(ops, "bob");
	int64_t channel = ops_channel(ops, &ops->ada, "room");
	int64_t begin = ops->engine.last_seq;
	struct client client = client_follow(rig, "/api/v1/events", rig_token(rig, &bob, NULL), SSE);
	post(rig, channel, "before", 1);
	client_read(rig, &client);
	assert_true(client_has(&client, "before 0"));
	ops_sql(ops,
		"INSERT INTO overwrites (channel_id, target_id, target, allow, deny) VALUES (%lld, %lld, 1, 0, 1024)",
		(long long)channel, (long long)bob.id);
	json_t *topic = json_pack("{s:I, s:s}", "channel_id", (json_int_t)channel, "topic", "closed");
	assert_op(ops, &ops->ada, "channel_update", topic, ERR_OK);
	post(rig, channel, "while shut", 1);
	client_read(rig, &client);
	assert_false(client_has(&client, "while shut"));
	client_close(&client);
	/* What was posted while bob could see it is not his to fetch any more. */
	client = client_follow(rig, path_after(rig, begin, "&timeout=0"), rig_token(rig, &bob, NULL), NULL);
	assert_false(client_has(&client, "before 0"));
	client_close(&client);
}

/* Whoever may not read what was said before they came cannot fetch it by an old cursor either. What is minutes old is
 * none: a line that broke for a moment would lose it. */
static void an_old_cursor_is_no_way_around_history(void **state)
{
	struct rig *rig = *state;
	struct ops *ops = &rig->ops;
	struct person bob = ops_join(ops, "bob");
	int64_t channel = ops_channel(ops, &ops->ada, "room"), begin = ops->engine.last_seq;
	const char *bobs = rig_token(rig, &bob, NULL);
	post(rig, channel, "an hour ago", 1);
	ops_sql(ops, "UPDATE events SET message_id = message_id - (3600000 << 22) WHERE type = 'MESSAGE_CREATE'");
	post(rig, channel, "just now", 1);
	const char *path = path_after(rig, begin, "&timeout=0");
	struct client client = client_follow(rig, path, bobs, NULL);
	assert_true(client_has(&client, "an hour ago"));
	client_close(&client);

	ops_sql(ops,
		"INSERT INTO overwrites (channel_id, target_id, target, allow, deny) VALUES (%lld, %lld, 0, 0, %lld)",
		(long long)channel, (long long)ops->guild_id, (long long)PERM_READ_HISTORY);
	json_t *topic = json_pack("{s:I, s:s}", "channel_id", (json_int_t)channel, "topic", "no history");
	assert_op(ops, &ops->ada, "channel_update", topic, ERR_OK);
	client = client_follow(rig, path, bobs, NULL);
	assert_false(client_has(&client, "an hour ago"));
	assert_true(client_has(&client, "just now"));
	assert_int_equal(json_int(client_json(rig, &client), "next"), ops->engine.last_seq);
	client_close(&client);
	client = client_follow(rig, path_after(rig, begin, ""), bobs, SSE);
	assert_false(client_has(&client, "an hour ago"));
	post(rig, channel, "from now on", 1);
	client_read(rig, &client);
	assert_true(client_has(&client, "from now on"));
	client_close(&client);
	client = client_follow(rig, path, rig->ada_token, NULL);
	assert_true(client_has(&client, "an hour ago"));
	client_close(&client);
}

static void a_revoked_token_ends_its_streams_and_no_others(void **state)
{
	struct rig *rig = *state;
	int64_t token_id;
	const char *doomed_token = rig_token(rig, &rig->ops.ada, &token_id);
	struct client doomed = client_follow(rig, "/api/v1/events", doomed_token, SSE);
	struct client waiting = client_follow(rig, "/api/v1/events?timeout=60", doomed_token, NULL);
	struct client other = client_follow(rig, "/api/v1/events", rig->ada_token, SSE);
	assert_op(&rig->ops, &rig->ops.ada, "token_revoke", json_pack("{s:I}", "token_id", (json_int_t)token_id),
		  ERR_OK);
	client_read(rig, &doomed);
	client_read(rig, &waiting);
	client_read(rig, &other);
	assert_true(doomed.is_closed);
	assert_true(waiting.is_closed);
	assert_int_equal(json_array_size(json_object_get(client_json(rig, &waiting), "events")), 0);
	assert_false(other.is_closed);
	client_close(&doomed);
	client_close(&waiting);
	client_close(&other);
	doomed = client_follow(rig, "/api/v1/events", doomed_token, SSE);
	assert_int_equal(client_status(&doomed), 401);
	client_close(&doomed);
}

static void a_session_that_ended_without_an_event_is_found_out_within_a_minute(void **state)
{
	struct rig *rig = *state;
	int64_t token_id;
	struct client client = client_follow(rig, "/api/v1/events", rig_token(rig, &rig->ops.ada, &token_id), SSE);
	ops_sql(&rig->ops, "UPDATE sessions SET ended_at_ms = 1 WHERE id = %lld", (long long)token_id);
	for (int i = 1; i <= SUBSCRIBER_BEATS_A_CHECK; i++) {
		assert_false(client.is_closed);
		rig_wait(rig, SUBSCRIBER_BEAT_MS + 200);
		client_read(rig, &client);
	}
	assert_true(client.is_closed);
	client_close(&client);
}

static void a_poll_waits_and_answers_the_moment_there_is_something(void **state)
{
	struct rig *rig = *state;
	struct client client = client_follow(rig, "/api/v1/events?timeout=10", rig->ada_token, "*/*");
	assert_int_equal(client_status(&client), 200);
	assert_true(client_has(&client, "\r\n\r\n")); /* the head is there at once, so that a gone client is noticed */
	assert_false(client.is_closed);
	rig_wait(rig, 5000);
	client_read(rig, &client);
	assert_false(client.is_closed);
	post(rig, rig->ops.general_id, "now", 1);
	client_read(rig, &client);
	assert_true(client.is_closed);
	const json_t *event = json_array_get(json_object_get(client_json(rig, &client), "events"), 0);
	assert_string_equal(json_text(event, "t"), "MESSAGE_CREATE");
	assert_string_equal(json_text(json_object_get(event, "d"), "content"), "now 0");
	client_close(&client);
	client = client_follow(rig, "/api/v1/events?timeout=10", rig->ada_token, NULL);
	rig_wait(rig, 10200);
	client_read(rig, &client);
	assert_int_equal(json_int(client_json(rig, &client), "next"), rig->ops.engine.last_seq);
	client_close(&client);
}

/* What stands in the log is returned even when its bell has not rung yet. */
static void what_was_committed_before_the_poll_is_in_its_reply(void **state)
{
	struct rig *rig = *state;
	int64_t begin = rig->ops.engine.last_seq;
	post(rig, rig->ops.general_id, "quiet", 1);
	rig->live->intake.is_rung = false;
	const char *head =
	    arena_printf(&rig->ops.arena, "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n",
			 path_after(rig, begin, "&timeout=0"), rig->ada_token);
	struct client client = client_connect(rig, head, strlen(head));
	for (int i = 0; i < 10; i++)
		assert_true(live_turn(rig->live, false));
	client_read_some(rig, &client, 10000);
	assert_true(client_has(&client, "quiet 0"));
	client_close(&client);
}

static void prune(struct rig *rig, int64_t keep)
{
	for (bool is_done = false; !is_done;)
		assert_int_equal(event_prune(rig->ops.engine.db, keep, &is_done), ERR_OK);
}

static void assert_gap(struct rig *rig, int64_t after)
{
	long long head = rig->ops.engine.last_seq;
	struct client client = client_follow(rig, path_after(rig, after, ""), rig->ada_token, SSE);
	assert_true(client_has(&client, arena_printf(&rig->ops.arena,
						     "\nevent: gap\ndata: {\"after\":%lld,\"next\":%lld}\nid: %lld\n\n",
						     (long long)after, head, head)));
	post(rig, rig->ops.general_id, "beyond", 1);
	client_read(rig, &client);
	assert_true(client_has(&client, "beyond 0"));
	client_close(&client);
	client = client_follow(rig, path_after(rig, after, "&timeout=60"), rig->ada_token, NULL);
	json_t *reply = client_json(rig, &client);
	assert_true(json_flag(reply, "gap"));
	assert_int_equal(json_int(reply, "next"), rig->ops.engine.last_seq);
	assert_int_equal(json_array_size(json_object_get(reply, "events")), 0);
	client_close(&client);
}

static void continuity_that_cannot_be_proven_is_a_gap(void **state)
{
	struct rig *rig = *state;
	post(rig, rig->ops.general_id, "m", 1200);
	prune(rig, 1000);
	struct event_range range;
	assert_int_equal(event_range(rig->ops.engine.db, &range), ERR_OK);
	assert_gap(rig, 0);
	assert_gap(rig, range.oldest - 2);
	assert_gap(rig, rig->ops.engine.last_seq + 1000);
	assert_gap(rig, (INT64_C(2) << EVENT_EPOCH_SHIFT) + 7);
	struct client client =
	    client_follow(rig, path_after(rig, range.oldest - 1, "&timeout=0"), rig->ada_token, NULL);
	json_t *reply = client_json(rig, &client);
	assert_false(json_flag(reply, "gap"));
	assert_int_equal(json_int(json_array_get(json_object_get(reply, "events"), 0), "seq"), range.oldest);
	client_close(&client);
}

static void who_is_overtaken_by_pruning_while_reading_slowly_is_told(void **state)
{
	struct rig *rig = *state;
	const char *long_text = ops_repeat(&rig->ops, "x", 3000);
	int64_t begin = rig->ops.engine.last_seq;
	for (int i = 0; i < 300; i++)
		(void)ops_message(&rig->ops, &rig->ops.ada, rig->ops.general_id, long_text);
	const char *head = arena_printf(
	    &rig->ops.arena, "GET %s HTTP/1.1\r\nHost: x\r\nAccept: " SSE "\r\nAuthorization: Bearer %s\r\n\r\n",
	    path_after(rig, begin, ""), rig->ada_token);
	struct client client = client_connect(rig, head, strlen(head));
	client_read_some(rig, &client, 1000);
	prune(rig, 10);
	client_read(rig, &client);
	int count;
	const int64_t *seqs = client_seqs(rig, &client, &count);
	bool has_gap = client_has(&client, "\nevent: gap\n");
	for (int i = 1; i < count; i++)
		assert_true(seqs[i] == seqs[i - 1] + 1 || has_gap);
	assert_true(has_gap);
	assert_true(count < 300);
	client_close(&client);
}

/* A database restored from a backup counts in another epoch, or in the same one from further below. */
static void another_history_is_a_gap_for_streams_that_are_open(void **state)
{
	struct rig *rig = *state;
	struct client stream = client_follow(rig, "/api/v1/events", rig->ada_token, SSE);
	struct client poll = client_follow(rig, "/api/v1/events?timeout=60", rig->ada_token, NULL);
	ops_sql(&rig->ops, "UPDATE meta SET value = '2' WHERE key = 'epoch'");
	rig->ops.engine.last_seq = INT64_C(2) << EVENT_EPOCH_SHIFT;
	database_reopen(&rig->live->database);
	client_read(rig, &stream);
	client_read(rig, &poll);
	assert_true(client_has(&stream, "\nevent: gap\n"));
	assert_int_equal(client_last_id(&stream), rig->ops.engine.last_seq);
	assert_true(json_flag(client_json(rig, &poll), "gap"));
	post(rig, rig->ops.general_id, "anew", 1);
	client_read(rig, &stream);
	assert_true(client_has(&stream, "anew 0"));
	client_close(&stream);
	client_close(&poll);
}

static void a_message_that_was_deleted_is_gone_from_every_resume(void **state)
{
	struct rig *rig = *state;
	int64_t begin = rig->ops.engine.last_seq;
	int64_t id = ops_message(&rig->ops, &rig->ops.ada, rig->ops.general_id, "take this back");
	rig_settle(rig);
	assert_op(&rig->ops, &rig->ops.ada, "message_delete",
		  json_pack("{s:I, s:I}", "channel_id", (json_int_t)rig->ops.general_id, "message_id", (json_int_t)id),
		  ERR_OK);
	rig_settle(rig);
	assert_true(rig->live->window.after <= begin); /* it is the window that answers */
	struct client client = client_follow(rig, path_after(rig, begin, "&timeout=0"), rig->ada_token, NULL);
	assert_false(client_has(&client, "take this back"));
	assert_false(client_has(&client, "_SCRUBBED"));
	assert_true(client_has(&client, "\"t\":\"MESSAGE_DELETE\""));
	client_close(&client);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_rig, close_rig)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_posted_arrives_at_once_with_its_seq_and_payload),
	    TEST(a_resume_gets_the_rest_exactly_once_wherever_it_begins),
	    TEST(a_follower_that_reads_little_misses_nothing_and_costs_little),
	    TEST(the_header_leads_and_filters_narrow_without_changing_the_cursor),
	    TEST(what_one_may_not_see_is_passed_over_and_the_cursor_passes_too),
	    TEST(permission_is_what_it_is_now),
	    TEST(an_old_cursor_is_no_way_around_history),
	    TEST(a_revoked_token_ends_its_streams_and_no_others),
	    TEST(a_session_that_ended_without_an_event_is_found_out_within_a_minute),
	    TEST(a_poll_waits_and_answers_the_moment_there_is_something),
	    TEST(what_was_committed_before_the_poll_is_in_its_reply),
	    TEST(continuity_that_cannot_be_proven_is_a_gap),
	    TEST(who_is_overtaken_by_pruning_while_reading_slowly_is_told),
	    TEST(another_history_is_a_gap_for_streams_that_are_open),
	    TEST(a_message_that_was_deleted_is_gone_from_every_resume),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
