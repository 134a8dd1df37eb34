/* The write-ahead log stays small while other processes read, and a reader that stands still stops nobody.
 *
 * Begins early: it takes long. */
#include "base/clock.h"
#include "base/ensure.h"
#include "domain/message/message.h"
#include "ops_fixture.h"
#include "sql/sql_internal.h"
#include "sql/sql_writer.h"
#include "store/checkpoint.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	READERS = 3,
	MEGABYTE = 1024 * 1024,
	RESTARTED_BYTES = 80 * MEGABYTE,
	RESTARTED_BUSY_BYTES = 144 * MEGABYTE,
	FEW = 1,
	MANY = 64
};

static struct ops ops;
static struct checkpoint_state checkpoint;

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	ops.is_quick = true;
	checkpoint = (struct checkpoint_state){0};
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static int64_t log_file_bytes(void)
{
	struct stat info;

	ensure(stat(arena_printf(&ops.arena, "%s-wal", ops.path), &info) == 0);
	return info.st_size;
}

/* One group of about a megabyte and so many callers, as the store's loop takes it: then the checkpoint is considered.
 */
static void write_a_megabyte_for(int callers)
{
	ops_sql(&ops,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 230) INSERT INTO messages "
		"(id, channel_id, author_id, content) SELECT (SELECT coalesce(max(id), 0) FROM messages) + i, %lld, "
		"%lld, printf('%%.*c', 4000, 'x') FROM n",
		(long long)ops.general_id, (long long)ops.ada.id);
	checkpoint_consider(&checkpoint, ops.engine.db, callers);
}

static void write_a_megabyte(void)
{
	write_a_megabyte_for(1);
}

/* Reads pages of history until it is killed, each in a transaction that is ended before the next. */
static _Noreturn void read_on(void)
{
	struct sql *reader;
	struct message_page_result found;
	const struct message_page page = {.order = MESSAGE_LATEST, .limit = 50, .viewer_id = 1};
	struct buf text;
	struct jw jw;

	ensure(sql_open_reader(ops.path, &reader) == ERR_OK);
	buf_init(&text);
	for (;;) {
		buf_clear(&text);
		jw_init(&jw, &text);
		ensure(sql_read_begin(reader) == ERR_OK);
		ensure(message_list_to_json(reader, &jw, NULL, ops.general_id, &page, &found) == ERR_OK);
		sql_read_end(reader);
	}
}

/* Begins to read and never ends, as a process does that was stopped. Says so through the pipe. */
static _Noreturn void stand_still(int pipe_fd)
{
	struct sql *reader;
	int64_t one;

	ensure(sql_open_reader(ops.path, &reader) == ERR_OK && sql_read_begin(reader) == ERR_OK);
	ensure(sql_find_int(reader, QUERY_USER_EXISTS_ANY, SQL_NO_ARGS, &one) == ERR_OK);
	ensure(write(pipe_fd, "x", 1) == 1);
	for (;;)
		(void)pause();
}

static pid_t start_reader(void)
{
	pid_t child = fork();

	ensure(child >= 0);
	if (child == 0)
		read_on();
	return child;
}

static pid_t start_stuck_reader(void)
{
	int pipes[2];
	char byte;
	ensure(pipe(pipes) == 0);
	pid_t child = fork();

	ensure(child >= 0);
	if (child == 0)
		stand_still(pipes[1]);
	(void)close(pipes[1]);
	ensure(read(pipes[0], &byte, 1) == 1);
	(void)close(pipes[0]);
	return child;
}

