/* Invites: who makes them, how long and how often they are good, who gets in. */
#include "base/clock.h"
#include "base/ensure.h"
#include "domain/invite/invite.h"
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
	const char *why;

	(void)state;
	ops_setup(&ops);
	return config_set(&ops.config, CONFIG_REGISTRATION, "open", &why);
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

/* Somebody with an account and no workspace. */
static struct person stranger(const char *name)
{
	ensure(ops_run(&ops, NULL, "user_register", ops_register_input(&ops, name)) == ERR_OK);
	ensure(json_is_null(json_object_get(ops.result, "guild_id")));
	return (struct person){ops_result_id(&ops, "user", "id"), ops_result_id(&ops, NULL, "session_id"), OP_ROLE_API};
}

static enum err create(const struct person *who, json_t *more)
{
	json_t *in = json_pack("{s:I}", "guild_id", (json_int_t)ops.guild_id);

	ensure(json_object_update_new(in, more) == 0);
	return ops_run(&ops, who, "invite_create", in);
}

static enum err accept(const struct person *who, const char *code)
{
	return ops_run(&ops, who, "invite_accept", json_pack("{s:s}", "code", code));
}

static const json_t *made(void)
{
	return json_object_get(ops.result, "invite");
}

static bool is_member(const struct person *who)
{
	return ops_int(&ops, "SELECT count(*) FROM members WHERE guild_id = %lld AND user_id = %lld",
		       (long long)ops.guild_id, (long long)who->id) == 1;
}

static void an_invite_leads_to_the_first_channel_for_a_day(void **state)
{
	(void)state;
	assert_int_equal(create(&ops.ada, json_object()), ERR_OK);
	assert_int_equal(strlen(json_text(made(), "code")), INVITE_CODE_LENGTH);
	assert_int_equal(json_id(json_object_get(made(), "channel"), "id"), ops.general_id);
	assert_int_equal(json_int(made(), "max_age"), INVITE_AGE_INITIAL_S);
	assert_int_equal(json_int(made(), "max_uses"), 0);
	assert_int_equal(json_int(made(), "uses"), 0);
	assert_string_equal(json_text(json_object_get(made(), "inviter"), "username"), "ada");
	assert_null(json_object_get(json_object_get(made(), "inviter"), "email"));
	assert_int_equal(ops_int(&ops, "SELECT expires_at_ms - created_at_ms FROM invites"),
			 INVITE_AGE_INITIAL_S * INT64_C(1000));
}

struct input_case {
	const char *more;
	enum err expected;
	json_int_t max_age, max_uses;
};

static const struct input_case input_cases[] = {
    {"{'max_age': 0}", ERR_OK, 0, 0},
    {"{'max_age': null, 'max_uses': null, 'temporary': null}", ERR_OK, INVITE_AGE_INITIAL_S, 0},
    {"{'max_age': 604800, 'max_uses': 100, 'unique': true}", ERR_OK, 604800, 100},
    {"{'max_age': 604801}", ERR_INVALID_FORM, 0, 0},
    {"{'max_age': -1}", ERR_INVALID_FORM, 0, 0},
    {"{'max_uses': 101}", ERR_INVALID_FORM, 0, 0},
    {"{'max_uses': -1}", ERR_INVALID_FORM, 0, 0},
    {"{'max_uses': '1'}", ERR_INVALID_FORM, 0, 0},
    {"{'temporary': 1}", ERR_INVALID_FORM, 0, 0},
    {"{'channel_id': 12345}", ERR_UNKNOWN_CHANNEL, 0, 0},
    {"{'guild_id': 12345}", ERR_UNKNOWN_GUILD, 0, 0},
    {"{'guild_id': null}", ERR_UNKNOWN_GUILD, 0, 0},
    {"{'guild_id': 'x'}", ERR_INVALID_FORM, 0, 0},
};

static void ages_and_uses_have_bounds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof input_cases / sizeof *input_cases; i++) {
		enum err err = create(&ops.ada, ops_json("%s", input_cases[i].more));

		if (err != input_cases[i].expected)
			fail_msg("%s: %s", input_cases[i].more, err_info(err)->name);
		if (err != ERR_OK)
			continue;
		assert_int_equal(json_int(made(), "max_age"), input_cases[i].max_age);
		assert_int_equal(json_int(made(), "max_uses"), input_cases[i].max_uses);
		assert_int_equal(json_is_null(json_object_get(made(), "expires_at")), input_cases[i].max_age == 0);
	}
}

