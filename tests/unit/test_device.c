/* User agents in words. */
#include "text/device.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
	const char *user_agent, *words;
} cases[] = {
    {"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
     "Chrome on Windows"},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 "
     "Edg/126.0.0.0",
     "Edge on Windows"},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
     "Safari/605.1.15",
     "Safari on macOS"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 "
     "Mobile/15E148 Safari/604.1",
     "Chrome on iPhone"},
    {"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0 Mobile "
     "Safari/537.36",
     "Samsung Internet on Android"},
    {"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
     "Chrome on ChromeOS"},
    {"Mozilla/5.0", "Browser"},
    {"Mozilla/5.0 Firefox/1.0", "Firefox"},
    {"curl/8.5.0", "curl"},
    {"python-requests/2.31.0", "python-requests"},
    {"DiscordBot (https://discord.js.org, 14.0)", "DiscordBot"},
    {"/", "Unknown device"},
    {"", "Unknown device"},
    {NULL, "Unknown device"},
};

static void what_people_use_is_said_in_words(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(device_describe(&arena, cases[i].user_agent), cases[i].words);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_people_use_is_said_in_words)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
