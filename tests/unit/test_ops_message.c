/* Messages: what may be said, said again, changed and taken back. */
#include "base/ensure.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "ops_fixture.h"
#include "sql/sql_writer.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static enum err post(const struct person *who, int64_t channel_id, json_t *in)
{
	ensure(json_object_set_new(in, "channel_id", json_integer(channel_id)) == 0);
	return ops_run(&ops, who, "message_create", in);
}

static enum err edit(const struct person *who, int64_t channel_id, int64_t message_id, const char *content)
{
	return ops_run(&ops, who, "message_update",
		       json_pack("{s:I, s:I, s:s*}", "channel_id", (json_int_t)channel_id, "message_id",
				 (json_int_t)message_id, "content", content));
}

static enum err take_back(const struct person *who, int64_t channel_id, int64_t message_id)
{
	return ops_run(
	    &ops, who, "message_delete",
	    json_pack("{s:I, s:I}", "channel_id", (json_int_t)channel_id, "message_id", (json_int_t)message_id));
}

static const json_t *made(void)
{
	return json_object_get(ops.result, "message");
}

#define CRAB "\xf0\x9f\xa6\x80"
#define SHAN "\xe5\xb1\xb1"
#define IDEOGRAPHIC_SPACE "\xe3\x80\x80"

struct content_case {
	const char *character;
	size_t copies;
	enum err expected;
	const char *kept; /* NULL: as given */
};

static const struct content_case content_cases[] = {
    {"a", 1, ERR_OK, NULL},
    {"a", 4000, ERR_OK, NULL},
    {"a", 4001, ERR_INVALID_FORM, NULL},
    {CRAB, 4000, ERR_OK, NULL},
    {CRAB, 4001, ERR_INVALID_FORM, NULL},
    {SHAN, 4000, ERR_OK, NULL},
    {"e\xcc\x81", 2000, ERR_OK, NULL},
    {"e\xcc\x81", 2001, ERR_INVALID_FORM, NULL},
    {" ", 5000, ERR_EMPTY_MESSAGE, NULL},
    {" a ", 1, ERR_OK, "a"},
    {"\r\n", 3, ERR_EMPTY_MESSAGE, NULL},
    {IDEOGRAPHIC_SPACE, 2, ERR_EMPTY_MESSAGE, NULL},
    {"\n  indented\r\n\tline \n", 1, ERR_OK, "indented\n\tline"},
    {"", 0, ERR_EMPTY_MESSAGE, NULL},
    {"a\x01", 1, ERR_INVALID_FORM, NULL},
    {"a\x1b[31m", 1, ERR_INVALID_FORM, NULL},
    {"<img src=x onerror=alert(1)> & \"quotes\" \\ '", 1, ERR_OK, NULL},
    {"'; DROP TABLE messages; --", 1, ERR_OK, NULL},
    {"{{{content}}}", 1, ERR_OK, NULL},
};

static void content_has_1_to_4000_code_points_after_trimming(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof content_cases / sizeof *content_cases; i++) {
		const struct content_case *at = &content_cases[i];
		const char *content = ops_repeat(&ops, at->character, at->copies);
		enum err err = post(&ops.ada, ops.general_id, json_pack("{s:s}", "content", content));

		if (err != at->expected)
			fail_msg("'%s' %zu times: %s", at->character, at->copies, err_info(err)->name);
		if (err == ERR_OK)
			assert_string_equal(json_text(made(), "content"), at->kept != NULL ? at->kept : content);
		if (err == ERR_INVALID_FORM)
			assert_non_null(ops_complaint(&ops, "content"));
	}
}

static void content_of_another_type_is_refused(void **state)
{
	(void)state;
	assert_int_equal(post(&ops.ada, ops.general_id, json_object()), ERR_EMPTY_MESSAGE);
	assert_int_equal(post(&ops.ada, ops.general_id, ops_json("{'content': null}")), ERR_EMPTY_MESSAGE);
	assert_int_equal(post(&ops.ada, ops.general_id, ops_json("{'content': 7}")), ERR_INVALID_FORM);
	assert_int_equal(post(&ops.ada, ops.general_id, ops_json("{'content': ['a']}")), ERR_INVALID_FORM);
}

