/* Who is in a thread: following it, being added and taken out, and what ends it: losing the channel, in whatever way.
 */
#include "base/ensure.h"
#include "domain/channel/channel.h"
#include "domain/perm.h"
#include "domain/thread/thread.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;
static struct person bob, eve, kim;
static int64_t open_id, hidden_id; /* a public and a private thread that bob started in #general */

static int64_t start(const struct person *who, int64_t channel_id, int type)
{
	ensure(ops_run(&ops, who, "thread_create",
		       json_pack("{s:I, s:s, s:i}", "channel_id", (json_int_t)channel_id, "name", "talk", "type",
				 type)) == ERR_OK);
	return ops_result_id(&ops, "thread", "id");
}

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	bob = ops_join(&ops, "bob");
	eve = ops_join(&ops, "eve");
	kim = ops_join(&ops, "kim");
	open_id = start(&bob, ops.general_id, CHANNEL_TYPE_PUBLIC_THREAD);
	hidden_id = start(&bob, ops.general_id, CHANNEL_TYPE_PRIVATE_THREAD);
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static enum err in_thread(const struct person *who, const char *op, int64_t thread_id)
{
	return ops_run(&ops, who, op, json_pack("{s:I}", "channel_id", (json_int_t)thread_id));
}

static enum err about(const struct person *who, const char *op, int64_t channel_id, const struct person *whom)
{
	return ops_run(&ops, who, op,
		       json_pack("{s:I, s:I}", "channel_id", (json_int_t)channel_id, "user_id", (json_int_t)whom->id));
}

static enum err add(const struct person *who, int64_t thread_id, const struct person *whom)
{
	return about(who, "thread_member_add", thread_id, whom);
}

static enum err take_out(const struct person *who, int64_t thread_id, const struct person *whom)
{
	return about(who, "thread_member_remove", thread_id, whom);
}

static enum err in_guild(const struct person *who, const char *op, const struct person *whom)
{
	return ops_run(&ops, who, op,
		       json_pack("{s:I, s:I}", "guild_id", (json_int_t)ops.guild_id, "user_id", (json_int_t)whom->id));
}

static bool is_in(const struct person *who, int64_t thread_id)
{
	return ops_int(
		   &ops,
		   "SELECT count(*) FROM channel_members WHERE channel_id = %lld AND user_id = %lld AND is_thread = 1",
		   (long long)thread_id, (long long)who->id) != 0;
}

static uint64_t bits_of(const struct person *who, int64_t channel_id)
{
	uint64_t bits;
	enum err err = perm_of_channel(ops.engine.db, &ops.arena, channel_id, who->id, &bits);

	ensure(err == ERR_OK || err == ERR_UNKNOWN_CHANNEL);
	return bits;
}

static int64_t member_count(int64_t thread_id)
{
	return ops_int(&ops, "SELECT member_count FROM channels WHERE id = %lld", (long long)thread_id);
}

static int64_t recount(int64_t thread_id)
{
	return ops_int(&ops, "SELECT count(*) FROM channel_members WHERE channel_id = %lld", (long long)thread_id);
}

/* How many events of a type there were behind a seq, of a channel (0: any) and for a person (0: any); *last is the
 * payload of the newest. */
static int count_events(int64_t after, const char *type, int64_t channel_id, int64_t user_id, json_t **last)
{
	int count, found = 0;
	const struct event *events = ops_events(&ops, after, &count);

	for (int i = 0; i < count; i++) {
		if (strcmp(events[i].type, type) != 0 || (channel_id != 0 && events[i].channel_id != channel_id) ||
		    (user_id != 0 && events[i].user_id != user_id))
			continue;
		found++;
		if (last != NULL)
			ensure(json_parse_own(&ops.arena, events[i].payload, events[i].payload_n, last) == ERR_OK);
	}
	return found;
}

