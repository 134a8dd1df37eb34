/* The generic cell rate algorithm: see gcra.h. Called by front/limit_cells.c. */
#include "base/gcra.h"

#include "base/ensure.h"

/* What one take lasts. */
static int64_t interval_of(const struct gcra_rate *rate)
{
	ensure(rate->limit >= 1 && rate->limit <= rate->period_ms);
	return rate->period_ms / rate->limit;
}

struct gcra gcra_take(const struct gcra_rate *rate, int64_t until_ms, int64_t now_ms)
{
	int64_t interval = interval_of(rate);
	int64_t most = interval * rate->limit;
	bool has_taken = until_ms > now_ms && until_ms <= now_ms + most;
	int64_t from = has_taken ? until_ms : now_ms;
	int64_t used = from - now_ms + interval;
	struct gcra result = {.is_allowed = used <= most};

	if (result.is_allowed) {
		result.until_ms = from + interval;
		result.remaining = (most - used) / interval;
		result.reset_after_ms = used;
	} else {
		result.until_ms = until_ms;
		result.reset_after_ms = used - interval;
		result.retry_after_ms = used - most;
	}
	return result;
}

int64_t gcra_give_back(const struct gcra_rate *rate, int64_t until_ms)
{
	int64_t interval = interval_of(rate);

	return until_ms > interval ? until_ms - interval : 0;
}
