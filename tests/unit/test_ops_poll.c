/* Polls: what may be asked, who votes, how the votes are counted, and that the end is one. */
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/poll/poll.h"
#include "ops_fixture.h"
#include "store/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define THUMBS_UP "\xf0\x9f\x91\x8d"
#define CRAB "\xf0\x9f\xa6\x80"
#define PICTURE "UklGRgwAAABXRUJQVlA4IAAAAAA"

static struct ops ops;
static struct person bob;

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	bob = ops_join(&ops, "bob");
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static json_t *with_poll(json_t *poll)
{
	return json_pack("{s:I, s:o}", "channel_id", (json_int_t)ops.general_id, "poll", poll);
}

/* A question with that many answers "1", "2", … */
static json_t *poll_of(int answers, bool is_multiple)
{
	json_t *list = json_array();

	for (int i = 1; i <= answers; i++)
		assert_int_equal(
		    json_array_append_new(list, json_pack("{s:{s:o}}", "poll_media", "text", json_sprintf("%d", i))),
		    0);
	return json_pack("{s:{s:s}, s:o, s:b, s:i}", "question", "text", "Which?", "answers", list, "allow_multiselect",
			 (int)is_multiple, "duration", 1);
}

static int64_t ask(int answers, bool is_multiple)
{
	assert_op(&ops, &ops.ada, "message_create", with_poll(poll_of(answers, is_multiple)), ERR_OK);
	return ops_result_id(&ops, "message", "id");
}

static enum err vote(const struct person *who, int64_t message_id, const char *answers)
{
	return ops_run(&ops, who, "poll_vote",
		       ops_json("{'channel_id':'%lld','message_id':'%lld','answer_ids':%s}", (long long)ops.general_id,
				(long long)message_id, answers));
}

static enum err expire(const struct person *who, int64_t message_id)
{
	return ops_run(
	    &ops, who, "poll_expire",
	    ops_json("{'channel_id':'%lld','message_id':'%lld'}", (long long)ops.general_id, (long long)message_id));
}

static const json_t *poll_seen(int64_t message_id, int64_t viewer_id)
{
	struct buf *json = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *message;

	jw_init(&jw, json);
	assert_int_equal(message_find_to_json(ops.engine.db, &jw, NULL,
					      (struct message_at){ops.general_id, message_id, viewer_id}, NULL),
			 ERR_OK);
	assert_int_equal(json_parse_own(&ops.arena, json->p, json->n, &message), ERR_OK);
	return json_object_get(message, "poll");
}

/* "2* 0 1", the viewer's own with a "*"; with a "." behind when the results are final. */
static const char *results(int64_t message_id, int64_t viewer_id)
{
	struct buf *text = buf_in_arena(&ops.arena);
	const json_t *of = json_object_get(poll_seen(message_id, viewer_id), "results"), *each;
	size_t i;

	json_array_foreach(json_object_get(of, "answer_counts"), i, each)
	{
		assert_int_equal(json_int(each, "id"), i + 1);
		buf_printf(text, "%s%lld%s", i > 0 ? " " : "", (long long)json_int(each, "count"),
			   json_flag(each, "me_voted") ? "*" : "");
	}
	if (json_flag(of, "is_finalized"))
		buf_puts(text, ".");
	return text->p;
}

static void a_poll_has_discords_shape(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "message_create",
		  with_poll(ops_json(
		      "{'question':{'text':' Lunch? '},'answers':[{'poll_media':{'text':'Soup','emoji':{'name':'" CRAB
		      "'}}},{'answer_id':7,'poll_media':{'text':'Bread','emoji':{'id':null,'name':null}}}],"
		      "'duration':null,'layout_type':1,'allow_multiselect':false}")),
		  ERR_OK);
	const json_t *message = json_object_get(ops.result, "message"), *poll = json_object_get(message, "poll");
	assert_string_equal(json_text(message, "content"), "");
	assert_string_equal(json_text(json_object_get(poll, "question"), "text"), "Lunch?");
	assert_int_equal(json_int(poll, "layout_type"), 1);
	assert_true(json_is_false(json_object_get(poll, "allow_multiselect")));
	assert_non_null(json_text(poll, "expiry"));
	const json_t *first = json_array_get(json_object_get(poll, "answers"), 0);
	const json_t *second = json_array_get(json_object_get(poll, "answers"), 1);
	assert_int_equal(json_int(first, "answer_id"), 1);
	assert_int_equal(json_int(second, "answer_id"), 2);
	assert_string_equal(json_text(json_object_get(json_object_get(first, "poll_media"), "emoji"), "name"), CRAB);
	assert_null(json_object_get(json_object_get(second, "poll_media"), "emoji"));
	assert_string_equal(results(ops_result_id(&ops, "message", "id"), bob.id), "0 0");
	/* 24 hours when nobody says. */
	assert_int_equal(ops_int(&ops, "SELECT (expires_at_ms / 1000 + 5 - strftime('%%s', 'now')) / 3600 FROM polls"),
			 24);
}

