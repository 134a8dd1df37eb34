/* Messages between programs: sizes, sealed memory, descriptors that nobody asked for. */
#include "base/ensure.h"
#include "store/wire.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static int ends[2];
static struct buf received;
static int descriptors_before;

static int count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	ensure(dir != NULL);
	while (readdir(dir) != NULL)
		count++;
	(void)closedir(dir);
	return count;
}

static int open_pair(void **state)
{
	(void)state;
	buf_init(&received);
	descriptors_before = count_descriptors();
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
}

/* Whatever came over the wire, no descriptor may stay behind. */
static int close_pair(void **state)
{
	(void)state;
	if (ends[0] >= 0)
		(void)close(ends[0]);
	(void)close(ends[1]);
	buf_free(&received);
	return count_descriptors() - descriptors_before;
}

static char *text_of(size_t n)
{
	char *text = malloc(n);

	ensure(text != NULL);
	for (size_t i = 0; i < n; i++)
		text[i] = (char)('a' + i % 26);
	return text;
}

struct size_case {
	size_t n;
	enum wire_status sent, got;
};

static const struct size_case size_cases[] = {
    {1, WIRE_OK, WIRE_OK},
    {2, WIRE_OK, WIRE_OK},
    {4096, WIRE_OK, WIRE_OK},
    {OP_MAX_BYTES - 1, WIRE_OK, WIRE_OK},
    {OP_MAX_BYTES, WIRE_OK, WIRE_OK},
    {OP_MAX_BYTES + 1, WIRE_OK, WIRE_OK},
    {OP_LARGE_MAX_BYTES - 1, WIRE_OK, WIRE_OK},
    {OP_LARGE_MAX_BYTES, WIRE_OK, WIRE_OK},
    {OP_LARGE_MAX_BYTES + 1, WIRE_MALFORMED, WIRE_AGAIN},
};

static void messages_up_to_the_limit_arrive_as_they_were_sent(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof size_cases / sizeof *size_cases; i++) {
		char *text = text_of(size_cases[i].n);

		assert_int_equal(wire_send(ends[0], text, size_cases[i].n, 0), size_cases[i].sent);
		assert_int_equal(wire_receive(ends[1], &received, MSG_DONTWAIT), size_cases[i].got);
		if (size_cases[i].got == WIRE_OK) {
			assert_int_equal(received.n, size_cases[i].n);
			assert_memory_equal(received.p, text, received.n);
			assert_int_equal(received.p[received.n], 0);
		}
		free(text);
	}
}

static void a_large_message_goes_when_nobody_waits_too(void **state)
{
	char *text = text_of(OP_MAX_BYTES);
	int sent = 0;

	(void)state;
	while (wire_send(ends[0], text, OP_MAX_BYTES, MSG_DONTWAIT) == WIRE_OK)
		sent++;
	assert_in_range(sent, 1, 100);
	assert_int_equal(wire_send(ends[0], text, OP_MAX_BYTES, MSG_DONTWAIT), WIRE_AGAIN);
	for (int i = 0; i < sent; i++)
		assert_int_equal(wire_receive(ends[1], &received, MSG_DONTWAIT), WIRE_OK);
	assert_int_equal(wire_send(ends[0], text, OP_MAX_BYTES, MSG_DONTWAIT), WIRE_OK);
	free(text);
}

static void nothing_there_is_not_the_end(void **state)
{
	(void)state;
	assert_int_equal(wire_receive(ends[1], &received, MSG_DONTWAIT), WIRE_AGAIN);
	assert_int_equal(received.n, 0);
}

static void a_peer_that_is_gone_is_told_apart(void **state)
{
	(void)state;
	assert_int_equal(wire_send(ends[0], "last", 4, 0), WIRE_OK);
	(void)close(ends[0]);
	ends[0] = -1;
	assert_int_equal(wire_receive(ends[1], &received, 0), WIRE_OK);
	assert_int_equal(wire_receive(ends[1], &received, 0), WIRE_CLOSED);
	/* And raises no SIGPIPE, which would end this program. */
	assert_int_equal(wire_send(ends[1], "x", 1, 0), WIRE_CLOSED);
}

/* Sends bytes with descriptors beside them. */
static void send_with(const char *text, size_t n, const int *fds, size_t count)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(16 * sizeof(int))] = {0};
	char copy[64];
	memcpy(copy, text, n);
	struct iovec part = {.iov_base = copy, .iov_len = n};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = CMSG_SPACE(count * sizeof(int))};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(header), fds, count * sizeof(int));
	ensure(sendmsg(ends[0], &message, 0) == (ssize_t)n);
}

static int memory_of(size_t n, int seals)
{
	int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	ensure(fd >= 0 && ftruncate(fd, (off_t)n) == 0);
	ensure(fcntl(fd, F_ADD_SEALS, seals) == 0);
	return fd;
}

static const char note[] = "{\"memfd\":true}";

struct memory_case {
	const char *name;
	size_t n;
	int seals;
	enum wire_status expected;
};

