/* PNG by libpng's simplified interface, which reads any depth and palette as 8 bits a channel. */
#include "image/image.h"

#include <png.h>
#include <string.h>

enum err image_decode_png(struct str file, struct image *out)
{
	png_image png;
	memset(&png, 0, sizeof(png));
	png.version = PNG_IMAGE_VERSION;
	if (!png_image_begin_read_from_memory(&png, file.p, file.n))
		return ERR_BAD_PICTURE;
	png.format = PNG_FORMAT_BGRA;
	enum err err = image_make(png.width, png.height, out);
	if (err == ERR_OK && !png_image_finish_read(&png, NULL, out->pixels, 0, NULL))
		err = ERR_BAD_PICTURE;
	png_image_free(&png);
	return err;
}
