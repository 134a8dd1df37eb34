/* Reactions: who may, which emoji, how many, and that what is counted is what there is. */
#include "domain/channel/channel.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/reaction/reaction.h"
#include "ops_fixture.h"
#include "store/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define THUMBS_UP "\xf0\x9f\x91\x8d"
#define PARTY "\xf0\x9f\x8e\x89"
#define HEART_BARE "\xe2\x9d\xa4"
#define VS16 "\xef\xb8\x8f"
#define PICTURE "UklGRgwAAABXRUJQVlA4IAAAAAA"

static struct ops ops;
static int64_t message_id;

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	message_id = ops_message(&ops, &ops.ada, ops.general_id, "words");
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static json_t *input(int64_t channel_id, int64_t of_id, const char *emoji)
{
	return json_pack("{s:I, s:I, s:s*}", "channel_id", (json_int_t)channel_id, "message_id", (json_int_t)of_id,
			 "emoji", emoji);
}

static enum err add(const struct person *who, const char *emoji)
{
	return ops_run(&ops, who, "reaction_add", input(ops.general_id, message_id, emoji));
}

static enum err take_back(const struct person *who, const char *emoji)
{
	return ops_run(&ops, who, "reaction_remove", input(ops.general_id, message_id, emoji));
}

/* "👍2 🎉1", in the order of the message's view; the viewer's own with a "*". */
static const char *shown(int64_t viewer_id)
{
	struct buf *json = buf_in_arena(&ops.arena), *text = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *message;
	size_t i;
	const json_t *each;

	jw_init(&jw, json);
	assert_int_equal(message_find_to_json(ops.engine.db, &jw, NULL,
					      (struct message_at){ops.general_id, message_id, viewer_id}, NULL),
			 ERR_OK);
	assert_int_equal(json_parse_own(&ops.arena, json->p, json->n, &message), ERR_OK);
	json_array_foreach(json_object_get(message, "reactions"), i, each)
	{
		buf_printf(text, "%s%s%lld%s", i > 0 ? " " : "", json_text(json_object_get(each, "emoji"), "name"),
			   (long long)json_int(each, "count"), json_flag(each, "me") ? "*" : "");
	}
	if (json_object_get(message, "reactions") == NULL)
		return "none";
	return text->n > 0 ? text->p : "";
}

static int64_t emoji_make(const struct person *who, int64_t guild_id, const char *name)
{
	assert_op(&ops, who, "emoji_create",
		  ops_json("{'guild_id':'%lld','name':'%s','picture':'" PICTURE "'}", (long long)guild_id, name),
		  ERR_OK);
	return ops_result_id(&ops, "emoji", "id");
}

