/* The path of a request: its segments, and where a redirect may go. */
#include "http/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static int open_arena(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void segments_are_split_before_they_are_decoded(void **state)
{
	struct path path;

	(void)state;
	assert_int_equal(path_split(&arena, STR("/"), &path), ERR_OK);
	assert_int_equal(path.count, 0);
	assert_int_equal(path_split(&arena, STR("/users/%40me/a+b"), &path), ERR_OK);
	assert_int_equal(path.count, 3);
	assert_string_equal(path.segments[0].p, "users");
	assert_string_equal(path.segments[1].p, "@me");
	assert_string_equal(path.segments[2].p, "a+b");
	assert_int_equal(path_split(&arena, STR("/r/%23%EF%B8%8F%E2%83%A3"), &path), ERR_OK);
	assert_string_equal(path.segments[1].p,
			    "#\xef\xb8\x8f\xe2\x83\xa3"); /* the keycap keeps its variation selector */
}

static void a_path_that_could_mean_another_is_refused(void **state)
{
	static const struct {
		const char *text;
		enum err expected;
	} cases[] = {
	    {"", ERR_NOT_FOUND},
	    {"users", ERR_NOT_FOUND},
	    {"//", ERR_NOT_FOUND},
	    {"/a//b", ERR_NOT_FOUND},
	    {"/a/", ERR_NOT_FOUND},
	    {"/.", ERR_NOT_FOUND},
	    {"/a/..", ERR_NOT_FOUND},
	    {"/a/%2e%2E/b", ERR_NOT_FOUND},
	    {"/a/.%2e", ERR_NOT_FOUND},
	    {"/a%2Fb", ERR_NOT_FOUND},
	    {"/a%5Cb", ERR_NOT_FOUND},
	    {"/a\\b", ERR_NOT_FOUND},
	    {"/a/b/c/d/e/f/g/h/i/j/k/l/m", ERR_NOT_FOUND},
	    {"/a%00", ERR_BAD_REQUEST},
	    {"/a%0a", ERR_BAD_REQUEST},
	    {"/%7f", ERR_BAD_REQUEST},
	    {"/%ff", ERR_BAD_REQUEST},
	    {"/%", ERR_BAD_REQUEST},
	    {"/%4", ERR_BAD_REQUEST},
	    {"/%zz", ERR_BAD_REQUEST},
	};
	struct path path;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (path_split(&arena, str_from(cases[i].text), &path) != cases[i].expected)
			fail_msg("wrong for: %s", cases[i].text);
	}
	assert_int_equal(path_split(&arena, STR("/a/b/c/d/e/f/g/h/i/j/k/l"), &path), ERR_OK);
	assert_int_equal(path.count, PATH_SEGMENTS_MAX);
}

static void a_path_has_a_greatest_length(void **state)
{
	char text[PATH_BYTES_MAX + 1];
	struct path path;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[0] = '/';
	assert_int_equal(path_split(&arena, (struct str){text, PATH_BYTES_MAX}, &path), ERR_OK);
	assert_int_equal(path_split(&arena, (struct str){text, PATH_BYTES_MAX + 1}, &path), ERR_NOT_FOUND);
}

static void a_redirect_stays_on_this_site(void **state)
{
	static const char *const local[] = {"/", "/channels/1/2?before=3", "/a#b"};
	static const char *const foreign[] = {
	    "",
	    "a",
	    "//evil.example",
	    "/\\evil.example",
	    "/\t/evil.example",
	    "https://evil.example",
	    "javascript:alert(1)",
	    "/a\r\nSet-Cookie: x",
	    "/a b",
	    "/caf\xc3\xa9",
	    "/a\\b",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++)
		assert_true(path_is_local(str_from(local[i])));
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		if (path_is_local(str_from(foreign[i])))
			fail_msg("local: %s", foreign[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(segments_are_split_before_they_are_decoded),
	    cmocka_unit_test(a_path_that_could_mean_another_is_refused),
	    cmocka_unit_test(a_path_has_a_greatest_length),
	    cmocka_unit_test(a_redirect_stays_on_this_site),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
