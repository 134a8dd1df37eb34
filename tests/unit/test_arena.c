/* Memory of one request. */
#include "base/arena.h"

#include "base/buf.h"
#include "base/ensure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void memory_is_zeroed_aligned_and_its_own(void **state)
{
	enum { COUNT = 2000 };
	struct arena arena;
	unsigned char *all[COUNT];

	(void)state;
	arena_init(&arena);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < COUNT; i++) {
			size_t size = i * 7 % 301;

			all[i] = arena_alloc(&arena, size);
			assert_non_null(all[i]);
			assert_int_equal((uintptr_t)all[i] % _Alignof(max_align_t), 0);
			for (size_t at = 0; at < size; at++)
				assert_int_equal(all[i][at], 0);
			memset(all[i], (int)(i % 255 + 1), size);
		}
		for (size_t i = 0; i < COUNT; i++) {
			for (size_t at = 0; at < i * 7 % 301; at++)
				assert_int_equal(all[i][at], i % 255 + 1);
		}
		arena_reset(&arena);
	}
	arena_free(&arena);
}

static void nothing_of_size_0_shares_an_address(void **state)
{
	struct arena arena;
	const void *first, *second;

	(void)state;
	arena_init(&arena);
	first = arena_alloc(&arena, 0);
	second = arena_alloc(&arena, 0);
	assert_non_null(first);
	assert_ptr_not_equal(first, second);
	arena_free(&arena);
}

static void a_piece_may_be_larger_than_any_block(void **state)
{
	enum { LARGE = 3 * 1024 * 1024 };
	struct arena arena;
	char *small, *large;

	(void)state;
	arena_init(&arena);
	small = arena_strdup(&arena, "before");
	large = arena_alloc(&arena, LARGE);
	large[LARGE - 1] = 'x';
	assert_string_equal(arena_strdup(&arena, "after"), "after");
	assert_string_equal(small, "before");
	assert_in_range(arena.used_bytes, LARGE, LARGE + 4096);
	arena_free(&arena);
}

static void used_bytes_start_again_at_a_reset(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	arena_alloc(&arena, 1000);
	assert_in_range(arena.used_bytes, 1000, 1000 + 16);
	arena_reset(&arena);
	assert_int_equal(arena.used_bytes, 0);
	arena_free(&arena);
}

/* AddressSanitizer's build keeps nothing, so that use after a reset is seen. */
#ifndef __SANITIZE_ADDRESS__
static void one_small_block_is_kept_for_the_next_request(void **state)
{
	struct arena arena;
	const void *first;

	(void)state;
	arena_init(&arena);
	first = arena_alloc(&arena, 100);
	arena_alloc(&arena, 1024 * 1024);
	arena_reset(&arena);
	assert_ptr_equal(arena_alloc(&arena, 100), first);
	arena_free(&arena);
}
#endif

static void text_is_copied_with_its_end(void **state)
{
	struct arena arena;
	const char *copy;

	(void)state;
	arena_init(&arena);
	assert_null(arena_strdup(&arena, NULL));
	assert_string_equal(arena_strdup(&arena, ""), "");
	assert_string_equal(arena_strndup(&arena, "abcdef", 3), "abc");
	assert_string_equal(arena_strndup(&arena, NULL, 0), "");
	copy = arena_strndup(&arena, "a\0b", 3);
	assert_memory_equal(copy, "a\0b\0", 4);
	assert_string_equal(arena_printf(&arena, "%s %d", "x", 42), "x 42");
	assert_string_equal(arena_printf(&arena, "%s", ""), "");
	assert_int_equal(strlen(arena_printf(&arena, "%050000d", 7)), 50000);
	for (int n = 250; n < 260; n++) {
		const char *text = arena_printf(&arena, "%0*d|", n, 7);
		assert_int_equal(strlen(text), n + 1);
		assert_string_equal(text + n - 1, "7|");
	}
	arena_free(&arena);
}

struct tape {
	char text[8];
	size_t n;
};

struct cell {
	struct tape *tape;
	char name;
};

static void record(void *object)
{
	struct cell *cell = object;

	cell->tape->text[cell->tape->n++] = cell->name;
}

static void cleanups_run_once_and_newest_first(void **state)
{
	struct tape tape = {0};
	struct cell a = {&tape, 'a'}, b = {&tape, 'b'}, c = {&tape, 'c'};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	arena_defer(&arena, record, &a);
	arena_defer(&arena, record, &b);
	arena_reset(&arena);
	assert_string_equal(tape.text, "ba");
	arena_defer(&arena, record, &c);
	arena_free(&arena);
	assert_string_equal(tape.text, "bac");
	arena_free(&arena);
	assert_string_equal(tape.text, "bac");
}

static void check_text(void *object)
{
	ensure(strcmp(object, "still here") == 0);
}

static void memory_is_still_there_while_cleanups_run(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	arena_defer(&arena, check_text, arena_strdup(&arena, "still here"));
	for (int i = 0; i < 100; i++)
		arena_alloc(&arena, 5000);
	arena_reset(&arena);
	arena_free(&arena);
}

/* LeakSanitizer is the judge. */
static void a_buffer_of_the_arena_goes_with_it(void **state)
{
	struct arena arena;
	struct buf *buf;

	(void)state;
	arena_init(&arena);
	buf = buf_in_arena(&arena);
	buf_puts(buf, "text");
	assert_string_equal(buf->p, "text");
	arena_reset(&arena);
	buf_in_arena(&arena);
	arena_free(&arena);
}

static void an_arena_that_was_never_used_can_be_freed(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	arena_reset(&arena);
	arena_free(&arena);
	assert_null(arena.blocks);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(memory_is_zeroed_aligned_and_its_own),
	    cmocka_unit_test(nothing_of_size_0_shares_an_address),
	    cmocka_unit_test(a_piece_may_be_larger_than_any_block),
	    cmocka_unit_test(used_bytes_start_again_at_a_reset),
#ifndef __SANITIZE_ADDRESS__
	    cmocka_unit_test(one_small_block_is_kept_for_the_next_request),
#endif
	    cmocka_unit_test(text_is_copied_with_its_end),
	    cmocka_unit_test(cleanups_run_once_and_newest_first),
	    cmocka_unit_test(memory_is_still_there_while_cleanups_run),
	    cmocka_unit_test(a_buffer_of_the_arena_goes_with_it),
	    cmocka_unit_test(an_arena_that_was_never_used_can_be_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