static const struct {
	const char *change; /* of a good one */
	enum err expected;
} cases[] = {
    {"{}", ERR_OK},
    {"{'question':{'text':''}}", ERR_INVALID_FORM},
    {"{'question':{'text':'  '}}", ERR_INVALID_FORM},
    {"{'question':{'text':'a\\nb'}}", ERR_INVALID_FORM},
    {"{'question':{'text':7}}", ERR_INVALID_FORM},
    {"{'question':'text'}", ERR_INVALID_FORM},
    {"{'question':null}", ERR_INVALID_FORM},
    {"{'answers':[]}", ERR_INVALID_FORM},
    {"{'answers':null}", ERR_INVALID_FORM},
    {"{'answers':{}}", ERR_INVALID_FORM},
    {"{'answers':['x']}", ERR_INVALID_FORM},
    {"{'answers':[{'poll_media':{'text':''}}]}", ERR_INVALID_FORM},
    {"{'answers':[{'text':'x'}]}", ERR_INVALID_FORM},
    {"{'answers':[{'poll_media':{'text':'x','emoji':{'name':'x'}}}]}", ERR_INVALID_EMOJI},
    {"{'answers':[{'poll_media':{'text':'x','emoji':{'id':'12345'}}}]}", ERR_INVALID_EMOJI},
    {"{'duration':0}", ERR_INVALID_FORM},
    {"{'duration':-1}", ERR_INVALID_FORM},
    {"{'duration':'24'}", ERR_INVALID_FORM},
    {"{'duration':1}", ERR_OK},
    {"{'duration':768}", ERR_OK},
    {"{'duration':769}", ERR_INVALID_FORM},
    {"{'duration':9223372036854775807}", ERR_INVALID_FORM},
    {"{'layout_type':2}", ERR_INVALID_FORM},
    {"{'layout_type':null}", ERR_OK},
    {"{'allow_multiselect':'yes'}", ERR_INVALID_FORM},
    {"{'allow_multiselect':null}", ERR_OK},
};

static void what_cannot_be_asked_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_t *poll = poll_of(2, false), *change = ops_json("%s", cases[i].change);
		assert_int_equal(json_object_update(poll, change), 0);
		json_decref(change);
		enum err e = ops_run(&ops, &ops.ada, "message_create", with_poll(poll));
		if (e != cases[i].expected)
			fail_msg("%s: %s", cases[i].change, err_info(e)->name);
		if (e == ERR_INVALID_FORM)
			assert_non_null(ops_complaint(&ops, "poll"));
	}
	assert_op(&ops, &ops.ada, "message_create", with_poll(json_string("poll")), ERR_INVALID_FORM);
	assert_op(&ops, &ops.ada, "message_create", with_poll(json_null()), ERR_EMPTY_MESSAGE);
}

static void lengths_are_code_points(void **state)
{
	static const struct {
		size_t question, answer;
		int answers;
		enum err expected;
	} lengths[] = {{300, 55, 10, ERR_OK},
		       {301, 55, 1, ERR_INVALID_FORM},
		       {300, 56, 1, ERR_INVALID_FORM},
		       {300, 55, 11, ERR_INVALID_FORM}};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		json_t *poll = poll_of(lengths[i].answers, false);
		json_object_set_new(json_object_get(poll, "question"), "text",
				    json_string(ops_repeat(&ops, CRAB, lengths[i].question)));
		json_object_set_new(json_object_get(json_array_get(json_object_get(poll, "answers"), 0), "poll_media"),
				    "text", json_string(ops_repeat(&ops, CRAB, lengths[i].answer)));
		assert_op(&ops, &ops.ada, "message_create", with_poll(poll), lengths[i].expected);
	}
}