static void end(pid_t child)
{
	int status;

	ensure(kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child);
	ensure(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void without_readers_the_log_begins_again_every_few_megabytes(void **state)
{
	int64_t largest = 0;

	(void)state;
	for (int i = 0; i < 40; i++) {
		write_a_megabyte();
		largest = sql_log_bytes(ops.engine.db) > largest ? sql_log_bytes(ops.engine.db) : largest;
	}
	assert_in_range(largest, 2 * MEGABYTE, 8 * MEGABYTE);
	assert_true(log_file_bytes() < 8 * MEGABYTE);
}

static void where_many_ask_the_log_grows_longer_before_they_wait(void **state)
{
	int64_t largest = 0;

	(void)state;
	for (int i = 0; i < 200; i++) {
		write_a_megabyte_for(MANY);
		largest = sql_log_bytes(ops.engine.db) > largest ? sql_log_bytes(ops.engine.db) : largest;
	}
	assert_in_range(largest, 100 * MEGABYTE, RESTARTED_BUSY_BYTES);
	/* A quiet moment moves it at once, and what comes next begins it again. */
	write_a_megabyte_for(1);
	write_a_megabyte_for(1);
	assert_in_range(sql_log_bytes(ops.engine.db), 1, 4 * MEGABYTE);
}

static void readers_who_end_what_they_begin_let_the_log_begin_again(void **state)
{
	pid_t readers[READERS];
	int64_t largest = 0;

	(void)state;
	for (int i = 0; i < READERS; i++)
		readers[i] = start_reader();
	for (int i = 0; i < 200; i++) {
		write_a_megabyte();
		largest = sql_log_bytes(ops.engine.db) > largest ? sql_log_bytes(ops.engine.db) : largest;
	}
	for (int i = 0; i < READERS; i++)
		end(readers[i]);
	/* Above 80 MB it waits for readers; without that it would hold all of the 200. */
	assert_true(largest < 2 * RESTARTED_BYTES);
}

/* How long checkpoints hold up who posts for two and a half seconds. */
static int64_t waited_us_in_a_while(void)
{
	int64_t waited_us = 0, from_us = clock_monotonic_us();

	while (clock_monotonic_us() - from_us < 2500000) {
		(void)ops_message(&ops, &ops.ada, ops.general_id, "goes on");
		int64_t before_us = clock_monotonic_us();
		checkpoint_consider(&checkpoint, ops.engine.db, FEW);
		waited_us += clock_monotonic_us() - before_us;
	}
	return waited_us;
}

static void a_reader_that_stands_still_costs_writers_little(void **state)
{
	pid_t stuck = start_stuck_reader();
	int64_t waited_us;
	int rounds = 0;

	(void)state;
	for (int i = 0; i < 86; i++)
		write_a_megabyte();
	/* A tenth of the time, were the machine all ours; in some rounds it may do other things while we wait. */
	do
		waited_us = waited_us_in_a_while();
	while (waited_us > 1000000 && ++rounds < 5);
	assert_in_range(waited_us, 0, 1000000);
	assert_true(sql_log_bytes(ops.engine.db) > RESTARTED_BYTES);
	end(stuck);
}

static void once_it_is_gone_the_log_shrinks_by_itself(void **state)
{
	pid_t stuck = start_stuck_reader();

	(void)state;
	for (int i = 0; i < 200; i++)
		write_a_megabyte();
	assert_true(sql_log_bytes(ops.engine.db) > 176 * MEGABYTE);
	assert_true(checkpoint.has_alarmed);
	end(stuck);
	checkpoint.last_at_ms = 0;
	checkpoint_consider(&checkpoint, ops.engine.db, 0);
	assert_int_equal(sql_log_bytes(ops.engine.db), 0);
	write_a_megabyte();
	assert_in_range(sql_log_bytes(ops.engine.db), 1, 4 * MEGABYTE);
	assert_true(log_file_bytes() <= 34 * MEGABYTE);
	checkpoint_consider(&checkpoint, ops.engine.db, 0);
	assert_false(checkpoint.has_alarmed);
}

static void an_idle_store_moves_what_is_left_once(void **state)
{
	(void)state;
	(void)ops_message(&ops, &ops.ada, ops.general_id, "the last for now");
	checkpoint.last_at_ms = clock_monotonic_ms();
	checkpoint_consider(&checkpoint, ops.engine.db, 0);
	assert_int_equal(checkpoint.tried_at_bytes, 0);
	checkpoint.last_at_ms = 0;
	checkpoint_consider(&checkpoint, ops.engine.db, 0);
	assert_int_equal(checkpoint.tried_at_bytes, sql_log_bytes(ops.engine.db));
	checkpoint.last_at_ms = 0;
	checkpoint_consider(&checkpoint, ops.engine.db, 0);
	assert_int_equal(checkpoint.last_at_ms, 0);
}

static void at_the_end_the_log_is_empty(void **state)
{
	(void)state;
	write_a_megabyte();
	checkpoint_finish(ops.engine.db);
	assert_int_equal(log_file_bytes(), 0);
	assert_int_equal(sql_log_bytes(ops.engine.db), 0);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(without_readers_the_log_begins_again_every_few_megabytes),
	    SET_UP(where_many_ask_the_log_grows_longer_before_they_wait),
	    SET_UP(readers_who_end_what_they_begin_let_the_log_begin_again),
	    SET_UP(a_reader_that_stands_still_costs_writers_little),
	    SET_UP(once_it_is_gone_the_log_shrinks_by_itself),
	    SET_UP(an_idle_store_moves_what_is_left_once),
	    SET_UP(at_the_end_the_log_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
