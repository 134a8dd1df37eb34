/* Pictures as snug-picture decodes them: whatever comes, it is refused or it is a picture that can be encoded. */
#include "image/image.h"

#include "base/ensure.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIDE = 32, WEBP_MAX = 64 * 1024, WORTH_ENCODING = 512 * 512, ORIENTATION_BYTES = 36 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str file = {(const char *)data, size};
	struct image image;
	unsigned char *webp;
	size_t n;

	struct image_measure measure;
	struct buf plain, again;

	buf_init(&plain);
	buf_init(&again);
	if (image_measure(file, &measure))
		ensure(measure.width > 0 && measure.height > 0 && measure.width <= IMAGE_MEASURE_MAX &&
		       measure.height <= IMAGE_MEASURE_MAX);
	if (image_strip(file, &plain)) {
		struct str stripped = {plain.p, plain.n};
		ensure(plain.n > 0 && plain.n <= size + ORIENTATION_BYTES);
		ensure(image_exif_orientation(stripped) == image_exif_orientation(file));
		/* What was taken off is off: but for the orientation, which is written anew each time. */
		if (image_strip(stripped, &again))
			ensure(again.n == plain.n && memcmp(again.p, plain.p, plain.n) == 0);
	}
	buf_free(&plain);
	buf_free(&again);
	int orientation = image_exif_orientation(file);
	ensure(orientation >= 1 && orientation <= 8);
	if (image_decode(file, SIDE, &image) != ERR_OK) {
		ensure(image.pixels == NULL);
		return 0;
	}
	ensure(image.width > 0 && image.height > 0);
	if ((int64_t)image.width * image.height <= WORTH_ENCODING &&
	    image_encode_square(&image, SIDE, WEBP_MAX, &webp, &n) == ERR_OK)
		free(webp);
	image_free(&image);
	return 0;
}
