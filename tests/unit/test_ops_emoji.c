/* Custom emoji: who adds, renames and deletes them, what they are called, and what is kept of their pictures. */
#include "domain/emoji/emoji.h"
#include "domain/guild/guild.h"
#include "domain/perm.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PICTURE "UklGRgwAAABXRUJQVlA4IAAAAAA"

static struct ops ops;
static struct person bob, eve;

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	bob = ops_join(&ops, "bob");
	eve = ops_join(&ops, "eve");
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static enum err create(const struct person *who, const char *name)
{
	return ops_run(
	    &ops, who, "emoji_create",
	    json_pack("{s:I, s:s*, s:s}", "guild_id", (json_int_t)ops.guild_id, "name", name, "picture", PICTURE));
}

static int64_t made(const struct person *who, const char *name)
{
	assert_int_equal(create(who, name), ERR_OK);
	return ops_result_id(&ops, "emoji", "id");
}

static enum err rename_to(const struct person *who, int64_t emoji_id, const char *name)
{
	return ops_run(&ops, who, "emoji_update",
		       json_pack("{s:I, s:I, s:s*}", "guild_id", (json_int_t)ops.guild_id, "emoji_id",
				 (json_int_t)emoji_id, "name", name));
}

static enum err delete (const struct person *who, int64_t emoji_id) {
	return ops_run(&ops, who, "emoji_delete",
		       json_pack("{s:I, s:I}", "guild_id", (json_int_t)ops.guild_id, "emoji_id", (json_int_t)emoji_id));
}

static void each_needs_the_permission_and_others_emoji_the_greater_one(void **state)
{
	(void)state;
	assert_int_equal(create(&bob, "crab"), ERR_MISSING_PERMISSIONS);
	int64_t adas = made(&ops.ada, "crab");
	assert_int_equal(rename_to(&bob, adas, "krebs"), ERR_MISSING_PERMISSIONS);
	ops_grant(&ops, &bob, PERM_CREATE_EXPRESSIONS);
	int64_t bobs = made(&bob, "lobster");
	assert_int_equal(rename_to(&bob, bobs, "hummer"), ERR_OK);
	assert_int_equal(rename_to(&bob, adas, "krebs"), ERR_MISSING_PERMISSIONS);
	assert_int_equal(delete (&bob, adas), ERR_MISSING_PERMISSIONS);
	ops_grant(&ops, &eve, PERM_MANAGE_EXPRESSIONS);
	assert_int_equal(rename_to(&eve, bobs, "lobster"), ERR_OK);
	assert_int_equal(delete (&bob, bobs), ERR_OK);
	assert_int_equal(delete (&eve, adas), ERR_OK);
	assert_int_equal(delete (&eve, adas), ERR_UNKNOWN_EMOJI);
	assert_int_equal(delete (&bob, adas), ERR_MISSING_PERMISSIONS); /* who may not is not told what there is */
	assert_int_equal(made(&eve, "squid") > 0, true);
}

static void an_emoji_of_another_workspace_is_none_here(void **state)
{
	int64_t own = made(&ops.ada, "crab");

	(void)state;
	assert_op(&ops, &ops.ada, "guild_create", ops_json("{'name':'Elsewhere'}"), ERR_OK);
	int64_t elsewhere = ops_result_id(&ops, NULL, "guild_id");
	assert_op(&ops, &ops.ada, "emoji_delete",
		  ops_json("{'guild_id':'%lld','emoji_id':'%lld'}", (long long)elsewhere, (long long)own),
		  ERR_UNKNOWN_EMOJI);
	assert_op(&ops, &bob, "emoji_delete",
		  ops_json("{'guild_id':'%lld','emoji_id':'%lld'}", (long long)elsewhere, (long long)own),
		  ERR_UNKNOWN_GUILD);
}

static const struct {
	const char *name;
	enum err expected;
} names[] = {
    {"crab", ERR_OK},
    {"crab", ERR_EMOJI_NAME_TAKEN},
    {"Crab", ERR_OK},
    {"a_", ERR_OK},
    {"12345678901234567890123456789012", ERR_OK},
    {"123456789012345678901234567890123", ERR_INVALID_FORM},
    {"a", ERR_INVALID_FORM},
    {"", ERR_INVALID_FORM},
    {NULL, ERR_INVALID_FORM},
    {"two words", ERR_INVALID_FORM},
    {"a-b", ERR_INVALID_FORM},
    {":crab:", ERR_INVALID_FORM},
    {"cr\xc3\xa4"
     "b",
     ERR_INVALID_FORM},
    {"<b>", ERR_INVALID_FORM},
    {"../x", ERR_INVALID_FORM},
};

static void names_are_letters_digits_and_underscores(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		enum err e = create(&ops.ada, names[i].name);
		if (e != names[i].expected)
			fail_msg("%s: %s", names[i].name, err_info(e)->name);
		if (e == ERR_INVALID_FORM)
			assert_non_null(ops_complaint(&ops, "name"));
	}
	int64_t id = made(&ops.ada, "squid");
	assert_int_equal(rename_to(&ops.ada, id, "crab"), ERR_EMOJI_NAME_TAKEN);
	assert_int_equal(rename_to(&ops.ada, id, "a-b"), ERR_INVALID_FORM);
	int64_t seq = ops.engine.last_seq;
	assert_int_equal(rename_to(&ops.ada, id, "squid"), ERR_OK);
	assert_int_equal(rename_to(&ops.ada, id, NULL), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
}

