/* The growing byte buffer. */
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The invariant of the header. */
static void assert_sound(const struct buf *buf)
{
	if (!buf->p) {
		assert_int_equal(buf->n, 0);
		return;
	}
	assert_true(buf->n < buf->cap);
	assert_int_equal(buf->p[buf->n], 0);
}

static void what_is_put_comes_out_in_order(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf);
	buf_puts(&buf, "one ");
	buf_put(&buf, "two?", 3);
	buf_putc(&buf, ' ');
	buf_printf(&buf, "%s-%d", "three", 3);
	buf_puts(&buf, "");
	buf_put(&buf, NULL, 0);
	assert_string_equal(buf.p, "one two three-3");
	assert_sound(&buf);
	buf_free(&buf);
}

/* Against plain memory, with every growth step between 0 and some thousand bytes. */
static void random_changes_match_plain_memory(void **state)
{
	enum { SIZE = 20000 };
	char *model = calloc(1, SIZE);
	size_t model_n = 0;
	unsigned seed = 1;
	struct buf buf;

	(void)state;
	buf_init(&buf);
	for (int step = 0; step < 3000; step++) {
		char piece[200];
		size_t n;

		seed = seed * 1103515245u + 12345u;
		n = seed >> 16 & 127;
		memset(piece, 'a' + step % 26, sizeof piece);
		if (model_n + n >= SIZE || seed >> 30 == 3) {
			n = n < model_n ? n : model_n;
			memmove(model, model + n, model_n - n);
			model_n -= n;
			buf_drop(&buf, n);
		} else {
			memcpy(model + model_n, piece, n);
			model_n += n;
			buf_put(&buf, piece, n);
		}
		assert_int_equal(buf.n, model_n);
		assert_sound(&buf);
		if (model_n > 0)
			assert_memory_equal(buf.p, model, model_n);
	}
	buf_free(&buf);
	free(model);
}

static void clearing_keeps_the_memory_and_freeing_does_not(void **state)
{
	struct buf buf;
	const char *memory;

	(void)state;
	buf_init(&buf);
	buf_clear(&buf);
	buf_drop(&buf, 0);
	assert_sound(&buf);
	buf_puts(&buf, "text");
	memory = buf.p;
	buf_clear(&buf);
	assert_sound(&buf);
	assert_int_equal(buf.n, 0);
	assert_ptr_equal(buf.p, memory);
	buf_free(&buf);
	assert_null(buf.p);
	assert_int_equal(buf.cap, 0);
}

static void reserved_room_is_not_moved_while_it_is_filled(void **state)
{
	struct buf buf;
	const char *memory;

	(void)state;
	buf_init(&buf);
	buf_reserve(&buf, 0);
	assert_sound(&buf);
	buf_reserve(&buf, 1000);
	memory = buf.p;
	for (int i = 0; i < 1000; i++)
		buf_putc(&buf, 'x');
	assert_ptr_equal(buf.p, memory);
	assert_sound(&buf);
	buf_free(&buf);
}

static void a_long_format_is_not_cut(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf);
	buf_printf(&buf, "%0100000d|", 1);
	assert_int_equal(buf.n, 100001);
	assert_int_equal(buf.p[100000], '|');
	assert_sound(&buf);
	buf_free(&buf);
	/* As long as the room that is left, and a byte less or more. */
	for (int n = 50; n < 140; n++) {
		buf_puts(&buf, "before ");
		buf_printf(&buf, "%0*d|", n, 7);
		assert_int_equal(buf.n, 7 + n + 1);
		assert_string_equal(buf.p + buf.n - 2, "7|");
		assert_memory_equal(buf.p, "before 0", 8);
		assert_sound(&buf);
		buf_free(&buf);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_put_comes_out_in_order),
	    cmocka_unit_test(random_changes_match_plain_memory),
	    cmocka_unit_test(clearing_keeps_the_memory_and_freeing_does_not),
	    cmocka_unit_test(reserved_room_is_not_moved_while_it_is_filled),
	    cmocka_unit_test(a_long_format_is_not_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