static void a_channel_and_a_workspace_that_do_not_belong_together_are_refused(void **state)
{
	struct person eve = stranger("eve");

	(void)state;
	assert_int_equal(create(&eve, json_object()), ERR_UNKNOWN_GUILD);
	assert_int_equal(create(&eve, json_pack("{s:I}", "channel_id", (json_int_t)ops.general_id)),
			 ERR_UNKNOWN_CHANNEL);
	ops_sql(&ops, "INSERT INTO guilds (id, owner_id, name) VALUES (77, %lld, 'x')", (long long)ops.ada.id);
	assert_int_equal(create(&ops.ada, json_pack("{s:I, s:I}", "guild_id", (json_int_t)77, "channel_id",
						    (json_int_t)ops.general_id)),
			 ERR_UNKNOWN_CHANNEL);
}

static void who_may_not_invite_there_makes_none(void **state)
{
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	assert_int_equal(create(&bob, json_object()), ERR_OK);
	ops_sql(&ops, "INSERT INTO overwrites VALUES (%lld, %lld, 0, 0, %lld)", (long long)ops.general_id,
		(long long)ops.guild_id, (long long)PERM_CREATE_INVITE);
	assert_int_equal(create(&bob, json_object()), ERR_MISSING_PERMISSIONS);
	assert_int_equal(create(&ops.ada, json_object()), ERR_OK);
}

static void accepting_makes_a_member_once(void **state)
{
	const char *code = ops_invite(&ops, &ops.ada, 5);
	struct person eve = stranger("eve");
	int count;

	(void)state;
	int64_t before = ops.engine.last_seq;
	assert_int_equal(accept(&eve, code), ERR_OK);
	assert_true(is_member(&eve));
	assert_true(json_is_true(json_object_get(ops.result, "is_new")));
	assert_int_equal(ops_result_id(&ops, NULL, "guild_id"), ops.guild_id);
	assert_int_equal(ops_result_id(&ops, NULL, "channel_id"), ops.general_id);
	assert_null(json_object_get(made(), "uses"));
	struct event *events = ops_events(&ops, before, &count);
	assert_string_equal(events[0].type, "GUILD_CREATE");
	assert_int_equal(events[0].user_id, eve.id);
	assert_string_equal(events[1].type, "GUILD_MEMBER_ADD");
	assert_string_equal(events[2].type, "CHANNEL_MEMBER_ADD");
	assert_int_equal(events[2].channel_id, ops.general_id);
	assert_int_equal(count, 3);

	before = ops.engine.last_seq;
	assert_int_equal(accept(&eve, code), ERR_OK);
	assert_true(json_is_false(json_object_get(ops.result, "is_new")));
	assert_int_equal(ops_int(&ops, "SELECT uses FROM invites"), 1);
	assert_int_equal(ops.engine.last_seq, before);
}

static int64_t hidden_channel(const char *name, int position)
{
	int64_t id = ops_channel(&ops, &ops.ada, name);

	ops_sql(&ops, "UPDATE channels SET position = %d WHERE id = %lld", position, (long long)id);
	ops_sql(&ops, "INSERT INTO overwrites VALUES (%lld, %lld, 0, 0, %lld)", (long long)id, (long long)ops.guild_id,
		(long long)PERM_VIEW_CHANNEL);
	return id;
}

/* Its page tells everybody who has the link the channel's name. */
static void an_invite_names_no_hidden_channel_unless_it_was_asked_for(void **state)
{
	int64_t hidden = hidden_channel("plans", -1);

	(void)state;
	assert_int_equal(create(&ops.ada, json_object()), ERR_OK);
	assert_int_equal(json_id(json_object_get(made(), "channel"), "id"), ops.general_id);
	assert_int_equal(create(&ops.ada, json_pack("{s:I}", "channel_id", (json_int_t)hidden)), ERR_OK);
	assert_int_equal(json_id(json_object_get(made(), "channel"), "id"), hidden);

	ops_sql(&ops, "INSERT INTO overwrites VALUES (%lld, %lld, 0, 0, %lld)", (long long)ops.general_id,
		(long long)ops.guild_id, (long long)PERM_VIEW_CHANNEL);
	assert_int_equal(create(&ops.ada, json_object()), ERR_OK); /* nothing else is there */
}

