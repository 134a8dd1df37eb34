/* Threads: starting and changing them, what a message in one does, and who may. Who follows them is
 * test_ops_thread_member.c, what becomes of them test_ops_thread_end.c. */
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

static const json_t *made(void)
{
	return json_object_get(ops.result, "thread");
}

static const json_t *metadata(const char *of)
{
	return json_object_get(json_object_get(ops.result, of), "thread_metadata");
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

static void forbid_writing(uint64_t bits)
{
	assert_op(&ops, &ops.ada, "overwrite_put",
		  json_pack("{s:I, s:I, s:i, s:i, s:I}", "channel_id", (json_int_t)ops.general_id, "target_id",
			    (json_int_t)ops.guild_id, "type", 0, "allow", 0, "deny", (json_int_t)bits),
		  ERR_OK);
}

static void a_thread_of_a_message_has_its_id(void **state)
{
	int64_t message = ops_message(&ops, &ops.ada, ops.general_id, "a question"), seq = ops.engine.last_seq;
	json_t *created = NULL, *starter = NULL;

	(void)state;
	assert_int_equal(start_of(&bob, ops.general_id, message), ERR_OK);
	assert_int_equal(json_id(made(), "id"), message);
	assert_int_equal(json_int(made(), "type"), 11);
	assert_int_equal(json_id(made(), "parent_id"), ops.general_id);
	assert_int_equal(json_id(made(), "owner_id"), bob.id);
	assert_int_equal(json_int(made(), "member_count"), 2); /* and who wrote the message */
	assert_int_equal(json_id(json_object_get(made(), "member"), "user_id"), bob.id);
	assert_int_equal(count_events(seq, "THREAD_CREATE", &created), 1);
	assert_true(json_is_true(json_object_get(created, "newly_created")));
	assert_null(json_object_get(created, "member"));
	assert_int_equal(count_events(seq, "MESSAGE_UPDATE", &starter), 1);
	assert_int_equal(json_int(starter, "flags"), 32);
	assert_int_equal(json_id(json_object_get(starter, "thread"), "id"), message);
	assert_null(json_object_get(starter, "edited_timestamp") == NULL ? NULL
									 : json_text(starter, "edited_timestamp"));
}

static void a_message_has_one_thread(void **state)
{
	int64_t message = ops_message(&ops, &bob, ops.general_id, "a question");

	(void)state;
	assert_int_equal(start_of(&bob, ops.general_id, message), ERR_OK);
	assert_int_equal(start_of(&eve, ops.general_id, message), ERR_THREAD_EXISTS);
	assert_int_equal(start_of(&eve, ops.general_id, message + 1), ERR_UNKNOWN_MESSAGE);
	assert_op(&ops, &bob, "message_delete",
		  json_pack("{s:I, s:I}", "channel_id", (json_int_t)ops.general_id, "message_id", (json_int_t)message),
		  ERR_OK);
	assert_int_equal(bits_of(&eve, message) & PERM_SEND_MESSAGES, PERM_SEND_MESSAGES); /* it goes on without it */
	assert_int_equal(start_of(&eve, ops.general_id, message), ERR_UNKNOWN_MESSAGE);
}

static void a_message_of_another_channel_has_no_thread_in_this_one(void **state)
{
	int64_t other = ops_channel(&ops, &ops.ada, "other"), message = ops_message(&ops, &ops.ada, other, "there");

	(void)state;
	assert_int_equal(start_of(&ops.ada, ops.general_id, message), ERR_UNKNOWN_MESSAGE);
}

static void a_thread_without_a_type_is_private(void **state)
{
	(void)state;
	assert_int_equal(start(&bob, ops.general_id, json_object()), ERR_OK);
	assert_int_equal(json_int(made(), "type"), 12);
	assert_true(json_is_true(json_object_get(metadata("thread"), "invitable")));
	assert_int_equal(json_int(metadata("thread"), "auto_archive_duration"), 4320);
	assert_int_equal(start(&bob, ops.general_id, ops_json("{'type': 11}")), ERR_OK);
	assert_int_equal(json_int(made(), "type"), 11);
	assert_null(json_object_get(metadata("thread"), "invitable"));
	assert_int_equal(start(&bob, ops.general_id, ops_json("{'type': 10}")), ERR_OK);
	assert_int_equal(json_int(made(), "type"), 11);
	assert_int_equal(start(&bob, ops.general_id, ops_json("{'type': 0}")), ERR_INVALID_FORM);
	assert_int_equal(start(&bob, ops.general_id, ops_json("{'type': 4}")), ERR_INVALID_FORM);
}

static void a_thread_by_itself_is_told_of_in_its_channel(void **state)
{
	int64_t seq = ops.engine.last_seq, thread = public_thread(&bob), notice;
	json_t *told = NULL;

	(void)state;
	assert_int_equal(count_events(seq, "MESSAGE_CREATE", &told), 1);
	notice = json_id(told, "id");
	assert_int_equal(json_int(told, "type"), 18);
	assert_string_equal(json_text(told, "content"), "talk");
	assert_int_equal(json_id(told, "channel_id"), ops.general_id);
	assert_int_equal(json_id(json_object_get(told, "message_reference"), "channel_id"), thread);
	assert_null(json_object_get(json_object_get(told, "message_reference"), "message_id"));
	assert_null(json_object_get(told, "referenced_message"));
	(void)private_thread(&bob);
	assert_int_equal(count_events(seq, "MESSAGE_CREATE", NULL), 1);
	/* Its name goes with it. */
	assert_op(&ops, &ops.ada, "channel_delete", json_pack("{s:I}", "channel_id", (json_int_t)thread), ERR_OK);
	assert_int_equal(ops_int(&ops,
				 "SELECT deleted_at_ms IS NOT NULL AND content = '' FROM messages WHERE id = %lld",
				 (long long)notice),
			 1);
	assert_int_equal(count_events(seq, "MESSAGE_CREATE", NULL), 0);
}

static enum err post_also(const struct person *who, int64_t thread_id, const char *content, const char *nonce)
{
	return ops_run(&ops, who, "message_create",
		       json_pack("{s:I, s:s, s:b, s:s}", "channel_id", (json_int_t)thread_id, "content", content,
				 "also_in_channel", 1, "nonce", nonce));
}

static void what_is_said_in_a_thread_is_shown_in_its_channel_too_if_asked(void **state)
{
	int64_t thread = public_thread(&bob), hidden = private_thread(&bob), seq = ops.engine.last_seq, count;
	char *text = strdup(ops_text(&ops, "SELECT 'look, <@' || %lld || '>'", (long long)eve.id));
	json_t *told = NULL;

	(void)state;
	assert_int_equal(post_also(&bob, thread, text, "first"), ERR_OK);
	assert_int_equal(ops_result_id(&ops, "message", "channel_id"), thread);
	assert_int_equal(count_events(seq, "MESSAGE_CREATE", &told), 2);
	assert_int_equal(json_id(told, "channel_id"), ops.general_id);
	assert_string_equal(json_text(told, "content"), text);
	assert_int_equal(json_id(json_object_get(told, "message_reference"), "channel_id"), thread);
	assert_null(json_object_get(told, "nonce"));
	/* Who is mentioned is told once. */
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM mentions WHERE target_id = %lld", (long long)eve.id), 1);
	assert_int_equal(ops_int(&ops, "SELECT channel_id FROM mentions WHERE target_id = %lld", (long long)eve.id),
			 thread);
	/* A retry repeats neither. */
	count = ops_int(&ops, "SELECT count(*) FROM messages");
	assert_int_equal(post_also(&bob, thread, text, "first"), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages"), count);
	free(text);
	assert_int_equal(post_also(&bob, hidden, "in private", "2"), ERR_CHANNEL_TYPE);
	assert_int_equal(post_also(&bob, ops.general_id, "nowhere else", "3"), ERR_CHANNEL_TYPE);
	forbid_writing(PERM_SEND_MESSAGES);
	assert_int_equal(post_also(&bob, thread, "silenced there", "4"), ERR_MISSING_PERMISSIONS);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages"), count);
}

static void names_and_times_are_checked(void **state)
{
	(void)state;
	assert_int_equal(start(&bob, ops.general_id, ops_json("{'name': '   '}")), ERR_INVALID_FORM);
	assert_int_equal(start(&bob, ops.general_id, json_pack("{s:s}", "name", ops_repeat(&ops, "\xc3\xa4", 101))),
			 ERR_INVALID_FORM);
	assert_int_equal(start(&bob, ops.general_id, json_pack("{s:s}", "name", ops_repeat(&ops, "\xc3\xa4", 100))),
			 ERR_OK);
	assert_int_equal(start(&bob, ops.general_id, ops_json("{'auto_archive_duration': 61}")), ERR_INVALID_FORM);
	assert_non_null(ops_complaint(&ops, "auto_archive_duration"));
	assert_int_equal(start(&bob, ops.general_id, ops_json("{'auto_archive_duration': 60}")), ERR_OK);
	assert_int_equal(json_int(metadata("thread"), "auto_archive_duration"), 60);
	assert_int_equal(start(&bob, ops.general_id, ops_json("{'rate_limit_per_user': 21601}")), ERR_INVALID_FORM);
}

static void several_threads_may_have_the_name_of_a_channel(void **state)
{
	(void)state;
	assert_int_equal(start(&bob, ops.general_id, ops_json("{'type': 11, 'name': 'general'}")), ERR_OK);
	assert_int_equal(start(&bob, ops.general_id, ops_json("{'type': 11, 'name': 'general'}")), ERR_OK);
	assert_int_equal(start(&bob, ops.general_id, ops_json("{'type': 11, 'name': 'free'}")), ERR_OK);
	(void)ops_channel(&ops, &ops.ada, "free");
}

static void threads_stand_in_text_channels_alone(void **state)
{
	int64_t thread = public_thread(&ops.ada), category;

	(void)state;
	assert_op(&ops, &ops.ada, "channel_create",
		  json_pack("{s:I, s:s, s:i}", "guild_id", (json_int_t)ops.guild_id, "name", "shelf", "type", 4),
		  ERR_OK);
	category = ops_result_id(&ops, "channel", "id");
	assert_int_equal(start(&ops.ada, category, ops_json("{'type': 11}")), ERR_CHANNEL_TYPE);
	assert_int_equal(start(&ops.ada, thread, ops_json("{'type': 11}")), ERR_CHANNEL_TYPE);
	assert_op(&ops, &bob, "direct_create", json_pack("{s:I}", "recipient_id", (json_int_t)ops.ada.id), ERR_OK);
	assert_int_equal(start(&bob, ops_result_id(&ops, "channel", "id"), ops_json("{'type': 11}")), ERR_CHANNEL_TYPE);
}

struct starting {
	uint64_t denied;
	enum err of_message, by_itself, in_private;
};

static const struct starting startings[] = {
    {PERM_CREATE_PUBLIC_THREADS, ERR_MISSING_PERMISSIONS, ERR_MISSING_PERMISSIONS, ERR_OK},
    {PERM_CREATE_PRIVATE_THREADS, ERR_OK, ERR_OK, ERR_MISSING_PERMISSIONS},
    {PERM_SEND_MESSAGES, ERR_OK, ERR_MISSING_PERMISSIONS, ERR_OK},
    {PERM_READ_HISTORY, ERR_MISSING_PERMISSIONS, ERR_OK, ERR_OK},
    {PERM_VIEW_CHANNEL, ERR_UNKNOWN_CHANNEL, ERR_UNKNOWN_CHANNEL, ERR_UNKNOWN_CHANNEL},
};

static void starting_one_has_permissions_of_its_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof startings / sizeof *startings; i++) {
		const struct starting *at = &startings[i];
		int64_t message = ops_message(&ops, &ops.ada, ops.general_id, "a question");

		forbid_writing(at->denied);
		assert_string_equal(err_info(start_of(&bob, ops.general_id, message))->name,
				    err_info(at->of_message)->name);
		assert_string_equal(err_info(start(&bob, ops.general_id, ops_json("{'type': 11}")))->name,
				    err_info(at->by_itself)->name);
		assert_string_equal(err_info(start(&bob, ops.general_id, json_object()))->name,
				    err_info(at->in_private)->name);
		forbid_writing(0);
	}
}

