/* Whom messages mention: rows, the view, permission, blocks, and what edits make of it. */
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
static struct person bob, eve;
static int64_t open_role_id, closed_role_id;

static int64_t role_make(const char *name, bool is_mentionable)
{
	assert_op(&ops, &ops.ada, "role_create",
		  ops_json("{'guild_id':'%lld','name':'%s','mentionable':%s}", (long long)ops.guild_id, name,
			   is_mentionable ? "true" : "false"),
		  ERR_OK);
	return ops_result_id(&ops, "role", "id");
}

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	bob = ops_join(&ops, "bob");
	eve = ops_join(&ops, "eve");
	open_role_id = role_make("open", true);
	closed_role_id = role_make("closed", false);
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

/* "#bob" and the like become ids. */
static const char *with_ids(const char *pattern)
{
	const struct {
		const char *name;
		int64_t id;
	} ids[] = {{"#bob", bob.id},
		   {"#eve", eve.id},
		   {"#ada", ops.ada.id},
		   {"#open", open_role_id},
		   {"#closed", closed_role_id},
		   {"#guild", ops.guild_id}};
	struct buf *text = buf_in_arena(&ops.arena);

	buf_puts(text, "");
	while (*pattern != '\0') {
		size_t i = 0;

		while (i < 6 && strncmp(pattern, ids[i].name, strlen(ids[i].name)) != 0)
			i++;
		if (i < 6) {
			buf_printf(text, "%lld", (long long)ids[i].id);
			pattern += strlen(ids[i].name);
		} else {
			buf_putc(text, *pattern++);
		}
	}
	return text->n > 0 ? text->p : "";
}

static enum err post(const struct person *who, const char *content, const char *allowed)
{
	return ops_run(&ops, who, "message_create",
		       ops_json("{'channel_id':'%lld','content':'%s','allowed_mentions':%s}", (long long)ops.general_id,
				with_ids(content), with_ids(allowed)));
}

static const char *name_of(int64_t id)
{
	const struct {
		const char *name;
		int64_t id;
	} names[] = {{"bob", bob.id},
		     {"eve", eve.id},
		     {"ada", ops.ada.id},
		     {"open", open_role_id},
		     {"closed", closed_role_id},
		     {"everyone", ops.guild_id}};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (names[i].id == id)
			return names[i].name;
	}
	return "somebody";
}

/* Who is mentioned, by the rows and, in parentheses, who is only named. */
static const char *rows_of(int64_t message_id)
{
	struct buf *text = buf_in_arena(&ops.arena);
	int64_t count = ops_int(&ops, "SELECT count(*) FROM mentions WHERE message_id = %lld", (long long)message_id);
	int64_t named =
	    ops_int(&ops, "SELECT count(*) FROM message_names WHERE message_id = %lld", (long long)message_id);

	buf_puts(text, "");
	for (int64_t i = 0; i < count; i++)
		buf_printf(
		    text, "%s ",
		    name_of(ops_int(&ops,
				    "SELECT target_id FROM mentions WHERE message_id = %lld ORDER BY target, target_id "
				    "LIMIT 1 OFFSET %lld",
				    (long long)message_id, (long long)i)));
	for (int64_t i = 0; i < named; i++)
		buf_printf(
		    text, "(%s) ",
		    name_of(ops_int(&ops,
				    "SELECT target_id FROM message_names WHERE message_id = %lld ORDER BY target, "
				    "target_id LIMIT 1 OFFSET %lld",
				    (long long)message_id, (long long)i)));
	return text->n > 0 ? text->p : "";
}

