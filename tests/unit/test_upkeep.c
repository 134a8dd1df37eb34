/* What was deleted is in no file once the upkeep has run, and the index stays small and whole meanwhile.
 *
 * Begins early: it takes long. */
#include "ops_fixture.h"

#include "base/clock.h"
#include "base/ensure.h"
#include "domain/search/search_segments.h"
#include "sql/sql_internal.h"
#include "sql/sql_writer.h"
#include "store/house.h"
#include "store/upkeep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

static struct ops ops;
static struct upkeep upkeep;
static char before[512];

/* The store runs in the data folder. */
static int set_up(void **state)
{
	(void)state;
	ensure(getcwd(before, sizeof before) != NULL);
	ops_setup(&ops);
	ensure(chdir(ops.folder) == 0);
	ops.is_quick = true;
	upkeep_init(&upkeep);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	ensure(chdir(before) == 0);
	ops_close(&ops);
	return 0;
}

static bool file_holds(const char *path, const char *word)
{
	FILE *file = fopen(path, "rb");
	bool is_found = false;

	if (file == NULL)
		return false;
	ensure(fseek(file, 0, SEEK_END) == 0);
	long n = ftell(file);
	char *bytes = malloc((size_t)n + 1);
	ensure(bytes != NULL && fseek(file, 0, SEEK_SET) == 0);
	ensure(fread(bytes, 1, (size_t)n, file) == (size_t)n);
	is_found = memmem(bytes, (size_t)n, word, strlen(word)) != NULL;
	free(bytes);
	(void)fclose(file);
	return is_found;
}

static bool is_on_disk(const char *word)
{
	return file_holds("snug.db", word) || file_holds("snug.db-wal", word) || file_holds("snug.db-shm", word);
}

static void purge(void)
{
	bool is_done = false;

	upkeep.is_due = true;
	for (int steps = 0; !is_done || upkeep.stage != UPKEEP_WAITING; steps++) {
		assert_true(steps < 2000);
		assert_int_equal(upkeep_step(&upkeep, &ops.engine, false, &is_done), ERR_OK);
	}
}

static void assert_whole(void)
{
	bool is_sound;

	ops_sql(&ops, "INSERT INTO search (search) VALUES ('integrity-check')");
	assert_int_equal(sql_check_integrity(ops.engine.db, &is_sound), ERR_OK);
	assert_true(is_sound);
}

/* A word that stands nowhere else and begins as no other does: of words that begin alike the index writes the beginning
 * once. */
static const char *word_of(int i)
{
	struct ops_random random = {(uint64_t)i};
	char *word = arena_strdup(&ops.arena, "abcdefghijklmnop");

	for (int k = 0; k < 16; k++)
		word[k] = (char)('a' + ops_below(&random, 26));
	return word;
}

/* The part of it that the index has in full. */
static const char *trace_of(int i)
{
	return word_of(i) + 4;
}

static void erase(int64_t id)
{
	assert_op(&ops, &ops.ada, "message_delete",
		  json_pack("{s:I, s:I}", "channel_id", (json_int_t)ops.general_id, "message_id", (json_int_t)id),
		  ERR_OK);
}

/* As if each came in a quiet moment: it merges nothing by the way. */
static int64_t post_unmerged(const char *text)
{
	ops.engine.search.unmerged = 0;
	return ops_message(&ops, &ops.ada, ops.general_id, text);
}

