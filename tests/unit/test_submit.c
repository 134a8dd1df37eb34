/* The client side of ops against a store that answers, dies, is replaced, or is not there. */
#include "base/clock.h"
#include "base/ensure.h"
#include "server_fixture.h"
#include "store/wire.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <errno.h>
#include <poll.h>

static struct server_fixture fixture;
static struct store_client client;
static struct arena arena;
static struct op_reply reply;

static int open_store(void **state)
{
	(void)state;
	server_fixture_open(&fixture);
	store_client_init(&client, fixture.api);
	arena_init(&arena);
	return 0;
}

static int close_store(void **state)
{
	(void)state;
	store_client_close(&client);
	server_fixture_close(&fixture);
	arena_free(&arena);
	return 0;
}

static enum err submit(enum op op, const char *input)
{
	const struct op_caller ada = {.user_id = fixture.ops.ada.id, .session_id = fixture.ops.ada.session_id};

	return store_submit(&client, &arena, op, &ada, input, strlen(input), &reply);
}

static const char *post_input(const char *content, const char *nonce)
{
	return arena_printf(&arena, "{\"channel_id\":\"%lld\",\"content\":\"%s\"%s}", (long long)fixture.ops.general_id,
			    content, nonce);
}

static int64_t message_count(void)
{
	int64_t count = ops_int(server_fixture_enter(&fixture), "SELECT count(*) FROM messages");
	server_fixture_leave(&fixture);
	return count;
}

static void an_op_gets_its_result(void **state)
{
	(void)state;
	assert_int_equal(submit(OP_message_create, post_input("hello", "")), ERR_OK);
	struct str message = op_reply_member(&reply, &arena, "message");
	json_t *json;
	assert_int_equal(json_parse_own(&arena, message.p, message.n, &json), ERR_OK);
	assert_string_equal(json_text(json, "content"), "hello");
	assert_int_equal(op_reply_member(&reply, &arena, "nothing").n, 0);
}

static void an_op_gets_its_error_with_the_details(void **state)
{
	json_t *errors;

	(void)state;
	assert_int_equal(submit(OP_message_create, post_input("", "")), ERR_EMPTY_MESSAGE);
	assert_int_equal(reply.errors.n, 0);
	assert_int_equal(submit(OP_channel_create, "{\"guild_id\":\"1\",\"name\":7}"), ERR_INVALID_FORM);
	assert_int_equal(json_parse_own(&arena, reply.errors.p, reply.errors.n, &errors), ERR_OK);
	assert_non_null(json_object_get(errors, "name"));
	assert_string_equal(reply.result.p, "{}");
}

static void members_are_found_wherever_they_stand(void **state)
{
	static const char result[] =
	    "{\"message\":{\"content\":\"a } \\\" ] { b\",\"embeds\":[{}],\"n\":null},\"seq\":\"77\",\"list\":[1,[2]]}";
	const struct op_reply made = {.result = STR(result)};

	(void)state;
	assert_string_equal(arena_strndup(&arena, op_reply_member(&made, &arena, "message").p,
					  op_reply_member(&made, &arena, "message").n),
			    "{\"content\":\"a } \\\" ] { b\",\"embeds\":[{}],\"n\":null}");
	assert_string_equal(op_reply_member(&made, &arena, "seq").p, "\"77\"");
	assert_string_equal(op_reply_member(&made, &arena, "list").p, "[1,[2]]");
	assert_int_equal(op_reply_member(&made, &arena, "mess").n, 0);
}

static void one_connection_is_kept_from_op_to_op(void **state)
{
	(void)state;
	assert_int_equal(submit(OP_message_create, post_input("one", "")), ERR_OK);
	int fd = client.fd;
	assert_int_equal(submit(OP_message_create, post_input("two", "")), ERR_OK);
	assert_int_equal(client.fd, fd);
}

static void what_is_too_large_is_told_and_the_connection_goes_on(void **state)
{
	(void)state;
	/* Too long for a message, then for a body, then for the wire. */
	assert_int_equal(submit(OP_message_create, post_input(ops_repeat(&fixture.ops, "x", 5000), "")),
			 ERR_INVALID_FORM);
	assert_int_equal(submit(OP_message_create, post_input(ops_repeat(&fixture.ops, "x", OP_MAX_BYTES), "")),
			 ERR_INVALID_FORM);
	assert_int_equal(submit(OP_message_create, post_input(ops_repeat(&fixture.ops, "x", JSON_BODY_MAX), "")),
			 ERR_TOO_LARGE);
	assert_int_equal(submit(OP_message_create, post_input(ops_repeat(&fixture.ops, "x", OP_LARGE_MAX_BYTES), "")),
			 ERR_TOO_LARGE);
	assert_int_equal(submit(OP_message_create, post_input("hello", "")), ERR_OK);
}