static void one_person_reacts_with_an_emoji_once(void **state)
{
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	assert_string_equal(shown(ops.ada.id), "none");
	assert_int_equal(add(&ops.ada, THUMBS_UP), ERR_OK);
	int64_t seq = ops.engine.last_seq;
	assert_int_equal(add(&ops.ada, THUMBS_UP), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
	assert_string_equal(shown(ops.ada.id), THUMBS_UP "1*");
	assert_int_equal(add(&bob, PARTY), ERR_OK);
	assert_int_equal(add(&bob, THUMBS_UP), ERR_OK);
	assert_string_equal(shown(ops.ada.id), THUMBS_UP "2* " PARTY "1");
	assert_string_equal(shown(0), THUMBS_UP "2 " PARTY "1");

	/* Order is that of first use; what ends and comes again is the last. */
	assert_int_equal(take_back(&ops.ada, THUMBS_UP), ERR_OK);
	assert_string_equal(shown(bob.id), THUMBS_UP "1* " PARTY "1*");
	assert_int_equal(take_back(&bob, THUMBS_UP), ERR_OK);
	assert_int_equal(add(&bob, THUMBS_UP), ERR_OK);
	assert_string_equal(shown(bob.id), PARTY "1* " THUMBS_UP "1*");
	seq = ops.engine.last_seq;
	assert_int_equal(take_back(&ops.ada, THUMBS_UP), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
	assert_int_equal(take_back(&bob, THUMBS_UP), ERR_OK);
	assert_int_equal(take_back(&bob, PARTY), ERR_OK);
	assert_string_equal(shown(bob.id), "none");
	assert_int_equal(ops_int(&ops, "SELECT parts FROM messages WHERE id = %lld", (long long)message_id), 0);
}

static const struct {
	const char *emoji;
	enum err expected;
} emoji_cases[] = {
    {THUMBS_UP, ERR_OK},
    {THUMBS_UP "\xf0\x9f\x8f\xbd", ERR_OK},                           /* a skin tone */
    {HEART_BARE VS16, ERR_OK},                                        /* with its selector */
    {HEART_BARE, ERR_OK},                                             /* and without: the same */
    {"#" VS16 "\xe2\x83\xa3", ERR_OK},                                /* a keycap */
    {"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", ERR_OK},         /* joined: technologist */
    {"\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa", ERR_OK},                     /* a flag */
    {"\xf0\x9f\x8f\xb3" VS16 "\xe2\x80\x8d\xf0\x9f\x8c\x88", ERR_OK}, /* joined with a selector */
    {"a", ERR_INVALID_EMOJI},
    {"1", ERR_INVALID_EMOJI},
    {"#", ERR_INVALID_EMOJI},
    {THUMBS_UP THUMBS_UP, ERR_INVALID_EMOJI},
    {THUMBS_UP "x", ERR_INVALID_EMOJI},
    {VS16, ERR_INVALID_EMOJI},
    {"\xe2\x80\x8d", ERR_INVALID_EMOJI},
    {"\xf0\x9f\x8f\xbd\xf0\x9f\x8f\xbd", ERR_INVALID_EMOJI},
    {"thumbsup", ERR_INVALID_EMOJI},
    {":thumbsup:", ERR_INVALID_EMOJI},
    {"name:", ERR_INVALID_EMOJI},
    {"name:x", ERR_INVALID_EMOJI},
    {"name:12345", ERR_INVALID_EMOJI},
    {":12345", ERR_INVALID_EMOJI},
    {"a:name:12345", ERR_INVALID_EMOJI},
    {"a::12345", ERR_INVALID_EMOJI},
    {"name:99999999999999999999", ERR_INVALID_EMOJI},
    {"../../etc/passwd", ERR_INVALID_EMOJI},
    {"<b>", ERR_INVALID_EMOJI},
    {"'; DROP TABLE reactions; --", ERR_INVALID_EMOJI},
    {"", ERR_INVALID_EMOJI},
    {NULL, ERR_INVALID_FORM},
    {"a\x01", ERR_INVALID_FORM},
};

static void what_is_no_emoji_is_no_reaction(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(emoji_cases) / sizeof(emoji_cases[0]); i++) {
		enum err e = add(&ops.ada, emoji_cases[i].emoji);
		if (e != emoji_cases[i].expected)
			fail_msg("'%s': %s", emoji_cases[i].emoji, err_info(e)->name);
	}
	assert_int_equal(add(&ops.ada, ops_repeat(&ops, THUMBS_UP, 65)), ERR_INVALID_FORM);
	/* One kind each, and the two hearts are one. */
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM reaction_kinds"), 7);
	assert_string_equal(ops_text(&ops, "SELECT name FROM reaction_kinds WHERE name LIKE '" HEART_BARE "%%'"),
			    HEART_BARE VS16);
}

/* U+1F600 and on. */
static const char *face(unsigned i)
{
	return arena_printf(&ops.arena, "\xf0\x9f\x98%c", (int)(0x80 + i));
}

static void a_message_has_20_kinds(void **state)
{
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	for (unsigned i = 0; i < REACTION_KINDS_MAX; i++)
		assert_int_equal(add(i % 2 ? &bob : &ops.ada, face(i)), ERR_OK);
	assert_int_equal(add(&ops.ada, face(20)), ERR_TOO_MANY_REACTIONS);
	assert_int_equal(add(&ops.ada, face(1)), ERR_OK); /* joining is none more */
	assert_int_equal(take_back(&ops.ada, face(0)), ERR_OK);
	assert_int_equal(add(&bob, face(20)), ERR_OK);
	assert_int_equal(add(&bob, face(0)), ERR_TOO_MANY_REACTIONS);
}

static void the_first_of_a_kind_needs_a_permission_that_joining_does_not(void **state)
{
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	assert_int_equal(add(&ops.ada, THUMBS_UP), ERR_OK);
	ops_sql(&ops, "UPDATE roles SET permissions = %lld WHERE id = %lld",
		(long long)(PERM_VIEW_CHANNEL | PERM_READ_HISTORY), (long long)ops.guild_id);
	assert_int_equal(add(&bob, PARTY), ERR_MISSING_PERMISSIONS);
	assert_int_equal(add(&bob, THUMBS_UP), ERR_OK);
	assert_int_equal(take_back(&ops.ada, THUMBS_UP), ERR_OK);
	assert_int_equal(take_back(&bob, THUMBS_UP), ERR_OK);
	assert_int_equal(add(&bob, THUMBS_UP), ERR_MISSING_PERMISSIONS); /* now it would be the first again */
	ops_sql(&ops, "UPDATE roles SET permissions = %lld WHERE id = %lld",
		(long long)(PERM_VIEW_CHANNEL | PERM_ADD_REACTIONS), (long long)ops.guild_id);
	assert_int_equal(add(&bob, THUMBS_UP), ERR_MISSING_PERMISSIONS); /* cannot read what it reacts to */
	ops_sql(&ops, "DELETE FROM members WHERE user_id = %lld", (long long)bob.id);
	assert_int_equal(add(&bob, THUMBS_UP), ERR_UNKNOWN_CHANNEL);
}

static void who_is_timed_out_looks_on(void **state)
{
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	assert_int_equal(add(&ops.ada, THUMBS_UP), ERR_OK);
	assert_int_equal(add(&bob, PARTY), ERR_OK);
	ops_sql(&ops, "UPDATE members SET timeout_until_ms = 9000000000000 WHERE user_id = %lld", (long long)bob.id);
	assert_int_equal(add(&bob, THUMBS_UP), ERR_MISSING_PERMISSIONS);
	assert_int_equal(take_back(&bob, PARTY), ERR_OK);
	ops_sql(&ops, "UPDATE members SET timeout_until_ms = 1 WHERE user_id = %lld", (long long)bob.id);
	assert_int_equal(add(&bob, THUMBS_UP), ERR_OK);
	/* Whom a time-out does not bind: the owner. */
	ops_sql(&ops, "UPDATE members SET timeout_until_ms = 9000000000000 WHERE user_id = %lld",
		(long long)ops.ada.id);
	assert_int_equal(add(&ops.ada, PARTY), ERR_OK);
}

static void an_archive_takes_no_more(void **state)
{
	(void)state;
	assert_int_equal(add(&ops.ada, THUMBS_UP), ERR_OK);
	ops_sql(&ops, "UPDATE channels SET archived_at_ms = 1 WHERE id = %lld", (long long)ops.general_id);
	assert_int_equal(add(&ops.ada, PARTY), ERR_ARCHIVED);
	assert_int_equal(take_back(&ops.ada, THUMBS_UP), ERR_OK);
}

static void a_blocked_person_reacts_to_no_direct_message(void **state)
{
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	assert_op(&ops, &ops.ada, "direct_create", ops_json("{'recipient_id':'%lld'}", (long long)bob.id), ERR_OK);
	int64_t direct_id = ops_result_id(&ops, "channel", "id");
	int64_t direct_message_id = ops_message(&ops, &ops.ada, direct_id, "between us");
	assert_op(&ops, &bob, "reaction_add", input(direct_id, direct_message_id, THUMBS_UP), ERR_OK);
	assert_op(&ops, &ops.ada, "block_create", ops_json("{'user_id':'%lld'}", (long long)bob.id), ERR_OK);
	assert_op(&ops, &bob, "reaction_add", input(direct_id, direct_message_id, PARTY), ERR_CANNOT_DM);
	assert_op(&ops, &ops.ada, "reaction_add", input(direct_id, direct_message_id, PARTY), ERR_CANNOT_DM);
	assert_int_equal(add(&bob, PARTY), ERR_OK); /* in a channel nobody learns of it */
}

static void only_messages_that_are_there_are_reacted_to(void **state)
{
	int64_t tools = ops_channel(&ops, &ops.ada, "tools");

	(void)state;
	assert_op(&ops, &ops.ada, "reaction_add", input(tools, message_id, THUMBS_UP), ERR_UNKNOWN_MESSAGE);
	assert_op(&ops, &ops.ada, "reaction_add", input(ops.general_id, 12345, THUMBS_UP), ERR_UNKNOWN_MESSAGE);
	assert_op(&ops, &ops.ada, "reaction_add", input(12345, message_id, THUMBS_UP), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(add(&ops.ada, THUMBS_UP), ERR_OK);
	int64_t seq = ops.engine.last_seq;
	assert_op(&ops, &ops.ada, "message_delete", input(ops.general_id, message_id, NULL), ERR_OK);
	assert_int_equal(add(&ops.ada, THUMBS_UP), ERR_UNKNOWN_MESSAGE);
	assert_int_equal(take_back(&ops.ada, THUMBS_UP), ERR_UNKNOWN_MESSAGE);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM reactions"), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM reaction_kinds"), 0);
	/* The log has none of it either. */
	assert_int_equal(ops_int(&ops,
				 "SELECT count(*) FROM events WHERE seq <= %lld AND payload LIKE '%%" THUMBS_UP "%%'",
				 (long long)seq),
			 0);
}

