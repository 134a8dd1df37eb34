/* What search finds is what a walk through the tables finds: the same messages in the same order, as many, and none
 * that stands where the user may not read. */
#include "ops_fixture.h"

#include "base/ensure.h"
#include "domain/channel/channel.h"
#include "domain/search/search.h"
#include "domain/search/search_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { CHANNELS = 7, PLACES = CHANNELS + 3, MESSAGES = 700, QUERIES = 600 };

static struct ops ops;
static struct person bob, eve;
static struct search_result found;
static int64_t places[PLACES]; /* channels, of which the last is private; a public and two private threads */

static int64_t private_channel(const char *name)
{
	assert_op(&ops, &ops.ada, "channel_create",
		  json_pack("{s:I, s:s, s:b}", "guild_id", (json_int_t)ops.guild_id, "name", name, "private", 1),
		  ERR_OK);
	return ops_result_id(&ops, "channel", "id");
}

static int64_t thread(const struct person *who, int64_t channel_id, int type)
{
	assert_op(&ops, who, "thread_create",
		  json_pack("{s:I, s:s, s:i}", "channel_id", (json_int_t)channel_id, "name", "talk", "type", type),
		  ERR_OK);
	return ops_result_id(&ops, "thread", "id");
}

static int set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	bob = ops_join(&ops, "bob");
	eve = ops_join(&ops, "eve");
	ops.is_quick = true;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static void make_places(void)
{
	places[0] = ops.general_id;
	for (int i = 1; i < CHANNELS - 1; i++)
		places[i] = ops_channel(&ops, &ops.ada, arena_printf(&ops.arena, "room%d", i));
	places[CHANNELS - 1] = private_channel("secret");
	places[CHANNELS] = thread(&bob, places[1], CHANNEL_TYPE_PUBLIC_THREAD);
	places[CHANNELS + 1] = thread(&bob, places[1], CHANNEL_TYPE_PRIVATE_THREAD);
	places[CHANNELS + 2] = thread(&ops.ada, places[1], CHANNEL_TYPE_PRIVATE_THREAD);
}

/* Whether bob reads there; ada reads everywhere. */
static bool is_bobs(int place)
{
	return place != CHANNELS - 1 && place != CHANNELS + 2;
}

static void make_messages(struct ops_random *random)
{
	static const char *const words[] = {"apple", "applause", "banana", "cherry", "grape", "https://example.org"};
	for (int i = 0; i < MESSAGES; i++) {
		int place = (int)ops_below(random, PLACES);
		const struct person *who = !is_bobs(place) || ops_below(random, 2) == 0 ? &ops.ada : &bob;
		(void)ops_message(&ops, who, places[place],
				  arena_printf(&ops.arena, "%s %s %s", words[ops_below(random, 6)],
					       words[ops_below(random, 6)], words[ops_below(random, 6)]));
	}
	for (int i = 0; i < MESSAGES / 20; i++) {
		int64_t id =
		    ops_int(&ops, "SELECT id FROM messages WHERE deleted_at_ms IS NULL AND type = 0 LIMIT 1 OFFSET %u",
			    ops_below(random, MESSAGES / 2));
		assert_op(&ops, &ops.ada, "message_delete",
			  json_pack("{s:I, s:I}", "channel_id",
				    (json_int_t)ops_int(&ops, "SELECT channel_id FROM messages WHERE id = %lld",
							(long long)id),
				    "message_id", (json_int_t)id),
			  ERR_OK);
	}
}

/* A question as people ask it, and the same to the tables. */
struct question {
	const struct person *who;
	struct buf *query, *sql;
};

static void ask_words(struct question *question, struct ops_random *random)
{
	static const struct {
		const char *typed, *sql;
	} rows[] = {
	    {"", ""},
	    {" apple", " AND ' ' || content || ' ' LIKE '% apple %'"},
	    {" app*", " AND content LIKE '%app%'"},
	    {" banana cherry", " AND content LIKE '%banana%' AND content LIKE '%cherry%'"},
	    {" \"banana cherry\"", " AND content LIKE '%banana cherry%'"},
	    {" grape -apple", " AND content LIKE '%grape%' AND ' ' || content || ' ' NOT LIKE '% apple %'"},
	};
	unsigned at = ops_below(random, sizeof(rows) / sizeof(rows[0]));
	buf_puts(question->query, rows[at].typed);
	buf_puts(question->sql, rows[at].sql);
}

static void ask_filters(struct question *question, struct ops_random *random)
{
	static const struct {
		const char *typed, *sql;
	} from[] = {{"", ""},
		    {" from:bob", " AND author_id = (SELECT id FROM users WHERE username = 'bob')"},
		    {" from:bob from:ada", ""},
		    {" -from:bob", " AND author_id <> (SELECT id FROM users WHERE username = 'bob')"}},
	  has[] = {
	      {"", ""},
	      {" has:link", " AND content LIKE '%https://%'"},
	      {" -has:link", " AND content NOT LIKE '%https://%'"},
	      {" is:thread", " AND channel_id IN (SELECT id FROM channels WHERE type IN (11, 12))"},
	      {" has:link is:thread",
	       " AND content LIKE '%https://%' AND channel_id IN (SELECT id FROM channels WHERE type IN (11, 12))"}};
	unsigned at = ops_below(random, sizeof(from) / sizeof(from[0]));
	buf_puts(question->query, from[at].typed);
	buf_puts(question->sql, from[at].sql);
	at = ops_below(random, sizeof(has) / sizeof(has[0]));
	buf_puts(question->query, has[at].typed);
	buf_puts(question->sql, has[at].sql);
}

