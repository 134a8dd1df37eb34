/* Who has taken how much of what, in the memory that snug run hands down as SNUG_FD_LIMITS: shared by all processes of
 * snug-web and snug-api, and older than any of them.
 *
 * A cell is one 64-bit word, (name, time until which what was taken lasts), and is only ever replaced whole by
 * compare-and-swap. So there is no lock that a dead process could keep and no half-written cell, and whatever stands in
 * the memory is a state: at worst somebody waits, or does not, for one period. A cell whose time has passed says as
 * much as none at all, so nothing is ever cleaned up. */
#ifndef SNUG_FRONT_LIMIT_CELLS_H
#define SNUG_FRONT_LIMIT_CELLS_H

#include "base/err.h"
#include "base/gcra.h"
#include "crypto/keyed_hash.h"

#include <stddef.h>
#include <stdint.h>

struct limit_memory;

struct limit_cells {
	struct limit_memory *memory;
	struct keyed_hash_key key;
	int64_t (*clock_ms)(void); /* monotonic, the same in all processes; tests bring their own */
};

/* Longest period a rate may have. */
enum { LIMIT_PERIOD_MAX_MS = GCRA_PERIOD_MAX_MS };

/* Maps the memory; whoever comes first chooses the key of the hash. Errors: ERR_INTERNAL (logged). */
enum err limit_cells_open(struct limit_cells *cells, int fd) MUST_USE;

/* The key of a cell is a chain of such hashes, begun with 0: of a limit's name, then of whom it is for. */
uint64_t limit_cells_key(const struct limit_cells *cells, uint64_t before, const void *bytes, size_t n);

/* Takes one, and says how it went. */
struct gcra limit_cells_take(struct limit_cells *cells, uint64_t key, const struct gcra_rate *rate);

/* Undoes one take. */
void limit_cells_give_back(struct limit_cells *cells, uint64_t key, const struct gcra_rate *rate);

#endif