static void moderators_take_away(void **state)
{
	struct person bob = ops_join(&ops, "bob"), eve = ops_join(&ops, "eve");
	json_t *in;

	(void)state;
	ops_grant(&ops, &eve, PERM_MANAGE_MESSAGES);
	assert_int_equal(add(&bob, THUMBS_UP), ERR_OK);
	assert_int_equal(add(&ops.ada, THUMBS_UP), ERR_OK);
	assert_int_equal(add(&bob, PARTY), ERR_OK);
	in = input(ops.general_id, message_id, THUMBS_UP);
	json_object_set_new(in, "user_id", json_integer(ops.ada.id));
	assert_op(&ops, &bob, "reaction_remove", json_incref(in), ERR_MISSING_PERMISSIONS);
	assert_op(&ops, &eve, "reaction_remove", in, ERR_OK);
	assert_string_equal(shown(bob.id), THUMBS_UP "1* " PARTY "1*");
	in = input(ops.general_id, message_id, PARTY);
	assert_op(&ops, &bob, "reaction_remove_emoji", json_incref(in), ERR_MISSING_PERMISSIONS);
	assert_op(&ops, &eve, "reaction_remove_emoji", in, ERR_OK);
	assert_string_equal(shown(bob.id), THUMBS_UP "1*");
	in = input(ops.general_id, message_id, NULL);
	assert_op(&ops, &bob, "reaction_remove_all", json_incref(in), ERR_MISSING_PERMISSIONS);
	assert_op(&ops, &eve, "reaction_remove_all", json_incref(in), ERR_OK);
	assert_string_equal(shown(bob.id), "none");
	int64_t seq = ops.engine.last_seq;
	assert_op(&ops, &eve, "reaction_remove_all", in, ERR_OK);
	assert_op(&ops, &eve, "reaction_remove_emoji", input(ops.general_id, message_id, PARTY), ERR_OK);
	assert_int_equal(ops.engine.last_seq, seq);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM reactions"), 0);
}