static void writing_in_one_is_another_permission_than_in_its_channel(void **state)
{
	int64_t thread = public_thread(&bob);

	(void)state;
	forbid_writing(PERM_SEND_MESSAGES);
	assert_int_equal(post(&bob, ops.general_id), ERR_MISSING_PERMISSIONS);
	assert_int_equal(post(&bob, thread), ERR_OK);
	forbid_writing(PERM_SEND_IN_THREADS);
	assert_int_equal(post(&bob, ops.general_id), ERR_OK);
	assert_int_equal(post(&bob, thread), ERR_MISSING_PERMISSIONS);
}

static void a_message_is_counted_until_it_is_deleted(void **state)
{
	int64_t message = ops_message(&ops, &ops.ada, ops.general_id, "a question"), reply, seq;
	json_t *line = NULL;

	(void)state;
	assert_int_equal(start_of(&bob, ops.general_id, message), ERR_OK);
	seq = ops.engine.last_seq;
	reply = ops_message(&ops, &bob, message, "an answer");
	(void)ops_message(&ops, &bob, message, "another");
	assert_int_equal(message_count(message), 2);
	assert_int_equal(count_events(seq, "MESSAGE_THREAD_UPDATE", &line), 2);
	assert_int_equal(json_id(line, "channel_id"), ops.general_id);
	assert_int_equal(json_int(json_object_get(line, "thread"), "message_count"), 2);
	assert_int_equal(ops_int(&ops, "SELECT channel_id FROM events WHERE type = 'MESSAGE_THREAD_UPDATE' LIMIT 1"),
			 ops.general_id);
	assert_op(&ops, &bob, "message_delete",
		  json_pack("{s:I, s:I}", "channel_id", (json_int_t)message, "message_id", (json_int_t)reply), ERR_OK);
	assert_int_equal(message_count(message), 1);
	assert_int_equal(count_events(seq, "MESSAGE_THREAD_UPDATE", NULL), 3);
	/* Deleting the message that it is about takes from the log what stood below it. */
	assert_op(&ops, &ops.ada, "message_delete",
		  json_pack("{s:I, s:I}", "channel_id", (json_int_t)ops.general_id, "message_id", (json_int_t)message),
		  ERR_OK);
	assert_int_equal(count_events(seq, "MESSAGE_THREAD_UPDATE", NULL), 0);
	(void)ops_message(&ops, &bob, message, "after all");
	assert_int_equal(count_events(seq, "MESSAGE_THREAD_UPDATE", NULL), 0);
}

