/* Reading ISO 8601 (RFC 3339 section 5.6, with what Discord's libraries make of it): a date, 'T' or a blank, a time
 * whose seconds and fraction may be missing, and an offset; without one it is UTC. */
#include "base/clock.h"

#include <string.h>

struct cursor {
	const char *p;
};

/* count digits, with a value from min to max. */
static bool take(struct cursor *at, int count, int min, int max, int *out)
{
	*out = 0;
	for (int i = 0; i < count; i++, at->p++) {
		if (*at->p < '0' || *at->p > '9')
			return false;
		*out = *out * 10 + (*at->p - '0');
	}
	return *out >= min && *out <= max;
}

static bool take_char(struct cursor *at, const char *any)
{
	if (*at->p == '\0' || strchr(any, *at->p) == NULL)
		return false;
	at->p++;
	return true;
}

static int days_in(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && is_leap);
}

/* Days from 1970-01-01: whole years with their leap days, then months. */
static int64_t days_from_date(int year, int month, int day)
{
	int64_t before = year - 1;
	int64_t days = before * 365 + before / 4 - before / 100 + before / 400 - 719162;
	for (int i = 1; i < month; i++)
		days += days_in(year, i);
	return days + day - 1;
}

/* A fraction of any length; what is below a millisecond is dropped. */
static bool take_fraction(struct cursor *at, int *ms)
{
	const char *start = at->p;
	int worth = 100;
	for (*ms = 0; *at->p >= '0' && *at->p <= '9'; at->p++, worth /= 10)
		*ms += (*at->p - '0') * worth;
	return at->p > start;
}

/* Nothing, "Z", "+01:00", "-0130". */
static bool take_offset(struct cursor *at, int64_t *offset_minutes)
{
	int hours, minutes;
	*offset_minutes = 0;
	if (*at->p == '\0' || take_char(at, "Zz"))
		return true;
	bool is_west = *at->p == '-';
	if (!take_char(at, "+-") || !take(at, 2, 0, 23, &hours))
		return false;
	(void)take_char(at, ":");
	if (!take(at, 2, 0, 59, &minutes))
		return false;
	*offset_minutes = (is_west ? -1 : 1) * (hours * 60 + minutes);
	return true;
}

bool clock_parse_iso8601(const char *text, int64_t *at_ms)
{
	struct cursor at = {text};
	int year, month, day, hour, minute, second = 0, ms = 0;
	int64_t offset_minutes;
	if (!take(&at, 4, 1, 9999, &year) || !take_char(&at, "-") || !take(&at, 2, 1, 12, &month) ||
	    !take_char(&at, "-") || !take(&at, 2, 1, days_in(year, month), &day))
		return false;
	if (!take_char(&at, "Tt ") || !take(&at, 2, 0, 23, &hour) || !take_char(&at, ":") ||
	    !take(&at, 2, 0, 59, &minute))
		return false;
	if (take_char(&at, ":") && !take(&at, 2, 0, 59, &second))
		return false;
	if (take_char(&at, ".,") && !take_fraction(&at, &ms))
		return false;
	if (!take_offset(&at, &offset_minutes) || *at.p != '\0')
		return false;
	int64_t minutes = (days_from_date(year, month, day) * 24 + hour) * 60 + minute - offset_minutes;
	*at_ms = (minutes * 60 + second) * 1000 + ms;
	return true;
}
