/* What becomes of threads: archived when nobody writes, deleted by themselves or with their channel; and that no list
 * of channels knows of them, nor what is for such a list of them. */
#include "base/ensure.h"
#include "domain/channel/channel.h"
#include "domain/perm.h"
#include "domain/thread/thread.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;
static struct person bob, eve;

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	bob = ops_join(&ops, "bob");
	eve = ops_join(&ops, "eve");
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

/* Starts a thread in a channel with further members of the input. */
static enum err start(const struct person *who, int64_t channel_id, json_t *more)
{
	json_t *in = json_pack("{s:I, s:s}", "channel_id", (json_int_t)channel_id, "name", "talk");

	ensure(json_object_update_new(in, more) == 0);
	return ops_run(&ops, who, "thread_create", in);
}

static enum err start_of(const struct person *who, int64_t channel_id, int64_t message_id)
{
	return start(who, channel_id, json_pack("{s:I}", "message_id", (json_int_t)message_id));
}

static int64_t public_thread(const struct person *who)
{
	ensure(start(who, ops.general_id, ops_json("{'type': 11}")) == ERR_OK);
	return ops_result_id(&ops, "thread", "id");
}

static int64_t private_thread(const struct person *who)
{
	ensure(start(who, ops.general_id, json_object()) == ERR_OK);
	return ops_result_id(&ops, "thread", "id");
}

static enum err update(const struct person *who, int64_t thread_id, json_t *changes)
{
	ensure(json_object_set_new(changes, "channel_id", json_integer(thread_id)) == 0);
	return ops_run(&ops, who, "channel_update", changes);
}

static enum err post(const struct person *who, int64_t channel_id)
{
	return ops_run(&ops, who, "message_create",
		       json_pack("{s:I, s:s}", "channel_id", (json_int_t)channel_id, "content", "words"));
}

static uint64_t bits_of(const struct person *who, int64_t channel_id)
{
	uint64_t bits;
	enum err err = perm_of_channel(ops.engine.db, &ops.arena, channel_id, who->id, &bits);

	ensure(err == ERR_OK || err == ERR_UNKNOWN_CHANNEL);
	return bits;
}

static int64_t message_count(int64_t thread_id)
{
	return ops_int(&ops, "SELECT message_count FROM threads WHERE id = %lld", (long long)thread_id);
}

static bool is_archived(int64_t thread_id)
{
	return ops_int(&ops, "SELECT archived_at_ms IS NOT NULL FROM channels WHERE id = %lld", (long long)thread_id) !=
	       0;
}

/* How many events of a type there were behind a seq; *last is the payload of the newest. */
static int count_events(int64_t after, const char *type, json_t **last)
{
	int count, found = 0;
	const struct event *events = ops_events(&ops, after, &count);

	for (int i = 0; i < count; i++) {
		if (strcmp(events[i].type, type) != 0)
			continue;
		found++;
		if (last != NULL)
			ensure(json_parse_own(&ops.arena, events[i].payload, events[i].payload_n, last) == ERR_OK);
	}
	return found;
}

static void moderators_alone_delete_one(void **state)
{
	int64_t message = ops_message(&ops, &ops.ada, ops.general_id, "a question"), seq;
	json_t *told = NULL, *starter = NULL;

	(void)state;
	assert_int_equal(start_of(&bob, ops.general_id, message), ERR_OK);
	(void)ops_message(&ops, &bob, message, "an answer");
	assert_op(&ops, &bob, "channel_delete", json_pack("{s:I}", "channel_id", (json_int_t)message),
		  ERR_MISSING_PERMISSIONS);
	seq = ops.engine.last_seq;
	assert_op(&ops, &ops.ada, "channel_delete", json_pack("{s:I}", "channel_id", (json_int_t)message), ERR_OK);
	assert_int_equal(count_events(seq, "THREAD_DELETE", &told), 1);
	assert_int_equal(json_id(told, "id"), message);
	assert_int_equal(json_id(told, "parent_id"), ops.general_id);
	assert_int_equal(json_int(told, "type"), 11);
	assert_int_equal(count_events(seq, "CHANNEL_DELETE", NULL), 0);
	assert_int_equal(count_events(seq, "MESSAGE_UPDATE", &starter), 1);
	assert_int_equal(json_int(starter, "flags"), 0);
	assert_null(json_object_get(starter, "thread"));
	assert_int_equal(bits_of(&ops.ada, message), 0);
	assert_int_equal(post(&ops.ada, message), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM threads"), 0);
}

static void purge(void)
{
	struct apply apply = ops_apply(&ops);
	bool is_done = false;

	while (!is_done)
		ensure(channel_purge(&apply, &is_done) == ERR_OK);
	ensure(op_settle(&ops.engine) == ERR_OK);
}

static void what_it_held_goes_from_the_disk_and_the_message_may_have_another(void **state)
{
	int64_t message = ops_message(&ops, &ops.ada, ops.general_id, "a question");

	(void)state;
	assert_int_equal(start_of(&bob, ops.general_id, message), ERR_OK);
	(void)ops_message(&ops, &bob, message, "a secret answer");
	assert_op(&ops, &ops.ada, "channel_delete", json_pack("{s:I}", "channel_id", (json_int_t)message), ERR_OK);
	assert_int_equal(start_of(&bob, ops.general_id, message), ERR_THREAD_EXISTS);
	purge();
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages WHERE content LIKE '%%secret%%'"), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM events WHERE payload LIKE '%%secret%%'"), 0);
	assert_int_equal(
	    ops_int(&ops, "SELECT count(*) FROM channel_members WHERE channel_id = %lld", (long long)message), 0);
	assert_int_equal(start_of(&eve, ops.general_id, message), ERR_OK);
	assert_int_equal(message_count(message), 0);
}

