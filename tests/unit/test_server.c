/* The store's loop as a process of its own: roles of sockets, hostile callers, the feed, its end. */
#include "base/clock.h"
#include "base/ensure.h"
#include "base/shared.h"
#include "domain/session/session_changes.h"
#include "server_fixture.h"
#include "sql/sql_writer.h"
#include "store/feed.h"
#include "store/group.h"
#include "store/wire.h"

#include <dirent.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_MS = 60000 };

static struct server_fixture fixture;
static struct buf received;
static struct arena arena;

static int open_store(void **state)
{
	(void)state;
	server_fixture_open(&fixture);
	buf_init(&received);
	arena_init(&arena);
	return 0;
}

static int close_store(void **state)
{
	(void)state;
	server_fixture_close(&fixture);
	buf_free(&received);
	arena_free(&arena);
	return 0;
}

/* A request of ada's with one or two texts as its input. */
static const char *request_text(const char *op, const char *name, const char *value, const char *name2,
				const char *value2)
{
	const char *second = name2 == NULL ? "" : arena_printf(&arena, ",\"%s\":\"%s\"", name2, value2);

	return arena_printf(&arena, "{\"op\":\"%s\",\"actor\":\"%lld\",\"session\":\"%lld\",\"in\":{\"%s\":\"%s\"%s}}",
			    op, (long long)fixture.ops.ada.id, (long long)fixture.ops.ada.session_id, name, value,
			    second);
}

static const char *post_text(const char *content)
{
	return request_text("message_create", "channel_id",
			    arena_printf(&arena, "%lld", (long long)fixture.ops.general_id), "content", content);
}

static void tell(int fd, const char *text)
{
	ensure(wire_send(fd, text, strlen(text), 0) == WIRE_OK);
}

/* The error's name of the next reply; "" when the connection ended. */
static const char *hear(int fd)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	json_t *root;

	ensure(poll(&ready, 1, PATIENCE_MS) == 1);
	if (wire_receive(fd, &received, MSG_DONTWAIT) != WIRE_OK)
		return "";
	ensure(json_parse_own(&arena, received.p, received.n, &root) == ERR_OK);
	return json_text(root, "err");
}

static const char *ask(int fd, const char *text)
{
	tell(fd, text);
	return hear(fd);
}

/* The id in the last reply's result. */
static const char *result_id(void)
{
	json_t *root;

	ensure(json_parse_own(&arena, received.p, received.n, &root) == ERR_OK);
	return json_text(json_object_get(root, "result"), "id");
}

/* Whether the store takes ops as ever. */
static void expect_alive(void)
{
	int fd = server_fixture_connect(fixture.api);

	assert_string_equal(ask(fd, post_text("alive")), "OK");
	(void)close(fd);
}

static int count_descriptors(void)
{
	DIR *dir = opendir(arena_printf(&arena, "/proc/%d/fd", fixture.store));
	int count = 0;

	ensure(dir != NULL);
	while (readdir(dir) != NULL)
		count++;
	(void)closedir(dir);
	return count;
}

/* The processor time that the store has used, in milliseconds. */
static long processor_ms(void)
{
	FILE *file = fopen(arena_printf(&arena, "/proc/%d/stat", fixture.store), "r");
	unsigned long user, system;

	ensure(file != NULL);
	ensure(fscanf(file, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) == 2);
	(void)fclose(file);
	return (long)((user + system) * 1000 / (unsigned long)sysconf(_SC_CLK_TCK));
}

static void a_callers_role_is_the_socket_it_came_by(void **state)
{
	const char *paths[] = {fixture.web, fixture.api, fixture.live, fixture.cli};
	static const char *const expected[] = {"OK", "OK", "MISSING_PERMISSIONS", "MISSING_PERMISSIONS"};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		int fd = server_fixture_connect(paths[i]);
		assert_string_equal(ask(fd, post_text("who am I")), expected[i]);
		(void)close(fd);
	}
}

struct frame_case {
	const char *name, *bytes;
	size_t n;
	const char *expected; /* "": the caller is dropped */
};

