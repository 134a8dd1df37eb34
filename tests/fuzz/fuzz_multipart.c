/* Multipart bodies: parts come in order, their texts are clean, and a body reads the same however it is cut. The first
 * byte is the size of the pieces of the second reading; the boundary is "b". */
#include "base/buf.h"
#include "base/ensure.h"
#include "base/utf8.h"
#include "http/multipart.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void text_put(struct buf *out, const char *text, size_t max)
{
	size_t n = strlen(text);

	ensure(n <= max && utf8_is_valid(text, n));
	for (size_t i = 0; i < n; i++)
		ensure((unsigned char)text[i] >= 0x20 && text[i] != 0x7f);
	buf_put(out, text, n + 1);
}

static void part_put(struct buf *out, const struct multipart_part *part)
{
	ensure(part->name[0] != '\0');
	text_put(out, part->name, MULTIPART_NAME_MAX);
	text_put(out, part->file_name ? part->file_name : "-", MULTIPART_FILE_NAME_MAX);
	ensure(part->file_name == NULL || strpbrk(part->file_name, "/\\") == NULL);
	text_put(out, part->content_type, MULTIPART_HEAD_MAX);
}

/* Reads one piece and notes what was told; false when it is malformed. */
static bool piece_read(struct multipart *multipart, struct str piece, bool *is_in_part, struct buf *out)
{
	enum multipart_event event;

	while ((event = multipart_next(multipart, &piece)) != MULTIPART_NEEDS_MORE) {
		ensure(*is_in_part || (event != MULTIPART_DATA && event != MULTIPART_PART_END));
		ensure(!*is_in_part || (event != MULTIPART_PART && event != MULTIPART_END));
		if (event == MULTIPART_MALFORMED) {
			ensure(multipart_next(multipart, &piece) == MULTIPART_MALFORMED);
			return false;
		}
		if (event == MULTIPART_DATA) {
			ensure(multipart->data.n > 0);
			buf_put(out, multipart->data.p, multipart->data.n);
			continue;
		}
		buf_printf(out, "<%d>", (int)event);
		*is_in_part = event == MULTIPART_PART;
		if (event == MULTIPART_PART)
			part_put(out, &multipart->part);
	}
	ensure(piece.n == 0);
	return true;
}

static void body_read(struct str body, size_t step, struct buf *out)
{
	struct multipart multipart;
	bool is_in_part = false, is_fine = true;

	ensure(multipart_init(&multipart, STR("b")));
	for (size_t at = 0, n; at < body.n && is_fine; at += n) {
		/* A copy of its own, so that reading beyond a piece is seen. */
		n = step < body.n - at ? step : body.n - at;
		char *piece = ensure_malloc(n);
		memcpy(piece, body.p + at, n);
		is_fine = piece_read(&multipart, (struct str){piece, n}, &is_in_part, out);
		free(piece);
	}
	ensure(!multipart_is_done(&multipart) || (is_fine && !is_in_part));
	buf_puts(out, !is_fine ? "malformed" : multipart_is_done(&multipart) ? "done" : "cut off");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole, pieces;

	if (size == 0)
		return 0;
	struct str body = {(const char *)data + 1, size - 1};
	buf_init(&whole);
	buf_init(&pieces);
	body_read(body, body.n, &whole);
	body_read(body, (size_t)data[0] + 1, &pieces);
	ensure(whole.n == pieces.n && memcmp(whole.p, pieces.p, whole.n) == 0);
	buf_free(&whole);
	buf_free(&pieces);
	return 0;
}
