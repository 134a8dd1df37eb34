/* Messages that answer others, and messages that are copies of others. */
#include "domain/message/message.h"
#include "domain/message/message_marker.h"
#include "domain/perm.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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

static const json_t *made(void)
{
	return json_object_get(ops.result, "message");
}

static int64_t made_id(void)
{
	return json_id(made(), "id");
}

static enum err answer(const struct person *who, int64_t channel_id, const char *reference)
{
	return ops_run(&ops, who, "message_create",
		       ops_json("{'channel_id':'%lld','content':'an answer','message_reference':%s}",
				(long long)channel_id, reference));
}

static const char *to(int64_t message_id)
{
	return arena_printf(&ops.arena, "{'message_id':'%lld'}", (long long)message_id);
}

static enum err forward(const struct person *who, int64_t from_id, int64_t message_id, int64_t to_id)
{
	return ops_run(
	    &ops, who, "message_create",
	    ops_json("{'channel_id':'%lld','message_reference':{'type':1,'channel_id':'%lld','message_id':'%lld'}}",
		     (long long)to_id, (long long)from_id, (long long)message_id));
}

/* The message as somebody else reads it now. */
static const json_t *reread(int64_t channel_id, int64_t message_id)
{
	struct buf *text = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *json;

	jw_init(&jw, text);
	assert_int_equal(message_find_to_json(ops.engine.db, &jw, NULL,
					      (struct message_at){channel_id, message_id, ops.ada.id}, NULL),
			 ERR_OK);
	assert_int_equal(json_parse_own(&ops.arena, text->p, text->n, &json), ERR_OK);
	return json;
}

static void an_answer_has_discords_shape(void **state)
{
	int64_t id = ops_message(&ops, &bob, ops.general_id, "a question");

	(void)state;
	assert_int_equal(answer(&ops.ada, ops.general_id, to(id)), ERR_OK);
	const json_t *reference = json_object_get(made(), "message_reference");
	const json_t *parent = json_object_get(made(), "referenced_message");
	assert_int_equal(json_int(made(), "type"), 19);
	assert_int_equal(json_int(reference, "type"), 0);
	assert_int_equal(json_id(reference, "message_id"), id);
	assert_int_equal(json_id(reference, "channel_id"), ops.general_id);
	assert_int_equal(json_id(reference, "guild_id"), ops.guild_id);
	assert_string_equal(json_text(parent, "content"), "a question");
	assert_int_equal(json_id(json_object_get(parent, "author"), "id"), bob.id);
	assert_null(json_object_get(parent, "referenced_message"));
	assert_int_equal(json_id(json_array_get(json_object_get(made(), "mentions"), 0), "id"), bob.id);
	assert_true(json_equal((json_t *)(uintptr_t)made(), (json_t *)(uintptr_t)reread(ops.general_id, made_id())));
}

/* Answers to answers name what they answer, once. */
static void a_chain_of_answers_is_told_one_link_deep(void **state)
{
	int64_t id = ops_message(&ops, &bob, ops.general_id, "first");

	(void)state;
	assert_int_equal(answer(&ops.ada, ops.general_id, to(id)), ERR_OK);
	assert_int_equal(answer(&bob, ops.general_id, to(made_id())), ERR_OK);
	const json_t *parent = json_object_get(made(), "referenced_message");
	assert_int_equal(json_id(json_object_get(parent, "message_reference"), "message_id"), id);
	assert_null(json_object_get(parent, "referenced_message"));
}

struct reference_case {
	const char *reference; /* # is the message's id, @ its channel's */
	enum err expected;
	int64_t type;
	const char *complaint;
};

static const struct reference_case reference_cases[] = {
    {"null", ERR_OK, 0, NULL},
    {"{}", ERR_OK, 0, NULL},
    {"{'message_id':null}", ERR_OK, 0, NULL},
    {"{'message_id':'#'}", ERR_OK, 19, NULL},
    {"{'message_id':#}", ERR_OK, 19, NULL},
    {"{'message_id':'#','channel_id':@,'guild_id':null,'fail_if_not_exists':true}", ERR_OK, 19, NULL},
    {"{'type':0,'message_id':'#'}", ERR_OK, 19, NULL},
    {"{'message_id':'12345'}", ERR_INVALID_FORM, 0, "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"},
    {"{'message_id':'12345','fail_if_not_exists':null}", ERR_INVALID_FORM, 0, "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"},
    {"{'message_id':'12345','fail_if_not_exists':false}", ERR_OK, 0, NULL},
    {"{'message_id':'#','channel_id':'12345'}", ERR_INVALID_FORM, 0, "REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL"},
    {"{'type':2,'message_id':'#'}", ERR_INVALID_FORM, 0, "BASE_TYPE_CHOICES"},
    {"'#'", ERR_INVALID_FORM, 0, "DICT_TYPE_CONVERT"},
    {"[]", ERR_INVALID_FORM, 0, "DICT_TYPE_CONVERT"},
};

