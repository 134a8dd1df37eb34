/* The orientation out of a JPEG file's EXIF block: an APP1 segment "Exif\0\0" that holds a TIFF file, whose first
 * directory may have the entry 0x0112. Every offset is a stranger's. */
#include "image/image.h"

#include <string.h>

enum { TAG_ORIENTATION = 0x0112, TYPE_SHORT = 3, ENTRY_BYTES = 12, MARKER_APP1 = 0xe1, MARKER_SCAN = 0xda };

static unsigned byte_at(struct str s, size_t at)
{
	return (unsigned char)s.p[at];
}

static unsigned short_at(struct str s, size_t at, bool is_little)
{
	return is_little ? byte_at(s, at + 1) << 8 | byte_at(s, at) : byte_at(s, at) << 8 | byte_at(s, at + 1);
}

static uint32_t long_at(struct str s, size_t at, bool is_little)
{
	uint32_t first = short_at(s, at, is_little), second = short_at(s, at + 2, is_little);
	return is_little ? second << 16 | first : first << 16 | second;
}

static int orientation_of_tiff(struct str tiff)
{
	if (tiff.n < 8 || (memcmp(tiff.p, "II*\0", 4) != 0 && memcmp(tiff.p, "MM\0*", 4) != 0))
		return 1;
	bool is_little = tiff.p[0] == 'I';
	size_t at = long_at(tiff, 4, is_little);
	if (at > tiff.n - 2)
		return 1;
	unsigned count = short_at(tiff, at, is_little);
	at += 2;
	for (unsigned i = 0; i < count && tiff.n - at >= ENTRY_BYTES; i++, at += ENTRY_BYTES) {
		if (short_at(tiff, at, is_little) != TAG_ORIENTATION || short_at(tiff, at + 2, is_little) != TYPE_SHORT)
			continue;
		unsigned value = short_at(tiff, at + 8, is_little);
		return value >= 1 && value <= 8 ? (int)value : 1;
	}
	return 1;
}

int image_exif_orientation(struct str jpeg)
{
	static const char mark[] = "Exif\0";
	size_t at = 2; /* behind the start of the image */
	while (jpeg.n >= 4 && at <= jpeg.n - 4 && byte_at(jpeg, at) == 0xff) {
		unsigned marker = byte_at(jpeg, at + 1);
		size_t length = short_at(jpeg, at + 2, false);
		if (marker == MARKER_SCAN || length < 2 || length > jpeg.n - at - 2)
			return 1;
		struct str content = {jpeg.p + at + 4, length - 2};
		if (marker == MARKER_APP1 && content.n > sizeof(mark) && memcmp(content.p, mark, sizeof(mark)) == 0)
			return orientation_of_tiff((struct str){content.p + sizeof(mark), content.n - sizeof(mark)});
		at += 2 + length;
	}
	return 1;
}