static void the_longest_message_is_configuration(void **state)
{
	const char *why;

	(void)state;
	assert_int_equal(config_set(&ops.config, CONFIG_MESSAGE_MAX_CHARS, "5", &why), ERR_OK);
	int64_t id = ops_message(&ops, &ops.ada, ops.general_id, CRAB CRAB CRAB CRAB CRAB);
	assert_int_equal(post(&ops.ada, ops.general_id, ops_json("{'content': '123456'}")), ERR_INVALID_FORM);
	assert_int_equal(edit(&ops.ada, ops.general_id, id, "123456"), ERR_INVALID_FORM);
	assert_int_equal(edit(&ops.ada, ops.general_id, id, "12345"), ERR_OK);
}

static void where_a_message_may_be_posted(void **state)
{
	struct person bob = ops_join(&ops, "bob");

	(void)state;
	assert_op(&ops, &ops.ada, "channel_create",
		  ops_json("{'guild_id': %lld, 'name': 'c', 'type': 4}", (long long)ops.guild_id), ERR_OK);
	int64_t category = ops_result_id(&ops, "channel", "id");
	assert_int_equal(post(&ops.ada, category, ops_json("{'content': 'x'}")), ERR_NON_TEXT_CHANNEL);
	assert_int_equal(post(&ops.ada, 12345, ops_json("{'content': 'x'}")), ERR_UNKNOWN_CHANNEL);
	assert_op(&ops, &ops.ada, "message_create", ops_json("{'channel_id': 'x', 'content': 'x'}"), ERR_INVALID_FORM);
	assert_op(&ops, &ops.ada, "message_create", ops_json("{'content': 'x'}"), ERR_INVALID_FORM);

	ops_sql(&ops, "INSERT INTO overwrites VALUES (%lld, %lld, 1, 0, %lld)", (long long)ops.general_id,
		(long long)bob.id, (long long)PERM_SEND_MESSAGES);
	assert_int_equal(post(&bob, ops.general_id, ops_json("{'content': 'x'}")), ERR_MISSING_PERMISSIONS);
	ops_sql(&ops, "UPDATE overwrites SET deny = %lld", (long long)PERM_VIEW_CHANNEL);
	assert_int_equal(post(&bob, ops.general_id, ops_json("{'content': 'x'}")), ERR_UNKNOWN_CHANNEL);
	ops_sql(&ops, "DELETE FROM overwrites");
	ops_sql(&ops, "DELETE FROM members WHERE user_id = %lld", (long long)bob.id);
	assert_int_equal(post(&bob, ops.general_id, ops_json("{'content': 'x'}")), ERR_UNKNOWN_CHANNEL);
}