static const struct frame_case frame_cases[] = {
    {"text", "hello", 5, "BAD_JSON"},
    {"a NUL", "\0", 1, "BAD_JSON"},
    {"no UTF-8", "{\"op\":\"\xff\"}", 10, "BAD_JSON"},
    {"half an object", "{\"op\":\"message_create\"", 22, "BAD_JSON"},
    {"an unknown op", "{\"op\":\"x\"}", 10, "BAD_REQUEST"},
    {"no op", "{}", 2, "BAD_REQUEST"},
    {"an array", "[]", 2, "BAD_REQUEST"},
    {"a backup from the API", "{\"op\":\"backup\"}", 15, "MISSING_PERMISSIONS"},
    {"a backup with blanks", "{ \"op\": \"backup\" }", 18, "BAD_REQUEST"},
    {"the note of a memfd that is not there", "{\"memfd\":true}", 14, "BAD_REQUEST"},
    {"nothing", "", 0, ""},
};

static void what_is_no_request_is_answered_and_stops_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof frame_cases / sizeof *frame_cases; i++) {
		int fd = server_fixture_connect(fixture.api);

		ensure(send(fd, frame_cases[i].bytes, frame_cases[i].n, 0) == (ssize_t)frame_cases[i].n);
		const char *err = hear(fd);
		if (strcmp(err, frame_cases[i].expected) != 0)
			fail_msg("%s: %s", frame_cases[i].name, err);
		(void)close(fd);
	}
	expect_alive();
}

static void frames_at_random_on_every_socket_stop_nothing(void **state)
{
	const char *paths[] = {fixture.web, fixture.api, fixture.live, fixture.cli, fixture.feed};
	struct ops_random random = {.state = 99};
	char bytes[4096];

	(void)state;
	for (int i = 0; i < 500; i++) {
		int fd = server_fixture_connect(paths[i % 5]);
		size_t n = ops_below(&random, sizeof bytes);

		for (size_t b = 0; b < n; b++)
			bytes[b] = (char)ops_below(&random, 256);
		(void)send(fd, bytes, n, MSG_NOSIGNAL);
		(void)close(fd);
	}
	expect_alive();
}

static void a_message_too_large_is_refused_and_the_caller_kept(void **state)
{
	int fd = server_fixture_connect(fixture.api);
	char *bytes = calloc(1, OP_MAX_BYTES + 1);

	(void)state;
	ensure(bytes != NULL && send(fd, bytes, OP_MAX_BYTES + 1, 0) == OP_MAX_BYTES + 1);
	assert_string_equal(hear(fd), "TOO_LARGE");
	assert_string_equal(ask(fd, post_text("small")), "OK");
	free(bytes);
	(void)close(fd);
}

static void descriptors_that_callers_bring_and_leave_are_closed(void **state)
{
	(void)state;
	expect_alive();
	(void)usleep(100000); /* until that caller's end was noticed */
	int before = count_descriptors();
	for (int i = 0; i < 200; i++) {
		int fd = server_fixture_connect(i % 2 == 0 ? fixture.api : fixture.feed);
		_Alignas(struct cmsghdr) char control[CMSG_SPACE(3 * sizeof(int))] = {0};
		char text[] = "{\"memfd\":true}";
		struct iovec part = {.iov_base = text, .iov_len = sizeof text - 1};
		struct msghdr message = {
		    .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		const int fds[3] = {fd, 2, 2};

		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof fds);
		memcpy(CMSG_DATA(header), fds, sizeof fds);
		ensure(sendmsg(fd, &message, 0) > 0);
		(void)close(fd);
	}
	/* Listeners who are gone are swept once a second. */
	for (int i = 0; i < 600 && count_descriptors() > before; i++)
		(void)usleep(100000);
	assert_in_range(count_descriptors(), 1, before);
	expect_alive();
}