static void what_is_no_picture_is_no_emoji(void **state)
{
	static const char *const wrong[] = {"", "PHN2Zz4", "iVBORw0KGgo", "!"};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		enum err e = ops_run(
		    &ops, &ops.ada, "emoji_create",
		    ops_json("{'guild_id':'%lld','name':'crab','picture':'%s'}", (long long)ops.guild_id, wrong[i]));
		if (e != ERR_BAD_PICTURE && e != ERR_INVALID_FORM)
			fail_msg("%s: %s", wrong[i], err_info(e)->name);
	}
}

static void a_workspace_has_200(void **state)
{
	(void)state;
	ops_sql(&ops,
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
		"INSERT INTO emojis (id, guild_id, user_id, name, picture) SELECT i, %lld, %lld, 'n' || i, 'x' FROM n",
		EMOJIS_MAX - 1, (long long)ops.guild_id, (long long)ops.ada.id);
	int64_t last = made(&ops.ada, "crab");
	assert_int_equal(create(&ops.ada, "lobster"), ERR_TOO_MANY_EMOJIS);
	assert_int_equal(delete (&ops.ada, last), ERR_OK);
	assert_int_equal(create(&ops.ada, "lobster"), ERR_OK);
}

static void every_change_is_told_and_audited(void **state)
{
	int64_t seq = ops.engine.last_seq, id = made(&ops.ada, "crab");
	static const struct {
		const char *names; /* in the event */
		int action;
	} told[] = {{"crab", 60}, {"krebs", 61}, {"", 62}};
	json_t *payload;
	int count, at = 0;

	(void)state;
	assert_int_equal(rename_to(&ops.ada, id, "krebs"), ERR_OK);
	assert_int_equal(delete (&ops.ada, id), ERR_OK);
	const struct event *events = ops_events(&ops, seq, &count);
	for (int i = 0; i < count; i++) {
		if (strcmp(events[i].type, "GUILD_EMOJIS_UPDATE") != 0)
			continue;
		assert_true(events[i].guild_id == ops.guild_id && events[i].channel_id == 0);
		assert_int_equal(json_parse_own(&ops.arena, events[i].payload, events[i].payload_n, &payload), ERR_OK);
		assert_int_equal(json_id(payload, "guild_id"), ops.guild_id);
		const json_t *emoji = json_array_get(json_object_get(payload, "emojis"), 0);
		assert_string_equal(emoji != NULL ? json_text(emoji, "name") : "", told[at].names);
		assert_null(json_object_get(emoji, "user"));
		assert_int_equal(
		    ops_int(&ops, "SELECT action FROM audit_log WHERE target_id = %lld ORDER BY id LIMIT 1 OFFSET %d",
			    (long long)id, at),
		    told[at].action);
		at++;
	}
	assert_int_equal(at, 3);
}

static void the_workspaces_view_has_them(void **state)
{
	struct buf *text = buf_in_arena(&ops.arena);
	struct guild guild;
	struct jw jw;
	json_t *view;

	(void)state;
	int64_t first = made(&ops.ada, "zebra");
	(void)made(&ops.ada, "ant");
	jw_init(&jw, text);
	assert_int_equal(guild_find(ops.engine.db, &ops.arena, ops.guild_id, &guild), ERR_OK);
	assert_int_equal(guild_to_json(ops.engine.db, &ops.arena, &jw, NULL, &guild), ERR_OK);
	assert_int_equal(json_parse_own(&ops.arena, text->p, text->n, &view), ERR_OK);
	const json_t *emoji = json_array_get(json_object_get(view, "emojis"), 0);
	assert_int_equal(json_array_size(json_object_get(view, "emojis")), 2);
	assert_int_equal(json_id(emoji, "id"), first);
	static const char *const members[] = {"name", "roles", "require_colons", "managed", "animated", "available"};
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		assert_non_null(json_object_get(emoji, members[i]));
}

static void a_picture_stays_as_long_as_anything_uses_it(void **state)
{
	int64_t first = made(&ops.ada, "one"), second = made(&ops.ada, "two");

	(void)state;
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM pictures"), 1);
	assert_op(&ops, &bob, "user_update", ops_json("{'picture':'" PICTURE "'}"), ERR_OK);
	assert_op(&ops, &bob, "user_update", ops_json("{'picture':null}"), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM pictures"), 1);
	assert_int_equal(delete (&ops.ada, first), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM pictures"), 1);
	assert_int_equal(delete (&ops.ada, second), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM pictures"), 0);
}

static void a_deleted_workspace_takes_them_along(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "guild_create", ops_json("{'name':'Elsewhere'}"), ERR_OK);
	int64_t elsewhere = ops_result_id(&ops, NULL, "guild_id");
	assert_op(&ops, &ops.ada, "emoji_create",
		  ops_json("{'guild_id':'%lld','name':'crab','picture':'" PICTURE "'}", (long long)elsewhere), ERR_OK);
	assert_op(&ops, &ops.ada, "guild_delete",
		  ops_json("{'guild_id':'%lld','name':'Elsewhere'}", (long long)elsewhere), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT (SELECT count(*) FROM emojis) + (SELECT count(*) FROM pictures)"), 0);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    A_TEST(each_needs_the_permission_and_others_emoji_the_greater_one),
	    A_TEST(an_emoji_of_another_workspace_is_none_here),
	    A_TEST(names_are_letters_digits_and_underscores),
	    A_TEST(what_is_no_picture_is_no_emoji),
	    A_TEST(a_workspace_has_200),
	    A_TEST(every_change_is_told_and_audited),
	    A_TEST(the_workspaces_view_has_them),
	    A_TEST(a_picture_stays_as_long_as_anything_uses_it),
	    A_TEST(a_deleted_workspace_takes_them_along),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
