/* The memory of permissions: whose an event is, what is asked again and when. */
#include "live/viewer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum {
	ANN = 11,
	BOB = 12,
	GUILD = 100,
	CHANNEL = 200,
	SECRET = 201,
	THREAD = 1000 /* and above: of the secret channel */
};

/* Permission as the test wants it, and how often it was asked. */
struct truth {
	bool bob_is_member, bob_sees_secret, bob_reads_history, bob_manages, is_broken;
	int questions;
};

static enum err sees_channel(void *owner, int64_t channel_id, int64_t user_id, bool *sees)
{
	struct truth *truth = owner;
	truth->questions++;
	*sees = user_id == ANN ||
		(truth->bob_is_member && ((channel_id != SECRET && channel_id < THREAD) || truth->bob_sees_secret));
	return truth->is_broken ? ERR_DATABASE_UNAVAILABLE : ERR_OK;
}

static enum err reads_history(void *owner, int64_t channel_id, int64_t user_id, bool *reads)
{
	struct truth *truth = owner;
	truth->questions++;
	*reads = user_id == ANN || (truth->bob_reads_history && channel_id == CHANNEL);
	return truth->is_broken ? ERR_DATABASE_UNAVAILABLE : ERR_OK;
}

static enum err is_member(void *owner, int64_t guild_id, int64_t user_id, bool *answer)
{
	struct truth *truth = owner;
	truth->questions++;
	*answer = guild_id == GUILD && (user_id == ANN || truth->bob_is_member);
	return truth->is_broken ? ERR_DATABASE_UNAVAILABLE : ERR_OK;
}

static enum err thread_parent(void *owner, int64_t channel_id, int64_t *parent_id)
{
	const struct truth *truth = owner;
	*parent_id = channel_id >= THREAD ? SECRET : 0;
	return truth->is_broken ? ERR_DATABASE_UNAVAILABLE : ERR_OK;
}

static enum err may(void *owner, const struct event *event, int64_t user_id, uint64_t needed, bool *answer)
{
	struct truth *truth = owner;
	truth->questions++;
	assert_int_equal(needed, event_needs(event->type));
	*answer = user_id == ANN || truth->bob_manages;
	return truth->is_broken ? ERR_DATABASE_UNAVAILABLE : ERR_OK;
}

struct fixture {
	struct truth truth;
	struct viewers viewers;
	struct viewer *ann, *bob;
};

static int open_fixture(void **state)
{
	static struct fixture fixture;
	fixture.truth = (struct truth){.bob_is_member = true};
	const struct viewer_source source = {sees_channel,  reads_history, is_member,
					     thread_parent, may,           &fixture.truth};
	viewers_init(&fixture.viewers, &source);
	fixture.ann = viewers_hold(&fixture.viewers, ANN);
	fixture.bob = viewers_hold(&fixture.viewers, BOB);
	*state = &fixture;
	return 0;
}

static int close_fixture(void **state)
{
	struct fixture *fixture = *state;
	viewers_drop(&fixture->viewers, fixture->ann);
	viewers_drop(&fixture->viewers, fixture->bob);
	viewers_free(&fixture->viewers);
	return 0;
}

static struct event event_of(const char *type, int64_t guild_id, int64_t channel_id, int64_t user_id)
{
	return (struct event){.type = type,
			      .guild_id = guild_id,
			      .channel_id = channel_id,
			      .user_id = user_id,
			      .payload = "{}",
			      .payload_n = 2};
}

static bool bob_sees(struct fixture *fixture, const struct event *event)
{
	bool sees;
	assert_int_equal(viewers_see(&fixture->viewers, fixture->bob, event, &sees), ERR_OK);
	return sees;
}