static void whoever_sees_a_thread_follows_it_and_stops(void **state)
{
	int64_t seq = ops.engine.last_seq;
	json_t *told = NULL;

	(void)state;
	assert_int_equal(in_thread(&eve, "thread_join", open_id), ERR_OK);
	assert_true(is_in(&eve, open_id));
	assert_int_equal(count_events(seq, "THREAD_MEMBERS_UPDATE", open_id, 0, &told), 1);
	assert_int_equal(json_int(told, "member_count"), 2);
	const json_t *added = json_array_get(json_object_get(told, "added_members"), 0);
	assert_int_equal(json_id(added, "user_id"), eve.id);
	assert_int_equal(json_id(added, "id"), open_id);
	assert_int_equal(json_id(json_object_get(json_object_get(added, "member"), "user"), "id"), eve.id);
	assert_int_equal(json_array_size(json_object_get(told, "removed_member_ids")), 0);
	assert_int_equal(in_thread(&eve, "thread_join", open_id), ERR_OK); /* again changes nothing */
	assert_int_equal(count_events(seq, "THREAD_MEMBERS_UPDATE", open_id, 0, NULL), 1);
	assert_int_equal(in_thread(&eve, "thread_leave", open_id), ERR_OK);
	assert_false(is_in(&eve, open_id));
	assert_int_equal(count_events(seq, "THREAD_MEMBERS_UPDATE", open_id, 0, &told), 2);
	assert_int_equal(json_id_of(json_array_get(json_object_get(told, "removed_member_ids"), 0)), eve.id);
	assert_int_equal(count_events(seq, "THREAD_DELETE", 0, 0, NULL), 0); /* she sees it still */
	assert_int_equal(in_thread(&eve, "thread_leave", open_id), ERR_UNKNOWN_MEMBER);
	assert_int_equal(in_thread(&eve, "thread_join", ops.general_id), ERR_CHANNEL_TYPE);
	assert_int_equal(member_count(open_id), recount(open_id));
}

