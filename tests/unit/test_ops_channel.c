/* Channels: their names and categories, who sees and changes them, what stays when one is deleted. */
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

struct name_case {
	const char *name;
	size_t copies;
	enum err expected;
	const char *kept; /* what it is called then; NULL: as given */
};

static const struct name_case name_cases[] = {
    {"a", 1, ERR_OK, NULL},
    {"b", 100, ERR_OK, NULL},
    {"c", 101, ERR_INVALID_FORM, NULL},
    {"\xf0\x9f\xa6\x80", 100, ERR_OK, NULL},
    {"\xf0\x9f\xa6\x80", 101, ERR_INVALID_FORM, NULL},
    {"", 1, ERR_INVALID_FORM, NULL},
    {"  \t ", 1, ERR_INVALID_FORM, NULL},
    {"\xe3\x80\x80 spaced out \xc2\xa0", 1, ERR_OK, "spaced out"},
    {"two\nlines", 1, ERR_INVALID_FORM, NULL},
    {"bell\x07", 1, ERR_INVALID_FORM, NULL},
    {"<script>alert(1)</script>", 1, ERR_OK, NULL},
    {"../../etc/passwd", 1, ERR_OK, NULL},
    {"'; DROP TABLE channels; --", 1, ERR_OK, NULL},
    {"GENERAL", 1, ERR_CHANNEL_NAME_TAKEN, NULL},
    {" general ", 1, ERR_CHANNEL_NAME_TAKEN, NULL},
};

static void names_have_1_to_100_characters_after_trimming(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof name_cases / sizeof *name_cases; i++) {
		const struct name_case *at = &name_cases[i];
		const char *name = ops_repeat(&ops, at->name, at->copies);
		enum err err = create(&ops.ada, name, json_object());

		if (err != at->expected)
			fail_msg("'%s' %zu times: %s", at->name, at->copies, err_info(err)->name);
		if (err == ERR_OK)
			assert_string_equal(json_text(made(), "name"), at->kept != NULL ? at->kept : name);
		if (err == ERR_INVALID_FORM)
			assert_non_null(ops_complaint(&ops, "name"));
	}
}

static void a_name_is_free_again_once_its_channel_is_deleted(void **state)
{
	int64_t first = ops_channel(&ops, &ops.ada, "tools");

	(void)state;
	assert_int_equal(create(&ops.ada, "Tools", json_object()), ERR_CHANNEL_NAME_TAKEN);
	assert_int_equal(remove_channel(&ops.ada, first), ERR_OK);
	assert_int_equal(create(&ops.ada, "Tools", json_object()), ERR_OK);
	assert_true(json_id(made(), "id") > first);
}

static void a_category_may_be_called_as_a_channel_is(void **state)
{
	(void)state;
	assert_int_equal(create(&ops.ada, "general", ops_json("{'type': 4}")), ERR_OK);
	assert_int_equal(create(&ops.ada, "general", ops_json("{'type': 4}")), ERR_CHANNEL_NAME_TAKEN);
}

static void kinds_that_are_not_there_are_made_as_text(void **state)
{
	(void)state;
	assert_int_equal(create(&ops.ada, "voice", ops_json("{'type': 2, 'bitrate': 64000}")), ERR_OK);
	assert_int_equal(json_int(made(), "type"), CHANNEL_TYPE_TEXT);
	assert_int_equal(create(&ops.ada, "x", ops_json("{'type': -1}")), ERR_INVALID_FORM);
	assert_int_equal(create(&ops.ada, "x", ops_json("{'type': '4'}")), ERR_INVALID_FORM);
}

static void a_channel_stands_below_the_last_one_unless_told_otherwise(void **state)
{
	(void)state;
	assert_int_equal(create(&ops.ada, "second", json_object()), ERR_OK);
	assert_int_equal(json_int(made(), "position"), 1);
	assert_int_equal(create(&ops.ada, "first", ops_json("{'position': 0}")), ERR_OK);
	assert_int_equal(json_int(made(), "position"), 0);
	assert_int_equal(create(&ops.ada, "last", ops_json("{'position': null}")), ERR_OK);
	assert_int_equal(json_int(made(), "position"), 2);
	assert_int_equal(create(&ops.ada, "x", ops_json("{'position': -1}")), ERR_INVALID_FORM);
}