static void an_event_is_its_channels_or_its_persons_or_its_workspaces(void **state)
{
	struct fixture *fixture = *state;
	const struct event in_channel = event_of("MESSAGE_CREATE", GUILD, CHANNEL, 0);
	const struct event in_secret = event_of("MESSAGE_CREATE", GUILD, SECRET, 0);
	const struct event in_secret_about_bob = event_of("CHANNEL_UPDATE", GUILD, SECRET, BOB);
	const struct event in_guild = event_of("GUILD_UPDATE", GUILD, 0, 0);
	const struct event in_guild_about_ann = event_of("GUILD_MEMBER_UPDATE", GUILD, 0, ANN);
	const struct event to_bob = event_of("GUILD_CREATE", 0, 0, BOB);
	const struct event to_ann = event_of("GUILD_CREATE", 0, 0, ANN);
	const struct event to_nobody = event_of("STRANGE", 0, 0, 0);
	const struct event to_bob_in_channel = event_of("CHANNEL_CREATE", GUILD, CHANNEL, BOB);
	const struct event to_ann_in_channel = event_of("CHANNEL_CREATE", GUILD, CHANNEL, ANN);
	const struct event to_bob_in_direct = event_of("CHANNEL_CREATE", 0, CHANNEL, BOB);
	assert_true(bob_sees(fixture, &in_channel));
	assert_false(bob_sees(fixture, &in_secret));
	assert_false(bob_sees(fixture, &in_secret_about_bob));
	assert_true(bob_sees(fixture, &to_bob_in_channel));
	assert_true(bob_sees(fixture, &to_bob_in_direct));
	assert_false(bob_sees(fixture, &to_ann_in_channel));
	assert_true(bob_sees(fixture, &in_guild));
	assert_true(bob_sees(fixture, &in_guild_about_ann));
	assert_true(bob_sees(fixture, &to_bob));
	assert_false(bob_sees(fixture, &to_ann));
	assert_false(bob_sees(fixture, &to_nobody));
	fixture->truth.bob_is_member = false;
	viewers_forget_all(&fixture->viewers);
	assert_false(bob_sees(fixture, &in_guild));
	assert_false(bob_sees(fixture, &in_channel));
}

static void internal_events_are_nobodys(void **state)
{
	struct fixture *fixture = *state;
	const struct event revoked = event_of("_SESSION_REVOKED", 0, 0, BOB);
	const struct event scrubbed = event_of("_SCRUBBED", GUILD, CHANNEL, 0);
	assert_false(bob_sees(fixture, &revoked));
	assert_false(bob_sees(fixture, &scrubbed));
}

static void what_managers_alone_hear_is_asked_each_time_and_changes_nothing(void **state)
{
	struct fixture *fixture = *state;
	const struct event invite = event_of("INVITE_CREATE", GUILD, CHANNEL, 0);
	const struct event of_secret = event_of("INVITE_DELETE", GUILD, SECRET, 0);
	const struct event entry = event_of("GUILD_AUDIT_LOG_ENTRY_CREATE", GUILD, 0, 0);
	assert_false(bob_sees(fixture, &invite));
	assert_false(bob_sees(fixture, &entry));
	fixture->truth.bob_manages = true;
	assert_true(bob_sees(fixture, &invite));
	assert_true(bob_sees(fixture, &entry));
	assert_false(bob_sees(fixture, &of_secret)); /* managing is not seeing */
	int questions = fixture->truth.questions;
	viewers_learn(&fixture->viewers, &invite);
	const struct event message = event_of("MESSAGE_CREATE", GUILD, CHANNEL, 0);
	assert_true(bob_sees(fixture, &message));
	assert_int_equal(fixture->truth.questions, questions);
	fixture->truth.bob_manages = false;
	assert_false(bob_sees(fixture, &invite));
}

static void an_answer_is_asked_for_once(void **state)
{
	struct fixture *fixture = *state;
	const struct event in_channel = event_of("MESSAGE_CREATE", GUILD, CHANNEL, 0);
	const struct event in_secret = event_of("MESSAGE_CREATE", GUILD, SECRET, 0);
	for (int i = 0; i < 100; i++) {
		assert_true(bob_sees(fixture, &in_channel));
		assert_false(bob_sees(fixture, &in_secret));
	}
	assert_int_equal(fixture->truth.questions, 2);
}

/* Who has to be asked about again after an event; the two channels are known before. */
struct learning {
	const char *type;
	int64_t guild_id, channel_id, user_id;
	const char *payload;
	bool asks_ann_channel, asks_bob_channel, asks_bob_secret;
};

static bool asks(struct fixture *fixture, struct viewer *viewer, int64_t channel_id)
{
	int before = fixture->truth.questions;
	bool sees;
	assert_int_equal(viewers_see_channel(&fixture->viewers, viewer, channel_id, &sees), ERR_OK);
	return fixture->truth.questions > before;
}