static void deleted_words_are_on_disk_until_the_purge_and_not_after_it(void **state)
{
	int64_t ids[200];

	(void)state;
	for (int i = 0; i < 200; i++)
		ids[i] = ops_message(&ops, &ops.ada, ops.general_id, word_of(i));
	purge();
	assert_true(is_on_disk(word_of(7)) && is_on_disk(trace_of(8)));
	for (int i = 0; i < 200; i += 2) {
		ops.engine.search.unmerged = 0; /* nothing is merged by the way */
		erase(ids[i]);
	}
	assert_true(ops_int(&ops, "SELECT dirty_since_ms FROM search_state") > 0);
	ensure(sql_checkpoint(ops.engine.db, SQL_CHECKPOINT_TRUNCATE, 1000) == ERR_OK);
	assert_true(is_on_disk(trace_of(8)));
	purge();
	for (int i = 0; i < 200; i++) {
		if (is_on_disk(trace_of(i)) != (i % 2 == 1))
			fail_msg("%s is %s", word_of(i), i % 2 == 1 ? "gone" : "still there");
	}
	assert_int_equal(ops_int(&ops, "SELECT coalesce(dirty_since_ms, 0) FROM search_state"), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM search WHERE search MATCH 'tagh*'"), 0);
	assert_whole();
}

static void what_an_edit_replaced_goes_with_the_message(void **state)
{
	int64_t id = ops_message(&ops, &ops.ada, ops.general_id, "quizzicalfirst");

	(void)state;
	assert_op(&ops, &ops.ada, "message_update",
		  json_pack("{s:I, s:I, s:s}", "channel_id", (json_int_t)ops.general_id, "message_id", (json_int_t)id,
			    "content", "zestyversion"),
		  ERR_OK);
	purge();
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM search WHERE search MATCH 'quizzicalfirst'"), 0);
	assert_true(is_on_disk("zestyversion") && is_on_disk("quizzicalfirst")); /* its history can be read */
	erase(id);
	purge();
	assert_false(is_on_disk("quizzicalfirst") || is_on_disk("zestyversion"));
}

/* Posting goes on while it runs: what was taken away before it began goes all the same. */
static void a_purge_comes_to_its_end_while_others_post(void **state)
{
	bool is_done;
	int steps = 0;
	int64_t doomed = 0;

	(void)state;
	for (int i = 0; i < 1500; i++) {
		const char *words = i == 750 ? "doomedword" : "";
		for (int k = 0; k < 20; k++)
			words = arena_printf(&ops.arena, "%s %s", words, word_of(i * 20 + k));
		int64_t id = ops_message(&ops, &ops.ada, ops.general_id, words);
		doomed = i == 750 ? id : doomed;
	}
	erase(doomed);
	upkeep.is_due = true;
	do {
		assert_true(steps++ < 5000);
		assert_int_equal(upkeep_step(&upkeep, &ops.engine, false, &is_done), ERR_OK);
		(void)ops_message(&ops, &ops.ada, ops.general_id, "meanwhile");
		if (steps == 3)
			erase(ops_message(&ops, &ops.ada, ops.general_id, "xylophoneafter"));
	} while (upkeep.stage != UPKEEP_WAITING);
	assert_true(steps > 3);
	ensure(sql_checkpoint(ops.engine.db, SQL_CHECKPOINT_TRUNCATE, 1000) == ERR_OK);
	assert_false(is_on_disk("omedword"));
	assert_true(ops_int(&ops, "SELECT dirty_since_ms FROM search_state") > 0); /* for what was deleted meanwhile */
	assert_whole();
	purge();
	assert_false(is_on_disk("xylophoneafter"));
	assert_whole();
}

/* A few that come while two segments become one are not enough to be merged, and stand before these. */
static void a_purge_comes_to_its_end_after_a_few_have_posted(void **state)
{
	struct search_segments segments;
	bool is_done;

	(void)state;
	for (int i = 0; i < 1500; i++) {
		const char *words = "";
		for (int k = 0; k < 20; k++)
			words = arena_printf(&ops.arena, "%s %s", words, word_of(i * 20 + k));
		(void)ops_message(&ops, &ops.ada, ops.general_id, words);
	}
	int64_t doomed = ops_message(&ops, &ops.ada, ops.general_id, "doomedword");
	erase(ops_message(&ops, &ops.ada, ops.general_id, "first"));
	purge();
	erase(doomed);
	assert_int_equal(search_segments_read(ops.engine.db, NULL, &segments), ERR_OK);
	assert_int_equal(segments.count, 2);
	upkeep.is_due = true;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(upkeep_step(&upkeep, &ops.engine, false, &is_done), ERR_OK);
		(void)post_unmerged("meanwhile");
	}
	assert_int_equal(upkeep.stage, UPKEEP_MERGING);
	purge();
	assert_false(is_on_disk("omedword"));
	assert_whole();
}