static void a_store_that_was_replaced_is_found_again(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(submit(OP_message_create, post_input("before", "")), ERR_OK);
		(void)server_fixture_end(&fixture, SIGKILL);
		server_fixture_start(&fixture);
		/* Without a nonce too: the dead connection is noticed before anything went over it. */
		assert_int_equal(submit(OP_message_create, post_input("after", "")), ERR_OK);
	}
	assert_true(WIFEXITED(server_fixture_end(&fixture, SIGTERM)));
	assert_int_equal(message_count(), 6);
}

static void an_op_waits_in_the_socket_for_the_store_to_come(void **state)
{
	(void)state;
	(void)server_fixture_end(&fixture, SIGKILL);
	pid_t starter = fork();
	ensure(starter >= 0);
	if (starter == 0) {
		(void)usleep(300000);
		server_fixture_start(&fixture);
		int status;
		(void)waitpid(fixture.store, &status, 0);
		_exit(0);
	}
	assert_int_equal(submit(OP_message_create, post_input("early", "")), ERR_OK);
	/* The store is the starter's child and ends with it. */
	assert_int_equal(kill(starter, SIGKILL), 0);
	assert_int_equal(waitpid(starter, NULL, 0), starter);
}

static void a_store_that_nobody_listens_for_is_unavailable_within_seconds(void **state)
{
	struct store_client lost;
	struct op_caller nobody = {0};
	int64_t before_ms = clock_monotonic_ms();

	(void)state;
	store_client_init(&lost, "/nonexistent/op.sock");
	assert_int_equal(store_submit(&lost, &arena, OP_session_end, &nobody, "{}", 2, &reply), ERR_STORE_UNAVAILABLE);
	assert_in_range(clock_monotonic_ms() - before_ms, 1900, 60000);
	assert_false(store_is_alive(&lost));
	store_client_close(&lost);
}

/* It asks for a second, which a busy machine may take for other things. */
static bool is_found_alive(void)
{
	for (int i = 0; i < 20; i++)
		if (store_is_alive(&client))
			return true;
	return false;
}

static void a_living_store_says_so(void **state)
{
	(void)state;
	assert_true(is_found_alive());
	assert_int_equal(submit(OP_message_create, post_input("x", "")), ERR_OK);
	assert_true(is_found_alive());
	assert_int_equal(submit(OP_message_create, post_input("y", "")), ERR_OK);
	assert_int_equal(kill(fixture.store, SIGSTOP), 0);
	assert_false(store_is_alive(&client));
	assert_int_equal(kill(fixture.store, SIGCONT), 0);
	assert_true(is_found_alive());
	assert_int_equal(submit(OP_message_create, post_input("z", "")), ERR_OK);
}

/* Waits, although the store that had the socket before has made it non-blocking. */
static int accept_next(int listen_fd)
{
	struct pollfd ready = {.fd = listen_fd, .events = POLLIN};
	while (poll(&ready, 1, -1) < 0)
		ensure(errno == EINTR);
	return accept(listen_fd, NULL, NULL);
}

/* A store that takes ops and dies without an answer, times times; then a true one answers. Returns through the pipe how
 * many ops it has taken. */
static _Noreturn void take_and_die(int listen_fd, int times, int pipe_fd)
{
	struct buf request;
	char taken = 0;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	buf_init(&request);
	for (int i = 0; i < times; i++) {
		int fd = accept_next(listen_fd);
		ensure(fd >= 0 && wire_receive(fd, &request, 0) == WIRE_OK);
		taken++;
		(void)close(fd);
	}
	int fd = accept_next(listen_fd);
	static const char answer[] = "{\"err\":\"OK\",\"result\":{}}";
	if (fd >= 0 && wire_receive(fd, &request, 0) == WIRE_OK) {
		taken++;
		ensure(wire_send(fd, answer, sizeof answer - 1, 0) == WIRE_OK);
	}
	ensure(write(pipe_fd, &taken, 1) == 1);
	_exit(0);
}

struct repeat_case {
	enum op op;
	const char *input;
	bool is_repeated;
};

