/* JPEG by libturbojpeg, decoded at the smallest fraction that still has the pixels wanted; and the one thing of EXIF
 * that is not thrown away unread: which side is up. */
#include "image/image.h"

#include <string.h>
#include <turbojpeg.h>

/* The largest reduction whose short side is no shorter than side. */
static tjscalingfactor reduction_for(int width, int height, int side)
{
	int count;
	const tjscalingfactor *factors = tjGetScalingFactors(&count);
	tjscalingfactor best = {1, 1};
	int shorter = width < height ? width : height;
	for (int i = 0; factors != NULL && i < count; i++) {
		bool is_smaller = factors[i].num * best.denom < best.num * factors[i].denom;
		if (is_smaller && TJSCALED(shorter, factors[i]) >= side)
			best = factors[i];
	}
	return best;
}

/* Four inks, stored inverted as Adobe's programs do and everybody since. */
static void from_inks(struct image *image)
{
	for (size_t i = 0; i < (size_t)image->width * (size_t)image->height; i++) {
		unsigned char inks[4];
		memcpy(inks, &image->pixels[i], sizeof(inks));
		uint32_t red = inks[0] * inks[3] / 255u, green = inks[1] * inks[3] / 255u,
			 blue = inks[2] * inks[3] / 255u;
		image->pixels[i] = 0xff000000u | red << 16 | green << 8 | blue;
	}
}

/* The library draws what there is of a file that ends too early, and calls that a warning; half a picture is a broken
 * one. It warns of much else that cameras do and nobody sees. */
static bool is_whole(tjhandle decoder, int status)
{
	return status == 0 || (tjGetErrorCode(decoder) == TJERR_WARNING &&
			       strstr(tjGetErrorStr2(decoder), "Premature end of JPEG") == NULL);
}

static enum err decode(tjhandle decoder, struct str file, int side, struct image *out)
{
	const unsigned char *bytes = (const unsigned char *)file.p;
	int width, height, subsampling, colours;
	if (tjDecompressHeader3(decoder, bytes, file.n, &width, &height, &subsampling, &colours) != 0)
		return ERR_BAD_PICTURE;
	if (width < 1 || height < 1)
		return ERR_BAD_PICTURE;
	if (width > IMAGE_SIDE_MAX || height > IMAGE_SIDE_MAX || (int64_t)width * height > IMAGE_JPEG_PIXELS_MAX)
		return ERR_TOO_LARGE;
	tjscalingfactor factor = reduction_for(width, height, side);
	TRY(image_make(TJSCALED(width, factor), TJSCALED(height, factor), out));
	bool has_inks = colours == TJCS_CMYK || colours == TJCS_YCCK;
	int status = tjDecompress2(decoder, bytes, file.n, (unsigned char *)out->pixels, out->width, 0, out->height,
				   has_inks ? TJPF_CMYK : TJPF_BGRA, TJFLAG_LIMITSCANS);
	if (!is_whole(decoder, status))
		return strstr(tjGetErrorStr2(decoder), "nsufficient memory") != NULL ? ERR_TOO_LARGE : ERR_BAD_PICTURE;
	if (has_inks)
		from_inks(out);
	return ERR_OK;
}

enum err image_decode_jpeg(struct str file, int side, struct image *out)
{
	tjhandle decoder = tjInitDecompress();
	if (decoder == NULL)
		return ERR_INTERNAL;
	enum err err = decode(decoder, file, side, out);
	(void)tjDestroy(decoder);
	if (err == ERR_OK)
		image_turn(out, image_exif_orientation(file));
	return err;
}
