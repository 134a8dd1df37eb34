/* What embeds say is found as long as they are shown, and no longer. */
#include "ops_fixture.h"

#include "domain/message/message.h"
#include "domain/search/search.h"
#include "domain/search/search_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;
static struct person bob;
static const struct person worker = {0, 0, OP_ROLE_WORKER};

static int set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	bob = ops_join(&ops, "bob");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static void assert_hits(const char *text, int64_t expected)
{
	const struct search_scope scope = {ops.guild_id, 0, bob.id};
	const struct search_page page = {.limit = SEARCH_PAGE_MAX};
	struct search_query query;
	struct search_result found;

	search_query_init(&query);
	search_query_parse(&query, str_from(text), INT64_C(1772366400000));
	assert_int_equal(search_find(ops.engine.db, &ops.arena, &scope, &query, &page, &found), ERR_OK);
	if (found.total != expected)
		fail_msg("%s finds %lld and not %lld: %s", text, (long long)found.total, (long long)expected,
			 found.match);
	ops_sql(&ops, "INSERT INTO search (search) VALUES ('integrity-check')");
}

static void create(int flags)
{
	assert_op(&ops, &ops.ada, "message_create",
		  ops_json("{'channel_id':'%lld','content':'apple','flags':%d,'embeds':[{'title':'banana'}]}",
			   (long long)ops.general_id, flags),
		  ERR_OK);
}

static void hide(const struct person *who, int64_t message_id, bool is_hidden)
{
	assert_op(&ops, who, "message_update",
		  ops_json("{'channel_id':'%lld','message_id':'%lld','flags':%d}", (long long)ops.general_id,
			   (long long)message_id, is_hidden ? MESSAGE_FLAG_SUPPRESS_EMBEDS : 0),
		  ERR_OK);
}

static void embeds_are_found_until_they_are_hidden_and_when_they_are_shown_again(void **state)
{
	(void)state;
	create(0);
	int64_t id = ops_result_id(&ops, "message", "id");
	for (int i = 0; i < 2; i++) {
		assert_hits("banana", 1);
		assert_hits("apple has:embed", 1);
		hide(&ops.ada, id, true);
		assert_hits("banana", 0);
		assert_hits("has:embed", 0);
		assert_hits("apple", 1);
		assert_int_equal(
		    ops_int(&ops,
			    "SELECT count(*) FROM search_texts WHERE text LIKE '%%banana%%' OR tags LIKE '%%embed%%'"),
		    0);
		assert_true(ops_int(&ops, "SELECT dirty_since_ms FROM search_state") > 0);
		hide(&ops.ada, id, false);
	}
}

static void embeds_that_were_hidden_from_the_start_are_not_found(void **state)
{
	(void)state;
	create(MESSAGE_FLAG_SUPPRESS_EMBEDS);
	assert_hits("banana", 0);
	assert_hits("has:embed", 0);
	assert_hits("apple", 1);
}

static void a_preview_that_its_author_hides_is_found_no_more(void **state)
{
	(void)state;
	int64_t id = ops_message(&ops, &ops.ada, ops.general_id, "see https://a.b/c");
	assert_op(&ops, &worker, "message_preview",
		  ops_json("{'message_id':'%lld','edited_at_ms':0,'previews':[{'url':'https://a.b/c',"
			   "'title':'cherry','description':'grape','site':'plum'}]}",
			   (long long)id),
		  ERR_OK);
	assert_hits("cherry", 1);
	assert_hits("grape", 1);
	hide(&ops.ada, id, true);
	assert_hits("cherry", 0);
	assert_hits("grape", 0);
	assert_hits("has:link", 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(embeds_are_found_until_they_are_hidden_and_when_they_are_shown_again),
	    TEST(embeds_that_were_hidden_from_the_start_are_not_found),
	    TEST(a_preview_that_its_author_hides_is_found_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