/* More callers than a group takes, each with several messages before it reads. */
static void many_callers_at_once_are_all_answered(void **state)
{
	enum { CALLERS = GROUP_MAX + 50, EACH = 3 };
	static int fds[CALLERS];

	(void)state;
	for (int i = 0; i < CALLERS; i++)
		fds[i] = server_fixture_connect(i % 2 == 0 ? fixture.api : fixture.web);
	for (int m = 0; m < EACH; m++) {
		for (int i = 0; i < CALLERS; i++)
			tell(fds[i], post_text("one of many"));
	}
	for (int i = 0; i < CALLERS; i++) {
		for (int m = 0; m < EACH; m++)
			assert_string_equal(hear(fds[i]), "OK");
		(void)close(fds[i]);
	}
	assert_int_equal(WEXITSTATUS(server_fixture_end(&fixture, SIGTERM)), 0);
	assert_int_equal(ops_int(server_fixture_enter(&fixture), "SELECT count(*) FROM messages"), CALLERS * EACH);
	server_fixture_leave(&fixture);
}

static void a_caller_that_asks_on_without_reading_costs_itself_alone(void **state)
{
	int fd = server_fixture_connect(fixture.api);
	const char *text = post_text(ops_repeat(&fixture.ops, "words ", 600));
	int64_t until_ms = clock_monotonic_ms() + 1500;

	(void)state;
	while (clock_monotonic_ms() < until_ms && send(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL) != -1)
		expect_alive();
	expect_alive();
	(void)close(fd);
}

static void a_caller_that_goes_before_its_answer_harms_nobody(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		int fd = server_fixture_connect(fixture.api);
		tell(fd, post_text("gone"));
		(void)close(fd);
	}
	expect_alive();
	assert_int_equal(WEXITSTATUS(server_fixture_end(&fixture, SIGTERM)), 0);
	assert_int_equal(ops_int(server_fixture_enter(&fixture), "SELECT count(*) FROM messages"), 101);
	server_fixture_leave(&fixture);
}

/* A descriptor that cannot be had must not make the loop run hot. */
static void callers_beyond_what_there_are_descriptors_for_are_turned_away(void **state)
{
	enum { CALLERS = 120 };
	static int fds[CALLERS];
	int refused = 0;

	(void)state;
	(void)server_fixture_end(&fixture, SIGTERM);
	fixture.descriptors_max = 160 + FEED_LISTENERS_MAX; /* so many more wait for jobs */
	server_fixture_start(&fixture);
	int first = server_fixture_connect(fixture.api);
	assert_string_equal(ask(first, post_text("first")), "OK");
	for (int i = 0; i < CALLERS; i++) {
		fds[i] = server_fixture_connect(fixture.api);
		(void)wire_send(fds[i], "{}", 2, 0);
	}
	for (int i = 0; i < CALLERS; i++)
		refused += strcmp(hear(fds[i]), "") == 0;
	assert_in_range(refused, 20, CALLERS - 20);
	long before_ms = processor_ms();
	(void)usleep(1000000);
	assert_in_range(processor_ms() - before_ms, 0, 300);
	assert_string_equal(ask(first, post_text("still there")), "OK");
	for (int i = 0; i < CALLERS; i++)
		(void)close(fds[i]);
	expect_alive();
	(void)close(first);
}

/* A reader that has the answer and looks at the number then must find it raised already. */
static void the_number_of_session_changes_goes_up_before_the_answer_and_at_every_start(void **state)
{
	struct session_changes changes;
	uint64_t before, now;

	(void)state;
	(void)server_fixture_end(&fixture, SIGTERM);
	fixture.sockets.session_changes = shared_create("test");
	session_changes_open(&changes, shared_open_reader(fixture.sockets.session_changes));
	assert_false(session_changes_read(&changes, &before));
	server_fixture_start(&fixture);
	int fd = server_fixture_connect(fixture.api);
	assert_string_equal(ask(fd, post_text("words")), "OK");
	assert_true(session_changes_read(&changes, &before));
	for (int i = 0; i < 200; i++) {
		const char *digest = ops_digest(&fixture.ops);
		assert_string_equal(ask(fd, request_text("token_create", "name", "script", "digest", digest)), "OK");
		const char *token_id = result_id();
		assert_true(session_changes_read(&changes, &before));
		assert_string_equal(ask(fd, post_text("words")), "OK");
		assert_true(session_changes_read(&changes, &now));
		assert_true(now == before);
		assert_string_equal(ask(fd, request_text("token_revoke", "token_id", token_id, NULL, NULL)), "OK");
		assert_true(session_changes_read(&changes, &now));
		assert_true(now > before);
	}
	(void)server_fixture_end(&fixture, SIGKILL);
	server_fixture_start(&fixture);
	expect_alive();
	assert_true(session_changes_read(&changes, &before));
	assert_true(before > now);
	(void)close(fd);
	(void)close(changes.fd);
	(void)close(fixture.sockets.session_changes);
}

