/* A store that dies, or loses power, at each of its writes in turn: what was acknowledged is there, once and whole.
 *
 * Begins early: it takes long. */
#include "base/ensure.h"
#include "fault.h"
#include "ops_fixture.h"
#include "sql/sql_internal.h"
#include "sql/sql_writer.h"
#include "store/group.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { GROUPS = 4, OPS_A_GROUP = 3 };

static struct ops ops;
static struct group group;

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

static void copy_file(const char *from, const char *to)
{
	char piece[65536];
	ssize_t n;
	int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ensure(in >= 0 && out >= 0);
	while ((n = read(in, piece, sizeof piece)) > 0)
		ensure(write(out, piece, (size_t)n) == n);
	(void)close(in);
	(void)close(out);
}

/* A store of its own on a copy of the database. */
static void open_copy(struct ops *copy)
{
	struct event_range range;

	*copy = ops;
	ops_folder(copy->folder);
	(void)snprintf(copy->path, sizeof copy->path, "%s/snug.db", copy->folder);
	copy_file(ops.path, copy->path);
	arena_init(&copy->engine.arena);
	ensure(sql_open_writer(copy->path, &copy->engine.db) == ERR_OK);
	ensure(event_range(copy->engine.db, &range) == ERR_OK);
	copy->engine.last_seq = range.head;
}

static void add(const struct ops *copy, int number)
{
	struct group_item *item = group_add(&group);

	item->role = OP_ROLE_API;
	buf_printf(&item->request,
		   "{\"op\":\"message_create\",\"actor\":\"%lld\",\"session\":\"%lld\",\"in\":{\"channel_id\":\"%lld\","
		   "\"nonce\":\"%d\",\"content\":\"%s\"}}",
		   (long long)copy->ada.id, (long long)copy->ada.session_id, (long long)copy->general_id, number,
		   ops_repeat(&ops, "words ", 300));
}

/* Commits one group after the other, checkpoints between them, and says into the pipe which are on disk. */
static void write_until_it_ends(struct ops *copy, int pipe_fd)
{
	for (int g = 0; g < GROUPS; g++) {
		group.count = 0;
		for (int i = 0; i < OPS_A_GROUP; i++)
			add(copy, g * OPS_A_GROUP + i);
		group_commit(&group, &copy->engine);
		ensure(strncmp(group.items[0].reply.p, "{\"err\":\"OK\"", 11) == 0);
		ensure(write(pipe_fd, "x", 1) == 1);
		if (g % 2 == 1)
			ensure(sql_checkpoint(copy->engine.db, g == 1 ? SQL_CHECKPOINT_PASSIVE : SQL_CHECKPOINT_RESTART,
					      0) == ERR_OK);
	}
}

/* Runs a store in a child process that ends at its at-th write. Returns how many groups it acknowledged. */
static int run_until(struct ops *copy, enum fault_kind kind, int at, unsigned seed, bool *was_hit)
{
	int pipes[2], status, acknowledged = 0;
	char piece[16];
	ssize_t n;

	ensure(pipe2(pipes, O_CLOEXEC) == 0);
	pid_t child = fork();
	ensure(child >= 0);
	if (child == 0) {
		/* Locks of SQLite belong to a process, so the connection is the child's own. */
		open_copy(copy);
		ensure(write(pipes[1], copy->folder, sizeof copy->folder) == (ssize_t)sizeof copy->folder);
		fault_seed(seed);
		fault_arm(kind, at, false);
		write_until_it_ends(copy, pipes[1]);
		_exit(0);
	}
	(void)close(pipes[1]);
	ensure(read(pipes[0], copy->folder, sizeof copy->folder) == (ssize_t)sizeof copy->folder);
	while ((n = read(pipes[0], piece, sizeof piece)) > 0)
		acknowledged += (int)n;
	(void)close(pipes[0]);
	ensure(waitpid(child, &status, 0) == child && WIFEXITED(status));
	ensure(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == FAULT_EXIT_STATUS);
	*was_hit = WEXITSTATUS(status) == FAULT_EXIT_STATUS;
	return acknowledged;
}

/* The next store finds whole groups: all that were acknowledged, and at most one more. */
static void expect_whole(struct ops *copy, int acknowledged, int at)
{
	bool sound;
	struct event_range range;

	(void)snprintf(copy->path, sizeof copy->path, "%s/snug.db", copy->folder);
	ensure(sql_open_writer(copy->path, &copy->engine.db) == ERR_OK);
	assert_int_equal(sql_check_integrity(copy->engine.db, &sound), ERR_OK);
	assert_true(sound);
	int64_t found = ops_int(copy, "SELECT count(*) FROM messages");
	if (found % OPS_A_GROUP != 0 || found < acknowledged * OPS_A_GROUP || found > (acknowledged + 1) * OPS_A_GROUP)
		fail_msg("call %d: %d groups acknowledged, %lld messages", at, acknowledged, (long long)found);
	assert_int_equal(ops_int(copy, "SELECT count(DISTINCT nonce) FROM messages WHERE CAST(nonce AS INTEGER) < %lld",
				 (long long)found),
			 found);
	assert_int_equal(ops_int(copy, "SELECT count(*) FROM events WHERE type = 'MESSAGE_CREATE'"), found);
	assert_int_equal(event_range(copy->engine.db, &range), ERR_OK);
	assert_int_equal(range.head, ops.engine.last_seq + found);
	sql_close(copy->engine.db);
	ops_folder_remove(copy->folder);
}

static void die_at_every_write(enum fault_kind kind, unsigned seed)
{
	bool was_hit = true;
	int at;

	ensure(sql_checkpoint(ops.engine.db, SQL_CHECKPOINT_TRUNCATE, 0) == ERR_OK);
	for (at = 1; was_hit; at++) {
		struct ops copy = ops;
		int acknowledged = run_until(&copy, kind, at, seed, &was_hit);

		if (!was_hit)
			assert_int_equal(acknowledged, GROUPS);
		expect_whole(&copy, acknowledged, at);
	}
	assert_in_range(at, 50, 2000);
}

static void a_store_that_is_killed_loses_nothing_that_was_acknowledged(void **state)
{
	(void)state;
	die_at_every_write(FAULT_KILL, 0);
}

static void a_power_cut_that_loses_all_that_was_not_flushed_loses_nothing_acknowledged(void **state)
{
	(void)state;
	die_at_every_write(FAULT_POWER, 0);
}

static void a_power_cut_that_loses_some_of_it_loses_nothing_acknowledged(void **state)
{
	(void)state;
	die_at_every_write(FAULT_POWER, 1);
}

#define SET_UP(test) cmocka_unit_test_setup_teardown(test, open_set_up, close_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SET_UP(a_store_that_is_killed_loses_nothing_that_was_acknowledged),
	    SET_UP(a_power_cut_that_loses_all_that_was_not_flushed_loses_nothing_acknowledged),
	    SET_UP(a_power_cut_that_loses_some_of_it_loses_nothing_acknowledged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
