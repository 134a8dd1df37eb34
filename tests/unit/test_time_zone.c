/* Names of time zones. */
#include "base/time_zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void zones_are_known_by_name(void **state)
{
	static const char *const names[] = {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires",
					    "America/Port-au-Prince", "Etc/GMT+1"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!time_zone_is_known(names[i]))
			fail_msg("%s", names[i]);
	}
}

static void what_leads_elsewhere_is_no_zone(void **state)
{
	static const char *const names[] = {"",
					    "/",
					    "/etc/passwd",
					    "../../../etc/passwd",
					    "Europe/../UTC",
					    "Europe//Berlin",
					    "Europe/",
					    "/UTC",
					    "./UTC",
					    "Europe/Berlin ",
					    "Europe/Berlin\n",
					    "posix/UTC",
					    "posixrules",
					    "right/UTC",
					    "localtime",
					    "1x",
					    "\xc3\xa9",
					    "zone1970.tab"};
	char longest[TIME_ZONE_NAME_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (time_zone_is_known(names[i]))
			fail_msg("%s", names[i]);
	}
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	assert_false(time_zone_is_known(longest));
}

static void what_the_database_lacks_is_no_zone(void **state)
{
	(void)state;
	if (access("/usr/share/zoneinfo", R_OK) != 0)
		skip();
	assert_false(time_zone_is_known("Europe"));
	assert_false(time_zone_is_known("Europe/Atlantis"));
	assert_false(time_zone_is_known("leapseconds"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(zones_are_known_by_name),
	    cmocka_unit_test(what_leads_elsewhere_is_no_zone),
	    cmocka_unit_test(what_the_database_lacks_is_no_zone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