static void threads_go_with_their_channel(void **state)
{
	int64_t channel = ops_channel(&ops, &ops.ada, "short"), open, archived;

	(void)state;
	assert_int_equal(start(&bob, channel, ops_json("{'type': 11}")), ERR_OK);
	open = ops_result_id(&ops, "thread", "id");
	assert_int_equal(start(&bob, channel, json_object()), ERR_OK);
	archived = ops_result_id(&ops, "thread", "id");
	assert_int_equal(update(&bob, archived, ops_json("{'archived': true}")), ERR_OK);
	(void)ops_message(&ops, &bob, open, "a secret");
	assert_op(&ops, &ops.ada, "channel_delete", json_pack("{s:I}", "channel_id", (json_int_t)channel), ERR_OK);
	assert_int_equal(post(&bob, open), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(post(&bob, archived), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM threads"), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM channels WHERE type IN (11, 12) AND name <> ''"), 0);
	purge();
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages WHERE content LIKE '%%secret%%'"), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM events WHERE payload LIKE '%%secret%%'"), 0);
}

static void an_archived_channel_archives_its_threads_and_opens_none(void **state)
{
	int64_t channel = ops_channel(&ops, &ops.ada, "old"), thread, seq;

	(void)state;
	assert_int_equal(start(&bob, channel, ops_json("{'type': 11}")), ERR_OK);
	thread = ops_result_id(&ops, "thread", "id");
	seq = ops.engine.last_seq;
	assert_int_equal(update(&ops.ada, channel, ops_json("{'archived': true}")), ERR_OK);
	assert_true(is_archived(thread));
	assert_int_equal(count_events(seq, "THREAD_UPDATE", NULL), 1);
	assert_int_equal(post(&ops.ada, thread), ERR_ARCHIVED);
	assert_int_equal(update(&ops.ada, thread, ops_json("{'archived': false}")), ERR_ARCHIVED);
	assert_int_equal(start(&ops.ada, channel, ops_json("{'type': 11}")), ERR_ARCHIVED);
	assert_int_equal(update(&ops.ada, channel, ops_json("{'archived': false}")), ERR_OK);
	assert_true(is_archived(thread));
	assert_int_equal(post(&bob, thread), ERR_OK);
}

static bool keep_house(void)
{
	struct apply apply = ops_apply(&ops);
	bool is_done;

	ensure(thread_archive_idle(&apply, &is_done) == ERR_OK);
	ensure(op_settle(&ops.engine) == ERR_OK);
	return is_done;
}

static void let_time_pass(int64_t thread_id, int64_t minutes)
{
	ops_sql(&ops,
		"UPDATE threads SET opened_at_ms = opened_at_ms - %lld, idle_check_at_ms = idle_check_at_ms - %lld "
		"WHERE id = %lld",
		(long long)minutes * 60000, (long long)minutes * 60000, (long long)thread_id);
}

static void an_idle_thread_is_archived_by_itself(void **state)
{
	int64_t quiet = public_thread(&bob), busy = public_thread(&bob), seq = ops.engine.last_seq;

	(void)state;
	(void)ops_message(&ops, &bob, busy, "a word");
	let_time_pass(quiet, 4319);
	let_time_pass(busy, 4321);
	assert_true(keep_house());
	assert_false(is_archived(quiet));
	assert_false(is_archived(busy)); /* somebody wrote meanwhile */
	assert_true(ops_int(&ops, "SELECT idle_check_at_ms > opened_at_ms + 4320 * 60000 FROM threads WHERE id = %lld",
			    (long long)busy) != 0);
	let_time_pass(quiet, 2);
	assert_true(keep_house());
	assert_true(is_archived(quiet));
	assert_int_equal(count_events(seq, "THREAD_UPDATE", NULL), 1);
	assert_true(keep_house());
	assert_int_equal(count_events(seq, "THREAD_UPDATE", NULL), 1);
}

static void no_more_than_a_thousand_are_active(void **state)
{
	int64_t thread = public_thread(&bob);

	(void)state;
	assert_int_equal(update(&bob, thread, ops_json("{'archived': true}")), ERR_OK);
	ops_sql(&ops,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
		"INSERT INTO channels (id, guild_id, parent_id, type, name) SELECT i, %lld, %lld, 11, 'x' FROM n",
		(long long)ops.guild_id, (long long)ops.general_id);
	assert_int_equal(start(&bob, ops.general_id, ops_json("{'type': 11}")), ERR_TOO_MANY_THREADS);
	assert_int_equal(post(&bob, thread), ERR_TOO_MANY_THREADS);
	ops_sql(&ops, "UPDATE channels SET archived_at_ms = 1 WHERE id = 7");
	assert_int_equal(post(&bob, thread), ERR_OK);
	assert_int_equal(start(&bob, ops.general_id, ops_json("{'type': 11}")), ERR_TOO_MANY_THREADS);
}

