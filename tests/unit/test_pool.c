/* The pool of processes: each test runs a real one on a unix socket in a temporary folder. The child speaks a protocol
 * of one letter: 'p' answers its pid, 'h' answers its pid once the client has sent another byte (so the test decides
 * how long a request takes), 'x' dies.
 *
 * Runs alone: it measures time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "front/pool.h"
#include "front/pool_internal.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000 };

struct fixture {
	struct sockaddr_un address;
	char folder[64];
	int listen_fd;
	struct pool_options options;
	pid_t pool;
};

static int serve(void *context, struct pool_slot *slot)
{
	const struct fixture *fixture = context;
	while (pool_wait(slot)) {
		int fd = accept(fixture->listen_fd, NULL, NULL);
		if (fd < 0)
			continue;
		char letter = 0;
		if (read(fd, &letter, 1) == 1) {
			if (letter == 'x')
				_exit(3);
			if (letter == 'h' && read(fd, &letter, 1) != 1)
				letter = 0;
			pid_t pid = getpid();
			if (write(fd, &pid, sizeof pid) != (ssize_t)sizeof pid)
				_exit(4);
		}
		close(fd);
	}
	return EXIT_SUCCESS;
}

static int die_at_once(void *context, struct pool_slot *slot)
{
	(void)slot;
	const int *told = context;
	if (write(*told, "d", 1) != 1)
		_exit(4);
	return EXIT_FAILURE;
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	assert_non_null(f);
	snprintf(f->folder, sizeof f->folder, "/tmp/snug-test-pool-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	f->address.sun_family = AF_UNIX;
	snprintf(f->address.sun_path, sizeof f->address.sun_path, "%s/socket", f->folder);
	f->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(f->listen_fd, (struct sockaddr *)&f->address, sizeof f->address), 0);
	assert_int_equal(listen(f->listen_fd, 1024), 0);
	f->options = (struct pool_options){.name = "test",
					   .listen_fd = f->listen_fd,
					   .min = 2,
					   .max = 4,
					   .retire_after_ms = 300,
					   .wait_max_ms = 300,
					   .overload = "Status: 503 Service Unavailable\r\n\r\nbusy"};
	*state = f;
	return 0;
}

static void start(struct fixture *f, int (*child_main)(void *, struct pool_slot *), void *context)
{
	f->pool = fork();
	assert_true(f->pool >= 0);
	if (f->pool == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		log_open("test_pool", LOG_ERROR);
		_exit(pool_run(&f->options, child_main, context));
	}
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	if (f->pool > 0) {
		kill(f->pool, SIGKILL);
		waitpid(f->pool, NULL, 0);
	}
	close(f->listen_fd);
	unlink(f->address.sun_path);
	rmdir(f->folder);
	free(f);
	return 0;
}

static int ask(const struct fixture *f, const char *letters)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&f->address, sizeof f->address), 0);
	assert_int_equal(write(fd, letters, strlen(letters)), (int)strlen(letters));
	return fd;
}

static bool is_answered(int fd, int timeout_ms)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	return poll(&wait, 1, timeout_ms) == 1;
}

/* The pid of the child that answers, 0 when it closed without an answer. */
static pid_t answer(int fd)
{
	pid_t pid = 0;
	assert_true(is_answered(fd, PATIENCE_MS));
	ssize_t n = read(fd, &pid, sizeof pid);
	close(fd);
	return n == (ssize_t)sizeof pid ? pid : 0;
}

static int count_children(pid_t parent)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)parent, (int)parent);
	FILE *file = fopen(path, "r");
	if (!file)
		return 0;
	int n = 0;
	for (long pid; fscanf(file, "%ld", &pid) == 1;)
		n++;
	fclose(file);
	return n;
}

static bool comes_to(const struct fixture *f, int children)
{
	int64_t until = clock_monotonic_ms() + PATIENCE_MS;
	while (clock_monotonic_ms() < until) {
		if (count_children(f->pool) == children)
			return true;
		usleep(5000);
	}
	return false;
}

