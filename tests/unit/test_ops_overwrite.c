/* Overwrites of channels: whom they name, which bits they may touch, who is let in. */
#include "base/ensure.h"
#include "domain/channel/channel.h"
#include "domain/perm.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
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

/* Creates a channel in the workspace with further members of the input. */
static enum err create(const struct person *who, const char *name, json_t *more)
{
	json_t *in = json_pack("{s:I, s:s}", "guild_id", (json_int_t)ops.guild_id, "name", name);

	ensure(json_object_update_new(in, more) == 0);
	return ops_run(&ops, who, "channel_create", in);
}

static enum err update(const struct person *who, int64_t channel_id, json_t *changes)
{
	ensure(json_object_set_new(changes, "channel_id", json_integer(channel_id)) == 0);
	return ops_run(&ops, who, "channel_update", changes);
}

static enum err remove_channel(const struct person *who, int64_t channel_id)
{
	return ops_run(&ops, who, "channel_delete", json_pack("{s:I}", "channel_id", (json_int_t)channel_id));
}

static const json_t *made(void)
{
	return json_object_get(ops.result, "channel");
}

static uint64_t bits_of(const struct person *who, int64_t channel_id)
{
	uint64_t bits;
	enum err err = perm_of_channel(ops.engine.db, &ops.arena, channel_id, who->id, &bits);

	ensure(err == ERR_OK || err == ERR_UNKNOWN_CHANNEL);
	return bits;
}

/* The channel as whoever may see it reads it now. */
static json_t *read_channel(int64_t channel_id)
{
	struct channel channel;
	struct buf *text = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *json;

	ensure(channel_find(ops.engine.db, &ops.arena, channel_id, &channel) == ERR_OK);
	jw_init(&jw, text);
	channel_to_json(&jw, NULL, &channel);
	ensure(json_parse_own(&ops.arena, text->p, text->n, &json) == ERR_OK);
	return json;
}

static json_t *private_channel(void)
{
	return ops_json("{'permission_overwrites': [{'id': '%lld', 'type': 0, 'allow': '0', 'deny': '%lld'}]}",
			(long long)ops.guild_id, (long long)PERM_VIEW_CHANNEL);
}

