/* WebP by libwebp: in, of which animations give their first frame, and out. */
#include "image/image.h"

#include <string.h>
#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>

/* Of an animation the decoder draws on a canvas of its own, so the file's claim is checked before it makes that. */
static enum err decode_animation(struct str file, struct image *out)
{
	const WebPData data = {(const uint8_t *)file.p, file.n};
	WebPAnimDecoderOptions options;
	uint8_t *canvas;
	int at_ms;
	if (!WebPAnimDecoderOptionsInit(&options))
		return ERR_INTERNAL;
	options.color_mode = MODE_BGRA;
	options.use_threads = 0;
	WebPAnimDecoder *decoder = WebPAnimDecoderNew(&data, &options);
	if (decoder == NULL)
		return ERR_BAD_PICTURE;
	bool is_drawn = WebPAnimDecoderGetNext(decoder, &canvas, &at_ms);
	if (is_drawn)
		memcpy(out->pixels, canvas, (size_t)out->width * (size_t)out->height * sizeof(uint32_t));
	WebPAnimDecoderDelete(decoder);
	return is_drawn ? ERR_OK : ERR_BAD_PICTURE;
}

enum err image_decode_webp(struct str file, struct image *out)
{
	const uint8_t *bytes = (const uint8_t *)file.p;
	WebPBitstreamFeatures features;
	if (WebPGetFeatures(bytes, file.n, &features) != VP8_STATUS_OK)
		return ERR_BAD_PICTURE;
	TRY(image_make(features.width, features.height, out));
	if (features.has_animation)
		return decode_animation(file, out);
	size_t size = (size_t)out->width * (size_t)out->height * sizeof(uint32_t);
	return WebPDecodeBGRAInto(bytes, file.n, (uint8_t *)out->pixels, size, out->width * 4) != NULL
		   ? ERR_OK
		   : ERR_BAD_PICTURE;
}

/* A view of the middle square, brought to the size; the pixels stay the image's until WebPPictureRescale makes its own.
 */
static bool make_square(const struct image *image, int side, WebPPicture *square)
{
	WebPPicture whole;
	int shorter = image->width < image->height ? image->width : image->height;
	if (!WebPPictureInit(&whole))
		return false;
	whole.use_argb = 1;
	whole.width = image->width;
	whole.height = image->height;
	whole.argb = image->pixels;
	whole.argb_stride = image->width;
	return WebPPictureView(&whole, (image->width - shorter) / 2, (image->height - shorter) / 2, shorter, shorter,
			       square) &&
	       WebPPictureRescale(square, side, side);
}

static bool encode(WebPPicture *picture, float quality, WebPMemoryWriter *writer)
{
	WebPConfig config;
	if (!WebPConfigInit(&config))
		return false;
	config.quality = quality;
	config.alpha_quality = (int)quality;
	config.method = 4;
	WebPMemoryWriterInit(writer);
	picture->writer = WebPMemoryWrite;
	picture->custom_ptr = writer;
	return WebPEncode(&config, picture);
}

/* Takes the picture. */
static enum err encode_within(WebPPicture *picture, size_t max, unsigned char **webp, size_t *n)
{
	static const float qualities[] = {88, 75, 60, 40, 20};
	enum err err = ERR_TOO_LARGE;
	for (size_t i = 0; err == ERR_TOO_LARGE && i < sizeof(qualities) / sizeof(qualities[0]); i++) {
		WebPMemoryWriter writer;
		if (!encode(picture, qualities[i], &writer))
			err = ERR_INTERNAL;
		else if (writer.size <= max)
			err = ERR_OK;
		if (err == ERR_OK) {
			*webp = writer.mem;
			*n = writer.size;
		} else {
			WebPMemoryWriterClear(&writer);
		}
	}
	WebPPictureFree(picture);
	return err;
}

enum err image_encode_square(const struct image *image, int side, size_t max, unsigned char **webp, size_t *n)
{
	WebPPicture square;
	if (!WebPPictureInit(&square) || !make_square(image, side, &square))
		return ERR_INTERNAL;
	return encode_within(&square, max, webp, n);
}

/* A view of all of it, brought to the size where it is larger. */
static bool make_fitted(const struct image *image, int side, WebPPicture *fitted)
{
	WebPPicture whole;
	int longer = image->width > image->height ? image->width : image->height;
	if (!WebPPictureInit(&whole))
		return false;
	whole.use_argb = 1;
	whole.width = image->width;
	whole.height = image->height;
	whole.argb = image->pixels;
	whole.argb_stride = image->width;
	if (!WebPPictureView(&whole, 0, 0, image->width, image->height, fitted))
		return false;
	int width = (int)((int64_t)image->width * side / longer),
	    height = (int)((int64_t)image->height * side / longer);
	return longer <= side || WebPPictureRescale(fitted, width > 0 ? width : 1, height > 0 ? height : 1);
}

enum err image_encode_fitted(const struct image *image, int side, size_t max, unsigned char **webp, size_t *n)
{
	WebPPicture fitted;
	if (!WebPPictureInit(&fitted) || !make_fitted(image, side, &fitted))
		return ERR_INTERNAL;
	return encode_within(&fitted, max, webp, n);
}