static void keeps_the_minimum_and_answers(void **state)
{
	struct fixture *f = *state;
	start(f, serve, f);
	assert_true(comes_to(f, 2));
	for (int i = 0; i < 50; i++)
		assert_true(answer(ask(f, "p")) > 0);
}

static void grows_when_all_are_busy_and_retires_when_they_are_not(void **state)
{
	struct fixture *f = *state;
	start(f, serve, f);
	int held[3];
	for (int i = 0; i < 3; i++)
		held[i] = ask(f, "h");
	pid_t fourth = answer(ask(f, "p"));
	assert_true(fourth > 0);
	assert_true(comes_to(f, 4));
	for (int i = 0; i < 3; i++) {
		assert_int_equal(write(held[i], "g", 1), 1);
		assert_int_not_equal(answer(held[i]), fourth);
	}
	assert_true(comes_to(f, 2));
}

static void never_grows_beyond_the_maximum(void **state)
{
	struct fixture *f = *state;
	f->options.wait_max_ms = PATIENCE_MS;
	start(f, serve, f);
	int held[6];
	for (int i = 0; i < 6; i++)
		held[i] = ask(f, "h");
	assert_true(comes_to(f, 4));
	usleep(200 * 1000);
	assert_int_equal(count_children(f->pool), 4);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(write(held[i], "g", 1), 1);
		assert_true(answer(held[i]) > 0);
	}
}

static void replaces_a_child_that_dies(void **state)
{
	struct fixture *f = *state;
	start(f, serve, f);
	assert_int_equal(answer(ask(f, "x")), 0);
	assert_true(comes_to(f, 2));
	assert_true(answer(ask(f, "p")) > 0);
	pid_t victim = answer(ask(f, "p"));
	assert_int_equal(kill(victim, SIGKILL), 0);
	for (int i = 0; i < 20; i++)
		assert_int_not_equal(answer(ask(f, "p")), 0);
	assert_true(comes_to(f, 2));
}

static void slows_down_when_children_die_at_once(void **state)
{
	struct fixture *f = *state;
	int told[2];
	assert_int_equal(pipe(told), 0);
	f->options.min = 1;
	start(f, die_at_once, &told[1]);
	int64_t until = clock_monotonic_ms() + 1500;
	int deaths = 0;
	char letter;
	while (clock_monotonic_ms() < until || deaths < 2)
		deaths += is_answered(told[0], 100) && read(told[0], &letter, 1) == 1;
	assert_in_range(deaths, 2, 5); /* at 0, 0, 400 and 1200 ms; later on a busy machine */
	close(told[0]);
	close(told[1]);
}

static void finishes_the_request_in_hand_on_sigterm(void **state)
{
	struct fixture *f = *state;
	start(f, serve, f);
	int held = ask(f, "h");
	assert_true(answer(ask(f, "p")) > 0); /* now the other child holds the first */
	assert_int_equal(kill(f->pool, SIGTERM), 0);
	assert_true(comes_to(f, 1));
	assert_false(is_answered(held, 100));
	assert_int_equal(write(held, "g", 1), 1);
	assert_true(answer(held) > 0);
	int status = -1;
	assert_int_equal(waitpid(f->pool, &status, 0), f->pool);
	f->pool = 0;
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
}

static void stops_in_any_moment_between_two_requests(void **state)
{
	struct fixture *f = *state;
	for (int round = 0; round < 50; round++) {
		start(f, serve, f);
		if (round % 2)
			assert_true(answer(ask(f, "p")) > 0);
		usleep((useconds_t)(round % 10) * 200);
		assert_int_equal(kill(f->pool, SIGTERM), 0);
		int status = -1;
		assert_int_equal(waitpid(f->pool, &status, 0), f->pool);
		f->pool = 0;
		/* Before the parent blocks it, SIGTERM just ends it. */
		assert_true((WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS) ||
			    (WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM));
	}
}