/* Every op on channels that has no meaning for a thread. */
static void a_thread_is_no_channel_of_the_list(void **state)
{
	static const char *const refused[] = {
	    "{'op': 'overwrite_put', 'target_id': '1', 'type': 0, 'allow': '0', 'deny': '1024'}",
	    "{'op': 'overwrite_delete', 'target_id': '1'}",
	    "{'op': 'channel_join'}",
	    "{'op': 'channel_leave'}",
	    "{'op': 'channel_member_add', 'user_id': '1'}",
	    "{'op': 'channel_member_remove', 'user_id': '1'}",
	    "{'op': 'channel_member_role', 'user_id': '1', 'role': 'admin'}",
	    "{'op': 'channel_owner', 'user_id': '1'}",
	    "{'op': 'channel_ban_create', 'user_id': '1'}",
	    "{'op': 'channel_ban_delete', 'user_id': '1'}",
	    "{'op': 'invite_create'}",
	};
	int64_t threads[] = {public_thread(&ops.ada), private_thread(&ops.ada)};

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		for (size_t j = 0; j < 2; j++) {
			json_t *in = ops_json("%s", refused[i]);
			char *op = strdup(json_text(in, "op"));
			ensure(json_object_set_new(in, "channel_id", json_integer(threads[j])) == 0);
			assert_op(&ops, &ops.ada, op, in, ERR_CHANNEL_TYPE);
			free(op);
		}
	}
	assert_op(&ops, &ops.ada, "channel_order",
		  json_pack("{s:I, s:[{s:I, s:i}]}", "guild_id", (json_int_t)ops.guild_id, "items", "id",
			    (json_int_t)threads[0], "position", 3),
		  ERR_UNKNOWN_CHANNEL);
	assert_op(&ops, &ops.ada, "channel_create",
		  json_pack("{s:I, s:s, s:I}", "guild_id", (json_int_t)ops.guild_id, "name", "below", "parent_id",
			    (json_int_t)threads[0]),
		  ERR_INVALID_FORM);
}

static size_t count_visible(const struct person *who)
{
	struct channel *list;
	size_t count;

	ensure(channel_list_visible(ops.engine.db, &ops.arena, ops.guild_id, who->id, &list, &count) == ERR_OK);
	return count;
}

static void no_list_of_channels_holds_threads(void **state)
{
	size_t before = count_visible(&bob);
	int64_t thread = public_thread(&bob);

	(void)state;
	assert_int_equal(count_visible(&bob), before);
	/* Neither a category's end nor a role's, nor a new owner, touches them. */
	assert_op(&ops, &ops.ada, "role_create",
		  json_pack("{s:I, s:s}", "guild_id", (json_int_t)ops.guild_id, "name", "r"), ERR_OK);
	assert_op(&ops, &ops.ada, "role_delete",
		  json_pack("{s:I, s:I}", "guild_id", (json_int_t)ops.guild_id, "role_id",
			    (json_int_t)ops_result_id(&ops, "role", "id")),
		  ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT owner_id FROM channels WHERE id = %lld", (long long)thread), bob.id);
	/* Where a new channel stands, and how many there may be, has nothing to do with them. */
	ops_sql(&ops, "UPDATE channels SET position = 99 WHERE id = %lld", (long long)thread);
	(void)ops_channel(&ops, &ops.ada, "next");
	assert_int_equal(json_int(json_object_get(ops.result, "channel"), "position"), 1);
}

static void a_workspace_takes_its_threads_along(void **state)
{
	int64_t thread = public_thread(&bob);
	char *name = strdup(ops_text(&ops, "SELECT name FROM guilds WHERE id = %lld", (long long)ops.guild_id));

	(void)state;
	assert_op(&ops, &ops.ada, "guild_delete",
		  json_pack("{s:I, s:s}", "guild_id", (json_int_t)ops.guild_id, "name", name), ERR_OK);
	free(name);
	assert_int_equal(
	    ops_int(&ops, "SELECT deleted_at_ms IS NOT NULL FROM channels WHERE id = %lld", (long long)thread), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM threads"), 0);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(moderators_alone_delete_one),
	    SET_UP(what_it_held_goes_from_the_disk_and_the_message_may_have_another),
	    SET_UP(threads_go_with_their_channel),
	    SET_UP(an_archived_channel_archives_its_threads_and_opens_none),
	    SET_UP(an_idle_thread_is_archived_by_itself),
	    SET_UP(no_more_than_a_thousand_are_active),
	    SET_UP(a_thread_is_no_channel_of_the_list),
	    SET_UP(no_list_of_channels_holds_threads),
	    SET_UP(a_workspace_takes_its_threads_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