/* In some of the places, all of which the user reads: in a channel means in its public threads too. */
static void ask_places(struct question *question, struct ops_random *random)
{
	static const unsigned counts[] = {0, 0, 1, 1, 2, CHANNELS - 1};
	unsigned count = counts[ops_below(random, sizeof(counts) / sizeof(counts[0]))];
	unsigned first = ops_below(random, CHANNELS + 2);
	if (count == 0)
		return;
	buf_puts(question->sql, " AND (0");
	for (unsigned i = 0; i < count; i++) {
		unsigned place = (first + i) % (CHANNELS + 2);
		place = is_bobs((int)place) ? place : 0;
		buf_printf(question->query, " in:%lld", (long long)places[place]);
		buf_printf(question->sql, " OR channel_id = %lld", (long long)places[place]);
		if (place == 1)
			buf_printf(question->sql, " OR channel_id = %lld", (long long)places[CHANNELS]);
	}
	buf_puts(question->sql, ")");
}

static void ask_readable(struct question *question)
{
	buf_puts(question->sql, " AND channel_id IN (0");
	for (int i = 0; i < PLACES; i++) {
		if (question->who != &bob || is_bobs(i))
			buf_printf(question->sql, ", %lld", (long long)places[i]);
	}
	buf_puts(question->sql, ")");
}

static void compare(const struct question *question, struct ops_random *random)
{
	const struct search_scope scope = {ops.guild_id, 0, question->who->id};
	const struct search_page page = {.offset = ops_below(random, 3) * 10,
					 .limit = 1 + (int)ops_below(random, 25),
					 .is_oldest_first = ops_below(random, 2) == 0};
	struct buf *ids = buf_in_arena(&ops.arena);
	struct search_query query;
	search_query_init(&query);
	search_query_parse(&query, (struct str){question->query->p, question->query->n}, 0);
	if (ops_below(random, 3) == 0) {
		query.min_id = ops_int(&ops, "SELECT id FROM messages LIMIT 1 OFFSET 100");
		query.max_id = ops_int(&ops, "SELECT id FROM messages LIMIT 1 OFFSET 500");
		buf_printf(question->sql, " AND id BETWEEN %lld AND %lld", (long long)query.min_id,
			   (long long)query.max_id);
	}
	assert_int_equal(search_find(ops.engine.db, &ops.arena, &scope, &query, &page, &found), ERR_OK);
	for (int i = 0; i < found.count; i++)
		buf_printf(ids, "%s%lld", i > 0 ? "," : "", (long long)found.hits[i].message_id);
	const char *expected = ops_text(
	    &ops,
	    "SELECT coalesce(group_concat(id), '') FROM (SELECT id FROM messages WHERE %s ORDER BY id %s LIMIT %d "
	    "OFFSET %d)",
	    question->sql->p, page.is_oldest_first ? "" : "DESC", page.limit, (int)page.offset);
	if (strcmp(ids->n > 0 ? ids->p : "", expected) != 0)
		fail_msg("%s: %s\n%s finds %s and not %s", question->query->p, question->sql->p, found.match,
			 ids->n > 0 ? ids->p : "", expected);
	assert_int_equal(found.total, ops_int(&ops, "SELECT count(*) FROM messages WHERE %s", question->sql->p));
	assert_true(found.is_total_exact);
}

static void search_finds_what_a_walk_through_all_messages_finds(void **state)
{
	struct ops_random random = {20261121};

	(void)state;
	make_places();
	make_messages(&random);
	for (int i = 0; i < QUERIES; i++) {
		struct question question = {.who = ops_below(&random, 2) == 0 ? &bob : &ops.ada,
					    .query = buf_in_arena(&ops.arena),
					    .sql = buf_in_arena(&ops.arena)};
		buf_puts(question.sql, "deleted_at_ms IS NULL AND type = 0");
		ask_words(&question, &random);
		ask_filters(&question, &random);
		ask_places(&question, &random);
		ask_readable(&question);
		buf_puts(question.query, " ");
		compare(&question, &random);
		if (i == QUERIES / 2)
			ops_sql(&ops, "INSERT INTO search (search) VALUES ('optimize')");
	}
}

/* More places than are remembered while one search goes on, and hits that go to and fro between them. */
static void hits_in_very_many_threads_are_each_checked(void **state)
{
	enum { THREADS = 300 };
	int64_t threads[THREADS];

	(void)state;
	for (int i = 0; i < THREADS; i++)
		threads[i] = thread(i % 3 == 0 ? &bob : &ops.ada, ops.general_id,
				    i % 3 == 1 ? CHANNEL_TYPE_PUBLIC_THREAD : CHANNEL_TYPE_PRIVATE_THREAD);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < THREADS; i++)
			(void)ops_message(&ops, &ops.ada, threads[i * 7 % THREADS], "needle");
	}
	const struct search_page page = {.limit = SEARCH_PAGE_MAX};
	struct search_query query;
	search_query_init(&query);
	search_query_parse(&query, STR("needle"), 0);
	for (int i = 0; i < 2; i++) {
		const struct search_scope scope = {ops.guild_id, 0, i == 0 ? bob.id : eve.id};
		assert_int_equal(search_find(ops.engine.db, &ops.arena, &scope, &query, &page, &found), ERR_OK);
		assert_int_equal(found.total, i == 0 ? 2 * THREADS / 3 * 2 : THREADS / 3 * 2);
		assert_true(found.is_total_exact);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(search_finds_what_a_walk_through_all_messages_finds),
	    TEST(hits_in_very_many_threads_are_each_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
