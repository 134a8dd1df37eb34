/* The Accept header. */
#include "http/accept.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void only_a_named_type_that_is_not_refused_counts(void **state)
{
	static const struct {
		const char *header;
		bool expected;
	} cases[] = {
	    {"text/event-stream", true},
	    {"Text/Event-Stream", true},
	    {"text/html, text/event-stream;q=0.5", true},
	    {"text/event-stream;level=1;q=0.001", true},
	    {" text/event-stream ;q=1", true},
	    {"", false},
	    {"*/*", false},
	    {"text/*", false},
	    {"text/event-stream;q=0", false},
	    {"text/event-stream; q=0.000", false},
	    {"text/event-streams", false},
	    {"text/html,,application/json", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (accept_names(str_from(cases[i].header), "text/event-stream") != cases[i].expected)
			fail_msg("wrong for: %s", cases[i].header);
	}
}

static void a_long_list_is_not_read_to_its_end(void **state)
{
	char header[ACCEPT_RANGES_MAX + 32];

	(void)state;
	memset(header, ',', ACCEPT_RANGES_MAX);
	memcpy(header + ACCEPT_RANGES_MAX - 1, "text/html", 10);
	assert_true(accept_names(str_from(header), "text/html"));
	header[ACCEPT_RANGES_MAX - 1] = ',';
	memcpy(header + ACCEPT_RANGES_MAX, "text/html", 10);
	assert_false(accept_names(str_from(header), "text/html"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_a_named_type_that_is_not_refused_counts),
	    cmocka_unit_test(a_long_list_is_not_read_to_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
