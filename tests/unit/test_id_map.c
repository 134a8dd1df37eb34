/* The map from ids to pointers, against a plain array that says what it must hold. */
#include "base/id_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { IDS = 4000 };

static int values[IDS]; /* only their addresses matter */

/* The invariants of the header, as far as they can be seen from outside: every entry is found again, and nothing else.
 */
static void assert_same(const struct id_map *map, void *const model[IDS], size_t model_count)
{
	assert_int_equal(map->count, model_count);
	assert_true(map->count * 4 <= map->capacity * 3 || map->capacity == 0);
	assert_int_equal(map->capacity & (map->capacity - 1), 0);
	for (int64_t id = 0; id < IDS; id++)
		assert_ptr_equal(id_map_find(map, id), model[id]);
}

static void random_changes_match_a_plain_array(void **state)
{
	void *model[IDS] = {0};
	size_t model_count = 0;
	struct id_map map;
	unsigned seed = 7;

	(void)state;
	id_map_init(&map);
	for (int step = 0; step < 40000; step++) {
		int64_t id;

		seed = seed * 1103515245u + 12345u;
		id = (int64_t)(seed >> 8) % IDS;
		if (seed >> 30 >= (step / 10000 % 2 == 0 ? 3u : 1u)) { /* it grows, shrinks, grows, shrinks */
			assert_ptr_equal(id_map_remove(&map, id), model[id]);
			model_count -= model[id] != NULL;
			model[id] = NULL;
		} else {
			void *value = &values[step % IDS];

			assert_ptr_equal(id_map_insert(&map, id, value), model[id]);
			model_count += model[id] == NULL;
			model[id] = value;
		}
		if (step % 500 == 0)
			assert_same(&map, model, model_count);
	}
	assert_same(&map, model, model_count);
	id_map_free(&map);
}

static void any_id_can_be_a_key(void **state)
{
	static const int64_t ids[] = {0, 1, -1, INT64_MAX, INT64_MIN};
	struct id_map map;

	(void)state;
	id_map_init(&map);
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		assert_null(id_map_insert(&map, ids[i], &values[i]));
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		assert_ptr_equal(id_map_find(&map, ids[i]), &values[i]);
	id_map_free(&map);
}

static void an_empty_map_has_nothing_and_no_memory(void **state)
{
	struct id_map_walk walk = {0};
	struct id_map map;

	(void)state;
	id_map_init(&map);
	assert_null(map.slots);
	assert_null(id_map_find(&map, 1));
	assert_null(id_map_remove(&map, 1));
	assert_false(id_map_next(&map, &walk));
	id_map_free(&map);
}

static void a_freed_map_can_be_used_again(void **state)
{
	struct id_map map;

	(void)state;
	id_map_init(&map);
	id_map_insert(&map, 5, &values[0]);
	id_map_free(&map);
	assert_null(id_map_find(&map, 5));
	assert_null(id_map_insert(&map, 5, &values[1]));
	assert_ptr_equal(id_map_find(&map, 5), &values[1]);
	id_map_free(&map);
}

static void a_walk_gives_each_entry_once(void **state)
{
	(void)state;
	for (int count = 1; count <= 200; count++) {
		char seen[201] = {0};
		struct id_map_walk walk = {0};
		struct id_map map;
		int steps = 0;

		id_map_init(&map);
		for (int64_t id = 0; id < count; id++)
			id_map_insert(&map, id, &values[id]);
		for (; id_map_next(&map, &walk); steps++) {
			assert_in_range(walk.id, 0, count - 1);
			assert_ptr_equal(walk.value, &values[walk.id]);
			assert_int_equal(seen[walk.id]++, 0);
		}
		assert_int_equal(steps, count);
		assert_false(id_map_next(&map, &walk));
		id_map_free(&map);
	}
}

/* Removal moves entries, also around the end of the table; none may be missed or come twice. Each map has a key of its
 * own, so many rounds see many layouts. */
static void entries_may_be_removed_as_a_walk_returns_them(void **state)
{
	(void)state;
	for (int round = 0; round < 3000; round++) {
		enum { COUNT = 12 }; /* as full as a table of 16 gets */
		int seen[COUNT] = {0};
		struct id_map_walk walk = {0};
		struct id_map map;

		id_map_init(&map);
		for (int64_t id = 0; id < COUNT; id++)
			id_map_insert(&map, id, &values[id]);
		assert_int_equal(map.capacity, 16);
		while (id_map_next(&map, &walk)) {
			seen[walk.id]++;
			if ((walk.id + round) % 3 != 0)
				assert_ptr_equal(id_map_remove(&map, walk.id), &values[walk.id]);
		}
		for (int64_t id = 0; id < COUNT; id++) {
			assert_int_equal(seen[id], 1);
			assert_int_equal(id_map_find(&map, id) != NULL, (id + round) % 3 == 0);
		}
		id_map_free(&map);
	}
}

static void a_map_that_churns_does_not_grow(void **state)
{
	struct id_map map;
	size_t capacity;

	(void)state;
	id_map_init(&map);
	for (int64_t id = 0; id < 100; id++)
		id_map_insert(&map, id, &values[0]);
	capacity = map.capacity;
	for (int64_t id = 100; id < 200000; id++) {
		id_map_insert(&map, id, &values[0]);
		assert_non_null(id_map_remove(&map, id - 100));
	}
	assert_int_equal(map.capacity, capacity);
	assert_int_equal(map.count, 100);
	id_map_free(&map);
}

/* The longest row of taken slots: what a find may have to look at. */
static size_t longest_run(const struct id_map *map)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < map->capacity * 2; i++) {
		run = map->slots[i & (map->capacity - 1)].value ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

/* Patterns that collide in a table without a keyed hash: equal low bits, equal high bits, snowflakes of one worker. */
static void patterns_of_ids_do_not_pile_up(void **state)
{
	static const int64_t strides[] = {1, 2, 16, 4096, INT64_C(1) << 22, INT64_C(1) << 32, INT64_C(1) << 48};

	(void)state;
	for (size_t i = 0; i < sizeof strides / sizeof *strides; i++) {
		struct id_map map;

		id_map_init(&map);
		for (uint64_t n = 0; n < 10000; n++)
			id_map_insert(&map, (int64_t)(n * (uint64_t)strides[i]), &values[0]);
		assert_true(longest_run(&map) < 500);
		id_map_free(&map);
	}
}

static void two_maps_order_the_same_ids_differently(void **state)
{
	struct id_map_walk one_walk = {0}, other_walk = {0};
	struct id_map one, other;
	int different = 0;

	(void)state;
	id_map_init(&one);
	id_map_init(&other);
	for (int64_t id = 0; id < 1000; id++) {
		id_map_insert(&one, id, &values[0]);
		id_map_insert(&other, id, &values[0]);
	}
	while (id_map_next(&one, &one_walk) && id_map_next(&other, &other_walk))
		different += one_walk.id != other_walk.id;
	assert_true(different > 900);
	id_map_free(&one);
	id_map_free(&other);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(random_changes_match_a_plain_array),
	    cmocka_unit_test(any_id_can_be_a_key),
	    cmocka_unit_test(an_empty_map_has_nothing_and_no_memory),
	    cmocka_unit_test(a_freed_map_can_be_used_again),
	    cmocka_unit_test(a_walk_gives_each_entry_once),
	    cmocka_unit_test(entries_may_be_removed_as_a_walk_returns_them),
	    cmocka_unit_test(a_map_that_churns_does_not_grow),
	    cmocka_unit_test(patterns_of_ids_do_not_pile_up),
	    cmocka_unit_test(two_maps_order_the_same_ids_differently),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
