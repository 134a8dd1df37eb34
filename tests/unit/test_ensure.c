/* Programmer's errors end the program, and say where. */
#include "base/ensure.h"

#include "child.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void break_a_promise(void)
{
	int two = 2;

	ensure(two == 3);
}

static void keep_a_promise(void)
{
	ensure(1 + 1 == 2);
}

static void a_broken_promise_aborts_and_is_logged(void **state)
{
	struct buf out;
	int status;

	(void)state;
	buf_init(&out);
	status = child_run(break_a_promise, &out);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	assert_non_null(strstr(out.p, "\"level\":\"error\""));
	assert_non_null(strstr(out.p, "\"condition\":\"two == 3\""));
	assert_non_null(strstr(out.p, "test_ensure.c"));
	buf_free(&out);
}

static void a_kept_promise_says_nothing(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out);
	assert_int_equal(child_run(keep_a_promise, &out), 0);
	assert_int_equal(out.n, 0);
	buf_free(&out);
}

static void no_memory_of_size_0_is_null(void **state)
{
	char *p = ensure_malloc(0);
	char *q = ensure_calloc(0, 8);

	(void)state;
	assert_non_null(p);
	assert_non_null(q);
	p = ensure_realloc(p, 0);
	assert_non_null(p);
	free(p);
	free(q);
}

static void a_copy_is_a_copy(void **state)
{
	char *copy = ensure_strdup("text");

	(void)state;
	assert_string_equal(copy, "text");
	free(copy);
}

/* What AddressSanitizer's own malloc makes of such a size is not what this tests. */
#ifndef __SANITIZE_ADDRESS__
static void take_all_memory(void)
{
	volatile unsigned long size_bytes = 1ul << 62;

	free(ensure_malloc(size_bytes));
}

static void memory_that_cannot_be_had_ends_the_program(void **state)
{
	struct buf out;
	int status;

	(void)state;
	buf_init(&out);
	status = child_run(take_all_memory, &out);
	assert_true(WIFSIGNALED(status));
	assert_non_null(strstr(out.p, "memory is left"));
	buf_free(&out);
}
#endif

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_broken_promise_aborts_and_is_logged),
	    cmocka_unit_test(a_kept_promise_says_nothing),
	    cmocka_unit_test(no_memory_of_size_0_is_null),
	    cmocka_unit_test(a_copy_is_a_copy),
#ifndef __SANITIZE_ADDRESS__
	    cmocka_unit_test(memory_that_cannot_be_had_ends_the_program),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
