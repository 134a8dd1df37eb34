/* A hash map from ids to pointers for the event loops: open addressing, no allocation per entry. The hash is keyed by
 * random bytes, so a peer that chooses ids cannot make them collide. Invariants: capacity is 0 or a power of two; at
 * most 3/4 of the slots are taken; a slot is free when its value is NULL; between an entry and its home slot no slot is
 * free. */
#ifndef SNUG_BASE_ID_MAP_H
#define SNUG_BASE_ID_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct id_map_slot {
	int64_t id;
	void *value;
};

struct id_map {
	struct id_map_slot *slots; /* NULL until the first insert */
	size_t capacity;
	size_t count; /* entries */
	uint64_t key[2];
};

void id_map_init(struct id_map *map);
void id_map_free(struct id_map *map); /* releases the map, not the values; leaves it empty and usable */

/* The value of id, or NULL. */
void *id_map_find(const struct id_map *map, int64_t id);

/* Borrows value, which is not NULL. Returns the value that it replaces, or NULL. */
void *id_map_insert(struct id_map *map, int64_t id, void *value);

/* Returns the value that was removed, or NULL. The memory is kept for later entries. */
void *id_map_remove(struct id_map *map, int64_t id);

/* Walks the entries in no particular order. During a walk the entry that was just returned may be removed, nothing else
 * may change:
 *
 *   struct id_map_walk walk = {0};
 *   while (id_map_next(&map, &walk)) use(walk.id, walk.value); */
struct id_map_walk {
	int64_t id;
	void *value;
	size_t at;   /* the slot that was looked at last */
	size_t left; /* slots still to look at */
	bool is_started;
};

bool id_map_next(const struct id_map *map, struct id_map_walk *walk);

#endif
