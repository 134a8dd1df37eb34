#include "base/clock.h"

#include "base/ensure.h"

#include <string.h>
#include <time.h>

#define DAY_MS INT64_C(86400000)
#define YEAR_0_MS INT64_C(-62167219200000)        /* 0000-01-01T00:00:00.000Z */
#define YEAR_9999_END_MS INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */

static int64_t read_us(clockid_t id)
{
	struct timespec now;

	ensure(clock_gettime(id, &now) == 0);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_now_ms(void)
{
	return read_us(CLOCK_REALTIME) / 1000;
}

int64_t clock_monotonic_ms(void)
{
	return read_us(CLOCK_MONOTONIC) / 1000;
}

int64_t clock_monotonic_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

static void put_digits(char *out, int64_t value, int count)
{
	while (count-- > 0) {
		out[count] = (char)('0' + value % 10);
		value /= 10;
	}
}

struct date {
	int64_t year, month, day;
};

/* The civil date of a day counted from 1970-01-01. Years are counted from March, so that the leap day is the last of
 * its year and month lengths follow one formula; 719,468 days lie between 0000-03-01 and 1970-01-01, 146,097 in 400
 * years. */
static struct date date_from_days(int64_t days)
{
	int64_t shifted = days + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t day_of_era = shifted - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month_from_march = (5 * day_of_year + 2) / 153;
	int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;

	return (struct date){
	    .year = year_of_era + era * 400 + (month <= 2),
	    .month = month,
	    .day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
	};
}

/* Not gmtime_r and strftime: a page of history writes a hundred times. Times outside the years 0000 to 9999, which have
 * no ISO 8601 form of four digits, are drawn to the nearer end. */
void clock_iso8601(int64_t at_ms, char out[CLOCK_ISO8601_SIZE])
{
	int64_t days, of_day_ms;
	struct date date;

	if (at_ms < YEAR_0_MS)
		at_ms = YEAR_0_MS;
	if (at_ms > YEAR_9999_END_MS)
		at_ms = YEAR_9999_END_MS;
	days = at_ms / DAY_MS - (at_ms % DAY_MS < 0);
	of_day_ms = at_ms - days * DAY_MS;
	date = date_from_days(days);
	memcpy(out, "0000-00-00T00:00:00.000000+00:00", sizeof "0000-00-00T00:00:00.000000+00:00");
	put_digits(out, date.year, 4);
	put_digits(out + 5, date.month, 2);
	put_digits(out + 8, date.day, 2);
	put_digits(out + 11, of_day_ms / 3600000, 2);
	put_digits(out + 14, of_day_ms / 60000 % 60, 2);
	put_digits(out + 17, of_day_ms / 1000 % 60, 2);
	put_digits(out + 20, of_day_ms % 1000, 3);
}