static const char *with_ids(const char *pattern, int64_t message_id)
{
	struct buf *text = buf_in_arena(&ops.arena);

	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '#' || *pattern == '@')
			buf_printf(text, "%lld", (long long)(*pattern == '#' ? message_id : ops.general_id));
		else
			buf_putc(text, *pattern);
	}
	return text->p;
}

static void a_reference_is_taken_as_discords_libraries_send_it(void **state)
{
	int64_t id = ops_message(&ops, &bob, ops.general_id, "a question");

	(void)state;
	for (size_t i = 0; i < sizeof reference_cases / sizeof *reference_cases; i++) {
		const struct reference_case *at = &reference_cases[i];
		enum err e = answer(&ops.ada, ops.general_id, with_ids(at->reference, id));

		if (e != at->expected)
			fail_msg("%s: %s", at->reference, err_info(e)->name);
		if (e == ERR_OK)
			assert_int_equal(json_int(made(), "type"), at->type);
		else
			assert_string_equal(ops_complaint(&ops, "message_reference"), at->complaint);
	}
}

static void what_stands_elsewhere_is_not_answered_here(void **state)
{
	int64_t tools = ops_channel(&ops, &ops.ada, "tools"), id = ops_message(&ops, &ops.ada, tools, "elsewhere");

	(void)state;
	assert_int_equal(answer(&ops.ada, ops.general_id, to(id)), ERR_INVALID_FORM);
	assert_int_equal(
	    answer(&ops.ada, ops.general_id,
		   arena_printf(&ops.arena, "{'message_id':'%lld','fail_if_not_exists':false}", (long long)id)),
	    ERR_OK);
	assert_null(json_object_get(made(), "referenced_message"));
}

static void who_may_not_look_back_does_not_answer(void **state)
{
	int64_t id = ops_message(&ops, &ops.ada, ops.general_id, "before");

	(void)state;
	ops_sql(&ops, "UPDATE roles SET permissions = permissions & ~%lld WHERE id = %lld",
		(long long)PERM_READ_HISTORY, (long long)ops.guild_id);
	assert_int_equal(answer(&bob, ops.general_id, to(id)), ERR_REPLY_NEEDS_HISTORY);
	assert_int_equal(answer(&ops.ada, ops.general_id, to(id)), ERR_OK);
}

/* A form that was open while the message was deleted posts what was typed. */
static void a_form_answers_what_is_still_there(void **state)
{
	int64_t id = ops_message(&ops, &bob, ops.general_id, "a question");
	json_t *in =
	    ops_json("{'channel_id':'%lld','content':'x','reply_to':'%lld'}", (long long)ops.general_id, (long long)id);

	(void)state;
	assert_int_equal(ops_run(&ops, &ops.ada, "message_create", json_deep_copy(in)), ERR_OK);
	assert_int_equal(json_int(made(), "type"), 19);
	assert_op(&ops, &bob, "message_delete",
		  ops_json("{'channel_id':'%lld','message_id':'%lld'}", (long long)ops.general_id, (long long)id),
		  ERR_OK);
	assert_int_equal(ops_run(&ops, &ops.ada, "message_create", in), ERR_OK);
	assert_int_equal(json_int(made(), "type"), 0);
}

static const struct event *last_event(const char *type)
{
	int count;
	const struct event *events = ops_events(&ops, 0, &count);

	while (count-- > 0) {
		if (strcmp(events[count].type, type) == 0)
			return &events[count];
	}
	fail_msg("no %s", type);
	return NULL;
}

static const json_t *expanded(const struct event *event, bool reads_history)
{
	struct buf *text = buf_in_arena(&ops.arena);
	json_t *json;

	assert_int_equal(message_marker_expand(ops.engine.db, event->payload, event->payload_n, reads_history, text),
			 ERR_OK);
	assert_false(message_marker_is_in(text->p, text->n));
	assert_int_equal(json_parse_own(&ops.arena, text->p, text->n, &json), ERR_OK);
	return json;
}