static void a_parent_is_a_category_of_the_same_workspace(void **state)
{
	int64_t category, text;

	(void)state;
	assert_int_equal(create(&ops.ada, "Projects", ops_json("{'type': 4}")), ERR_OK);
	category = json_id(made(), "id");
	text = ops_channel(&ops, &ops.ada, "text");
	assert_int_equal(create(&ops.ada, "inside", json_pack("{s:I}", "parent_id", (json_int_t)category)), ERR_OK);
	assert_int_equal(json_id(made(), "parent_id"), category);
	assert_int_equal(create(&ops.ada, "x", json_pack("{s:I}", "parent_id", (json_int_t)text)), ERR_INVALID_FORM);
	assert_string_equal(ops_complaint(&ops, "parent_id"), "CHANNEL_PARENT_INVALID");
	assert_int_equal(create(&ops.ada, "x", json_pack("{s:I}", "parent_id", (json_int_t)12345)), ERR_INVALID_FORM);
	assert_int_equal(create(&ops.ada, "x", json_pack("{s:i, s:I}", "type", 4, "parent_id", (json_int_t)category)),
			 ERR_INVALID_FORM);
	assert_int_equal(update(&ops.ada, category, json_pack("{s:I}", "parent_id", (json_int_t)category)),
			 ERR_INVALID_FORM);
	assert_int_equal(update(&ops.ada, text, json_pack("{s:I}", "parent_id", (json_int_t)category)), ERR_OK);
	assert_int_equal(update(&ops.ada, text, ops_json("{'parent_id': null}")), ERR_OK);
	assert_true(json_is_null(json_object_get(made(), "parent_id")));
}