static void custom_emoji_are_those_of_workspaces_that_one_is_in(void **state)
{
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	int64_t own_id = emoji_make(&ops.ada, ops.guild_id, "crab");
	assert_op(&ops, &ops.ada, "guild_create", ops_json("{'name':'Elsewhere'}"), ERR_OK);
	int64_t other_guild_id = ops_result_id(&ops, NULL, "guild_id");
	int64_t other_id = emoji_make(&ops.ada, other_guild_id, "lobster");
	const char *own = arena_printf(&ops.arena, "crab:%lld", (long long)own_id);
	const char *own_moving = arena_printf(&ops.arena, "a:whatever:%lld", (long long)own_id);
	const char *other = arena_printf(&ops.arena, "lobster:%lld", (long long)other_id);

	assert_int_equal(add(&bob, own), ERR_OK);
	assert_int_equal(add(&bob, own_moving), ERR_OK); /* the id counts */
	assert_string_equal(shown(bob.id), "crab1*");
	assert_int_equal(add(&bob, other), ERR_INVALID_EMOJI); /* not in that workspace, so there is none */
	ops_sql(&ops, "INSERT INTO overwrites VALUES (%lld, %lld, 0, 0, %lld)", (long long)ops.general_id,
		(long long)ops.guild_id, (long long)PERM_EXTERNAL_EMOJIS);
	assert_int_equal(add(&ops.ada, other), ERR_OK); /* the owner has all */
	assert_int_equal(add(&bob, other), ERR_OK);     /* joining is free */
	assert_int_equal(take_back(&bob, other), ERR_OK);
	assert_int_equal(take_back(&ops.ada, other), ERR_OK);
	ops_sql(&ops, "INSERT INTO members (guild_id, user_id, joined_at_ms) VALUES (%lld, %lld, 1)",
		(long long)other_guild_id, (long long)bob.id);
	assert_int_equal(add(&bob, other), ERR_MISSING_PERMISSIONS);
	ops_sql(&ops, "DELETE FROM overwrites");
	assert_int_equal(add(&bob, other), ERR_OK);

	/* Renamed it is called anew, deleted as it was. */
	assert_op(&ops, &ops.ada, "emoji_update",
		  ops_json("{'guild_id':'%lld','emoji_id':'%lld','name':'krebs'}", (long long)ops.guild_id,
			   (long long)own_id),
		  ERR_OK);
	assert_string_equal(shown(bob.id), "krebs1* lobster1*");
	assert_op(&ops, &ops.ada, "emoji_delete",
		  ops_json("{'guild_id':'%lld','emoji_id':'%lld'}", (long long)ops.guild_id, (long long)own_id),
		  ERR_OK);
	assert_string_equal(shown(bob.id), "crab1* lobster1*");
	assert_int_equal(add(&ops.ada, own), ERR_OK); /* what is there may be joined */
	assert_int_equal(take_back(&ops.ada, own), ERR_OK);
	assert_int_equal(take_back(&bob, own), ERR_OK);
	assert_int_equal(add(&bob, own), ERR_INVALID_EMOJI);
}