static void asking_needs_its_own_permission(void **state)
{
	(void)state;
	assert_op(&ops, &bob, "message_create", with_poll(poll_of(2, false)), ERR_OK);
	ops_sql(&ops, "UPDATE roles SET permissions = permissions & ~%lld WHERE id = %lld", (long long)PERM_SEND_POLLS,
		(long long)ops.guild_id);
	assert_op(&ops, &bob, "message_create", with_poll(poll_of(2, false)), ERR_MISSING_PERMISSIONS);
}

static void of_a_single_choice_there_is_one_vote(void **state)
{
	int64_t id = ask(3, false);

	(void)state;
	assert_int_equal(vote(&bob, id, "[1]"), ERR_OK);
	assert_string_equal(results(id, bob.id), "1* 0 0");
	int64_t seq = ops.engine.last_seq;
	assert_int_equal(vote(&bob, id, "['1']"), ERR_OK);
	assert_int_equal(vote(&bob, id, "[1,1]"), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
	assert_int_equal(vote(&bob, id, "[2]"), ERR_OK);
	assert_string_equal(results(id, bob.id), "0 1* 0");
	assert_int_equal(vote(&bob, id, "[1,2]"), ERR_INVALID_FORM);
	assert_int_equal(vote(&ops.ada, id, "[2]"), ERR_OK);
	assert_string_equal(results(id, bob.id), "0 2* 0");
	assert_string_equal(results(id, 0), "0 2 0");
	assert_int_equal(vote(&bob, id, "[]"), ERR_OK);
	assert_string_equal(results(id, bob.id), "0 1 0");
}

static void of_many_choices_all_that_are_named(void **state)
{
	int64_t id = ask(10, true);

	(void)state;
	assert_int_equal(vote(&bob, id, "[1,3,10]"), ERR_OK);
	assert_int_equal(vote(&ops.ada, id, "[3,4]"), ERR_OK);
	assert_string_equal(results(id, bob.id), "1* 0 2* 1 0 0 0 0 0 1*");
	assert_int_equal(vote(&bob, id, "[3,2]"), ERR_OK);
	assert_string_equal(results(id, bob.id), "0 1* 2* 1 0 0 0 0 0 0");
}

static enum err choose(const struct person *who, int64_t message_id, int answer_id, bool is_chosen)
{
	return ops_run(&ops, who, "poll_vote",
		       ops_json("{'channel_id':'%lld','message_id':'%lld','answer_id':%d,'is_chosen':%s}",
				(long long)ops.general_id, (long long)message_id, answer_id,
				is_chosen ? "true" : "false"));
}

/* As buttons do, which know of no other answer. */
static void one_answer_may_be_chosen_or_let_go_by_itself(void **state)
{
	int64_t single = ask(3, false), multiple = ask(3, true);

	(void)state;
	assert_int_equal(choose(&bob, single, 1, true), ERR_OK);
	assert_int_equal(choose(&bob, single, 3, true), ERR_OK);
	assert_string_equal(results(single, bob.id), "0 0 1*");
	assert_int_equal(choose(&bob, single, 1, false), ERR_OK);
	assert_string_equal(results(single, bob.id), "0 0 1*");
	assert_int_equal(choose(&bob, single, 3, false), ERR_OK);
	assert_string_equal(results(single, bob.id), "0 0 0");
	assert_int_equal(choose(&bob, multiple, 1, true), ERR_OK);
	assert_int_equal(choose(&bob, multiple, 3, true), ERR_OK);
	assert_string_equal(results(multiple, bob.id), "1* 0 1*");
	assert_int_equal(choose(&bob, multiple, 1, false), ERR_OK);
	assert_string_equal(results(multiple, bob.id), "0 0 1*");
	assert_int_equal(choose(&bob, multiple, 4, true), ERR_INVALID_FORM);
	assert_int_equal(choose(&bob, multiple, 11, true), ERR_INVALID_FORM);
}

static void only_answers_that_there_are_are_voted_for(void **state)
{
	static const char *const wrong[] = {
	    "[0]", "[4]", "[-1]", "['x']", "[null]", "[1.5]", "[[1]]", "[1,99]", "[9223372036854775807]",
	    "7",   "'1'", "{}"};
	int64_t id = ask(3, true), plain = ops_message(&ops, &ops.ada, ops.general_id, "words");

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (vote(&bob, id, wrong[i]) != ERR_INVALID_FORM)
			fail_msg("%s", wrong[i]);
	}
	assert_int_equal(vote(&bob, id, "null"), ERR_INVALID_FORM);
	assert_int_equal(vote(&bob, plain, "[1]"), ERR_NO_POLL);
	assert_int_equal(vote(&bob, 12345, "[1]"), ERR_UNKNOWN_MESSAGE);
	assert_string_equal(results(id, bob.id), "0 0 0");
}

