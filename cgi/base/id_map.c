/* Linear probing with removal by shifting back, so that there are no tombstones and a map that churns never degrades.
 */
#include "base/id_map.h"

#include "base/ensure.h"

#include <stdlib.h>
#include <sys/random.h>

enum { CAPACITY_MIN = 16 };

__extension__ typedef unsigned __int128 uint128;

/* The high and the low half of a 64 by 64 bit product, folded: every bit of both factors reaches every bit. */
static uint64_t multiply_fold(uint64_t a, uint64_t b)
{
	uint128 product = (uint128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static size_t home_of(const struct id_map *map, int64_t id)
{
	uint64_t folded = multiply_fold((uint64_t)id ^ map->key[0], map->key[1]);

	return (size_t)multiply_fold(folded ^ map->key[1], map->key[0] | 1) & (map->capacity - 1);
}

/* The slot of id, or the free slot where it belongs. The map has slots. */
static size_t slot_of(const struct id_map *map, int64_t id)
{
	size_t at = home_of(map, id);

	while (map->slots[at].value && map->slots[at].id != id)
		at = (at + 1) & (map->capacity - 1);
	return at;
}

static void grow(struct id_map *map)
{
	struct id_map_slot *old = map->slots;
	size_t old_capacity = map->capacity;

	map->capacity = old_capacity ? old_capacity * 2 : CAPACITY_MIN;
	map->slots = ensure_calloc(map->capacity, sizeof *map->slots);
	for (size_t i = 0; i < old_capacity; i++) {
		if (old[i].value)
			map->slots[slot_of(map, old[i].id)] = old[i];
	}
	free(old);
}

void id_map_init(struct id_map *map)
{
	*map = (struct id_map){0};
	ensure(getrandom(map->key, sizeof map->key, 0) == (ssize_t)sizeof map->key);
	map->key[1] |= 1; /* a factor of 0 would give every id the same home */
}

void id_map_free(struct id_map *map)
{
	free(map->slots);
	map->slots = NULL;
	map->capacity = 0;
	map->count = 0;
}

void *id_map_find(const struct id_map *map, int64_t id)
{
	return map->slots ? map->slots[slot_of(map, id)].value : NULL;
}

void *id_map_insert(struct id_map *map, int64_t id, void *value)
{
	struct id_map_slot *slot;
	void *replaced;

	ensure(value != NULL);
	if ((map->count + 1) * 4 > map->capacity * 3)
		grow(map);
	slot = &map->slots[slot_of(map, id)];
	replaced = slot->value;
	if (!replaced)
		map->count++;
	*slot = (struct id_map_slot){id, value};
	return replaced;
}

/* Fills the hole at `hole` from the rest of its run: an entry may move back when its home is not between hole and
 * itself. */
static void close_hole(struct id_map *map, size_t hole)
{
	size_t mask = map->capacity - 1;

	for (size_t at = (hole + 1) & mask; map->slots[at].value; at = (at + 1) & mask) {
		size_t distance_home = (at - home_of(map, map->slots[at].id)) & mask;

		if (distance_home >= ((at - hole) & mask)) {
			map->slots[hole] = map->slots[at];
			hole = at;
		}
	}
	map->slots[hole] = (struct id_map_slot){0, NULL};
}

void *id_map_remove(struct id_map *map, int64_t id)
{
	size_t at;
	void *removed;

	if (!map->slots)
		return NULL;
	at = slot_of(map, id);
	removed = map->slots[at].value;
	if (removed) {
		close_hole(map, at);
		map->count--;
	}
	return removed;
}

/* The walk goes downwards from a free slot. Removing the current entry moves only entries of the same run that stand
 * above it, which were returned already, and no run crosses the slot where the walk began. */
bool id_map_next(const struct id_map *map, struct id_map_walk *walk)
{
	if (map->count == 0)
		return false;
	if (!walk->is_started) {
		walk->is_started = true;
		walk->left = map->capacity;
		walk->at = 0;
		while (map->slots[walk->at].value)
			walk->at++;
	}
	while (walk->left > 0) {
		walk->left--;
		walk->at = (walk->at - 1) & (map->capacity - 1);
		if (map->slots[walk->at].value) {
			walk->id = map->slots[walk->at].id;
			walk->value = map->slots[walk->at].value;
			return true;
		}
	}
	return false;
}
