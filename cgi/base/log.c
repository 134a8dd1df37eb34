/* Log lines are built on the stack and end at LINE_MAX bytes, what a pipe takes as a whole (PIPE_BUF): lines of several
 * programs on one pipe never mix, and a line can be written when memory is out. Text that does not fit is cut. The
 * state here is the one exception to the rule that only main/ has any: a log that had to be passed along would not be
 * written. */
#include "base/log.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { LINE_SIZE = 4096, TAIL_SIZE = 64, STUCK_TIMEOUT_MS = 50 };

static struct {
	const char *program;
	enum log_level least;
	int64_t lost; /* lines that were dropped since the last one that got out */
} state = {.program = "snug", .least = LOG_INFO};

struct line {
	char text[LINE_SIZE];
	size_t n;
};

void log_open(const char *program, enum log_level least)
{
	state.program = program;
	state.least = least;
	/* snug run starts programs by descriptor, and older kernels then show the number of that as the name in ps. */
	(void)prctl(PR_SET_NAME, program);
}

/* Room for what must follow (closing quote, "lost", brace, newline) is always left. */
static bool has_room(const struct line *line, size_t more)
{
	return line->n + more + TAIL_SIZE < sizeof line->text;
}

static void put(struct line *line, const char *text, size_t n)
{
	memcpy(line->text + line->n, text, n);
	line->n += n;
}

/* One code point as JSON (RFC 8259 section 7) at p; returns the bytes it took. What is not UTF-8 becomes U+FFFD. C1
 * controls are escaped too, since logs are read in terminals. */
static size_t put_escaped(struct line *line, const char *p, size_t n)
{
	char escape[8];
	uint32_t c;
	size_t length = utf8_decode(p, n, &c);

	if (length == 0) {
		put(line, "\xef\xbf\xbd", 3);
		return 1;
	}
	if (c == '"' || c == '\\') {
		put(line, "\\", 1);
		put(line, p, 1);
	} else if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
		snprintf(escape, sizeof escape, "\\u%04x", (unsigned)c & 0xffu);
		put(line, escape, 6);
	} else {
		put(line, p, length);
	}
	return length;
}

static void put_string(struct line *line, const char *text)
{
	size_t n = strlen(text);
	size_t at = 0;

	put(line, "\"", 1);
	while (at < n && has_room(line, 16))
		at += put_escaped(line, text + at, n - at);
	put(line, "\"", 1);
}

static void put_number(struct line *line, int64_t number)
{
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%lld", (long long)number);

	put(line, digits, (size_t)n);
}

/* ,"key":value, or nothing when not even the key fits. */
static void put_field(struct line *line, struct log_field field)
{
	if (!has_room(line, strlen(field.key) * 6 + 32))
		return;
	put(line, ",", 1);
	put_string(line, field.key);
	put(line, ":", 1);
	if (field.text)
		put_string(line, field.text);
	else
		put_number(line, field.number);
}

/* A reader of stderr that has stopped must not stop the program: wait a little once, and drop lines until it reads
 * again. poll() says "writable" of a pipe when PIPE_BUF bytes fit, so write() then does not block. */
static bool write_line(const struct line *line)
{
	struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};

	if (poll(&out, 1, state.lost ? 0 : STUCK_TIMEOUT_MS) != 1 || !(out.revents & POLLOUT) || out.revents & POLLERR)
		return false;
	return write(STDERR_FILENO, line->text, line->n) == (ssize_t)line->n;
}

void log_write(enum log_level level, const char *event, const struct log_field *fields)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	char at[CLOCK_ISO8601_SIZE];
	struct line line;

	if (level < state.least)
		return;
	line.n = 0;
	clock_iso8601(clock_now_ms(), at);
	put(&line, "{\"at\":", 6);
	put_string(&line, at);
	put_field(&line, log_text("level", names[level]));
	put_field(&line, log_text("program", state.program));
	put_field(&line, log_number("pid", getpid()));
	put_field(&line, log_text("event", event));
	for (; fields && fields->key; fields++)
		put_field(&line, *fields);
	if (state.lost) {
		put(&line, ",\"lost\":", 8);
		put_number(&line, state.lost);
	}
	put(&line, "}\n", 2);
	state.lost = write_line(&line) ? 0 : state.lost + 1;
}