static void only_who_started_it_and_moderators_change_it(void **state)
{
	int64_t thread = public_thread(&bob);

	(void)state;
	assert_int_equal(update(&eve, thread, ops_json("{'name': 'mine'}")), ERR_MISSING_PERMISSIONS);
	assert_int_equal(update(&eve, thread, ops_json("{'archived': true}")), ERR_MISSING_PERMISSIONS);
	assert_int_equal(update(&bob, thread, ops_json("{'name': ' renamed '}")), ERR_OK);
	assert_string_equal(json_text(json_object_get(ops.result, "channel"), "name"), "renamed");
	assert_int_equal(update(&bob, thread, ops_json("{'auto_archive_duration': 1440}")), ERR_OK);
	assert_int_equal(update(&bob, thread, ops_json("{'auto_archive_duration': 1}")), ERR_INVALID_FORM);
	assert_int_equal(update(&bob, thread, ops_json("{'locked': true}")), ERR_MISSING_PERMISSIONS);
	assert_int_equal(update(&bob, thread, ops_json("{'rate_limit_per_user': 5}")), ERR_MISSING_PERMISSIONS);
	ops_grant(&ops, &eve, PERM_MANAGE_THREADS);
	assert_int_equal(update(&eve, thread, ops_json("{'locked': true, 'rate_limit_per_user': 5, 'name': 'hers'}")),
			 ERR_OK);
	assert_true(json_is_true(json_object_get(metadata("channel"), "locked")));
	assert_int_equal(json_int(json_object_get(ops.result, "channel"), "rate_limit_per_user"), 5);
	/* What would make a channel of the list of it is passed over. */
	assert_int_equal(
	    update(&eve, thread, ops_json("{'position': 3, 'topic': 'no', 'default': true, 'private': true}")), ERR_OK);
	assert_int_equal(
	    ops_int(&ops, "SELECT position = 0 AND topic IS NULL AND is_default = 0 FROM channels WHERE id = %lld",
		    (long long)thread),
	    1);
}

