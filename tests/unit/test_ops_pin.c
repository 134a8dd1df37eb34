/* Pins. */
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/pin/pin.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static enum err run(const struct person *who, const char *op, int64_t channel_id, int64_t message_id)
{
	return ops_run(
	    &ops, who, op,
	    ops_json("{'channel_id':'%lld','message_id':'%lld'}", (long long)channel_id, (long long)message_id));
}

static enum err pin(const struct person *who, int64_t message_id)
{
	return run(who, "pin_create", ops.general_id, message_id);
}

static enum err unpin(const struct person *who, int64_t message_id)
{
	return run(who, "pin_delete", ops.general_id, message_id);
}

static json_t *listed(const struct pin_page *page, bool *has_more)
{
	struct buf *text = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *json;

	jw_init(&jw, text);
	assert_int_equal(pin_list_to_json(ops.engine.db, &jw, NULL, ops.general_id, page, has_more), ERR_OK);
	assert_int_equal(json_parse_own(&ops.arena, text->p, text->n, &json), ERR_OK);
	return json;
}

static void pinning_tells_and_does_not_edit(void **state)
{
	int64_t id = ops_message(&ops, &ops.ada, ops.general_id, "words"), seq = ops.engine.last_seq;
	const struct pin_page page = {.limit = PINS_MAX, .viewer_id = ops.ada.id};
	const struct event *events;
	bool has_more;
	int count;

	(void)state;
	assert_int_equal(pin(&ops.ada, id), ERR_OK);
	events = ops_events(&ops, seq, &count);
	assert_int_equal(count, 3);
	assert_string_equal(events[0].type, "MESSAGE_UPDATE");
	assert_non_null(strstr(events[0].payload, "\"pinned\":true"));
	assert_non_null(strstr(events[0].payload, "\"edited_timestamp\":null"));
	assert_string_equal(events[1].type, "CHANNEL_PINS_UPDATE");
	assert_non_null(strstr(events[1].payload, "\"last_pin_timestamp\":\"20"));
	assert_string_equal(events[2].type, "GUILD_AUDIT_LOG_ENTRY_CREATE");

	const json_t *item = json_array_get(listed(&page, &has_more), 0);
	assert_true(json_flag(json_object_get(item, "message"), "pinned"));
	assert_non_null(json_text(item, "pinned_at"));
	assert_false(has_more);

	seq = ops.engine.last_seq;
	assert_int_equal(pin(&ops.ada, id), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
	assert_int_equal(unpin(&ops.ada, id), ERR_OK);
	events = ops_events(&ops, seq, &count);
	assert_non_null(strstr(events[1].payload, "\"last_pin_timestamp\":null"));
	seq = ops.engine.last_seq;
	assert_int_equal(unpin(&ops.ada, id), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
	assert_int_equal(json_array_size(listed(&page, &has_more)), 0);
}

static void who_may_pin(void **state)
{
	struct person bob = ops_join(&ops, "bob"), pinner = ops_join(&ops, "pinner"), mod = ops_join(&ops, "mod");
	int64_t id = ops_message(&ops, &bob, ops.general_id, "words"), tools = ops_channel(&ops, &ops.ada, "tools");

	(void)state;
	ops_grant(&ops, &pinner, PERM_PIN_MESSAGES);
	ops_grant(&ops, &mod, PERM_MANAGE_MESSAGES);
	assert_int_equal(pin(&bob, id), ERR_MISSING_PERMISSIONS);
	assert_int_equal(pin(&pinner, id), ERR_OK);
	assert_int_equal(unpin(&bob, id), ERR_MISSING_PERMISSIONS);
	assert_int_equal(unpin(&mod, id), ERR_OK);
	assert_int_equal(run(&mod, "pin_create", tools, id), ERR_UNKNOWN_MESSAGE);
	assert_int_equal(pin(&mod, 12345), ERR_UNKNOWN_MESSAGE);
	ops_sql(&ops, "UPDATE channels SET archived_at_ms = 1 WHERE id = %lld", (long long)ops.general_id);
	assert_int_equal(pin(&mod, id), ERR_ARCHIVED);
	ops_sql(&ops, "UPDATE channels SET archived_at_ms = NULL WHERE id = %lld", (long long)ops.general_id);
	ops_sql(&ops, "UPDATE roles SET permissions = permissions & ~%lld WHERE id = %lld",
		(long long)PERM_READ_HISTORY, (long long)ops.guild_id);
	assert_int_equal(pin(&mod, id), ERR_MISSING_PERMISSIONS);
}

/* In a direct message both may. */
static void people_pin_in_their_conversation(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	int64_t direct_id, id;

	(void)state;
	assert_op(&ops, &bob, "direct_create", ops_json("{'recipient_id':'%lld'}", (long long)ops.ada.id), ERR_OK);
	direct_id = ops_result_id(&ops, "channel", "id");
	id = ops_message(&ops, &ops.ada, direct_id, "words");
	assert_int_equal(run(&bob, "pin_create", direct_id, id), ERR_OK);
	assert_int_equal(run(&ops.ada, "pin_delete", direct_id, id), ERR_OK);
}

static void a_channel_has_fifty(void **state)
{
	int64_t id = 0, first_id = ops_message(&ops, &ops.ada, ops.general_id, "0");
	struct pin_page page = {.limit = 20, .viewer_id = ops.ada.id};
	bool has_more = true;
	size_t count = 0;

	(void)state;
	ops.is_quick = true;
	assert_int_equal(pin(&ops.ada, first_id), ERR_OK);
	for (int i = 1; i < PINS_MAX; i++) {
		id = ops_message(&ops, &ops.ada, ops.general_id, "x");
		assert_int_equal(pin(&ops.ada, id), ERR_OK);
	}
	assert_int_equal(pin(&ops.ada, ops_message(&ops, &ops.ada, ops.general_id, "x")), ERR_TOO_MANY_PINS);
	assert_int_equal(pin(&ops.ada, id), ERR_OK);

	/* By pages: each once, newest first. */
	int64_t before_id = INT64_MAX;
	while (has_more) {
		const json_t *list = listed(&page, &has_more), *each;
		size_t i;
		json_array_foreach(list, i, each)
		{
			int64_t now_id = json_id(json_object_get(each, "message"), "id");
			assert_true(now_id < before_id);
			before_id = now_id;
			count++;
		}
		page.before_ms =
		    ops_int(&ops, "SELECT pinned_at_ms FROM pins WHERE message_id = %lld", (long long)before_id);
	}
	assert_int_equal(count, PINS_MAX);
	assert_int_equal(unpin(&ops.ada, id), ERR_OK);
	assert_int_equal(pin(&ops.ada, ops_message(&ops, &ops.ada, ops.general_id, "x")), ERR_OK);
}

static void a_deleted_message_is_pinned_no_more(void **state)
{
	int64_t id = ops_message(&ops, &ops.ada, ops.general_id, "words"), seq;
	const struct event *events;
	int count;

	(void)state;
	assert_int_equal(pin(&ops.ada, id), ERR_OK);
	seq = ops.engine.last_seq;
	assert_int_equal(run(&ops.ada, "message_delete", ops.general_id, id), ERR_OK);
	events = ops_events(&ops, seq, &count);
	assert_int_equal(count, 2);
	assert_string_equal(events[0].type, "CHANNEL_PINS_UPDATE");
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM pins"), 0);
}

/* A pin is told to the other one, as a message is. */
static void nobody_pins_in_a_direct_message_that_is_closed(void **state)
{
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	assert_op(&ops, &bob, "direct_create", json_pack("{s:I}", "recipient_id", (json_int_t)ops.ada.id), ERR_OK);
	int64_t direct = ops_result_id(&ops, "channel", "id"), first = ops_message(&ops, &bob, direct, "1"),
		second = ops_message(&ops, &bob, direct, "2");
	assert_int_equal(run(&bob, "pin_create", direct, first), ERR_OK);
	assert_op(&ops, &ops.ada, "block_create", json_pack("{s:I}", "user_id", (json_int_t)bob.id), ERR_OK);
	assert_int_equal(run(&bob, "pin_create", direct, second), ERR_CANNOT_DM);
	assert_int_equal(run(&bob, "pin_delete", direct, first), ERR_CANNOT_DM);
	assert_op(&ops, &ops.ada, "block_delete", json_pack("{s:I}", "user_id", (json_int_t)bob.id), ERR_OK);
	assert_int_equal(run(&bob, "pin_delete", direct, first), ERR_OK);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(pinning_tells_and_does_not_edit),     SET_UP(who_may_pin),
	    SET_UP(people_pin_in_their_conversation),    SET_UP(a_channel_has_fifty),
	    SET_UP(a_deleted_message_is_pinned_no_more), SET_UP(nobody_pins_in_a_direct_message_that_is_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
