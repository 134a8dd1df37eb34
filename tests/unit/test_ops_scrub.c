/* Deleting: many at once, and that nothing of what was deleted is left in any table. */
#include "base/id.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;
static struct person mod;

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	mod = ops_join(&ops, "mod");
	ops_grant(&ops, &mod, PERM_MANAGE_MESSAGES);
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static enum err bulk(const struct person *who, const char *ids)
{
	return ops_run(&ops, who, "message_bulk_delete",
		       ops_json("{'channel_id':'%lld','messages':%s}", (long long)ops.general_id, ids));
}

static const char *list_of(const int64_t *ids, size_t count)
{
	struct buf *text = buf_in_arena(&ops.arena);

	buf_putc(text, '[');
	for (size_t i = 0; i < count; i++)
		buf_printf(text, "%s'%lld'", i == 0 ? "" : ",", (long long)ids[i]);
	buf_puts(text, "]");
	return text->p;
}

static void many_are_deleted_with_one_event_and_one_line(void **state)
{
	int64_t ids[4] = {0}, seq;
	const struct event *events;
	int count;

	(void)state;
	for (int i = 0; i < 3; i++)
		ids[i] = ops_message(&ops, &ops.ada, ops.general_id, "words");
	ids[3] = ids[0];
	assert_int_equal(ops_run(&ops, &ops.ada, "message_delete",
				 ops_json("{'channel_id':'%lld','message_id':'%lld'}", (long long)ops.general_id,
					  (long long)ids[1])),
			 ERR_OK);
	seq = ops.engine.last_seq;
	assert_int_equal(bulk(&mod, list_of(ids, 4)), ERR_OK);
	events = ops_events(&ops, seq, &count);
	assert_int_equal(count, 2);
	assert_string_equal(events[0].type, "MESSAGE_DELETE_BULK");
	assert_string_equal(
	    events[0].payload,
	    arena_printf(&ops.arena, "{\"ids\":[\"%lld\",\"%lld\"],\"channel_id\":\"%lld\",\"guild_id\":\"%lld\"}",
			 (long long)ids[0], (long long)ids[2], (long long)ops.general_id, (long long)ops.guild_id));
	assert_string_equal(events[1].type, "GUILD_AUDIT_LOG_ENTRY_CREATE");
	assert_non_null(strstr(events[1].payload, "\"count\":\"2\""));
	seq = ops.engine.last_seq;
	assert_int_equal(bulk(&mod, list_of(ids, 4)), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
}

static void what_is_refused_deletes_nothing(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	int64_t id = ops_message(&ops, &bob, ops.general_id, "1"), other = ops_message(&ops, &bob, ops.general_id, "2");
	int64_t old = id_first_at(id_created_at_ms(id) - INT64_C(15) * 24 * 3600 * 1000);
	int64_t many[101];
	const int64_t two[] = {id, other};

	(void)state;
	for (size_t i = 0; i < 101; i++)
		many[i] = id + (int64_t)i;
	assert_int_equal(bulk(&bob, list_of(two, 2)), ERR_MISSING_PERMISSIONS);
	assert_int_equal(bulk(&mod, list_of(two, 1)), ERR_BULK_DELETE_COUNT);
	assert_int_equal(bulk(&mod, "[]"), ERR_BULK_DELETE_COUNT);
	assert_op(&ops, &mod, "message_bulk_delete",
		  json_pack("{s:I, s:o}", "channel_id", (json_int_t)ops.general_id, "messages", json_array()),
		  ERR_BULK_DELETE_COUNT);
	assert_int_equal(bulk(&mod, "'all'"), ERR_INVALID_FORM);
	assert_int_equal(bulk(&mod, arena_printf(&ops.arena, "['%lld','x']", (long long)id)), ERR_INVALID_FORM);
	assert_int_equal(bulk(&mod, arena_printf(&ops.arena, "['%lld','%lld']", (long long)id, (long long)old)),
			 ERR_BULK_DELETE_TOO_OLD);
	json_t *list = json_array();
	for (size_t i = 0; i < 101; i++)
		(void)json_array_append_new(list, json_integer(many[i]));
	assert_op(&ops, &mod, "message_bulk_delete",
		  json_pack("{s:I, s:o}", "channel_id", (json_int_t)ops.general_id, "messages", list),
		  ERR_BULK_DELETE_COUNT);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages WHERE deleted_at_ms IS NULL"), 2);
}

/* A moderator of one channel reaches nothing in another. */
static void other_channels_are_out_of_reach(void **state)
{
	int64_t tools = ops_channel(&ops, &ops.ada, "tools");
	const int64_t ids[] = {ops_message(&ops, &ops.ada, tools, "1"), ops_message(&ops, &ops.ada, tools, "2")};

	(void)state;
	assert_int_equal(bulk(&mod, list_of(ids, 2)), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages WHERE deleted_at_ms IS NULL"), 2);
}

/* In how many columns of all tables the text stands, the log of moderators' doings left out; *where is one of them. */
static int places_of(const char *needle, const char **where)
{
	int places = 0;

	int64_t tables = ops_int(&ops, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'");

	for (int64_t i = 0; i < tables; i++) {
		const char *table = ops_text(
		    &ops, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name LIMIT 1 OFFSET %lld",
		    (long long)i);
		int64_t columns = ops_int(&ops, "SELECT count(*) FROM pragma_table_info('%s')", table);

		/* FTS keeps its words in blobs that only it can read; search has tests of its own. */
		if (strcmp(table, "audit_log") == 0 || strstr(table, "_data") != NULL || strstr(table, "_idx") != NULL)
			continue;
		for (int64_t j = 0; j < columns; j++) {
			const char *column =
			    ops_text(&ops, "SELECT name FROM pragma_table_info('%s') ORDER BY cid LIMIT 1 OFFSET %lld",
				     table, (long long)j);
			int64_t found =
			    ops_int(&ops, "SELECT count(*) FROM \"%s\" WHERE instr(CAST(\"%s\" AS TEXT), '%s') > 0",
				    table, column, needle);
			if (found > 0)
				*where = arena_printf(&ops.arena, "%s.%s", table, column);
			places += found > 0;
		}
	}
	return places;
}

static void assert_nowhere(const char *needle)
{
	const char *where = "";

	if (places_of(needle, &where) > 0)
		fail_msg("%s stands in %s", needle, where);
}

static int64_t post(const char *members)
{
	assert_op(&ops, &ops.ada, "message_create",
		  ops_json("{'channel_id':'%lld',%s}", (long long)ops.general_id, members), ERR_OK);
	return ops_result_id(&ops, "message", "id");
}

static void run(const char *op, int64_t id, const char *more)
{
	assert_op(
	    &ops, &ops.ada, op,
	    ops_json("{'channel_id':'%lld','message_id':'%lld'%s}", (long long)ops.general_id, (long long)id, more),
	    ERR_OK);
}

/* A message with all that one can have. */
static int64_t rich_message(void)
{
	int64_t id =
	    post("'content':'needle one @everyone','embeds':[{'title':'needle two','footer':{'text':'needle'}}]");

	run("message_update", id, ",'content':'needle three'");
	run("message_update", id, ",'embeds':[{'description':'needle four'}]");
	run("pin_create", id, "");
	(void)post(
	    arena_printf(&ops.arena, "'content':'an answer','message_reference':{'message_id':'%lld'}", (long long)id));
	return id;
}

static void nothing_is_left_of_what_was_deleted(void **state)
{
	const char *where;
	int64_t id;

	(void)state;
	id = rich_message();
	assert_true(places_of("needle", &where) >= 4); /* text, versions, embeds, events: the search finds them */
	run("message_delete", id, "");
	assert_nowhere("needle");
	const int64_t two[] = {rich_message(), rich_message()};
	assert_int_equal(bulk(&mod, list_of(two, 2)), ERR_OK);
	assert_nowhere("needle");
	id = rich_message();
	int64_t copy_id =
	    post(arena_printf(&ops.arena, "'message_reference':{'type':1,'channel_id':'%lld','message_id':'%lld'}",
			      (long long)ops.general_id, (long long)id));
	run("message_delete", id, "");
	run("message_delete", copy_id, "");
	assert_nowhere("needle");
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages WHERE deleted_at_ms IS NOT NULL AND parts <> 0"),
			 0);
}

static void a_poll_goes_with_its_message(void **state)
{
	int64_t id =
	    post("'poll':{'question':{'text':'needle question?'},'answers':[{'poll_media':{'text':'needle a'}},"
		 "{'poll_media':{'text':'needle b'}}],'duration':1}");

	(void)state;
	run("message_delete", id, "");
	assert_nowhere("needle");
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(many_are_deleted_with_one_event_and_one_line),
	    SET_UP(what_is_refused_deletes_nothing),
	    SET_UP(other_channels_are_out_of_reach),
	    SET_UP(nothing_is_left_of_what_was_deleted),
	    SET_UP(a_poll_goes_with_its_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
