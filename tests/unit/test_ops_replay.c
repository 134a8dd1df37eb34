/* Apply(snapshot, events since) = new snapshot: several people change channels of all kinds, who is in them and
 * messages at random, and what each of them would make of the events is what each of them would read afresh. */
#include "base/ensure.h"
#include "domain/channel/channel.h"
#include "domain/channel/channel_member.h"
#include "domain/message/message.h"
#include "domain/message/message_marker.h"
#include "domain/perm.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PEOPLE = 5, ROUNDS = 40, OPS_A_ROUND = 60 };

static struct ops ops;
static struct person people[PEOPLE];
static struct ops_random random_source;
static int refused, done;

/* What a client holds: {channel id: {"channel": {…}, "members": {user id: true}, "messages": {message id: {…}}}}. */
static json_t *parsed(const struct buf *text)
{
	json_t *json = json_loadb(text->p, text->n, 0, NULL);

	ensure(json != NULL);
	return json;
}

static json_t *read_messages(int64_t channel_id)
{
	struct message_page_result found;
	const struct message_page page = {MESSAGE_LATEST, 0, 1000, ops.ada.id};
	struct buf *text = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *messages = json_object(), *each;
	size_t i;

	jw_init(&jw, text);
	ensure(message_list_to_json(ops.engine.db, &jw, NULL, channel_id, &page, &found) == ERR_OK &&
	       found.count < 1000);
	json_t *list = parsed(text);
	json_array_foreach(list, i, each) ensure(json_object_set(messages, json_text(each, "id"), each) == 0);
	json_decref(list);
	return messages;
}

static json_t *read_members(int64_t channel_id)
{
	struct channel channel;
	struct buf *text = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *members = json_object(), *each;
	size_t i;

	ensure(channel_find(ops.engine.db, &ops.arena, channel_id, &channel) == ERR_OK);
	jw_init(&jw, text);
	ensure(channel_member_list_to_json(ops.engine.db, &ops.arena, &jw, NULL, &channel, 0,
					   CHANNEL_MEMBERS_PAGE_MAX) == ERR_OK);
	json_t *list = parsed(text);
	json_array_foreach(list, i, each)
	    ensure(json_object_set_new(members, json_text(json_object_get(each, "user"), "id"), json_true()) == 0);
	json_decref(list);
	return members;
}

/* A channel as a client fetches it that has just heard of it. */
static json_t *entry_of(json_t *channel)
{
	int64_t id = json_id(channel, "id");

	return json_pack("{s:O, s:o, s:o}", "channel", channel, "members", read_members(id), "messages",
			 read_messages(id));
}

static void put_entries(json_t *state, const struct buf *text)
{
	json_t *list = parsed(text), *each;
	size_t i;

	json_array_foreach(list, i, each)
	    ensure(json_object_set_new(state, json_text(each, "id"), entry_of(each)) == 0);
	json_decref(list);
}

static json_t *snapshot(const struct person *viewer)
{
	struct buf *text = buf_in_arena(&ops.arena), *direct = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *state = json_object();

	jw_init(&jw, text);
	ensure(channel_list_to_json(ops.engine.db, &ops.arena, &jw, NULL, ops.guild_id, viewer->id) == ERR_OK);
	put_entries(state, text);
	jw_init(&jw, direct);
	ensure(channel_list_direct_to_json(ops.engine.db, &ops.arena, &jw, NULL, viewer->id) == ERR_OK);
	put_entries(state, direct);
	return state;
}

static bool may_see(const struct person *viewer, const struct event *event)
{
	bool visible, is_deleted;

	if (event->type[0] == '_')
		return false;
	if (event->channel_id != 0 && event->user_id != 0 && event->user_id != viewer->id)
		return false;
	if (event->channel_id != 0) {
		ensure(perm_sees_channel(ops.engine.db, &ops.arena, event->channel_id, viewer->id, &visible,
					 &is_deleted) == ERR_OK);
		return visible;
	}
	return event->guild_id != 0 || event->user_id == viewer->id;
}

/* The last message of a channel is the highest that any event names: of one that was deleted since, nothing is left in
 * the log but that. */
static void note_last(json_t *channel, json_t *payload)
{
	if (json_id(payload, "id") > json_id(channel, "last_message_id"))
		(void)json_object_set(channel, "last_message_id", json_object_get(payload, "id"));
}

/* What is answered is told with the answer; what becomes of it later, by events of its own. message NULL: it is gone.
 */