static const json_t *payload(int64_t seq, const char *type)
{
	int count;
	const struct event *event = ops_events(&ops, seq, &count);
	json_t *out;

	assert_int_equal(count, 1);
	assert_string_equal(event->type, type);
	assert_true(event->channel_id == ops.general_id && event->guild_id == ops.guild_id &&
		    event->message_id == message_id && event->user_id == 0);
	assert_int_equal(json_parse_own(&ops.arena, event->payload, event->payload_n, &out), ERR_OK);
	assert_int_equal(json_id(out, "channel_id"), ops.general_id);
	assert_int_equal(json_id(out, "message_id"), message_id);
	assert_int_equal(json_id(out, "guild_id"), ops.guild_id);
	return out;
}

static void each_change_is_told_in_discords_shape_with_the_count(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	const json_t *told;
	int64_t seq;

	(void)state;
	seq = ops.engine.last_seq;
	assert_int_equal(add(&bob, THUMBS_UP), ERR_OK);
	told = payload(seq, "MESSAGE_REACTION_ADD");
	assert_int_equal(json_id(told, "user_id"), bob.id);
	assert_int_equal(json_id(told, "message_author_id"), ops.ada.id);
	assert_int_equal(json_int(told, "count"), 1);
	assert_int_equal(json_int(told, "type"), 0);
	assert_true(json_is_false(json_object_get(told, "burst")));
	assert_true(json_is_array(json_object_get(told, "burst_colors")));
	assert_string_equal(json_text(json_object_get(told, "emoji"), "name"), THUMBS_UP);
	assert_true(json_is_null(json_object_get(json_object_get(told, "emoji"), "id")));
	const json_t *member = json_object_get(told, "member");
	assert_int_equal(json_id(json_object_get(member, "user"), "id"), bob.id);
	assert_true(json_is_integer(json_object_get(member, "flags")));

	seq = ops.engine.last_seq;
	assert_int_equal(add(&ops.ada, THUMBS_UP), ERR_OK);
	assert_int_equal(json_int(payload(seq, "MESSAGE_REACTION_ADD"), "count"), 2);
	seq = ops.engine.last_seq;
	assert_int_equal(take_back(&bob, THUMBS_UP), ERR_OK);
	told = payload(seq, "MESSAGE_REACTION_REMOVE");
	assert_int_equal(json_id(told, "user_id"), bob.id);
	assert_int_equal(json_int(told, "count"), 1);
	assert_null(json_object_get(told, "member"));
	seq = ops.engine.last_seq;
	assert_op(&ops, &ops.ada, "reaction_remove_emoji", input(ops.general_id, message_id, THUMBS_UP), ERR_OK);
	told = payload(seq, "MESSAGE_REACTION_REMOVE_EMOJI");
	assert_string_equal(json_text(json_object_get(told, "emoji"), "name"), THUMBS_UP);
	assert_null(json_object_get(told, "user_id"));
	assert_int_equal(add(&ops.ada, PARTY), ERR_OK);
	seq = ops.engine.last_seq;
	assert_op(&ops, &ops.ada, "reaction_remove_all", input(ops.general_id, message_id, NULL), ERR_OK);
	told = payload(seq, "MESSAGE_REACTION_REMOVE_ALL");
	assert_null(json_object_get(told, "emoji"));
}

