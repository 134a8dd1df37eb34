#include "text/qr.h"

#include <qrencode.h>
#include <string.h>

enum { MARGIN = 4 };

/* Dark squares beside each other are one rectangle. */
static void put_row(struct buf *out, const unsigned char *row, int width, int y)
{
	for (int x = 0; x < width;) {
		int length = 0;

		while (x + length < width && (row[x + length] & 1))
			length++;
		if (length > 0)
			buf_printf(out, "M%d %dh%dv1h-%dz", x + MARGIN, y + MARGIN, length, length);
		x += length + 1;
	}
}

enum err qr_path(const char *text, struct buf *out, int *size)
{
	QRcode *code = NULL;

	if (strnlen(text, QR_TEXT_MAX + 1) <= QR_TEXT_MAX)
		code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	if (code == NULL)
		return ERR_INTERNAL;
	for (int y = 0; y < code->width; y++)
		put_row(out, code->data + y * code->width, code->width, y);
	*size = code->width + 2 * MARGIN;
	QRcode_free(code);
	return ERR_OK;
}