static const struct {
	bool is_ada; /* else bob, who may not mention everyone */
	const char *content, *allowed, *expected;
} cases[] = {
    {false, "words", "null", ""},
    {false, "<@#eve>", "null", "eve "},
    {false, "<@!#eve> <@#eve>", "null", "eve "},
    {false, "<@#bob>", "null", "bob "},
    {false, "`<@#eve>`", "null", ""},
    {false, "<@12345> <@&12345>", "null", ""},
    {false, "<@#eve>", "{}", "(eve) "},
    {false, "<@#eve>", "{'parse':[]}", "(eve) "},
    {false, "<@#eve>", "{'parse':['users']}", "eve "},
    {false, "<@#eve> <@#ada>", "{'users':['#eve']}", "eve (ada) "},
    {false, "<@#eve> <@#ada>", "{'users':[#eve]}", "eve (ada) "},
    {false, "<@#eve>", "{'parse':null,'users':null}", "(eve) "},
    {false, "words", "{'users':['#eve']}", ""},
    {false, "<@&#open>", "null", "open "},
    {false, "<@&#closed>", "null", "(closed) "},
    {true, "<@&#closed>", "null", "closed "},
    {true, "<@&#closed> <@&#open>", "{'roles':['#open']}", "open (closed) "},
    {true, "<@&#open>", "{'parse':['users']}", "(open) "},
    {true, "<@&#guild>", "null", "(everyone) "},
    {true, "@everyone", "null", "everyone "},
    {true, "@here", "null", "everyone "},
    {true, "@everyone", "{'parse':['users','roles']}", ""},
    {true, "@everyone", "{'parse':['everyone']}", "everyone "},
    {false, "@everyone", "null", ""},
    {false, "@here", "{'parse':['everyone']}", ""},
};

static void who_is_mentioned(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		enum err e = post(cases[i].is_ada ? &ops.ada : &bob, cases[i].content, cases[i].allowed);
		int64_t id = json_id(made(), "id");

		if (e != ERR_OK || strcmp(rows_of(id), cases[i].expected) != 0)
			fail_msg("%s %s: %s, not %s", cases[i].content, cases[i].allowed, rows_of(id),
				 cases[i].expected);
	}
}

static const char *const bad_allowed[] = {
    "'all'",
    "[]",
    "{'parse':'users'}",
    "{'parse':['user']}",
    "{'parse':[7]}",
    "{'users':'#eve'}",
    "{'parse':['users'],'users':['#eve']}",
    "{'parse':['roles'],'roles':['#open']}",
};

static void what_allows_mentions_is_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad_allowed / sizeof *bad_allowed; i++) {
		enum err e = post(&bob, "words", bad_allowed[i]);
		if (e != ERR_INVALID_FORM)
			fail_msg("%s: %s", bad_allowed[i], err_info(e)->name);
		assert_non_null(json_object_get(ops.errors, "allowed_mentions"));
	}
}

static void the_view_has_people_whole_and_roles_by_id(void **state)
{
	(void)state;
	assert_int_equal(post(&ops.ada, "<@#bob> <@&#open> @everyone", "null"), ERR_OK);
	const json_t *user = json_array_get(json_object_get(made(), "mentions"), 0);
	const json_t *role = json_array_get(json_object_get(made(), "mention_role_names"), 0);
	assert_string_equal(json_text(user, "username"), "bob");
	assert_string_equal(json_text(user, "discriminator"), "0");
	assert_int_equal(json_id_of(json_array_get(json_object_get(made(), "mention_roles"), 0)), open_role_id);
	assert_string_equal(json_text(role, "name"), "open");
	assert_true(json_flag(made(), "mention_everyone"));
	assert_null(json_object_get(made(), "mention_user_names"));
	assert_int_equal(post(&ops.ada, "<@#bob> <@&#open>", "{}"), ERR_OK);
	assert_int_equal(json_array_size(json_object_get(made(), "mentions")), 0);
	assert_int_equal(json_array_size(json_object_get(made(), "mention_roles")), 0);
	assert_string_equal(json_text(json_array_get(json_object_get(made(), "mention_user_names"), 0), "name"), "bob");
	assert_false(json_flag(made(), "mention_everyone"));
}

static void who_has_blocked_the_author_hears_nothing(void **state)
{
	int64_t id;

	(void)state;
	assert_op(&ops, &eve, "block_create", ops_json("{'user_id':'%lld'}", (long long)bob.id), ERR_OK);
	assert_int_equal(post(&bob, "<@#eve>", "null"), ERR_OK);
	assert_string_equal(rows_of(json_id(made(), "id")), "(eve) ");
	assert_int_equal(post(&eve, "<@#bob>", "null"), ERR_OK);
	assert_string_equal(rows_of(json_id(made(), "id")), "bob ");
	id = json_id(made(), "id");
	assert_op(&ops, &bob, "message_create",
		  ops_json("{'channel_id':'%lld','content':'x','message_reference':{'message_id':'%lld'}}",
			   (long long)ops.general_id, (long long)id),
		  ERR_OK);
	assert_int_equal(json_array_size(json_object_get(made(), "mentions")), 0);
}