/* A reader that stands in the way delays the end, and nothing else. */
static void a_reader_delays_the_purge(void **state)
{
	struct sql *reader;
	bool is_done;

	(void)state;
	purge();
	erase(ops_message(&ops, &ops.ada, ops.general_id, "briefword"));
	ensure(sql_open_reader("snug.db", &reader) == ERR_OK && sql_read_begin(reader) == ERR_OK);
	assert_true(ops_int(&ops, "SELECT count(*) FROM messages") > 0);
	int64_t seen;
	ensure(sql_find_int(reader, QUERY_SEARCH_DIRTY_SINCE, SQL_NO_ARGS, &seen) == ERR_OK);
	upkeep.is_due = true;
	for (int i = 0; i < 20; i++)
		assert_int_equal(upkeep_step(&upkeep, &ops.engine, false, &is_done), ERR_OK);
	assert_int_equal(upkeep.stage, UPKEEP_EMPTYING);
	sql_read_end(reader);
	sql_close(reader);
	purge();
	assert_false(is_on_disk("briefword"));
}

static void many_small_segments_become_few(void **state)
{
	struct search_segments segments;
	bool is_done = false;

	(void)state;
	upkeep.is_due = false;
	upkeep.emptied_at_ms = INT64_MAX / 2;
	for (int i = 0; i < 120; i++)
		(void)post_unmerged(word_of(i));
	ops.engine.search.unmerged = 120;
	assert_int_equal(search_segments_read(ops.engine.db, NULL, &segments), ERR_OK);
	assert_true(segments.count >= 120);
	for (int steps = 0; !is_done; steps++) {
		assert_true(steps < 200);
		assert_int_equal(upkeep_step(&upkeep, &ops.engine, false, &is_done), ERR_OK);
	}
	assert_int_equal(search_segments_read(ops.engine.db, NULL, &segments), ERR_OK);
	assert_true(segments.count < 16);
	assert_whole();
}

/* Where somebody posts all the time, the upkeep merges nothing and posting a little, once there is much: the number of
 * segments stays far below that at which SQLite would merge all of them at once. */
static void who_never_pauses_merges_as_they_go(void **state)
{
	static const char merge_from[] = "SELECT v FROM search_config WHERE k = 'usermerge'";
	struct search_segments segments;
	int most = 0;
	bool is_done;

	(void)state;
	purge();
	upkeep.emptied_at_ms = INT64_MAX / 2;
	for (int i = 0; i < 2000; i++) {
		(void)ops_message(&ops, &ops.ada, ops.general_id, word_of(i));
		assert_int_equal(upkeep_step(&upkeep, &ops.engine, true, &is_done), ERR_OK);
		assert_int_equal(search_segments_read(ops.engine.db, NULL, &segments), ERR_OK);
		most = segments.count > most ? segments.count : most;
	}
	assert_in_range(most, 30, 200);
	assert_int_equal(ops_int(&ops, merge_from), SEARCH_MERGE_FROM_BUSY);
	assert_whole();
	/* In the first quiet moment fewer are left over, however few have come since the last merge. */
	ops.engine.search.unmerged = 0;
	is_done = false;
	for (int steps = 0; !is_done; steps++) {
		assert_true(steps < 500);
		assert_int_equal(upkeep_step(&upkeep, &ops.engine, false, &is_done), ERR_OK);
	}
	assert_int_equal(search_segments_read(ops.engine.db, NULL, &segments), ERR_OK);
	assert_true(segments.count < 16);
	assert_int_equal(ops_int(&ops, merge_from), SEARCH_MERGE_FROM_IDLE);
	assert_whole();
}

static void no_merge_is_left_to_who_posts(void **state)
{
	(void)state;
	assert_int_equal(ops_int(&ops, "SELECT v FROM search_config WHERE k = 'automerge'"), 0);
	assert_true(ops_int(&ops, "SELECT v FROM search_config WHERE k = 'crisismerge'") >= 256);
}

