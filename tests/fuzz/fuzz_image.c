/* Pictures as snug-picture decodes them: whatever comes, it is refused or it is a picture that can be encoded. */
#include "image/image.h"

#include "base/ensure.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIDE = 32, WEBP_MAX = 64 * 1024, WORTH_ENCODING = 512 * 512 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str file = {(const char *)data, size};
	struct image image;
	unsigned char *webp;
	size_t n;

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
