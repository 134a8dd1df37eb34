/* QR codes: what the path of the picture says, read back as squares. */
#include "text/qr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SIDE_MAX = 200 };

static bool squares[SIDE_MAX][SIDE_MAX];

/* Fills squares with what the path draws; fails the test for anything but whole rectangles inside the picture. */
static void draw(const char *path, int side)
{
	memset(squares, 0, sizeof squares);
	while (*path != '\0') {
		int x, y, width, back, n = 0;

		assert_int_equal(sscanf(path, "M%d %dh%dv1h-%dz%n", &x, &y, &width, &back, &n), 4);
		assert_true(n > 0 && width > 0 && width == back && x >= 0 && y >= 0 && x + width <= side && y < side);
		for (int i = x; i < x + width; i++)
			squares[y][i] = true;
		path += n;
	}
}

/* ISO/IEC 18004: three corners have a square of 7 with a light ring in it. */
static bool has_finder(int left, int top)
{
	for (int y = 0; y < 7; y++) {
		for (int x = 0; x < 7; x++) {
			bool is_rim = x == 0 || y == 0 || x == 6 || y == 6;
			bool is_core = x >= 2 && x <= 4 && y >= 2 && y <= 4;

			if (squares[top + y][left + x] != (is_rim || is_core))
				return false;
		}
	}
	return true;
}

static void the_path_draws_a_code_with_a_margin(void **state)
{
	struct buf path;
	int side = 0;

	(void)state;
	buf_init(&path);
	assert_int_equal(qr_path("otpauth://totp/Snug:ada@chat.example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
				 "&issuer=Snug&algorithm=SHA1&digits=6&period=30",
				 &path, &side),
			 ERR_OK);
	assert_true(side > 21 + 8 && side <= SIDE_MAX && (side - 8 - 17) % 4 == 0);
	draw(path.p, side);
	assert_true(has_finder(4, 4) && has_finder(side - 11, 4) && has_finder(4, side - 11));
	for (int i = 0; i < side; i++) {
		for (int j = 0; j < 4; j++)
			assert_false(squares[j][i] || squares[i][j] || squares[side - 1 - j][i] ||
				     squares[i][side - 1 - j]);
	}
	assert_null(strpbrk(path.p, "<>&\"'"));
	buf_free(&path);
}

static void a_text_that_is_too_long_is_refused(void **state)
{
	char text[QR_TEXT_MAX + 2];
	struct buf path;
	int side = 0;

	(void)state;
	buf_init(&path);
	memset(text, 'a', sizeof text);
	text[QR_TEXT_MAX + 1] = '\0';
	assert_int_equal(qr_path(text, &path, &side), ERR_INTERNAL);
	text[QR_TEXT_MAX] = '\0';
	assert_int_equal(qr_path(text, &path, &side), ERR_OK);
	buf_free(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_path_draws_a_code_with_a_margin),
	    cmocka_unit_test(a_text_that_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
