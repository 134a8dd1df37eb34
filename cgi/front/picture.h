/* Pictures that people upload. They are decoded and encoded again by a confined child of snug-worker, so that nothing
 * of the file that came in is ever served: no metadata, no second meaning, no more than PICTURE_SIDE_… pixels.
 *
 *   TRY(picture_from_data_uri(request->arena, str_from(in->avatar), &bytes));   // or the part of a form
 *   TRY(picture_encode(request, bytes, PICTURE_SIDE_AVATAR, &text));            // then text is a field of the op,
 *                                                                               // for picture_put of domain/picture */
#ifndef SNUG_FRONT_PICTURE_H
#define SNUG_FRONT_PICTURE_H

#include "front/front.h"

enum {
	PICTURE_UPLOAD_MAX_BYTES = 8 * 1024 * 1024, /* of the file that comes in */
	PICTURE_SIDE_AVATAR = 256,                  /* pixels of the square that is kept */
	PICTURE_SIDE_ICON = 256,
	PICTURE_SIDE_EMOJI = 128,
};

/* The picture cut to a square of side pixels, as WebP of at most 64 KB
 * in base64url, in the arena. Ends the read transaction, since this takes a while. Accepts PNG, JPEG, GIF (its first
 * frame) and WebP, told by content. Errors: ERR_BAD_PICTURE (not such a file, or broken), ERR_TOO_LARGE (bytes or
 * pixels), ERR_OVERLOADED (too many at once, or no worker). */
enum err picture_encode(struct request *request, struct str bytes, int side, const char **text) MUST_USE;

/* The bytes of "data:image/png;base64,…", as Discord's API takes pictures; the media type is not believed. Errors:
 * ERR_BAD_PICTURE, ERR_TOO_LARGE. */
enum err picture_from_data_uri(struct arena *arena, struct str uri, struct str *bytes) MUST_USE;

#endif