static void the_same_author_channel_and_nonce_is_one_message(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	int64_t tools = ops_channel(&ops, &ops.ada, "tools"), first, seq;

	(void)state;
	assert_int_equal(post(&ops.ada, ops.general_id, ops_json("{'content': 'first', 'nonce': '42'}")), ERR_OK);
	first = json_id(made(), "id");
	seq = ops.engine.last_seq;
	assert_string_equal(json_text(made(), "nonce"), "42");

	/* Other content, no content, the number for the text: the first message all the same. */
	static const char *const again[] = {"{'content': 'first', 'nonce': '42'}",
					    "{'content': 'second', 'nonce': '42'}", "{'content': 'first', 'nonce': 42}",
					    "{'nonce': '42'}", "{'content': ' ', 'nonce': '42'}"};
	for (size_t i = 0; i < sizeof again / sizeof *again; i++) {
		assert_int_equal(post(&ops.ada, ops.general_id, ops_json("%s", again[i])), ERR_OK);
		assert_int_equal(json_id(made(), "id"), first);
		assert_string_equal(json_text(made(), "content"), "first");
	}
	assert_int_equal(ops.engine.last_seq, seq);

	assert_int_equal(post(&bob, ops.general_id, ops_json("{'content': 'x', 'nonce': '42'}")), ERR_OK);
	assert_true(json_id(made(), "id") > first);
	assert_int_equal(post(&ops.ada, tools, ops_json("{'content': 'x', 'nonce': '42'}")), ERR_OK);
	assert_int_equal(post(&ops.ada, ops.general_id, ops_json("{'content': 'x', 'nonce': '042'}")), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages"), 4);
}

static void a_nonce_finds_the_message_as_it_is_now_and_its_grave(void **state)
{
	int64_t id, seq;

	(void)state;
	assert_int_equal(post(&ops.ada, ops.general_id, ops_json("{'content': 'first', 'nonce': 'n'}")), ERR_OK);
	id = json_id(made(), "id");
	assert_int_equal(edit(&ops.ada, ops.general_id, id, "edited"), ERR_OK);
	assert_int_equal(post(&ops.ada, ops.general_id, ops_json("{'content': 'first', 'nonce': 'n'}")), ERR_OK);
	assert_string_equal(json_text(made(), "content"), "edited");
	assert_int_equal(take_back(&ops.ada, ops.general_id, id), ERR_OK);
	seq = ops.engine.last_seq;
	assert_int_equal(post(&ops.ada, ops.general_id, ops_json("{'content': 'first', 'nonce': 'n'}")),
			 ERR_UNKNOWN_MESSAGE);
	assert_int_equal(ops.engine.last_seq, seq);
}

struct nonce_case {
	const char *nonce;
	enum err expected;
	bool is_kept;
};

static const struct nonce_case nonce_cases[] = {
    {"''", ERR_OK, false},
    {"null", ERR_OK, false},
    {"0", ERR_OK, true},
    {"-7", ERR_OK, true},
    {"9223372036854775807", ERR_OK, true},
    {"'1234567890123456789012345'", ERR_OK, true},
    {"'" CRAB CRAB CRAB CRAB CRAB CRAB CRAB CRAB CRAB CRAB CRAB CRAB CRAB CRAB CRAB CRAB CRAB CRAB CRAB CRAB CRAB CRAB
	 CRAB CRAB CRAB "'",
     ERR_OK, true},
    {"'12345678901234567890123456'", ERR_INVALID_FORM, false},
    {"1.5", ERR_INVALID_FORM, false},
    {"true", ERR_INVALID_FORM, false},
    {"{}", ERR_INVALID_FORM, false},
    {"'a\\nb'", ERR_INVALID_FORM, false},
};

static void a_nonce_is_a_text_of_25_characters_or_an_integer(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof nonce_cases / sizeof *nonce_cases; i++) {
		const struct nonce_case *at = &nonce_cases[i];
		int64_t first = 0;

		for (int again = 0; again < 2; again++) {
			enum err err =
			    post(&ops.ada, ops.general_id, ops_json("{'content': 'x', 'nonce': %s}", at->nonce));
			if (err != at->expected)
				fail_msg("%s: %s", at->nonce, err_info(err)->name);
			if (err == ERR_OK)
				assert_int_equal(json_object_get(made(), "nonce") != NULL, at->is_kept);
			if (again == 1 && err == ERR_OK)
				assert_int_equal(json_id(made(), "id") == first, at->is_kept);
			first = json_id(made(), "id");
		}
	}
}

static void a_message_has_discords_shape(void **state)
{
	static const char *const names[] = {
	    "id",     "channel_id",       "type",   "content", "author",   "timestamp",     "edited_timestamp",
	    "tts",    "mention_everyone", "pinned", "flags",   "mentions", "mention_roles", "attachments",
	    "embeds", "components"};
	int count;

	(void)state;
	int64_t seq = ops.engine.last_seq, id = ops_message(&ops, &ops.ada, ops.general_id, "hello");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_non_null(json_object_get(made(), names[i]));
	assert_true(json_is_null(json_object_get(made(), "edited_timestamp")));
	assert_string_equal(json_text(json_object_get(made(), "author"), "username"), "ada");
	assert_null(json_object_get(json_object_get(made(), "author"), "email"));

	/* The event is the message with where it stands and who its author is there. */
	const struct event *event = ops_events(&ops, seq, &count);
	json_t *payload;
	assert_int_equal(count, 1);
	assert_string_equal(event->type, "MESSAGE_CREATE");
	assert_true(event->channel_id == ops.general_id && event->guild_id == ops.guild_id && event->message_id == id);
	assert_int_equal(json_parse_own(&ops.arena, event->payload, event->payload_n, &payload), ERR_OK);
	assert_int_equal(json_id(payload, "guild_id"), ops.guild_id);
	assert_non_null(json_object_get(json_object_get(payload, "member"), "joined_at"));
	json_object_del(payload, "guild_id");
	json_object_del(payload, "member");
	assert_true(json_equal(payload, made()));
	assert_int_equal(
	    ops_int(&ops, "SELECT last_message_id FROM channels WHERE id = %lld", (long long)ops.general_id), id);
}

