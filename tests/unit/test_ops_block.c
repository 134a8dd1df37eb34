/* Blocks: who may block whom, that it happens once, and who hears of it. */
#include "domain/block/block.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;
static struct person bob;

static int open_with_bob(void **state)
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

static json_t *whom(int64_t user_id)
{
	return json_pack("{s:I}", "user_id", (json_int_t)user_id);
}

/* Somebody who shares nothing with anybody. */
static int64_t stranger(void)
{
	ops_sql(&ops, "INSERT INTO users (id, username) VALUES (77, 'stranger')");
	return 77;
}

static bool blocked_between(int64_t a_id, int64_t b_id)
{
	bool exists;
	assert_int_equal(block_exists_between(ops.engine.db, a_id, b_id, &exists), ERR_OK);
	return exists;
}

static void a_block_stands_between_both_and_is_of_one(void **state)
{
	bool exists;
	(void)state;
	assert_false(blocked_between(ops.ada.id, bob.id));
	assert_op(&ops, &ops.ada, "block_create", whom(bob.id), ERR_OK);
	assert_true(blocked_between(ops.ada.id, bob.id));
	assert_true(blocked_between(bob.id, ops.ada.id));
	assert_int_equal(block_exists(ops.engine.db, bob.id, ops.ada.id, &exists), ERR_OK);
	assert_false(exists);
	/* Bob can't lift what isn't his. */
	assert_op(&ops, &bob, "block_delete", whom(ops.ada.id), ERR_OK);
	assert_true(blocked_between(ops.ada.id, bob.id));
	assert_op(&ops, &ops.ada, "block_delete", whom(bob.id), ERR_OK);
	assert_false(blocked_between(ops.ada.id, bob.id));
}

static void doing_it_again_changes_nothing(void **state)
{
	int64_t seq;
	(void)state;
	assert_op(&ops, &ops.ada, "block_create", whom(bob.id), ERR_OK);
	seq = ops.engine.last_seq;
	assert_op(&ops, &ops.ada, "block_create", whom(bob.id), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
	assert_op(&ops, &ops.ada, "block_delete", whom(bob.id), ERR_OK);
	seq = ops.engine.last_seq;
	assert_op(&ops, &ops.ada, "block_delete", whom(bob.id), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
}

static void only_who_blocks_hears_of_it(void **state)
{
	int count;
	int64_t before = ops.engine.last_seq;
	(void)state;
	assert_op(&ops, &ops.ada, "block_create", whom(bob.id), ERR_OK);
	assert_op(&ops, &ops.ada, "block_delete", whom(bob.id), ERR_OK);
	const struct event *events = ops_events(&ops, before, &count);
	assert_int_equal(count, 2);
	assert_string_equal(events[0].type, "RELATIONSHIP_ADD");
	assert_string_equal(events[1].type, "RELATIONSHIP_REMOVE");
	for (int i = 0; i < count; i++) {
		assert_int_equal(events[i].user_id, ops.ada.id);
		assert_int_equal(events[i].guild_id, 0);
		assert_int_equal(events[i].channel_id, 0);
		assert_null(strstr(events[i].payload, "@example.org"));
	}
}

static void whom_one_cannot_see_one_cannot_block(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "block_create", whom(stranger()), ERR_UNKNOWN_USER);
	assert_op(&ops, &ops.ada, "block_create", whom(424242), ERR_UNKNOWN_USER);
	assert_op(&ops, &ops.ada, "block_create", whom(ops.ada.id), ERR_INVALID_FORM);
	assert_op(&ops, &ops.ada, "block_create", json_object(), ERR_INVALID_FORM);
	assert_op(&ops, NULL, "block_create", whom(bob.id), ERR_UNAUTHORIZED);
}

static void a_block_outlives_what_was_shared(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "block_create", whom(bob.id), ERR_OK);
	ops_sql(&ops, "DELETE FROM members WHERE user_id = %lld", (long long)bob.id);
	assert_op(&ops, &ops.ada, "block_create", whom(bob.id), ERR_OK);
	assert_true(blocked_between(ops.ada.id, bob.id));
}

static void there_are_only_so_many(void **state)
{
	(void)state;
	ops_sql(&ops, "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1999) "
		      "INSERT INTO users (id, username) SELECT i, 'u' || i FROM n");
	ops_sql(&ops, "INSERT INTO blocks SELECT %lld, id, 0 FROM users WHERE id BETWEEN 1000 AND 1999",
		(long long)ops.ada.id);
	assert_op(&ops, &ops.ada, "block_create", whom(bob.id), ERR_TOO_MANY);
}

static void bots_block_nobody(void **state)
{
	(void)state;
	ops_sql(&ops, "UPDATE users SET is_bot = 1 WHERE id = %lld", (long long)bob.id);
	assert_op(&ops, &bob, "block_create", whom(ops.ada.id), ERR_BOT_FORBIDDEN);
	assert_op(&ops, &bob, "block_delete", whom(ops.ada.id), ERR_BOT_FORBIDDEN);
}

static void the_list_shows_whom_and_since_when(void **state)
{
	struct buf text;
	struct jw jw;
	json_t *list;
	(void)state;
	assert_op(&ops, &ops.ada, "block_create", whom(bob.id), ERR_OK);
	buf_init(&text);
	jw_init(&jw, &text);
	assert_int_equal(block_list_to_json(ops.engine.db, &ops.arena, &jw, NULL, ops.ada.id), ERR_OK);
	assert_int_equal(json_parse_own(&ops.arena, text.p, text.n, &list), ERR_OK);
	assert_int_equal(json_array_size(list), 1);
	const json_t *user = json_object_get(json_array_get(list, 0), "user");
	assert_string_equal(json_text(user, "username"), "bob");
	assert_null(json_object_get(user, "email"));
	assert_non_null(json_text(json_array_get(list, 0), "created_at"));
	buf_free(&text);
}

int main(void)
{
#define IN_WORKSPACE(name) cmocka_unit_test_setup_teardown(name, open_with_bob, close_database)
	const struct CMUnitTest tests[] = {
	    IN_WORKSPACE(a_block_stands_between_both_and_is_of_one),
	    IN_WORKSPACE(doing_it_again_changes_nothing),
	    IN_WORKSPACE(only_who_blocks_hears_of_it),
	    IN_WORKSPACE(whom_one_cannot_see_one_cannot_block),
	    IN_WORKSPACE(a_block_outlives_what_was_shared),
	    IN_WORKSPACE(there_are_only_so_many),
	    IN_WORKSPACE(bots_block_nobody),
	    IN_WORKSPACE(the_list_shows_whom_and_since_when),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