static void what_is_archived_is_opened_by_the_next_message(void **state)
{
	int64_t thread = public_thread(&bob), seq;
	json_t *told = NULL;

	(void)state;
	assert_int_equal(update(&bob, thread, ops_json("{'archived': true}")), ERR_OK);
	assert_true(json_is_true(json_object_get(metadata("channel"), "archived")));
	assert_int_equal(update(&bob, thread, ops_json("{'name': 'late'}")), ERR_ARCHIVED);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM threads WHERE idle_check_at_ms IS NOT NULL"), 0);
	seq = ops.engine.last_seq;
	assert_int_equal(post(&eve, thread), ERR_OK);
	assert_false(is_archived(thread));
	assert_int_equal(count_events(seq, "THREAD_UPDATE", &told), 1);
	assert_true(json_is_false(json_object_get(json_object_get(told, "thread_metadata"), "archived")));
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM threads WHERE idle_check_at_ms IS NOT NULL"), 1);
	/* Or by anybody who writes in it. */
	assert_int_equal(update(&bob, thread, ops_json("{'archived': true}")), ERR_OK);
	assert_int_equal(update(&eve, thread, ops_json("{'archived': false}")), ERR_OK);
	assert_false(is_archived(thread));
}

static void in_a_locked_one_moderators_alone_write(void **state)
{
	int64_t thread = public_thread(&bob);

	(void)state;
	assert_int_equal(update(&ops.ada, thread, ops_json("{'locked': true, 'archived': true}")), ERR_OK);
	assert_int_equal(post(&bob, thread), ERR_MISSING_PERMISSIONS);
	assert_int_equal(update(&bob, thread, ops_json("{'archived': false}")), ERR_MISSING_PERMISSIONS);
	assert_int_equal(bits_of(&bob, thread) & (PERM_SEND_MESSAGES | PERM_ADD_REACTIONS), 0);
	assert_int_equal(post(&ops.ada, thread), ERR_OK);
	assert_false(is_archived(thread));
	assert_int_equal(post(&bob, thread), ERR_MISSING_PERMISSIONS);
	assert_int_equal(update(&ops.ada, thread, ops_json("{'locked': false}")), ERR_OK);
	assert_int_equal(post(&bob, thread), ERR_OK);
}

