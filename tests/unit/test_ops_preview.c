/* Previews of links, at the store: who asks for them, and that they count only for the text that was read. */
#include "base/ensure.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/preview/preview.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;
static const struct person worker = {0, 0, OP_ROLE_WORKER};

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

static int64_t jobs(void)
{
	return ops_int(&ops, "SELECT count(*) FROM jobs WHERE kind = 'preview'");
}

static int64_t post(const char *content)
{
	return ops_message(&ops, &ops.ada, ops.general_id, content);
}

#define ONE "[{'url':'https://a.b/c','title':'Title','description':'Words','site':'Site'}]"

/* What the worker found of the text as it was at that edit. */
static enum err found(int64_t message_id, int64_t edited_at_ms, const char *previews)
{
	return ops_run(&ops, &worker, "message_preview",
		       ops_json("{'message_id':'%lld','edited_at_ms':%lld,'previews':%s}", (long long)message_id,
				(long long)edited_at_ms, previews));
}

static int64_t previews_of(int64_t message_id)
{
	return ops_int(&ops, "SELECT count(*) FROM message_embeds WHERE is_preview = 1 AND message_id = %lld",
		       (long long)message_id);
}

static int64_t edited_at(int64_t message_id)
{
	return ops_int(&ops, "SELECT coalesce(edited_at_ms, 0) FROM messages WHERE id = %lld", (long long)message_id);
}

static void edit(int64_t message_id, const char *members)
{
	assert_op(&ops, &ops.ada, "message_update",
		  ops_json("{'channel_id':'%lld','message_id':'%lld',%s}", (long long)ops.general_id,
			   (long long)message_id, members),
		  ERR_OK);
}

static void test_a_link_adds_a_job_that_holds_the_id_alone(void **state)
{
	(void)state;
	post("no link");
	post("a.b and mailto:x");
	assert_int_equal(jobs(), 0);
	int64_t id = post("see https://a.b/secret");
	assert_int_equal(jobs(), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM jobs WHERE payload LIKE '%%secret%%'"), 0);
	assert_int_equal(ops_int(&ops, "SELECT json_extract(payload, '$.message_id') FROM jobs"), id);
	post("www.a.b");
	assert_int_equal(jobs(), 2);
	edit(id, "'content':'see https://c.d'");
	assert_int_equal(jobs(), 3);
}

static void test_nobody_asks_where_previews_are_off_or_forbidden(void **state)
{
	const char *why;
	(void)state;
	assert_op(&ops, &ops.ada, "message_create",
		  ops_json("{'channel_id':'%lld','content':'https://a.b','flags':4}", (long long)ops.general_id),
		  ERR_OK);
	assert_int_equal(jobs(), 0);
	struct person bob = ops_join(&ops, "bob");
	ops_sql(&ops, "UPDATE roles SET permissions = permissions & ~%lld", (long long)PERM_EMBED_LINKS);
	ops_message(&ops, &bob, ops.general_id, "https://a.b");
	assert_int_equal(jobs(), 0);
	assert_int_equal(config_set(&ops.config, CONFIG_LINK_PREVIEWS, "off", &why), ERR_OK);
	post("https://a.b");
	assert_int_equal(jobs(), 0);
}

static void test_what_was_found_stands_below_the_message_and_is_told_once(void **state)
{
	int count;
	(void)state;
	int64_t id = post("https://a.b/c"), seq = ops.engine.last_seq;
	assert_int_equal(found(id, 0, ONE), ERR_OK);
	assert_int_equal(previews_of(id), 1);
	assert_int_equal(edited_at(id), 0);
	const struct event *events = ops_events(&ops, seq, &count);
	assert_int_equal(count, 1);
	assert_string_equal(events[0].type, "MESSAGE_UPDATE");
	assert_non_null(strstr(events[0].payload,
			       "\"embeds\":[{\"type\":\"link\",\"url\":\"https://a.b/c\",\"title\":\"Title\","
			       "\"description\":\"Words\",\"provider\":{\"name\":\"Site\"}}]"));
	/* A worker that was killed before it said that it was done. */
	seq = ops.engine.last_seq;
	assert_int_equal(found(id, 0, ONE), ERR_OK);
	assert_int_equal(previews_of(id), 1);
	assert_int_equal(ops.engine.last_seq, seq);
	assert_int_equal(found(id, 0, "[]"), ERR_OK);
	assert_int_equal(previews_of(id), 0);
	assert_int_equal(ops_int(&ops, "SELECT max(parts) FROM messages"), 0);
}

static void test_what_was_found_of_another_text_changes_nothing(void **state)
{
	(void)state;
	int64_t id = post("https://a.b/c");
	edit(id, "'content':'https://d.e/f'");
	int64_t seq = ops.engine.last_seq;
	assert_int_equal(found(id, 0, ONE), ERR_OK);
	assert_int_equal(previews_of(id), 0);
	assert_int_equal(ops.engine.last_seq, seq);
	assert_int_equal(found(id, edited_at(id), ONE), ERR_OK);
	assert_int_equal(previews_of(id), 1);
	edit(id, "'content':'none'");
	assert_int_equal(previews_of(id), 0);
}

static void test_a_message_that_is_gone_or_wants_none_gets_none(void **state)
{
	(void)state;
	int64_t id = post("https://a.b/c"), other = post("https://a.b/d");
	assert_op(&ops, &ops.ada, "message_delete",
		  ops_json("{'channel_id':'%lld','message_id':'%lld'}", (long long)ops.general_id, (long long)id),
		  ERR_OK);
	assert_int_equal(found(id, 0, ONE), ERR_OK);
	assert_int_equal(previews_of(id), 0);
	edit(other, "'flags':4");
	assert_int_equal(found(other, 0, ONE), ERR_OK);
	assert_int_equal(previews_of(other), 0);
	assert_int_equal(found(12345, 0, ONE), ERR_OK);
	assert_int_equal(found(ops.general_id, 0, ONE), ERR_OK);
}

static void test_who_lost_the_permission_meanwhile_gets_none(void **state)
{
	(void)state;
	struct person bob = ops_join(&ops, "bob");
	int64_t id = ops_message(&ops, &bob, ops.general_id, "https://a.b/c");
	ops_sql(&ops, "UPDATE roles SET permissions = permissions & ~%lld", (long long)PERM_EMBED_LINKS);
	assert_int_equal(found(id, 0, ONE), ERR_OK);
	assert_int_equal(previews_of(id), 0);
	id = post("https://a.b/c");
	assert_op(&ops, &ops.ada, "member_kick",
		  ops_json("{'guild_id':'%lld','user_id':'%lld'}", (long long)ops.guild_id, (long long)bob.id), ERR_OK);
	assert_int_equal(found(id, 0, ONE), ERR_OK);
	assert_int_equal(previews_of(id), 1);
}

static void test_only_what_an_honest_worker_sends_is_taken(void **state)
{
	static const char *const wrong[] = {
	    "{}",
	    "'x'",
	    "[1]",
	    "[{}]",
	    "[{'title':'no address'}]",
	    "[{'url':'javascript:alert(1)'}]",
	    "[{'url':'ftp://a.b'}]",
	    "[{'url':'https://a.b','title':7}]",
	    "[{'url':'https://a.b','title':'two\\nlines'}]",
	    "[{'url':'https://a.b','title':'\\u202e'}]",
	    "[{'url':'https://1'},{'url':'https://2'},{'url':'https://3'},{'url':'https://4'},{'url':'https://"
	    "5'},{'url':'https://6'}]",
	};
	(void)state;
	int64_t id = post("https://a.b/c");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (found(id, 0, wrong[i]) != ERR_INVALID_FORM)
			fail_msg("%s is taken", wrong[i]);
	}
	char *long_title = arena_alloc(&ops.arena, 300);
	memset(long_title, 'x', PREVIEW_TITLE_MAX + 1);
	assert_int_equal(found(id, 0, arena_printf(&ops.arena, "[{'url':'https://a.b','title':'%s'}]", long_title)),
			 ERR_INVALID_FORM);
	assert_int_equal(previews_of(id), 0);
}