static void change_quotes(json_t *messages, const char *id, json_t *message)
{
	const char *key;
	json_t *each;

	json_object_foreach(messages, key, each)
	{
		const char *answered = json_text(json_object_get(each, "message_reference"), "message_id");

		if (answered == NULL || strcmp(answered, id) != 0)
			continue;
		json_t *quote = message == NULL ? json_null() : json_copy(message);
		(void)json_object_del(quote, "referenced_message");
		ensure(json_object_set_new(each, "referenced_message", quote) == 0);
	}
}

static void remove_message(json_t *messages, const char *id)
{
	(void)json_object_del(messages, id);
	change_quotes(messages, id, NULL);
}

static void apply_message(json_t *state, const char *type, json_t *payload)
{
	json_t *entry = json_object_get(state, json_text(payload, "channel_id"));
	json_t *messages = json_object_get(entry, "messages");
	const char *id = json_text(payload, "id");

	note_last(json_object_get(entry, "channel"), payload);
	if (strcmp(type, "MESSAGE_DELETE") == 0) {
		remove_message(messages, id);
		return;
	}
	json_object_del(payload, "guild_id");
	json_object_del(payload, "channel_type");
	json_object_del(payload, "member");
	(void)json_object_set(messages, id, payload);
	change_quotes(messages, id, payload);
}

static void apply_bulk_delete(json_t *state, json_t *payload)
{
	json_t *entry = json_object_get(state, json_text(payload, "channel_id")), *each;
	size_t i;

	json_array_foreach(json_object_get(payload, "ids"), i, each)
	    remove_message(json_object_get(entry, "messages"), json_string_value(each));
}

static int by_id(const void *a, const void *b)
{
	int64_t x = json_id(*(json_t *const *)a, "id"), y = json_id(*(json_t *const *)b, "id");

	return (x > y) - (x < y);
}

/* Recipients are the others, in the order of their ids. */
static void change_recipients(json_t *channel, json_t *user, bool is_added, const struct person *viewer)
{
	json_t *old = json_object_get(channel, "recipients"), *list[64], *each;
	size_t count = 0, i;

	if (channel == NULL || json_id(user, "id") == viewer->id)
		return;
	json_array_foreach(old, i, each) if (json_id(each, "id") != json_id(user, "id")) list[count++] = each;
	if (is_added)
		list[count++] = user;
	qsort(list, count, sizeof *list, by_id);
	json_t *sorted = json_array();
	for (i = 0; i < count; i++)
		ensure(json_array_append(sorted, list[i]) == 0);
	ensure(json_object_set_new(channel, "recipients", sorted) == 0);
}

static void apply_member(json_t *state, const struct event *event, json_t *payload, const struct person *viewer)
{
	json_t *entry = json_object_get(state, json_text(payload, "channel_id"));
	json_t *user = json_object_get(payload, "user"), *members = json_object_get(entry, "members");
	bool is_added = strstr(event->type, "_ADD") != NULL;

	if (entry == NULL)
		return;
	if (is_added)
		ensure(json_object_set_new(members, json_text(user, "id"), json_true()) == 0);
	else
		(void)json_object_del(members, json_text(user, "id"));
	if (strncmp(event->type, "CHANNEL_RECIPIENT_", 18) == 0)
		change_recipients(json_object_get(entry, "channel"), user, is_added, viewer);
}

/* Whoever hears of a channel fetches what is in it: by then it may be deleted. */
static void apply_create(json_t *state, const char *id, json_t *payload)
{
	struct channel channel;

	if (channel_find(ops.engine.db, &ops.arena, json_id(payload, "id"), &channel) == ERR_OK)
		ensure(json_object_set_new(state, id, entry_of(payload)) == 0);
}

static void apply_event(json_t *state, const struct event *event, const struct person *viewer)
{
	struct buf *text = buf_in_arena(&ops.arena);
	ensure(message_marker_expand(ops.engine.db, event->payload, event->payload_n, true, text) == ERR_OK);
	json_t *payload = json_loadb(text->p, text->n, 0, NULL);
	const char *id = json_text(payload, "id");

	ensure(payload != NULL);
	if (strcmp(event->type, "MESSAGE_DELETE_BULK") == 0)
		apply_bulk_delete(state, payload);
	else if (strncmp(event->type, "MESSAGE_", 8) == 0)
		apply_message(state, event->type, payload);
	else if (strncmp(event->type, "CHANNEL_MEMBER_", 15) == 0 ||
		 strncmp(event->type, "CHANNEL_RECIPIENT_", 18) == 0)
		apply_member(state, event, payload, viewer);
	else if (strcmp(event->type, "CHANNEL_CREATE") == 0)
		apply_create(state, id, payload);
	else if (strcmp(event->type, "CHANNEL_UPDATE") == 0)
		(void)json_object_set(json_object_get(state, id), "channel", payload);
	else if (strcmp(event->type, "CHANNEL_DELETE") == 0)
		(void)json_object_del(state, id);
	json_decref(payload);
}