/* The log would tell a deleted text otherwise, in the events of those that answer it. */
static void the_log_does_not_hold_what_an_answer_answers(void **state)
{
	int64_t id = ops_message(&ops, &bob, ops.general_id, "a question"), other_id;

	(void)state;
	assert_int_equal(answer(&ops.ada, ops.general_id, to(id)), ERR_OK);
	other_id = made_id();
	const struct event *event = last_event("MESSAGE_CREATE");
	assert_null(strstr(event->payload, "a question"));
	assert_true(message_marker_is_in(event->payload, event->payload_n));
	assert_true(message_marker_names(event->payload, event->payload_n, id));
	assert_false(message_marker_names(event->payload, event->payload_n, other_id));

	const json_t *parent = json_object_get(expanded(event, true), "referenced_message");
	assert_string_equal(json_text(parent, "content"), "a question");
	assert_true(json_is_null(json_object_get(expanded(event, false), "referenced_message")));
	assert_op(&ops, &bob, "message_delete",
		  ops_json("{'channel_id':'%lld','message_id':'%lld'}", (long long)ops.general_id, (long long)id),
		  ERR_OK);
	assert_true(json_is_null(json_object_get(expanded(event, true), "referenced_message")));
	assert_true(json_is_null(json_object_get(reread(ops.general_id, other_id), "referenced_message")));
	assert_int_equal(json_id(json_object_get(reread(ops.general_id, other_id), "message_reference"), "message_id"),
			 id);
}

static void text_that_looks_like_a_marker_is_text(void **state)
{
	static const char *const texts[] = {"\x02",
					    "{\x02}",
					    "\x02"
					    "1/2",
					    "\x02/\x02",
					    "\x02"
					    "9/x\x02",
					    "{}"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct buf *out = buf_in_arena(&ops.arena);
		assert_int_equal(message_marker_expand(ops.engine.db, texts[i], strlen(texts[i]), true, out), ERR_OK);
		assert_true(out->n > 0);
	}
}

static void a_forward_is_a_copy_that_does_not_name_its_source(void **state)
{
	int64_t tools = ops_channel(&ops, &ops.ada, "tools"), id, copy_id;
	const json_t *copy;

	(void)state;
	assert_op(&ops, &ops.ada, "message_create",
		  ops_json("{'channel_id':'%lld','content':'take this','embeds':[{'title':'T'}]}", (long long)tools),
		  ERR_OK);
	id = made_id();
	assert_int_equal(forward(&ops.ada, tools, id, ops.general_id), ERR_OK);
	copy_id = made_id();
	copy = json_object_get(json_array_get(json_object_get(made(), "message_snapshots"), 0), "message");
	assert_string_equal(json_text(copy, "content"), "take this");
	assert_string_equal(json_text(json_array_get(json_object_get(copy, "embeds"), 0), "title"), "T");
	assert_string_equal(json_text(made(), "content"), "");
	assert_int_equal(json_array_size(json_object_get(made(), "embeds")), 0);
	const json_t *reference = json_object_get(made(), "message_reference");
	assert_string_equal(json_text(reference, "channel_id"), "0");
	assert_int_equal(id_created_at_ms(json_id(reference, "message_id")), id_created_at_ms(id));

	const char *text = json_write(&ops.arena, made()).p;
	assert_null(strstr(text, arena_printf(&ops.arena, "%lld", (long long)id)));
	assert_null(strstr(text, arena_printf(&ops.arena, "%lld", (long long)tools)));

	assert_op(&ops, &ops.ada, "message_delete",
		  ops_json("{'channel_id':'%lld','message_id':'%lld'}", (long long)tools, (long long)id), ERR_OK);
	assert_non_null(strstr(json_write(&ops.arena, reread(ops.general_id, copy_id)).p, "take this"));
}

static void a_forward_can_be_forwarded(void **state)
{
	int64_t tools = ops_channel(&ops, &ops.ada, "tools"), id = ops_message(&ops, &ops.ada, tools, "pass it on");

	(void)state;
	assert_int_equal(forward(&ops.ada, tools, id, ops.general_id), ERR_OK);
	assert_int_equal(forward(&bob, ops.general_id, made_id(), ops.general_id), ERR_OK);
	assert_string_equal(
	    json_text(json_object_get(json_array_get(json_object_get(made(), "message_snapshots"), 0), "message"),
		      "content"),
	    "pass it on");
}

