/* Names of time zones, as the IANA time zone database has them ("Europe/Berlin"). */
#ifndef SNUG_BASE_TIME_ZONE_H
#define SNUG_BASE_TIME_ZONE_H

#include <stdbool.h>

enum { TIME_ZONE_NAME_MAX = 64 };

/* Whether there is such a zone on this machine; where the machine has no database (package tzdata), whether it is a
 * name that could be one. It never leads to a file outside the database. */
bool time_zone_is_known(const char *name);

#endif