static void slow_mode_holds_in_threads_and_is_inherited(void **state)
{
	int64_t channel = ops_channel(&ops, &ops.ada, "slow"), thread;

	(void)state;
	assert_int_equal(update(&ops.ada, channel, ops_json("{'rate_limit_per_user': 3600}")), ERR_OK);
	assert_int_equal(start(&bob, channel, ops_json("{'type': 12}")), ERR_OK);
	thread = ops_result_id(&ops, "thread", "id");
	assert_int_equal(json_int(made(), "rate_limit_per_user"), 3600);
	assert_int_equal(post(&bob, thread), ERR_OK);
	assert_int_equal(post(&bob, thread), ERR_SLOW_MODE);
	assert_int_equal(start(&bob, channel, ops_json("{'type': 12, 'rate_limit_per_user': 0}")),
			 ERR_MISSING_PERMISSIONS);
	assert_int_equal(start(&bob, channel, ops_json("{'type': 12, 'rate_limit_per_user': 7200}")), ERR_OK);
	assert_int_equal(post(&ops.ada, thread), ERR_OK);
	assert_int_equal(post(&ops.ada, thread), ERR_OK);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(a_thread_of_a_message_has_its_id),
	    SET_UP(a_message_has_one_thread),
	    SET_UP(a_message_of_another_channel_has_no_thread_in_this_one),
	    SET_UP(a_thread_without_a_type_is_private),
	    SET_UP(a_thread_by_itself_is_told_of_in_its_channel),
	    SET_UP(what_is_said_in_a_thread_is_shown_in_its_channel_too_if_asked),
	    SET_UP(names_and_times_are_checked),
	    SET_UP(several_threads_may_have_the_name_of_a_channel),
	    SET_UP(threads_stand_in_text_channels_alone),
	    SET_UP(starting_one_has_permissions_of_its_own),
	    SET_UP(writing_in_one_is_another_permission_than_in_its_channel),
	    SET_UP(a_message_is_counted_until_it_is_deleted),
	    SET_UP(only_who_started_it_and_moderators_change_it),
	    SET_UP(what_is_archived_is_opened_by_the_next_message),
	    SET_UP(in_a_locked_one_moderators_alone_write),
	    SET_UP(slow_mode_holds_in_threads_and_is_inherited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
