/* The generic cell rate algorithm: see gcra.h. Called by front/limit_cells.c. */
#include "base/gcra.h"

#include "base/ensure.h"

#include <string.h>

/* Digits at the start of *text, which is moved behind them. -1 when there are none, or more than a period could have
 * milliseconds. */
static int64_t number_take(const char **text)
{
	const char *start = *text;
	int64_t number = 0;

	while (**text >= '0' && **text <= '9' && *text - start < 8)
		number = number * 10 + (*(*text)++ - '0');
	return *text == start ? -1 : number;
}

static int64_t unit_ms(const char *text)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"ms", 1}, {"s", 1000}, {"min", 60 * 1000}, {"h", 60 * 60 * 1000}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(text, units[i].name) == 0)
			return units[i].ms;
	}
	return 0;
}

const char *gcra_rate_parse(const char *text, struct gcra_rate *out)
{
	int64_t limit = number_take(&text), periods = 1;

	if (limit < 0 || *text++ != '/')
		return "is not of the form 5/5s or 60/min";
	if (*text >= '0' && *text <= '9')
		periods = number_take(&text);
	*out = (struct gcra_rate){limit, periods * unit_ms(text)};
	if (unit_ms(text) == 0)
		return "ends with none of ms, s, min and h";
	if (out->period_ms < 1 || out->period_ms > GCRA_PERIOD_MAX_MS)
		return "has a period that is not between 1 ms and 1 h";
	if (limit < 1 || limit > out->period_ms)
		return "does not allow at least one a period and at most one a millisecond";
	return NULL;
}

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
