/* Read states after thousands of random changes: an independent memory of what happened, and after every few steps
 * everybody's counts in every channel. */
#include "base/ensure.h"
#include "domain/read/read.h"
#include "ops_fixture.h"
#include "store/house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

static json_t *at(int64_t channel_id, int64_t message_id)
{
	return json_pack("{s:I, s:I}", "channel_id", (json_int_t)channel_id, "message_id", (json_int_t)message_id);
}

static enum err of_channel(const struct person *who, const char *op, int64_t channel_id)
{
	return ops_run(&ops, who, op, json_pack("{s:I}", "channel_id", (json_int_t)channel_id));
}

enum { PEOPLE = 7, CHANNELS = 5, MESSAGES_MAX = 12000, STEPS = 9000 };

struct remembered {
	int64_t id;
	int channel, author;
	bool is_deleted;
	unsigned mentions; /* a bit a person */
};

static struct person people[PEOPLE];
static int64_t channels[CHANNELS];
static struct remembered *memory;
static int remembered;
static bool is_in[PEOPLE][CHANNELS];
static int64_t last_read[PEOPLE][CHANNELS];
static struct ops_random random_source;

static uint32_t below(uint32_t bound)
{
	return ops_below(&random_source, bound);
}

static int64_t newest_of(int channel)
{
	for (int i = remembered - 1; i >= 0; i--) {
		if (memory[i].channel == channel)
			return memory[i].id;
	}
	return 0;
}

static void come(int person, int channel)
{
	if (is_in[person][channel])
		return;
	is_in[person][channel] = true;
	last_read[person][channel] = newest_of(channel);
}

static void step_post(int person, int channel)
{
	char content[128] = "x";
	unsigned mentions = 0;
	if (below(4) == 0) {
		int whom = (int)below(PEOPLE);
		mentions = 1U << whom;
		(void)snprintf(content, sizeof content, "<@%lld> <@!%lld>", (long long)people[whom].id,
			       (long long)people[whom].id);
	}
	int64_t id = ops_message(&ops, &people[person], channels[channel], content);
	ensure(remembered < MESSAGES_MAX);
	memory[remembered++] =
	    (struct remembered){.id = id, .channel = channel, .author = person, .mentions = mentions};
	is_in[person][channel] = true;
	last_read[person][channel] = id;
}

/* A message that is there, of any channel; NULL when luck finds none. */
static struct remembered *any_message(void)
{
	struct remembered *found = remembered > 0 ? &memory[below((uint32_t)remembered)] : NULL;
	return found != NULL && !found->is_deleted ? found : NULL;
}

static void step_edit(void)
{
	struct remembered *message = any_message();
	if (message == NULL)
		return;
	message->mentions = 1U << below(PEOPLE);
	int whom = 0;
	while (message->mentions >> (whom + 1) != 0)
		whom++;
	assert_op(&ops, &people[message->author], "message_update",
		  ops_json("{'channel_id': %lld, 'message_id': %lld, 'content': 'edited %u <@%lld>'}",
			   (long long)channels[message->channel], (long long)message->id, below(1000000),
			   (long long)people[whom].id),
		  ERR_OK);
}

/* By its author, or by who moderates. */
static void step_delete(void)
{
	struct remembered *message = any_message();
	if (message == NULL)
		return;
	const struct person *who = below(2) == 0 ? &people[0] : &people[message->author];
	assert_int_equal(ops_run(&ops, who, "message_delete", at(channels[message->channel], message->id)), ERR_OK);
	message->is_deleted = true;
}

static void step_bulk_delete(int channel)
{
	json_t *ids = json_array();
	for (int i = 0; i < 40 && json_array_size(ids) < 20; i++) {
		struct remembered *message = any_message();
		if (message == NULL || message->channel != channel)
			continue;
		ensure(json_array_append_new(ids, json_integer(message->id)) == 0);
		message->is_deleted = true;
	}
	if (json_array_size(ids) < 2) {
		for (int i = 0; i < remembered; i++) {
			if (json_array_size(ids) == 1 && memory[i].id == json_integer_value(json_array_get(ids, 0)))
				memory[i].is_deleted = false;
		}
		json_decref(ids);
		return;
	}
	assert_op(&ops, &people[0], "message_bulk_delete",
		  json_pack("{s:I, s:o}", "channel_id", (json_int_t)channels[channel], "messages", ids), ERR_OK);
}

static void step_join_or_leave(int person, int channel)
{
	if (is_in[person][channel]) {
		assert_int_equal(of_channel(&people[person], "channel_leave", channels[channel]), ERR_OK);
		is_in[person][channel] = false;
	} else {
		assert_int_equal(of_channel(&people[person], "channel_join", channels[channel]), ERR_OK);
		come(person, channel);
	}
}

static int64_t before(const struct remembered *message)
{
	for (const struct remembered *at_one = message - 1; at_one >= memory; at_one--) {
		if (at_one->channel == message->channel && !at_one->is_deleted)
			return at_one->id;
	}
	return 0;
}

