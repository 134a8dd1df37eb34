/* The first frame of a GIF by giflib, record by record: what comes after the frame is not even read. */
#include "image/image.h"

#include <gif_lib.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	struct str rest;
};

static int read_some(GifFileType *gif, GifByteType *out, int wanted)
{
	struct reading *reading = gif->UserData;
	size_t n = wanted > 0 && (size_t)wanted < reading->rest.n ? (size_t)wanted : reading->rest.n;
	if (wanted <= 0)
		return 0;
	memcpy(out, reading->rest.p, n);
	reading->rest.p += n;
	reading->rest.n -= n;
	return (int)n;
}

/* Notes which colour the extension says is transparent; NO_TRANSPARENT_COLOR otherwise. */
static bool read_extension(GifFileType *gif, int *transparent)
{
	int code;
	GifByteType *bytes;
	GraphicsControlBlock control;
	if (DGifGetExtension(gif, &code, &bytes) == GIF_ERROR)
		return false;
	while (bytes != NULL) {
		if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(bytes[0], bytes + 1, &control) == GIF_OK)
			*transparent = control.TransparentColor;
		if (DGifGetExtensionNext(gif, &bytes) == GIF_ERROR)
			return false;
	}
	return true;
}

static void draw_line(const GifFileType *gif, const GifPixelType *line, int transparent, int y, struct image *image)
{
	const GifImageDesc *frame = &gif->Image;
	const ColorMapObject *colours = frame->ColorMap != NULL ? frame->ColorMap : gif->SColorMap;
	for (int x = 0; x < frame->Width; x++) {
		int index = line[x];
		if (index == transparent || index >= colours->ColorCount || frame->Left + x >= image->width ||
		    frame->Top + y >= image->height)
			continue;
		const GifColorType *colour = &colours->Colors[index];
		image->pixels[(size_t)(frame->Top + y) * (size_t)image->width + (size_t)(frame->Left + x)] =
		    0xff000000u | (uint32_t)colour->Red << 16 | (uint32_t)colour->Green << 8 | colour->Blue;
	}
}

/* An interlaced frame comes in four passes: every eighth line, those between, and so on. */
static enum err draw_frame(GifFileType *gif, int transparent, struct image *image)
{
	static const struct {
		int first, step;
	} passes[] = {{0, 8}, {4, 8}, {2, 4}, {1, 2}, {0, 1}};
	const GifImageDesc *frame = &gif->Image;
	int begin = frame->Interlace ? 0 : 4, end = frame->Interlace ? 4 : 5;
	GifPixelType *line = malloc((size_t)frame->Width);
	enum err err = line != NULL ? ERR_OK : ERR_TOO_LARGE;
	for (int pass = begin; err == ERR_OK && pass < end; pass++) {
		for (int y = passes[pass].first; err == ERR_OK && y < frame->Height; y += passes[pass].step) {
			if (DGifGetLine(gif, line, frame->Width) == GIF_ERROR)
				err = ERR_BAD_PICTURE;
			else
				draw_line(gif, line, transparent, y, image);
		}
	}
	free(line);
	return err;
}

static enum err read_frame(GifFileType *gif, int transparent, struct image *out)
{
	const GifImageDesc *frame = &gif->Image;
	if (DGifGetImageDesc(gif) == GIF_ERROR || frame->Width < 1 || frame->Height < 1 || frame->Left < 0 ||
	    frame->Top < 0 || (frame->ColorMap == NULL && gif->SColorMap == NULL))
		return ERR_BAD_PICTURE;
	if ((int64_t)frame->Width * frame->Height > IMAGE_PIXELS_MAX)
		return ERR_TOO_LARGE;
	TRY(image_make(gif->SWidth, gif->SHeight, out));
	return draw_frame(gif, transparent, out);
}

static enum err decode(GifFileType *gif, struct image *out)
{
	int transparent = NO_TRANSPARENT_COLOR;
	for (;;) {
		GifRecordType type;
		if (DGifGetRecordType(gif, &type) == GIF_ERROR)
			return ERR_BAD_PICTURE;
		if (type == IMAGE_DESC_RECORD_TYPE)
			return read_frame(gif, transparent, out);
		if (type != EXTENSION_RECORD_TYPE || !read_extension(gif, &transparent))
			return ERR_BAD_PICTURE;
	}
}

enum err image_decode_gif(struct str file, struct image *out)
{
	struct reading reading = {file};
	int error;
	GifFileType *gif = DGifOpen(&reading, read_some, &error);
	if (gif == NULL)
		return ERR_BAD_PICTURE;
	enum err err = decode(gif, out);
	(void)DGifCloseFile(gif, &error);
	return err;
}
