/* The output of a connection: everything arrives once and in order, however little the peer takes at a time. */
#include "live/outbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { CHUNKS = 500 };

struct pair {
	int ours, theirs;
};

static struct pair open_pair(void)
{
	struct pair pair;
	int fds[2], small = 4096;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	pair = (struct pair){fds[0], fds[1]};
	assert_int_equal(setsockopt(pair.ours, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)), 0);
	return pair;
}

static void close_pair(const struct pair *pair)
{
	(void)close(pair->ours);
	if (pair->theirs >= 0)
		(void)close(pair->theirs);
}

/* Bytes whose values tell their place in the whole. */
static struct chunk *make_chunk(size_t n, unsigned *next)
{
	char bytes[1024];
	assert_true(n <= sizeof(bytes));
	for (size_t i = 0; i < n; i++)
		bytes[i] = (char)((*next)++ % 251);
	return chunk_make(bytes, n);
}

static void a_peer_that_takes_little_gets_all_in_order(void **state)
{
	struct pair pair = open_pair();
	struct outbox outbox;
	unsigned next = 0, expected = 0;
	size_t total = 0, written = 0, n;
	char taken[700];
	(void)state;
	outbox_init(&outbox);
	for (size_t i = 0; i < CHUNKS; i++) {
		outbox_put(&outbox, make_chunk(1 + i * 37 % 1000, &next));
		total += 1 + i * 37 % 1000;
	}
	assert_int_equal(outbox.bytes, total);
	for (bool is_blocked_once = false; expected < total;) {
		enum outbox_state result = outbox_write(&outbox, pair.ours, &n);
		written += n;
		assert_int_equal(outbox.bytes, total - written);
		assert_int_not_equal(result, OUTBOX_BROKEN);
		is_blocked_once = is_blocked_once || result == OUTBOX_BLOCKED;
		ssize_t got = recv(pair.theirs, taken, sizeof(taken), 0);
		assert_true(got > 0);
		for (ssize_t i = 0; i < got; i++, expected++)
			assert_int_equal((unsigned char)taken[i], expected % 251);
		assert_true(is_blocked_once || total < 4096);
	}
	assert_int_equal(outbox_write(&outbox, pair.ours, &n), OUTBOX_EMPTY);
	assert_null(outbox.queue);
	close_pair(&pair);
}

static void a_chunk_is_shared_and_lives_until_the_last_outbox_has_written_it(void **state)
{
	struct pair pair = open_pair();
	struct outbox one, two;
	size_t n;
	(void)state;
	struct chunk *chunk = chunk_make("abc", 3);
	outbox_init(&one);
	outbox_init(&two);
	outbox_put(&one, chunk_hold(chunk));
	outbox_put(&two, chunk_hold(chunk));
	assert_int_equal(chunk->holders, 3);
	assert_int_equal(outbox_write(&one, pair.ours, &n), OUTBOX_EMPTY);
	assert_int_equal(n, 3);
	assert_int_equal(chunk->holders, 2);
	outbox_free(&two);
	assert_int_equal(chunk->holders, 1);
	chunk_drop(chunk);
	close_pair(&pair);
}

static void it_is_full_at_the_soft_limit_and_not_before(void **state)
{
	struct outbox outbox;
	unsigned next = 0;
	(void)state;
	outbox_init(&outbox);
	while (outbox.bytes < OUTBOX_SOFT_BYTES) {
		assert_true(outbox_has_room(&outbox));
		outbox_put(&outbox, make_chunk(1024, &next));
	}
	assert_false(outbox_has_room(&outbox));
	outbox_free(&outbox);
	assert_true(outbox_has_room(&outbox));
	assert_int_equal(outbox.bytes, 0);
}

static void moving_keeps_the_order(void **state)
{
	struct pair pair = open_pair();
	struct outbox to, from;
	char taken[16] = {0};
	size_t n;
	(void)state;
	outbox_init(&to);
	outbox_init(&from);
	outbox_put(&to, chunk_make("1", 1));
	for (char c = '2'; c <= '9'; c++)
		outbox_put(&from, chunk_make(&c, 1));
	outbox_move(&to, &from);
	assert_int_equal(from.bytes, 0);
	assert_null(from.queue);
	assert_int_equal(outbox_write(&to, pair.ours, &n), OUTBOX_EMPTY);
	assert_int_equal(recv(pair.theirs, taken, sizeof(taken), 0), 9);
	assert_string_equal(taken, "123456789");
	close_pair(&pair);
}

static void a_peer_that_is_gone_is_noticed_without_a_signal(void **state)
{
	struct pair pair = open_pair();
	struct outbox outbox;
	size_t n;
	(void)state;
	outbox_init(&outbox);
	outbox_put(&outbox, chunk_make("x", 1));
	(void)close(pair.theirs);
	pair.theirs = -1;
	assert_int_equal(outbox_write(&outbox, pair.ours, &n), OUTBOX_BROKEN);
	outbox_free(&outbox);
	close_pair(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_peer_that_takes_little_gets_all_in_order),
	    cmocka_unit_test(a_chunk_is_shared_and_lives_until_the_last_outbox_has_written_it),
	    cmocka_unit_test(it_is_full_at_the_soft_limit_and_not_before),
	    cmocka_unit_test(moving_keeps_the_order),
	    cmocka_unit_test(a_peer_that_is_gone_is_noticed_without_a_signal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