static void children_end_with_their_parent(void **state)
{
	struct fixture *f = *state;
	/* Orphans come to this process, so that it can see them end. */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	start(f, serve, f);
	assert_true(comes_to(f, 2));
	assert_int_equal(kill(f->pool, SIGKILL), 0);
	int ended = 0;
	while (waitpid(-1, NULL, 0) > 0)
		ended++;
	f->pool = 0;
	assert_int_equal(ended, 3);
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
}

static void refuses_what_would_wait_too_long(void **state)
{
	struct fixture *f = *state;
	start(f, serve, f);
	int held[4];
	for (int i = 0; i < 4; i++)
		held[i] = ask(f, "h");
	assert_true(comes_to(f, 4));
	int late = ask(f, "p");
	assert_true(is_answered(late, PATIENCE_MS));
	unsigned char reply[256];
	ssize_t n = 0, more;
	while ((more = read(late, reply + n, sizeof reply - (size_t)n)) > 0)
		n += more;
	close(late);
	static const unsigned char stdout_record[] = {1, 6, 0, 1, 0, 39, 0, 0};
	static const unsigned char end[] = {1, 6, 0, 1, 0, 0, 0, 0, 1, 3, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
	size_t text = strlen(f->options.overload);
	assert_int_equal(text, 39);
	assert_int_equal(n, sizeof stdout_record + text + sizeof end);
	assert_memory_equal(reply, stdout_record, sizeof stdout_record);
	assert_memory_equal(reply + sizeof stdout_record, f->options.overload, text);
	assert_memory_equal(reply + sizeof stdout_record + text, end, sizeof end);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(write(held[i], "g", 1), 1);
		assert_true(answer(held[i]) > 0);
	}
	assert_true(answer(ask(f, "p")) > 0);
}

/* Full for long, but every connection is served soon: that is load, not overload. */
static void refuses_nothing_that_is_served_in_time(void **state)
{
	struct fixture *f = *state;
	start(f, serve, f);
	int waiting[16];
	for (int i = 0; i < 16; i++)
		waiting[i] = ask(f, "p");
	int64_t until = clock_monotonic_ms() + 1000;
	size_t served = 0;
	for (size_t i = 0; clock_monotonic_ms() < until || served <= 100; i = (i + 1) % 16) {
		assert_true(answer(waiting[i]) > 0);
		waiting[i] = ask(f, "p");
		served++;
	}
	for (int i = 0; i < 16; i++)
		assert_true(answer(waiting[i]) > 0);
}

/* On a kernel without socket diagnosis the answer is -1 and the pool does with less. */
static void knows_how_many_wait(void **state)
{
	struct fixture *f = *state;
	struct pool_shed shed;
	assert_int_equal(fcntl(f->listen_fd, F_SETFL, O_NONBLOCK), 0);
	pool_shed_open(&shed, f->listen_fd, f->options.overload);
	int before = pool_shed_waiting(&shed);
	int waiting[3];
	for (int i = 0; i < 3; i++)
		waiting[i] = ask(f, "p");
	assert_int_equal(pool_shed_waiting(&shed), before < 0 ? -1 : 3);
	assert_int_equal(pool_shed_answer(&shed, 2), 2);
	assert_int_equal(pool_shed_waiting(&shed), before < 0 ? -1 : 1);
	assert_int_equal(pool_shed_answer(&shed, 2), 1);
	pool_shed_close(&shed);
	for (int i = 0; i < 3; i++)
		close(waiting[i]);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(keeps_the_minimum_and_answers),
	    TEST(grows_when_all_are_busy_and_retires_when_they_are_not),
	    TEST(never_grows_beyond_the_maximum),
	    TEST(replaces_a_child_that_dies),
	    TEST(slows_down_when_children_die_at_once),
	    TEST(finishes_the_request_in_hand_on_sigterm),
	    TEST(stops_in_any_moment_between_two_requests),
	    TEST(children_end_with_their_parent),
	    TEST(refuses_what_would_wait_too_long),
	    TEST(knows_how_many_wait),
	    TEST(refuses_nothing_that_is_served_in_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