static void who_may_not_answer_does_not_vote(void **state)
{
	int64_t id = ask(2, false);

	(void)state;
	ops_sql(&ops, "UPDATE members SET timeout_until_ms = 9000000000000 WHERE user_id = %lld", (long long)bob.id);
	assert_int_equal(vote(&bob, id, "[1]"), ERR_MISSING_PERMISSIONS);
	ops_sql(&ops, "UPDATE members SET timeout_until_ms = NULL");
	ops_sql(&ops, "UPDATE channels SET archived_at_ms = 1 WHERE id = %lld", (long long)ops.general_id);
	assert_int_equal(vote(&bob, id, "[1]"), ERR_ARCHIVED);
	ops_sql(&ops, "UPDATE channels SET archived_at_ms = NULL");
	ops_sql(&ops, "UPDATE roles SET permissions = %lld WHERE id = %lld", (long long)PERM_VIEW_CHANNEL,
		(long long)ops.guild_id);
	assert_int_equal(vote(&bob, id, "[1]"), ERR_MISSING_PERMISSIONS);
	ops_sql(&ops, "UPDATE users SET is_bot = 1 WHERE id = %lld", (long long)bob.id);
	assert_int_equal(vote(&bob, id, "[1]"), ERR_BOT_FORBIDDEN);
	ops_sql(&ops, "UPDATE users SET is_bot = 0");
	ops_sql(&ops, "DELETE FROM members WHERE user_id = %lld", (long long)bob.id);
	assert_int_equal(vote(&bob, id, "[1]"), ERR_UNKNOWN_CHANNEL);
}

static void each_vote_is_told_with_the_count(void **state)
{
	int64_t id = ask(2, false), seq;
	const struct event *events;
	json_t *payload;
	int count;

	(void)state;
	assert_int_equal(vote(&ops.ada, id, "[2]"), ERR_OK);
	assert_int_equal(vote(&bob, id, "[1]"), ERR_OK);
	seq = ops.engine.last_seq;
	assert_int_equal(vote(&bob, id, "[2]"), ERR_OK);
	events = ops_events(&ops, seq, &count);
	assert_int_equal(count, 2);
	assert_string_equal(events[0].type, "MESSAGE_POLL_VOTE_REMOVE");
	assert_string_equal(events[1].type, "MESSAGE_POLL_VOTE_ADD");
	assert_true(events[1].channel_id == ops.general_id && events[1].message_id == id && events[1].user_id == 0);
	assert_int_equal(json_parse_own(&ops.arena, events[1].payload, events[1].payload_n, &payload), ERR_OK);
	assert_int_equal(json_id(payload, "user_id"), bob.id);
	assert_int_equal(json_id(payload, "channel_id"), ops.general_id);
	assert_int_equal(json_id(payload, "message_id"), id);
	assert_int_equal(json_id(payload, "guild_id"), ops.guild_id);
	assert_int_equal(json_int(payload, "answer_id"), 2);
	assert_int_equal(json_int(payload, "count"), 2);
}