static const struct repeat_case repeat_cases[] = {
    {OP_message_create, "{\"content\":\"x\",\"nonce\":\"n\"}", true},
    {OP_message_create, "{\"nonce\":7,\"content\":\"x\"}", true},
    {OP_message_create, "{\"content\":\"x\"}", false},
    {OP_message_create, "{\"content\":\"x\",\"nonce\":\"\"}", false},
    {OP_message_create, "{\"content\":\"x\",\"nonce\":null}", false},
    {OP_message_create, "{\"content\":\"\\\"nonce\\\":\\\"n\\\"\"}", false},
    {OP_message_create, "{\"content\":\"x\",\"embeds\":[{\"nonce\":\"n\"}]}", false},
    {OP_message_update, "{}", true},
    {OP_message_update, "{\"content\":\"x\",\"files\":null}", true},
    {OP_message_update, "{\"files\":[{\"incoming\":\"t\"}]}", false},
    {OP_channel_update, "{}", true},
    {OP_invite_accept, "{}", true},
    {OP_session_refresh, "{}", true},
    {OP_user_password, "{}", true},
    {OP_message_delete, "{}", false},
    {OP_channel_create, "{}", false},
    {OP_channel_delete, "{}", false},
    {OP_user_register, "{}", false},
    {OP_session_create, "{}", false},
    {OP_session_end, "{}", false},
    {OP_token_create, "{}", false},
    {OP_token_revoke, "{}", false},
    {OP_invite_create, "{}", false},
    {OP_backup, "{}", false},
};

static void only_what_is_safe_is_sent_again(void **state)
{
	(void)state;
	(void)server_fixture_end(&fixture, SIGKILL);
	for (size_t i = 0; i < sizeof repeat_cases / sizeof *repeat_cases; i++) {
		const struct repeat_case *at = &repeat_cases[i];
		int pipes[2];
		char taken = 0;

		ensure(pipe(pipes) == 0);
		fflush(stdout);
		pid_t child = fork();
		ensure(child >= 0);
		if (child == 0)
			take_and_die(fixture.sockets.op_api, 1, pipes[1]);
		enum err err = submit(at->op, at->input);
		if (err != (at->is_repeated ? ERR_OK : ERR_STORE_UNAVAILABLE))
			fail_msg("%s %s: %s", op_name(at->op), at->input, err_info(err)->name);
		if (at->is_repeated)
			assert_int_equal(read(pipes[0], &taken, 1), 1);
		assert_int_equal(taken, at->is_repeated ? 2 : 0);
		store_client_close(&client);
		ensure(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
		(void)close(pipes[0]);
		(void)close(pipes[1]);
	}
}

static void a_store_that_dies_each_time_is_given_up(void **state)
{
	int pipes[2];

	(void)state;
	(void)server_fixture_end(&fixture, SIGKILL);
	ensure(pipe(pipes) == 0);
	pid_t child = fork();
	ensure(child >= 0);
	if (child == 0)
		take_and_die(fixture.sockets.op_api, 100, pipes[1]);
	assert_int_equal(submit(OP_message_update, "{}"), ERR_STORE_UNAVAILABLE);
	ensure(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
	(void)close(pipes[0]);
	(void)close(pipes[1]);
}

static void every_op_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < OP_COUNT; i++)
		assert_int_equal(op_from_name(op_name((enum op)i)), i);
	assert_int_equal(op_from_name(""), OP_COUNT);
	assert_int_equal(op_from_name(NULL), OP_COUNT);
	assert_int_equal(op_from_name("message_create "), OP_COUNT);
}

#define STORE(test) cmocka_unit_test_setup_teardown(test, open_store, close_store)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE(an_op_gets_its_result),
	    STORE(an_op_gets_its_error_with_the_details),
	    STORE(members_are_found_wherever_they_stand),
	    STORE(one_connection_is_kept_from_op_to_op),
	    STORE(what_is_too_large_is_told_and_the_connection_goes_on),
	    STORE(a_store_that_was_replaced_is_found_again),
	    STORE(an_op_waits_in_the_socket_for_the_store_to_come),
	    STORE(a_store_that_nobody_listens_for_is_unavailable_within_seconds),
	    STORE(a_living_store_says_so),
	    STORE(only_what_is_safe_is_sent_again),
	    STORE(a_store_that_dies_each_time_is_given_up),
	    STORE(every_op_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