/* What a client makes of an event of this message, from "emoji count" by name; one that ends goes. */
static void follow(json_t *held, const struct event *event)
{
	json_t *payload;

	assert_int_equal(json_parse_own(&ops.arena, event->payload, event->payload_n, &payload), ERR_OK);
	const char *emoji = json_text(json_object_get(payload, "emoji"), "name");
	if (strcmp(event->type, "MESSAGE_REACTION_REMOVE_ALL") == 0)
		assert_int_equal(json_object_clear(held), 0);
	else if (strcmp(event->type, "MESSAGE_REACTION_REMOVE_EMOJI") == 0 || json_int(payload, "count") == 0)
		assert_int_equal(json_object_del(held, emoji), 0);
	else
		assert_int_equal(json_object_set_new(held, emoji, json_integer(json_int(payload, "count"))), 0);
}

/* In the order in which the kinds came, which a client knows by the events. */
static const char *held_text(const json_t *held)
{
	struct buf *text = buf_in_arena(&ops.arena);

	for (void *at = json_object_iter((json_t *)(uintptr_t)held); at != NULL;
	     at = json_object_iter_next((json_t *)(uintptr_t)held, at))
		buf_printf(text, "%s%s%lld", text->n > 0 ? " " : "", json_object_iter_key(at),
			   (long long)json_integer_value(json_object_iter_value(at)));
	return text->n > 0 ? text->p : "none";
}

static void who_follows_the_events_has_what_the_message_shows(void **state)
{
	struct ops_random random = {22};
	struct person people[4];
	json_t *held = json_object();

	(void)state;
	for (int i = 0; i < 4; i++)
		people[i] = ops_join(&ops, arena_printf(&ops.arena, "person%d", i));
	ops.is_quick = true;
	int64_t seq = ops.engine.last_seq;
	for (int i = 0; i < 600; i++) {
		const char *op = ops_below(&random, 5) < 3    ? "reaction_add"
				 : ops_below(&random, 20) > 0 ? "reaction_remove"
				 : ops_below(&random, 3) > 0  ? "reaction_remove_emoji"
							      : "reaction_remove_all";
		const struct person *who =
		    strlen(op) > strlen("reaction_remove") ? &ops.ada : &people[ops_below(&random, 4)];
		(void)ops_run(&ops, who, op, input(ops.general_id, message_id, face(ops_below(&random, 22))));
		if (i % 50 != 0)
			continue;
		int count;
		const struct event *events = ops_events(&ops, seq, &count);
		for (int at = 0; at < count; at++)
			follow(held, &events[at]);
		seq = ops.engine.last_seq;
		assert_string_equal(held_text(held), shown(0));
	}
	json_decref(held);
}

static void check_counts(void)
{
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM reaction_kinds k WHERE k.count <> (SELECT count(*) FROM "
				       "reactions r WHERE r.message_id = k.message_id AND r.position = k.position)"),
			 0);
	assert_int_equal(ops_int(&ops,
				 "SELECT count(*) FROM messages m WHERE (m.parts & %d <> 0) <> EXISTS "
				 "(SELECT 1 FROM reaction_kinds k WHERE k.message_id = m.id)",
				 MESSAGE_HAS_REACTIONS),
			 0);
}