static void only_its_author_edits_a_message(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	int64_t tools = ops_channel(&ops, &ops.ada, "tools");
	int64_t id = ops_message(&ops, &bob, ops.general_id, "bob's words");

	(void)state;
	assert_int_equal(edit(&ops.ada, ops.general_id, id, "words put into a mouth"), ERR_NOT_AUTHOR);
	assert_int_equal(edit(&bob, tools, id, "x"), ERR_UNKNOWN_MESSAGE);
	assert_int_equal(edit(&bob, ops.general_id, 12345, "x"), ERR_UNKNOWN_MESSAGE);
	assert_int_equal(edit(&bob, 12345, id, "x"), ERR_UNKNOWN_CHANNEL);
	assert_int_equal(edit(&bob, ops.general_id, id, " "), ERR_EMPTY_MESSAGE);
	assert_int_equal(edit(&bob, ops.general_id, id, "bob's better words"), ERR_OK);
	assert_string_equal(json_text(made(), "content"), "bob's better words");
	assert_false(json_is_null(json_object_get(made(), "edited_timestamp")));
	ops_sql(&ops, "DELETE FROM members WHERE user_id = %lld", (long long)bob.id);
	assert_int_equal(edit(&bob, ops.general_id, id, "x"), ERR_UNKNOWN_CHANNEL);
}

/* An edit is read by everybody in the channel as a message is. */
static void nobody_says_by_an_edit_what_they_may_not_post(void **state)
{
	struct person bob = ops_join(&ops, "bob");
	int64_t id = ops_message(&ops, &bob, ops.general_id, "bob's words");

	(void)state;
	ops_sql(&ops, "UPDATE members SET timeout_until_ms = 9000000000000 WHERE user_id = %lld", (long long)bob.id);
	assert_int_equal(edit(&bob, ops.general_id, id, "shouting"), ERR_MISSING_PERMISSIONS);
	ops_sql(&ops, "UPDATE members SET timeout_until_ms = NULL WHERE user_id = %lld", (long long)bob.id);
	ops_sql(&ops, "UPDATE roles SET permissions = %lld WHERE id = %lld", (long long)PERM_VIEW_CHANNEL,
		(long long)ops.guild_id);
	assert_int_equal(edit(&bob, ops.general_id, id, "whispering"), ERR_MISSING_PERMISSIONS);
	assert_string_equal(ops_text(&ops, "SELECT content FROM messages WHERE id = %lld", (long long)id),
			    "bob's words");
	assert_int_equal(take_back(&bob, ops.general_id, id), ERR_OK);
}

static void an_edit_that_changes_nothing_is_none(void **state)
{
	int64_t id = ops_message(&ops, &ops.ada, ops.general_id, "words"), seq = ops.engine.last_seq;

	(void)state;
	assert_int_equal(edit(&ops.ada, ops.general_id, id, "words"), ERR_OK);
	assert_int_equal(edit(&ops.ada, ops.general_id, id, "  words "), ERR_OK);
	assert_int_equal(edit(&ops.ada, ops.general_id, id, NULL), ERR_OK);
	assert_true(json_is_null(json_object_get(made(), "edited_timestamp")));
	assert_int_equal(ops.engine.last_seq, seq);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_versions"), 0);
}

