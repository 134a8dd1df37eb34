/* A picture without what stands beside it: where and when it was taken, by which camera, a smaller picture of what was
 * cut off, and whatever follows its end. The pixels are not touched; what is needed to show them stays, such as colour
 * profiles and, of a JPEG, which side is up.
 *
 * A file that is not built as its format says is left alone: what it would lose might be what a decoder reads. */
#include "image/image.h"

#include <string.h>

/* Pieces of the file that stay, in order, with a few bytes of our own. */
struct output {
	struct buf *buf;
	bool has_dropped;
};

static void keep(struct output *out, const char *p, size_t n)
{
	buf_put(out->buf, p, n);
}

static unsigned byte_at(struct str s, size_t at)
{
	return (unsigned char)s.p[at];
}

/* An EXIF block that says nothing but the orientation (TIFF 6.0, one entry). */
static void put_orientation(struct output *out, int orientation)
{
	/* APP1 and its length, "Exif\0\0"; big-endian TIFF, its directory at 8; one entry: tag 0x0112, one SHORT; no
	 * more. */
	static const unsigned char block[] = {0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0,    'M', 'M',
					      0,    42,   0, 0,  0,   8,   0,   1,   1, 0x12, 0,   3,
					      0,    0,    0, 1,  0,   0,   0,   0,   0, 0,    0,   0};
	_Static_assert(sizeof(block) == 36, "as long as its length says, and the marker");
	enum { VALUE_AT = 29 };
	unsigned char bytes[sizeof(block)];
	memcpy(bytes, block, sizeof(block));
	bytes[VALUE_AT] = (unsigned char)orientation;
	keep(out, (const char *)bytes, sizeof(bytes));
}

/* Of the application segments: JFIF, colour profiles, and Adobe's word on how colours are stored. */
static bool is_needed(struct str file, size_t at, size_t length)
{
	unsigned marker = byte_at(file, at + 1);
	struct str content = {file.p + at + 4, length - 2};
	if (marker == 0xe2)
		return content.n >= 12 && memcmp(content.p, "ICC_PROFILE", 12) == 0;
	return (marker < 0xe1 || marker > 0xef || marker == 0xee) && marker != 0xfe;
}

/* Where the compressed pixels that begin at `at` end: at the next marker that is one. */
static size_t scan_end(struct str file, size_t at)
{
	while (at + 1 < file.n) {
		const char *mark = memchr(file.p + at, 0xff, file.n - at - 1);
		if (mark == NULL)
			return file.n;
		at = (size_t)(mark - file.p);
		unsigned marker = byte_at(file, at + 1);
		if (marker != 0 && marker != 0xff && (marker < 0xd0 || marker > 0xd7))
			return at;
		at += marker == 0xff ? 1 : 2;
	}
	return file.n;
}

static bool strip_jpeg(struct str file, struct output *out)
{
	int orientation = image_exif_orientation(file);
	size_t at = 2;
	keep(out, file.p, 2);
	if (orientation > 1)
		put_orientation(out, orientation);
	while (file.n >= 4 && at <= file.n - 2 && byte_at(file, at) == 0xff) {
		unsigned marker = byte_at(file, at + 1);
		if (marker == 0xd9) {
			keep(out, file.p + at, 2);
			out->has_dropped |= at + 2 < file.n;
			return true;
		}
		if (marker == 0xff) {
			at++; /* filling */
			continue;
		}
		if (at > file.n - 4)
			return false;
		size_t length = byte_at(file, at + 2) << 8 | byte_at(file, at + 3);
		if (length < 2 || length > file.n - at - 2)
			return false;
		size_t end = at + 2 + length;
		if (marker == 0xda)
			end = scan_end(file, end);
		if (is_needed(file, at, length))
			keep(out, file.p + at, end - at);
		else
			out->has_dropped = true;
		at = end;
	}
	return false; /* there is no end of the picture */
}

static bool is_text_chunk(const char *name)
{
	static const char *const names[] = {"tEXt", "zTXt", "iTXt", "eXIf", "tIME", "dSIG"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (memcmp(name, names[i], 4) == 0)
			return true;
	}
	return false;
}

static bool strip_png(struct str file, struct output *out)
{
	size_t at = 8;
	keep(out, file.p, 8);
	while (file.n >= 12 && at <= file.n - 12) {
		size_t length = (size_t)byte_at(file, at) << 24 | byte_at(file, at + 1) << 16 |
				byte_at(file, at + 2) << 8 | byte_at(file, at + 3);
		if (length > file.n - at - 12)
			return false;
		if (is_text_chunk(file.p + at + 4))
			out->has_dropped = true;
		else
			keep(out, file.p + at, length + 12);
		bool is_end = memcmp(file.p + at + 4, "IEND", 4) == 0;
		at += length + 12;
		if (is_end) {
			out->has_dropped |= at < file.n;
			return true;
		}
	}
	return false;
}

static size_t little_endian(struct str s, size_t at)
{
	return byte_at(s, at) | byte_at(s, at + 1) << 8 | byte_at(s, at + 2) << 16 | (size_t)byte_at(s, at + 3) << 24;
}

/* The length of the whole stands in the head, and which chunks there are in VP8X (bit 3 EXIF, bit 2 XMP). */
static void mend_webp(struct output *out)
{
	char *p = out->buf->p;
	size_t n = out->buf->n - 8;
	for (int i = 0; i < 4; i++)
		p[4 + i] = (char)(n >> (8 * i) & 0xff);
	if (out->buf->n > 20 && memcmp(p + 12, "VP8X", 4) == 0)
		p[20] = (char)((unsigned char)p[20] & ~0x0cu);
}

static bool strip_webp(struct str file, struct output *out)
{
	size_t end = little_endian(file, 4) + 8, at = 12;
	if (end > file.n || end < 12)
		return false;
	out->has_dropped |= end < file.n;
	keep(out, file.p, 12);
	while (end >= 8 && at <= end - 8) {
		size_t length = little_endian(file, at + 4), padded = length + (length & 1);
		if (padded > end - at - 8)
			return false;
		if (memcmp(file.p + at, "EXIF", 4) == 0 || memcmp(file.p + at, "XMP ", 4) == 0)
			out->has_dropped = true;
		else
			keep(out, file.p + at, padded + 8);
		at += padded + 8;
	}
	mend_webp(out);
	return at == end;
}

bool image_strip(struct str file, struct buf *out)
{
	struct output output = {.buf = out};
	bool is_whole = false;
	buf_clear(out);
	switch (image_format_of(file)) {
	case IMAGE_JPEG:
		is_whole = strip_jpeg(file, &output);
		break;
	case IMAGE_PNG:
		is_whole = strip_png(file, &output);
		break;
	case IMAGE_WEBP:
		is_whole = strip_webp(file, &output);
		break;
	case IMAGE_GIF:
	case IMAGE_NONE:
		break;
	}
	return is_whole && output.has_dropped;
}
