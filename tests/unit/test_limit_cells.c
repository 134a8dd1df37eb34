/* The cells of rate limits, in memory that processes share. */
#include "base/log.h"
#include "base/shared.h"
#include "crypto/secret.h"
#include "front/limit_cells.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct gcra_rate five = {5, 5000}, guesses = {10, 600000};
/* One take comes back every 3.6 s, which is longer than any test here takes. */
static const struct gcra_rate thousand = {1000, LIMIT_PERIOD_MAX_MS};
static int64_t now_ms;

static int64_t given_clock(void)
{
	return now_ms;
}

static int open_on(struct limit_cells *cells)
{
	int fd = shared_create("test");

	assert_true(fd >= 0);
	assert_int_equal(limit_cells_open(cells, fd), ERR_OK);
	now_ms = 1000000;
	cells->clock_ms = given_clock;
	return fd;
}

static uint64_t key_of(const struct limit_cells *cells, int64_t n)
{
	return limit_cells_key(cells, 0, &n, sizeof n);
}

static void each_key_has_its_own(void **state)
{
	struct limit_cells cells;
	int fd = open_on(&cells);

	(void)state;
	for (int64_t n = 0; n < 1000; n++) {
		for (int i = 4; i >= 0; i--)
			assert_int_equal(limit_cells_take(&cells, key_of(&cells, n), &five).remaining, i);
		assert_false(limit_cells_take(&cells, key_of(&cells, n), &five).is_allowed);
	}
	now_ms += 1000;
	assert_true(limit_cells_take(&cells, key_of(&cells, 3), &five).is_allowed);
	assert_false(limit_cells_take(&cells, key_of(&cells, 3), &five).is_allowed);
	limit_cells_give_back(&cells, key_of(&cells, 3), &five);
	assert_true(limit_cells_take(&cells, key_of(&cells, 3), &five).is_allowed);
	close(fd);
}

static void giving_back_what_nobody_took_gives_nothing(void **state)
{
	struct limit_cells cells;
	int fd = open_on(&cells);
	uint64_t key = key_of(&cells, 1);

	(void)state;
	limit_cells_give_back(&cells, key, &five);
	assert_int_equal(limit_cells_take(&cells, key, &five).remaining, 4);
	limit_cells_give_back(&cells, key, &five);
	limit_cells_give_back(&cells, key, &five);
	assert_int_equal(limit_cells_take(&cells, key, &five).remaining, 4);
	close(fd);
}

static void order_matters_in_a_chain(void **state)
{
	struct limit_cells cells;
	int fd = open_on(&cells);
	uint64_t a = limit_cells_key(&cells, 0, "a", 1), b = limit_cells_key(&cells, 0, "b", 1);

	(void)state;
	assert_true(limit_cells_key(&cells, a, "b", 1) != limit_cells_key(&cells, b, "a", 1));
	assert_true(limit_cells_key(&cells, a, "bc", 2) !=
		    limit_cells_key(&cells, limit_cells_key(&cells, 0, "ab", 2), "c", 1));
	close(fd);
}

static void a_flood_of_short_limits_pushes_out_no_long_one(void **state)
{
	struct limit_cells cells;
	int fd = open_on(&cells);
	uint64_t failures = key_of(&cells, -1);

	(void)state;
	for (int i = 0; i < 10; i++)
		assert_true(limit_cells_take(&cells, failures, &guesses).is_allowed);
	for (int64_t n = 0; n < 300000; n++)
		assert_true(limit_cells_take(&cells, key_of(&cells, n), &five).is_allowed);
	assert_false(limit_cells_take(&cells, failures, &guesses).is_allowed);
	close(fd);
}

static void old_cells_are_used_again(void **state)
{
	struct limit_cells cells;
	int fd = open_on(&cells);

	(void)state;
	for (int round = 0; round < 4; round++) {
		for (int64_t n = 0; n < 100000; n++)
			limit_cells_take(&cells, key_of(&cells, round * 1000000 + n), &five);
		now_ms += 1001;
		/* All of them have ended, so these find room and keep it. */
		for (int64_t n = 0; n < 2000; n++)
			limit_cells_take(&cells, key_of(&cells, -n - 1), &five);
		for (int64_t n = 0; n < 2000; n++)
			assert_int_equal(limit_cells_take(&cells, key_of(&cells, -n - 1), &five).remaining, 3);
		now_ms += 5000;
	}
	close(fd);
}

