/* The timer wheel: never early, never lost, whatever a firing timer does. */
#include "live/timers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { START_MS = 1000003 };

struct probe {
	struct timer timer;
	struct timers *timers;
	int64_t now_ms;   /* as the test has it */
	int64_t again_ms; /* sets itself again with this delay; -1: not */
	struct timer *clears;
	int fired;
};

static void fire(struct timer *timer)
{
	struct probe *probe = LIST_OWNER(timer, struct probe, timer);
	probe->fired++;
	if (probe->clears != NULL)
		timers_clear(probe->timers, probe->clears);
	if (probe->again_ms >= 0)
		timers_set(probe->timers, timer, probe->now_ms, probe->again_ms);
}

static struct timers *make(void)
{
	static struct timers timers;
	timers_init(&timers, START_MS);
	return &timers;
}

static void prepare(struct probe *probe, struct timers *timers)
{
	*probe = (struct probe){.timers = timers, .now_ms = START_MS, .again_ms = -1};
	timers_prepare(&probe->timer, fire);
}

static void a_timer_fires_once_not_early_and_at_most_a_tick_late(void **state)
{
	static const int64_t delays[] = {0, 1, 63, 64, 65, 999, 15000, 30000, TIMERS_DELAY_MAX_MS};
	struct probe probe;
	(void)state;
	for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++) {
		struct timers *timers = make();
		int64_t due_ms = START_MS + delays[i];
		prepare(&probe, timers);
		timers_set(timers, &probe.timer, START_MS, delays[i]);
		assert_true(timers_wait_ms(timers, START_MS) >= delays[i]);
		assert_true(timers_wait_ms(timers, START_MS) <= delays[i] + 2 * TIMERS_TICK_MS);
		for (int64_t now_ms = START_MS; now_ms < due_ms; now_ms += 7)
			timers_run(timers, now_ms);
		assert_int_equal(probe.fired, 0);
		timers_run(timers, due_ms + 2 * TIMERS_TICK_MS);
		assert_int_equal(probe.fired, 1);
		assert_int_equal(timers_wait_ms(timers, due_ms), -1);
		timers_run(timers, due_ms + TIMERS_DELAY_MAX_MS * 2);
		assert_int_equal(probe.fired, 1);
	}
}

static void setting_anew_moves_and_clearing_forgets(void **state)
{
	struct timers *timers = make();
	struct probe moved, cleared;
	(void)state;
	prepare(&moved, timers);
	prepare(&cleared, timers);
	timers_set(timers, &moved.timer, START_MS, 100);
	timers_set(timers, &moved.timer, START_MS, 10000);
	timers_set(timers, &cleared.timer, START_MS, 100);
	timers_clear(timers, &cleared.timer);
	timers_clear(timers, &cleared.timer);
	assert_int_equal(timers->count, 1);
	timers_run(timers, START_MS + 5000);
	assert_int_equal(moved.fired, 0);
	timers_run(timers, START_MS + 10100);
	assert_int_equal(moved.fired, 1);
	assert_int_equal(cleared.fired, 0);
}

static void a_firing_timer_may_set_itself_again_and_clear_its_neighbour(void **state)
{
	struct timers *timers = make();
	struct probe first, second;
	(void)state;
	prepare(&first, timers);
	prepare(&second, timers);
	first.again_ms = TIMERS_DELAY_MAX_MS;
	first.clears = &second.timer;
	timers_set(timers, &first.timer, START_MS, 500);
	timers_set(timers, &second.timer, START_MS, 500); /* in the same slot, behind the first */
	first.now_ms = START_MS + 600;
	timers_run(timers, START_MS + 600);
	assert_int_equal(first.fired, 1);
	assert_int_equal(second.fired, 0);
	assert_int_equal(timers->count, 1);
	timers_run(timers, START_MS + TIMERS_DELAY_MAX_MS);
	assert_int_equal(first.fired, 1);
	first.again_ms = -1;
	timers_run(timers, START_MS + 600 + TIMERS_DELAY_MAX_MS + 2 * TIMERS_TICK_MS);
	assert_int_equal(first.fired, 2);
}

static void a_long_halt_fires_all_and_what_is_set_during_it_waits_its_time(void **state)
{
	struct timers *timers = make();
	struct probe probe;
	(void)state;
	prepare(&probe, timers);
	timers_set(timers, &probe.timer, START_MS, 1000);
	probe.now_ms = START_MS + 3600 * 1000;
	probe.again_ms = 30000;
	timers_run(timers, probe.now_ms);
	assert_int_equal(probe.fired, 1);
	probe.again_ms = -1;
	timers_run(timers, probe.now_ms + 29000);
	assert_int_equal(probe.fired, 1);
	timers_run(timers, probe.now_ms + 30000 + 2 * TIMERS_TICK_MS);
	assert_int_equal(probe.fired, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_timer_fires_once_not_early_and_at_most_a_tick_late),
	    cmocka_unit_test(setting_anew_moves_and_clearing_forgets),
	    cmocka_unit_test(a_firing_timer_may_set_itself_again_and_clear_its_neighbour),
	    cmocka_unit_test(a_long_halt_fires_all_and_what_is_set_during_it_waits_its_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