static void an_idle_store_rests(void **state)
{
	int fd = server_fixture_connect(fixture.api), bell = server_fixture_connect(fixture.feed);

	(void)state;
	expect_alive();
	long before_ms = processor_ms();
	(void)usleep(1500000);
	assert_in_range(processor_ms() - before_ms, 0, 200);
	(void)close(fd);
	(void)close(bell);
}

static int64_t next_bell(int fd)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	json_t *root;

	ensure(poll(&ready, 1, PATIENCE_MS) == 1);
	ensure(wire_receive(fd, &received, MSG_DONTWAIT) == WIRE_OK);
	ensure(json_parse_own(&arena, received.p, received.n, &root) == ERR_OK);
	return json_int(root, "head");
}

static void the_bell_rings_with_the_newest_seq_after_it_is_on_disk(void **state)
{
	int bell = server_fixture_connect(fixture.feed), fd = server_fixture_connect(fixture.api);
	struct sql *reader;
	struct event_range range;

	(void)state;
	int64_t head = next_bell(bell);
	assert_int_equal(head, fixture.ops.engine.last_seq);
	assert_string_equal(ask(fd, post_text("ring")), "OK");
	assert_int_equal(next_bell(bell), head + 1);
	assert_int_equal(sql_open_reader(fixture.ops.path, &reader), ERR_OK);
	assert_int_equal(event_range(reader, &range), ERR_OK);
	assert_int_equal(range.head, head + 1);
	sql_close(reader);
	/* What fails rings no bell. */
	assert_string_equal(ask(fd, post_text("")), "EMPTY_MESSAGE");
	assert_string_equal(ask(fd, post_text("again")), "OK");
	assert_int_equal(next_bell(bell), head + 2);
	(void)close(bell);
	(void)close(fd);
}

static void a_listener_that_does_not_read_is_not_waited_for(void **state)
{
	int deaf = server_fixture_connect(fixture.feed), fd = server_fixture_connect(fixture.api);
	int64_t last = 0;
	enum { POSTS = 1200 };

	(void)state;
	for (int i = 0; i < POSTS; i++)
		assert_string_equal(ask(fd, post_text("ring")), "OK");
	int64_t head = fixture.ops.engine.last_seq + POSTS;
	/* Once it reads, the next bell after what had room brings it up to date. */
	struct pollfd ready = {.fd = deaf, .events = POLLIN};
	while (poll(&ready, 1, 0) == 1)
		last = next_bell(deaf);
	assert_string_equal(ask(fd, post_text("ring")), "OK");
	assert_true(last <= head);
	/* The bell of the post before may ring only now: answers come first. */
	while (last < head + 1)
		last = next_bell(deaf);
	assert_int_equal(last, head + 1);
	(void)close(deaf);
	(void)close(fd);
}

static void listeners_beyond_the_limit_are_turned_away(void **state)
{
	static int fds[FEED_LISTENERS_MAX + 5];
	int heard = 0;

	(void)state;
	for (int i = 0; i < FEED_LISTENERS_MAX + 5; i++)
		fds[i] = server_fixture_connect(fixture.feed);
	for (int i = 0; i < FEED_LISTENERS_MAX + 5; i++) {
		struct pollfd ready = {.fd = fds[i], .events = POLLIN};
		ensure(poll(&ready, 1, PATIENCE_MS) == 1);
		heard += wire_receive(fds[i], &received, MSG_DONTWAIT) == WIRE_OK;
	}
	assert_int_equal(heard, FEED_LISTENERS_MAX);
	for (int i = 0; i < FEED_LISTENERS_MAX + 5; i++)
		(void)close(fds[i]);
	expect_alive();
}

