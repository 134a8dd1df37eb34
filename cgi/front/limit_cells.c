/* The cells of rate limits: see limit_cells.h. A key's hash chooses a set of eight cells, one line of the processor's
 * cache, and names the cell in it by 26 bits more. Two keys that share all 39 bits share a cell; nobody can prepare
 * that, since the hash's key is random for each memory, and by chance it happens once in tens of millions.
 *
 * Takes from a cell are exact however many processes there are. Two that bring a new key in at the same moment look at
 * the same set and choose the same cell, unless another cell of the set ends just between their looks: then each may
 * have one, and one take more passes.
 *
 * Eight cells of a set are in use at the same time only under an attack from thousands of addresses. Then the one that
 * ends first is taken over, so a flood of short limits pushes out no failed logins. */
#include "front/limit_cells.h"

#include "base/clock.h"
#include "base/ensure.h"
#include "base/shared.h"

#include <stdatomic.h>
#include <stdbool.h>

enum {
	SET_CELLS = 8,
	SETS = 8192,
	TIME_BITS = 38, /* 8 years of milliseconds since the machine started */
	LIMITS_VERSION = 1,
	ATTEMPTS_MAX = 10000,
};

#define TIME_MASK ((UINT64_C(1) << TIME_BITS) - 1)

struct limit_memory {
	_Atomic uint64_t key_halves[2]; /* 0: nobody has chosen it yet */
	uint64_t unused[6];
	_Atomic uint64_t cells[SETS][SET_CELLS];
};

_Static_assert(sizeof(struct limit_memory) == 64 + SETS * 64, "a set is one line of the cache");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "a lock would live in one process alone");

/* A set as it was at a moment; now_ms was read after the words, so no time in it comes from the future. */
struct look {
	uint64_t words[SET_CELLS];
	int64_t now_ms;
};

enum err limit_cells_open(struct limit_cells *cells, int fd)
{
	struct keyed_hash_key mine;
	void *memory;

	TRY(shared_map(fd, SHARED_LIMITS, LIMITS_VERSION, sizeof(struct limit_memory), &memory));
	cells->memory = memory;
	cells->clock_ms = clock_monotonic_ms;
	keyed_hash_key_random(&mine);
	for (size_t i = 0; i < 2; i++) {
		uint64_t chosen = 0;

		if (atomic_compare_exchange_strong(&cells->memory->key_halves[i], &chosen, mine.halves[i]))
			chosen = mine.halves[i];
		cells->key.halves[i] = chosen;
	}
	return ERR_OK;
}

uint64_t limit_cells_key(const struct limit_cells *cells, uint64_t before, const void *bytes, size_t n)
{
	uint64_t chain[2] = {before, keyed_hash(&cells->key, bytes, n)};

	return keyed_hash(&cells->key, chain, sizeof(chain));
}

static _Atomic uint64_t *set_of(struct limit_cells *cells, uint64_t key)
{
	return cells->memory->cells[key % SETS];
}

static uint64_t word_of(uint64_t key, int64_t until_ms)
{
	return (key & ~TIME_MASK) | ((uint64_t)until_ms & TIME_MASK);
}

static int64_t time_of(uint64_t word)
{
	return (int64_t)(word & TIME_MASK);
}

static bool is_named(uint64_t word, uint64_t key)
{
	return word != 0 && (word & ~TIME_MASK) == (key & ~TIME_MASK);
}

static void look_at(const struct limit_cells *cells, const _Atomic uint64_t *set, struct look *look)
{
	for (size_t i = 0; i < SET_CELLS; i++)
		look->words[i] = atomic_load(&set[i]);
	look->now_ms = cells->clock_ms();
}

/* How long what was taken lasts still; 0 when it has passed or is so far off that nobody can have written it. */
static int64_t left_of(const struct look *look, size_t i)
{
	int64_t left = time_of(look->words[i]) - look->now_ms;

	return left > 0 && left <= LIMIT_PERIOD_MAX_MS ? left : 0;
}

/* The key's own cell; else the first that is free, else the one that ends first. */
static size_t choose(const struct look *look, uint64_t key, bool *is_own)
{
	size_t best = 0;

	*is_own = true;
	for (size_t i = 0; i < SET_CELLS; i++) {
		if (is_named(look->words[i], key))
			return i;
	}
	*is_own = false;
	for (size_t i = 1; i < SET_CELLS; i++) {
		if (left_of(look, i) < left_of(look, best))
			best = i;
	}
	return best;
}

/* Each failed attempt means that somebody else's take in this set succeeded, so they end soon; the bound is for a
 * memory that something writes to without end. */
struct gcra limit_cells_take(struct limit_cells *cells, uint64_t key, const struct gcra_rate *rate)
{
	_Atomic uint64_t *set = set_of(cells, key);
	struct gcra result = {0};
	struct look look;

	ensure(rate->period_ms <= LIMIT_PERIOD_MAX_MS);
	for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
		size_t i;
		bool is_own;

		look_at(cells, set, &look);
		i = choose(&look, key, &is_own);
		result = gcra_take(rate, is_own ? time_of(look.words[i]) : 0, look.now_ms);
		if (!result.is_allowed ||
		    atomic_compare_exchange_strong(&set[i], &look.words[i], word_of(key, result.until_ms)))
			break;
	}
	return result;
}

void limit_cells_give_back(struct limit_cells *cells, uint64_t key, const struct gcra_rate *rate)
{
	_Atomic uint64_t *set = set_of(cells, key);
	struct look look;

	for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
		size_t i;
		bool is_own;
		int64_t until_ms;

		look_at(cells, set, &look);
		i = choose(&look, key, &is_own);
		if (!is_own || left_of(&look, i) == 0)
			return;
		until_ms = gcra_give_back(rate, time_of(look.words[i]));
		if (atomic_compare_exchange_strong(&set[i], &look.words[i], word_of(key, until_ms)))
			return;
	}
}
