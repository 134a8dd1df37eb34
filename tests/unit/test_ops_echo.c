/* What is said in a thread and shown in its channel too: the two are edited together, and the echo goes with the
 * message. */
#include "base/ensure.h"
#include "domain/channel/channel.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "ops_fixture.h"
#include "store/house.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct ops ops;
static struct person bob, eve;
static int64_t thread_id;

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	bob = ops_join(&ops, "bob");
	eve = ops_join(&ops, "eve");
	ensure(ops_run(&ops, &bob, "thread_create",
		       json_pack("{s:I, s:s, s:i}", "channel_id", (json_int_t)ops.general_id, "name", "talk", "type",
				 CHANNEL_TYPE_PUBLIC_THREAD)) == ERR_OK);
	thread_id = ops_result_id(&ops, "thread", "id");
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

/* A message in the thread that is in the channel too; its echo is the newest message. */
static int64_t say(const char *content, int64_t *echo_id)
{
	assert_op(
	    &ops, &bob, "message_create",
	    json_pack("{s:I, s:s, s:b}", "channel_id", (json_int_t)thread_id, "content", content, "also_in_channel", 1),
	    ERR_OK);
	*echo_id = ops_int(&ops, "SELECT max(id) FROM messages");
	return ops_result_id(&ops, "message", "id");
}

static json_t *at(int64_t channel_id, int64_t message_id)
{
	return json_pack("{s:I, s:I}", "channel_id", (json_int_t)channel_id, "message_id", (json_int_t)message_id);
}

static enum err edit(const struct person *who, int64_t channel_id, int64_t message_id, const char *content)
{
	json_t *in = at(channel_id, message_id);
	ensure(json_object_set_new(in, "content", json_string(content)) == 0);
	return ops_run(&ops, who, "message_update", in);
}

static const char *content_of(int64_t id)
{
	return ops_text(&ops, "SELECT content FROM messages WHERE id = %lld AND deleted_at_ms IS NULL", (long long)id);
}

static bool is_there(int64_t id)
{
	return ops_int(&ops, "SELECT count(*) FROM messages WHERE id = %lld AND deleted_at_ms IS NULL",
		       (long long)id) != 0;
}

static int count_events(int64_t after, const char *type, int64_t message_id)
{
	int count, found = 0;
	const struct event *events = ops_events(&ops, after, &count);

	for (int i = 0; i < count; i++)
		found += strcmp(events[i].type, type) == 0 && events[i].message_id == message_id;
	return found;
}

static void forbid(uint64_t bit)
{
	assert_op(&ops, &ops.ada, "overwrite_put",
		  json_pack("{s:I, s:I, s:i, s:i, s:I}", "channel_id", (json_int_t)ops.general_id, "target_id",
			    (json_int_t)bob.id, "type", 1, "allow", 0, "deny", (json_int_t)bit),
		  ERR_OK);
}