/* What may not be read and what is not there are told apart by nothing. */
static void nobody_forwards_what_they_may_not_read(void **state)
{
	int64_t id, secret_id;

	(void)state;
	assert_op(&ops, &ops.ada, "channel_create",
		  ops_json("{'guild_id':'%lld','name':'secret','private':true}", (long long)ops.guild_id), ERR_OK);
	secret_id = ops_result_id(&ops, "channel", "id");
	id = ops_message(&ops, &ops.ada, secret_id, "for few");
	assert_int_equal(forward(&bob, secret_id, id, ops.general_id), ERR_INVALID_FORM);
	assert_string_equal(ops_complaint(&ops, "message_reference"), "MESSAGE_REFERENCE_UNKNOWN_MESSAGE");
	assert_int_equal(forward(&bob, secret_id, 12345, ops.general_id), ERR_INVALID_FORM);
	assert_string_equal(ops_complaint(&ops, "message_reference"), "MESSAGE_REFERENCE_UNKNOWN_MESSAGE");
	assert_int_equal(forward(&bob, 12345, id, ops.general_id), ERR_INVALID_FORM);
	/* The id of a channel that may be read does not open another's message. */
	assert_int_equal(forward(&bob, ops.general_id, id, ops.general_id), ERR_INVALID_FORM);
	id = ops_message(&ops, &ops.ada, ops.general_id, "before");
	ops_sql(&ops, "UPDATE roles SET permissions = permissions & ~%lld WHERE id = %lld",
		(long long)PERM_READ_HISTORY, (long long)ops.guild_id);
	assert_int_equal(forward(&bob, ops.general_id, id, ops.general_id), ERR_INVALID_FORM);
}

static void a_forward_has_nothing_of_its_own(void **state)
{
	int64_t id = ops_message(&ops, &ops.ada, ops.general_id, "words");
	static const char *const mores[] = {"'content':'and more'", "'embeds':[{'title':'and more'}]"};

	(void)state;
	for (size_t i = 0; i < sizeof mores / sizeof *mores; i++)
		assert_op(&ops, &ops.ada, "message_create",
			  ops_json("{'channel_id':'%lld',%s,'message_reference':{'type':1,'channel_id':'%lld','message_"
				   "id':'%lld'}}",
				   (long long)ops.general_id, mores[i], (long long)ops.general_id, (long long)id),
			  ERR_INVALID_FORM);
	assert_int_equal(forward(&ops.ada, ops.general_id, id, ops.general_id), ERR_OK);
	assert_op(&ops, &ops.ada, "message_update",
		  ops_json("{'channel_id':'%lld','message_id':'%lld','content':'changed'}", (long long)ops.general_id,
			   (long long)made_id()),
		  ERR_SYSTEM_MESSAGE);
}

/* Whom the text names hears nothing of a copy; who does not belong here is not even named. */
static void a_forward_mentions_nobody(void **state)
{
	struct person eve = ops_join(&ops, "eve");
	int64_t id = ops_message(&ops, &ops.ada, ops.general_id,
				 arena_printf(&ops.arena, "<@%lld> and <@%lld>", (long long)bob.id, (long long)eve.id));

	(void)state;
	assert_op(&ops, &eve, "guild_leave", ops_json("{'guild_id':'%lld'}", (long long)ops.guild_id), ERR_OK);
	assert_int_equal(forward(&ops.ada, ops.general_id, id, ops.general_id), ERR_OK);
	assert_int_equal(json_array_size(json_object_get(made(), "mentions")), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM mentions WHERE message_id = %lld", (long long)made_id()),
			 0);
	const json_t *names = json_object_get(made(), "mention_user_names");
	assert_int_equal(json_array_size(names), 1);
	assert_int_equal(json_id(json_array_get(names, 0), "id"), bob.id);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(an_answer_has_discords_shape),
	    SET_UP(a_chain_of_answers_is_told_one_link_deep),
	    SET_UP(a_reference_is_taken_as_discords_libraries_send_it),
	    SET_UP(what_stands_elsewhere_is_not_answered_here),
	    SET_UP(who_may_not_look_back_does_not_answer),
	    SET_UP(a_form_answers_what_is_still_there),
	    SET_UP(the_log_does_not_hold_what_an_answer_answers),
	    SET_UP(text_that_looks_like_a_marker_is_text),
	    SET_UP(a_forward_is_a_copy_that_does_not_name_its_source),
	    SET_UP(a_forward_can_be_forwarded),
	    SET_UP(nobody_forwards_what_they_may_not_read),
	    SET_UP(a_forward_has_nothing_of_its_own),
	    SET_UP(a_forward_mentions_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