static void whoever_makes_a_private_channel_is_let_in(void **state)
{
	struct person bob = ops_join(&ops, "bob"), eve = ops_join(&ops, "eve");

	(void)state;
	ops_grant(&ops, &bob, PERM_MANAGE_CHANNELS);
	assert_int_equal(create(&bob, "secret", private_channel()), ERR_OK);
	int64_t channel_id = json_id(made(), "id");

	assert_true(perm_has(bits_of(&bob, channel_id), PERM_VIEW_CHANNEL | PERM_SEND_MESSAGES));
	assert_int_equal(bits_of(&eve, channel_id), 0);
	assert_int_equal(json_array_size(json_object_get(made(), "permission_overwrites")), 2);
	/* To eve it does not exist, whatever she tries. */
	ops_grant(&ops, &eve, PERM_MANAGE_CHANNELS);
	assert_int_equal(update(&eve, channel_id, ops_json("{'name': 'found'}")), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(remove_channel(&eve, channel_id), ERR_UNKNOWN_CHANNEL);
}

static void the_owner_needs_no_overwrite_to_be_let_in(void **state)
{
	(void)state;
	assert_int_equal(create(&ops.ada, "secret", private_channel()), ERR_OK);
	assert_int_equal(json_array_size(json_object_get(made(), "permission_overwrites")), 1);
}

static void whoever_shut_themselves_out_is_let_in_by_the_overwrite_they_sent(void **state)
{
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	ops_grant(&ops, &bob, PERM_MANAGE_CHANNELS);
	assert_int_equal(
	    create(&bob, "secret",
		   ops_json("{'permission_overwrites': [{'id': '%lld', 'type': 1, 'allow': '%lld', 'deny': '%lld'}]}",
			    (long long)bob.id, (long long)PERM_SEND_MESSAGES, (long long)PERM_VIEW_CHANNEL)),
	    ERR_OK);
	assert_int_equal(json_array_size(json_object_get(made(), "permission_overwrites")), 1);
	assert_true(perm_has(bits_of(&bob, json_id(made(), "id")), PERM_VIEW_CHANNEL));
}

/* Being let in gives sight, and no bit that one had not before. */
static void being_let_in_gives_no_bit_that_one_lacks(void **state)
{
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	ops_sql(&ops, "UPDATE roles SET permissions = permissions & ~%lld WHERE id = %lld",
		(long long)PERM_SEND_MESSAGES, (long long)ops.guild_id);
	ops_grant(&ops, &bob, PERM_MANAGE_CHANNELS);
	assert_int_equal(create(&bob, "secret", private_channel()), ERR_OK);
	assert_true(perm_has(bits_of(&bob, json_id(made(), "id")), PERM_VIEW_CHANNEL));
	assert_false(perm_has(bits_of(&bob, json_id(made(), "id")), PERM_SEND_MESSAGES));
}

struct overwrite_case {
	const char *list; /* @G the workspace, @B bob, @H a bit that he has, @L one that he lacks */
	enum err expected;
};

static const struct overwrite_case overwrite_cases[] = {
    {"[]", ERR_OK},
    {"null", ERR_OK},
    {"{}", ERR_INVALID_FORM},
    {"'all'", ERR_INVALID_FORM},
    {"[{'id': @G, 'type': 0, 'allow': @H}]", ERR_OK},
    {"[{'id': '@G', 'allow': '@H', 'deny': null}]", ERR_OK},
    {"[{'id': '@B', 'type': 1, 'deny': '@H'}]", ERR_OK},
    {"[{'id': '@B', 'type': 0, 'deny': '@H'}]", ERR_UNKNOWN_ROLE},
    {"[{'id': '@G', 'type': 1, 'deny': '@H'}]", ERR_UNKNOWN_MEMBER},
    {"[{'id': '12345', 'type': 1, 'deny': '@H'}]", ERR_UNKNOWN_MEMBER},
    {"[{'id': '12345', 'type': 0, 'deny': '@H'}]", ERR_UNKNOWN_ROLE},
    {"[{'type': 0, 'deny': '@H'}]", ERR_UNKNOWN_ROLE},
    {"[7]", ERR_UNKNOWN_ROLE},
    {"[null]", ERR_UNKNOWN_ROLE},
    {"[{'id': '@G', 'allow': '@H', 'deny': '@H'}]", ERR_INVALID_FORM},
    {"[{'id': '@G', 'allow': '@L'}]", ERR_MISSING_PERMISSIONS},
    {"[{'id': '@G', 'deny': '@L'}]", ERR_MISSING_PERMISSIONS},
    {"[{'id': '@G', 'allow': '8'}]", ERR_MISSING_PERMISSIONS},
    {"[{'id': '@G', 'allow': '4611686018427387904'}]", ERR_MISSING_PERMISSIONS},
    {"[{'id': '@G', 'allow': '9223372036854775808'}]", ERR_INVALID_FORM},
    {"[{'id': '@G', 'allow': -1}]", ERR_INVALID_FORM},
    {"[{'id': '@G', 'allow': '0x8'}]", ERR_INVALID_FORM},
    {"[{'id': '@G', 'allow': ''}]", ERR_INVALID_FORM},
    {"[{'id': '@G', 'allow': []}]", ERR_INVALID_FORM},
    {"[{'id': '@G', 'allow': 1.5}]", ERR_INVALID_FORM},
    {"[{'id': '@G', 'deny': '@H'}, {'id': '@G', 'allow': '@H'}]", ERR_INVALID_FORM},
};

static const char *filled_in(const char *list, int64_t bob_id)
{
	struct buf *text = buf_in_arena(&ops.arena);

	for (const char *p = list; *p != '\0'; p++) {
		if (*p != '@') {
			buf_putc(text, *p);
			continue;
		}
		p++;
		uint64_t value = *p == 'G'   ? (uint64_t)ops.guild_id
				 : *p == 'B' ? (uint64_t)bob_id
				 : *p == 'H' ? PERM_ATTACH_FILES
					     : PERM_BAN_MEMBERS;
		buf_printf(text, "%llu", (unsigned long long)value);
	}
	return text->p;
}

static void an_overwrite_names_somebody_here_and_bits_that_one_has(void **state)
{
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	ops_grant(&ops, &bob, PERM_MANAGE_CHANNELS);
	for (size_t i = 0; i < sizeof overwrite_cases / sizeof *overwrite_cases; i++) {
		const char *list = filled_in(overwrite_cases[i].list, bob.id);
		enum err err = create(&bob, arena_printf(&ops.arena, "channel %zu", i),
				      ops_json("{'permission_overwrites': %s}", list));

		if (err != overwrite_cases[i].expected)
			fail_msg("%s: %s", list, err_info(err)->name);
	}
}

/* Members who each have an overwrite. */
static json_t *many_overwrites(int count)
{
	json_t *list = json_array();

	for (int i = 0; i < count; i++) {
		ops_sql(&ops, "INSERT OR IGNORE INTO users (id, username) VALUES (%d, 'many%d')", 1000 + i, i);
		ops_sql(&ops, "INSERT OR IGNORE INTO members (guild_id, user_id, joined_at_ms) VALUES (%lld, %d, 1)",
			(long long)ops.guild_id, 1000 + i);
		ensure(json_array_append_new(
			   list, json_pack("{s:i, s:i, s:s}", "id", 1000 + i, "type", 1, "deny", "1024")) == 0);
	}
	return list;
}

static void as_many_overwrites_as_there_may_be_count_all(void **state)
{
	struct person bob = ops_join(&ops, "bob"), eve = ops_join(&ops, "eve");

	(void)state;
	ops_grant(&ops, &bob, PERM_MANAGE_CHANNELS);
	assert_int_equal(
	    create(&ops.ada, "x",
		   json_pack("{s:o}", "permission_overwrites", many_overwrites(CHANNEL_OVERWRITES_MAX + 1))),
	    ERR_INVALID_FORM);
	json_t *list = many_overwrites(CHANNEL_OVERWRITES_MAX - 2);
	ensure(json_array_append_new(list, json_pack("{s:I, s:s}", "id", (json_int_t)ops.guild_id, "deny", "1024")) ==
	       0);
	assert_int_equal(create(&bob, "secret", json_pack("{s:o}", "permission_overwrites", list)), ERR_OK);
	int64_t channel_id = json_id(made(), "id");
	assert_int_equal(json_array_size(json_object_get(read_channel(channel_id), "permission_overwrites")),
			 CHANNEL_OVERWRITES_MAX);
	assert_int_equal(bits_of(&eve, channel_id), 0);
	assert_true(perm_has(bits_of(&bob, channel_id), PERM_VIEW_CHANNEL));
	assert_true(json_equal(json_object_get(ops.result, "channel"), read_channel(channel_id)));
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(whoever_makes_a_private_channel_is_let_in),
	    SET_UP(the_owner_needs_no_overwrite_to_be_let_in),
	    SET_UP(whoever_shut_themselves_out_is_let_in_by_the_overwrite_they_sent),
	    SET_UP(being_let_in_gives_no_bit_that_one_lacks),
	    SET_UP(an_overwrite_names_somebody_here_and_bits_that_one_has),
	    SET_UP(as_many_overwrites_as_there_may_be_count_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