static const struct memory_case memory_cases[] = {
    {"sealed", 100, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE, WIRE_OK},
    {"sealed for good", 100, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL, WIRE_OK},
    {"as large as may be", OP_LARGE_MAX_BYTES, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE, WIRE_OK},
    {"too large", OP_LARGE_MAX_BYTES + 1, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE, WIRE_MALFORMED},
    {"far too large", (size_t)1 << 40, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE, WIRE_MALFORMED},
    {"empty", 0, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE, WIRE_MALFORMED},
    {"not sealed", 100, 0, WIRE_MALFORMED},
    {"may shrink", 100, F_SEAL_GROW | F_SEAL_WRITE, WIRE_MALFORMED},
    {"may grow", 100, F_SEAL_SHRINK | F_SEAL_WRITE, WIRE_MALFORMED},
    {"may be written", 100, F_SEAL_SHRINK | F_SEAL_GROW, WIRE_MALFORMED},
    {"may be written by who could before", 100, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE, WIRE_MALFORMED},
};

static void memory_is_taken_only_sealed_and_bounded(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof memory_cases / sizeof *memory_cases; i++) {
		int fd = memory_of(memory_cases[i].n, memory_cases[i].seals);

		send_with(note, sizeof note - 1, &fd, 1);
		(void)close(fd);
		if (wire_receive(ends[1], &received, MSG_DONTWAIT) != memory_cases[i].expected)
			fail_msg("%s", memory_cases[i].name);
		if (memory_cases[i].expected == WIRE_OK)
			assert_int_equal(received.n, memory_cases[i].n);
	}
}

static void a_file_a_pipe_and_a_socket_are_no_memory(void **state)
{
	int pipes[2];
	ensure(pipe2(pipes, O_CLOEXEC) == 0);
	const int fds[] = {open("/dev/zero", O_RDONLY | O_CLOEXEC), open("/proc/self/status", O_RDONLY | O_CLOEXEC),
			   pipes[0], ends[0]};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		send_with(note, sizeof note - 1, &fds[i], 1);
		assert_int_equal(wire_receive(ends[1], &received, MSG_DONTWAIT), WIRE_MALFORMED);
	}
	(void)close(fds[0]);
	(void)close(fds[1]);
	(void)close(pipes[0]);
	(void)close(pipes[1]);
}

static void the_note_without_memory_is_a_message_like_any(void **state)
{
	(void)state;
	assert_int_equal(wire_send(ends[0], note, sizeof note - 1, 0), WIRE_OK);
	assert_int_equal(wire_receive(ends[1], &received, MSG_DONTWAIT), WIRE_OK);
	assert_string_equal(received.p, note);
}

/* close_pair counts what is left open. */
static void descriptors_that_nobody_asked_for_are_closed(void **state)
{
	int fds[16];
	int memory = memory_of(10, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);

	(void)state;
	for (size_t i = 0; i < 16; i++)
		fds[i] = i == 0 ? memory : STDERR_FILENO;
	for (size_t count = 1; count <= 16; count++) {
		send_with("{\"op\":\"x\"}", 10, fds, count);
		assert_int_equal(wire_receive(ends[1], &received, MSG_DONTWAIT), WIRE_OK);
		send_with(note, sizeof note - 1, fds, count);
		assert_int_equal(wire_receive(ends[1], &received, MSG_DONTWAIT), WIRE_OK);
	}
	(void)close(memory);
}

static void a_message_that_is_too_long_is_told_and_the_next_one_read(void **state)
{
	char *text = text_of(OP_MAX_BYTES + 2);

	(void)state;
	for (size_t more = 1; more <= 2; more++) {
		assert_int_equal(send(ends[0], text, OP_MAX_BYTES + more, 0), OP_MAX_BYTES + more);
		assert_int_equal(wire_receive(ends[1], &received, 0), WIRE_MALFORMED);
	}
	assert_int_equal(send(ends[0], "next", 4, 0), 4);
	assert_int_equal(wire_receive(ends[1], &received, 0), WIRE_OK);
	assert_string_equal(received.p, "next");
	free(text);
}

/* An empty message cannot be told from the end; its sender is treated as gone. */
static void an_empty_message_counts_as_the_end(void **state)
{
	(void)state;
	assert_int_equal(send(ends[0], "", 0, 0), 0);
	assert_int_equal(wire_receive(ends[1], &received, 0), WIRE_CLOSED);
}

#define PAIR(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PAIR(messages_up_to_the_limit_arrive_as_they_were_sent),
	    PAIR(a_large_message_goes_when_nobody_waits_too),
	    PAIR(nothing_there_is_not_the_end),
	    PAIR(a_peer_that_is_gone_is_told_apart),
	    PAIR(memory_is_taken_only_sealed_and_bounded),
	    PAIR(a_file_a_pipe_and_a_socket_are_no_memory),
	    PAIR(the_note_without_memory_is_a_message_like_any),
	    PAIR(descriptors_that_nobody_asked_for_are_closed),
	    PAIR(a_message_that_is_too_long_is_told_and_the_next_one_read),
	    PAIR(an_empty_message_counts_as_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