/* Where the newcomer may not go, the page would be missing. */
static void a_newcomer_arrives_in_a_channel_that_they_may_see(void **state)
{
	int64_t hidden = hidden_channel("plans", -1);
	struct person eve = stranger("eve"), kim = stranger("kim");

	(void)state;
	assert_int_equal(create(&ops.ada, json_pack("{s:I}", "channel_id", (json_int_t)hidden)), ERR_OK);
	const char *code = arena_strdup(&ops.arena, json_text(made(), "code"));
	json_t *in = ops_register_input(&ops, "bob");
	ensure(json_object_set_new(in, "invite", json_string(code)) == 0);
	assert_int_equal(ops_run(&ops, NULL, "user_register", in), ERR_OK);
	assert_int_equal(ops_result_id(&ops, NULL, "channel_id"), ops.general_id);
	assert_int_equal(accept(&eve, code), ERR_OK);
	assert_int_equal(ops_result_id(&ops, NULL, "channel_id"), ops.general_id);

	ops_sql(&ops, "UPDATE channels SET type = 4 WHERE id = %lld", (long long)ops.general_id);
	assert_int_equal(accept(&kim, code), ERR_OK);
	assert_int_equal(ops_result_id(&ops, NULL, "guild_id"), ops.guild_id);
	assert_true(json_is_null(json_object_get(ops.result, "channel_id")));
	assert_int_equal(accept(&ops.ada, code), ERR_OK);
	assert_int_equal(ops_result_id(&ops, NULL, "channel_id"), hidden);
}

static void of_several_who_accept_a_one_use_invite_exactly_one_joins(void **state)
{
	const char *code = ops_invite(&ops, &ops.ada, 1);
	struct person who[] = {stranger("bob"), stranger("eve"), stranger("kim")};
	int joined = 0;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		enum err err = accept(&who[i], code);
		assert_true(err == ERR_OK || err == ERR_INVITE_EXPIRED);
		joined += err == ERR_OK;
		assert_int_equal(is_member(&who[i]), err == ERR_OK);
	}
	assert_int_equal(joined, 1);
}

/* The op may be sent a second time when its reply was lost. */
static void whoever_used_an_invite_up_may_accept_it_again(void **state)
{
	const char *code = ops_invite(&ops, &ops.ada, 1);
	struct person eve = stranger("eve");

	(void)state;
	assert_int_equal(accept(&eve, code), ERR_OK);
	assert_int_equal(accept(&eve, code), ERR_OK);
	assert_true(json_is_false(json_object_get(ops.result, "is_new")));
}

static void an_invite_that_is_over_lets_nobody_in(void **state)
{
	const char *code = ops_invite(&ops, &ops.ada, 0);
	struct person eve = stranger("eve");

	(void)state;
	ops_sql(&ops, "UPDATE invites SET expires_at_ms = %lld", (long long)clock_now_ms());
	assert_int_equal(accept(&eve, code), ERR_INVITE_EXPIRED);
	assert_false(is_member(&eve));
	ops_sql(&ops, "DELETE FROM invites");
	assert_int_equal(accept(&eve, code), ERR_UNKNOWN_INVITE);
}

static void a_code_is_its_very_letters(void **state)
{
	struct person eve = stranger("eve");

	(void)state;
	ops_sql(&ops, "INSERT INTO invites VALUES ('aBcDeFgHjK', %lld, %lld, %lld, 0, 0, 0, 0, 1, NULL)",
		(long long)ops.guild_id, (long long)ops.general_id, (long long)ops.ada.id);
	assert_int_equal(accept(&eve, "abcdefghjk"), ERR_UNKNOWN_INVITE);
	assert_int_equal(accept(&eve, "aBcDeFgHj"), ERR_UNKNOWN_INVITE);
	assert_int_equal(accept(&eve, "%"), ERR_UNKNOWN_INVITE);
	assert_int_equal(accept(&eve, ""), ERR_INVALID_FORM);
	assert_int_equal(accept(&eve, " aBcDeFgHjK "), ERR_OK);
}

static void codes_are_never_the_same_and_hold_no_letters_that_look_alike(void **state)
{
	(void)state;
	ops.is_quick = true;
	for (int i = 0; i < 200; i++)
		assert_null(strpbrk(ops_invite(&ops, &ops.ada, 0), "0O1lIio"));
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM invites"), 200);
}

