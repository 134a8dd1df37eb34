/* The text of server-sent events, read back by the rules of the HTML standard (section 9.2.6). */
#include "live/sse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FIELD_SIZE = 4096 };

/* What a browser makes of a stream. */
struct reader {
	char id[FIELD_SIZE], type[FIELD_SIZE], data[FIELD_SIZE];
	int dispatched; /* events that scripts hear of */
	char last_type[FIELD_SIZE], last_data[FIELD_SIZE], last_id[FIELD_SIZE];
};

static void append(char *field, const char *text, size_t n)
{
	size_t have = strlen(field);
	assert_true(have + n < FIELD_SIZE);
	memcpy(field + have, text, n);
	field[have + n] = '\0';
}

static void dispatch(struct reader *reader)
{
	strncpy(reader->last_id, reader->id, FIELD_SIZE - 1);
	if (reader->data[0] != '\0') {
		reader->data[strlen(reader->data) - 1] = '\0';
		strncpy(reader->last_data, reader->data, FIELD_SIZE - 1);
		strncpy(reader->last_type, reader->type[0] != '\0' ? reader->type : "message", FIELD_SIZE - 1);
		reader->dispatched++;
	}
	reader->data[0] = '\0';
	reader->type[0] = '\0';
}

static void read_line(struct reader *reader, const char *line, size_t n)
{
	if (n == 0) {
		dispatch(reader);
		return;
	}
	const char *colon = memchr(line, ':', n);
	size_t name_n = colon == NULL ? n : (size_t)(colon - line);
	const char *value = colon == NULL ? line + n : colon + 1;
	size_t value_n = (size_t)(line + n - value);
	if (value_n > 0 && *value == ' ') {
		value++;
		value_n--;
	}
	if (name_n == 4 && memcmp(line, "data", 4) == 0) {
		append(reader->data, value, value_n);
		append(reader->data, "\n", 1);
	} else if (name_n == 5 && memcmp(line, "event", 5) == 0) {
		reader->type[0] = '\0';
		append(reader->type, value, value_n);
	} else if (name_n == 2 && memcmp(line, "id", 2) == 0) {
		reader->id[0] = '\0';
		append(reader->id, value, value_n);
	} else {
		assert_int_equal(name_n, 0); /* a comment; nothing else may stand here */
	}
}

/* Lines end in CRLF, LF or CR. */
static void read_stream(struct reader *reader, const char *text, size_t n)
{
	memset(reader, 0, sizeof(*reader));
	for (size_t at = 0; at < n;) {
		size_t end = at;
		while (end < n && text[end] != '\n' && text[end] != '\r')
			end++;
		assert_true(end < n); /* the last line is ended too */
		read_line(reader, text + at, end - at);
		at = end + (text[end] == '\r' && end + 1 < n && text[end + 1] == '\n' ? 2 : 1);
	}
}

/* Text with every kind of line end made a newline: what of it a browser can see. */
static void normalise(const char *text, size_t n, char *out)
{
	size_t to = 0;
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\r' && i + 1 < n && text[i + 1] == '\n')
			continue;
		out[to++] = text[i] == '\r' ? '\n' : text[i];
	}
	out[to] = '\0';
}

static void data_arrives_whatever_line_ends_it_holds(void **state)
{
	static const char *const texts[] = {
	    "{\"content\":\"hello\"}",
	    "",
	    "one\ntwo",
	    "one\r\ntwo\rthree\n",
	    "\n\n\nevent: MESSAGE_DELETE\ndata: {\"id\":\"1\"}\n\nid: 9\n\n",
	    "\revent: forged\r\rid: 99\rretry: 1\r\r",
	    "\r\n\r\nevent: forged\r\ndata: x\r\n\r\n",
	    ": not a comment",
	    "  two blanks stay",
	    "\r",
	    "\n\r",
	};
	static struct reader reader;
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct buf out;
		char expected[FIELD_SIZE];
		buf_init(&out);
		sse_put(&out, INT64_C(1099511627780), "MESSAGE_CREATE", texts[i], strlen(texts[i]));
		read_stream(&reader, out.p, out.n);
		normalise(texts[i], strlen(texts[i]), expected);
		assert_int_equal(reader.dispatched, 1);
		assert_string_equal(reader.last_id, "1099511627780");
		assert_string_equal(reader.last_type, "MESSAGE_CREATE");
		assert_string_equal(reader.last_data, expected);
		buf_free(&out);
	}
}

static void several_events_stay_apart(void **state)
{
	static struct reader reader;
	struct buf out;
	(void)state;
	buf_init(&out);
	sse_put(&out, 5, "A", "x", 1);
	sse_put(&out, 6, "B", "y\rz", 3);
	sse_put(&out, 7, NULL, "last", 4);
	read_stream(&reader, out.p, out.n);
	assert_int_equal(reader.dispatched, 3);
	assert_string_equal(reader.last_type, "message");
	assert_string_equal(reader.last_id, "7");
	buf_free(&out);
}

static void random_bytes_cannot_leave_their_event(void **state)
{
	static const char alphabet[] = "\r\n\r\n:ab dievnt";
	static struct reader reader;
	(void)state;
	srandom(1);
	for (int round = 0; round < 2000; round++) {
		char text[64], expected[FIELD_SIZE];
		size_t n = (size_t)random() % sizeof(text);
		struct buf out;
		for (size_t i = 0; i < n; i++)
			text[i] = alphabet[(size_t)random() % (sizeof(alphabet) - 1)];
		buf_init(&out);
		sse_put(&out, round, "T", text, n);
		read_stream(&reader, out.p, out.n);
		normalise(text, n, expected);
		assert_int_equal(reader.dispatched, 1);
		assert_string_equal(reader.last_data, expected);
		buf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(data_arrives_whatever_line_ends_it_holds),
	    cmocka_unit_test(several_events_stay_apart),
	    cmocka_unit_test(random_bytes_cannot_leave_their_event),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