static void what_may_change_permission_is_forgotten_and_nothing_else(void **state)
{
	static const struct learning rows[] = {
	    {"MESSAGE_CREATE", GUILD, CHANNEL, 0, "{}", false, false, false},
	    {"MESSAGE_REACTION_ADD", GUILD, CHANNEL, BOB, "{}", false, false, false},
	    {"_SCRUBBED", GUILD, CHANNEL, 0, "", false, false, false},
	    {"CHANNEL_UPDATE", GUILD, SECRET, 0, "{}", false, false, true},
	    {"CHANNEL_DELETE", GUILD, CHANNEL, 0, "{}", true, true, false},
	    {"CHANNEL_CREATE", GUILD, SECRET, BOB, "{}", false, true, true},
	    {"CHANNEL_DELETE", 0, 0, BOB, "{}", false, true, true},
	    {"CHANNEL_RECIPIENT_REMOVE", 0, CHANNEL, 0, "{}", true, true, false},
	    {"GUILD_MEMBER_REMOVE", GUILD, 0, 0, "{\"user\":{\"id\":\"12\"}}", false, true, true},
	    {"GUILD_MEMBER_REMOVE", GUILD, 0, BOB, "{}", false, true, true},
	    {"GUILD_MEMBER_UPDATE", GUILD, 0, 0, "not even JSON", true, true, true},
	    {"GUILD_CREATE", 0, 0, BOB, "{}", false, true, true},
	    {"GUILD_ROLE_UPDATE", GUILD, 0, 0, "{}", true, true, true},
	    {"GUILD_ROLE_UPDATE", GUILD, 0, BOB, "{}", true, true, true},
	    {"SOMETHING_NEW", 0, 0, 0, "{}", true, true, true},
	};
	struct fixture *fixture = *state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct learning *row = &rows[i];
		(void)asks(fixture, fixture->ann, CHANNEL);
		(void)asks(fixture, fixture->bob, CHANNEL);
		(void)asks(fixture, fixture->bob, SECRET);
		struct event event = event_of(row->type, row->guild_id, row->channel_id, row->user_id);
		event.payload = row->payload;
		event.payload_n = strlen(row->payload);
		viewers_learn(&fixture->viewers, &event);
		assert_int_equal(asks(fixture, fixture->ann, CHANNEL), row->asks_ann_channel);
		assert_int_equal(asks(fixture, fixture->bob, CHANNEL), row->asks_bob_channel);
		assert_int_equal(asks(fixture, fixture->bob, SECRET), row->asks_bob_secret);
	}
}

static void a_new_permission_counts_from_its_event_on(void **state)
{
	struct fixture *fixture = *state;
	const struct event in_secret = event_of("MESSAGE_CREATE", GUILD, SECRET, 0);
	const struct event update = event_of("CHANNEL_UPDATE", GUILD, SECRET, 0);
	assert_false(bob_sees(fixture, &in_secret));
	fixture->truth.bob_sees_secret = true;
	viewers_learn(&fixture->viewers, &update);
	assert_true(bob_sees(fixture, &in_secret));
	fixture->truth.bob_sees_secret = false;
	viewers_learn(&fixture->viewers, &update);
	assert_false(bob_sees(fixture, &in_secret));
}

static void a_threads_answer_goes_with_its_channels(void **state)
{
	struct fixture *fixture = *state;
	const struct event in_thread = event_of("MESSAGE_CREATE", GUILD, THREAD, 0);
	const struct event update = event_of("CHANNEL_UPDATE", GUILD, SECRET, 0);
	const struct event elsewhere = event_of("CHANNEL_UPDATE", GUILD, CHANNEL, 0);
	const struct event members = event_of("THREAD_MEMBERS_UPDATE", GUILD, THREAD, 0);
	fixture->truth.bob_sees_secret = true;
	assert_true(bob_sees(fixture, &in_thread));
	fixture->truth.bob_sees_secret = false;
	viewers_learn(&fixture->viewers, &elsewhere);
	assert_true(bob_sees(fixture, &in_thread));
	viewers_learn(&fixture->viewers, &update);
	assert_false(bob_sees(fixture, &in_thread));
	fixture->truth.bob_sees_secret = true;
	viewers_learn(&fixture->viewers, &members);
	assert_true(bob_sees(fixture, &in_thread));
}