/* The words of the cells, behind the header and the key. */
static uint64_t *scribble_on(int fd, size_t *count)
{
	struct stat file;
	unsigned char *bytes;

	assert_int_equal(fstat(fd, &file), 0);
	bytes = mmap(NULL, (size_t)file.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(bytes != MAP_FAILED);
	*count = (size_t)file.st_size / sizeof(uint64_t) - 16;
	return (uint64_t *)(void *)bytes + 16;
}

static uint64_t noise(size_t i)
{
	static const struct keyed_hash_key fixed = {{1, 2}};

	return keyed_hash(&fixed, &i, sizeof i);
}

/* Whatever stands there, of a key's own name or of others: nobody waits for longer than a period, after one all is as
 * new, and what is taken is counted at once. */
static void bad_content_harms_nobody_for_long(void **state)
{
	(void)state;
	for (int pattern = 0; pattern < 5; pattern++) {
		struct limit_cells cells;
		int fd = open_on(&cells);
		size_t count;
		uint64_t *words = scribble_on(fd, &count);

		for (size_t i = 0; i < count; i++) {
			uint64_t own = key_of(&cells, (int64_t)(i % 1000));
			uint64_t soon = (uint64_t)now_ms + noise(i) % 5000;
			const uint64_t values[] = {UINT64_MAX, noise(i), own, (own & (UINT64_MAX << 38)) | soon,
						   (noise(i) & (UINT64_MAX << 38)) | soon};

			words[i] = values[pattern];
		}
		for (int64_t n = 0; n < 1000; n++) {
			struct gcra got = limit_cells_take(&cells, key_of(&cells, n), &five);

			assert_true(got.is_allowed || (got.retry_after_ms > 0 && got.retry_after_ms <= 1000));
		}
		now_ms += 5000;
		for (int64_t n = 0; n < 1000; n++) {
			assert_int_equal(limit_cells_take(&cells, key_of(&cells, n), &five).remaining, 4);
			assert_int_equal(limit_cells_take(&cells, key_of(&cells, n), &five).remaining, 3);
		}
		close(fd);
	}
}

/* Runs body in so many processes that start at the same time; each maps the memory itself. Returns what they add up to.
 */
static int race(int fd, int processes, int (*body)(struct limit_cells *cells))
{
	int gate[2], results[2], sum = 0, part;

	assert_int_equal(pipe(gate), 0);
	assert_int_equal(pipe(results), 0);
	for (int i = 0; i < processes; i++) {
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			struct limit_cells cells;
			char byte;

			close(gate[1]);
			if (read(gate[0], &byte, 1) != 0 || limit_cells_open(&cells, fd) != ERR_OK)
				_exit(1);
			part = body(&cells);
			_exit(write(results[1], &part, sizeof part) == sizeof part ? 0 : 1);
		}
	}
	close(gate[0]);
	close(gate[1]); /* opens it */
	close(results[1]);
	while (read(results[0], &part, sizeof part) == sizeof part)
		sum += part;
	close(results[0]);
	for (int i = 0, status; i < processes; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	return sum;
}

static int hammer(struct limit_cells *cells)
{
	int allowed = 0;

	for (int i = 0; i < 2000; i++)
		allowed += limit_cells_take(cells, key_of(cells, 42), &thousand).is_allowed;
	return allowed;
}

static int hammer_and_give_back(struct limit_cells *cells)
{
	for (int i = 0; i < 2000; i++) {
		if (limit_cells_take(cells, key_of(cells, 42), &thousand).is_allowed)
			limit_cells_give_back(cells, key_of(cells, 42), &thousand);
	}
	return 0;
}

static void of_eight_processes_exactly_so_many_takes_pass(void **state)
{
	(void)state;
	for (int round = 0; round < 5; round++) {
		int fd = shared_create("test");

		assert_int_equal(race(fd, 8, hammer), 1000);
		assert_int_equal(race(fd, 1, hammer), 0);
		close(fd);
	}
}

static void what_many_processes_give_back_is_all_there(void **state)
{
	int fd = shared_create("test");

	(void)state;
	race(fd, 8, hammer_and_give_back);
	assert_int_equal(race(fd, 8, hammer), 1000);
	close(fd);
}

static int take_all_and_die(struct limit_cells *cells)
{
	hammer(cells);
	kill(getpid(), SIGKILL);
	return 0;
}

static void a_killed_process_leaves_what_it_took_and_no_lock(void **state)
{
	int fd = shared_create("test"), status;
	struct limit_cells cells;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		if (limit_cells_open(&cells, fd) == ERR_OK)
			take_all_and_die(&cells);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(race(fd, 8, hammer), 0);
	close(fd);
}

static void what_is_no_memory_is_an_error(void **state)
{
	struct limit_cells cells;

	(void)state;
	assert_int_equal(limit_cells_open(&cells, -1), ERR_INTERNAL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_key_has_its_own),
	    cmocka_unit_test(giving_back_what_nobody_took_gives_nothing),
	    cmocka_unit_test(order_matters_in_a_chain),
	    cmocka_unit_test(a_flood_of_short_limits_pushes_out_no_long_one),
	    cmocka_unit_test(old_cells_are_used_again),
	    cmocka_unit_test(bad_content_harms_nobody_for_long),
	    cmocka_unit_test(of_eight_processes_exactly_so_many_takes_pass),
	    cmocka_unit_test(what_many_processes_give_back_is_all_there),
	    cmocka_unit_test(a_killed_process_leaves_what_it_took_and_no_lock),
	    cmocka_unit_test(what_is_no_memory_is_an_error),
	};

	log_open("test_limit_cells", LOG_ERROR + 1);
	secret_open();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
