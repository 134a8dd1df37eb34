/* Apply(snapshot, events since) = new snapshot: several people change channels and messages at random, and what each of
 * them would make of the events is what each of them would read afresh. */
#include "base/ensure.h"
#include "domain/channel/channel.h"
#include "domain/message/message.h"
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

enum { PEOPLE = 4, ROUNDS = 25, OPS_A_ROUND = 60 };

static struct ops ops;
static struct person people[PEOPLE];
static struct ops_random random_source;
static int refused, done;

/* What a client holds: {channel id: {"channel": {…}, "messages": {message id: {…}}}}. */
static json_t *parsed(const struct buf *text)
{
	json_t *json = json_loadb(text->p, text->n, 0, NULL);

	ensure(json != NULL);
	return json;
}

static json_t *read_messages(int64_t channel_id)
{
	struct message_page_result found;
	const struct message_page page = {MESSAGE_LATEST, 0, 1000};
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

static json_t *snapshot(const struct person *viewer)
{
	struct buf *text = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *state = json_object(), *each;
	size_t i;

	jw_init(&jw, text);
	ensure(channel_list_to_json(ops.engine.db, &ops.arena, &jw, NULL, ops.guild_id, viewer->id) == ERR_OK);
	json_t *list = parsed(text);
	json_array_foreach(list, i, each)
	    ensure(json_object_set_new(
		       state, json_text(each, "id"),
		       json_pack("{s:O, s:o}", "channel", each, "messages", read_messages(json_id(each, "id")))) == 0);
	json_decref(list);
	return state;
}

static bool may_see(const struct person *viewer, const struct event *event)
{
	bool visible, is_deleted;

	if (event->type[0] == '_')
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

static void apply_message(json_t *state, const char *type, json_t *payload)
{
	json_t *entry = json_object_get(state, json_text(payload, "channel_id"));
	json_t *messages = json_object_get(entry, "messages");
	const char *id = json_text(payload, "id");

	note_last(json_object_get(entry, "channel"), payload);
	if (strcmp(type, "MESSAGE_DELETE") == 0) {
		(void)json_object_del(messages, id);
		return;
	}
	json_object_del(payload, "guild_id");
	json_object_del(payload, "member");
	(void)json_object_set(messages, id, payload);
}

static void apply_event(json_t *state, const struct event *event)
{
	json_t *payload = json_loadb(event->payload, event->payload_n, 0, NULL);
	const char *id = json_text(payload, "id");

	ensure(payload != NULL);
	if (strncmp(event->type, "MESSAGE_", 8) == 0)
		apply_message(state, event->type, payload);
	else if (strcmp(event->type, "CHANNEL_CREATE") == 0)
		ensure(json_object_set_new(state, id, json_pack("{s:O, s:{}}", "channel", payload, "messages")) == 0);
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
			apply_event(state, &events[i]);
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

static enum err random_op(void)
{
	const struct person *who = &people[below(PEOPLE)];
	json_int_t channel_id = random_row("channels", below(20) == 0 ? "1" : "deleted_at_ms IS NULL");
	json_int_t message_id = random_row("messages", below(20) == 0 ? "1" : "deleted_at_ms IS NULL");
	json_int_t home_id = ops_int(&ops, "SELECT channel_id FROM messages WHERE id = %lld", (long long)message_id);
	char name[16], content[16];

	(void)snprintf(name, sizeof name, "channel-%u", below(30));
	(void)snprintf(content, sizeof content, "text %u", below(1000));
	switch (below(12)) {
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
		bool is_done;
		ops_sql(&ops, "BEGIN IMMEDIATE");
		ensure(channel_purge(ops.engine.db, &is_done) == ERR_OK);
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