static void dead_invites_make_room_for_new_ones(void **state)
{
	(void)state;
	for (int i = 0; i < INVITES_MAX; i++)
		ops_sql(&ops, "INSERT INTO invites VALUES ('code%d', %lld, %lld, %lld, 0, 0, 0, 0, 1, NULL)", i,
			(long long)ops.guild_id, (long long)ops.general_id, (long long)ops.ada.id);
	assert_int_equal(create(&ops.ada, json_object()), ERR_TOO_MANY);
	ops_sql(&ops, "UPDATE invites SET max_uses = 2, uses = 2 WHERE code = 'code7'");
	ops_sql(&ops, "UPDATE invites SET expires_at_ms = 1 WHERE code = 'code8'");
	assert_int_equal(create(&ops.ada, json_object()), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM invites"), INVITES_MAX - 1);
}

static void the_list_shows_live_ones_newest_first(void **state)
{
	struct buf text;
	struct jw jw;

	(void)state;
	for (int i = 0; i < 4; i++)
		ops_sql(&ops, "INSERT INTO invites VALUES ('code%d', %lld, %lld, %lld, 0, 0, 0, 0, %d, NULL)", i,
			(long long)ops.guild_id, (long long)ops.general_id, (long long)ops.ada.id, i);
	ops_sql(&ops, "UPDATE invites SET max_uses = 2, uses = 2 WHERE code = 'code1'");
	ops_sql(&ops, "UPDATE invites SET expires_at_ms = 1 WHERE code = 'code2'");
	buf_init(&text);
	jw_init(&jw, &text);
	assert_int_equal(invite_list_to_json(ops.engine.db, &ops.arena, &jw, NULL,
					     &(struct invite_filter){.guild_id = ops.guild_id,
								     .viewer_id = ops.ada.id,
								     .now_ms = clock_now_ms()}),
			 ERR_OK);
	json_t *list = json_loads(text.p, 0, NULL);
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(json_text(json_array_get(list, 0), "code"), "code3");
	assert_string_equal(json_text(json_array_get(list, 1), "code"), "code0");
	json_decref(list);
	buf_free(&text);
}

static enum err revoke(const struct person *who, const char *code)
{
	return ops_run(&ops, who, "invite_delete", json_pack("{s:s}", "code", code));
}

static int64_t invite_count(void)
{
	return ops_int(&ops, "SELECT count(*) FROM invites");
}

static void who_made_it_or_manages_revokes_an_invite(void **state)
{
	struct person bob = ops_join(&ops, "bob"), kim = ops_join(&ops, "kim"), mod = ops_join(&ops, "mod");
	struct person eve = stranger("eve");
	int count;

	(void)state;
	ops_sql(&ops, "DELETE FROM invites");
	const char *bobs = ops_invite(&ops, &bob, 0), *adas = ops_invite(&ops, &ops.ada, 0);
	assert_int_equal(revoke(&kim, bobs), ERR_MISSING_PERMISSIONS);
	assert_int_equal(revoke(&eve, bobs), ERR_MISSING_PERMISSIONS);
	assert_int_equal(revoke(NULL, bobs), ERR_UNAUTHORIZED);
	assert_int_equal(revoke(&bob, adas), ERR_MISSING_PERMISSIONS);
	assert_int_equal(revoke(&bob, "nothing"), ERR_UNKNOWN_INVITE);
	int64_t before = ops.engine.last_seq;
	assert_int_equal(revoke(&bob, bobs), ERR_OK);
	struct event *events = ops_events(&ops, before, &count);
	assert_string_equal(events[count - 1].type, "INVITE_DELETE");
	assert_int_equal(events[count - 1].channel_id, ops.general_id);
	assert_int_equal(revoke(&bob, bobs), ERR_UNKNOWN_INVITE);
	assert_int_equal(accept(&eve, bobs), ERR_UNKNOWN_INVITE);

	ops_grant(&ops, &mod, PERM_MANAGE_CHANNELS);
	assert_int_equal(revoke(&mod, adas), ERR_OK);
	adas = ops_invite(&ops, &ops.ada, 0);
	ops_sql(&ops, "UPDATE invites SET expires_at_ms = 1");
	ops_grant(&ops, &kim, PERM_MANAGE_GUILD);
	assert_int_equal(revoke(&kim, adas), ERR_OK); /* one that is over too */
	assert_int_equal(invite_count(), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM audit_log WHERE action = 42"), 3);
}

/* Whoever is out has no say any more, not even about what they made. */
static void who_has_left_revokes_nothing(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	const char *code = ops_invite(&ops, &bob, 0);

	(void)state;
	assert_op(&ops, &bob, "guild_leave", json_pack("{s:I}", "guild_id", (json_int_t)ops.guild_id), ERR_OK);
	assert_int_equal(revoke(&bob, code), ERR_MISSING_PERMISSIONS);
}

static void making_and_revoking_are_told_to_managers_and_written_down(void **state)
{
	int count;

	(void)state;
	int64_t before = ops.engine.last_seq;
	assert_int_equal(create(&ops.ada, ops_json("{'max_uses': 3, 'max_age': 60, 'temporary': true}")), ERR_OK);
	struct event *events = ops_events(&ops, before, &count), *event = &events[count - 1];
	assert_string_equal(event->type, "INVITE_CREATE");
	assert_int_equal(event_needs(event->type), PERM_MANAGE_CHANNELS);
	assert_non_null(strstr(event->payload, "\"max_uses\":3,\"max_age\":60,\"temporary\":true"));
	assert_null(strstr(event->payload, "example.org"));
	const char *changes = ops_text(&ops, "SELECT changes FROM audit_log WHERE action = 40");
	assert_non_null(strstr(changes, "{\"key\":\"max_uses\",\"old_value\":0,\"new_value\":3}"));
	assert_non_null(strstr(changes, json_text(made(), "code")));
}

static void the_banned_and_bots_are_refused(void **state)
{
	const char *code = ops_invite(&ops, &ops.ada, 0);
	struct person eve = stranger("eve"), bot = stranger("bot"), gone = stranger("gone");

	(void)state;
	ops_sql(&ops, "INSERT INTO bans (guild_id, user_id, created_at_ms) VALUES (%lld, %lld, 1)",
		(long long)ops.guild_id, (long long)eve.id);
	ops_sql(&ops, "UPDATE users SET is_bot = 1 WHERE id = %lld", (long long)bot.id);
	ops_sql(&ops, "UPDATE users SET is_suspended = 1 WHERE id = %lld", (long long)gone.id);
	assert_int_equal(accept(&eve, code), ERR_BANNED);
	assert_int_equal(accept(&bot, code), ERR_BOT_FORBIDDEN);
	assert_true(accept(&gone, code) != ERR_OK);
	assert_false(is_member(&eve) || is_member(&bot) || is_member(&gone));
	assert_int_equal(ops_int(&ops, "SELECT uses FROM invites"), 0);
	ops_sql(&ops, "DELETE FROM bans");
	assert_int_equal(accept(&eve, code), ERR_OK);
}

static void an_own_invite_of_the_same_terms_is_given_again_to_who_asks_for_that(void **state)
{
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	ops_sql(&ops, "DELETE FROM invites");
	assert_int_equal(create(&bob, ops_json("{'unique': false}")), ERR_OK);
	const char *code = arena_strdup(&ops.arena, json_text(made(), "code"));
	assert_int_equal(create(&bob, ops_json("{'unique': false}")), ERR_OK);
	assert_string_equal(json_text(made(), "code"), code);
	static const char *const others[] = {"{'unique': true}",
					     "{}",
					     "{'unique': null}",
					     "{'unique': false, 'max_uses': 1}",
					     "{'unique': false, 'max_age': 60}",
					     "{'unique': false, 'temporary': true}"};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		assert_int_equal(create(&bob, ops_json("%s", others[i])), ERR_OK);
		assert_string_not_equal(json_text(made(), "code"), code);
	}
	assert_int_equal(create(&ops.ada, ops_json("{'unique': false}")), ERR_OK);
	assert_string_not_equal(json_text(made(), "code"), code);
	ops_sql(&ops, "UPDATE invites SET expires_at_ms = 1");
	assert_int_equal(create(&bob, ops_json("{'unique': false}")), ERR_OK);
	assert_string_not_equal(json_text(made(), "code"), code);
}

static void nobody_but_who_manages_takes_all_the_room(void **state)
{
	struct person bob = ops_join(&ops, "bob"), kim = ops_join(&ops, "kim");

	(void)state;
	ops.is_quick = true;
	for (int i = 0; i < INVITES_OF_ONE_MAX; i++)
		assert_int_equal(create(&bob, json_object()), ERR_OK);
	assert_int_equal(create(&bob, json_object()), ERR_TOO_MANY);
	assert_int_equal(create(&kim, json_object()), ERR_OK);
	ops_grant(&ops, &bob, PERM_MANAGE_GUILD);
	assert_int_equal(create(&bob, json_object()), ERR_OK);
}

static void a_preview_does_not_name_a_private_channel(void **state)
{
	int64_t hidden = hidden_channel("plans", 9);
	struct invite invite;
	struct buf text;
	struct jw jw;

	(void)state;
	assert_int_equal(create(&ops.ada, json_pack("{s:I}", "channel_id", (json_int_t)hidden)), ERR_OK);
	const char *code = arena_strdup(&ops.arena, json_text(made(), "code"));
	assert_int_equal(invite_find(ops.engine.db, &ops.arena, code, clock_now_ms(), &invite), ERR_OK);
	buf_init(&text);
	jw_init(&jw, &text);
	assert_int_equal(invite_preview_to_json(ops.engine.db, &ops.arena, &jw, NULL, &invite), ERR_OK);
	assert_null(strstr(text.p, "plans"));
	assert_null(strstr(text.p, "\"channel\""));
	assert_null(strstr(text.p, "uses"));
	assert_non_null(strstr(text.p, "\"approximate_member_count\":1"));
	buf_free(&text);
}

/* MANAGE_GUILD is not seeing everything: a private channel does not exist to who is not in it. */
static void a_list_leaves_out_invites_to_channels_that_the_viewer_cannot_see(void **state)
{
	struct person kim = ops_join(&ops, "kim");
	int64_t hidden = hidden_channel("plans", 9);
	struct buf text;
	struct jw jw;

	(void)state;
	ops_sql(&ops, "DELETE FROM invites");
	ops_grant(&ops, &kim, PERM_MANAGE_GUILD);
	assert_int_equal(create(&ops.ada, json_pack("{s:I}", "channel_id", (json_int_t)hidden)), ERR_OK);
	assert_int_equal(create(&ops.ada, json_object()), ERR_OK);
	const struct invite_filter filters[] = {
	    {.guild_id = ops.guild_id, .viewer_id = kim.id, .now_ms = clock_now_ms()},
	    {.guild_id = ops.guild_id, .viewer_id = ops.ada.id, .channel_id = hidden, .now_ms = clock_now_ms()},
	    {.guild_id = ops.guild_id, .viewer_id = ops.ada.id, .now_ms = clock_now_ms()},
	    {.guild_id = ops.guild_id, .viewer_id = kim.id, .inviter_id = kim.id, .now_ms = clock_now_ms()},
	};
	static const size_t expected[] = {1, 1, 2, 0};
	for (size_t i = 0; i < 4; i++) {
		buf_init(&text);
		jw_init(&jw, &text);
		assert_int_equal(invite_list_to_json(ops.engine.db, &ops.arena, &jw, NULL, &filters[i]), ERR_OK);
		json_t *list = json_loads(text.p, 0, NULL);
		assert_int_equal(json_array_size(list), expected[i]);
		if (filters[i].viewer_id == kim.id)
			assert_null(strstr(text.p, "plans"));
		json_decref(list);
		buf_free(&text);
	}
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(an_invite_leads_to_the_first_channel_for_a_day),
	    SET_UP(ages_and_uses_have_bounds),
	    SET_UP(a_channel_and_a_workspace_that_do_not_belong_together_are_refused),
	    SET_UP(who_may_not_invite_there_makes_none),
	    SET_UP(accepting_makes_a_member_once),
	    SET_UP(an_invite_names_no_hidden_channel_unless_it_was_asked_for),
	    SET_UP(a_newcomer_arrives_in_a_channel_that_they_may_see),
	    SET_UP(of_several_who_accept_a_one_use_invite_exactly_one_joins),
	    SET_UP(whoever_used_an_invite_up_may_accept_it_again),
	    SET_UP(an_invite_that_is_over_lets_nobody_in),
	    SET_UP(a_code_is_its_very_letters),
	    SET_UP(codes_are_never_the_same_and_hold_no_letters_that_look_alike),
	    SET_UP(dead_invites_make_room_for_new_ones),
	    SET_UP(the_list_shows_live_ones_newest_first),
	    SET_UP(who_made_it_or_manages_revokes_an_invite),
	    SET_UP(who_has_left_revokes_nothing),
	    SET_UP(making_and_revoking_are_told_to_managers_and_written_down),
	    SET_UP(the_banned_and_bots_are_refused),
	    SET_UP(an_own_invite_of_the_same_terms_is_given_again_to_who_asks_for_that),
	    SET_UP(nobody_but_who_manages_takes_all_the_room),
	    SET_UP(a_preview_does_not_name_a_private_channel),
	    SET_UP(a_list_leaves_out_invites_to_channels_that_the_viewer_cannot_see),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