/* What a client that was away for all of this makes of it. A channel whose creation it never saw, because it may see
 * the channel no longer, is nothing to it. */
static void apply_all(json_t *state, const struct person *viewer, int64_t after)
{
	int count;
	const struct event *events = ops_events(&ops, after, &count);

	for (int i = 0; i < count; i++) {
		ensure(events[i].seq > after);
		after = events[i].seq;
		if (may_see(viewer, &events[i]))
			apply_event(state, &events[i], viewer);
	}
}

static uint32_t below(uint32_t bound)
{
	return ops_below(&random_source, bound);
}

static int64_t random_row(const char *table, const char *condition)
{
	int64_t count = ops_int(&ops, "SELECT count(*) FROM %s WHERE %s", table, condition);

	if (count == 0)
		return 1;
	return ops_int(&ops, "SELECT id FROM %s WHERE %s LIMIT 1 OFFSET %u", table, condition, below((uint32_t)count));
}

static json_t *random_overwrites(const struct person *who)
{
	json_t *list = json_array();

	if (below(3) == 0)
		(void)json_array_append_new(
		    list, json_pack("{s:I, s:i, s:s}", "id", (json_int_t)ops.guild_id, "type", 0, "deny", "1024"));
	for (uint32_t i = 0; i < PEOPLE; i++) {
		bool is_allow = below(2) == 0;
		if (below(3) == 0 && people[i].id != who->id)
			(void)json_array_append_new(list, json_pack("{s:I, s:i, s:s}", "id", (json_int_t)people[i].id,
								    "type", 1, is_allow ? "allow" : "deny", "1024"));
	}
	return list;
}

static int64_t random_person(void)
{
	return people[below(PEOPLE)].id;
}

/* Who is in a channel and who may see it. */
static enum err random_membership(const struct person *who, json_int_t channel_id)
{
	json_int_t user_id = random_person();
	bool is_member = below(2) == 0;
	uint32_t bits = 1 + below(3);

	switch (below(9)) {
	case 0:
		return ops_run(&ops, who, "channel_join", json_pack("{s:I}", "channel_id", channel_id));
	case 1:
		return ops_run(&ops, who, "channel_leave", json_pack("{s:I}", "channel_id", channel_id));
	case 2:
	case 3:
		return ops_run(&ops, who, "channel_member_add",
			       json_pack("{s:I, s:[I, I]}", "channel_id", channel_id, "users", user_id,
					 (json_int_t)random_person()));
	case 4:
		return ops_run(&ops, who, "channel_member_remove",
			       json_pack("{s:I, s:I}", "channel_id", channel_id, "user_id", user_id));
	case 5:
		return ops_run(&ops, who, "overwrite_put",
			       json_pack("{s:I, s:I, s:i, s:i, s:i}", "channel_id", channel_id, "target_id",
					 is_member ? user_id : (json_int_t)ops.guild_id, "type", (int)is_member,
					 "allow", bits == 1 ? 1024 : 0, "deny", bits == 2 ? 1024 : 0));
	case 6:
		return ops_run(&ops, who, "overwrite_delete",
			       json_pack("{s:I, s:I}", "channel_id", channel_id, "target_id",
					 is_member ? user_id : (json_int_t)ops.guild_id));
	case 7:
		return ops_run(&ops, who, below(2) == 0 ? "channel_ban_create" : "channel_ban_delete",
			       json_pack("{s:I, s:I}", "channel_id", channel_id, "user_id", user_id));
	default:
		return ops_run(&ops, who, "channel_owner",
			       json_pack("{s:I, s:I}", "channel_id", channel_id, "user_id", user_id));
	}
}

static enum err random_direct(const struct person *who)
{
	json_int_t channel_id = random_row("channels", "guild_id IS NULL AND deleted_at_ms IS NULL");
	char name[16];