static void what_is_known_of_threads_is_bounded(void **state)
{
	struct fixture *fixture = *state;
	const struct event update = event_of("CHANNEL_UPDATE", GUILD, SECRET, 0);
	fixture->truth.bob_sees_secret = true;
	for (int64_t id = THREAD; id < THREAD + VIEWERS_THREADS_MAX + 10; id++) {
		const struct event in_thread = event_of("MESSAGE_CREATE", GUILD, id, 0);
		assert_true(bob_sees(fixture, &in_thread));
		assert_true(fixture->viewers.threads.count <= VIEWERS_THREADS_MAX);
	}
	/* Nothing is remembered of a thread whose channel was forgotten. */
	fixture->truth.bob_sees_secret = false;
	viewers_learn(&fixture->viewers, &update);
	for (int64_t id = THREAD; id < THREAD + VIEWERS_THREADS_MAX + 10; id++) {
		const struct event in_thread = event_of("MESSAGE_CREATE", GUILD, id, 0);
		assert_false(bob_sees(fixture, &in_thread));
	}
}

static void a_failed_question_is_not_remembered_as_an_answer(void **state)
{
	struct fixture *fixture = *state;
	const struct event in_channel = event_of("MESSAGE_CREATE", GUILD, CHANNEL, 0);
	bool sees;
	fixture->truth.is_broken = true;
	assert_int_equal(viewers_see(&fixture->viewers, fixture->bob, &in_channel, &sees), ERR_DATABASE_UNAVAILABLE);
	fixture->truth.is_broken = false;
	fixture->truth.bob_is_member = false;
	assert_false(bob_sees(fixture, &in_channel));
}

static void the_memory_of_one_account_is_bounded(void **state)
{
	struct fixture *fixture = *state;
	for (int64_t id = 1000; id < 1000 + 10 * VIEWER_ANSWERS_MAX; id++) {
		assert_true(asks(fixture, fixture->bob, id));
		assert_false(asks(fixture, fixture->bob, id));
		assert_true(fixture->bob->answers.count <= VIEWER_ANSWERS_MAX);
	}
}

static void a_viewer_lives_as_long_as_its_streams(void **state)
{
	struct fixture *fixture = *state;
	assert_ptr_equal(viewers_hold(&fixture->viewers, BOB), fixture->bob);
	viewers_drop(&fixture->viewers, fixture->bob);
	assert_ptr_equal(viewers_find(&fixture->viewers, BOB), fixture->bob);
	struct viewer *carl = viewers_hold(&fixture->viewers, 13);
	viewers_drop(&fixture->viewers, carl);
	assert_null(viewers_find(&fixture->viewers, 13));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

static void history_is_asked_for_once_and_again_when_the_channel_changes(void **state)
{
	struct fixture *fixture = *state;
	struct event update = event_of("CHANNEL_UPDATE", GUILD, CHANNEL, 0);
	bool reads, sees;
	assert_int_equal(viewers_read_history(&fixture->viewers, fixture->bob, CHANNEL, &reads), ERR_OK);
	assert_false(reads);
	assert_int_equal(viewers_see_channel(&fixture->viewers, fixture->bob, CHANNEL, &sees), ERR_OK);
	assert_true(sees); /* another question than the one before */
	fixture->truth.bob_reads_history = true;
	assert_int_equal(viewers_read_history(&fixture->viewers, fixture->bob, CHANNEL, &reads), ERR_OK);
	assert_false(reads);
	assert_int_equal(fixture->truth.questions, 2);
	viewers_learn(&fixture->viewers, &update);
	assert_int_equal(viewers_read_history(&fixture->viewers, fixture->bob, CHANNEL, &reads), ERR_OK);
	assert_true(reads);
	fixture->truth.is_broken = true;
	viewers_learn(&fixture->viewers, &update);
	assert_int_equal(viewers_read_history(&fixture->viewers, fixture->bob, CHANNEL, &reads),
			 ERR_DATABASE_UNAVAILABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_event_is_its_channels_or_its_persons_or_its_workspaces),
	    TEST(internal_events_are_nobodys),
	    TEST(what_managers_alone_hear_is_asked_each_time_and_changes_nothing),
	    TEST(an_answer_is_asked_for_once),
	    TEST(what_may_change_permission_is_forgotten_and_nothing_else),
	    TEST(a_new_permission_counts_from_its_event_on),
	    TEST(history_is_asked_for_once_and_again_when_the_channel_changes),
	    TEST(a_threads_answer_goes_with_its_channels),
	    TEST(what_is_known_of_threads_is_bounded),
	    TEST(a_failed_question_is_not_remembered_as_an_answer),
	    TEST(the_memory_of_one_account_is_bounded),
	    TEST(a_viewer_lives_as_long_as_its_streams),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
