/* The log: whatever is logged, each line is one JSON object. */
#include "base/log.h"

#include "base/arena.h"
#include "child.h"
#include "json/json.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { LINE_SIZE_MAX = 4096 };

static struct arena arena;
static struct buf out;

static int open_out(void **state)
{
	(void)state;
	arena_init(&arena);
	buf_init(&out);
	return 0;
}

static int close_out(void **state)
{
	(void)state;
	buf_free(&out);
	arena_free(&arena);
	return 0;
}

/* Runs body and returns the one line that it logged, parsed. */
static const json_t *line_of(void (*body)(void))
{
	json_t *line;

	assert_int_equal(child_run(body, &out), 0);
	assert_true(out.n > 0 && out.n <= LINE_SIZE_MAX);
	assert_ptr_equal(strchr(out.p, '\n'), out.p + out.n - 1);
	assert_int_equal(json_parse(&arena, out.p, out.n, &line), ERR_OK);
	return line;
}

static void log_plainly(void)
{
	log_open("snug-test", LOG_INFO);
	log_event(LOG_WARN, "child_died", log_text("child", "web"), log_number("status", -9));
}

static void a_line_says_when_what_and_who(void **state)
{
	const json_t *line = line_of(log_plainly);
	const char *at = json_text(line, "at");

	(void)state;
	assert_int_equal(strlen(at), strlen("2026-01-02T03:04:05.678000+00:00"));
	assert_string_equal(at + strlen(at) - 6, "+00:00");
	assert_string_equal(json_text(line, "level"), "warn");
	assert_string_equal(json_text(line, "program"), "snug-test");
	assert_true(json_int(line, "pid") > 1);
	assert_string_equal(json_text(line, "event"), "child_died");
	assert_string_equal(json_text(line, "child"), "web");
	assert_int_equal(json_int(line, "status"), -9);
	assert_int_equal(json_object_size(line), 7);
}

static void log_below_the_level(void)
{
	log_open("snug-test", LOG_WARN);
	log_event(LOG_INFO, "no", log_number("n", 1));
	log_event(LOG_DEBUG, "no", log_number("n", 2));
	log_event(LOG_ERROR, "yes", log_number("n", 3));
}

static void lines_below_the_level_are_dropped(void **state)
{
	const json_t *line = line_of(log_below_the_level);

	(void)state;
	assert_string_equal(json_text(line, "event"), "yes");
	assert_null(json_object_get(line, "lost")); /* they were not wanted */
}

#define HOSTILE "\"},{\\ \n\r\t\b\f\x01\x1b[31m\x7f \xc2\x9b é 😀 <script>"

static void log_hostile_text(void)
{
	log_event(LOG_INFO, HOSTILE, log_text(HOSTILE, HOSTILE), log_text("null", NULL),
		  log_number("least", INT64_MIN));
}

static void text_cannot_break_out_of_its_string(void **state)
{
	const json_t *line = line_of(log_hostile_text);

	(void)state;
	assert_string_equal(json_text(line, "event"), HOSTILE);
	assert_string_equal(json_text(line, HOSTILE), HOSTILE);
	assert_string_equal(json_text(line, "null"), "");
	assert_true(json_int(line, "least") == INT64_MIN);
	for (size_t i = 0; i + 1 < out.n; i++) {
		unsigned char c = (unsigned char)out.p[i];

		assert_true(c >= 0x20 && c != 0x7f); /* nothing that a terminal would obey */
	}
	assert_null(strstr(out.p, "\xc2\x9b"));
}

static void log_broken_utf8(void)
{
	log_event(LOG_INFO, "broken",
		  log_text("text", "a\xff\xc3(\xed\xa0\x80"
				   "b\xf0\x9f\x98"));
}

static void bytes_that_are_no_utf8_are_replaced(void **state)
{
	const json_t *line = line_of(log_broken_utf8);

	(void)state;
	assert_string_equal(json_text(line, "text"), "a\ufffd\ufffd(\ufffd\ufffd\ufffdb\ufffd\ufffd\ufffd");
}

