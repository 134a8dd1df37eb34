/* Time. Wall-clock times are milliseconds since 1970 UTC in int64_t named …_at_ms. */
#ifndef SNUG_BASE_CLOCK_H
#define SNUG_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

int64_t clock_now_ms(void);       /* wall clock */
int64_t clock_monotonic_ms(void); /* for timeouts; never goes back */
int64_t clock_monotonic_us(void);

enum { CLOCK_ISO8601_SIZE = 40 };

/* Writes "2026-01-02T03:04:05.678000+00:00" (ISO 8601, the form Discord's libraries parse), NUL-terminated. */
void clock_iso8601(int64_t at_ms, char out[CLOCK_ISO8601_SIZE]);

/* Reads such a time as clients write it: "2026-01-02T03:04:05.678Z", other offsets, seconds and fraction or not. False
 * for anything else, and for days that no calendar has. */
bool clock_parse_iso8601(const char *text, int64_t *at_ms);

#endif