static void counts_are_those_of_a_recount_after_anything(void **state)
{
	struct ops_random random = {20};
	struct person people[5];

	(void)state;
	for (int i = 0; i < 5; i++)
		people[i] = ops_join(&ops, arena_printf(&ops.arena, "person%d", i));
	ops.is_quick = true;
	for (int i = 0; i < 2000; i++) {
		const struct person *who = &people[ops_below(&random, 5)];
		const char *emoji = face(ops_below(&random, 24));
		uint32_t what = ops_below(&random, 100);

		if (what < 60)
			(void)add(who, emoji);
		else if (what < 95)
			(void)take_back(who, emoji);
		else if (what < 99)
			(void)ops_run(&ops, &ops.ada, "reaction_remove_emoji",
				      input(ops.general_id, message_id, emoji));
		else
			(void)ops_run(&ops, &ops.ada, "reaction_remove_all", input(ops.general_id, message_id, NULL));
		if (i % 100 == 0)
			check_counts();
	}
	check_counts();
}

static void housekeep_all(void)
{
	bool is_done = false;

	for (int i = 0; !is_done; i++) {
		assert_true(i < 1000);
		assert_int_equal(house_keep(&ops.engine, 1000000, &is_done), ERR_OK);
	}
}

static void a_deleted_account_takes_its_reactions_where_it_takes_its_messages(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	struct apply apply;
	int64_t seq;
	int count, told = 0;

	(void)state;
	for (unsigned i = 0; i < REACTION_KINDS_MAX; i++)
		assert_int_equal(add(&bob, face(i)), ERR_OK);
	assert_int_equal(add(&ops.ada, face(3)), ERR_OK);
	housekeep_all();
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM reactions"), REACTION_KINDS_MAX + 1);
	apply = (struct apply){.db = ops.engine.db, .arena = &ops.arena};
	assert_int_equal(reaction_forget_user(&apply, bob.id), ERR_OK);
	seq = ops.engine.last_seq;
	housekeep_all();
	assert_string_equal(shown(ops.ada.id), arena_printf(&ops.arena, "%s1*", face(3)));
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM reaction_removals"), 0);
	check_counts();
	const struct event *events = ops_events(&ops, seq, &count);
	for (int i = 0; i < count; i++)
		told += strcmp(events[i].type, "MESSAGE_REACTION_REMOVE") == 0;
	assert_int_equal(told, REACTION_KINDS_MAX);
}

static void a_deleted_channel_takes_them_along(void **state)
{
	int64_t tools = ops_channel(&ops, &ops.ada, "tools");
	int64_t in_tools = ops_message(&ops, &ops.ada, tools, "words");

	(void)state;
	assert_op(&ops, &ops.ada, "reaction_add", input(tools, in_tools, THUMBS_UP), ERR_OK);
	assert_int_equal(add(&ops.ada, THUMBS_UP), ERR_OK);
	assert_op(&ops, &ops.ada, "channel_delete", ops_json("{'channel_id':'%lld'}", (long long)tools), ERR_OK);
	housekeep_all();
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM reactions"), 1);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM reaction_kinds"), 1);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    A_TEST(one_person_reacts_with_an_emoji_once),
	    A_TEST(what_is_no_emoji_is_no_reaction),
	    A_TEST(a_message_has_20_kinds),
	    A_TEST(the_first_of_a_kind_needs_a_permission_that_joining_does_not),
	    A_TEST(who_is_timed_out_looks_on),
	    A_TEST(an_archive_takes_no_more),
	    A_TEST(a_blocked_person_reacts_to_no_direct_message),
	    A_TEST(only_messages_that_are_there_are_reacted_to),
	    A_TEST(moderators_take_away),
	    A_TEST(custom_emoji_are_those_of_workspaces_that_one_is_in),
	    A_TEST(each_change_is_told_in_discords_shape_with_the_count),
	    A_TEST(who_follows_the_events_has_what_the_message_shows),
	    A_TEST(counts_are_those_of_a_recount_after_anything),
	    A_TEST(a_deleted_account_takes_its_reactions_where_it_takes_its_messages),
	    A_TEST(a_deleted_channel_takes_them_along),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