static void log_much(void)
{
	static char long_text[20000];

	for (size_t i = 0; i + 4 < sizeof long_text; i += 4)
		memcpy(long_text + i, "😀", 4);
	log_event(LOG_INFO, "long", log_text("first", long_text), log_text("second", long_text),
		  log_number("third", 3));
}

static void a_line_that_would_be_too_long_is_cut_and_still_json(void **state)
{
	const json_t *line = line_of(log_much);

	(void)state;
	assert_string_equal(json_text(line, "event"), "long");
	assert_true(json_string_length(json_object_get(line, "first")) > 3000);
}

static void log_controls(void)
{
	static char long_text[20000];

	memset(long_text, 1, sizeof long_text - 1);
	log_event(LOG_INFO, "long", log_text("controls", long_text), log_text(long_text, "key"));
}

static void a_line_of_nothing_but_escapes_is_cut_and_still_json(void **state)
{
	const json_t *line = line_of(log_controls);

	(void)state;
	assert_true(json_string_length(json_object_get(line, "controls")) > 500);
}

/* Has 100 lines dropped by a reader that has stopped. */
static void lose_lines(void)
{
	int pipe_fds[2], out_fd = dup(STDERR_FILENO);
	char filler[4096] = {0};

	ensure(out_fd >= 0 && pipe2(pipe_fds, O_NONBLOCK) == 0);
	while (write(pipe_fds[1], filler, sizeof filler) > 0)
		;
	fcntl(pipe_fds[1], F_SETFL, 0); /* a write would now block for ever */
	dup2(pipe_fds[1], STDERR_FILENO);
	alarm(120);
	for (int i = 0; i < 100; i++)
		log_write(LOG_INFO, "lost", NULL);
	dup2(out_fd, STDERR_FILENO);
}

static void log_after_lost_lines(void)
{
	lose_lines();
	log_write(LOG_INFO, "reads_again", NULL);
}

static void a_reader_that_has_stopped_costs_lines_and_no_time(void **state)
{
	const json_t *line = line_of(log_after_lost_lines);

	(void)state;
	assert_string_equal(json_text(line, "event"), "reads_again");
	assert_int_equal(json_int(line, "lost"), 100);
}

static void log_much_after_lost_lines(void)
{
	lose_lines();
	log_controls();
}

static void a_line_that_is_cut_still_says_how_many_were_lost(void **state)
{
	(void)state;
	assert_int_equal(json_int(line_of(log_much_after_lost_lines), "lost"), 100);
}

static void log_into_a_closed_pipe(void)
{
	int pipe_fds[2];

	ensure(pipe(pipe_fds) == 0);
	close(pipe_fds[0]);
	dup2(pipe_fds[1], STDERR_FILENO);
	log_event(LOG_ERROR, "nobody_reads", log_number("n", 1));
}

static void a_reader_that_is_gone_does_not_kill_the_program(void **state)
{
	(void)state;
	assert_int_equal(child_run(log_into_a_closed_pipe, &out), 0);
	assert_int_equal(out.n, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_line_says_when_what_and_who, open_out, close_out),
	    cmocka_unit_test_setup_teardown(lines_below_the_level_are_dropped, open_out, close_out),
	    cmocka_unit_test_setup_teardown(text_cannot_break_out_of_its_string, open_out, close_out),
	    cmocka_unit_test_setup_teardown(bytes_that_are_no_utf8_are_replaced, open_out, close_out),
	    cmocka_unit_test_setup_teardown(a_line_that_would_be_too_long_is_cut_and_still_json, open_out, close_out),
	    cmocka_unit_test_setup_teardown(a_line_of_nothing_but_escapes_is_cut_and_still_json, open_out, close_out),
	    cmocka_unit_test_setup_teardown(a_reader_that_has_stopped_costs_lines_and_no_time, open_out, close_out),
	    cmocka_unit_test_setup_teardown(a_line_that_is_cut_still_says_how_many_were_lost, open_out, close_out),
	    cmocka_unit_test_setup_teardown(a_reader_that_is_gone_does_not_kill_the_program, open_out, close_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