	(void)snprintf(name, sizeof name, "group %u", below(100));
	switch (below(6)) {
	case 0:
		return ops_run(&ops, who, "direct_create",
			       json_pack("{s:I}", "recipient_id", (json_int_t)random_person()));
	case 1:
		return ops_run(&ops, who, "direct_create",
			       json_pack("{s:[I, I, I], s:s}", "recipients", (json_int_t)random_person(),
					 (json_int_t)random_person(), (json_int_t)random_person(), "name", name));
	case 2:
		return ops_run(&ops, who, "channel_update",
			       json_pack("{s:I, s:s}", "channel_id", channel_id, "name", name));
	case 3:
		return below(2) == 0
			   ? ERR_OK
			   : ops_run(&ops, who, "channel_delete", json_pack("{s:I}", "channel_id", channel_id));
	default:
		return random_membership(who, channel_id);
	}
}

/* Ways to write and change a message beyond its words. */
static enum err random_message(const struct person *who, json_int_t channel_id, json_int_t message_id)
{
	json_t *list;

	switch (below(8)) {
	case 0:
	case 1:
		return ops_run(&ops, who, "message_create",
			       json_pack("{s:I, s:s, s:{s:I, s:b}}", "channel_id", channel_id, "content", "an answer",
					 "message_reference", "message_id", message_id, "fail_if_not_exists",
					 below(2) == 0));
	case 2:
		return ops_run(&ops, who, "message_create",
			       json_pack("{s:I, s:{s:i, s:I, s:I}}", "channel_id",
					 (json_int_t)random_row("channels", "deleted_at_ms IS NULL"),
					 "message_reference", "type", 1, "channel_id", channel_id, "message_id",
					 message_id));
	case 3:
		return ops_run(&ops, who, "message_create",
			       json_pack("{s:I, s:o, s:[{s:s}]}", "channel_id", channel_id, "content",
					 json_sprintf("<@%lld> @everyone", (long long)random_person()), "embeds",
					 "title", "an embed"));
	case 4:
		return ops_run(&ops, who, "message_update",
			       json_pack("{s:I, s:I, s:o, s:[{s:o}], s:i}", "channel_id", channel_id, "message_id",
					 message_id, "content", json_sprintf("<@%lld>", (long long)random_person()),
					 "embeds", "title", json_sprintf("%u", below(9)), "flags",
					 below(2) == 0 ? 4 : 0));
	case 5:
		return ops_run(&ops, who, "pin_create",
			       json_pack("{s:I, s:I}", "channel_id", channel_id, "message_id", message_id));
	case 6:
		return ops_run(&ops, who, "pin_delete",
			       json_pack("{s:I, s:I}", "channel_id", channel_id, "message_id", message_id));
	default:
		list = json_array();
		for (int i = 0; i < 4; i++)
			(void)json_array_append_new(list,
						    json_integer(random_row("messages", "deleted_at_ms IS NULL")));
		return ops_run(&ops, who, "message_bulk_delete",
			       json_pack("{s:I, s:o}", "channel_id", channel_id, "messages", list));
	}
}

static enum err random_op(void)
{
	const struct person *who = &people[below(3) == 0 ? 0 : below(PEOPLE)]; /* the owner may do most */
	json_int_t channel_id = random_row("channels", below(20) == 0 ? "1" : "deleted_at_ms IS NULL");
	json_int_t message_id = random_row("messages", below(20) == 0 ? "1" : "deleted_at_ms IS NULL");
	json_int_t home_id = ops_int(&ops, "SELECT channel_id FROM messages WHERE id = %lld", (long long)message_id);
	char name[16], content[16];