static void step_read(int person, int channel)
{
	struct remembered *message = any_message();
	switch (below(4)) {
	case 0:
		if (message == NULL || !is_in[person][message->channel])
			return;
		assert_int_equal(
		    ops_run(&ops, &people[person], "read_ack", at(channels[message->channel], message->id)), ERR_OK);
		last_read[person][message->channel] = message->id;
		return;
	case 1:
		if (message == NULL || !is_in[person][message->channel])
			return;
		assert_int_equal(
		    ops_run(&ops, &people[person], "read_unread", at(channels[message->channel], message->id)), ERR_OK);
		last_read[person][message->channel] = before(message);
		return;
	case 2:
		if (!is_in[person][channel])
			return;
		assert_int_equal(of_channel(&people[person], "read_ack_channel", channels[channel]), ERR_OK);
		if (newest_of(channel) > last_read[person][channel])
			last_read[person][channel] = newest_of(channel);
		return;
	default:
		assert_op(&ops, &people[person], "read_ack_guild",
			  ops_json("{'guild_id': %lld}", (long long)ops.guild_id), ERR_OK);
		for (int i = 0; i < CHANNELS; i++) {
			if (is_in[person][i] && newest_of(i) > last_read[person][i])
				last_read[person][i] = newest_of(i);
		}
	}
}

static void check(int person)
{
	struct read_state *list;
	size_t count;
	ensure(read_list(ops.engine.db, &ops.arena, people[person].id, 0, 0, &list, &count) == ERR_OK);
	for (int channel = 0; channel < CHANNELS; channel++) {
		const struct read_state *state = read_list_find(list, count, channels[channel]);
		int unread = 0, mentions = 0;
		assert_int_equal(state != NULL, is_in[person][channel]);
		if (state == NULL)
			continue;
		for (int i = 0; i < remembered; i++) {
			const struct remembered *at_one = &memory[i];
			if (at_one->channel != channel || at_one->is_deleted || at_one->author == person ||
			    at_one->id <= last_read[person][channel])
				continue;
			unread++;
			mentions += (at_one->mentions >> person & 1) != 0;
		}
		assert_int_equal(state->last_read_id, last_read[person][channel]);
		assert_int_equal(state->unread, unread);
		assert_int_equal(state->mentions, mentions);
	}
}

static void counts_are_what_a_recount_finds_after_thousands_of_changes(void **state)
{
	(void)state;
	ops.is_quick = true;
	random_source = (struct ops_random){20260801};
	memory = ensure_calloc(MESSAGES_MAX, sizeof *memory);
	remembered = 0;
	memset(is_in, 0, sizeof is_in);
	people[0] = ops.ada;
	for (int i = 1; i < PEOPLE; i++)
		people[i] = ops_join(&ops, arena_printf(&ops.arena, "person%d", i));
	channels[0] = ops.general_id;
	for (int i = 0; i < PEOPLE; i++)
		is_in[i][0] = true, last_read[i][0] = 0;
	for (int i = 1; i < CHANNELS; i++) {
		channels[i] = ops_channel(&ops, &ops.ada, arena_printf(&ops.arena, "channel%d", i));
		is_in[0][i] = true;
		last_read[0][i] = 0;
	}
	for (int i = 0; i < STEPS; i++) {
		/* Most of it happens in two channels, so that many of their blocks are full. */
		int person = (int)below(PEOPLE), channel = (int)below(below(3) == 0 ? CHANNELS : 2);
		uint32_t dice = below(100);
		if (dice < 60)
			step_post(person, channel);
		else if (dice < 68)
			step_edit();
		else if (dice < 80)
			step_delete();
		else if (dice < 82)
			step_bulk_delete(channel);
		else if (dice < 86)
			step_join_or_leave(person, channel);
		else
			step_read(person, channel);
		if (i % 15 == 0)
			check((int)below(PEOPLE));
	}
	for (int i = 0; i < PEOPLE; i++)
		check(i);
	assert_true(ops_int(&ops, "SELECT count(*) FROM message_blocks") > 20);

	/* Somebody is banned and what they wrote of late goes with them; an account ends. */
	assert_op(&ops, &ops.ada, "ban_create",
		  ops_json("{'guild_id': %lld, 'user_id': %lld, 'delete_message_seconds': 604800}",
			   (long long)ops.guild_id, (long long)people[PEOPLE - 1].id),
		  ERR_OK);
	for (bool is_done = false; !is_done;)
		assert_int_equal(house_keep(&ops.engine, 1000000, &is_done), ERR_OK);
	for (int i = 0; i < remembered; i++)
		memory[i].is_deleted = memory[i].is_deleted || memory[i].author == PEOPLE - 1;
	memset(is_in[PEOPLE - 1], 0, sizeof is_in[0]);
	for (int i = 0; i < PEOPLE; i++)
		check(i);
	free(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(counts_are_what_a_recount_finds_after_thousands_of_changes, open_set_up,
					    close_database),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