static void a_category_of_another_workspace_is_no_parent(void **state)
{
	const char *why;
	json_t *in = ops_register_input(&ops, "eve");

	(void)state;
	assert_int_equal(config_set(&ops.config, CONFIG_REGISTRATION, "open", &why), ERR_OK);
	ensure(json_object_set_new(in, "workspace", json_string("Elsewhere")) == 0);
	assert_op(&ops, NULL, "user_register", in, ERR_OK);
	struct person eve = {ops_result_id(&ops, "user", "id"), ops_result_id(&ops, NULL, "session_id"), OP_ROLE_WEB};
	assert_op(&ops, &eve, "channel_create",
		  json_pack("{s:o, s:s, s:i}", "guild_id", json_incref(json_object_get(ops.result, "guild_id")), "name",
			    "theirs", "type", 4),
		  ERR_OK);
	int64_t theirs = json_id(made(), "id");

	assert_int_equal(create(&ops.ada, "x", json_pack("{s:I}", "parent_id", (json_int_t)theirs)), ERR_INVALID_FORM);
	/* Nor is anything else of theirs to be seen or touched. */
	assert_int_equal(remove_channel(&ops.ada, theirs), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(update(&ops.ada, theirs, ops_json("{'name': 'mine'}")), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(create(&eve, "x", json_object()), ERR_UNKNOWN_GUILD);
	assert_int_equal(remove_channel(&eve, ops.general_id), ERR_UNKNOWN_CHANNEL);
}

/* To be told that a parent is invalid, or not, would tell that it is there. */
static void a_category_that_one_may_not_see_is_no_parent(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	json_t *hidden = ops_json("{'type': 4, 'permission_overwrites': [{'id': '%lld', 'type': 0, 'deny': '%lld'}]}",
				  (long long)ops.guild_id, (long long)PERM_VIEW_CHANNEL);

	(void)state;
	ops_grant(&ops, &bob, PERM_MANAGE_CHANNELS);
	assert_int_equal(create(&ops.ada, "Board", hidden), ERR_OK);
	int64_t category = json_id(made(), "id");
	assert_int_equal(bits_of(&bob, category), 0);
	assert_int_equal(create(&bob, "x", json_pack("{s:I}", "parent_id", (json_int_t)category)), ERR_INVALID_FORM);
	assert_int_equal(update(&bob, ops.general_id, json_pack("{s:I}", "parent_id", (json_int_t)category)),
			 ERR_INVALID_FORM);
	assert_int_equal(create(&ops.ada, "x", json_pack("{s:I}", "parent_id", (json_int_t)category)), ERR_OK);
}

static void who_lacks_the_permission_makes_changes_and_deletes_nothing(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	int64_t channel_id = ops_channel(&ops, &ops.ada, "tools");

	(void)state;
	assert_int_equal(create(&bob, "mine", json_object()), ERR_MISSING_PERMISSIONS);
	assert_int_equal(update(&bob, channel_id, ops_json("{'name': 'mine'}")), ERR_MISSING_PERMISSIONS);
	assert_int_equal(remove_channel(&bob, channel_id), ERR_MISSING_PERMISSIONS);
	ops_grant(&ops, &bob, PERM_MANAGE_CHANNELS);
	assert_int_equal(create(&bob, "mine", json_object()), ERR_OK);
	assert_int_equal(update(&bob, channel_id, ops_json("{'name': 'ours'}")), ERR_OK);
	assert_int_equal(remove_channel(&bob, channel_id), ERR_OK);
}

static json_t *private_channel(void)
{
	return ops_json("{'permission_overwrites': [{'id': '%lld', 'type': 0, 'allow': '0', 'deny': '%lld'}]}",
			(long long)ops.guild_id, (long long)PERM_VIEW_CHANNEL);
}

static void an_update_changes_what_it_names_alone(void **state)
{
	int64_t id;

	(void)state;
	assert_int_equal(
	    create(&ops.ada, "tools", ops_json("{'topic': 'old', 'rate_limit_per_user': 5, 'position': 3}")), ERR_OK);
	id = json_id(made(), "id");
	json_t *before = json_deep_copy(made());
	assert_int_equal(update(&ops.ada, id, ops_json("{}")), ERR_OK);
	assert_true(json_equal(made(), before));
	assert_int_equal(update(&ops.ada, id, ops_json("{'name': null, 'position': null}")), ERR_OK);
	assert_true(json_equal(made(), before));
	assert_int_equal(update(&ops.ada, id, ops_json("{'topic': null, 'rate_limit_per_user': null}")), ERR_OK);
	assert_true(json_is_null(json_object_get(made(), "topic")));
	assert_int_equal(json_int(made(), "rate_limit_per_user"), 0);
	assert_string_equal(json_text(made(), "name"), "tools");
	assert_int_equal(json_int(made(), "position"), 3);
	assert_true(json_equal(made(), read_channel(id)));
	json_decref(before);
	assert_int_equal(update(&ops.ada, id, ops_json("{'name': 'TOOLS'}")), ERR_OK);
	assert_int_equal(update(&ops.ada, id, ops_json("{'name': 'general'}")), ERR_CHANNEL_NAME_TAKEN);
	assert_int_equal(update(&ops.ada, id, ops_json("{'name': '  '}")), ERR_INVALID_FORM);
	assert_int_equal(update(&ops.ada, id, ops_json("{'rate_limit_per_user': 21601}")), ERR_INVALID_FORM);
	assert_int_equal(update(&ops.ada, id, ops_json("{'topic': 7}")), ERR_INVALID_FORM);
}

static void children_of_a_deleted_category_stand_free_and_say_so(void **state)
{
	int count;

	(void)state;
	assert_int_equal(create(&ops.ada, "Projects", ops_json("{'type': 4}")), ERR_OK);
	int64_t category = json_id(made(), "id");
	assert_int_equal(create(&ops.ada, "inside", json_pack("{s:I}", "parent_id", (json_int_t)category)), ERR_OK);
	int64_t child = json_id(made(), "id"), before = ops.engine.last_seq;

	assert_int_equal(remove_channel(&ops.ada, category), ERR_OK);
	assert_true(json_is_null(json_object_get(read_channel(child), "parent_id")));
	const struct event *events = ops_events(&ops, before, &count);
	assert_int_equal(count, 3);
	assert_string_equal(events[0].type, "CHANNEL_UPDATE");
	assert_int_equal(events[0].channel_id, child);
	assert_non_null(strstr(events[0].payload, "\"parent_id\":null"));
	assert_string_equal(events[1].type, "GUILD_AUDIT_LOG_ENTRY_CREATE");
	assert_string_equal(events[2].type, "CHANNEL_DELETE");
}

static void a_deleted_channel_is_gone_for_everyone(void **state)
{
	int64_t id = ops_channel(&ops, &ops.ada, "tools");
	int64_t message_id = ops_message(&ops, &ops.ada, id, "text of the channel");
	bool visible, is_deleted;

	(void)state;
	assert_op(&ops, &ops.ada, "invite_create", json_pack("{s:I}", "channel_id", (json_int_t)id), ERR_OK);
	assert_int_equal(remove_channel(&ops.ada, id), ERR_OK);
	assert_int_equal(remove_channel(&ops.ada, id), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(update(&ops.ada, id, ops_json("{'name': 'x'}")), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(bits_of(&ops.ada, id), 0);
	assert_op(&ops, &ops.ada, "message_create",
		  json_pack("{s:I, s:s}", "channel_id", (json_int_t)id, "content", "x"), ERR_UNKNOWN_CHANNEL);
	assert_op(&ops, &ops.ada, "message_delete",
		  json_pack("{s:I, s:I}", "channel_id", (json_int_t)id, "message_id", (json_int_t)message_id),
		  ERR_UNKNOWN_CHANNEL);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM invites"), 0);
	assert_int_equal(perm_sees_channel(ops.engine.db, &ops.arena, id, ops.ada.id, &visible, &is_deleted), ERR_OK);
	assert_true(visible && is_deleted);
}

static bool purge(void)
{
	struct apply apply = ops_apply(&ops);
	bool is_done;

	ops_sql(&ops, "BEGIN IMMEDIATE");
	ensure(channel_purge(&apply, &is_done) == ERR_OK && op_settle(&ops.engine) == ERR_OK);
	ops_sql(&ops, "COMMIT");
	return is_done;
}

static int64_t count_of(const char *text)
{
	return ops_int(&ops,
		       "SELECT (SELECT count(*) FROM messages WHERE content LIKE '%%%s%%') + "
		       "(SELECT count(*) FROM message_versions WHERE content LIKE '%%%s%%') + "
		       "(SELECT count(*) FROM events WHERE payload LIKE '%%%s%%')",
		       text, text, text);
}

static void purging_takes_the_texts_of_deleted_channels_a_few_at_a_time(void **state)
{
	int64_t id = ops_channel(&ops, &ops.ada, "tools"), message_id = 0;
	int turns = 0;

	(void)state;
	ops.is_quick = true;
	for (int i = 0; i < 450; i++)
		message_id = ops_message(&ops, &ops.ada, id, "doomed");
	assert_op(&ops, &ops.ada, "message_update",
		  json_pack("{s:I, s:I, s:s}", "channel_id", (json_int_t)id, "message_id", (json_int_t)message_id,
			    "content", "doomed too"),
		  ERR_OK);
	(void)ops_message(&ops, &ops.ada, ops.general_id, "kept");
	assert_int_equal(remove_channel(&ops.ada, id), ERR_OK);
	assert_int_equal(count_of("doomed"), 450 + 1 + 450 + 1);

	while (!purge()) {
		turns++;
		assert_in_range(turns, 1, 10);
	}
	assert_in_range(turns, 3, 7); /* the messages in three, then people and counts */
	assert_int_equal(count_of("doomed"), 0);
	assert_int_equal(count_of("kept"), 2);
	assert_true(purge());
	/* What followers still have to hear of the channel stays. */
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM events WHERE type = 'CHANNEL_DELETE'"), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(DISTINCT seq) FROM events") + 0,
			 ops_int(&ops, "SELECT max(seq) - min(seq) + 1 FROM events"));
}

static void a_workspace_holds_500_channels_and_no_more(void **state)
{
	struct channel *list;
	size_t count;

	(void)state;
	for (int i = 1; i < CHANNELS_MAX; i++)
		ops_sql(&ops,
			"INSERT INTO channels (id, guild_id, type, name, position) VALUES (%d, %lld, 0, 'c%d', %d)", i,
			(long long)ops.guild_id, i, i % 7);
	assert_int_equal(create(&ops.ada, "one more", json_object()), ERR_TOO_MANY);
	assert_int_equal(channel_list_visible(ops.engine.db, &ops.arena, ops.guild_id, ops.ada.id, &list, &count),
			 ERR_OK);
	assert_int_equal(count, CHANNELS_MAX);
	assert_int_equal(remove_channel(&ops.ada, 17), ERR_OK);
	assert_int_equal(create(&ops.ada, "one more", json_object()), ERR_OK);
}

static void the_list_shows_what_one_may_see_with_its_overwrites(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	struct channel *list;
	size_t count;

	(void)state;
	assert_int_equal(create(&ops.ada, "secret", private_channel()), ERR_OK);
	int64_t secret = json_id(made(), "id");
	(void)ops_channel(&ops, &ops.ada, "tools");
	assert_int_equal(channel_list_visible(ops.engine.db, &ops.arena, ops.guild_id, bob.id, &list, &count), ERR_OK);
	assert_int_equal(count, 2);
	assert_string_equal(list[0].name, "general");
	assert_string_equal(list[1].name, "tools");
	assert_int_equal(channel_list_visible(ops.engine.db, &ops.arena, ops.guild_id, ops.ada.id, &list, &count),
			 ERR_OK);
	assert_int_equal(count, 3);
	assert_int_equal(list[1].id, secret);
	assert_int_equal(list[1].overwrite_count, 1);
	assert_int_equal(list[2].overwrite_count, 0);
	assert_int_equal(channel_list_visible(ops.engine.db, &ops.arena, ops.guild_id, 12345, &list, &count),
			 ERR_UNKNOWN_GUILD);
}

/* A change of roles leaves places behind in channels that it hides: they are no reason to be let in. */
static void a_channel_that_becomes_private_lets_in_whoever_saw_it_alone(void **state)
{
	struct person bob = ops_join(&ops, "bob"), eve = ops_join(&ops, "eve");
	int64_t room_id = ops_channel(&ops, &ops.ada, "room");

	(void)state;
	(void)ops_message(&ops, &bob, room_id, "hello");
	(void)ops_message(&ops, &eve, room_id, "hello");
	ops_grant(&ops, &bob, PERM_VIEW_CHANNEL);
	assert_op(&ops, &ops.ada, "role_update",
		  json_pack("{s:I, s:I, s:s}", "guild_id", (json_int_t)ops.guild_id, "role_id",
			    (json_int_t)ops.guild_id, "permissions", "0"),
		  ERR_OK);
	assert_int_equal(bits_of(&eve, room_id), 0);
	assert_int_equal(update(&ops.ada, room_id, json_pack("{s:b}", "private", 1)), ERR_OK);
	assert_int_equal(bits_of(&eve, room_id), 0);
	assert_true(perm_has(bits_of(&bob, room_id), PERM_VIEW_CHANNEL));
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM overwrites WHERE target_id = %lld", (long long)eve.id), 0);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(names_have_1_to_100_characters_after_trimming),
	    SET_UP(a_name_is_free_again_once_its_channel_is_deleted),
	    SET_UP(a_category_may_be_called_as_a_channel_is),
	    SET_UP(kinds_that_are_not_there_are_made_as_text),
	    SET_UP(a_channel_stands_below_the_last_one_unless_told_otherwise),
	    SET_UP(a_parent_is_a_category_of_the_same_workspace),
	    SET_UP(a_category_of_another_workspace_is_no_parent),
	    SET_UP(a_category_that_one_may_not_see_is_no_parent),
	    SET_UP(who_lacks_the_permission_makes_changes_and_deletes_nothing),
	    SET_UP(an_update_changes_what_it_names_alone),
	    SET_UP(children_of_a_deleted_category_stand_free_and_say_so),
	    SET_UP(a_deleted_channel_is_gone_for_everyone),
	    SET_UP(purging_takes_the_texts_of_deleted_channels_a_few_at_a_time),
	    SET_UP(a_workspace_holds_500_channels_and_no_more),
	    SET_UP(the_list_shows_what_one_may_see_with_its_overwrites),
	    SET_UP(a_channel_that_becomes_private_lets_in_whoever_saw_it_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