/* Several edits may fall into one millisecond. */
static void every_earlier_version_is_kept_in_order(void **state)
{
	int64_t id = ops_message(&ops, &ops.ada, ops.general_id, "version 0");
	enum { EDITS = 100 };

	(void)state;
	ops.is_quick = true;
	for (int i = 1; i <= EDITS; i++)
		assert_int_equal(edit(&ops.ada, ops.general_id, id, arena_printf(&ops.arena, "version %d", i)), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_versions"), EDITS);
	for (int i = 0; i < EDITS; i++)
		assert_string_equal(
		    ops_text(&ops, "SELECT content FROM message_versions ORDER BY replaced_at_ms LIMIT 1 OFFSET %d", i),
		    arena_printf(&ops.arena, "version %d", i));
}

/* Whoever edits for ever does not fill the disk; what is left is in order, and says truly from when on it stood. */
static void of_very_many_versions_the_latest_are_kept(void **state)
{
	int64_t id = ops_message(&ops, &ops.ada, ops.general_id, "version 0");
	struct buf *text = buf_in_arena(&ops.arena);
	enum { EDITS = MESSAGE_VERSIONS_MAX + 50 };
	struct jw jw;
	json_t *list;

	(void)state;
	ops.is_quick = true;
	for (int i = 1; i <= EDITS; i++)
		assert_int_equal(edit(&ops.ada, ops.general_id, id, arena_printf(&ops.arena, "version %d", i)), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM message_versions"), MESSAGE_VERSIONS_MAX + 1);
	jw_init(&jw, text);
	assert_int_equal(message_versions_to_json(ops.engine.db, &jw, NULL, id), ERR_OK);
	assert_int_equal(json_parse_own(&ops.arena, text->p, text->n, &list), ERR_OK);
	assert_int_equal(json_array_size(list), MESSAGE_VERSIONS_MAX);
	for (size_t i = 0; i < MESSAGE_VERSIONS_MAX; i++)
		assert_string_equal(json_text(json_array_get(list, i), "content"),
				    arena_printf(&ops.arena, "version %zu", EDITS - MESSAGE_VERSIONS_MAX + i));
	char *begin = strdup(json_text(json_array_get(list, 0), "timestamp"));
	ops_sql(&ops, "UPDATE message_versions SET replaced_at_ms = replaced_at_ms - 1000 WHERE replaced_at_ms = "
		      "(SELECT min(replaced_at_ms) FROM message_versions)");
	buf_clear(text);
	jw_init(&jw, text);
	assert_int_equal(message_versions_to_json(ops.engine.db, &jw, NULL, id), ERR_OK);
	assert_int_equal(json_parse_own(&ops.arena, text->p, text->n, &list), ERR_OK);
	assert_string_not_equal(json_text(json_array_get(list, 0), "timestamp"), begin);
	free(begin);
}

static void its_author_and_moderators_delete_a_message(void **state)
{
	struct person bob = ops_join(&ops, "bob"), eve = ops_join(&ops, "eve");
	int64_t tools = ops_channel(&ops, &ops.ada, "tools");
	int64_t first = ops_message(&ops, &bob, ops.general_id, "1"),
		second = ops_message(&ops, &bob, ops.general_id, "2");

	(void)state;
	assert_int_equal(take_back(&eve, ops.general_id, first), ERR_MISSING_PERMISSIONS);
	assert_int_equal(take_back(&bob, tools, first), ERR_UNKNOWN_MESSAGE);
	assert_int_equal(take_back(&bob, ops.general_id, first), ERR_OK);
	assert_int_equal(take_back(&bob, ops.general_id, first), ERR_UNKNOWN_MESSAGE);
	assert_int_equal(edit(&bob, ops.general_id, first, "x"), ERR_UNKNOWN_MESSAGE);
	ops_grant(&ops, &eve, PERM_MANAGE_MESSAGES);
	assert_int_equal(take_back(&eve, ops.general_id, second), ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages WHERE deleted_at_ms IS NULL"), 0);
}

static bool file_holds(const char *path, const char *needle)
{
	struct buf bytes;
	char piece[8192];
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	ensure(fd >= 0);
	buf_init(&bytes);
	while ((n = read(fd, piece, sizeof piece)) > 0)
		buf_put(&bytes, piece, (size_t)n);
	(void)close(fd);
	bool holds = bytes.n > 0 && memmem(bytes.p, bytes.n, needle, strlen(needle)) != NULL;
	buf_free(&bytes);
	return holds;
}

static void a_deleted_message_is_gone_from_the_log_and_the_disk(void **state)
{
	static const char needle[] = "needle-that-must-not-be-found";
	const char *log_path = arena_printf(&ops.arena, "%s-wal", ops.path);
	int64_t seq = ops.engine.last_seq, id = ops_message(&ops, &ops.ada, ops.general_id, needle);
	int count;

	(void)state;
	assert_int_equal(edit(&ops.ada, ops.general_id, id, arena_printf(&ops.arena, "%s edited", needle)), ERR_OK);
	assert_int_equal(sql_checkpoint(ops.engine.db, SQL_CHECKPOINT_PASSIVE, 0), ERR_OK);
	assert_true(file_holds(ops.path, needle));
	assert_int_equal(take_back(&ops.ada, ops.general_id, id), ERR_OK);

	const struct event *events = ops_events(&ops, seq, &count);
	assert_int_equal(count, 3);
	for (int i = 0; i < 2; i++) {
		assert_string_equal(events[i].type, "_SCRUBBED");
		assert_string_equal(events[i].payload, "");
	}
	assert_string_equal(events[2].type, "MESSAGE_DELETE");
	assert_string_equal(events[2].payload,
			    arena_printf(&ops.arena, "{\"id\":\"%lld\",\"channel_id\":\"%lld\",\"guild_id\":\"%lld\"}",
					 (long long)id, (long long)ops.general_id, (long long)ops.guild_id));
	assert_int_equal(sql_checkpoint(ops.engine.db, SQL_CHECKPOINT_TRUNCATE, 0), ERR_OK);
	assert_false(file_holds(ops.path, needle));
	assert_false(file_holds(log_path, needle));
}

/* The ids of a page of history as one text. */
static const char *page(enum message_order order, int64_t anchor_id, int limit)
{
	struct message_page_result found;
	const struct message_page wanted = {order, anchor_id, limit, ops.ada.id};
	struct buf *text = buf_in_arena(&ops.arena);
	struct jw jw;
	json_t *list;
	const char *ids = "";

	jw_init(&jw, text);
	ensure(message_list_to_json(ops.engine.db, &jw, NULL, ops.general_id, &wanted, &found) == ERR_OK);
	ensure(json_parse_own(&ops.arena, text->p, text->n, &list) == ERR_OK);
	ensure((size_t)found.count == json_array_size(list));
	for (size_t i = 0; i < json_array_size(list); i++)
		ids = arena_printf(&ops.arena, "%s%s%lld", ids, i == 0 ? "" : " ",
				   (long long)json_id(json_array_get(list, i), "id"));
	if (found.count > 0) {
		ensure(found.newest_id == json_id(json_array_get(list, 0), "id"));
		ensure(found.oldest_id == json_id(json_array_get(list, json_array_size(list) - 1), "id"));
	}
	return ids;
}

struct page_case {
	enum message_order order;
	int64_t anchor_id;
	int limit;
	const char *expected;
};

/* Of ten messages, 10 to 100, of which 50 is deleted. */
static const struct page_case page_cases[] = {
    {MESSAGE_LATEST, 0, 3, "100 90 80"},
    {MESSAGE_LATEST, 0, 100, "100 90 80 70 60 40 30 20 10"},
    {MESSAGE_BEFORE, 80, 3, "70 60 40"},
    {MESSAGE_BEFORE, 50, 2, "40 30"},
    {MESSAGE_BEFORE, 10, 2, ""},
    {MESSAGE_BEFORE, INT64_MAX, 1, "100"},
    {MESSAGE_AFTER, 30, 3, "70 60 40"},
    {MESSAGE_AFTER, 35, 1, "40"},
    {MESSAGE_AFTER, 0, 2, "20 10"},
    {MESSAGE_AFTER, 100, 2, ""},
    {MESSAGE_AROUND, 70, 5, "90 80 70 60 40"},
    {MESSAGE_AROUND, 70, 1, "70"},
    {MESSAGE_AROUND, 50, 4, "70 60 40 30"},
    {MESSAGE_AROUND, 100, 4, "100 90 80 70"},
    {MESSAGE_AROUND, 10, 4, "30 20 10"},
    {MESSAGE_AROUND, INT64_MAX, 2, "100 90"},
    {MESSAGE_AROUND, 1, 2, "10"},
};

static void history_has_neither_gap_nor_overlap(void **state)
{
	(void)state;
	for (int i = 10; i <= 100; i += 10)
		ops_sql(&ops,
			"INSERT INTO messages (id, channel_id, author_id, content, deleted_at_ms) VALUES (%d, %lld, "
			"%lld, 'x', %s)",
			i, (long long)ops.general_id, (long long)ops.ada.id, i == 50 ? "1" : "NULL");
	for (size_t i = 0; i < sizeof page_cases / sizeof *page_cases; i++) {
		const struct page_case *at = &page_cases[i];
		const char *ids = page(at->order, at->anchor_id, at->limit);

		if (strcmp(ids, at->expected) != 0)
			fail_msg("order %d, anchor %lld, limit %d: %s, not %s", at->order, (long long)at->anchor_id,
				 at->limit, ids, at->expected);
	}
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(content_has_1_to_4000_code_points_after_trimming),
	    SET_UP(content_of_another_type_is_refused),
	    SET_UP(the_longest_message_is_configuration),
	    SET_UP(where_a_message_may_be_posted),
	    SET_UP(the_same_author_channel_and_nonce_is_one_message),
	    SET_UP(a_nonce_finds_the_message_as_it_is_now_and_its_grave),
	    SET_UP(a_nonce_is_a_text_of_25_characters_or_an_integer),
	    SET_UP(a_message_has_discords_shape),
	    SET_UP(only_its_author_edits_a_message),
	    SET_UP(nobody_says_by_an_edit_what_they_may_not_post),
	    SET_UP(an_edit_that_changes_nothing_is_none),
	    SET_UP(every_earlier_version_is_kept_in_order),
	    SET_UP(of_very_many_versions_the_latest_are_kept),
	    SET_UP(its_author_and_moderators_delete_a_message),
	    SET_UP(a_deleted_message_is_gone_from_the_log_and_the_disk),
	    SET_UP(history_has_neither_gap_nor_overlap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