static void test_previews_are_the_workers_alone(void **state)
{
	(void)state;
	int64_t id = post("https://a.b/c");
	assert_op(&ops, &ops.ada, "message_preview",
		  ops_json("{'message_id':'%lld','previews':" ONE "}", (long long)id), ERR_MISSING_PERMISSIONS);
	assert_op(&ops, NULL, "message_preview", ops_json("{'message_id':'%lld','previews':" ONE "}", (long long)id),
		  ERR_MISSING_PERMISSIONS);
}

static void test_embeds_of_the_author_stand_before_and_stay(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "message_create",
		  ops_json("{'channel_id':'%lld','content':'https://a.b/c','embeds':[{'title':'Mine'}]}",
			   (long long)ops.general_id),
		  ERR_OK);
	int64_t id = ops_result_id(&ops, "message", "id");
	assert_int_equal(found(id, 0, ONE), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT embed LIKE '%%Mine%%' FROM message_embeds ORDER BY position LIMIT 1"),
			 1);
	assert_int_equal(found(id, 0, "[]"), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_embeds"), 1);
	assert_int_equal(ops_int(&ops, "SELECT max(parts) FROM messages") & MESSAGE_HAS_EMBEDS, MESSAGE_HAS_EMBEDS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_a_link_adds_a_job_that_holds_the_id_alone),
	    TEST(test_nobody_asks_where_previews_are_off_or_forbidden),
	    TEST(test_what_was_found_stands_below_the_message_and_is_told_once),
	    TEST(test_what_was_found_of_another_text_changes_nothing),
	    TEST(test_a_message_that_is_gone_or_wants_none_gets_none),
	    TEST(test_who_lost_the_permission_meanwhile_gets_none),
	    TEST(test_only_what_an_honest_worker_sends_is_taken),
	    TEST(test_previews_are_the_workers_alone),
	    TEST(test_embeds_of_the_author_stand_before_and_stay),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
