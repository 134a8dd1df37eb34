/* How large a picture is and whether it moves, by its headers: no pixel is decoded. Every length is a stranger's. */
#include "image/image.h"

#include <png.h>
#include <string.h>
#include <turbojpeg.h>
#include <webp/decode.h>

static uint32_t big_endian(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* An APNG has the chunk acTL before its pixels. */
static bool png_moves(struct str file)
{
	size_t at = 8;
	while (file.n >= 12 && at <= file.n - 12) {
		uint32_t length = big_endian(file.p + at);
		if (memcmp(file.p + at + 4, "acTL", 4) == 0)
			return true;
		if (memcmp(file.p + at + 4, "IDAT", 4) == 0 || length > file.n - at - 12)
			return false;
		at += 12 + (size_t)length;
	}
	return false;
}

static bool measure_png(struct str file, struct image_measure *out)
{
	png_image png;
	memset(&png, 0, sizeof(png));
	png.version = PNG_IMAGE_VERSION;
	if (!png_image_begin_read_from_memory(&png, file.p, file.n))
		return false;
	*out = (struct image_measure){(int)png.width, (int)png.height, png_moves(file)};
	png_image_free(&png);
	return true;
}

static bool measure_jpeg(struct str file, struct image_measure *out)
{
	int subsampling, colours;
	tjhandle decoder = tjInitDecompress();
	bool is_read = decoder != NULL && tjDecompressHeader3(decoder, (const unsigned char *)file.p, file.n,
							      &out->width, &out->height, &subsampling, &colours) == 0;
	if (decoder != NULL)
		(void)tjDestroy(decoder);
	if (is_read && image_exif_orientation(file) >= 5) {
		int width = out->width;
		out->width = out->height;
		out->height = width;
	}
	return is_read;
}

/* Passes over the sub-blocks at *at; false at the end of the file. */
static bool skip_blocks(struct str file, size_t *at)
{
	while (*at < file.n) {
		size_t length = (unsigned char)file.p[(*at)++];
		if (length == 0)
			return true;
		*at += length;
	}
	return false;
}

static size_t table_bytes(unsigned char flags)
{
	return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* A GIF moves when it holds a second frame. */
static bool gif_moves(struct str file)
{
	size_t at = 13 + table_bytes((unsigned char)file.p[10]);
	for (int frames = 0; at < file.n;) {
		unsigned char kind = (unsigned char)file.p[at++];
		if (kind == 0x21) {
			at++; /* which extension it is */
		} else if (kind == 0x2c && at + 9 < file.n) {
			if (++frames == 2)
				return true;
			at += 9 + table_bytes((unsigned char)file.p[at + 8]) + 1;
		} else {
			return false;
		}
		if (!skip_blocks(file, &at))
			return false;
	}
	return false;
}

static bool measure_gif(struct str file, struct image_measure *out)
{
	const unsigned char *b = (const unsigned char *)file.p;
	*out = (struct image_measure){b[6] | b[7] << 8, b[8] | b[9] << 8, gif_moves(file)};
	return true;
}

static bool measure_webp(struct str file, struct image_measure *out)
{
	WebPBitstreamFeatures features;
	if (WebPGetFeatures((const uint8_t *)file.p, file.n, &features) != VP8_STATUS_OK)
		return false;
	*out = (struct image_measure){features.width, features.height, features.has_animation != 0};
	return true;
}

static bool measure(struct str file, struct image_measure *out)
{
	switch (image_format_of(file)) {
	case IMAGE_PNG:
		return measure_png(file, out);
	case IMAGE_JPEG:
		return measure_jpeg(file, out);
	case IMAGE_GIF:
		return measure_gif(file, out);
	case IMAGE_WEBP:
		return measure_webp(file, out);
	case IMAGE_NONE:
		break;
	}
	return false;
}

bool image_measure(struct str file, struct image_measure *out)
{
	*out = (struct image_measure){0};
	bool is_good = measure(file, out) && out->width > 0 && out->height > 0 && out->width <= IMAGE_MEASURE_MAX &&
		       out->height <= IMAGE_MEASURE_MAX;
	if (!is_good)
		*out = (struct image_measure){0};
	return is_good;
}