/* Cells that SQLite moves between pages leave copies behind, which are not to reach the file. Rows grow, shrink and go
 * as those of messages and of what they said before do. */
static void no_copy_of_a_moved_row_is_left_in_a_page(void **state)
{
	enum { ROUNDS = 6000 };
	static int row_of[ROUNDS]; /* which row a text stands in; -1: in none any more */
	static int text_of[ROUNDS];
	struct ops_random random = {1};
	int rows = 0, bad = 0;

	(void)state;
	ops_sql(&ops, "CREATE TABLE moved (id INTEGER PRIMARY KEY, content TEXT)");
	ops_sql(&ops, "CREATE TABLE moved_versions (id INT, at INT, content TEXT, PRIMARY KEY (id, at)) WITHOUT ROWID");
	for (int i = 0; i < ROUNDS; i++) {
		uint32_t chance = ops_below(&random, 100);
		int row = rows == 0 || chance < 60 ? rows++ : (int)ops_below(&random, (uint32_t)rows);
		const char *text = arena_printf(&ops.arena, "row%dend%s", 100000 + i,
						ops_repeat(&ops, "x", ops_below(&random, chance < 60 ? 300 : 600)));
		ops_sql(&ops, "BEGIN");
		if (row == rows - 1 && chance < 60) {
			ops_sql(&ops, "INSERT INTO moved VALUES (%d, '%s')", row, text);
		} else {
			ops_sql(&ops, "INSERT INTO moved_versions SELECT id, %d, content FROM moved WHERE id = %d", i,
				row);
			ops_sql(&ops, "UPDATE moved SET content = '%s' WHERE id = %d", chance < 85 ? text : "", row);
			ops_sql(&ops, "DELETE FROM moved_versions WHERE id = %d", row);
			row_of[text_of[row]] = -1;
		}
		ops_sql(&ops, "COMMIT");
		row_of[i] = chance < 85 ? row : -1;
		text_of[row] = i;
	}
	ensure(sql_checkpoint(ops.engine.db, SQL_CHECKPOINT_TRUNCATE, 1000) == ERR_OK);
	for (int i = 0; i < ROUNDS; i++)
		bad += row_of[i] < 0 && is_on_disk(arena_printf(&ops.arena, "row%dend", 100000 + i));
	assert_int_equal(bad, 0);
	assert_whole();
}

/* It has all that was deleted since the migration. */
static void the_copy_before_a_migration_goes_after_a_week(void **state)
{
	const int64_t now_s = clock_now_ms() / 1000;
	const struct timeval young[2] = {{now_s - 6 * 86400, 0}, {now_s - 6 * 86400, 0}},
			     old[2] = {{now_s - 8 * 86400, 0}, {now_s - 8 * 86400, 0}};
	FILE *file = fopen(UPKEEP_OLD_COPY, "w");

	(void)state;
	ensure(file != NULL && fclose(file) == 0 && utimes(UPKEEP_OLD_COPY, young) == 0);
	purge();
	assert_int_equal(access(UPKEEP_OLD_COPY, F_OK), 0);
	ensure(utimes(UPKEEP_OLD_COPY, old) == 0);
	purge();
	assert_int_not_equal(access(UPKEEP_OLD_COPY, F_OK), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(deleted_words_are_on_disk_until_the_purge_and_not_after_it),
	    TEST(what_an_edit_replaced_goes_with_the_message),
	    TEST(a_purge_comes_to_its_end_while_others_post),
	    TEST(a_purge_comes_to_its_end_after_a_few_have_posted),
	    TEST(a_reader_delays_the_purge),
	    TEST(many_small_segments_become_few),
	    TEST(who_never_pauses_merges_as_they_go),
	    TEST(no_merge_is_left_to_who_posts),
	    TEST(no_copy_of_a_moved_row_is_left_in_a_page),
	    TEST(the_copy_before_a_migration_goes_after_a_week),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