static void a_private_thread_does_not_exist_for_others(void **state)
{
	int64_t seq;
	json_t *told = NULL;

	(void)state;
	assert_int_equal(bits_of(&eve, hidden_id), 0);
	assert_int_equal(in_thread(&eve, "thread_join", hidden_id), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(add(&eve, hidden_id, &eve), ERR_UNKNOWN_CHANNEL);
	assert_op(&ops, &eve, "message_create",
		  json_pack("{s:I, s:s}", "channel_id", (json_int_t)hidden_id, "content", "knock"),
		  ERR_UNKNOWN_CHANNEL);
	seq = ops.engine.last_seq;
	assert_int_equal(add(&bob, hidden_id, &eve), ERR_OK);
	assert_int_not_equal(bits_of(&eve, hidden_id), 0);
	/* She alone is told of the thread, as of one that is not new. */
	assert_int_equal(count_events(seq, "THREAD_CREATE", hidden_id, eve.id, &told), 1);
	assert_null(json_object_get(told, "newly_created"));
	assert_int_equal(json_id(json_object_get(told, "member"), "user_id"), eve.id);
	assert_int_equal(add(&eve, hidden_id, &kim), ERR_OK); /* everybody in it may add others */
	seq = ops.engine.last_seq;
	assert_int_equal(take_out(&eve, hidden_id, &kim), ERR_MISSING_PERMISSIONS);
	assert_int_equal(take_out(&bob, hidden_id, &kim), ERR_OK);
	assert_int_equal(bits_of(&kim, hidden_id), 0);
	assert_int_equal(count_events(seq, "THREAD_DELETE", 0, kim.id, NULL), 1);
	assert_int_equal(in_thread(&eve, "thread_leave", hidden_id), ERR_OK);
	assert_int_equal(count_events(seq, "THREAD_DELETE", 0, eve.id, NULL), 1);
	assert_int_equal(bits_of(&eve, hidden_id), 0);
}

static void moderators_see_private_threads_and_enter_them(void **state)
{
	(void)state;
	ops_grant(&ops, &kim, PERM_MANAGE_THREADS);
	assert_int_not_equal(bits_of(&kim, hidden_id), 0);
	assert_int_equal(in_thread(&kim, "thread_join", hidden_id), ERR_OK);
	assert_int_equal(take_out(&kim, hidden_id, &bob), ERR_OK);
	assert_int_equal(bits_of(&bob, hidden_id), 0); /* though he started it */
}

static void adding_to_one_that_is_not_open_for_it_is_for_its_starter(void **state)
{
	(void)state;
	assert_op(&ops, &bob, "channel_update",
		  json_pack("{s:I, s:b}", "channel_id", (json_int_t)hidden_id, "invitable", 0), ERR_OK);
	assert_int_equal(add(&bob, hidden_id, &eve), ERR_OK);
	assert_int_equal(add(&eve, hidden_id, &kim), ERR_MISSING_PERMISSIONS);
	assert_op(&ops, &bob, "channel_update",
		  json_pack("{s:I, s:b}", "channel_id", (json_int_t)hidden_id, "archived", 1), ERR_OK);
	assert_int_equal(add(&bob, hidden_id, &kim), ERR_ARCHIVED);
	assert_int_equal(take_out(&bob, hidden_id, &eve), ERR_ARCHIVED);
	assert_int_equal(in_thread(&eve, "thread_leave", hidden_id), ERR_OK);
	assert_int_equal(in_thread(&bob, "thread_join", hidden_id), ERR_ARCHIVED);
}

static void nobody_is_added_who_does_not_see_the_channel(void **state)
{
	struct person stranger = {.id = 99, .session_id = 98, .role = OP_ROLE_API};

	(void)state;
	assert_op(&ops, &ops.ada, "overwrite_put",
		  json_pack("{s:I, s:I, s:i, s:i, s:i}", "channel_id", (json_int_t)ops.general_id, "target_id",
			    (json_int_t)eve.id, "type", 1, "allow", 0, "deny", 1024),
		  ERR_OK);
	assert_int_equal(add(&bob, open_id, &eve), ERR_MISSING_ACCESS);
	assert_int_equal(add(&bob, hidden_id, &eve), ERR_MISSING_ACCESS);
	assert_int_equal(add(&bob, open_id, &stranger), ERR_UNKNOWN_MEMBER);
}

static void who_writes_and_who_is_mentioned_follow(void **state)
{
	char *text = strdup(ops_text(&ops, "SELECT 'you, <@' || %lld || '>?'", (long long)kim.id));
	int64_t seq = ops.engine.last_seq, message;

	(void)state;
	(void)ops_message(&ops, &eve, open_id, "a word");
	assert_true(is_in(&eve, open_id));
	message = ops_message(&ops, &eve, open_id, text);
	assert_true(is_in(&kim, open_id));
	/* What mentions her is the first that she has not read. */
	assert_int_equal(ops_int(&ops,
				 "SELECT last_read_id FROM channel_members WHERE channel_id = %lld AND user_id = %lld",
				 (long long)open_id, (long long)kim.id),
			 message - 1);
	assert_int_equal(count_events(seq, "THREAD_MEMBERS_UPDATE", open_id, 0, NULL), 2);
	/* A mention opens no private thread. */
	(void)ops_message(&ops, &bob, hidden_id, text);
	assert_false(is_in(&kim, hidden_id));
	assert_int_equal(bits_of(&kim, hidden_id), 0);
	/* Nor does one by who is blocked. */
	assert_int_equal(in_thread(&kim, "thread_leave", open_id), ERR_OK);
	assert_op(&ops, &kim, "block_create", json_pack("{s:I}", "user_id", (json_int_t)eve.id), ERR_OK);
	(void)ops_message(&ops, &eve, open_id, text);
	assert_false(is_in(&kim, open_id));
	free(text);
}

/* Many are told of in parts, as no event may hold all that there is to say of them. */
static void a_hundred_with_every_role_follow_at_once(void **state)
{
	enum { PEOPLE = 100 };
	struct buf *text = buf_in_arena(&ops.arena);
	int64_t seq;
	int count, told = 0;

	(void)state;
	ops.is_quick = true;
	for (int i = (int)ops_int(&ops, "SELECT count(*) FROM roles"); i < ROLES_MAX; i++)
		ops_sql(&ops,
			"INSERT INTO roles (id, guild_id, name, permissions, position) VALUES (%lld, %lld, 'r', 0, 1)",
			(long long)(INT64_C(1400000000000000000) + i), (long long)ops.guild_id);
	for (int i = 0; i < PEOPLE; i++) {
		const struct person who = ops_join(&ops, arena_printf(&ops.arena, "person%d", i));
		buf_printf(text, "<@%lld>", (long long)who.id);
	}
	ops_sql(&ops, "INSERT INTO member_roles (guild_id, user_id, role_id) SELECT m.guild_id, m.user_id, r.id FROM "
		      "members m JOIN roles r ON r.guild_id = m.guild_id AND r.id <> r.guild_id WHERE true ON CONFLICT "
		      "DO NOTHING");
	seq = ops.engine.last_seq;
	(void)ops_message(&ops, &bob, open_id, text->p);
	const struct event *events = ops_events(&ops, seq, &count);
	for (int i = 0; i < count; i++) {
		json_t *payload;
		if (strcmp(events[i].type, "THREAD_MEMBERS_UPDATE") != 0)
			continue;
		ensure(json_parse_own(&ops.arena, events[i].payload, events[i].payload_n, &payload) == ERR_OK);
		told += (int)json_array_size(json_object_get(payload, "added_members"));
	}
	assert_int_equal(told, PEOPLE);
	assert_int_equal(member_count(open_id), PEOPLE + 1);
}

/* The ids of a page of those who are in a thread, as one text. */
static const char *page_of(int64_t thread_id, int64_t after, int limit)
{
	struct buf *text = buf_in_arena(&ops.arena), *ids = buf_in_arena(&ops.arena);
	const struct thread_member_page page = {.after = after, .limit = limit, .has_member = true};
	struct channel channel;
	struct jw jw;
	json_t *list;

	ensure(channel_find(ops.engine.db, &ops.arena, thread_id, &channel) == ERR_OK);
	jw_init(&jw, text);
	ensure(thread_member_list_to_json(ops.engine.db, &ops.arena, &jw, NULL, &channel, &page) == ERR_OK);
	ensure(json_parse_own(&ops.arena, text->p, text->n, &list) == ERR_OK);
	buf_puts(ids, "");
	for (size_t i = 0; i < json_array_size(list); i++)
		buf_printf(ids, "%s ", json_text(json_array_get(list, i), "user_id"));
	return ids->n > 0 ? ids->p : "";
}

/* Rows of people who have left stand between those of others: a page is full all the same unless it is the last. */
static void a_page_of_who_is_in_a_thread_passes_over_who_sees_it_no_more(void **state)
{
	enum { GONE = 2 * THREAD_PAGE_MAX + 1 };
	struct person last;

	(void)state;
	ops.is_quick = true;
	for (int i = 0; i < GONE; i++)
		(void)ops_join(&ops, arena_printf(&ops.arena, "gone%d", i));
	last = ops_join(&ops, "last");
	ops_sql(&ops,
		"INSERT INTO channel_members (channel_id, user_id, joined_at_ms, is_thread) SELECT %lld, id, 1, 1 FROM "
		"users "
		"WHERE username LIKE 'gone%%' OR username = 'last'",
		(long long)open_id);
	ops_sql(&ops, "DELETE FROM members WHERE user_id IN (SELECT id FROM users WHERE username LIKE 'gone%%')");
	const char *both = arena_printf(&ops.arena, "%lld %lld ", (long long)bob.id, (long long)last.id);
	assert_string_equal(page_of(open_id, 0, 100), both);
	assert_string_equal(page_of(open_id, 0, 2), both);
	assert_string_equal(page_of(open_id, 0, 1), arena_printf(&ops.arena, "%lld ", (long long)bob.id));
	assert_string_equal(page_of(open_id, bob.id, 1), arena_printf(&ops.arena, "%lld ", (long long)last.id));
	assert_string_equal(page_of(open_id, last.id, 1), "");
}

/* A private channel that kim owns, with eve in it; a public and a private thread in it that both follow. */
struct nested {
	int64_t channel_id, open_id, hidden_id;
};

static struct nested nest(void)
{
	struct nested nested;

	ops_grant(&ops, &kim, PERM_MANAGE_CHANNELS);
	ensure(ops_run(&ops, &kim, "channel_create",
		       json_pack("{s:I, s:s, s:b, s:[I]}", "guild_id", (json_int_t)ops.guild_id, "name", "closed",
				 "private", 1, "members", (json_int_t)eve.id)) == ERR_OK);
	nested.channel_id = ops_result_id(&ops, "channel", "id");
	nested.open_id = start(&kim, nested.channel_id, CHANNEL_TYPE_PUBLIC_THREAD);
	nested.hidden_id = start(&kim, nested.channel_id, CHANNEL_TYPE_PRIVATE_THREAD);
	ensure(in_thread(&eve, "thread_join", nested.open_id) == ERR_OK);
	ensure(add(&kim, nested.hidden_id, &eve) == ERR_OK);
	return nested;
}

static void assert_nothing_left(const struct person *who, const struct nested *nested)
{
	assert_int_equal(bits_of(who, nested->open_id), 0);
	assert_int_equal(bits_of(who, nested->hidden_id), 0);
	assert_false(is_in(who, nested->open_id));
	assert_false(is_in(who, nested->hidden_id));
	assert_int_equal(member_count(nested->open_id), recount(nested->open_id));
}

static void threads_of_a_private_channel_are_its_members(void **state)
{
	struct nested nested = nest();

	(void)state;
	assert_int_equal(bits_of(&bob, nested.open_id), 0);
	assert_int_equal(in_thread(&bob, "thread_join", nested.open_id), ERR_UNKNOWN_CHANNEL);
	assert_int_not_equal(bits_of(&ops.ada, nested.hidden_id), 0);
	assert_int_equal(bits_of(&eve, nested.open_id) & PERM_SEND_MESSAGES, PERM_SEND_MESSAGES);
	/* Its owner manages its threads. */
	assert_op(&ops, &kim, "channel_update",
		  json_pack("{s:I, s:b}", "channel_id", (json_int_t)nested.open_id, "locked", 1), ERR_OK);
}

static void leaving_the_channel_ends_its_threads(void **state)
{
	struct nested nested = nest();

	(void)state;
	assert_op(&ops, &eve, "channel_leave", json_pack("{s:I}", "channel_id", (json_int_t)nested.channel_id), ERR_OK);
	assert_nothing_left(&eve, &nested);
}

static void being_removed_from_the_channel_ends_its_threads(void **state)
{
	struct nested nested = nest();

	(void)state;
	assert_op(&ops, &kim, "channel_update",
		  json_pack("{s:I, s:b}", "channel_id", (json_int_t)nested.hidden_id, "archived", 1), ERR_OK);
	assert_int_equal(about(&kim, "channel_member_remove", nested.channel_id, &eve), ERR_OK);
	assert_nothing_left(&eve, &nested); /* archived ones too */
}

static void a_ban_from_the_channel_ends_its_threads(void **state)
{
	struct nested nested = nest();

	(void)state;
	assert_int_equal(about(&kim, "channel_ban_create", nested.channel_id, &eve), ERR_OK);
	assert_nothing_left(&eve, &nested);
	assert_int_equal(add(&kim, nested.hidden_id, &eve), ERR_MISSING_ACCESS);
}

static void a_kick_ends_all_threads(void **state)
{
	struct nested nested = nest();

	(void)state;
	(void)ops_message(&ops, &eve, open_id, "a word");
	assert_int_equal(in_guild(&ops.ada, "member_kick", &eve), ERR_OK);
	assert_nothing_left(&eve, &nested);
	assert_false(is_in(&eve, open_id));
	assert_int_equal(bits_of(&eve, open_id), 0);
}

static void who_started_threads_leaves_the_workspace_like_anybody(void **state)
{
	(void)state;
	assert_int_equal(in_guild(&ops.ada, "ban_create", &bob), ERR_OK);
	assert_false(is_in(&bob, open_id));
	assert_false(is_in(&bob, hidden_id));
	assert_int_equal(ops_int(&ops, "SELECT owner_id FROM channels WHERE id = %lld", (long long)open_id), bob.id);
	assert_int_not_equal(bits_of(&eve, open_id), 0);
}

static void an_overwrite_that_hides_the_channel_ends_following_for_those_it_hides_it_from(void **state)
{
	int64_t seq;

	(void)state;
	(void)ops_message(&ops, &eve, open_id, "a word");
	/* She is not in #general, she only looks at it. */
	assert_op(&ops, &eve, "channel_leave", json_pack("{s:I}", "channel_id", (json_int_t)ops.general_id), ERR_OK);
	assert_int_equal(in_thread(&eve, "thread_join", open_id), ERR_OK);
	seq = ops.engine.last_seq;
	assert_op(&ops, &ops.ada, "overwrite_put",
		  json_pack("{s:I, s:I, s:i, s:i, s:i}", "channel_id", (json_int_t)ops.general_id, "target_id",
			    (json_int_t)eve.id, "type", 1, "allow", 0, "deny", 1024),
		  ERR_OK);
	assert_int_equal(bits_of(&eve, open_id), 0);
	assert_false(is_in(&eve, open_id));
	assert_int_equal(count_events(seq, "THREAD_MEMBERS_UPDATE", open_id, 0, NULL), 1);
}

static void in_a_time_out_threads_are_only_looked_at(void **state)
{
	(void)state;
	assert_op(&ops, &ops.ada, "member_update",
		  json_pack("{s:I, s:I, s:s}", "guild_id", (json_int_t)ops.guild_id, "user_id", (json_int_t)bob.id,
			    "communication_disabled_until", "2026-12-01T00:00:00Z"),
		  ERR_OK);
	ops_sql(&ops, "UPDATE members SET timeout_until_ms = %lld + 3600000 WHERE user_id = %lld",
		(long long)ops_int(&ops, "SELECT CAST(unixepoch() * 1000 AS INTEGER)"), (long long)bob.id);
	assert_op(&ops, &bob, "message_create",
		  json_pack("{s:I, s:s}", "channel_id", (json_int_t)open_id, "content", "still"),
		  ERR_MISSING_PERMISSIONS);
	assert_op(&ops, &bob, "channel_update",
		  json_pack("{s:I, s:s}", "channel_id", (json_int_t)open_id, "name", "still"), ERR_MISSING_PERMISSIONS);
	assert_int_equal(add(&bob, open_id, &eve), ERR_MISSING_PERMISSIONS);
	assert_op(&ops, &bob, "thread_create",
		  json_pack("{s:I, s:s, s:i}", "channel_id", (json_int_t)ops.general_id, "name", "more", "type", 11),
		  ERR_MISSING_PERMISSIONS);
	assert_int_not_equal(bits_of(&bob, open_id), 0);
}

static void no_list_of_a_persons_places_holds_threads(void **state)
{
	struct buf *text = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *json;

	(void)state;
	(void)ops_message(&ops, &eve, open_id, "a word");
	jw_init(&jw, text);
	assert_int_equal(channel_list_direct_to_json(ops.engine.db, &ops.arena, &jw, NULL, eve.id), ERR_OK);
	assert_int_equal(json_parse_own(&ops.arena, text->p, text->n, &json), ERR_OK);
	assert_int_equal(json_array_size(json), 0);
	/* Two who share a thread of a workspace that one of them has left share no place. */
	assert_int_equal(in_guild(&ops.ada, "member_kick", &kim), ERR_OK);
	assert_op(&ops, &kim, "direct_create", json_pack("{s:I}", "recipient_id", (json_int_t)eve.id),
		  ERR_UNKNOWN_USER);
}

static void a_hand_over_passes_threads_over(void **state)
{
	(void)state;
	ops_sql(&ops, "UPDATE users SET is_admin = 1 WHERE id = %lld", (long long)ops.ada.id);
	assert_op(&ops, &ops.ada, "user_suspend", json_pack("{s:I}", "user_id", (json_int_t)bob.id), ERR_OK);
	assert_op(&ops, &ops.ada, "user_hand_over",
		  json_pack("{s:I, s:I}", "user_id", (json_int_t)bob.id, "to", (json_int_t)eve.id), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT owner_id FROM channels WHERE id = %lld", (long long)open_id), bob.id);
	assert_int_equal(bits_of(&eve, hidden_id), 0);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(whoever_sees_a_thread_follows_it_and_stops),
	    SET_UP(a_private_thread_does_not_exist_for_others),
	    SET_UP(moderators_see_private_threads_and_enter_them),
	    SET_UP(adding_to_one_that_is_not_open_for_it_is_for_its_starter),
	    SET_UP(nobody_is_added_who_does_not_see_the_channel),
	    SET_UP(who_writes_and_who_is_mentioned_follow),
	    SET_UP(a_hundred_with_every_role_follow_at_once),
	    SET_UP(a_page_of_who_is_in_a_thread_passes_over_who_sees_it_no_more),
	    SET_UP(threads_of_a_private_channel_are_its_members),
	    SET_UP(leaving_the_channel_ends_its_threads),
	    SET_UP(being_removed_from_the_channel_ends_its_threads),
	    SET_UP(a_ban_from_the_channel_ends_its_threads),
	    SET_UP(a_kick_ends_all_threads),
	    SET_UP(who_started_threads_leaves_the_workspace_like_anybody),
	    SET_UP(an_overwrite_that_hides_the_channel_ends_following_for_those_it_hides_it_from),
	    SET_UP(in_a_time_out_threads_are_only_looked_at),
	    SET_UP(no_list_of_a_persons_places_holds_threads),
	    SET_UP(a_hand_over_passes_threads_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