/* "nobody learns what a stranger is called". */
static void strangers_are_neither_mentioned_nor_named(void **state)
{
	(void)state;
	assert_op(&ops, &eve, "guild_leave", ops_json("{'guild_id':'%lld'}", (long long)ops.guild_id), ERR_OK);
	assert_int_equal(post(&bob, "<@#eve>", "null"), ERR_OK);
	assert_string_equal(rows_of(json_id(made(), "id")), "");
	assert_op(&ops, &bob, "direct_create", ops_json("{'recipient_id':'%lld'}", (long long)ops.ada.id), ERR_OK);
	int64_t direct_id = ops_result_id(&ops, "channel", "id");
	(void)ops_message(
	    &ops, &bob, direct_id,
	    arena_printf(&ops.arena, "<@%lld> <@%lld> @everyone", (long long)eve.id, (long long)ops.ada.id));
	assert_int_equal(
	    ops_int(&ops, "SELECT count(*) FROM mentions WHERE channel_id = %lld AND target = 1", (long long)direct_id),
	    1);
	assert_int_equal(ops_int(&ops, "SELECT target_id FROM mentions WHERE channel_id = %lld AND target = 2",
				 (long long)direct_id),
			 direct_id);
}

static enum err edit(int64_t id, const char *content, const char *more)
{
	return ops_run(&ops, &ops.ada, "message_update",
		       ops_json("{'channel_id':'%lld','message_id':'%lld','content':'%s'%s}", (long long)ops.general_id,
				(long long)id, with_ids(content), with_ids(more)));
}

static void an_edit_settles_it_anew(void **state)
{
	int64_t id;

	(void)state;
	assert_int_equal(post(&ops.ada, "<@#bob> <@&#open> @everyone", "null"), ERR_OK);
	id = json_id(made(), "id");
	assert_int_equal(edit(id, "<@#eve>", ""), ERR_OK);
	assert_string_equal(rows_of(id), "eve ");
	assert_int_equal(edit(id, "<@#eve> again", ",'allowed_mentions':{}"), ERR_OK);
	assert_string_equal(rows_of(id), "(eve) ");
	assert_int_equal(edit(id, "nobody", ""), ERR_OK);
	assert_string_equal(rows_of(id), "");
	assert_int_equal(ops_int(&ops, "SELECT parts FROM messages WHERE id = %lld", (long long)id), 0);
}

/* Whose message is answered is mentioned by that and not by the text. */
static void an_edit_leaves_the_mention_of_an_answer(void **state)
{
	int64_t parent_id = ops_message(&ops, &bob, ops.general_id, "a question"), id;

	(void)state;
	for (int is_told = 0; is_told < 2; is_told++) {
		assert_op(&ops, &ops.ada, "message_create",
			  ops_json("{'channel_id':'%lld','content':'x','message_reference':{'message_id':'%lld'},"
				   "'allowed_mentions':{'replied_user':%s}}",
				   (long long)ops.general_id, (long long)parent_id, is_told ? "true" : "false"),
			  ERR_OK);
		id = json_id(made(), "id");
		assert_string_equal(rows_of(id), is_told ? "bob " : "");
		assert_int_equal(edit(id, "y", ""), ERR_OK);
		assert_string_equal(rows_of(id), is_told ? "bob " : "");
		assert_int_equal(edit(id, "z <@#eve>", ""), ERR_OK);
		assert_string_equal(strstr(rows_of(id), "bob") != NULL ? "told" : "not told",
				    is_told ? "told" : "not told");
	}
}

/* Thousands of mentions cost no more than a hundred. */
static void mass_mentions_are_bounded(void **state)
{
	struct buf *text = buf_in_arena(&ops.arena);
	int64_t id;

	(void)state;
	for (int i = 0; i < 500; i++)
		buf_printf(text, "<@%d>", 1000 + i);
	buf_printf(text, "<@%lld>", (long long)bob.id);
	id = ops_message(&ops, &ops.ada, ops.general_id, text->p);
	assert_string_equal(rows_of(id), "");
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(who_is_mentioned),
	    SET_UP(what_allows_mentions_is_checked),
	    SET_UP(the_view_has_people_whole_and_roles_by_id),
	    SET_UP(who_has_blocked_the_author_hears_nothing),
	    SET_UP(strangers_are_neither_mentioned_nor_named),
	    SET_UP(an_edit_settles_it_anew),
	    SET_UP(an_edit_leaves_the_mention_of_an_answer),
	    SET_UP(mass_mentions_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