	(void)snprintf(name, sizeof name, "channel-%u", below(30));
	(void)snprintf(content, sizeof content, "text %u", below(1000));
	switch (below(30)) {
	case 24:
	case 25:
	case 26:
	case 27:
	case 28:
	case 29:
		return random_message(who, home_id, message_id);
	case 0:
		return ops_run(&ops, who, "channel_create",
			       json_pack("{s:I, s:s, s:i, s:o}", "guild_id", (json_int_t)ops.guild_id, "name", name,
					 "type", below(4) == 0 ? 4 : 0, "permission_overwrites",
					 random_overwrites(who)));
	case 1:
		return ops_run(&ops, who, "channel_update",
			       json_pack("{s:I, s:s, s:I, s:i}", "channel_id", channel_id, "name", name, "parent_id",
					 (json_int_t)random_row("channels", "type = 4 AND deleted_at_ms IS NULL"),
					 "position", (int)below(9)));
	case 2:
		return below(3) > 0
			   ? ERR_OK
			   : ops_run(&ops, who, "channel_delete", json_pack("{s:I}", "channel_id", channel_id));
	case 3:
	case 4:
		return ops_run(
		    &ops, who, "message_update",
		    json_pack("{s:I, s:I, s:s}", "channel_id", home_id, "message_id", message_id, "content", content));
	case 5:
		return ops_run(&ops, who, "message_delete",
			       json_pack("{s:I, s:I}", "channel_id", home_id, "message_id", message_id));
	case 6:
	case 7:
		return random_direct(who);
	case 8:
	case 9:
	case 10:
	case 11:
	case 14:
	case 15:
	case 16:
	case 17:
		return random_membership(who, channel_id);
	case 12:
		return ops_run(
		    &ops, who, "channel_update",
		    json_pack("{s:I, s:o}", "channel_id", channel_id, "permission_overwrites", random_overwrites(who)));
	case 13:
		return ops_run(&ops, who, "channel_update",
			       json_pack("{s:I, s:b}", "channel_id", channel_id, "archived", below(3) == 0));
	default:
		return ops_run(&ops, who, "message_create",
			       json_pack("{s:I, s:s, s:i}", "channel_id", channel_id, "content", content, "nonce",
					 (int)below(5000)));
	}
}

static void play_a_round(void)
{
	for (int i = 0; i < OPS_A_ROUND; i++) {
		enum err err = random_op();
		ensure(err != ERR_INTERNAL);
		*(err == ERR_OK ? &done : &refused) += 1;
	}
	if (below(4) == 0) {
		struct apply apply = ops_apply(&ops);
		bool is_done;
		ops_sql(&ops, "BEGIN IMMEDIATE");
		ensure(channel_purge(&apply, &is_done) == ERR_OK && op_settle(&ops.engine) == ERR_OK);
		ops_sql(&ops, "COMMIT");
	}
}

static void fail_with_difference(int round, int viewer, json_t *applied, json_t *fresh)
{
	char *left = json_dumps(applied, JSON_SORT_KEYS | JSON_INDENT(1)),
	     *right = json_dumps(fresh, JSON_SORT_KEYS | JSON_INDENT(1));
	size_t at = 0;

	while (left[at] != '\0' && left[at] == right[at])
		at++;
	size_t from = at > 300 ? at - 300 : 0;
	fail_msg("round %d, person %d:\n%.500s\n--- not\n%.500s", round, viewer, left + from, right + from);
}

static void events_make_of_an_old_state_the_new_one(void **state)
{
	json_t *held[PEOPLE];

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		int64_t before = ops.engine.last_seq;

		for (int i = 0; i < PEOPLE; i++)
			held[i] = snapshot(&people[i]);
		play_a_round();
		for (int i = 0; i < PEOPLE; i++) {
			json_t *fresh = snapshot(&people[i]);

			apply_all(held[i], &people[i], before);
			if (!json_equal(held[i], fresh))
				fail_with_difference(round, i, held[i], fresh);
			json_decref(held[i]);
			json_decref(fresh);
		}
		arena_reset(&ops.arena);
	}
	/* Else nothing was tried. */
	assert_true(done > ROUNDS * OPS_A_ROUND / 3);
	assert_true(refused > ROUNDS * OPS_A_ROUND / 10);
}

/* A number of the log is given out once, and none is left out. */
static void the_log_counts_every_change_without_a_hole(void **state)
{
	(void)state;
	assert_int_equal(ops_int(&ops, "SELECT max(seq) - min(seq) + 1 FROM events"),
			 ops_int(&ops, "SELECT count(*) FROM events"));
	assert_int_equal(ops_int(&ops, "SELECT max(seq) FROM events"), ops.engine.last_seq);
}

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	ops.is_quick = true;
	random_source.state = 7;
	people[0] = ops.ada;
	people[1] = ops_join(&ops, "bob");
	people[2] = ops_join(&ops, "eve");
	people[3] = ops_join(&ops, "kim");
	people[4] = ops_join(&ops, "lou");
	ops_grant(&ops, &people[1], PERM_MANAGE_CHANNELS | PERM_MANAGE_MESSAGES);
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(events_make_of_an_old_state_the_new_one),
	    cmocka_unit_test(the_log_counts_every_change_without_a_hole),
	};

	return cmocka_run_group_tests(tests, open_set_up, close_database);
}