static void the_command_line_gets_a_backup_while_others_write(void **state)
{
	int cli = server_fixture_connect(fixture.cli), second = server_fixture_connect(fixture.cli);
	struct sql *copy;
	bool sound;
	json_t *root;

	(void)state;
	tell(cli, "{\"op\":\"backup\"}");
	tell(second, "{\"op\":\"backup\"}");
	expect_alive();
	assert_string_equal(hear(cli), "OK");
	ensure(json_parse_own(&arena, received.p, received.n, &root) == ERR_OK);
	const char *path =
	    arena_printf(&arena, "%s/%s", fixture.ops.folder, json_text(json_object_get(root, "result"), "path"));
	const char *other = hear(second);
	assert_true(strcmp(other, "OK") == 0 || strcmp(other, "OVERLOADED") == 0);
	assert_int_equal(sql_open_reader(path, &copy), ERR_OK);
	sql_close(copy);
	assert_int_equal(sql_open_writer(path, &copy), ERR_OK);
	assert_int_equal(sql_check_integrity(copy, &sound), ERR_OK);
	assert_true(sound);
	sql_close(copy);
	(void)close(cli);
	(void)close(second);
}

static void a_caller_that_goes_while_its_backup_runs_harms_nothing(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		int cli = server_fixture_connect(fixture.cli);
		tell(cli, "{\"op\":\"backup\"}");
		(void)close(cli);
		expect_alive();
	}
}

static void it_ends_in_order_and_goes_on_where_it_ended(void **state)
{
	struct stat info;

	(void)state;
	for (int i = 0; i < 3; i++) {
		expect_alive();
		int status = server_fixture_end(&fixture, i % 2 == 0 ? SIGTERM : SIGINT);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
		assert_int_equal(stat(arena_printf(&arena, "%s-wal", fixture.ops.path), &info), 0);
		assert_int_equal(info.st_size, 0);
		server_fixture_start(&fixture);
	}
	expect_alive();
	(void)server_fixture_end(&fixture, SIGKILL);
	struct ops *ops = server_fixture_enter(&fixture);
	assert_int_equal(ops_int(ops, "SELECT count(*) FROM messages"), 4);
	assert_int_equal(ops_int(ops, "SELECT max(seq) FROM events"), ops->engine.last_seq + 4);
	server_fixture_leave(&fixture);
}

#define STORE(test) cmocka_unit_test_setup_teardown(test, open_store, close_store)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE(a_callers_role_is_the_socket_it_came_by),
	    STORE(what_is_no_request_is_answered_and_stops_nothing),
	    STORE(frames_at_random_on_every_socket_stop_nothing),
	    STORE(a_message_too_large_is_refused_and_the_caller_kept),
	    STORE(descriptors_that_callers_bring_and_leave_are_closed),
	    STORE(many_callers_at_once_are_all_answered),
	    STORE(a_caller_that_asks_on_without_reading_costs_itself_alone),
	    STORE(a_caller_that_goes_before_its_answer_harms_nobody),
	    STORE(callers_beyond_what_there_are_descriptors_for_are_turned_away),
	    STORE(the_number_of_session_changes_goes_up_before_the_answer_and_at_every_start),
	    STORE(an_idle_store_rests),
	    STORE(the_bell_rings_with_the_newest_seq_after_it_is_on_disk),
	    STORE(a_listener_that_does_not_read_is_not_waited_for),
	    STORE(listeners_beyond_the_limit_are_turned_away),
	    STORE(the_command_line_gets_a_backup_while_others_write),
	    STORE(a_caller_that_goes_while_its_backup_runs_harms_nothing),
	    STORE(it_ends_in_order_and_goes_on_where_it_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
