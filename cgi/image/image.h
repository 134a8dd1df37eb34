/* Pictures: libpng, libturbojpeg, giflib and libwebp end here. Linked into snug-picture alone, which confines itself
 * before it calls anything of this.
 *
 * A picture in memory is 32 bits a pixel, blue, green, red, alpha (not premultiplied), the upper left one first. */
#ifndef SNUG_IMAGE_IMAGE_H
#define SNUG_IMAGE_IMAGE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* A decoder that unpacks everything gets no more pixels than this: 25 megapixels are 100 MB. Of a JPEG, which can be
 * decoded at a fraction of its size, the whole may be larger. */
enum { IMAGE_PIXELS_MAX = 25 * 1000 * 1000, IMAGE_JPEG_PIXELS_MAX = 150 * 1000 * 1000, IMAGE_SIDE_MAX = 30000 };

enum image_format { IMAGE_NONE, IMAGE_PNG, IMAGE_JPEG, IMAGE_GIF, IMAGE_WEBP };

struct image {
	uint32_t *pixels; /* owned, width * height of them */
	int width, height;
};

void image_free(struct image *image);

/* What the first bytes say; nothing else is believed. */
enum image_format image_format_of(struct str file);

/* Decodes a file, turned upright where EXIF says that it lies. side is what the caller is going to make of it: no more
 * pixels are decoded than needed. Errors: ERR_BAD_PICTURE, ERR_TOO_LARGE (before a pixel of it is decoded). */
enum err image_decode(struct str file, int side, struct image *out) MUST_USE;

/* One a format; the same contract. */
enum err image_decode_png(struct str file, struct image *out) MUST_USE;
enum err image_decode_jpeg(struct str file, int side, struct image *out) MUST_USE;
enum err image_decode_gif(struct str file, struct image *out) MUST_USE;
enum err image_decode_webp(struct str file, struct image *out) MUST_USE;

/* Checks the dimensions that a header claims and allocates the pixels, all of them transparent black. ERR_TOO_LARGE
 * also where there is no memory for them: this process has little. */
enum err image_make(int64_t width, int64_t height, struct image *out) MUST_USE;

/* How large a picture is as it is shown, told by its headers alone. False when it says nothing, or too much. */
enum { IMAGE_MEASURE_MAX = 65535 };
struct image_measure {
	int width, height;
	bool is_animated;
};
bool image_measure(struct str file, struct image_measure *out);

/* Writes a JPEG, PNG or WebP file without metadata into out. False where it has none, or is no such file: then it is to
 * be taken as it is. */
bool image_strip(struct str file, struct buf *out);

/* Writes the whole picture as WebP without metadata, made smaller where a side is longer than that; as for squares. */
enum err image_encode_fitted(const struct image *image, int side, size_t max, unsigned char **webp, size_t *n) MUST_USE;

/* Writes the middle square as WebP of side pixels without metadata, at the best quality that stays within max bytes.
 * Errors: ERR_TOO_LARGE when none does. */
enum err image_encode_square(const struct image *image, int side, size_t max, unsigned char **webp, size_t *n) MUST_USE;

/* The orientation of the EXIF block of a JPEG file: 1 (upright) to 8, as EXIF 2.3 section 4.6.4 counts; 1 where there
 * is none or it is malformed. */
int image_exif_orientation(struct str jpeg);

/* Turns the picture as that orientation asks. */
void image_turn(struct image *image, int orientation);

#endif
