#include "store/checkpoint.h"

#include "base/clock.h"
#include "base/log.h"
#include "sql/sql_writer.h"

enum {
	FEW_CALLERS = 4,
	MEGABYTE = 1024 * 1024,
	ALARM_ABOVE_BYTES = 176 * MEGABYTE,
	RESTART_WAIT_MS = 50,
	RESTART_PAUSE_MS =
	    500, /* between attempts, so that one stuck reader costs writers a tenth of their time at most */
	IDLE_AFTER_MS = 2000,
	FINISH_WAIT_MS = 1000,
};

/* How large the log grows: where many ask at the same time, each of the few checkpoints holds up as many as each of
 * many would. */
struct sizes {
	int64_t passive_every_bytes, restart_above_bytes;
};
static const struct sizes usual = {4 * MEGABYTE, 80 * MEGABYTE}, busy = {128 * MEGABYTE, 144 * MEGABYTE};

static void run(struct checkpoint_state *state, struct sql *db, enum sql_checkpoint_kind kind, int wait_ms)
{
	state->last_at_ms = clock_monotonic_ms();
	state->tried_at_bytes = sql_log_bytes(db);
	err_ignore(sql_checkpoint(db, kind, wait_ms)); /* logged; the next one tries again */
}

void checkpoint_consider(struct checkpoint_state *state, struct sql *db, int callers)
{
	const struct sizes *sizes = callers > FEW_CALLERS ? &busy : &usual;
	int64_t bytes = sql_log_bytes(db);
	int64_t since_ms = clock_monotonic_ms() - state->last_at_ms;
	if (bytes < state->tried_at_bytes)
		state->tried_at_bytes = 0; /* the log began again from its start */
	if (bytes > sizes->restart_above_bytes) {
		if (since_ms >= RESTART_PAUSE_MS)
			run(state, db, SQL_CHECKPOINT_RESTART, RESTART_WAIT_MS);
	} else if (bytes >= state->tried_at_bytes + sizes->passive_every_bytes ||
		   (callers == 0 && bytes > state->tried_at_bytes && since_ms >= IDLE_AFTER_MS)) {
		run(state, db, SQL_CHECKPOINT_PASSIVE, 0);
	}
	if (bytes > ALARM_ABOVE_BYTES && !state->has_alarmed)
		log_event(LOG_ERROR, "log_is_large", log_number("bytes", bytes));
	state->has_alarmed = bytes > ALARM_ABOVE_BYTES;
}

void checkpoint_finish(struct sql *db)
{
	err_ignore(sql_checkpoint(db, SQL_CHECKPOINT_TRUNCATE,
				  FINISH_WAIT_MS)); /* what stays is recovered at the next start */
}
