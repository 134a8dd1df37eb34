/* The generic cell rate algorithm (ITU-T I.371, annex A): so many takes in a period, of which all may come at once. Its
 * whole state is one time, until when what was taken lasts. Arithmetic alone: time is given, nothing is kept. */
#ifndef SNUG_BASE_GCRA_H
#define SNUG_BASE_GCRA_H

#include <stdbool.h>
#include <stdint.h>

enum { GCRA_PERIOD_MAX_MS = 60 * 60 * 1000 };

struct gcra_rate {
	int64_t limit;     /* takes in a period, 1 to period_ms */
	int64_t period_ms; /* one of them comes back every period_ms / limit, rounded down */
};

/* Parses "5/5s", "60/min", "1/250ms", "1000/h": so many in a period, of so many (or one) ms, s, min or h. Returns NULL,
 * or what is wrong with it as the end of a sentence (static text). */
const char *gcra_rate_parse(const char *text, struct gcra_rate *out);

struct gcra {
	bool is_allowed;
	int64_t until_ms;       /* the new state; when refused, the old one */
	int64_t remaining;      /* what may be taken at once from now on */
	int64_t reset_after_ms; /* until all of it is back */
	int64_t retry_after_ms; /* until one take is allowed; 0 when one was */
};

/* Takes one at now_ms. until_ms is what the last take left, 0 at first. No take leaves a time later than a period after
 * its own, so a time later than that is damage and counts as 0: whatever stands there, nobody waits longer than a
 * period. */
struct gcra gcra_take(const struct gcra_rate *rate, int64_t until_ms, int64_t now_ms);

/* The state after one take is given back. */
int64_t gcra_give_back(const struct gcra_rate *rate, int64_t until_ms);

#endif