static void its_author_ends_it_and_then_nothing_changes(void **state)
{
	int64_t id = ask(2, false), plain = ops_message(&ops, &ops.ada, ops.general_id, "words"), seq;
	int count;

	(void)state;
	assert_int_equal(vote(&bob, id, "[1]"), ERR_OK);
	assert_int_equal(expire(&bob, id), ERR_NOT_AUTHOR);
	assert_int_equal(expire(&ops.ada, plain), ERR_NO_POLL);
	seq = ops.engine.last_seq;
	assert_int_equal(expire(&ops.ada, id), ERR_OK);
	assert_true(
	    json_flag(json_object_get(json_object_get(json_object_get(ops.result, "message"), "poll"), "results"),
		      "is_finalized"));
	const struct event *events = ops_events(&ops, seq, &count);
	assert_int_equal(count, 1);
	assert_string_equal(events[0].type, "MESSAGE_UPDATE");
	assert_non_null(strstr(events[0].payload, "\"is_finalized\":true"));
	assert_int_equal(vote(&bob, id, "[2]"), ERR_POLL_ENDED);
	assert_int_equal(vote(&ops.ada, id, "[2]"), ERR_POLL_ENDED);
	assert_int_equal(vote(&bob, id, "[]"), ERR_POLL_ENDED);
	assert_int_equal(expire(&ops.ada, id), ERR_POLL_ENDED);
	assert_string_equal(results(id, bob.id), "1* 0.");
}

static void housekeep_all(void)
{
	bool is_done = false;

	for (int i = 0; !is_done; i++) {
		assert_true(i < 1000);
		assert_int_equal(house_keep(&ops.engine, 1000000, &is_done), ERR_OK);
	}
}

/* More of them than are ended at once. */
static void time_ends_them_in_the_store(void **state)
{
	int64_t last = 0, open = ask(2, false), seq;
	int count, told = 0;

	(void)state;
	for (int i = 0; i < 45; i++)
		last = ask(2, false);
	assert_int_equal(vote(&bob, last, "[2]"), ERR_OK);
	ops_sql(&ops, "UPDATE polls SET expires_at_ms = 1 WHERE message_id <> %lld", (long long)open);
	assert_int_equal(vote(&bob, last, "[1]"), ERR_POLL_ENDED); /* the time decides, not when the store sees to it */
	assert_string_equal(results(last, bob.id), "0 1*");
	seq = ops.engine.last_seq;
	housekeep_all();
	assert_string_equal(results(last, bob.id), "0 1*.");
	assert_string_equal(results(open, bob.id), "0 0");
	const struct event *events = ops_events(&ops, seq, &count);
	for (int i = 0; i < count; i++)
		told +=
		    strcmp(events[i].type, "MESSAGE_UPDATE") == 0 && strstr(events[i].payload, "is_finalized\":true");
	assert_int_equal(told, 45);
	seq = ops.engine.last_seq;
	housekeep_all();
	assert_int_equal(ops.engine.last_seq, seq);
}

static void a_poll_in_a_channel_that_goes_stops_nobody(void **state)
{
	int64_t id = ask(2, false), open = 0;

	(void)state;
	ops_sql(&ops, "UPDATE polls SET expires_at_ms = 1");
	ops_sql(&ops, "UPDATE channels SET deleted_at_ms = 1, is_purged = 1 WHERE id = %lld",
		(long long)ops.general_id);
	housekeep_all();
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM polls WHERE ended_at_ms IS NULL"), open);
	assert_true(id > 0);
}

static void a_deleted_message_takes_it_along(void **state)
{
	int64_t id = ask(2, false), seq;

	(void)state;
	assert_int_equal(vote(&bob, id, "[1]"), ERR_OK);
	seq = ops.engine.last_seq;
	assert_op(&ops, &ops.ada, "message_delete",
		  ops_json("{'channel_id':'%lld','message_id':'%lld'}", (long long)ops.general_id, (long long)id),
		  ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT (SELECT count(*) FROM polls) + (SELECT count(*) FROM poll_answers) + "
				       "(SELECT count(*) FROM poll_votes)"),
			 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM events WHERE seq <= %lld AND payload LIKE '%%Which?%%'",
				 (long long)seq),
			 0);
	assert_int_equal(vote(&bob, id, "[1]"), ERR_UNKNOWN_MESSAGE);
}

static void check_counts(void)
{
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM poll_answers a WHERE a.count <> (SELECT count(*) FROM "
				       "poll_votes v WHERE v.message_id = a.message_id AND v.answer_id = a.answer_id)"),
			 0);
	assert_int_equal(ops_int(&ops,
				 "SELECT count(*) FROM (SELECT 1 FROM poll_votes v JOIN polls p ON p.message_id = "
				 "v.message_id WHERE p.is_multiple = 0 GROUP BY v.message_id, v.user_id "
				 "HAVING count(*) > 1)"),
			 0);
}

