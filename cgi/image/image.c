#include "image/image.h"

#include "base/ensure.h"

#include <stdlib.h>
#include <string.h>

void image_free(struct image *image)
{
	free(image->pixels);
	*image = (struct image){0};
}

enum image_format image_format_of(struct str file)
{
	static const char png[] = "\x89PNG\r\n\x1a\n";
	if (file.n < 16)
		return IMAGE_NONE;
	if (memcmp(file.p, png, sizeof(png) - 1) == 0)
		return IMAGE_PNG;
	if (memcmp(file.p, "\xff\xd8\xff", 3) == 0)
		return IMAGE_JPEG;
	if (memcmp(file.p, "GIF87a", 6) == 0 || memcmp(file.p, "GIF89a", 6) == 0)
		return IMAGE_GIF;
	if (memcmp(file.p, "RIFF", 4) == 0 && memcmp(file.p + 8, "WEBPVP8", 7) == 0)
		return IMAGE_WEBP;
	return IMAGE_NONE;
}

enum err image_make(int64_t width, int64_t height, struct image *out)
{
	if (width < 1 || height < 1)
		return ERR_BAD_PICTURE;
	if (width > IMAGE_SIDE_MAX || height > IMAGE_SIDE_MAX || width * height > IMAGE_PIXELS_MAX)
		return ERR_TOO_LARGE;
	*out = (struct image){
	    .pixels = calloc((size_t)(width * height), sizeof(uint32_t)),
	    .width = (int)width,
	    .height = (int)height,
	};
	return out->pixels != NULL ? ERR_OK : ERR_TOO_LARGE;
}

static enum err decode(struct str file, int side, struct image *out)
{
	switch (image_format_of(file)) {
	case IMAGE_PNG:
		return image_decode_png(file, out);
	case IMAGE_JPEG:
		return image_decode_jpeg(file, side, out);
	case IMAGE_GIF:
		return image_decode_gif(file, out);
	case IMAGE_WEBP:
		return image_decode_webp(file, out);
	case IMAGE_NONE:
		break;
	}
	return ERR_BAD_PICTURE;
}

enum err image_decode(struct str file, int side, struct image *out)
{
	*out = (struct image){0};
	enum err err = decode(file, side, out);
	if (err != ERR_OK)
		image_free(out);
	return err;
}

/* Where the pixel that is shown at x, y of the turned picture stands in the one that lies. */
static size_t source_of(const struct image *image, int orientation, int x, int y)
{
	int right = image->width - 1, bottom = image->height - 1;
	int from_x = x, from_y = y;
	switch (orientation) {
	case 2: /* mirrored */
		from_x = right - x;
		break;
	case 3: /* upside down */
		from_x = right - x;
		from_y = bottom - y;
		break;
	case 4: /* upside down, mirrored */
		from_y = bottom - y;
		break;
	case 5: /* mirrored and turned left */
		from_x = y;
		from_y = x;
		break;
	case 6: /* its top is at the right */
		from_x = y;
		from_y = bottom - x;
		break;
	case 7:
		from_x = right - y;
		from_y = bottom - x;
		break;
	case 8: /* its top is at the left */
		from_x = right - y;
		from_y = x;
		break;
	default:
		break;
	}
	return (size_t)from_y * (size_t)image->width + (size_t)from_x;
}

void image_turn(struct image *image, int orientation)
{
	if (orientation < 2 || orientation > 8)
		return;
	bool is_sideways = orientation >= 5;
	struct image turned = {
	    .pixels = ensure_calloc((size_t)image->width * (size_t)image->height, sizeof(uint32_t)),
	    .width = is_sideways ? image->height : image->width,
	    .height = is_sideways ? image->width : image->height,
	};
	for (int y = 0; y < turned.height; y++)
		for (int x = 0; x < turned.width; x++)
			turned.pixels[(size_t)y * (size_t)turned.width + (size_t)x] =
			    image->pixels[source_of(image, orientation, x, y)];
	image_free(image);
	*image = turned;
}