static void an_edit_of_either_is_one_of_both(void **state)
{
	int64_t echo, id = say("frist", &echo), seq = ops.engine.last_seq;
	char *again = strdup(ops_text(&ops, "SELECT 'second, <@' || %lld || '>'", (long long)eve.id));

	(void)state;
	assert_int_equal(edit(&bob, thread_id, id, "first"), ERR_OK);
	assert_int_equal(ops_result_id(&ops, "message", "id"), id);
	assert_string_equal(content_of(id), "first");
	assert_string_equal(content_of(echo), "first");
	assert_int_equal(count_events(seq, "MESSAGE_UPDATE", id), 1);
	assert_int_equal(count_events(seq, "MESSAGE_UPDATE", echo), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_versions WHERE content = 'frist'"), 2);
	assert_int_equal(edit(&bob, ops.general_id, echo, again), ERR_OK);
	assert_int_equal(ops_result_id(&ops, "message", "id"), echo);
	assert_string_equal(content_of(id), again);
	assert_string_equal(content_of(echo), again);
	/* Who is mentioned is told in the thread alone. */
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM mentions WHERE target_id = %lld", (long long)eve.id), 1);
	assert_int_equal(ops_int(&ops, "SELECT message_id FROM mentions WHERE target_id = %lld", (long long)eve.id),
			 id);
	free(again);
	assert_int_equal(edit(&eve, ops.general_id, echo, "mine"), ERR_NOT_AUTHOR);
	/* What is hidden of one, such as the preview of a link, is hidden there. */
	json_t *flags = at(ops.general_id, echo);
	ensure(json_object_set_new(flags, "flags", json_integer(MESSAGE_FLAG_SUPPRESS_EMBEDS)) == 0);
	assert_op(&ops, &ops.ada, "message_update", flags, ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT flags FROM messages WHERE id = %lld", (long long)id), 0);
	ops_sql(&ops, "INSERT INTO search (search) VALUES ('integrity-check')");
}

static void embeds_are_edited_with_it(void **state)
{
	int64_t echo, id = say("look", &echo);
	json_t *in = at(thread_id, id);

	(void)state;
	ensure(json_object_set_new(in, "embeds", json_pack("[{s:s}]", "title", "seen")) == 0);
	assert_op(&ops, &bob, "message_update", in, ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_embeds WHERE embed LIKE '%%seen%%'"), 2);
	in = at(ops.general_id, echo);
	ensure(json_object_set_new(in, "embeds", json_array()) == 0);
	assert_op(&ops, &bob, "message_update", in, ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_embeds"), 0);
}

static void who_may_not_write_in_one_place_edits_in_neither(void **state)
{
	int64_t echo, id = say("words", &echo), seq = ops.engine.last_seq;

	(void)state;
	forbid(PERM_SEND_MESSAGES);
	assert_int_equal(edit(&bob, thread_id, id, "other words"), ERR_MISSING_PERMISSIONS);
	assert_int_equal(edit(&bob, ops.general_id, echo, "other words"), ERR_MISSING_PERMISSIONS);
	forbid(PERM_SEND_IN_THREADS);
	assert_int_equal(edit(&bob, ops.general_id, echo, "other words"), ERR_MISSING_PERMISSIONS);
	assert_string_equal(content_of(id), "words");
	assert_string_equal(content_of(echo), "words");
	/* But it can be taken back. */
	seq = ops.engine.last_seq;
	assert_op(&ops, &bob, "message_delete", at(thread_id, id), ERR_OK);
	assert_int_equal(count_events(seq, "MESSAGE_DELETE", echo), 1);
}

static void the_echo_goes_with_the_message_and_leaves_nothing(void **state)
{
	int64_t echo, id = say("confidential", &echo), seq = ops.engine.last_seq;

	(void)state;
	assert_int_equal(edit(&bob, thread_id, id, "confidential too"), ERR_OK);
	assert_op(&ops, &bob, "message_delete", at(thread_id, id), ERR_OK);
	assert_false(is_there(id));
	assert_false(is_there(echo));
	assert_int_equal(count_events(seq, "MESSAGE_DELETE", id), 1);
	assert_int_equal(count_events(seq, "MESSAGE_DELETE", echo), 1);
	assert_int_equal(ops_int(&ops,
				 "SELECT (SELECT count(*) FROM events WHERE payload LIKE '%%confidential%%')"
				 " + (SELECT count(*) FROM message_versions) + (SELECT count(*) FROM message_echoes)"),
			 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM search WHERE search MATCH 'confidential'"), 0);
	assert_int_equal(ops_int(&ops, "SELECT message_count FROM threads WHERE id = %lld", (long long)thread_id), 0);
	ops_sql(&ops, "INSERT INTO search (search) VALUES ('integrity-check')");
}

static void the_echo_can_be_taken_away_alone(void **state)
{
	int64_t echo, id = say("here", &echo);

	(void)state;
	assert_op(&ops, &bob, "message_delete", at(ops.general_id, echo), ERR_OK);
	assert_true(is_there(id));
	assert_int_equal(ops_int(&ops, "SELECT parts FROM messages WHERE id = %lld", (long long)id), 0);
	assert_int_equal(edit(&bob, thread_id, id, "there"), ERR_OK);
	assert_false(is_there(echo));
	assert_string_equal(content_of(id), "there");
	assert_op(&ops, &bob, "message_delete", at(thread_id, id), ERR_OK);
}

/* A poll is not echoed: where the text beside it goes, nothing is left of the echo. */
static void an_echo_that_would_be_empty_goes(void **state)
{
	int64_t echo, id, seq;
	json_t *in =
	    json_pack("{s:I, s:s, s:b}", "channel_id", (json_int_t)thread_id, "content", "see", "also_in_channel", 1);

	(void)state;
	ensure(json_object_set_new(
		   in, "poll",
		   ops_json("{'question': {'text': 'When?'}, 'answers': [{'poll_media': {'text': 'Now'}}]}")) == 0);
	assert_op(&ops, &bob, "message_create", in, ERR_OK);
	id = ops_result_id(&ops, "message", "id");
	echo = ops_int(&ops, "SELECT max(id) FROM messages");
	seq = ops.engine.last_seq;
	assert_int_equal(edit(&bob, ops.general_id, echo, ""), ERR_EMPTY_MESSAGE);
	assert_int_equal(edit(&bob, thread_id, id, ""), ERR_OK);
	assert_true(is_there(id));
	assert_false(is_there(echo));
	assert_int_equal(count_events(seq, "MESSAGE_DELETE", echo), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM search WHERE search MATCH 'see'"), 0);
	assert_int_equal(
	    ops_int(&ops, "SELECT count(*) FROM message_versions WHERE message_id = %lld", (long long)echo), 0);
	ops_sql(&ops, "INSERT INTO search (search) VALUES ('integrity-check')");
}

/* A file as the front has received it; all of one content. */
static json_t *received(const char *name)
{
	static unsigned serial;
	const char *token = arena_printf(&ops.arena, "%032x", ++serial);
	int fd = open(arena_printf(&ops.arena, "%s/files/incoming/%s", ops.folder, token), O_WRONLY | O_CREAT, 0600);

	ensure(fd >= 0 && write(fd, "x", 1) == 1 && close(fd) == 0);
	return json_pack("{s:s, s:s, s:i, s:s, s:s}", "incoming", token, "hash", ops_repeat(&ops, "a", 64), "size", 1,
			 "type", "text/plain", "name", name);
}

static const char *files_of(int64_t id)
{
	return ops_text(
	    &ops,
	    "SELECT coalesce(group_concat(name), '') FROM (SELECT name FROM attachments WHERE message_id = %lld "
	    "ORDER BY position)",
	    (long long)id);
}

static void an_echo_has_the_files_that_the_message_has(void **state)
{
	char before[512];
	int64_t echo, id, kept;
	json_t *in = json_pack("{s:I, s:b}", "channel_id", (json_int_t)thread_id, "also_in_channel", 1);

	(void)state;
	ensure(getcwd(before, sizeof(before)) != NULL && chdir(ops.folder) == 0 && mkdir("files", 0700) == 0 &&
	       mkdir("files/incoming", 0700) == 0);
	ensure(json_object_set_new(in, "files", json_pack("[o, o]", received("one.txt"), received("two.txt"))) == 0);
	assert_op(&ops, &bob, "message_create", in, ERR_OK);
	id = ops_result_id(&ops, "message", "id");
	echo = ops_int(&ops, "SELECT max(id) FROM messages");
	assert_string_equal(files_of(echo), "one.txt,two.txt");
	kept = ops_int(&ops, "SELECT id FROM attachments WHERE message_id = %lld AND name = 'two.txt'", (long long)id);
	in = at(thread_id, id);
	ensure(json_object_set_new(in, "attachments", json_pack("[I]", (json_int_t)kept)) == 0);
	ensure(json_object_set_new(in, "files", json_pack("[o]", received("three.txt"))) == 0);
	assert_op(&ops, &bob, "message_update", in, ERR_OK);
	assert_string_equal(files_of(id), "two.txt,three.txt");
	assert_string_equal(files_of(echo), "two.txt,three.txt");
	/* What is not changed gets no new files, whose addresses would be others. */
	kept = ops_int(&ops, "SELECT max(id) FROM attachments");
	assert_int_equal(edit(&bob, thread_id, id, "words beside them"), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT max(id) FROM attachments"), kept);
	assert_op(&ops, &bob, "message_delete", at(thread_id, id), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM attachments"), 0);
	assert_int_equal(ops_int(&ops, "SELECT bytes FROM file_usage WHERE user_id = %lld", (long long)bob.id), 0);
	ensure(chdir(before) == 0);
}

/* Both are among what its author wrote, and each is taken once: the counts of blocks say so. */
static void a_ban_takes_each_of_them_once(void **state)
{
	int64_t echo, id = say("spam", &echo), seq = ops.engine.last_seq;

	(void)state;
	ops.is_quick = true;
	for (int i = 0; i < 130; i++) {
		(void)ops_message(&ops, &ops.ada, ops.general_id, "talk");
		(void)ops_message(&ops, &ops.ada, thread_id, "talk");
	}
	assert_op(&ops, &ops.ada, "ban_create",
		  json_pack("{s:I, s:I, s:I}", "guild_id", (json_int_t)ops.guild_id, "user_id", (json_int_t)bob.id,
			    "delete_message_seconds", (json_int_t)3600),
		  ERR_OK);
	assert_false(is_there(id));
	assert_false(is_there(echo));
	assert_int_equal(count_events(seq, "MESSAGE_DELETE", id), 1);
	assert_int_equal(count_events(seq, "MESSAGE_DELETE", echo), 1);
	assert_int_equal(ops_int(&ops,
				 "SELECT count(*) FROM message_blocks b WHERE message_count <> (SELECT count(*) FROM "
				 "messages m WHERE m.channel_id = b.channel_id AND m.deleted_at_ms IS NULL AND "
				 "m.id <= b.last_id AND m.id > coalesce((SELECT max(last_id) FROM message_blocks p "
				 "WHERE p.channel_id = b.channel_id AND p.last_id < b.last_id), 0))"),
			 0);
	assert_int_equal(ops_int(&ops, "SELECT message_count FROM threads WHERE id = %lld", (long long)thread_id), 130);
}

static void many_are_deleted_with_their_echoes(void **state)
{
	int64_t echoes[2], ids[2], seq;

	(void)state;
	for (int i = 0; i < 2; i++)
		ids[i] = say("loud", &echoes[i]);
	seq = ops.engine.last_seq;
	assert_op(&ops, &ops.ada, "message_bulk_delete",
		  json_pack("{s:I, s:[I, I]}", "channel_id", (json_int_t)thread_id, "messages", (json_int_t)ids[0],
			    (json_int_t)ids[1]),
		  ERR_OK);
	for (int i = 0; i < 2; i++) {
		assert_false(is_there(echoes[i]));
		assert_int_equal(count_events(seq, "MESSAGE_DELETE", echoes[i]), 1);
	}
}

/* Of a thread that is deleted, what was said in the channel too is said there. */
static void echoes_outlive_a_thread_that_is_deleted(void **state)
{
	int64_t echo;
	bool is_done = false;

	(void)state;
	(void)say("stays", &echo);
	assert_op(&ops, &ops.ada, "channel_delete", json_pack("{s:I}", "channel_id", (json_int_t)thread_id), ERR_OK);
	assert_int_equal(edit(&bob, ops.general_id, echo, "stays, at once"), ERR_OK);
	while (!is_done)
		assert_int_equal(house_keep(&ops.engine, 100000, &is_done), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_echoes"), 0);
	assert_int_equal(edit(&bob, ops.general_id, echo, "stays here"), ERR_OK);
	assert_string_equal(content_of(echo), "stays here");
	assert_op(&ops, &bob, "message_delete", at(ops.general_id, echo), ERR_OK);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(an_edit_of_either_is_one_of_both),
	    SET_UP(embeds_are_edited_with_it),
	    SET_UP(who_may_not_write_in_one_place_edits_in_neither),
	    SET_UP(the_echo_goes_with_the_message_and_leaves_nothing),
	    SET_UP(the_echo_can_be_taken_away_alone),
	    SET_UP(an_echo_that_would_be_empty_goes),
	    SET_UP(an_echo_has_the_files_that_the_message_has),
	    SET_UP(a_ban_takes_each_of_them_once),
	    SET_UP(many_are_deleted_with_their_echoes),
	    SET_UP(echoes_outlive_a_thread_that_is_deleted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