static void counts_are_those_of_a_recount_after_anything(void **state)
{
	struct ops_random random = {21};
	struct person people[4];
	int64_t ids[] = {ask(4, false), ask(4, true)};

	(void)state;
	for (int i = 0; i < 4; i++)
		people[i] = ops_join(&ops, arena_printf(&ops.arena, "person%d", i));
	ops.is_quick = true;
	for (int i = 0; i < 1000; i++) {
		const char *list = arena_printf(&ops.arena, "[%u,%u]", ops_below(&random, 6), ops_below(&random, 6));
		if (ops_below(&random, 3) == 0)
			list = arena_printf(&ops.arena, "[%u]", 1 + ops_below(&random, 4));
		(void)vote(&people[ops_below(&random, 4)], ids[ops_below(&random, 2)], list);
	}
	check_counts();
	assert_true(ops_int(&ops, "SELECT count(*) FROM poll_votes") > 4);
}

static void who_voted_is_listed_by_pages(void **state)
{
	int64_t id = ask(2, false);
	struct buf *text = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *list;

	(void)state;
	assert_int_equal(vote(&bob, id, "[1]"), ERR_OK);
	assert_int_equal(vote(&ops.ada, id, "[1]"), ERR_OK);
	jw_init(&jw, text);
	struct poll_page page = {.answer_id = 1, .after = ops.ada.id < bob.id ? ops.ada.id : bob.id, .limit = 10};
	assert_int_equal(poll_voters_to_json(ops.engine.db, &jw, NULL, id, &page), ERR_OK);
	assert_int_equal(json_parse_own(&ops.arena, text->p, text->n, &list), ERR_OK);
	assert_int_equal(json_array_size(list), 1);
	assert_null(json_object_get(json_array_get(list, 0), "email"));
}

static void an_emoji_of_an_answer_outlives_its_deletion_as_a_name(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "emoji_create",
		  ops_json("{'guild_id':'%lld','name':'crab','picture':'" PICTURE "'}", (long long)ops.guild_id),
		  ERR_OK);
	int64_t emoji_id = ops_result_id(&ops, "emoji", "id");
	assert_op(&ops, &bob, "message_create",
		  with_poll(ops_json(
		      "{'question':{'text':'?'},'answers':[{'poll_media':{'text':'x','emoji':{'id':'%lld'}}}]}",
		      (long long)emoji_id)),
		  ERR_OK);
	int64_t id = ops_result_id(&ops, "message", "id");
	assert_op(&ops, &ops.ada, "emoji_delete",
		  ops_json("{'guild_id':'%lld','emoji_id':'%lld'}", (long long)ops.guild_id, (long long)emoji_id),
		  ERR_OK);
	const json_t *answer = json_array_get(json_object_get(poll_seen(id, 0), "answers"), 0);
	const json_t *emoji = json_object_get(json_object_get(answer, "poll_media"), "emoji");
	assert_string_equal(json_text(emoji, "name"), "crab");
	assert_true(json_is_false(json_object_get(emoji, "available")));
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    A_TEST(a_poll_has_discords_shape),
	    A_TEST(what_cannot_be_asked_is_refused),
	    A_TEST(lengths_are_code_points),
	    A_TEST(asking_needs_its_own_permission),
	    A_TEST(of_a_single_choice_there_is_one_vote),
	    A_TEST(of_many_choices_all_that_are_named),
	    A_TEST(one_answer_may_be_chosen_or_let_go_by_itself),
	    A_TEST(only_answers_that_there_are_are_voted_for),
	    A_TEST(who_may_not_answer_does_not_vote),
	    A_TEST(each_vote_is_told_with_the_count),
	    A_TEST(its_author_ends_it_and_then_nothing_changes),
	    A_TEST(time_ends_them_in_the_store),
	    A_TEST(a_poll_in_a_channel_that_goes_stops_nobody),
	    A_TEST(a_deleted_message_takes_it_along),
	    A_TEST(counts_are_those_of_a_recount_after_anything),
	    A_TEST(who_voted_is_listed_by_pages),
	    A_TEST(an_emoji_of_an_answer_outlives_its_deletion_as_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
